// Package console is rooms that are a file: those named console:NAME, whose
// posts are appended as JSON lines, and in which programs ask by appending
// lines of their own. It is a real destination, for trying things out and for
// programs that read along. Several processes may post to one file; each key
// stands in it once, whatever is killed.
package console

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// Prefix begins the names of the rooms of this package.
const Prefix = "console:"

// Line is one post.
type Line struct {
	Room   briefs.RoomID      `json:"room"`
	Key    briefs.DeliveryKey `json:"key"`  // of the whole delivery
	Part   int                `json:"part"` // from 1
	At     time.Time          `json:"at"`   // UTC
	Thread string             `json:"thread,omitempty"`
	Only   string             `json:"only,omitempty"`
	Text   string             `json:"text"`
}

// Chat posts to one file. It is safe for concurrent use.
type Chat struct {
	path string
	now  func() time.Time

	mu   sync.Mutex
	file *os.File
	read int64             // up to here seen knows the file
	seen map[posted]string // receipts
}

type posted struct {
	room briefs.RoomID
	key  briefs.DeliveryKey // of the part
}

var (
	_ bot.Chat    = (*Chat)(nil)
	_ bot.Finder  = (*Chat)(nil)
	_ bot.Checker = (*Chat)(nil)
)

// Open opens the file at path, or makes it. It returns ErrUnavailable when
// that is not possible, ErrInvalid when it is no file to append to.
func Open(path string, now func() time.Time) (*Chat, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unavailable(path, err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, unavailable(path, err)
	}
	if !info.Mode().IsRegular() {
		file.Close()
		return nil, briefs.Fault(briefs.ErrInvalid, "console %s: is not a file that can be read back: name another with --console", path)
	}
	return &Chat{path: path, now: now, file: file, seen: map[posted]string{}}, nil
}

func unavailable(path string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return briefs.Fault(briefs.ErrUnavailable, "console %s: %v: check the file, its folder and the free space", path, err)
}

// Close ends the use of the file.
func (c *Chat) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.file.Close()
}

// Send appends a line and brings it to the disk, unless the key stands there
// already. The receipt is where in the file the line begins, in bytes.
func (c *Chat) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (receipt string, err error) {
	room := o.Room
	if room == "" && strings.HasPrefix(o.Only, Prefix) { // a direct message
		room = briefs.RoomID(o.Only)
	}
	if err := check(room); err != nil {
		return "", err
	}
	err = c.locked(ctx, func() error {
		whole, err := c.catchUp()
		if err != nil {
			return unavailable(c.path, err)
		}
		if have, ok := c.seen[posted{room, key}]; ok {
			receipt = have
			return nil
		}
		receipt, err = c.append(Line{Room: room, Thread: o.Thread, Only: o.Only, Text: o.Part.Text}, key, whole)
		return err
	})
	return receipt, err
}

// append writes one line in one call, under the lock. whole reports that the
// file ends with a line break; otherwise a process died in the middle of a
// line, which is closed, and passed over by readers.
func (c *Chat) append(line Line, key briefs.DeliveryKey, whole bool) (string, error) {
	line.At = c.now().UTC()
	line.Key, line.Part = key.Cut()
	var b bytes.Buffer
	if !whole {
		b.WriteByte('\n')
	}
	e := json.NewEncoder(&b) // ends with a line break
	e.SetEscapeHTML(false)
	if err := e.Encode(line); err != nil {
		return "", briefs.Fault(briefs.ErrInvalid, "console %s: %v", c.path, err)
	}
	at := c.read
	info, err := c.file.Stat()
	if err != nil {
		return "", unavailable(c.path, err)
	}
	if !whole {
		at = info.Size() + 1
	}
	if _, err := c.file.Write(b.Bytes()); err != nil {
		if undo := c.file.Truncate(info.Size()); undo == nil {
			return "", unavailable(c.path, err)
		}
		return "", fmt.Errorf("console %s: %w", c.path, err)
	}
	return fmt.Sprint(at), c.file.Sync()
}

// Find looks for a key in the file.
func (c *Chat) Find(ctx context.Context, at briefs.Place, key briefs.DeliveryKey) (receipt string, found bool, err error) {
	room := at.Room
	if room == "" && strings.HasPrefix(at.Only, Prefix) {
		room = briefs.RoomID(at.Only)
	}
	if err := check(room); err != nil {
		return "", false, err
	}
	err = c.locked(ctx, func() error {
		if _, err := c.catchUp(); err != nil {
			return unavailable(c.path, err)
		}
		receipt, found = c.seen[posted{room, key}]
		return nil
	})
	return receipt, found, err
}

// Check tells whether room is one of the console, and the file still there.
func (c *Chat) Check(_ context.Context, room briefs.RoomID) error {
	if err := check(room); err != nil {
		return err
	}
	if _, err := os.Stat(c.path); err != nil {
		return unavailable(c.path, err)
	}
	return nil
}

func check(room briefs.RoomID) error {
	if name, ok := strings.CutPrefix(string(room), Prefix); !ok || name == "" {
		return briefs.Fault(briefs.ErrNotFound, "room %q is none of the console: write console:NAME", room)
	}
	return nil
}

// locked runs fn while no other process uses the file.
func (c *Chat) locked(ctx context.Context, fn func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return briefs.Fault(briefs.ErrUnavailable, "console %s: %v", c.path, err)
	}
	if err := lock(c.file); err != nil {
		return unavailable(c.path, err)
	}
	defer unlock(c.file)
	return fn()
}

// catchUp reads the lines that were added since it was called last. It
// reports whether the file ends with a line break. What is no line of ours is
// passed over.
func (c *Chat) catchUp() (whole bool, err error) {
	info, err := c.file.Stat()
	if err != nil {
		return false, err
	}
	if info.Size() < c.read { // somebody emptied it
		c.read = 0
		clear(c.seen)
	}
	r := bufio.NewReader(io.NewSectionReader(c.file, c.read, info.Size()-c.read))
	for {
		b, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return len(b) == 0, nil
		}
		if err != nil {
			return false, err
		}
		var l Line
		if json.Unmarshal(bytes.TrimSpace(b), &l) == nil && l.Key != "" {
			key := l.Key
			if l.Part > 0 {
				key = key.Part(l.Part)
			}
			c.seen[posted{l.Room, key}] = fmt.Sprint(c.read)
		}
		c.read += int64(len(b))
	}
}
