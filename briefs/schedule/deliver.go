package schedule

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"briefdesk/briefs"
)

// deliver brings a claimed briefing to its room: composes it unless it is
// frozen, sends the parts that are not sent, and ends it. What goes wrong with
// the room is noted in the ledger; an error is one of the ledger itself, and
// the delivery is then taken on again when the lease ends.
func (r *Runner) deliver(ctx context.Context, c briefs.Claimed, clock func() time.Time) error {
	if c.State == briefs.Planned {
		composed, err := r.compose(ctx, &c, clock)
		if err != nil || !composed {
			return err
		}
	}
	if c.Orphaned && inDoubt(c) > 0 {
		// Who sent that part may still be at it. By the clock the lease is
		// over; but a clock can leap, so as long as a send takes is waited.
		return r.o.Ledger.Retry(ctx, c, "the program ended while a part was sent", clock().Add(r.o.Send+r.o.Settle))
	}
	for i := range c.Parts {
		if c.Parts[i].Sent {
			continue
		}
		if ctx.Err() != nil { // another process goes on from here
			return r.o.Ledger.Retry(context.WithoutCancel(ctx), c, "the program was stopped", clock())
		}
		// What is being sent is not cut short: nobody could tell what came of it.
		sent, err := r.part(context.WithoutCancel(ctx), &c, i+1, clock)
		if err != nil || !sent {
			return err
		}
	}
	return r.finish(context.WithoutCancel(ctx), c, briefs.Posted, "", clock)
}

// compose makes and freezes the parts of c. It reports false when c came to
// another end.
func (r *Runner) compose(ctx context.Context, c *briefs.Claimed, clock func() time.Time) (bool, error) {
	s, err := r.schedule(ctx, c.Schedule)
	if errors.Is(err, briefs.ErrNotFound) {
		return false, r.finish(ctx, *c, briefs.Skipped, "the schedule was deleted", clock)
	}
	if err != nil {
		return false, err
	}
	s.Room = c.Room
	// A document is seen from when the library began to take it in. What had
	// begun before the claim is in the library now, for the claim waited for
	// it; all else is new to the next briefing.
	now := c.Lease.Add(-r.o.Lease)
	limited, cancel := context.WithTimeout(ctx, c.Lease.Sub(now))
	defer cancel()
	composed, err := r.o.Compose(limited, Work{
		Schedule: s, Delivery: c.Delivery, ID: BriefingID(c.Key), Now: now, Since: c.Previous,
	})
	silent := err == nil && composed.Nothing && s.Quiet == briefs.QuietSkip && !c.ByHand
	if err == nil && len(composed.Parts) == 0 && !silent {
		err = errors.New("no part was composed")
	}
	switch {
	case ctx.Err() != nil:
		return false, r.o.Ledger.Retry(context.WithoutCancel(ctx), *c, "the program was stopped", clock())
	case err != nil:
		return false, r.retry(ctx, *c, fmt.Errorf("compose: %w", err), clock)
	case silent:
		return false, r.finish(ctx, *c, briefs.Nothing, "nothing was new", clock)
	}
	b := briefs.Briefing{Schedule: string(c.Schedule), Room: string(c.Room), Slot: c.Slot.String(), Briefs: composed.Briefs, Picture: composed.Picture}
	if len(b.Briefs) > 0 {
		b.ID = BriefingID(c.Key)
	}
	*c, err = r.o.Ledger.Freeze(ctx, *c, composed.Parts, b, now)
	return err == nil, err
}

// part sends part i, from 1, unless the platform has it. It reports false when
// it was not sent, and c waits for another attempt or has ended.
func (r *Runner) part(ctx context.Context, c *briefs.Claimed, i int, clock func() time.Time) (bool, error) {
	if c.Lease.Sub(clock()) < r.o.Send+r.o.Settle { // so that nobody else sends while we do
		var err error
		if *c, err = r.o.Ledger.Renew(ctx, *c, clock(), r.o.Lease); err != nil {
			return false, err
		}
	}
	// A late one is asked for too: the library may be an older copy of one
	// that posted it.
	doubtful := c.Parts[i-1].Begun
	if doubtful || clock().Sub(c.Slot.At) > Grace {
		receipt, found, err := r.find(ctx, c.Room, c.Key.Part(i))
		switch {
		case found:
			return true, r.o.Ledger.Sent(ctx, *c, i, receipt)
		case !doubtful: // then the answer is not needed
		case errors.Is(err, errors.ErrUnsupported):
			return false, r.hold(ctx, *c, i, "the program ended, or lost the answer, while it was sent", clock)
		case err != nil:
			return false, r.retry(ctx, *c, fmt.Errorf("part %d: ask whether it was posted: %w", i, err), clock)
		}
	}
	if err := r.o.Ledger.Begin(ctx, *c, i); err != nil {
		return false, err
	}
	c.Parts[i-1].Begun = true
	limited, cancel := context.WithTimeout(ctx, min(r.o.Send, c.Lease.Sub(clock())))
	receipt, err := r.o.Chat.Send(limited, c.Room, c.Parts[i-1].Part, c.Key.Part(i))
	cancel()
	if err == nil {
		return true, r.o.Ledger.Sent(ctx, *c, i, receipt)
	}
	return r.refused(ctx, *c, i, err, clock)
}

