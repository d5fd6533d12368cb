package schedule

import (
	"context"

	"briefdesk/briefs"
)

// openDeliveries bounds how many deliveries that are on their way are looked
// through: more than catching up plans for many schedules.
const openDeliveries = 10_000

// turn lists the deliveries that may be worked on, as far as their schedules
// are concerned: what an earlier briefing of a schedule tells is not new to the
// next, so that this one is composed when that one has ended.
func (r *Runner) turn(ctx context.Context) ([]briefs.DeliveryKey, error) {
	open, err := r.o.Ledger.Deliveries(ctx, "", openDeliveries, briefs.Planned, briefs.Frozen)
	if err != nil {
		return nil, err
	}
	first := map[briefs.ScheduleID]briefs.Delivery{}
	for _, d := range open {
		if have, ok := first[d.Schedule]; !d.ByHand && (!ok || d.Slot.At.Before(have.Slot.At)) {
			first[d.Schedule] = d
		}
	}
	var keys []briefs.DeliveryKey
	for _, d := range open {
		if d.ByHand || d.State == briefs.Frozen || first[d.Schedule].Key == d.Key {
			keys = append(keys, d.Key)
		}
	}
	return keys, nil
}
