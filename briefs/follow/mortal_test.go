package follow

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/store"
)

var errKilled = errors.New("killed")

// life is the rest of a process's life: so many steps, each a call that leaves
// the process. The last is done or not, and its result is never seen; whatever
// is called after it does nothing.
type life struct {
	mu    sync.Mutex
	rnd   *rand.Rand
	left  int // below 0 for no end
	ended bool
}

func (l *life) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}

// step does one step, if there is still one to do.
func step[T any](l *life, do func() (T, error)) (T, error) {
	var none T
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		return none, errKilled
	}
	l.left--
	l.ended = l.left == 0
	doomed, done := l.ended, l.rnd.IntN(2) == 0
	l.mu.Unlock()
	if !doomed {
		return do()
	}
	if done {
		_, _ = do()
	}
	return none, errKilled
}

func step0(l *life, do func() error) error {
	_, err := step(l, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

// mortal is the library and the web of a process that dies.
type mortal struct {
	store.Backend
	web  Web
	life *life
}

func (m mortal) Get(ctx context.Context, q fetch.Request) (fetch.Response, error) {
	return step(m.life, func() (fetch.Response, error) { return m.web.Get(ctx, q) })
}

func (m mortal) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	return step(m.life, func() ([]briefs.Stored, error) { return m.Backend.PutDocuments(ctx, batch) })
}

func (m mortal) Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error) {
	if m.life.over() {
		return briefs.Document{}, errKilled
	}
	return m.Backend.Document(ctx, id, revision)
}

func (m mortal) RemoveDocument(ctx context.Context, id briefs.DocumentID, purge bool) error {
	return step0(m.life, func() error { return m.Backend.RemoveDocument(ctx, id, purge) })
}

func (m mortal) ClaimSource(ctx context.Context, s briefs.Source, owner string, now time.Time, lease time.Duration) (c briefs.ClaimedSource, ok bool, err error) {
	c, err = step(m.life, func() (briefs.ClaimedSource, error) {
		c, ok, err = m.Backend.ClaimSource(ctx, s, owner, now, lease)
		return c, err
	})
	return c, ok && err == nil, err
}

func (m mortal) RenewSource(ctx context.Context, c briefs.ClaimedSource, now time.Time, lease time.Duration) (briefs.ClaimedSource, error) {
	return step(m.life, func() (briefs.ClaimedSource, error) { return m.Backend.RenewSource(ctx, c, now, lease) })
}

func (m mortal) SaveListing(ctx context.Context, c briefs.ClaimedSource, items []briefs.SourceItem) error {
	return step0(m.life, func() error { return m.Backend.SaveListing(ctx, c, items) })
}

func (m mortal) SaveItem(ctx context.Context, c briefs.ClaimedSource, it briefs.SourceItem, addresses []string, a *briefs.Archived) error {
	return step0(m.life, func() error { return m.Backend.SaveItem(ctx, c, it, addresses, a) })
}

func (m mortal) ReleaseSource(ctx context.Context, c briefs.ClaimedSource) error {
	return step0(m.life, func() error { return m.Backend.ReleaseSource(ctx, c) })
}
