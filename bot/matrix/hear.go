package matrix

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// skew is by how much clocks of homeservers may differ, where what was before
// the last sync is told by its time alone; else what is so old that the inbox
// may no longer know it is not read again.
const (
	skew   = 10 * time.Second
	tooOld = 24 * time.Hour
)

// joined takes what is new in a room.
func (l *listener) joined(ctx context.Context, at id.RoomID, news *mautrix.SyncJoinedRoom) ([]bot.Heard, error) {
	for _, evt := range news.State.Events {
		l.prepare(at, evt)
		l.change(ctx, at, evt)
	}
	first := l.mark.Token == ""
	events := news.Timeline.Events
	for _, evt := range events {
		l.prepare(at, evt)
	}
	if news.Timeline.Limited && !first && !l.hasOwnJoin(events) {
		missed, err := l.gap(ctx, at, events)
		if err != nil {
			return nil, err
		}
		events = append(missed, events...)
	}
	for _, evt := range events {
		if evt.StateKey != nil {
			l.change(ctx, at, evt)
		}
	}
	if first { // its backlog is none of the bot's business; nobody waits for an answer
		return nil, nil
	}
	if from := l.ownJoin(events); from >= 0 { // what others wrote before is none either
		events = events[from:]
	}
	var heard []bot.Heard
	for _, evt := range events {
		h, err := l.hear(ctx, at, evt)
		if err != nil {
			return nil, err
		}
		heard = append(heard, h...)
	}
	return heard, nil
}

// prepare parses an event of a room.
func (l *listener) prepare(at id.RoomID, evt *event.Event) {
	evt.RoomID = at
	classify(evt)
	if evt.Content.Parsed == nil {
		_ = evt.Content.ParseRaw(evt.Type) // what cannot be read is no message
	}
}

// ownJoin is where in events the bot joined last; -1 where it did not.
func (l *listener) ownJoin(events []*event.Event) int {
	for i, evt := range slices.Backward(events) {
		content, ok := evt.Content.Parsed.(*event.MemberEventContent)
		if ok && evt.GetStateKey() == l.o.UserID && content.Membership == event.MembershipJoin && !again(evt) {
			return i
		}
	}
	return -1
}

func (l *listener) hasOwnJoin(events []*event.Event) bool { return l.ownJoin(events) >= 0 }

// gap reads the events between the last sync and a timeline that was cut off,
// oldest first. It ends at what was heard last in the room, where the bot
// joined, or at what is too old.
func (l *listener) gap(ctx context.Context, at id.RoomID, timeline []*event.Event) ([]*event.Event, error) {
	have := map[id.EventID]bool{}
	for _, evt := range timeline {
		have[evt.ID] = true
	}
	last, known := l.mark.Heard[at]
	floor := l.mark.At.Add(-tooOld).UnixMilli()
	if !known {
		floor = l.mark.At.Add(-skew).UnixMilli()
	}
	var missed []*event.Event // newest first
	see := func(newer, older []*event.Event) (more bool) {
		found := false
		for i, evt := range slices.Concat(newer, older) {
			l.prepare(at, evt)
			more = more || evt.Timestamp >= floor
			if known && evt.ID == last {
				if found = true; i >= len(newer) {
					break
				}
			}
			if !have[evt.ID] && evt.ID != last && (known || evt.Timestamp >= floor) {
				missed = append(missed, evt)
			}
		}
		return more && !found && !l.hasOwnJoin(missed)
	}
	from, ended := id.EventID(""), true
	if len(timeline) > 0 {
		from = timeline[0].ID
	} else {
		page, err := newest(ctx, l.client, at)
		if err != nil {
			return nil, err
		}
		if len(page) > 0 && see(nil, page) {
			from = page[len(page)-1].ID
		}
	}
	if from != "" {
		var err error
		if ended, err = back(ctx, l.client, at, from, see); err != nil {
			return nil, err
		}
	}
	if !ended {
		l.log.Error("matrix: more was written in a room than is read back: what is older is not answered", "room", string(at))
	}
	slices.Reverse(missed)
	return missed, nil
}

// hear is what an event of a room means to the bot; nothing for most. An event
// that ends in a panic is passed over: it would come again and again.
func (l *listener) hear(ctx context.Context, at id.RoomID, evt *event.Event) (heard []bot.Heard, err error) {
	defer l.survive(at, evt.ID, &heard, &err)
	if evt.StateKey != nil {
		return l.hearState(ctx, at, evt)
	}
	if evt.Sender == l.client.UserID {
		return nil, nil
	}
	switch evt.Type.Type {
	case event.EventMessage.Type, event.EventReaction.Type:
		return l.hearPlain(ctx, at, evt)
	case event.EventEncrypted.Type:
		if l.cipher == nil {
			l.deaf(at)
			return nil, nil
		}
		plain, err := l.cipher.decrypt(ctx, evt)
		if errors.Is(err, errNoKey) {
			return nil, l.keepLate(ctx, evt)
		}
		if errors.Is(err, errKeys) || err != nil && ctx.Err() != nil { // it comes again: now, or where the process is to end, at the next start
			return nil, err
		}
		if err != nil {
			l.log.Warn("matrix: a message cannot be decrypted", "room", string(at), "event", string(evt.ID), "err", err)
			return nil, nil
		}
		return l.hearPlain(ctx, at, plain)
	}
	return nil, nil
}

