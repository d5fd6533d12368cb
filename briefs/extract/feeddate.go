package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	feedClock = `(?:,?[ T]+(?:at )?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:[.,]\d+)?(?: ?([AaPp])\.?[Mm]\b\.?)?)?`
	// feedDates are the ways feeds write a date; the groups before those of
	// the time are named by their letters: y, m and d are numbers, n a month.
	feedDates = []struct {
		re    *regexp.Regexp
		order string
	}{
		{regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})` + feedClock), "ymd"},
		{regexp.MustCompile(`^(\d{4})/(\d{1,2})/(\d{1,2})` + feedClock), "ymd"},
		{regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|\.)?[ -]+` + monthWord + `[ -]+(\d{4}|\d{2})\b` + feedClock), "dny"},
		{regexp.MustCompile(`^` + monthWord + ` +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})\b` + feedClock), "ndy"},
		{regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4})\b` + feedClock), "dmy"},
		{regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?()|()()()())$`), "ymd"},
	}
	feedWeekday = regexp.MustCompile(`^(\pL{2,12})\.?(?:, *| +)`)
	feedZone    = regexp.MustCompile(`^ *(?:(Z|[A-Za-z]{1,5})\b)? *(?:([+-]{1,2})(\d{1,2}):?(\d{2})?)?`)
	ambiguous   = regexp.MustCompile(`^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b`)
)

// zoneHours are the offsets of the names of zones that feeds use, in hours
// from UTC: those of RFC 822 and of Europe. Unknown names count as UTC.
var zoneHours = map[string]float64{
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
	"WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
	"JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}

// feedTime reads the date s of a feed in the zone that it gives; parsed is
// what a reader of feeds made of it, nil when nothing. It is zero for what is
// not to be understood: no date, the day before or after which computers
// count, days before the month in an order that nobody can know.
func feedTime(s string, parsed *time.Time) time.Time {
	s = oneLine(tidyText(s))
	if t, ok := readFeedTime(s); ok {
		return likely(t)
	}
	if d, ok := looseDate(s); ok && len(d) == len("2006-01-02") {
		t, _, _ := d.Bounds()
		return likely(t)
	}
	if parsed == nil || ambiguous.MatchString(s) {
		return time.Time{}
	}
	return likely(*parsed)
}

// likely drops times that stand for none: the beginning of how computers
// count, and years before print or beyond any plan.
func likely(t time.Time) time.Time {
	if t.Year() < earliest || t.Year() > 2200 || t.UTC().Year() == 1970 && t.UTC().YearDay() <= 2 || t.UTC().Year() == 1969 && t.UTC().YearDay() >= 365 {
		return time.Time{}
	}
	return t
}

func readFeedTime(s string) (time.Time, bool) {
	if m := feedWeekday.FindStringSubmatch(s); m != nil && months[strings.ToLower(m[1])] == 0 {
		s = s[len(m[0]):]
	}
	for _, l := range feedDates {
		m := l.re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		var y, mon, day int
		for i, c := range l.order {
			n, _ := strconv.Atoi(m[i+1])
			switch c {
			case 'y':
				y = n
				if len(m[i+1]) == 2 {
					y = (n+30)%100 + 1970 // 1970 to 2069
				}
			case 'm':
				mon = n
			case 'd':
				day = n
			case 'n':
				mon = months[strings.ToLower(m[i+1])]
			}
		}
		if d, ok := newDate(y, mon, day); !ok || len(d) != len("2006-01-02") {
			return time.Time{}, false
		}
		hour, _ := strconv.Atoi(m[4])
		minute, _ := strconv.Atoi(m[5])
		second, _ := strconv.Atoi(m[6])
		if half := strings.ToLower(m[7]); half != "" && hour <= 12 {
			hour %= 12
			if half == "p" {
				hour += 12
			}
		}
		if hour > 24 || minute > 59 || second > 60 {
			hour, minute, second = 0, 0, 0
		}
		zone := time.UTC
		if m[4] != "" {
			zone = zoneOf(s[len(m[0]):])
		}
		return time.Date(y, time.Month(mon), day, hour, minute, second, 0, zone), true
	}
	return time.Time{}, false
}

// zoneOf reads the zone that s begins with; UTC where it names none.
func zoneOf(s string) *time.Location {
	m := feedZone.FindStringSubmatch(s)
	if m[3] != "" {
		hours, _ := strconv.Atoi(m[3])
		minutes, _ := strconv.Atoi(m[4])
		offset := hours*3600 + minutes*60
		if strings.HasSuffix(m[2], "-") {
			offset = -offset
		}
		if offset == 0 || hours > 14 || minutes > 59 {
			return time.UTC
		}
		return time.FixedZone("", offset)
	}
	if hours := zoneHours[strings.ToUpper(m[1])]; hours != 0 {
		return time.FixedZone("", int(hours*3600))
	}
	return time.UTC
}
