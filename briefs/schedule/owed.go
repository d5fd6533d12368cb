package schedule

import (
	"fmt"
	"time"

	"briefdesk/briefs"
)

const (
	// Grace is how late a slot still counts as on time: a restart takes less.
	// A later one was missed, and the catch-up policy decides.
	Grace = 5 * time.Minute
	// mostCaughtUp bounds what CatchUpAll posts: a room is not flooded after a
	// long outage.
	mostCaughtUp = 10
)

// slotKey is the key of a slot of a schedule. The slot has a fixed form, so
// that no two share one.
func slotKey(id briefs.ScheduleID, s briefs.Slot) briefs.DeliveryKey {
	return briefs.DeliveryKey(fmt.Sprintf("%s/%s/%s", id, s.Local, s.Zone))
}

// owed is what s owes for its slots after s.Through and no later than now, in
// order. Slots that were missed are posted late, by one delivery or several,
// or skipped; each is part of one delivery.
func owed(s briefs.Schedule, spec *Spec, now time.Time) []briefs.Delivery {
	var missed, fresh []briefs.Slot // missed: the first, and the last mostCaughtUp
	var first briefs.Slot
	lost := 0 // how many were missed
	for slot := range spec.Slots(s.Through, now) {
		if now.Sub(slot.At) <= Grace {
			fresh = append(fresh, slot)
			continue
		}
		if lost++; lost == 1 {
			first = slot
		}
		if missed = append(missed, slot); len(missed) > mostCaughtUp+1 {
			missed = missed[1:]
		}
	}
	plan := func(slot briefs.Slot) briefs.Delivery {
		return briefs.Delivery{
			Key: slotKey(s.ID, slot), Schedule: s.ID, Room: s.Room, Slot: slot, State: briefs.Planned, Known: now,
		}
	}
	// standsFor makes d stand for n missed slots before its own.
	standsFor := func(d briefs.Delivery, n int) briefs.Delivery {
		if n > 0 {
			d.First, d.Missed = first, n
		}
		return d
	}
	skip := func(last briefs.Slot, n int, why string) briefs.Delivery {
		d := standsFor(plan(last), n-1)
		d.State, d.Why, d.Ended = briefs.Skipped, why, now
		return d
	}
	var due []briefs.Delivery
	switch {
	case lost == 0:
	case s.CatchUp == briefs.CatchUpSkip:
		due = append(due, skip(missed[len(missed)-1], lost, "missed, and catch_up is skip"))
	case s.CatchUp == briefs.CatchUpAll:
		if lost > mostCaughtUp {
			due = append(due, skip(missed[0], lost-mostCaughtUp, fmt.Sprintf("missed, and only the last %d are posted late", mostCaughtUp)))
			missed = missed[1:]
		}
		for _, slot := range missed {
			due = append(due, plan(slot))
		}
	case len(fresh) > 0: // latest: the slot of now covers them
		due = append(due, standsFor(plan(fresh[0]), lost))
		fresh = fresh[1:]
	default:
		due = append(due, standsFor(plan(missed[len(missed)-1]), lost-1))
	}
	for _, slot := range fresh {
		due = append(due, plan(slot))
	}
	return due
}
