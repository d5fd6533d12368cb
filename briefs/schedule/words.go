package schedule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"briefdesk/briefs"
)

// weekdayWords are what a day may be called; time.Weekday.String is the first
// of each.
var weekdayWords = map[string]uint8{
	"monday": 1 << 1, "mon": 1 << 1, "tuesday": 1 << 2, "tue": 1 << 2, "tues": 1 << 2, "wednesday": 1 << 3, "wed": 1 << 3,
	"thursday": 1 << 4, "thu": 1 << 4, "thur": 1 << 4, "thurs": 1 << 4, "friday": 1 << 5, "fri": 1 << 5,
	"saturday": 1 << 6, "sat": 1 << 6, "sunday": 1 << 0, "sun": 1 << 0,
}

// unitWords name several weekdays at once.
var unitWords = map[string]uint8{
	"day": allDays, "weekday": workingDays, "workday": workingDays, "working": workingDays, "business": workingDays, "weekend": weekendDays,
}

var monthWords = map[string]time.Month{
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6,
	"july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9, "october": 10, "oct": 10,
	"november": 11, "nov": 11, "december": 12, "dec": 12,
}

var ordinalWords = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

// wordsBetween say nothing by themselves.
var wordsBetween = []string{"and", "on", "the", "of", "in", "at", "@", "o'clock", "time"}

// otherWords are understood in places of their own; they are here to be
// suggested.
var otherWords = []string{"daily", "hourly", "noon", "midnight", "every", "month", "hours", "minutes"}

var (
	clockPattern   = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2}))?h?(am|pm)?$`)
	ordinalPattern = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)$`)
	rangePattern   = regexp.MustCompile(`^([a-z]+)[-–]([a-z]+)$`)
)

// wordReader reads plain words from left to right.
type wordReader struct {
	when  string
	words []string // lower case
	typed []string // the same as written
	i     int      // the next one
	c     calendar
	zone  string

	pending []int // ordinals that wait for what they count
	every   bool  // "every" or "each" stands before
	monthly bool  // "month" was said
	weekly  bool  // "week" was said
	turns   int   // how often days follow times, or times days
	last    byte  // 'd' after a day, 't' after a time; 0 before both
}

// parseWords reads plain words; zone is the one that they name, or empty. It
// returns ErrInvalid.
func parseWords(when string) (c *calendar, zone string, err error) {
	r := &wordReader{when: when}
	for w := range strings.FieldsFuncSeq(when, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
		low := strings.ToLower(w)
		if m := rangePattern.FindStringSubmatch(low); m != nil && weekdayWords[m[1]] != 0 {
			r.words, r.typed = append(r.words, m[1], "to", m[2]), append(r.typed, m[1], "to", m[2])
			continue
		}
		r.words, r.typed = append(r.words, low), append(r.typed, w)
	}
	for r.i < len(r.words) {
		if err := r.word(); err != nil {
			return nil, "", err
		}
	}
	if err := r.finish(); err != nil {
		return nil, "", err
	}
	return &r.c, r.zone, nil
}

func (r *wordReader) fault(format string, args ...any) error {
	return briefs.Fault(briefs.ErrInvalid, "%q: %s", r.when, fmt.Sprintf(format, args...))
}

// peek is the word n places on; "" past the end.
func (r *wordReader) peek(n int) string {
	if r.i+n < len(r.words) {
		return r.words[r.i+n]
	}
	return ""
}

