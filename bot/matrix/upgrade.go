package matrix

import (
	"context"
	"errors"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"briefdesk/briefs"
)

// keptMoved begins the names under which it is kept which room a room took the
// place of: it goes by the name of that one.
const keptMoved = "moved/"

// most is how many upgrades of one room are followed.
const most = 20

// predecessor is the room under whose name a room goes: the first of those
// that it took the place of, itself when it took none's. That a room says so
// itself (claims) is no proof: the old one must name it as its successor.
func (c *Chat) predecessor(ctx context.Context, at, claims id.RoomID) (id.RoomID, error) {
	if c.o.Listed(briefs.RoomID(Prefix + string(at))) {
		return at, nil
	}
	old, err := c.load(ctx, keptMoved+string(at))
	if err != nil || old != nil {
		return id.RoomID(old), err
	}
	if claims == "" || claims == at {
		return at, nil
	}
	was, err := c.room(ctx, claims)
	switch {
	case errors.Is(err, briefs.ErrNotFound): // the bot was never there
		return at, nil
	case err != nil:
		return "", err
	case was.Successor != at:
		return at, nil
	}
	first, _, err := roomOf(was.Name)
	if err != nil {
		return "", err
	}
	return first, c.o.Keep.Keep(ctx, c.kept(keptMoved+string(at)), []byte(first))
}

// follow goes to the room that took the place of another.
func (c *Chat) follow(ctx context.Context, from roomView, client *mautrix.Client) error {
	_, server := splitUser(c.o.UserID)
	req := &mautrix.ReqJoinRoom{Via: []string{server}}
	for _, who := range from.Present {
		if _, s := splitUser(string(who)); s != server {
			req.Via = append(req.Via, s)
			break
		}
	}
	_, err := client.JoinRoom(ctx, string(from.Successor), req)
	if err != nil {
		return fault(err, "room "+string(from.Successor))
	}
	c.log.Info("matrix: the room was upgraded, and the bot followed", "room", string(from.Name), "to", string(from.Successor))
	return nil
}

// current is the room where what is meant for a room of ours goes: the last of
// those that took its place.
func (c *Chat) current(ctx context.Context, name briefs.RoomID) (roomView, error) {
	at, direct, err := roomOf(name)
	if err != nil {
		return roomView{}, err
	}
	v, err := c.room(ctx, at)
	if err != nil {
		return roomView{}, err
	}
	for range most {
		if v.Successor == "" || v.Successor == at {
			break
		}
		next, err := c.room(ctx, v.Successor)
		if errors.Is(err, briefs.ErrNotFound) {
			client, _, errOff := c.connected()
			if errOff != nil {
				return roomView{}, errOff
			}
			if err := c.follow(ctx, v, client); err != nil {
				return roomView{}, err
			}
			next, err = c.room(ctx, v.Successor)
		}
		if err != nil {
			return roomView{}, err
		}
		if next.Name != v.Name { // it belongs to nobody, or is listed by its own name
			return roomView{}, briefs.Fault(briefs.ErrNotFound, "matrix: room %s: another took its place: %s", name, next.Name)
		}
		v = next
	}
	if direct && !v.Direct {
		return roomView{}, briefs.Fault(briefs.ErrNotFound, "matrix: room %s: others are there now, or it has a name: what is meant for one person is not posted to it", name)
	}
	return v, nil
}
