package matrix

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/briefs"
)

// room is what is known of a room that the bot is in. Its fields are guarded
// by the mutex of Chat; what the homeserver says when it is first needed is
// kept up by what comes with each sync.
type room struct {
	encrypted bool // once encrypted, for ever
	named     bool // it has a name: somebody means it as a room
	members   map[id.UserID]event.Membership
	called    string    // the bot's display name there
	joined    time.Time // when the bot joined, by the homeserver's clock; zero where that cannot be told
	successor id.RoomID // the room that took its place
	before    id.RoomID // the room whose place it took, as it says itself
}

// apply takes a state event, parsed.
func (r *room) apply(evt *event.Event, own id.UserID) {
	switch content := evt.Content.Parsed.(type) {
	case *event.EncryptionEventContent:
		r.encrypted = true
	case *event.RoomNameEventContent:
		r.named = content.Name != ""
	case *event.TombstoneEventContent:
		r.successor = content.ReplacementRoom
	case *event.CreateEventContent:
		if content.Predecessor != nil {
			r.before = content.Predecessor.RoomID
		}
	case *event.MemberEventContent:
		who := id.UserID(evt.GetStateKey())
		if who == own {
			r.called = content.Displayname
			if content.Membership == event.MembershipJoin && (r.members[own] != event.MembershipJoin || r.joined.IsZero()) && !again(evt) {
				r.joined = time.UnixMilli(evt.Timestamp)
			}
		}
		r.members[who] = content.Membership
	}
}

// again reports that a member who joins was there before: they changed their
// name.
func again(evt *event.Event) bool {
	was := evt.Unsigned.PrevContent
	if was == nil {
		return false
	}
	if was.Parsed == nil {
		_ = was.ParseRaw(event.StateMember)
	}
	content, ok := was.Parsed.(*event.MemberEventContent)
	return ok && content.Membership == event.MembershipJoin
}

// present are those who are in the room or invited to it, sorted.
func (r *room) present() []id.UserID {
	var all []id.UserID
	for who, m := range r.members {
		if m == event.MembershipJoin || m == event.MembershipInvite {
			all = append(all, who)
		}
	}
	slices.Sort(all)
	return all
}

// roomView is what others need of a room: a copy.
type roomView struct {
	ID        id.RoomID
	Name      briefs.RoomID // its name in the product
	Direct    bool
	External  bool // somebody in it is of another organisation
	Encrypted bool
	Called    string
	Joined    time.Time
	Present   []id.UserID
	Successor id.RoomID
}

// room returns what is known of a room, asking the homeserver when it is first
// needed. It returns ErrNotFound when the bot is not in it.
func (c *Chat) room(ctx context.Context, at id.RoomID) (roomView, error) {
	c.mu.Lock()
	r := c.rooms[at]
	c.mu.Unlock()
	if r == nil {
		var err error
		if r, err = c.fetchRoom(ctx, at); err != nil {
			return roomView{}, err
		}
	}
	c.mu.Lock()
	claims := r.before
	c.mu.Unlock()
	old, err := c.predecessor(ctx, at, claims)
	if err != nil {
		return roomView{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.view(at, old, r), nil
}

// view copies r, under the mutex; old is the room under whose name it goes.
func (c *Chat) view(at, old id.RoomID, r *room) roomView {
	v := roomView{ID: at, Name: briefs.RoomID(Prefix + string(old)), Encrypted: r.encrypted, Called: r.called, Joined: r.joined, Present: r.present(), Successor: r.successor}
	v.Direct = len(v.Present) <= 2 && !r.named && !c.o.Listed(v.Name)
	if v.Direct {
		v.Name = briefs.RoomID(directPrefix + string(old))
	}
	v.External = slices.ContainsFunc(v.Present, c.external)
	return v
}

func (c *Chat) fetchRoom(ctx context.Context, at id.RoomID) (*room, error) {
	client, crypt, err := c.connected()
	if err != nil {
		return nil, err
	}
	all, err := client.StateAsArray(ctx, at)
	if err != nil {
		return nil, readFault(err, "room "+string(at))
	}
	r := &room{members: map[id.UserID]event.Membership{}}
	for _, evt := range all {
		evt.RoomID = at
		classify(evt)
		if evt.Content.Parsed == nil {
			_ = evt.Content.ParseRaw(evt.Type)
		}
		r.apply(evt, client.UserID)
		if crypt != nil {
			crypt.state(ctx, evt)
		}
	}
	if crypt != nil && !r.encrypted { // what was encrypted is so for ever, whatever the homeserver says
		if r.encrypted, err = crypt.encrypted(ctx, at); err != nil {
			return nil, briefs.Fault(briefs.ErrUnavailable, "matrix: room %s: %v: %v", at, errKeys, err)
		}
	}
	if r.members[client.UserID] != event.MembershipJoin {
		return nil, briefs.Fault(briefs.ErrNotFound, "matrix: room %s: the bot is not in it: invite it", at)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.rooms[at]; known != nil {
		return known, nil
	}
	c.rooms[at] = r
	return r, nil
}

// change applies a state event that came with a sync.
func (c *Chat) change(ctx context.Context, at id.RoomID, evt *event.Event) {
	c.mu.Lock()
	crypt := c.cipher
	if r := c.rooms[at]; r != nil {
		r.members = maps.Clone(r.members)
		r.apply(evt, id.UserID(c.o.UserID))
	}
	c.mu.Unlock()
	if crypt != nil {
		crypt.state(ctx, evt)
	}
}

// encryptedNow asks the homeserver whether a room has become encrypted: what
// is heard of it may come late.
func (c *Chat) encryptedNow(ctx context.Context, client *mautrix.Client, at id.RoomID) (bool, error) {
	var e event.EncryptionEventContent
	err := client.StateEvent(ctx, at, event.StateEncryption, "", &e)
	if errors.Is(err, mautrix.MNotFound) {
		return false, nil
	}
	if err != nil {
		return false, lookFault(err)
	}
	c.forget(at)
	return true, nil
}

// forget drops what is known of a room: the bot has left it.
func (c *Chat) forget(at id.RoomID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rooms, at)
}