// word reads the next word, and those that belong to it.
func (r *wordReader) word() error {
	w := r.peek(0)
	r.i++
	plural := strings.TrimSuffix(w, "s")
	switch {
	case w == "every" || w == "each":
		r.every = true
		return nil
	case slices.Contains(wordsBetween, w):
		return nil
	case w == "daily":
		return r.unit(allDays)
	case w == "hourly":
		return r.interval(60)
	case (w == "hour" || w == "minute") && r.every:
		return r.interval(map[string]int{"hour": 60, "minute": 1}[w])
	case w == "noon":
		return r.minute(12 * 60)
	case w == "midnight":
		return r.minute(0)
	case plural == "month" || w == "monthly":
		r.monthly = true
		return r.flush()
	case plural == "week" || w == "weekly":
		if r.pending != nil {
			return r.alternating()
		}
		r.weekly = true
		return nil
	case w == "other" || w == "alternate" || w == "alternating" || w == "biweekly" || w == "fortnightly" || w == "fortnight":
		return r.alternating()
	case monthWords[w] != 0:
		return r.month(monthWords[w])
	case ordinalWords[w] != 0:
		return r.ordinal(ordinalWords[w])
	case ordinalPattern.MatchString(w):
		return r.day(w)
	case weekdayWords[w] != 0:
		return r.weekday(weekdayWords[w])
	case weekdayWords[plural] != 0:
		return r.weekday(weekdayWords[plural])
	case unitWords[w] != 0 || unitWords[plural] != 0:
		if next := r.peek(0); next == "day" || next == "days" { // "working day"
			r.i++
		}
		if err := r.turn('d'); err != nil {
			return err
		}
		return r.unit(unitWords[w] | unitWords[plural])
	case clockPattern.MatchString(w):
		return r.number(w)
	}
	return r.place(w)
}

func (r *wordReader) alternating() error {
	return r.fault(`every other week is not offered: write for example "1st and 3rd monday of the month 09:00"`)
}

// weekday reads the rest of a list or range that begins with a weekday.
func (r *wordReader) weekday(week uint8) error {
	if err := r.turn('d'); err != nil {
		return err
	}
	if to := r.peek(0); to == "to" || to == "through" || to == "until" || to == "-" {
		end := weekdayWords[strings.TrimSuffix(r.peek(1), "s")] | weekdayWords[r.peek(1)]
		if end == 0 {
			return r.fault("%q is no weekday: write for example monday to friday", r.peek(1))
		}
		r.i += 2
		for day := week; day != end; {
			if day <<= 1; day > 1<<6 {
				day = 1
			}
			week |= day
		}
	}
	return r.unit(week)
}

// unit adds days, counted by the pending ordinals where there are any.
func (r *wordReader) unit(week uint8) error {
	nth := r.pending
	r.pending = nil
	if nth != nil && r.every && !single(week) && !r.namesMonth() {
		return r.fault(`can be read in two ways: write "%s of the month"`, dayRule{week, nth})
	}
	for i, d := range r.c.days {
		switch {
		case nth == nil && d.nth == nil:
			r.c.days[i].week |= week
			return nil
		case d.week == week && d.nth != nil && nth != nil:
			r.c.days[i].nth = append(d.nth, nth...)
			return nil
		}
	}
	r.c.days = append(r.c.days, dayRule{week, nth})
	return nil
}

// namesMonth reports whether a month is said anywhere, the month or one by name.
func (r *wordReader) namesMonth() bool {
	return slices.ContainsFunc(r.words, func(w string) bool { return strings.HasPrefix(w, "month") || monthWords[w] != 0 })
}

// day reads an ordinal in digits.
func (r *wordReader) day(w string) error {
	n, err := strconv.Atoi(ordinalPattern.FindStringSubmatch(w)[1])
	if err != nil || n < 1 || n > 31 {
		return r.fault("%s is no day of a month: write 1st to 31st", w)
	}
	return r.ordinal(n)
}

// ordinal keeps one until it is known what it counts. "second last" and
// "friday the 13th" mean one thing to some and two to others.
func (r *wordReader) ordinal(n int) error {
	before := r.behind(1)
	if before == "the" || before == "on" {
		before = r.behind(2)
	}
	_, counted := ordinalWords[before]
	switch {
	case n < 0 && (counted || before == "to" || ordinalPattern.MatchString(before)):
		return r.fault(`can be read in two ways: write for example "2nd and last friday of the month"`)
	case weekdayWords[before] != 0 || weekdayWords[strings.TrimSuffix(before, "s")] != 0:
		return r.fault(`can be read in two ways: write for example "monday and 1st of the month", or make two schedules`)
	}
	r.pending = append(r.pending, n)
	return r.turn('d')
}

