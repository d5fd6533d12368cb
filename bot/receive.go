package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"briefdesk/briefs"
)

// Receiver keeps what was heard until it is answered, and passes over what is
// none of the bot's business. Its Handle is a Handler. It is safe for
// concurrent use.
type Receiver struct {
	log   *slog.Logger
	inbox Inbox
	wants func(e *Event) bool
	wake  func()
	now   func() time.Time
}

// NewReceiver returns a Receiver; wants says what is kept, such as
// Responder.Wants, and wake, which may be nil, is called when there is work.
func NewReceiver(log *slog.Logger, inbox Inbox, wants func(e *Event) bool, wake func(), now func() time.Time) *Receiver {
	return &Receiver{log: log, inbox: inbox, wants: wants, wake: wake, now: now}
}

// Handle keeps all that the bot may have to answer. When it returns nil a
// crash loses nothing of it.
func (r *Receiver) Handle(ctx context.Context, all ...Heard) error {
	var in []briefs.Incoming
	for _, h := range all {
		if !r.wants(&h.Event) {
			continue
		}
		body, err := json.Marshal(h.Event)
		if err != nil {
			return briefs.Fault(briefs.ErrInvalid, "event %s: %v", h.Key, err)
		}
		in = append(in, briefs.Incoming{Key: h.Key, Aliases: append(h.Aliases, once(&h.Event)...), Lane: lane(&h.Event), Body: body, At: r.now().UTC()})
	}
	if len(in) == 0 {
		return nil
	}
	added, err := r.inbox.Receive(ctx, in)
	if err != nil {
		return err
	}
	if added > 0 && r.wake != nil {
		r.wake()
	}
	return nil
}

// lane is what e stands in: its thread, and without one the author's commands
// in the room.
func lane(e *Event) string {
	switch {
	case e.Thread != "":
		return string(e.Room) + " " + e.Thread
	case e.Message != "":
		return string(e.Room) + " " + e.Message
	}
	return string(e.Room) + " " + e.Author
}

// once are further keys for what is done once however often a button is
// pressed: the same answer is shared once, an owner told once, and the rest of
// an answer shown to all once.
func once(e *Event) []string {
	if e.Kind != EventAction || e.Answer == "" || e.Action == ActionMore && e.Private {
		return nil
	}
	switch e.Action {
	case ActionShare, ActionOwner, ActionMore:
		return []string{e.Room.Platform() + ":once " + string(e.Action) + " " + string(e.Answer)}
	}
	return nil
}
