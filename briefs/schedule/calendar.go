package schedule

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// calendar is what plain words say: at some minutes of some days.
type calendar struct {
	days    []dayRule // any of them
	months  uint16    // bit i is month i, from 1; 0 is every month
	minutes []int     // of the day, ascending, no two alike
	every   int       // minutes between two of them, when they were given so; 0 otherwise
}

// dayRule picks days of a month.
type dayRule struct {
	week uint8 // bit i is weekday i; Sunday is 0
	nth  []int // of those days in the month: from 1, or -1 for the last; none means all
}

// Sets of weekdays.
const (
	allDays     uint8 = 0b1111111
	workingDays uint8 = 0b0111110
	weekendDays uint8 = 0b1000001
)

// searchedDays is how far next looks: 29 February skips at most eight years.
const searchedDays = 8*366 + 1

func (c *calendar) next(wall time.Time) time.Time {
	wall = wall.Truncate(time.Minute)
	day := wall.Truncate(24 * time.Hour)
	minute := wall.Hour()*60 + wall.Minute()
	for range searchedDays {
		if c.due(day) {
			i, _ := slices.BinarySearch(c.minutes, minute+1)
			if i < len(c.minutes) {
				return day.Add(time.Duration(c.minutes[i]) * time.Minute)
			}
		}
		day = day.AddDate(0, 0, 1)
		minute = -1
	}
	return time.Time{}
}

// due reports whether the day beginning at midnight is one of c.
func (c *calendar) due(day time.Time) bool {
	if c.months != 0 && c.months&(1<<day.Month()) == 0 {
		return false
	}
	return slices.ContainsFunc(c.days, func(r dayRule) bool { return r.due(day) })
}

func (r dayRule) due(day time.Time) bool {
	if r.week&(1<<day.Weekday()) == 0 {
		return false
	}
	if len(r.nth) == 0 {
		return true
	}
	before, after := 1, -1 // its place in the month, from the front and from the end
	for d := day.AddDate(0, 0, -1); d.Month() == day.Month(); d = d.AddDate(0, 0, -1) {
		if r.week&(1<<d.Weekday()) != 0 {
			before++
		}
	}
	for d := day.AddDate(0, 0, 1); d.Month() == day.Month(); d = d.AddDate(0, 0, 1) {
		if r.week&(1<<d.Weekday()) != 0 {
			after--
		}
	}
	return slices.Contains(r.nth, before) || slices.Contains(r.nth, after)
}

// String says c in words that Parse reads back.
func (c *calendar) String() string {
	var b strings.Builder
	for i, r := range c.days {
		if i > 0 {
			b.WriteString(" and ")
		}
		b.WriteString(r.String())
	}
	monthly := slices.ContainsFunc(c.days, func(r dayRule) bool { return len(r.nth) > 0 })
	switch {
	case c.months != 0:
		var names []string
		for m := time.January; m <= time.December; m++ {
			if c.months&(1<<m) != 0 {
				names = append(names, m.String())
			}
		}
		b.WriteString(" of " + strings.Join(names, " and "))
	case monthly:
		b.WriteString(" of the month")
	}
	switch {
	case c.every >= 60:
		fmt.Fprintf(&b, " every %d hours", c.every/60)
	case c.every > 0:
		fmt.Fprintf(&b, " every %d minutes", c.every)
	default:
		for i, m := range c.minutes {
			b.WriteString([]string{" at ", " and "}[min(i, 1)])
			fmt.Fprintf(&b, "%02d:%02d", m/60, m%60)
		}
	}
	return b.String()
}

func (r dayRule) String() string {
	var units []string
	switch {
	case r.week == allDays:
		units = []string{"day"}
	case r.week == workingDays:
		units = []string{"weekday"}
	case r.week == weekendDays:
		units = []string{"weekend day"}
	default:
		for d := time.Monday; d <= time.Saturday+1; d++ { // Sunday last
			if r.week&(1<<(d%7)) != 0 {
				units = append(units, (d % 7).String())
			}
		}
	}
	if len(r.nth) == 0 {
		return "every " + strings.Join(units, " and ")
	}
	var places []string
	for _, n := range r.nth {
		places = append(places, ordinal(n))
	}
	return strings.Join(places, " and ") + " " + strings.Join(units, " and ")
}

// ordinal writes "1st" for 1 and "last" for -1.
func ordinal(n int) string {
	switch {
	case n < 0:
		return "last"
	case n%10 == 1 && n != 11:
		return fmt.Sprint(n, "st")
	case n%10 == 2 && n != 12:
		return fmt.Sprint(n, "nd")
	case n%10 == 3 && n != 13:
		return fmt.Sprint(n, "rd")
	}
	return fmt.Sprint(n, "th")
}

// single reports whether week is one weekday.
func single(week uint8) bool { return bits.OnesCount8(week) == 1 }
