package schedule_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
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

func (l *life) step(do func() error) error {
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		return errKilled
	}
	l.left--
	l.ended = l.left == 0
	doomed, done := l.ended, l.rnd.IntN(2) == 0
	l.mu.Unlock()
	switch {
	case doomed && done:
		_ = do()
		return errKilled
	case doomed:
		return errKilled
	}
	return do()
}

// mortal is a ledger and a chat of a process that dies.
type mortal struct {
	store.Backend
	chat finder
	life *life
}

func (m mortal) Schedules(ctx context.Context) (all []briefs.Schedule, err error) {
	err = m.life.step(func() error { all, err = m.Backend.Schedules(ctx); return err })
	return all, err
}

func (m mortal) PutSchedule(ctx context.Context, s briefs.Schedule, now time.Time) error {
	return m.life.step(func() error { return m.Backend.PutSchedule(ctx, s, now) })
}

func (m mortal) PauseSchedule(ctx context.Context, id briefs.ScheduleID, why string, now time.Time) (ok bool, err error) {
	err = m.life.step(func() error { ok, err = m.Backend.PauseSchedule(ctx, id, why, now); return err })
	return ok, err
}

func (m mortal) Plan(ctx context.Context, s briefs.Schedule, through time.Time, due []briefs.Delivery) (ok bool, err error) {
	err = m.life.step(func() error { ok, err = m.Backend.Plan(ctx, s, through, due); return err })
	return ok, err
}

func (m mortal) Claim(ctx context.Context, owner string, now time.Time, lease time.Duration, keys ...briefs.DeliveryKey) (c briefs.Claimed, ok bool, err error) {
	err = m.life.step(func() error { c, ok, err = m.Backend.Claim(ctx, owner, now, lease, keys...); return err })
	return c, ok, err
}

func (m mortal) Renew(ctx context.Context, c briefs.Claimed, now time.Time, lease time.Duration) (r briefs.Claimed, err error) {
	err = m.life.step(func() error { r, err = m.Backend.Renew(ctx, c, now, lease); return err })
	return r, err
}

func (m mortal) Freeze(ctx context.Context, c briefs.Claimed, parts []briefs.Part, b briefs.Briefing, now time.Time) (f briefs.Claimed, err error) {
	err = m.life.step(func() error { f, err = m.Backend.Freeze(ctx, c, parts, b, now); return err })
	return f, err
}

func (m mortal) Begin(ctx context.Context, c briefs.Claimed, part int) error {
	return m.life.step(func() error { return m.Backend.Begin(ctx, c, part) })
}

func (m mortal) Retract(ctx context.Context, c briefs.Claimed, part int) error {
	return m.life.step(func() error { return m.Backend.Retract(ctx, c, part) })
}

func (m mortal) Sent(ctx context.Context, c briefs.Claimed, part int, receipt string) error {
	return m.life.step(func() error { return m.Backend.Sent(ctx, c, part, receipt) })
}

func (m mortal) Retry(ctx context.Context, c briefs.Claimed, why string, at time.Time) error {
	return m.life.step(func() error { return m.Backend.Retry(ctx, c, why, at) })
}

func (m mortal) Hold(ctx context.Context, c briefs.Claimed, why string, now time.Time) error {
	return m.life.step(func() error { return m.Backend.Hold(ctx, c, why, now) })
}

func (m mortal) Finish(ctx context.Context, c briefs.Claimed, state briefs.DeliveryState, why string, now time.Time) error {
	return m.life.step(func() error { return m.Backend.Finish(ctx, c, state, why, now) })
}

func (m mortal) Send(ctx context.Context, room briefs.RoomID, p briefs.Part, key briefs.DeliveryKey) (receipt string, err error) {
	err = m.life.step(func() error { receipt, err = m.chat.Send(ctx, room, p, key); return err })
	return receipt, err
}

func (m mortal) Find(ctx context.Context, room briefs.RoomID, key briefs.DeliveryKey) (receipt string, found bool, err error) {
	err = m.life.step(func() error { receipt, found, err = m.chat.Find(ctx, room, key); return err })
	return receipt, found, err
}

// mute is a mortal that cannot ask.
type mute struct{ schedule.Chat }
