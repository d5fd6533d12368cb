package text

import (
	"regexp"
	"strings"
	"time"

	"briefdesk/briefs"
)

// Dates as they are written in running text. A year alone is taken only
// behind a word that makes it one.
var (
	months    = `(January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)`
	dayMonth  = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)? ` + months + `,? (\d{4})\b`)
	monthDay  = regexp.MustCompile(`\b` + months + ` (\d{1,2})(?:st|nd|rd|th)?, (\d{4})\b`)
	monthYear = regexp.MustCompile(`\b` + months + `,? (?:of )?(\d{4})\b`)
	isoDay    = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`)
	yearAlone = regexp.MustCompile(`\b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Dd]uring|[Ff]rom|[Oo]f|late|early|mid) (?:late |early |mid-?)?(1[89]\d\d|20\d\d|21\d\d)\b`)
)

// measured is what behind a number makes it no year: a unit, or a counted noun
// after "of".
var (
	measured = regexp.MustCompile(`^(?:(?:,\d|\.\d| ?%)|(?:(?: to | and | or |[–-])\d[\d,.]*)? (?:percent|per cent|thousand|million|billion|trillion|dollars|euros?|` +
		`tonnes|tons|kilograms|kilometres|kilometers|miles|metres|meters|hectares|acres|litres|barrels|degrees|` +
		`megawatts|gigawatts|kilowatts|[MGk]W|[TGMk]Wh|minutes|hours|days|weeks|months|years|times)\b)`)
	counted = regexp.MustCompile(`^ [\p{Ll}-]{4,}s\b`)
	isOf    = regexp.MustCompile(`^of \d`)
)

// Earliest and latest year that is taken for a date.
const (
	firstYear = 1500
	lastYear  = 2150
)

// Date is the first date that stands in a sentence, the most precise when
// several begin at one place; empty for none.
func Date(s string) briefs.Date {
	if !strings.ContainsAny(s, "0123456789") {
		return ""
	}
	best, at := briefs.Date(""), len(s)
	try := func(d briefs.Date, where int) {
		if first, _, ok := d.Bounds(); ok && first.Year() >= firstYear && first.Year() <= lastYear && where < at {
			best, at = d, where
		}
	}
	sub := func(m []int, n int) string { return s[m[2*n]:m[2*n+1]] }
	if m := dayMonth.FindStringSubmatchIndex(s); m != nil {
		try(day(sub(m, 3), sub(m, 2), sub(m, 1)), m[0])
	}
	if m := monthDay.FindStringSubmatchIndex(s); m != nil {
		try(day(sub(m, 3), sub(m, 1), sub(m, 2)), m[0])
	}
	if m := isoDay.FindStringSubmatchIndex(s); m != nil {
		try(briefs.Date(s[m[0]:m[1]]), m[0])
	}
	if best == "" {
		if m := monthYear.FindStringSubmatchIndex(s); m != nil {
			try(briefs.Date(sub(m, 2)+"-"+month(sub(m, 1))), m[0])
		}
	}
	if best == "" {
		for _, m := range yearAlone.FindAllStringSubmatchIndex(s, -1) {
			behind := s[m[1]:]
			if !measured.MatchString(behind) && !(isOf.MatchString(s[m[0]:]) && counted.MatchString(behind)) {
				try(briefs.Date(sub(m, 1)), m[0])
			}
		}
	}
	return best
}

func day(year, name, d string) briefs.Date {
	if len(d) == 1 {
		d = "0" + d
	}
	return briefs.Date(year + "-" + month(name) + "-" + d)
}

// month is the number of a month by its English name, in two digits.
func month(name string) string {
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), strings.ToLower(name[:3])) {
			return twoDigits(int(m))
		}
	}
	return ""
}

func twoDigits(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }
