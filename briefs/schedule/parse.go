package schedule

import (
	"strings"
	"time"

	"briefdesk/briefs"
)

// shortestInterval is how near two slots may be unless it is forced: a room
// that is told more often stops reading.
const shortestInterval = 15 * time.Minute

// Spec is when a schedule is due: some minutes of the wall clock of a zone.
type Spec struct {
	rule  rule
	zone  *time.Location
	name  string // of zone
	words string
}

// rule lists wall minutes. They are written as times in UTC, where no clock
// is ever moved.
type rule interface {
	// next is the first minute after wall; the zero time when none comes
	// within a few years.
	next(wall time.Time) time.Time
}

// Parse reads when a schedule is due: a cron expression of five fields
// ("0 9 * * MON"), one of @hourly, @daily, @weekly, @monthly and @yearly, or
// plain words ("every monday 09:00 Europe/Berlin", "first weekday of the month
// 08:30"). The words may name the zone; otherwise zone does, and an empty one
// is UTC. Slots nearer than 15 minutes are refused unless force is set. It
// returns ErrInvalid, in one line that says how to mend it.
func Parse(when, zoneName string, force bool) (*Spec, error) {
	when = strings.Join(strings.Fields(when), " ")
	if when == "" {
		return nil, briefs.Fault(briefs.ErrInvalid, `no time is given: write for example "every monday 09:00"`)
	}
	s := &Spec{}
	var own string // the zone that the words name
	var err error
	if isCron(when) {
		s.rule, err = parseCron(when)
		s.words = when
	} else {
		var c *calendar
		if c, own, err = parseWords(when); err == nil {
			s.rule, s.words = c, c.String()
		}
	}
	if err != nil {
		return nil, err
	}
	if err := s.place(when, zoneName, own); err != nil {
		return nil, err
	}
	switch gap := interval(s.rule); {
	case gap == 0:
		return nil, briefs.Fault(briefs.ErrInvalid, "%q never fires, for there is no such date: correct the day or the month", when)
	case gap < shortestInterval && !force:
		return nil, briefs.Fault(briefs.ErrInvalid, "%q fires every %s: leave at least %s between two times, or set force: true",
			when, minutes(gap), minutes(shortestInterval))
	}
	return s, nil
}

// place sets the zone.
func (s *Spec) place(when, given, own string) error {
	name := given
	if name == "" {
		name = own
	}
	if name == "" {
		name = "UTC"
	}
	var err error
	if s.zone, s.name, err = zone(name); err != nil {
		return err
	}
	if given != "" && own != "" {
		if _, second, err := zone(own); err != nil || second != s.name {
			return briefs.Fault(briefs.ErrInvalid, "%q names the time zone %s, and zone is %s: leave one out", when, own, s.name)
		}
	}
	return nil
}

// Zone is the IANA name of the zone.
func (s *Spec) Zone() string { return s.name }

// String is the schedule in the words of this package, or its cron
// expression; Parse reads it back. It does not name the zone.
func (s *Spec) String() string { return s.words }

// interval is the shortest time between two wall minutes of r within a year;
// 24 hours or more, or one minute alone, count as 24 hours. It is zero when r
// never fires.
//
// Every day that fires at all fires at the same minutes, so that one day, and
// whether the next fires too, tell all.
func interval(r rule) time.Duration {
	const day = 24 * time.Hour
	// A leap year begins, after which every date comes within the year.
	start := time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
	first := r.next(start.Add(-time.Minute))
	if first.IsZero() {
		return 0
	}
	shortest, last := day, first
	midnight := first.Truncate(day).Add(day)
	for next := r.next(last); !next.IsZero() && next.Before(midnight); next = r.next(last) {
		shortest = min(shortest, next.Sub(last))
		last = next
	}
	over := midnight.Sub(last) + first.Sub(first.Truncate(day)) // from the last of one day to the first of the next
	for over < shortest {
		next := r.next(midnight.Add(-time.Minute))
		if next.IsZero() || next.Sub(start) > 366*day {
			break
		}
		if next.Before(midnight.Add(day)) {
			return over
		}
		midnight = next.Truncate(day).Add(day)
	}
	return shortest
}

// minutes writes d for a reader.
func minutes(d time.Duration) string {
	if d == time.Minute {
		return "minute"
	}
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "m") + " minutes"
}
