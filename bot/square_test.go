package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// square is a platform in memory. What fails is decided by fail, which sees
// what happens in its order; nil lets all succeed.
type square struct {
	fail func() fault

	mu    sync.Mutex
	posts []posted
	keys  map[briefs.DeliveryKey]int // how often each was posted
}

type posted struct {
	briefs.Outgoing
	key briefs.DeliveryKey
}

// fault is what befalls one Send.
type fault int

const (
	sound   fault = iota
	refused       // not posted, and it is told so
	lost          // not posted, and nobody can tell
	muffled       // posted, and nobody can tell
	gone          // the room is
	never         // the platform will not take it
)

func (s *square) Run(ctx context.Context, _ bot.Handler) error {
	<-ctx.Done()
	return nil
}

func (s *square) Send(_ context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := sound
	if s.fail != nil {
		f = s.fail()
	}
	switch f {
	case refused:
		return "", briefs.Fault(briefs.ErrUnavailable, "later")
	case gone:
		return "", briefs.Fault(briefs.ErrNotFound, "the room is gone")
	case never:
		return "", briefs.Fault(briefs.ErrInvalid, "too odd")
	case lost:
		return "", errors.New("connection reset")
	}
	if s.keys == nil {
		s.keys = map[briefs.DeliveryKey]int{}
	}
	s.keys[key]++
	s.posts = append(s.posts, posted{o, key})
	if f == muffled {
		return "", errors.New("connection reset")
	}
	return string(key), nil
}

func (s *square) Find(_ context.Context, _ briefs.Place, key briefs.DeliveryKey) (string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(key), s.keys[key] > 0, nil
}

func (s *square) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.posts)
}

// blind is a square that cannot be asked.
type blind struct{ s *square }

func (b blind) Run(ctx context.Context, h bot.Handler) error { return b.s.Run(ctx, h) }

func (b blind) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	return b.s.Send(ctx, o, key)
}

// echo replies n times with the text.
type echo func(e bot.Event) (n int, err error)

func (f echo) Respond(_ context.Context, key string, e bot.Event) (bot.Response, error) {
	n, err := f(e)
	var r bot.Response
	for i := range n {
		r.Replies = append(r.Replies, briefs.Outgoing{Place: e.Home(), Part: briefs.Part{Text: fmt.Sprint(e.Text, " ", i+1)}})
	}
	return r, err
}

func (f echo) Failed(key string, e bot.Event, _ error) bot.Response {
	return bot.Response{Replies: []briefs.Outgoing{{Place: e.Home(), Part: briefs.Part{Text: "failed " + bot.IncidentID(key)}}}}
}

func openLibrary(t *testing.T) store.Backend {
	t.Helper()
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	return lib
}

// hasty is options for tests: nothing waits long.
func hasty() bot.WorkerOptions {
	return bot.WorkerOptions{
		Platform: "test", Lease: 30 * time.Second, Settle: time.Millisecond, Backoff: time.Millisecond, MaxBackoff: 20 * time.Millisecond, Interval: 2 * time.Millisecond,
		Grace: 200 * time.Millisecond,
	}
}

func heard(i, rooms int) bot.Heard {
	return bot.Heard{Key: fmt.Sprintf("test:%d", i), Aliases: []string{fmt.Sprintf("test:m%d", i)}, Event: bot.Event{
		Kind: bot.EventText, Room: briefs.RoomID(fmt.Sprintf("test:C%d", i%rooms)), Thread: fmt.Sprintf("t%d", i%(2*rooms)), Message: fmt.Sprint("m", i), Author: ana, Addressed: true, Text: fmt.Sprint(i),
	}}
}

func anything(*bot.Event) bool { return true }

// until waits for ok.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited for ever: " + what)
		}
	}
}

// counts are the states of all that came.
func counts(t *testing.T, lib store.Backend) map[briefs.IncomingState]int {
	t.Helper()
	c, _, err := lib.CountIncoming(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}
