package schedule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"briefdesk/briefs"
)

// Work is a briefing to be composed.
type Work struct {
	Schedule briefs.Schedule
	Delivery briefs.Delivery
	ID       briefs.BriefingID // under which it will be shown
	Now      time.Time
	// Since is when the last briefing of the schedule was composed: what the
	// library saw first after it is new. Zero when there was none.
	Since time.Time
}

// Composed is what is to be posted: at least one part. Briefs are what the
// archive shows of it; without any it keeps nothing.
type Composed struct {
	Parts   []briefs.Part
	Briefs  []briefs.Brief
	Picture *briefs.Picture // which the archive keeps beside them; nil for none
	// Nothing reports that nothing is new. The parts then say so in one line;
	// they are not posted where the schedule is to be silent.
	Nothing bool
}

// Heading is the framing line of a briefing that does not come on time: run by
// hand, or late and since when. It is empty for one on time.
func (w Work) Heading() string {
	d := w.Delivery
	switch {
	case d.ByHand:
		return "run by hand"
	case d.Missed > 0:
		return fmt.Sprintf("late: due %s; covers %s missed since %s", longSlot(d.Slot), slotCount(d.Missed), longLocal(d.First))
	case w.Now.Sub(d.Slot.At) > Grace:
		return "late: due " + longSlot(d.Slot)
	}
	return ""
}

// Due is the slot as people read it.
func (w Work) Due() string { return longSlot(w.Delivery.Slot) }

func slotCount(n int) string {
	if n == 1 {
		return "1 more that was"
	}
	return fmt.Sprintf("%d more that were", n)
}

// longSlot writes "Monday 23 November 2026 09:00 Europe/Berlin".
func longSlot(s briefs.Slot) string { return longLocal(s) + " " + s.Zone }

func longLocal(s briefs.Slot) string {
	t, err := time.Parse(localForm, s.Local)
	if err != nil {
		return s.Local
	}
	return t.Format("Monday 2 January 2006 15:04")
}

// BriefingID derives the public name of a briefing from its key, which may
// name a room.
func BriefingID(key briefs.DeliveryKey) briefs.BriefingID {
	sum := sha256.Sum256([]byte(key))
	return briefs.BriefingID(hex.EncodeToString(sum[:10]))
}

// Preview is the work of the next slot of s as it would be composed now; the
// zero Delivery has no slot when none comes. since is as in Work.
func Preview(s briefs.Schedule, spec *Spec, now, since time.Time) Work {
	w := Work{Schedule: s, Now: now, Since: since}
	for slot := range spec.After(now) {
		w.Delivery = briefs.Delivery{Key: slotKey(s.ID, slot), Schedule: s.ID, Room: s.Room, Slot: slot, State: briefs.Planned, Known: now}
		w.ID = BriefingID(w.Delivery.Key)
		break
	}
	return w
}
