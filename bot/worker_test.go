package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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
		Platform: "test", Lease: 2 * time.Second, Settle: time.Millisecond, Backoff: time.Millisecond, MaxBackoff: 20 * time.Millisecond, Interval: 2 * time.Millisecond,
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
	for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
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
	const events, rooms = 2000, 50
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

// work runs a worker until done, and returns what was told of it.
func work(t *testing.T, lib store.Backend, by bot.Answerer, chat bot.Chat, o bot.WorkerOptions, all []bot.Heard, done func() bool) []bot.Work {
	t.Helper()
	var mu sync.Mutex
	var told []bot.Work
	o.Observe = func(w bot.Work) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, w)
	}
	w := bot.NewWorker(slog.New(slog.DiscardHandler), lib, by, chat, o)
	r := bot.NewReceiver(slog.New(slog.DiscardHandler), lib, anything, w.Wake, time.Now)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	if err := r.Handle(ctx, all...); err != nil {
		t.Fatal(err)
	}
	until(t, "the work is done", done)
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return told
}

func kinds(all []bot.Work) string {
	var out []string
	for _, w := range all {
		out = append(out, string(w.Kind))
	}
	return strings.Join(out, " ")
}

// What becomes of one event on a platform that fails once.
func TestOutcomes(t *testing.T) {
	once := func(f fault) func() fault {
		return func() fault {
			defer func() { f = sound }()
			return f
		}
	}
	for _, test := range []struct {
		name  string
		fail  fault
		blind bool
		state briefs.IncomingState
		kinds string
		posts int
	}{
		{"sound", sound, false, briefs.Answered, "answered", 1},
		{"refused", refused, false, briefs.Answered, "retry answered", 1},
		{"refused, and not to be asked", refused, true, briefs.Answered, "retry answered", 1},
		{"lost", lost, false, briefs.Answered, "retry answered", 1},
		{"the response is lost", muffled, false, briefs.Answered, "retry answered", 1},
		{"lost, and not to be asked", lost, true, briefs.Unsure, "retry unsure", 0},
		{"the response is lost, and it is not to be asked", muffled, true, briefs.Unsure, "retry unsure", 1},
		{"the room is gone", gone, false, briefs.GivenUp, "given_up", 0},
		{"never taken", never, false, briefs.GivenUp, "given_up", 1}, // the person is told
	} {
		t.Run(test.name, func(t *testing.T) {
			lib := openLibrary(t)
			s := &square{fail: once(test.fail)}
			var chat bot.Chat = s
			if test.blind {
				chat = blind{s}
			}
			told := work(t, lib, echo(func(bot.Event) (int, error) { return 1, nil }), chat, hasty(), []bot.Heard{heard(1, 1)}, func() bool { return counts(t, lib)[test.state] == 1 })
			if got := kinds(told); got != test.kinds {
				t.Errorf("%s, want %s", got, test.kinds)
			}
			if s.count() != test.posts {
				t.Errorf("%d posts, want %d", s.count(), test.posts)
			}
			if test.fail == never && !strings.Contains(s.posts[0].Part.Text, bot.IncidentID("test:1")) {
				t.Errorf("told: %s", s.posts[0].Part.Text)
			}
		})
	}
}

// A question that cannot be answered is tried some times; then the person is
// told, and what comes after it in the thread is answered.
func TestFailureIsTold(t *testing.T) {
	lib, s := openLibrary(t), &square{}
	tries := 0
	by := echo(func(e bot.Event) (int, error) {
		if e.Text == "0" {
			tries++
			return 0, errors.New("the library is away")
		}
		return 1, nil
	})
	told := work(t, lib, by, s, hasty(), []bot.Heard{heard(0, 1), heard(2, 1)}, func() bool { return counts(t, lib)[briefs.Answered] == 2 })
	if got := kinds(told); got != "retry retry retry failed answered answered" || tries != 4 {
		t.Errorf("%s after %d tries", got, tries)
	}
	if len(s.posts) != 2 || s.posts[0].Part.Text != "failed "+bot.IncidentID("test:0") || s.posts[1].Part.Text != "2 1" {
		t.Errorf("%+v", s.posts)
	}
}

// slow takes its time to send in one room.
type slow struct {
	*square
	room briefs.RoomID
	gate chan struct{}
}

