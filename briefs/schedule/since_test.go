package schedule_test

import (
	"context"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

// claims is a ledger that notes when it was asked for a claim, and is slow
// to tell the schedules.
type claims struct {
	schedule.Ledger
	asked time.Time
}

func (c *claims) Claim(ctx context.Context, owner string, now time.Time, lease time.Duration, keys ...briefs.DeliveryKey) (briefs.Claimed, bool, error) {
	got, ok, err := c.Ledger.Claim(ctx, owner, now, lease, keys...)
	if ok {
		c.asked = now
	}
	return got, ok, err
}

func (c *claims) Schedules(ctx context.Context) ([]briefs.Schedule, error) {
	time.Sleep(time.Millisecond)
	return c.Ledger.Schedules(ctx)
}

// What the library begins to take in once a briefing is claimed may not be
// seen by it, and is new to the next.
func TestNothingComesBetweenBriefings(t *testing.T) {
	c := &claims{}
	d := newDesk(t, func(o *schedule.Options) { c.Ledger, o.Ledger = o.Ledger, c })
	d.day(1)
	all, err := d.lib.Deliveries(context.Background(), "daily", 1, briefs.Posted)
	if err != nil || len(all) != 1 || all[0].Composed.After(c.asked) {
		t.Errorf("composed %v, %v; claimed %s", all, err, c.asked)
	}
}
