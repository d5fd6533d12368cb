package matrix

import (
	"context"
	"maps"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/briefs"
)

// lookBack is how many events of a room are looked at, at most, for a message
// outside threads; threads are read in full.
const lookBack = 2000

// found are the events of a message that are there.
type found struct {
	pieces map[int]string // their ids
	total  int            // how many the message has; 0 while none was found
}

func (f *found) whole() bool { return f.total > 0 && len(f.pieces) >= f.total }

// Find implements bot.Finder, also in encrypted rooms: it reads the thread, or
// the room, for events that carry the key. A message of which only a part is
// there is not found: Send then posts what is missing.
func (c *Chat) Find(ctx context.Context, at briefs.Place, key briefs.DeliveryKey) (receipt string, ok bool, err error) {
	client, crypt, err := c.connect(ctx)
	if err != nil {
		return "", false, err
	}
	if at.Only != "" {
		if at.Room, err = c.privately(ctx, at.Only); err != nil {
			return "", false, err
		}
		at.Thread = ""
	}
	v, err := c.current(ctx, at.Room)
	if err != nil {
		return "", false, err
	}
	f, err := c.look(ctx, client, crypt, v, at.Thread, key)
	if err != nil {
		return "", false, err
	}
	if f.whole() {
		return f.pieces[1], true, nil
	}
	for piece, id := range f.pieces {
		c.notePiece(key, piece, id)
	}
	return "", false, nil
}

// look reads a thread, or a room where thread is empty, for the events of a
// message.
func (c *Chat) look(ctx context.Context, client *mautrix.Client, crypt cipher, v roomView, thread string, key briefs.DeliveryKey) (found, error) {
	f := found{pieces: map[int]string{}}
	seen := 0
	see := func(events []*event.Event) (more bool) {
		for _, evt := range events {
			evt.RoomID = v.ID
			c.recognise(ctx, client, crypt, evt, key, &f)
		}
		seen += len(events)
		return !f.whole() && (thread != "" || seen < lookBack)
	}
	if thread != "" {
		return f, lookFault(inThread(ctx, client, v.ID, id.EventID(thread), see))
	}
	events, err := newest(ctx, client, v.ID)
	if err == nil && len(events) > 0 && see(events) {
		_, err = back(ctx, client, v.ID, events[len(events)-1].ID, func(newer, older []*event.Event) bool {
			return see(newer) && see(older)
		})
	}
	return f, lookFault(err)
}

// inThread gives see the events of a thread, newest first, until it wants no
// more.
func inThread(ctx context.Context, client *mautrix.Client, at id.RoomID, root id.EventID, see func([]*event.Event) (more bool)) error {
	req := &mautrix.ReqGetRelations{RelationType: event.RelThread, Dir: mautrix.DirectionBackward, Limit: threadSize}
	for {
		resp, err := client.GetRelations(ctx, at, root, req)
		if err != nil {
			return err
		}
		if !see(resp.Chunk) || resp.NextBatch == "" || resp.NextBatch == req.From {
			return nil
		}
		req.From = resp.NextBatch
	}
}

// recognise notes evt where it is an event of the message.
func (c *Chat) recognise(ctx context.Context, client *mautrix.Client, crypt cipher, evt *event.Event, key briefs.DeliveryKey, f *found) {
	if evt.Sender != client.UserID || evt.StateKey != nil {
		return
	}
	classify(evt)
	if evt.Content.Parsed == nil {
		_ = evt.Content.ParseRaw(evt.Type)
	}
	if evt.Type == event.EventEncrypted {
		if crypt == nil {
			return
		}
		plain, err := crypt.decrypt(ctx, evt)
		if err != nil {
			c.log.Warn("matrix: an own message cannot be decrypted", "room", string(evt.RoomID), "event", string(evt.ID), "err", err)
			return
		}
		evt = plain
	}
	if evt.Content.Raw[keyField] != string(key) {
		return
	}
	piece, _ := evt.Content.Raw[pieceField].(float64)
	total, _ := evt.Content.Raw[piecesField].(float64)
	f.pieces[int(piece)], f.total = string(evt.ID), int(total)
}

// lookFault is an error of looking, which changes nothing: it can be tried
// again.
func lookFault(err error) error { return readFault(err, "looking for a message") }

// piecesOf are the events of a message that are known to be posted.
func (c *Chat) piecesOf(key briefs.DeliveryKey) map[int]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	have := maps.Clone(c.sent[string(key)])
	if have == nil {
		have = map[int]string{}
	}
	return have
}

func (c *Chat) notePiece(key briefs.DeliveryKey, piece int, at string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sent[string(key)] == nil {
		c.sent[string(key)] = map[int]string{}
	}
	c.sent[string(key)][piece] = at
}

func (c *Chat) dropPieces(key briefs.DeliveryKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.sent, string(key))
}
