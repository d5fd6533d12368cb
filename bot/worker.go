package bot

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"briefdesk/briefs"
)

// Work is something that the operator counts: an event that was dealt with, or
// what keeps it from being so.
type Work struct {
	Kind WorkKind
	Room briefs.RoomID
	Took time.Duration // since it came
	Why  string        // one line; empty where all is well
}

// WorkKind says what happened.
type WorkKind string

// The kinds of Work.
const (
	WorkAnswered WorkKind = "answered"
	WorkSilent   WorkKind = "silent" // nothing was to be said
	WorkRetry    WorkKind = "retry"  // put back, to be tried again
	WorkFailed   WorkKind = "failed" // the person was told that it failed
	WorkUnsure   WorkKind = "unsure"
	WorkGivenUp  WorkKind = "given_up"
)

// WorkerOptions is what a Worker is made of. Platform is needed; what is zero
// takes a default.
type WorkerOptions struct {
	Platform string // whose events are worked on
	Owner    string // of this process, for the operator; empty makes one
	Now      func() time.Time
	Observe  func(Work) // told of what happens; may be nil

	Goroutines int           // how many answers are made at the same time
	InFlight   int           // how many are being sent at the same time
	PerRoom    int           // of those in one room
	Lease      time.Duration // of what is taken; it is prolonged while it is worked on
	Send       time.Duration // the longest that sending one message may take
	Grace      time.Duration // how long what is being sent may take when Run is to end
	Settle     time.Duration // after a send of unknown outcome, before the platform's word is final
	Backoff    time.Duration // before the second attempt; it doubles
	MaxBackoff time.Duration
	Deadline   time.Duration // after it came, for the last attempt
	Attempts   int           // to make an answer, before the person is told that it failed
	Interval   time.Duration // between two looks for work that nobody announced
	BusyAfter  time.Duration // how long an answer may take before Busy shows it
}

// Answerer makes replies: a Responder.
type Answerer interface {
	// Respond makes the replies to e, whose key is key. A crash may make it
	// happen again.
	Respond(ctx context.Context, key string, e Event) (Response, error)
	// Failed is what to tell when Respond failed for good.
	Failed(key string, e Event, err error) Response
}

// Worker answers what was heard on one platform, each event once, as far as
// the platform lets that be told. Several may run on one Inbox, in one process
// or in many. Its methods are safe for concurrent use.
type Worker struct {
	log   *slog.Logger
	inbox Inbox
	by    Answerer
	chat  Chat
	o     WorkerOptions
	work  chan struct{} // there may be some
	slots chan struct{} // one for each that is in flight

	mu    sync.Mutex
	rooms map[briefs.RoomID]*traffic // those with something in flight
}

// traffic is what is in flight in one room.
type traffic struct {
	n    int
	next time.Time // when what was turned away last comes again
}

// The defaults of WorkerOptions.
const (
	defaultGoroutines = 4
	defaultInFlight   = 256
	defaultPerRoom    = 16
	defaultAttempts   = 4
	workLease         = 15 * time.Second // so long a crash delays what was being answered
	workSend          = time.Minute      // with what waits before it in the room
	workGrace         = 5 * time.Second
	workSettle        = 3 * time.Second
	workBackoff       = time.Second
	workMaxBackoff    = time.Minute
	workDeadline      = 6 * time.Hour
	workInterval      = 500 * time.Millisecond
	workBusyAfter     = 300 * time.Millisecond
)

// keysStay is how long keys are remembered after the work: far longer than any
// platform delivers again.
const keysStay = 30 * 24 * time.Hour

