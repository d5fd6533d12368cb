package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/store"
)

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
	for i := range 60 {
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
	o.InFlight, o.Lease = 40, 5*time.Second // leases are prolonged, also by a machine that is busy for a while
	o.Backoff = 30 * time.Millisecond       // what is turned away comes again less often than a slow machine can turn it away
	open := false
	told := work(t, lib, echo(func(bot.Event) (int, error) { return 1, nil }), s, o, all, func() bool {
		if !open && s.count() == 20 {
			open = true
			time.Sleep(o.Lease + o.Lease/2)
			close(s.gate)
		}
		return counts(t, lib)[briefs.Answered] == 80
	})
	if len(told) != 80 || s.count() != 80 {
		t.Errorf("%d posts, told %d", s.count(), len(told))
	}
	for i, p := range s.posts {
		if (p.Room == "test:C1") != (i < 20) {
			t.Fatalf("post %d is in %s", i, p.Room)
		}
	}
}

// A worker that is to end lets what is being sent come to its end, gives the
// rest back at once, and does not wait for ever for what does not end.
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
	stop()
	if err := <-ended; err != nil { // the gate is shut
		t.Fatal(err)
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

func (w *waiting) times() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.shown)
}

func TestBusyIsShown(t *testing.T) {
	lib, w := openLibrary(t), &waiting{square: &square{}}
	o := hasty()
	o.BusyAfter = time.Millisecond
	by := echo(func(e bot.Event) (int, error) {
		if !e.Addressed {
			time.Sleep(50 * time.Millisecond) // for what should not come
			return 1, nil
		}
		for end := time.Now().Add(time.Minute); w.times() == 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		return 1, nil
	})
	overheard := heard(2, 1)
	overheard.Event.Addressed = false
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
