package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
	"briefdesk/briefs"
)

const (
	// keptLate begins the names under which messages are kept whose key is
	// missing.
	keptLate = "late/"
	// A key mostly comes a moment after its message; then it is asked for, and
	// then people are told.
	requestAfter = 3 * time.Second
	tellAfter    = 15 * time.Second
	forgetAfter  = 7 * 24 * time.Hour // as long as clients keep a session in use
	manyLate     = 1000               // what is kept at most
)

// unreadable is what people are told, once for all messages of one session.
const unreadable = "I cannot read this message: its key has not reached me. " +
	"It may come by itself, and then I answer. If not, write the message again; where that does not help, " +
	"sign in again in the app that it was written with."

// lateEvent is a message whose key is missing.
type lateEvent struct {
	Event     json.RawMessage `json:"event"`
	Room      id.RoomID       `json:"room"`
	At        time.Time       `json:"at"` // when it came
	Requested bool            `json:"requested,omitempty"`
	Told      bool            `json:"told,omitempty"`

	evt *event.Event
}

// loadLate reads what is kept.
func (l *listener) loadLate(ctx context.Context) (map[id.EventID]*lateEvent, error) {
	all := map[id.EventID]*lateEvent{}
	if l.cipher == nil {
		return all, nil
	}
	names, err := l.o.Keep.KeptNames(ctx, l.kept(keptLate))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		value, err := l.o.Keep.Kept(ctx, name)
		if err != nil {
			return nil, err
		}
		e := &lateEvent{}
		if json.Unmarshal(value, e) != nil || e.parse(l) != nil {
			if err := l.o.Keep.Drop(ctx, name); err != nil {
				return nil, err
			}
			continue
		}
		all[e.evt.ID] = e
	}
	return all, nil
}

func (e *lateEvent) parse(l *listener) error {
	e.evt = &event.Event{}
	if err := json.Unmarshal(e.Event, e.evt); err != nil {
		return err
	}
	l.prepare(e.Room, e.evt)
	return nil
}

// keepLate keeps a message until its key comes.
func (l *listener) keepLate(ctx context.Context, evt *event.Event) error {
	if l.late[evt.ID] != nil {
		return nil
	}
	if len(l.late) >= manyLate {
		l.log.Error("matrix: a message is passed over: its key is missing, and as many as are kept wait for theirs", "room", string(evt.RoomID), "event", string(evt.ID), "waiting", len(l.late))
		return nil
	}
	raw, err := json.Marshal(evt)
	if err != nil {
		return err
	}
	e := &lateEvent{Event: raw, Room: evt.RoomID, At: l.o.Now().UTC(), evt: evt}
	l.late[evt.ID] = e
	return l.saveLate(ctx, e)
}

func (l *listener) saveLate(ctx context.Context, e *lateEvent) error {
	value, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return l.o.Keep.Keep(ctx, l.kept(keptLate+string(e.evt.ID)), value)
}

// patience is how long the next sync may wait: less where a key is missing.
func (l *listener) patience() time.Duration {
	for _, e := range l.late {
		if !e.Told {
			return time.Second
		}
	}
	return syncWait
}

// tryLate tries the messages whose key was missing again, and does what is due
// for those that cannot be read still.
func (l *listener) tryLate(ctx context.Context) error {
	for _, e := range l.byTime() {
		heard, err := l.hearLate(ctx, e)
		switch {
		case err == nil:
			if len(heard) > 0 {
				if err := l.handle(ctx, heard...); err != nil {
					return err
				}
			}
		case errors.Is(err, errNoKey) && l.o.Now().Sub(e.At) < forgetAfter:
			if err := l.pursue(ctx, e); err != nil {
				return err
			}
			continue
		case !errors.Is(err, errUnreadable): // it stays kept
			return err
		}
		delete(l.late, e.evt.ID)
		if err := l.o.Keep.Drop(ctx, l.kept(keptLate+string(e.evt.ID))); err != nil {
			return err
		}
	}
	return nil
}

// errUnreadable is the error of hearLate for what no key will open.
var errUnreadable = errors.New("the message cannot be decrypted")

// hearLate is what a message whose key was missing means to the bot. It
// returns errNoKey while the key is missing, and errUnreadable.
func (l *listener) hearLate(ctx context.Context, e *lateEvent) (heard []bot.Heard, err error) {
	defer l.survive(e.Room, e.evt.ID, &heard, &err)
	plain, err := l.cipher.decrypt(ctx, e.evt)
	switch {
	case err == nil:
		return l.hearPlain(ctx, e.Room, plain)
	case errors.Is(err, errNoKey), errors.Is(err, errKeys), ctx.Err() != nil:
		return nil, err
	}
	l.log.Warn("matrix: a message cannot be decrypted", "room", string(e.Room), "event", string(e.evt.ID), "err", err)
	return nil, errUnreadable
}

func (l *listener) byTime() []*lateEvent {
	all := make([]*lateEvent, 0, len(l.late))
	for _, e := range l.late {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *lateEvent) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(string(a.evt.ID), string(b.evt.ID))
	})
	return all
}

// pursue asks for the key of a message when that is due, and then tells the
// room, once for each session.
func (l *listener) pursue(ctx context.Context, e *lateEvent) error {
	age := l.o.Now().Sub(e.At)
	session := e.evt.Content.AsEncrypted().SessionID
	first := l.firstOf(session) == e
	switch {
	case !e.Requested && age >= requestAfter:
		if first {
			if err := l.cipher.request(ctx, e.evt); err != nil {
				l.log.Warn("matrix: asking for a key failed", "room", string(e.Room), "event", string(e.evt.ID), "err", err)
			}
		}
		e.Requested = true
	case !e.Told && age >= tellAfter:
		if first {
			l.log.Warn("matrix: a message cannot be read: its key is missing", "room", string(e.Room), "event", string(e.evt.ID))
			l.tellUnreadable(ctx, e)
		}
		e.Told = true
	default:
		return nil
	}
	return l.saveLate(ctx, e)
}

// firstOf is the message of a session that came first.
func (l *listener) firstOf(session id.SessionID) *lateEvent {
	for _, e := range l.byTime() {
		if e.evt.Content.AsEncrypted().SessionID == session {
			return e
		}
	}
	return nil
}

// tellUnreadable posts the notice; it is a courtesy, and not tried again.
func (l *listener) tellUnreadable(ctx context.Context, e *lateEvent) {
	v, err := l.room(ctx, e.Room)
	if err == nil && !v.External && !l.external(e.evt.Sender) {
		thread := relation(e.evt).GetThreadParent()
		if thread == "" {
			thread = e.evt.ID
		}
		at := briefs.Place{Room: v.Name, Thread: string(thread)}
		part := briefs.Part{Text: unreadable}
		_, err = l.Send(ctx, briefs.Outgoing{Place: at, Part: part}, briefs.DeliveryKey(Prefix+"unreadable "+string(e.evt.ID)))
	}
	if err != nil {
		l.log.Warn("matrix: the room cannot be told", "room", string(e.Room), "err", err)
	}
}