// survive, deferred, makes of a panic a line in the log.
func (l *listener) survive(at id.RoomID, evt id.EventID, heard *[]bot.Heard, err *error) {
	if p := recover(); p != nil {
		l.log.Error("matrix: an event cannot be read", "room", string(at), "event", string(evt), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		*heard, *err = nil, nil
	}
}

// deaf tells the operator, once, that the bot cannot read a room.
func (l *listener) deaf(at id.RoomID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.told[at] {
		l.told[at] = true
		l.log.Error("matrix: a room is encrypted, and the bot can neither read it nor answer there: take the release build, and set BRIEFDESK_MATRIX_PICKLE_KEY", "room", string(at))
	}
}

// hearPlain decodes a message or a reaction.
func (l *listener) hearPlain(ctx context.Context, at id.RoomID, evt *event.Event) ([]bot.Heard, error) {
	if !worth(evt) {
		return nil, nil
	}
	v, err := l.room(ctx, at)
	if errors.Is(err, briefs.ErrNotFound) { // the bot was removed since
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	where := surroundings{own: l.client.UserID, names: l.names, room: v, external: v.External || l.external(evt.Sender)}
	if v.Called != "" {
		where.names = append([]string{v.Called}, where.names...)
	}
	if to := repliedTo(evt); to != "" {
		if err := l.lookAt(ctx, at, to, &where); err != nil {
			return nil, err
		}
	}
	h, ok := decode(evt, &where)
	if !ok {
		return nil, nil
	}
	return []bot.Heard{h}, nil
}

// lookAt notes of an event that is replied to the thread that it stands in, by
// clients that know no threads: its own, or the one that hangs on it where the
// bot wrote it; whether the bot did; and the file that it brought.
func (l *listener) lookAt(ctx context.Context, at id.RoomID, to id.EventID, where *surroundings) error {
	evt, err := l.client.GetEvent(ctx, at, to)
	if err != nil {
		err = fault(err, "event "+string(to))
		if errors.Is(err, briefs.ErrNotFound) || errors.Is(err, briefs.ErrInvalid) {
			return nil
		}
		return err
	}
	l.prepare(at, evt)
	where.toOwn = evt.Sender == l.client.UserID
	if root := relation(evt).GetThreadParent(); root != "" {
		where.thread = root
	} else if where.toOwn {
		where.thread = to
	}
	if evt.Type.Type == event.EventEncrypted.Type && l.cipher != nil && !where.toOwn {
		if plain, err := l.cipher.decrypt(ctx, evt); err == nil { // without its key it is no file
			evt = plain
		}
	}
	if content, ok := evt.Content.Parsed.(*event.MessageEventContent); ok && !where.toOwn {
		if f, ok := fileOf(content); ok {
			where.files = []bot.File{f}
		}
	}
	return nil
}

// hearState takes a change of the room.
func (l *listener) hearState(ctx context.Context, at id.RoomID, evt *event.Event) ([]bot.Heard, error) {
	switch content := evt.Content.Parsed.(type) {
	case *event.TombstoneEventContent:
		if content.ReplacementRoom == "" || content.ReplacementRoom == at {
			return nil, nil
		}
		v, err := l.room(ctx, at)
		if err != nil {
			return nil, passNotFound(err)
		}
		v.Successor = content.ReplacementRoom
		if err := l.follow(ctx, v, l.client); err != nil {
			l.log.Error("matrix: the room was upgraded, and the bot cannot follow: invite it to the new room", "room", string(v.Name), "to", string(v.Successor), "err", err)
		}
	case *event.MemberEventContent:
		if evt.GetStateKey() != l.o.UserID || content.Membership != event.MembershipJoin || again(evt) {
			return nil, nil
		}
		v, err := l.room(ctx, at)
		if err != nil {
			return nil, passNotFound(err)
		}
		if v.ID != at || string(v.Name) != Prefix+string(at) && string(v.Name) != directPrefix+string(at) {
			return nil, nil // it took the place of another, where all is known
		}
		by := l.inviter(ctx, at, evt)
		if by == "" {
			return nil, nil
		}
		return []bot.Heard{{
			Key:   Prefix + string(evt.ID),
			Event: bot.Event{Kind: bot.EventJoined, Room: v.Name, Direct: v.Direct, External: v.External || l.external(by), Author: Prefix + string(by)},
		}}, nil
	}
	return nil, nil
}

// passNotFound is err, unless the room is gone, which is no fault.
func passNotFound(err error) error {
	if errors.Is(err, briefs.ErrNotFound) {
		return nil
	}
	return err
}
