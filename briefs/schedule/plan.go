package schedule

import (
	"context"
	"slices"
	"time"

	"briefdesk/briefs"
)

// plan enters what is due at now.
func (r *Runner) plan(ctx context.Context, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.adopt(ctx, now); err != nil {
		return err
	}
	all, err := r.o.Ledger.Schedules(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Paused != "" || !r.mine(s) {
			continue
		}
		if err := r.planOne(ctx, s, now); err != nil {
			return err
		}
	}
	return nil
}

// mine reports whether this process plans s: those of rooms, and of its own
// configuration. One that another configuration made, or an older one, is
// left to those who know it.
func (r *Runner) mine(s briefs.Schedule) bool {
	return s.Made || slices.ContainsFunc(r.o.Schedules, func(c briefs.Schedule) bool { return c.ID == s.ID })
}

// Adopt brings the schedules of the configuration into the ledger, as every
// tick does: what is new owes nothing before now.
func (r *Runner) Adopt(ctx context.Context, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.adopt(ctx, now)
}

// adopt brings the schedules of the configuration into the ledger, once.
func (r *Runner) adopt(ctx context.Context, now time.Time) error {
	if r.adopted {
		return nil
	}
	all, err := r.o.Ledger.Schedules(ctx)
	if err != nil {
		return err
	}
	for _, s := range r.o.Schedules {
		i := slices.IndexFunc(all, func(known briefs.Schedule) bool { return known.ID == s.ID })
		if i >= 0 && same(all[i], s) {
			continue
		}
		// Slots of the old moments that were missed are still owed.
		if i >= 0 && all[i].Paused == "" && (all[i].When != s.When || all[i].Zone != s.Zone) {
			if err := r.planOne(ctx, all[i], now); err != nil {
				return err
			}
		}
		if err := r.o.Ledger.PutSchedule(ctx, s, now); err != nil {
			return err
		}
	}
	r.adopted = true
	return nil
}

// same reports whether the ledger has s as it is configured.
func same(known, s briefs.Schedule) bool {
	return known.Room == s.Room && slices.Equal(known.Topics, s.Topics) && known.When == s.When && known.Zone == s.Zone &&
		known.Quiet == s.Quiet && known.CatchUp == s.CatchUp && known.Force == s.Force && known.Made == s.Made
}

// planOne plans the slots of s after s.Through.
func (r *Runner) planOne(ctx context.Context, s briefs.Schedule, now time.Time) error {
	spec, err := r.spec(s)
	if err != nil { // it was right when it was made: this machine lacks its zone
		r.tell(s.ID, err.Error())
		return nil
	}
	if s.Through.Sub(now) > clockSlack {
		r.tell(s.ID, "the clock stands before slots that were planned already")
		r.observe(Event{Kind: EventClock, Schedule: s.ID, Room: s.Room, Why: "planned through " + s.Through.Format(time.RFC3339)})
		return nil
	}
	r.tell(s.ID, "")
	due := owed(s, spec, now)
	if len(due) == 0 {
		return nil
	}
	planned, err := r.o.Ledger.Plan(ctx, s, now, due)
	if err != nil || !planned { // another process was first, or it was changed
		return err
	}
	for _, d := range due {
		log := r.log.With("schedule", s.ID, "slot", d.Slot, "key", d.Key)
		if d.State == briefs.Skipped {
			log.Warn("slots were skipped", "slots", d.Missed+1, "why", d.Why)
			r.observe(Event{Kind: EventSkipped, Schedule: s.ID, Room: s.Room, Key: d.Key, Slots: d.Missed + 1, Why: d.Why})
			continue
		}
		log.Info("a briefing is due", "missed", d.Missed)
	}
	return nil
}

// tell logs what is wrong with a schedule when that changes.
func (r *Runner) tell(id briefs.ScheduleID, what string) {
	if r.told[id] == what {
		return
	}
	if r.told[id] = what; what != "" {
		r.log.Error("a schedule cannot be planned", "schedule", id, "err", what)
	}
}

// spec parses when s is due, once.
func (r *Runner) spec(s briefs.Schedule) (*Spec, error) {
	id := s.When + "\n" + s.Zone
	if spec := r.specs[id]; spec != nil {
		return spec, nil
	}
	spec, err := Parse(s.When, s.Zone, true) // whether it was forced was looked at when it was made
	if err == nil {
		r.specs[id] = spec
	}
	return spec, err
}
