package schedule_test

import (
	"time"
)

// The oracle says when a schedule is due without any of the product's code: it
// walks the wall clock of a zone minute by minute and asks a hand-written
// predicate about each minute that the clock shows, or leaps over.

// shape is a cron expression and what it means, written by hand.
type shape struct {
	cron string
	due  func(wall time.Time) bool // of a wall minute, written as UTC
}

func at(hour, minute int) func(time.Time) bool {
	return func(w time.Time) bool { return w.Hour() == hour && w.Minute() == minute }
}

// shapes are the twelve of the property test: each hour of the night in which
// clocks are moved somewhere, plain days, working days, days of the month,
// ranges, steps, lists, and the two fields of which either is enough.
var shapes = []shape{
	{"30 2 * * *", at(2, 30)},
	{"0 3 * * *", at(3, 0)},
	{"15 0 * * *", at(0, 15)},
	{"0 0 * * *", at(0, 0)},
	{"*/15 * * * *", func(w time.Time) bool { return w.Minute()%15 == 0 }},
	{"0 * * * *", func(w time.Time) bool { return w.Minute() == 0 }},
	{"30 */2 * * *", func(w time.Time) bool { return w.Minute() == 30 && w.Hour()%2 == 0 }},
	{"0 9 * * MON", func(w time.Time) bool { return at(9, 0)(w) && w.Weekday() == time.Monday }},
	{"45 1 * * SUN", func(w time.Time) bool { return at(1, 45)(w) && w.Weekday() == time.Sunday }},
	{"5,25,45 0-4 * * 0,6", func(w time.Time) bool {
		return w.Minute()%20 == 5 && w.Hour() <= 4 && (w.Weekday() == time.Sunday || w.Weekday() == time.Saturday)
	}},
	{"20 2 25-31 3,10 *", func(w time.Time) bool {
		return at(2, 20)(w) && w.Day() >= 25 && (w.Month() == time.March || w.Month() == time.October)
	}},
	{"59 23 1 * FRI", func(w time.Time) bool { return at(23, 59)(w) && (w.Day() == 1 || w.Weekday() == time.Friday) }},
}

// due is one slot as the oracle sees it.
type due struct {
	local string
	at    time.Time
}

const minuteForm = "2006-01-02T15:04"

// oracle returns the slots of s with from < at ≤ to. It looks back a day
// further, to know which wall minutes have been seen.
func oracle(s shape, zone *time.Location, from, to time.Time) []due {
	return walk([]shape{s}, zone, from, to)[0]
}

// walk is oracle for several shapes at once.
func walk(shapes []shape, zone *time.Location, from, to time.Time) [][]due {
	found := make([][]due, len(shapes))
	var latest time.Time // the latest wall minute that has been shown
	for t := from.Truncate(time.Minute).Add(-26 * time.Hour); !t.After(to); t = t.Add(time.Minute) {
		l := t.In(zone)
		wall := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
		if latest.IsZero() {
			latest = wall.Add(-time.Minute)
		}
		if !wall.After(latest) {
			continue // shown before: the clock was put back
		}
		for i, s := range shapes {
			owed := false
			for w := latest.Add(time.Minute); !w.After(wall); w = w.Add(time.Minute) { // more than one where the clock leapt
				owed = owed || s.due(w)
			}
			if owed && t.After(from) {
				found[i] = append(found[i], due{wall.Format(minuteForm), t})
			}
		}
		latest = wall
	}
	return found
}
