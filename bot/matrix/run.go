package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
	"briefdesk/briefs"
)

const (
	syncWait   = 30 * time.Second // how long the homeserver holds a request open: what clients ask for
	firstPause = time.Second      // after a failure; it doubles
	longPause  = time.Minute      //
)

// keptSince is where it is kept how far was read.
const keptSince = "since"

// mark is how far was read.
type mark struct {
	Token string    `json:"token"`
	At    time.Time `json:"at"` // when it was kept
	// Heard is what was heard last in each room: where a gap begins.
	Heard map[id.RoomID]id.EventID `json:"heard"`
}

// Run implements bot.Chat. It signs in, and again when its token dies; what
// can pass is tried again, and logged. It returns an error when only the
// operator can mend what is wrong.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error {
	defer c.disconnect()
	p := pauses{}
	for {
		err := c.session(ctx, h, &p)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, mautrix.MUnknownToken):
			c.log.Warn("matrix: the access token has died: signing in again")
		case errors.Is(err, briefs.ErrInvalid):
			return err
		default:
			c.log.Log(ctx, p.level(), "matrix: signing in failed", "err", err, "again_in", p.next().String())
		}
		if p.wait(ctx) != nil {
			return nil
		}
	}
}

// pauses are the times between attempts: each twice the one before, until one
// succeeds.
type pauses struct{ last time.Duration }

func (p *pauses) next() time.Duration { return max(firstPause, min(2*p.last, longPause)) }

// level is how loud a failure is told: what lasts is told to the operator,
// once.
func (p *pauses) level() slog.Level {
	const lasting = 8 * time.Second
	if p.last < lasting && p.next() >= lasting {
		return slog.LevelError
	}
	return slog.LevelWarn
}

func (p *pauses) wait(ctx context.Context) error {
	p.last = p.next()
	return sleep(ctx, p.last)
}

// disconnect ends the use of the file of keys.
func (c *Chat) disconnect() {
	c.mu.Lock()
	crypt := c.cipher
	c.client, c.cipher = nil, nil
	clear(c.rooms)
	c.mu.Unlock()
	if crypt != nil {
		if err := crypt.close(); err != nil {
			c.log.Error("matrix: file of keys", "err", err)
		}
	}
}

// session signs in and listens until the token dies or ctx ends.
func (c *Chat) session(ctx context.Context, h bot.Handler, p *pauses) error {
	c.disconnect()
	if err := c.signIn(ctx); err != nil {
		return err
	}
	at, err := c.readMark(ctx)
	if err != nil {
		return err
	}
	l := &listener{Chat: c, handle: h, mark: at}
	if l.client, l.cipher, err = c.connected(); err != nil {
		return err
	}
	if l.late, err = l.loadLate(ctx); err != nil {
		return err
	}
	wait := time.Duration(0) // the first answer is to come at once
	for {
		err := l.sync(ctx, wait)
		switch {
		case err == nil:
			p.last, wait = 0, l.patience()
			continue
		case ctx.Err() != nil, errors.Is(err, mautrix.MUnknownToken):
			return err
		}
		wait = 0
		if limited := retryAfter(err); limited > 0 {
			p.last = limited / 2
		}
		c.log.Log(ctx, p.level(), "matrix: listening failed", "err", readFault(err, "listening"), "again_in", p.next().String())
		if err := p.wait(ctx); err != nil {
			return err
		}
	}
}

func (c *Chat) readMark(ctx context.Context) (mark, error) {
	var m mark
	kept, err := c.load(ctx, keptSince)
	if err != nil || kept == nil {
		return m, err
	}
	if json.Unmarshal(kept, &m) != nil { // what cannot be read is as good as nothing
		return mark{}, nil
	}
	return m, nil
}

// listener is one run of the loop that hears. Only one goroutine uses it.
type listener struct {
	*Chat
	handle bot.Handler
	client *mautrix.Client
	cipher cipher
	mark   mark
	late   map[id.EventID]*lateEvent // messages whose key is missing
}

// filter leaves out what the bot has no use for. Nothing is left out of the
// timelines: what changes a room stands there.
const filter = `{"presence":{"types":[]},"account_data":{"types":[]},"room":{"account_data":{"types":[]},"ephemeral":{"types":[]},"timeline":{"limit":100},"state":{"lazy_load_members":false}}}`

// sync asks once for what is new, hands it on, and keeps that it was heard.
func (l *listener) sync(ctx context.Context, wait time.Duration) error {
	resp, err := l.client.FullSyncRequest(ctx, mautrix.ReqSync{Timeout: int(wait.Milliseconds()), Since: l.mark.Token, FilterID: filter, SetPresence: "online"})
	if err != nil {
		return err
	}
	if l.cipher != nil {
		l.cipher.heard(ctx, resp, l.mark.Token)
		if err := ctx.Err(); err != nil { // keys may not have been kept: they come again as long as the mark stands
			return err
		}
	}
	for _, at := range slices.Sorted(maps.Keys(resp.Rooms.Leave)) {
		l.left(at)
	}
	var heard []bot.Heard
	for _, at := range slices.Sorted(maps.Keys(resp.Rooms.Join)) {
		more, err := l.joined(ctx, at, resp.Rooms.Join[at])
		if err != nil {
			return fmt.Errorf("room %s: %w", at, err)
		}
		heard = append(heard, more...)
	}
	if err := l.tryLate(ctx); err != nil {
		return err
	}
	if len(heard) > 0 {
		if err := l.handle(ctx, heard...); err != nil {
			return err
		}
	}
	for _, at := range slices.Sorted(maps.Keys(resp.Rooms.Invite)) {
		l.invited(ctx, at, resp.Rooms.Invite[at])
	}
	return l.keepMark(ctx, resp)
}

// keepMark keeps how far was read, also when the process is to end: all of it
// is safe.
func (l *listener) keepMark(ctx context.Context, resp *mautrix.RespSync) error {
	if l.mark.Token == resp.NextBatch {
		return nil
	}
	next := mark{Token: resp.NextBatch, At: l.o.Now().UTC(), Heard: maps.Clone(l.mark.Heard)}
	if next.Heard == nil {
		next.Heard = map[id.RoomID]id.EventID{}
	}
	for at := range resp.Rooms.Leave {
		delete(next.Heard, at)
	}
	for at, news := range resp.Rooms.Join {
		if n := len(news.Timeline.Events); n > 0 {
			next.Heard[at] = news.Timeline.Events[n-1].ID
		}
	}
	value, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := l.o.Keep.Keep(context.WithoutCancel(ctx), l.kept(keptSince), value); err != nil {
		return err
	}
	l.mark = next
	return nil
}