// refused deals with a failure to send part i. It reports whether the part was
// posted all the same.
func (r *Runner) refused(ctx context.Context, c briefs.Claimed, i int, failure error, clock func() time.Time) (bool, error) {
	why := fmt.Errorf("part %d: %w", i, failure)
	certain := errors.Is(failure, briefs.ErrUnavailable) || errors.Is(failure, briefs.ErrNotFound) || errors.Is(failure, briefs.ErrInvalid)
	if certain {
		if err := r.o.Ledger.Retract(ctx, c, i); err != nil {
			return false, err
		}
		c.Parts[i-1].Begun = false
	}
	switch {
	case errors.Is(failure, briefs.ErrNotFound):
		return false, r.gone(ctx, c, why, clock)
	case errors.Is(failure, briefs.ErrInvalid):
		return false, r.finish(ctx, c, briefs.Failed, oneLine(why), clock)
	case certain:
		return false, r.retry(ctx, c, why, clock)
	}
	receipt, found, err := r.find(ctx, c.Room, c.Key.Part(i))
	switch {
	case found:
		return true, r.o.Ledger.Sent(ctx, c, i, receipt)
	case errors.Is(err, errors.ErrUnsupported):
		return false, r.hold(ctx, c, i, oneLine(failure), clock)
	}
	// Not there yet is not the last word: the platform may still be at it.
	return false, r.retry(ctx, c, why, clock)
}

// find asks the platform whether key was posted.
func (r *Runner) find(ctx context.Context, room briefs.RoomID, key briefs.DeliveryKey) (string, bool, error) {
	f, ok := r.o.Chat.(Finder)
	if !ok {
		return "", false, errors.ErrUnsupported
	}
	ctx, cancel := context.WithTimeout(ctx, r.o.Send)
	defer cancel()
	receipt, found, err := f.Find(ctx, room, key)
	return receipt, found && err == nil, err
}

// inDoubt is the part, from 1, that may or may not have been posted; 0 for
// none. Parts are sent in turn, so that there is at most one.
func inDoubt(c briefs.Claimed) int {
	for i, p := range c.Parts {
		if p.Begun && !p.Sent {
			return i + 1
		}
	}
	return 0
}

// retry puts c off, or gives it up when that was done long enough.
func (r *Runner) retry(ctx context.Context, c briefs.Claimed, why error, clock func() time.Time) error {
	now := clock()
	doubtful := inDoubt(c)
	if now.Sub(c.Known) > r.o.Deadline {
		if doubtful > 0 {
			return r.hold(ctx, c, doubtful, oneLine(why), clock)
		}
		return r.finish(ctx, c, briefs.Failed, oneLine(why), clock)
	}
	wait := r.o.Backoff
	for range c.Attempts - 1 {
		if wait *= 2; wait >= r.o.MaxBackoff {
			break
		}
	}
	wait = min(wait, r.o.MaxBackoff)
	if doubtful > 0 {
		wait = max(wait, r.o.Settle)
	}
	if err := r.o.Ledger.Retry(ctx, c, oneLine(why), now.Add(wait)); err != nil {
		return err
	}
	r.log.Warn("a briefing is put off", "schedule", c.Schedule, "slot", c.Slot, "key", c.Key, "attempt", c.Attempts, "wait", wait, "err", oneLine(why))
	r.observe(Event{Kind: EventRetry, Schedule: c.Schedule, Room: c.Room, Key: c.Key, Why: oneLine(why)})
	return nil
}

// hold leaves c to the operator.
func (r *Runner) hold(ctx context.Context, c briefs.Claimed, part int, why string, clock func() time.Time) error {
	why = fmt.Sprintf("part %d may or may not have been posted: %s", part, why)
	if err := r.o.Ledger.Hold(ctx, c, why, clock()); err != nil {
		return err
	}
	r.log.Error("a briefing is held: look whether it was posted, and tell with: briefdesk schedule resume KEY",
		"schedule", c.Schedule, "room", c.Room, "slot", c.Slot, "key", c.Key, "err", why)
	r.observe(Event{Kind: EventHeld, Schedule: c.Schedule, Room: c.Room, Key: c.Key, Why: why})
	return nil
}

// gone ends c and pauses its schedule, and says so the first time.
func (r *Runner) gone(ctx context.Context, c briefs.Claimed, why error, clock func() time.Time) error {
	if err := r.finish(ctx, c, briefs.Failed, oneLine(why), clock); err != nil {
		return err
	}
	paused, err := r.o.Ledger.PauseSchedule(ctx, c.Schedule, "its room cannot be posted to: "+oneLine(why), clock())
	if errors.Is(err, briefs.ErrNotFound) { // deleted meanwhile
		return nil
	}
	if err != nil || !paused {
		return err
	}
	r.log.Error("a schedule is paused: its room is gone or closed to the bot; mend that and: briefdesk schedule resume NAME",
		"schedule", c.Schedule, "room", c.Room, "err", oneLine(why))
	r.observe(Event{Kind: EventPaused, Schedule: c.Schedule, Room: c.Room, Why: oneLine(why)})
	return nil
}

// finish ends c.
func (r *Runner) finish(ctx context.Context, c briefs.Claimed, state briefs.DeliveryState, why string, clock func() time.Time) error {
	now := clock()
	if err := r.o.Ledger.Finish(ctx, c, state, why, now); err != nil {
		return err
	}
	kind := map[briefs.DeliveryState]EventKind{
		briefs.Posted: EventPosted, briefs.Nothing: EventNothing, briefs.Skipped: EventSkipped, briefs.Failed: EventFailed,
	}[state]
	log := r.log.With("schedule", c.Schedule, "room", c.Room, "slot", c.Slot, "key", c.Key)
	if state == briefs.Failed {
		log.Error("a briefing is given up", "err", why)
	} else {
		log.Info("a briefing has ended", "state", state, "parts", len(c.Parts), "attempt", c.Attempts)
	}
	r.observe(Event{
		Kind: kind, Schedule: c.Schedule, Room: c.Room, Key: c.Key, Why: why,
		Late: !c.ByHand && (c.Missed > 0 || now.Sub(c.Slot.At) > Grace),
	})
	return nil
}

// oneLine is what err says, for the ledger.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