func (s *slow) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	if o.Room == s.room {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return "", briefs.Fault(briefs.ErrUnavailable, "it waited in the queue")
		}
	}
	return s.square.Send(ctx, o, key)
}

// A room in which many ask at once, and which takes one message at a time,
// keeps nobody else waiting.
func TestABusyRoomDoesNotKeepOthersWaiting(t *testing.T) {
	lib := openLibrary(t)
	s := &slow{square: &square{}, room: "test:C0", gate: make(chan struct{})}
	var all []bot.Heard
	for i := range 150 {
		h := heard(i, 1)
		h.Event.Thread = ""
		all = append(all, h)
	}
	for i := range 20 {
		h := heard(1000+i, 1)
		h.Event.Room, h.Event.Thread = "test:C1", ""
		all = append(all, h)
	}
	o := hasty()
	o.InFlight, o.Lease = 40, 300*time.Millisecond // leases are prolonged
	open := false
	told := work(t, lib, echo(func(bot.Event) (int, error) { return 1, nil }), s, o, all, func() bool {
		if !open && s.count() == 20 {
			open = true
			time.Sleep(2 * o.Lease)
			close(s.gate)
		}
		return counts(t, lib)[briefs.Answered] == 170
	})
	if len(told) != 170 || s.count() != 170 {
		t.Errorf("%d posts, told %d", s.count(), len(told))
	}
	for i, p := range s.posts {
		if (p.Room == "test:C1") != (i < 20) {
			t.Fatalf("post %d is in %s", i, p.Room)
		}
	}
}

// A worker that is to end lets what is being sent come to its end, gives the
// rest back at once, and waits no longer than its grace.
func TestStop(t *testing.T) {
	lib := openLibrary(t)
	s := &slow{square: &square{}, room: "test:C0", gate: make(chan struct{})}
	w := bot.NewWorker(slog.New(slog.DiscardHandler), lib, echo(func(bot.Event) (int, error) { return 2, nil }), s, hasty())
	r := bot.NewReceiver(slog.New(slog.DiscardHandler), lib, anything, w.Wake, time.Now)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	if err := r.Handle(ctx, heard(0, 1)); err != nil {
		t.Fatal(err)
	}
	s.gate <- struct{}{} // the first reply
	until(t, "it is sent", func() bool { return s.count() == 1 })
	began := time.Now()
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s to end", took)
	}
	close(s.gate)
	told := work(t, lib, echo(func(bot.Event) (int, error) { return 2, nil }), s, hasty(), nil, func() bool { return counts(t, lib)[briefs.Answered] == 1 })
	if s.count() != 2 || s.keys["test:0#1"] != 1 || s.keys["test:0#2"] != 1 {
		t.Errorf("%v; %s", s.keys, kinds(told))
	}
}

// waiting shows that it is busy.
type waiting struct {
	*square
	mu    sync.Mutex
	shown []string
}

func (w *waiting) Busy(_ context.Context, at briefs.Place, words string) func() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown = append(w.shown, at.Thread+": "+words)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.shown = append(w.shown, fmt.Sprintf("done before %d posts", w.count()))
	}
}

func TestBusyIsShown(t *testing.T) {
	lib, w := openLibrary(t), &waiting{square: &square{}}
	o := hasty()
	o.BusyAfter = time.Millisecond
	by := echo(func(e bot.Event) (int, error) {
		if e.Text == "0" {
			time.Sleep(50 * time.Millisecond)
		}
		return 1, nil
	})
	overheard := heard(2, 1)
	overheard.Event.Addressed, overheard.Event.Text = false, "0"
	work(t, lib, by, w, o, []bot.Heard{heard(0, 1), overheard}, func() bool { return counts(t, lib)[briefs.Answered] == 2 })
	if got := strings.Join(w.shown, "; "); got != "t0: "+bot.Reading+"; done before 0 posts" {
		t.Error(got)
	}
}

// What is put into the inbox by one process is answered by another.
func TestAnotherProcessAnswers(t *testing.T) {
	lib, s := openLibrary(t), &square{}
	r := bot.NewReceiver(slog.New(slog.DiscardHandler), lib, anything, nil, time.Now)
	if err := r.Handle(t.Context(), heard(0, 1), heard(1, 1)); err != nil {
		t.Fatal(err)
	}
	work(t, lib, echo(func(bot.Event) (int, error) { return 1, nil }), s, hasty(), nil, func() bool { return s.count() == 2 })
}
