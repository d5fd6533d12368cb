package console

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// Said is a line by which a program writes in a room: every line that names
// who wrote it and has no key.
type Said struct {
	Room briefs.RoomID `json:"room"`
	From string        `json:"from"` // any name
	// ID names the message for ever in its room; it is answered once, and the
	// answer hangs on it. Without one it is where the line begins, in bytes.
	ID     string `json:"id,omitempty"`
	Thread string `json:"thread,omitempty"` // the message that it replies to
	Aside  bool   `json:"aside,omitempty"`  // not said to the bot
	Text   string `json:"text"`

	Key briefs.DeliveryKey `json:"key,omitempty"` // only posts have one
}

// look is how often the file is looked at for what was said.
const look = 200 * time.Millisecond

// Run hears what is said in the file until ctx ends, from its beginning: what
// was heard before is known by its key.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	var read int64
	for {
		next, err := c.hear(ctx, read, h)
		if err != nil && ctx.Err() == nil {
			return err
		}
		read = next
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// hear hands what is said from a place in the file on to h, and returns the
// place up to which that was done.
func (c *Chat) hear(ctx context.Context, from int64, h bot.Handler) (int64, error) {
	info, err := c.file.Stat()
	if err != nil {
		return from, unavailable(c.path, err)
	}
	if info.Size() < from { // somebody emptied it
		from = 0
	}
	if info.Size() == from {
		return from, nil
	}
	r := bufio.NewReader(io.NewSectionReader(c.file, from, info.Size()-from))
	var all []bot.Heard
	at := from
	for {
		b, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return from, unavailable(c.path, err)
		}
		if heard, ok := said(b, at); ok {
			all = append(all, heard)
		}
		at += int64(len(b))
	}
	if len(all) > 0 {
		if err := h(ctx, all...); err != nil {
			return from, err
		}
	}
	return at, nil
}

// said reads a line that begins at a place in the file.
func said(line []byte, at int64) (bot.Heard, bool) {
	var s Said
	if json.Unmarshal(bytes.TrimSpace(line), &s) != nil || s.From == "" || s.Key != "" || check(s.Room) != nil {
		return bot.Heard{}, false
	}
	if s.ID == "" {
		s.ID = fmt.Sprint(at)
	}
	return bot.Heard{Key: string(s.Room) + "/" + s.ID, Event: bot.Event{
		Kind: bot.EventText, Room: s.Room, Addressed: !s.Aside, Thread: s.Thread, Message: s.ID, Author: Prefix + strings.TrimPrefix(s.From, Prefix), Text: s.Text,
	}}, true
}
