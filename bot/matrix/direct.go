package matrix

import (
	"context"
	"errors"
	"slices"
	"strings"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/briefs"
)

// keptDirect begins the names under which the rooms are kept that the bot made
// to talk to one person.
const keptDirect = "direct/"

// privately is the room of one person and the bot: the one that the bot made
// before, one where they already are alone, or a new one, encrypted where that
// can be. It returns ErrNotFound for nobody.
func (c *Chat) privately(ctx context.Context, member string) (briefs.RoomID, error) {
	who := id.UserID(strings.TrimPrefix(member, Prefix))
	if name, server := splitUser(string(who)); name == "" || server == "" {
		return "", briefs.Fault(briefs.ErrNotFound, "matrix: %q is nobody: write matrix:@name:server", member)
	}
	client, crypt, err := c.connect(ctx)
	if err != nil {
		return "", err
	}
	release, err := c.enter(ctx, id.RoomID(who)) // two at once would make two rooms
	if err != nil {
		return "", briefs.Fault(briefs.ErrUnavailable, "matrix: %s: %v", who, err)
	}
	defer release()
	kept, err := c.load(ctx, keptDirect+string(who))
	if err != nil {
		return "", err
	}
	if kept != nil {
		v, err := c.room(ctx, id.RoomID(kept))
		if err == nil && v.Direct && len(v.Present) == 2 {
			return v.Name, nil
		}
		if err != nil && !errors.Is(err, briefs.ErrNotFound) {
			return "", err
		}
	}
	if at, err := c.aloneWith(ctx, client, who); err != nil || at != "" {
		return at, err
	}
	req := &mautrix.ReqCreateRoom{Preset: "trusted_private_chat", IsDirect: true, Invite: []id.UserID{who}}
	if crypt != nil {
		req.InitialState = []*event.Event{{Type: event.StateEncryption, StateKey: new(string), Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}}}}
	}
	resp, err := client.CreateRoom(ctx, req)
	if err != nil {
		return "", lookFault(err) // a room without a message is no post
	}
	if err := c.o.Keep.Keep(context.WithoutCancel(ctx), c.kept(keptDirect+string(who)), []byte(resp.RoomID)); err != nil {
		return "", err
	}
	return briefs.RoomID(directPrefix + string(resp.RoomID)), nil
}

// aloneWith looks for a room of somebody and the bot; empty where there is
// none.
func (c *Chat) aloneWith(ctx context.Context, client *mautrix.Client, who id.UserID) (briefs.RoomID, error) {
	joined, err := client.JoinedRooms(ctx)
	if err != nil {
		return "", lookFault(err)
	}
	for _, at := range joined.JoinedRooms {
		v, err := c.room(ctx, at)
		if errors.Is(err, briefs.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if v.Direct && len(v.Present) == 2 && slices.Contains(v.Present, who) && v.Successor == "" {
			return v.Name, c.o.Keep.Keep(context.WithoutCancel(ctx), c.kept(keptDirect+string(who)), []byte(at))
		}
	}
	return "", nil
}
