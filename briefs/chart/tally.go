// Package chart draws the picture of a briefing: how many documents were
// published week by week, by collection or by publisher. It draws a PNG that
// reads on a phone, and says the same in words for those who cannot see it.
package chart

import (
	"cmp"
	"slices"
	"time"

	"briefdesk/briefs"
)

// By says what the bars are divided by.
type By string

// What bars are divided by.
const (
	ByCollection By = "collection"
	ByPublisher  By = "publisher"
)

const (
	// mostWeeks keeps bars and their labels apart at 360 px; the oldest weeks
	// of a longer window are left out, and the words say so.
	mostWeeks = 26
	// mostGroups is how many colours are told apart side by side; smaller
	// groups are drawn as one.
	mostGroups = 5
)

// Tally is documents counted by week of publication, Monday to Sunday.
type Tally struct {
	By      By
	Weeks   []time.Time // Mondays, UTC, ascending, without a hole
	Groups  []Group     // the largest first, ties by name; at most mostGroups and one of others
	Undated int         // documents whose day of publication is not known
	Earlier int         // documents of weeks that were left out
}

// Group is the counts of one collection or publisher.
type Group struct {
	Name   string
	Others bool  // stands for several small groups; Name is empty
	Counts []int // one a week
	Total  int
}

// Count tallies the documents that were published from from to to, whole
// days, both included. Documents outside are not counted at all. It returns
// ErrInvalid when to is before from.
func Count(documents []briefs.Document, by By, from, to time.Time) (Tally, error) {
	from, to = day(from), day(to)
	if to.Before(from) {
		return Tally{}, briefs.Fault(briefs.ErrInvalid, "chart: the window ends %s, before it begins %s", to.Format(time.DateOnly), from.Format(time.DateOnly))
	}
	t := Tally{By: by}
	first, last := monday(from), monday(to)
	if earliest := last.AddDate(0, 0, -7*(mostWeeks-1)); first.Before(earliest) {
		first = earliest
	}
	for w := first; !w.After(last); w = w.AddDate(0, 0, 7) {
		t.Weeks = append(t.Weeks, w)
	}
	groups := map[string]*Group{}
	for i := range documents {
		d := &documents[i]
		begin, end, ok := d.Published.Bounds()
		if !ok || !begin.Equal(end) {
			if !ok || (!end.Before(from) && !begin.After(to)) {
				t.Undated++
			}
			continue
		}
		if begin.Before(from) || begin.After(to) {
			continue
		}
		if begin.Before(first) {
			t.Earlier++
			continue
		}
		name := d.Collection
		if by == ByPublisher {
			name = d.Publisher
		}
		g := groups[name]
		if g == nil {
			g = &Group{Name: name, Counts: make([]int, len(t.Weeks))}
			groups[name] = g
		}
		g.Counts[int(begin.Sub(first).Hours()/24)/7]++
		g.Total++
	}
	for _, g := range groups {
		t.Groups = append(t.Groups, *g)
	}
	slices.SortFunc(t.Groups, func(a, b Group) int { return cmp.Or(b.Total-a.Total, cmp.Compare(a.Name, b.Name)) })
	t.fold()
	return t, nil
}

// fold makes one group of those that are too many to tell apart.
func (t *Tally) fold() {
	if len(t.Groups) <= mostGroups+1 {
		return
	}
	others := Group{Others: true, Counts: make([]int, len(t.Weeks))}
	for _, g := range t.Groups[mostGroups:] {
		others.Total += g.Total
		for i, n := range g.Counts {
			others.Counts[i] += n
		}
	}
	t.Groups = append(t.Groups[:mostGroups], others)
}

// Total is how many documents are in the bars.
func (t *Tally) Total() int {
	n := 0
	for _, g := range t.Groups {
		n += g.Total
	}
	return n
}

// week is how many documents all groups have in week i.
func (t *Tally) week(i int) int {
	n := 0
	for _, g := range t.Groups {
		n += g.Counts[i]
	}
	return n
}

func day(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// monday is the first day of the week of t (ISO 8601).
func monday(t time.Time) time.Time {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}
