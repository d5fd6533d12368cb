package ask

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// window is when what answers a question was published, as its words name it.
type window struct {
	from, to briefs.Date // inclusive; empty is open
	words    string      // that name it
	year     string      // as named; empty for "last year"
}

const (
	aMonth = `(?:January|February|March|April|May|June|July|August|September|October|November|December)`
	aYear  = `(?:19|20)[0-9][0-9]`
)

var (
	// sinceDate is "since May 2015", "before the summit of 2014".
	sinceDate = regexp.MustCompile(`(?i)\b(since|after|before)\s+(?:the\s+)?(?:[\pL-]+\s+){0,5}?((?:(` + aMonth + `)\s+)?(` + aYear + `))\b`)
	// lastYear is "last year", "this month", "in the past three weeks".
	lastYear = regexp.MustCompile(`(?i)\b((last|this|past)\s+(week|month|year))\b`)
	lastDays = regexp.MustCompile(`(?i)\b(?:in|over|during|within|for)\s+the\s+((?:last|past)\s+(?:([0-9]{1,3}|a|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+)?(days?|weeks?|months?|years?|decade))\b`)
)

// fewNumbers are the numbers that lastDays knows by their words.
var fewNumbers = map[string]int{"a": 1, "": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12}

// windowOf reads the window that a question names, nil when it names none. now
// is what "last year" is reckoned from; when it is zero, that names none.
func windowOf(q string, now time.Time) *window {
	if m := sinceDate.FindStringSubmatch(q); m != nil {
		w := datedWindow(strings.ToLower(m[1]), m[3], m[4], dateFollows(q, m))
		if w != nil {
			w.words, w.year = m[1]+" "+m[2], m[4]
		}
		return w
	}
	if now.IsZero() {
		return nil
	}
	now = now.UTC()
	if m := lastDays.FindStringSubmatch(q); m != nil {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			n = fewNumbers[strings.ToLower(m[2])]
		}
		from := now
		switch unit := strings.TrimSuffix(strings.ToLower(m[3]), "s"); unit {
		case "day":
			from = now.AddDate(0, 0, -n)
		case "week":
			from = now.AddDate(0, 0, -7*n)
		case "month":
			from = now.AddDate(0, -n, 0)
		case "year":
			from = now.AddDate(-n, 0, 0)
		default:
			from = now.AddDate(-10, 0, 0)
		}
		return &window{from: day(from), words: m[1]}
	}
	if m := lastYear.FindStringSubmatch(q); m != nil {
		back := 1
		if strings.EqualFold(m[2], "this") {
			back = 0
		}
		w := &window{words: m[1]}
		switch strings.ToLower(m[3]) {
		case "year":
			w.from = briefs.Date(now.AddDate(-back, 0, 0).Format("2006"))
			w.to = w.from
		case "month":
			first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
			w.from = briefs.Date(first.AddDate(0, -back, 0).Format("2006-01"))
			w.to = w.from
		default:
			monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
			w.from, w.to = day(monday.AddDate(0, 0, -7*back)), day(monday.AddDate(0, 0, -7*back+6))
		}
		return w
	}
	return nil
}

// dateFollows reports whether the date of m stands right behind its preposition:
// "before 2014", not "before the summit of 2014".
func dateFollows(q string, m []string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(m[0]), " "), m[1]+" "+strings.Join(strings.Fields(m[2]), " "))
}

// datedWindow is the window since, after or before a month or year. What an
// event of a year came before or after may be told in that year.
func datedWindow(preposition, month, year string, plain bool) *window {
	w := &window{}
	layout, value := "2006", year
	if month != "" {
		layout, value = "2006-01", ""
		if t, err := time.Parse("January 2006", strings.ToUpper(month[:1])+strings.ToLower(month[1:])+" "+year); err == nil {
			value = t.Format(layout)
		}
	}
	first, last, ok := briefs.Date(value).Bounds()
	switch {
	case !ok:
		return nil
	case preposition == "since", preposition == "after" && !plain:
		w.from = briefs.Date(value)
	case preposition == "after":
		w.from = briefs.Date(last.AddDate(0, 0, 1).Format(layout))
	case plain:
		w.to = briefs.Date(first.AddDate(0, 0, -1).Format(layout))
	default:
		w.to = briefs.Date(value)
	}
	return w
}

func day(t time.Time) briefs.Date { return briefs.Date(t.Format("2006-01-02")) }

// within reports whether w leaves anything of the window that r asks for.
func (w *window) within(r *Request) bool {
	n := *r
	w.narrow(&n)
	first, _, ok := n.From.Bounds()
	_, last, both := n.To.Bounds()
	return !ok || !both || !last.Before(first)
}

// narrow makes r ask for what was published in w.
func (w *window) narrow(r *Request) {
	if first, _, ok := w.from.Bounds(); ok {
		if was, _, set := r.From.Bounds(); !set || was.Before(first) {
			r.From = w.from
		}
	}
	if _, last, ok := w.to.Bounds(); ok {
		if _, was, set := r.To.Bounds(); !set || last.Before(was) {
			r.To = w.to
		}
	}
}

// told reports whether the best sentence of ans tells of the year of w.
func (w *window) told(ans *briefs.Answer) bool {
	return w.year != "" && len(ans.Quotes) > 0 && strings.Contains(ans.Quotes[0].Quote.Text(), w.year)
}

// date makes the words that name w tell little of what q is about: when a
// document was published says it.
func (q *question) date(w *window) {
	said := map[string]bool{}
	for _, t := range text.QueryTokens(w.words) {
		said[t.Term] = true
	}
	for i := range q.terms {
		if t := &q.terms[i]; said[t.form] {
			t.frame, t.name, t.verb = true, false, false
		}
	}
}
