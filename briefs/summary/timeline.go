package summary

import (
	"cmp"
	"math"
	"regexp"
	"slices"
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

// dateIn is the first date that stands in a sentence, the most precise when
// several begin at one place; empty for none.
func dateIn(s string) briefs.Date {
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

// eventBonus is how much more a day, a month and a year are worth than no
// date, by the length of the date.
var eventBonus = map[int]float64{10: 1, 7: 0.8, 4: 0.5}

// timeline are dated sentences in the order of their dates.
func (w *work) timeline(words int) []item {
	var dated []*sentence
	dates := map[*sentence]briefs.Date{}
	for _, s := range w.pool.sentences {
		if d := dateIn(s.text); d != "" && !s.used {
			dates[s] = d
			dated = append(dated, s)
		}
	}
	out := alone(w.pool.pick(&w.chosen, dated, words, mostRows, func(s *sentence) float64 { return eventBonus[len(dates[s])] }))
	if len(out) < 2 && len(w.r.Sections) != 1 { // one event is no line
		for _, it := range out {
			w.chosen.drop(it.sentences[0])
		}
		return nil
	}
	for i := range out {
		out[i].label = dates[out[i].sentences[0]].Long()
	}
	slices.SortStableFunc(out, func(a, b item) int {
		fa, la, _ := dates[a.sentences[0]].Bounds()
		fb, lb, _ := dates[b.sentences[0]].Bounds()
		return cmp.Or(fa.Compare(fb), la.Compare(lb), inOrder(a.sentences[0], b.sentences[0]))
	})
	return out
}

// mostRows bounds the items of a section.
const mostRows = 12

// pick takes from ss the best by weight, reading and worth, one after the
// other, none that says nearly what was taken, until words are used up or
// most are taken.
func (p *pool) pick(c *chosen, ss []*sentence, words, most int, worth func(*sentence) float64) []*sentence {
	if p.mentions == nil {
		p.mentions = p.worth(p.sentences)
	}
	value := map[*sentence]float64{}
	order := make([]*sentence, 0, len(ss))
	for _, s := range ss {
		if s.used {
			continue
		}
		v := 0.0
		for _, t := range s.terms {
			v += p.mentions[t.id]
		}
		value[s] = v / math.Pow(float64(s.words), lengthPower) * s.weight * s.fit * worth(s)
		if value[s] > 0 {
			order = append(order, s)
		}
	}
	slices.SortStableFunc(order, func(a, b *sentence) int { return cmp.Compare(value[b], value[a]) })
	var out []*sentence
	for _, s := range order {
		if len(out) == most {
			break
		}
		if s.words <= words && !c.says(s) {
			c.add(s)
			out = append(out, s)
			words -= s.words
		}
	}
	return out
}

// drop gives s back.
func (c *chosen) drop(s *sentence) {
	s.used = false
	c.all = slices.DeleteFunc(c.all, func(o *sentence) bool { return o == s })
}