// NewWorker returns a Worker. A chat that is a Finder is asked before anything
// is sent again; one that is Busy shows that an answer is being made.
func NewWorker(log *slog.Logger, inbox Inbox, by Answerer, chat Chat, o WorkerOptions) *Worker {
	for _, n := range []struct {
		value *int
		usual int
	}{{&o.Goroutines, defaultGoroutines}, {&o.InFlight, defaultInFlight}, {&o.PerRoom, defaultPerRoom}, {&o.Attempts, defaultAttempts}} {
		if *n.value == 0 {
			*n.value = n.usual
		}
	}
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{
		{&o.Lease, workLease},
		{&o.Send, workSend},
		{&o.Grace, workGrace},
		{&o.Settle, workSettle},
		{&o.Backoff, workBackoff},
		{&o.MaxBackoff, workMaxBackoff},
		{&o.Deadline, workDeadline},
		{&o.Interval, workInterval},
		{&o.BusyAfter, workBusyAfter},
	} {
		if *d.value == 0 {
			*d.value = d.usual
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Owner == "" {
		o.Owner = rand.Text()
	}
	if o.Observe == nil {
		o.Observe = func(Work) {}
	}
	return &Worker{
		log: log, inbox: inbox, by: by, chat: chat, o: o,
		work: make(chan struct{}, 1), slots: make(chan struct{}, o.InFlight), rooms: map[briefs.RoomID]*traffic{},
	}
}

// Wake tells that there is work.
func (w *Worker) Wake() {
	select {
	case w.work <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, and then lets what is being sent come to its end;
// what is not finished by then is left to others, or to the next Run.
func (w *Worker) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { w.forget(ctx) })
	for i := range w.o.Goroutines {
		interval := w.o.Interval
		if i > 0 { // the first looks for all
			interval = time.Hour
		}
		all.Go(func() { w.loop(ctx, interval, &all) })
	}
	<-ctx.Done()
	return nil
}

// loop takes what there is whenever it is woken, and after each interval.
func (w *Worker) loop(ctx context.Context, interval time.Duration, all *sync.WaitGroup) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.work:
		case <-tick.C:
		}
		for w.next(ctx, all) {
		}
	}
}

// next takes one event and makes its replies; they are sent by a goroutine of
// all. It reports whether there may be more to take.
func (w *Worker) next(ctx context.Context, all *sync.WaitGroup) bool {
	select {
	case <-ctx.Done():
		return false
	case w.slots <- struct{}{}:
	}
	t, ok, err := w.inbox.Take(ctx, w.o.Platform, w.o.Owner, w.o.Now(), w.o.Lease)
	if err != nil && ctx.Err() == nil {
		w.log.ErrorContext(ctx, "no work can be taken", "platform", w.o.Platform, "err", err)
	}
	if err != nil || !ok {
		<-w.slots
		return false
	}
	w.Wake() // there may be more, for others
	j := w.job(ctx, t)
	if !j.ready() {
		j.end()
		return true
	}
	all.Go(func() {
		defer j.end()
		j.deliver()
	})
	return true
}

// forget drops the keys of what was done long ago.
func (w *Worker) forget(ctx context.Context) {
	tick := time.NewTicker(6 * time.Hour)
	defer tick.Stop()
	for {
		if _, err := w.inbox.ForgetIncoming(ctx, w.o.Now().Add(-keysStay)); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "what was done long ago is not forgotten", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// enter counts one more in flight in a room. Where there are too many it tells
// when to try again instead: a busy room does not keep the others waiting.
func (w *Worker) enter(room briefs.RoomID, now time.Time) (again time.Time, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.rooms[room]
	if r == nil {
		r = &traffic{}
		w.rooms[room] = r
	}
	if r.n < w.o.PerRoom {
		r.n++
		return time.Time{}, true
	}
	if r.next.Before(now) {
		r.next = now
	}
	r.next = r.next.Add(w.o.Backoff)
	return r.next, false
}

func (w *Worker) leave(room briefs.RoomID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.rooms[room]; r != nil {
		if r.n--; r.n < 1 {
			delete(w.rooms, room)
		}
	}
}

// backoff is how long to wait after so many attempts.
func (w *Worker) backoff(attempts int) time.Duration {
	d := w.o.Backoff
	for i := 1; i < attempts && d < w.o.MaxBackoff; i++ {
		d *= 2
	}
	return min(d, w.o.MaxBackoff)
}