// behind is the word n places before the one that is read; "" before the first.
func (r *wordReader) behind(n int) string {
	if i := r.i - 1 - n; i >= 0 {
		return r.words[i]
	}
	return ""
}

// turn notes that a day or a time is read. All times are those of all days, so
// that days, times and days again would mean more than is meant.
func (r *wordReader) turn(to byte) error {
	if r.last != to {
		if r.turns++; r.turns > 2 {
			return r.fault("names days and times by turns, and all times are those of all days: make a schedule for each time")
		}
		r.last = to
	}
	return nil
}

// flush makes days of the month of the ordinals that count nothing else.
func (r *wordReader) flush() error {
	if r.pending == nil {
		return nil
	}
	return r.unit(allDays)
}

// month reads a month, and the number of a day after it.
func (r *wordReader) month(m time.Month) error {
	r.c.months |= 1 << m
	w := r.peek(0)
	if w == "the" {
		w = r.peek(1)
	}
	if n, err := strconv.Atoi(strings.TrimRight(w, "sthndr")); err == nil && !r.hasDays() {
		if n < 1 || n > 31 {
			return r.fault("%s is no day of a month: write 1 to 31", w)
		}
		r.pending = append(r.pending, n)
		r.i += 1 + map[bool]int{true: 1}[r.peek(0) == "the"]
	}
	return r.flush()
}

func (r *wordReader) hasDays() bool { return len(r.c.days) > 0 || r.pending != nil }

// place takes the rest for a zone, or says which word is not understood.
func (r *wordReader) place(w string) error {
	typed := r.typed[r.i-1]
	if r.zone != "" {
		return r.fault("%q after the time zone is not understood: end with the zone", typed)
	}
	for n := min(3, len(r.words)-r.i+1); n > 0; n-- { // "america/new york"
		name := strings.Join(r.words[r.i-1:r.i-1+n], "_")
		if _, proper, err := zone(name); err == nil {
			r.zone = proper
			r.i += n - 1
			return nil
		}
	}
	known := slices.Concat(otherWords, keys(weekdayWords), keys(unitWords), keys(monthWords), keys(ordinalWords))
	word := nearest(w, known)
	if strings.Contains(w, "/") || (word == "" && r.i == len(r.words)) {
		_, _, err := zone(typed)
		return r.fault("%v", err)
	}
	if word != "" {
		return r.fault("%q is not understood: did you mean %s?", typed, word)
	}
	return r.fault(`%q is not understood: write for example "every monday 09:00", or a cron expression`, typed)
}

// keys are the keys of m in a fixed order, longest first.
func keys[V any](m map[string]V) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return all
}

// finish completes what was left to be understood.
func (r *wordReader) finish() error {
	if err := r.flush(); err != nil {
		return err
	}
	switch {
	case len(r.c.days) > 0:
	case r.monthly:
		return r.fault(`names no day of the month: write for example "first monday of the month 09:00"`)
	case r.weekly:
		return r.fault(`names no weekday: write for example "every monday 09:00"`)
	case r.c.months != 0 || len(r.c.minutes) > 0:
		r.c.days = []dayRule{{week: allDays}}
	default:
		return r.fault(`names no day: write for example "every monday 09:00"`)
	}
	if len(r.c.minutes) == 0 {
		return r.fault("names no time of day: add one, such as 09:00")
	}
	slices.Sort(r.c.minutes)
	r.c.minutes = slices.Compact(r.c.minutes)
	for i := range r.c.days {
		slices.SortFunc(r.c.days[i].nth, func(a, b int) int { return int(uint8(a)) - int(uint8(b)) }) // -1, the last, comes last
		r.c.days[i].nth = slices.Compact(r.c.days[i].nth)
	}
	return nil
}
