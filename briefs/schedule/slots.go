package schedule

import (
	"iter"
	"time"

	"briefdesk/briefs"
)

// localForm writes a wall minute.
const localForm = "2006-01-02T15:04"

// After lists the slots after t in order of time; it ends when none comes
// within a few years.
//
// A slot is a wall minute of the zone. Wall minutes that the clock leaps over
// are one slot at the minute it leaps to; a wall minute that comes twice is a
// slot the first time.
func (s *Spec) After(t time.Time) iter.Seq[briefs.Slot] {
	return func(yield func(briefs.Slot) bool) {
		var last string
		for w := s.rule.next(s.wall(t).Add(-time.Minute)); !w.IsZero(); w = s.rule.next(w) {
			at := s.first(w)
			if !at.After(t) {
				continue
			}
			slot := briefs.Slot{Local: s.wall(at).Format(localForm), Zone: s.name, At: at.UTC()}
			if slot.Local == last {
				continue
			}
			last = slot.Local
			if !yield(slot) {
				return
			}
		}
	}
}

// Slots lists the slots after last and no later than now, missed ones
// included.
func (s *Spec) Slots(last, now time.Time) iter.Seq[briefs.Slot] {
	return func(yield func(briefs.Slot) bool) {
		for slot := range s.After(last) {
			if slot.At.After(now) || !yield(slot) {
				return
			}
		}
	}
}

// Next returns the first n slots after t.
func (s *Spec) Next(t time.Time, n int) []briefs.Slot {
	var slots []briefs.Slot
	for slot := range s.After(t) {
		if len(slots) == n {
			break
		}
		slots = append(slots, slot)
	}
	return slots
}

// Slot is the slot of the wall minute that the clock shows at t, whether it is
// due then or not.
func (s *Spec) Slot(t time.Time) briefs.Slot {
	return briefs.Slot{Local: s.wall(t).Format(localForm), Zone: s.name, At: t.UTC()}
}

// wall is the wall minute at t, written as UTC.
func (s *Spec) wall(t time.Time) time.Time {
	l := t.In(s.zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
}

// first is the first moment when the clock shows the wall minute w; when it
// never does, the moment when it leaps over w.
func (s *Spec) first(w time.Time) time.Time {
	// Date gives a moment under one of the offsets in force around w; the
	// bounds of that offset lead to those before and after it.
	guess := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), 0, 0, s.zone)
	start, end := guess.ZoneBounds()
	around := []time.Time{guess}
	if !start.IsZero() {
		around = append(around, start.Add(-time.Second))
	}
	if !end.IsZero() {
		around = append(around, end)
	}
	var found time.Time
	for _, t := range around {
		_, offset := t.In(s.zone).Zone()
		at := w.Add(-time.Duration(offset) * time.Second)
		if s.wall(at).Equal(w) && (found.IsZero() || at.Before(found)) {
			found = at
		}
	}
	if !found.IsZero() {
		return found
	}
	if !end.IsZero() && s.wall(end).After(w) {
		if before := s.wall(end.Add(-time.Second)); before.Before(w) {
			return end
		}
	}
	return start
}
