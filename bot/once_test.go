package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/store"
)

// errKilled is what a process that is dead gets to see, which is nothing.
var errKilled = errors.New("killed")

// mortal is what a process holds of the world: after its death nothing that it
// does has an effect any more.
type mortal struct {
	store.Backend
	square *square
	fuse   atomic.Int64 // how many more things it does; then it is dead
}

func (m *mortal) alive() error {
	if m.fuse.Add(-1) < 0 {
		return errKilled
	}
	return nil
}

func (m *mortal) Receive(ctx context.Context, all []briefs.Incoming) (int, error) {
	if err := m.alive(); err != nil {
		return 0, err
	}
	return m.Backend.Receive(ctx, all)
}

func (m *mortal) Take(ctx context.Context, platform, owner string, now time.Time, lease time.Duration) (briefs.Taken, bool, error) {
	if m.fuse.Load() < 0 {
		return briefs.Taken{}, false, errKilled
	}
	t, ok, err := m.Backend.Take(ctx, platform, owner, now, lease)
	if ok && m.alive() != nil {
		return briefs.Taken{}, false, errKilled
	}
	return t, ok, err
}

func (m *mortal) Compose(ctx context.Context, t briefs.Taken, replies []briefs.Outgoing, shown *briefs.Shown) (briefs.Taken, error) {
	if err := m.alive(); err != nil {
		return t, err
	}
	return m.Backend.Compose(ctx, t, replies, shown)
}

func (m *mortal) BeginReply(ctx context.Context, t briefs.Taken, n int) error {
	return errors.Join(m.alive(), m.after(func() error { return m.Backend.BeginReply(ctx, t, n) }))
}

func (m *mortal) RetractReply(ctx context.Context, t briefs.Taken, n int) error {
	return errors.Join(m.alive(), m.after(func() error { return m.Backend.RetractReply(ctx, t, n) }))
}

func (m *mortal) SentReply(ctx context.Context, t briefs.Taken, n int, receipt string, now time.Time) error {
	return errors.Join(m.alive(), m.after(func() error { return m.Backend.SentReply(ctx, t, n, receipt, now) }))
}

func (m *mortal) PutBack(ctx context.Context, t briefs.Taken, why string, at time.Time) error {
	return errors.Join(m.alive(), m.after(func() error { return m.Backend.PutBack(ctx, t, why, at) }))
}

func (m *mortal) End(ctx context.Context, t briefs.Taken, state briefs.IncomingState, why string, now time.Time) error {
	return errors.Join(m.alive(), m.after(func() error { return m.Backend.End(ctx, t, state, why, now) }))
}

// after does fn while the process is alive.
func (m *mortal) after(fn func() error) error {
	if m.fuse.Load() < 0 {
		return errKilled
	}
	return fn()
}

func (m *mortal) Run(ctx context.Context, h bot.Handler) error { return m.square.Run(ctx, h) }

// Send may be the last thing that a process does: nobody hears what came of it.
func (m *mortal) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	if m.fuse.Load() < 0 {
		return "", errKilled
	}
	receipt, err := m.square.Send(ctx, o, key)
	if m.alive() != nil {
		return "", errKilled
	}
	return receipt, err
}

func (m *mortal) Find(ctx context.Context, at briefs.Place, key briefs.DeliveryKey) (string, bool, error) {
	if m.fuse.Load() < 0 {
		return "", false, errKilled
	}
	return m.square.Find(ctx, at, key)
}

// 2,000 events, delivered again and again, to processes that die at any
// moment, on a platform that loses what it is told and what it says: each is
// answered once, and those of one thread in their order.
func TestEachIsAnsweredOnce(t *testing.T) {
	events, rooms := 2000, 50
	if testing.Short() {
		events = 300
	}
	lib := openLibrary(t)
	random := rand.New(rand.NewPCG(5, 6))
	town := &square{fail: func() fault { // under its lock
		switch n := random.IntN(100); {
		case n < 4:
			return refused
		case n < 8:
			return lost
		case n < 12:
			return muffled
		}
		return sound
	}}
	var skipped atomic.Int64 // the time that passes between the lives
	clock := func() time.Time { return time.Now().Add(time.Duration(skipped.Load())) }
	var stumbled sync.Map
	by := echo(func(e bot.Event) (int, error) {
		var i int
		_, _ = fmt.Sscan(e.Text, &i)
		if _, again := stumbled.LoadOrStore(e.Text, true); !again && i%97 == 0 {
			panic("the first time")
		}
		return i % 3, nil // 0 is silence
	})
	fuses := rand.New(rand.NewPCG(7, 8))
	next, lives := 0, 0
	for ; ; lives++ {
		if lives > 2000 {
			t.Fatalf("%v after %d lives", counts(t, lib), lives)
		}
		m := &mortal{Backend: lib, square: town}
		m.fuse.Store(int64(50 + fuses.IntN(600)))
		o := hasty()
		o.Now = clock
		o.Goroutines = 3
		w := bot.NewWorker(slog.New(slog.DiscardHandler), m, by, m, o)
		r := bot.NewReceiver(slog.New(slog.DiscardHandler), m, anything, w.Wake, clock)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		for m.fuse.Load() >= 0 {
			if next < events {
				var batch []bot.Heard
				for i := next; i < min(next+25, events); i++ {
					batch = append(batch, heard(i, rooms))
				}
				if again := fuses.IntN(next + 1); next > 0 { // once more, and once under its other name
					h := heard(again, rooms)
					batch = append(batch, h, bot.Heard{Key: h.Aliases[0], Aliases: []string{h.Key}, Event: h.Event})
				}
				if r.Handle(ctx, batch...) == nil {
					next += 25
				}
				continue
			}
			if c := counts(t, lib); c[briefs.Waiting] == 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		done := m.fuse.Load() >= 0
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		skipped.Add(int64(2 * o.Lease))
		if done {
			break
		}
	}
	if c := counts(t, lib); c[briefs.Answered] != events || len(c) != 1 {
		t.Errorf("%v of %d", c, events)
	}
	order := map[string]int{}
	for _, p := range town.posts {
		var i, n int
		if _, err := fmt.Sscan(p.Part.Text, &i, &n); err != nil {
			t.Fatalf("%q: %v", p.Part.Text, err)
		}
		if place := 10*i + n; order[p.Thread] > place {
			t.Errorf("%s: %s comes after %d", p.Thread, p.Part.Text, order[p.Thread]/10)
		} else {
			order[p.Thread] = place
		}
	}
	want := 0
	for i := range events {
		want += i % 3
		for n := 1; n <= i%3; n++ {
			if k := briefs.DeliveryKey(heard(i, rooms).Key).Part(n); town.keys[k] != 1 {
				t.Errorf("%s is posted %d times", k, town.keys[k])
			}
		}
	}
	if len(town.posts) != want {
		t.Errorf("%d posts, want %d", len(town.posts), want)
	}
	t.Logf("%d lives", lives+1)
}
