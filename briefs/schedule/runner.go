package schedule

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"briefdesk/briefs"
)

// What a Runner does when Options do not say. A lease is longer than one send
// and what it takes to settle, so that a part is asked for by another process
// only when it has long been posted or never will be.
const (
	defaultLease      = 2 * time.Minute
	defaultSend       = 30 * time.Second
	defaultSettle     = 30 * time.Second
	defaultBackoff    = time.Minute
	defaultMaxBackoff = 30 * time.Minute
	defaultDeadline   = 24 * time.Hour
	defaultInterval   = 5 * time.Second
	// workers is how many deliveries are on their way at once: a room that
	// does not answer keeps no other waiting.
	workers = 4
	// clockSlack is how far the clock may step back before the operator is
	// told: time servers correct by less.
	clockSlack = 2 * time.Minute
)

// Options is what a Runner is made of. Ledger, Chat and Compose are needed.
type Options struct {
	Ledger Ledger
	Chat   Chat // may be a Finder
	// Compose makes the parts of a briefing. It is called once for a slot,
	// and again when it failed or the process died before they were frozen.
	Compose func(ctx context.Context, w Work) (Composed, error)
	// Schedules are those of the configuration; the ledger has those of rooms.
	Schedules []briefs.Schedule
	Now       func() time.Time // the clock of Run; nil is time.Now
	Owner     string           // of this process, for the operator; empty makes one
	Observe   func(Event)      // told of what happens; may be nil

	Lease      time.Duration // of a claim; more than Send and Settle
	Send       time.Duration // the longest that sending one part may take
	Settle     time.Duration // after a send of unknown outcome, before the platform's word is final
	Backoff    time.Duration // before the second attempt; it doubles
	MaxBackoff time.Duration
	Deadline   time.Duration // after it was planned, for the last attempt
	Interval   time.Duration // between two ticks of Run
}

// Event is something that the operator counts.
type Event struct {
	Kind     EventKind
	Schedule briefs.ScheduleID
	Room     briefs.RoomID
	Key      briefs.DeliveryKey // empty where it concerns none
	Slots    int                // how many, for EventSkipped; else 1
	Late     bool               // for EventPosted
	Why      string             // one line, empty where all is well
}

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	EventPosted  EventKind = "posted"
	EventNothing EventKind = "nothing" // nothing was new, and nothing was posted
	EventSkipped EventKind = "skipped"
	EventRetry   EventKind = "retry"
	EventHeld    EventKind = "held"
	EventFailed  EventKind = "failed"
	EventPaused  EventKind = "paused" // by itself, because its room is gone
	EventClock   EventKind = "clock"  // the clock stands before slots that were planned
)

// Runner brings briefings to their rooms. Several may run on one ledger, in
// one process or in many. Its methods are safe for concurrent use.
type Runner struct {
	log *slog.Logger
	o   Options

	mu      sync.Mutex // of what follows, and held while planning
	adopted bool
	specs   map[string]*Spec
	told    map[briefs.ScheduleID]string // what was logged last about it
}

// NewRunner returns a Runner.
func NewRunner(log *slog.Logger, o Options) *Runner {
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{
		{&o.Lease, defaultLease},
		{&o.Send, defaultSend},
		{&o.Settle, defaultSettle},
		{&o.Backoff, defaultBackoff},
		{&o.MaxBackoff, defaultMaxBackoff},
		{&o.Deadline, defaultDeadline},
		{&o.Interval, defaultInterval},
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
	return &Runner{log: log, o: o, specs: map[string]*Spec{}, told: map[briefs.ScheduleID]string{}}
}

// Tick plans what is due at now and delivers all that can be.
func (r *Runner) Tick(ctx context.Context, now time.Time) error {
	clock := running(now)
	err := r.plan(ctx, now)
	for ctx.Err() == nil {
		ok, failed := r.next(ctx, clock)
		err = errors.Join(err, failed)
		if !ok {
			break
		}
	}
	return err
}

// running is a clock that shows now and goes on from there, whatever happens
// to that of the machine.
func running(now time.Time) func() time.Time {
	start := time.Now()
	return func() time.Time { return now.Add(time.Since(start)) }
}

// Run ticks until ctx ends, and then lets what is being sent come to its end.
func (r *Runner) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	wake := make(chan struct{}, workers)
	for range workers {
		wg.Go(func() { r.work(ctx, wake) })
	}
	for {
		if err := r.plan(ctx, r.o.Now()); err != nil && ctx.Err() == nil {
			r.log.Error("briefings cannot be planned", "err", err)
		}
		for range workers {
			select {
			case wake <- struct{}{}:
			default: // all are awake
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(r.o.Interval):
		}
	}
}

// work delivers whenever it is woken.
func (r *Runner) work(ctx context.Context, wake <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		for ctx.Err() == nil {
			ok, err := r.next(ctx, running(r.o.Now()))
			if err != nil && ctx.Err() == nil {
				r.log.Error("a briefing cannot be delivered", "err", err)
			}
			if !ok {
				break
			}
		}
	}
}

