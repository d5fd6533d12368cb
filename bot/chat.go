package bot

import (
	"context"
	"errors"

	"briefdesk/briefs"
)

// Chat connects the rooms of one platform. It is safe for concurrent use.
type Chat interface {
	// Run gives h what is done where the bot hears it, until ctx ends.
	Run(ctx context.Context, h Handler) error
	// Send posts one message under its key and returns the platform's name for
	// it; o.Replace is changed instead where it is set. An error of kind ErrUnavailable, ErrNotFound or ErrInvalid means that
	// it was certainly not posted: now, because the room is gone or closed to
	// the bot, or because the platform will never take it. After any other
	// error nobody can tell.
	Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (receipt string, err error)
}

// Finder is a Chat that can be asked whether a key was posted. Where that
// cannot be told Find returns errors.ErrUnsupported.
type Finder interface {
	Find(ctx context.Context, at briefs.Place, key briefs.DeliveryKey) (receipt string, found bool, err error)
}

// Busy is a Chat that can show that an answer is being made.
type Busy interface {
	// Busy shows words at a place until the answer is there or done is called,
	// which does not fail: it is a courtesy.
	Busy(ctx context.Context, at briefs.Place, words string) (done func())
}

// Checker is a Chat that can tell, without posting, whether the bot may post
// to a room: nil, or an error of the kinds of Send.
type Checker interface {
	Check(ctx context.Context, room briefs.RoomID) error
}

// Mux sends to each room by the chat of its platform: the keys are what stands
// before the colon of a room, such as "slack".
type Mux map[string]Chat

// of is the chat of a room. It returns ErrUnavailable when there is none: it
// may be configured tomorrow, or another process has it.
func (m Mux) of(room briefs.RoomID) (Chat, error) {
	platform := room.Platform()
	if c := m[platform]; c != nil {
		return c, nil
	}
	mend := "configure " + platform
	if platform == "console" {
		mend = "name a file with: briefdesk serve --console FILE"
	}
	return nil, briefs.Fault(briefs.ErrUnavailable, "room %s: %s is not connected: %s", room, platform, mend)
}

// Send posts a part to a room; see Chat.
func (m Mux) Send(ctx context.Context, room briefs.RoomID, p briefs.Part, key briefs.DeliveryKey) (string, error) {
	c, err := m.of(room)
	if err != nil {
		return "", err
	}
	return c.Send(ctx, briefs.Outgoing{Place: briefs.Place{Room: room}, Part: p}, key)
}

// Find asks the platform of a room; see Finder.
func (m Mux) Find(ctx context.Context, room briefs.RoomID, key briefs.DeliveryKey) (string, bool, error) {
	c, err := m.of(room)
	if err != nil {
		return "", false, err
	}
	f, ok := c.(Finder)
	if !ok {
		return "", false, errors.ErrUnsupported
	}
	return f.Find(ctx, briefs.Place{Room: room}, key)
}

// Check tells whether a room can be posted to; a chat that cannot tell is
// trusted.
func (m Mux) Check(ctx context.Context, room briefs.RoomID) error {
	c, err := m.of(room)
	if err != nil {
		return err
	}
	if k, ok := c.(Checker); ok {
		return k.Check(ctx, room)
	}
	return nil
}
