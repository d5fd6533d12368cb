package schedule_test

import (
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

// While a briefing cannot be posted, the next of its schedule is not composed:
// what the first tells would be told again.
func TestBriefingsOfOneScheduleAreComposedInTurn(t *testing.T) {
	d := newDesk(t, func(o *schedule.Options) { o.Schedules[0].CatchUp = briefs.CatchUpAll; o.Deadline = 100 * time.Hour })
	closed := true
	d.platform.next = func() fault {
		if closed {
			return refuses
		}
		return works
	}
	d.day(1)
	d.tick(24 * time.Hour)
	d.equal("composed while the room is closed", len(d.works), 1)
	closed = false
	for range 8 {
		d.tick(time.Hour)
	}
	d.equal("composed at last", len(d.works), 2)
	d.equal("since", d.works[1].Since.Truncate(time.Minute), d.works[0].Now.Truncate(time.Minute))
}