// next claims one delivery whose turn it is, or one of keys, and works on it.
// It reports whether there was one.
func (r *Runner) next(ctx context.Context, clock func() time.Time, keys ...briefs.DeliveryKey) (bool, error) {
	if len(keys) == 0 {
		var err error
		if keys, err = r.turn(ctx); err != nil || len(keys) == 0 {
			return false, err
		}
	}
	c, ok, err := r.o.Ledger.Claim(ctx, r.o.Owner, clock(), r.o.Lease, keys...)
	if err != nil || !ok {
		return false, err
	}
	err = r.deliver(ctx, c, clock)
	if errors.Is(err, briefs.ErrConflict) { // it took longer than the lease, or was paused: others have it
		r.log.Info("a briefing was taken over", "schedule", c.Schedule, "key", c.Key)
		return true, nil
	}
	if err != nil {
		return true, fmt.Errorf("deliver %s: %w", c.Key, err)
	}
	return true, nil
}

// RunByHand posts a briefing of a schedule at once, besides its slots, and
// returns what became of it. A schedule that is paused is no obstacle. It
// returns ErrNotFound.
func (r *Runner) RunByHand(ctx context.Context, id briefs.ScheduleID, now time.Time) (briefs.Delivery, error) {
	s, spec, err := r.known(ctx, id, now)
	if err != nil {
		return briefs.Delivery{}, err
	}
	d := briefs.Delivery{
		Key:      briefs.DeliveryKey(fmt.Sprintf("%s/run/%s", id, now.UTC().Format("2006-01-02T15:04:05.000000Z"))),
		Schedule: id, Room: s.Room, Slot: spec.Slot(now), ByHand: true, State: briefs.Planned, Known: now,
	}
	if err := r.o.Ledger.PlanByHand(ctx, d); err != nil {
		return briefs.Delivery{}, err
	}
	if _, err := r.next(ctx, running(now), d.Key); err != nil {
		return briefs.Delivery{}, err
	}
	all, err := r.o.Ledger.Deliveries(ctx, id, 100)
	for _, found := range all {
		if found.Key == d.Key {
			return found, err
		}
	}
	return d, err
}

// known is a schedule and when it is due.
func (r *Runner) known(ctx context.Context, id briefs.ScheduleID, now time.Time) (briefs.Schedule, *Spec, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.adopt(ctx, now); err != nil {
		return briefs.Schedule{}, nil, err
	}
	s, err := r.schedule(ctx, id)
	if err != nil {
		return briefs.Schedule{}, nil, err
	}
	spec, err := r.spec(s)
	return s, spec, err
}

// schedule reads one schedule. It returns ErrNotFound.
func (r *Runner) schedule(ctx context.Context, id briefs.ScheduleID) (briefs.Schedule, error) {
	all, err := r.o.Ledger.Schedules(ctx)
	for _, s := range all {
		if s.ID == id {
			return s, nil
		}
	}
	if err == nil {
		err = briefs.Fault(briefs.ErrNotFound, "there is no schedule %s: see them with: briefdesk schedule list", id)
	}
	return briefs.Schedule{}, err
}

func (r *Runner) observe(e Event) {
	if e.Slots == 0 {
		e.Slots = 1
	}
	if r.o.Observe != nil {
		r.o.Observe(e)
	}
}
