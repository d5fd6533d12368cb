package structure

import (
	"briefdesk/briefs"
)

// How many paragraphs may lie between two points of one enumeration in prose,
// by how clearly they belong together. Chosen by reading what they let in.
const (
	gapParagraphs = 12 // "First," and "Second," both begin paragraphs
	gapSentences  = 6  // one of them is inside a paragraph
	gapAnother    = 3  // "Another reason"
	gapEvent      = 1  // "Then,"
	gapHand       = 2
	gapAdds       = 2 // "Moreover,"
	gapSigns      = 2 // "(1)" inside paragraphs
	gapQuiet      = 1 // "The main one is" before a point without a noun
	gapClose      = 8 // "Finally," at most; it also must not be out of step
)

// maxOpen bounds the enumerations that are open at once.
const maxOpen = 12

// sequence is an enumeration in prose being read.
type sequence struct {
	cues    []cue
	rank    int // of the last point
	hard    int // of the last point that has a number
	maxGap  int
	crossed bool // its points stand under different headings
	needs   int  // the number of points it must have, when the first is implied
}

// tracker joins cues to sequences.
type tracker struct {
	r    *reader
	open []*sequence // inner ones last
	done []found
}

// prose finds the enumerations made in running text. Points in one list item
// are joined only with each other.
func (r *reader) prose() []found {
	text := &tracker{r: r}
	item := &tracker{r: r}
	for k, u := range r.units {
		if u.heading {
			continue
		}
		t := text
		if r.item(k) {
			t = item
			if u.first {
				item.end(0)
			}
		}
		for _, c := range r.cues(k) {
			t.take(c)
		}
	}
	item.end(0)
	text.end(0)
	return append(text.done, item.done...)
}

// end finishes the open sequences from i on.
func (t *tracker) end(i int) {
	t.close(i, cue{unit: -1})
}

// close finishes the open sequences from i on, because an outer one goes on
// with c.
func (t *tracker) close(i int, c cue) {
	for _, s := range t.open[i:] {
		if f, ok := t.r.finish(s, c); ok {
			t.done = append(t.done, f)
		}
	}
	t.open = t.open[:i]
}

// take adds c to the open sequence it fits, or opens one.
func (t *tracker) take(c cue) {
	t.expire(t.r.units[c.unit].para)
	if i := t.find(c); i >= 0 {
		t.close(i+1, c)
		t.open[i].add(t.r, c)
		if c.move == closes {
			t.end(i)
		}
		return
	}
	if c.move == counts && c.rank == 2 && c.initial {
		if s := t.r.implied(c); s != nil && len(t.open) < maxOpen {
			t.open = append(t.open, s)
		}
	}
	if c.move == opens {
		if c.quiet {
			if t.hush(); len(t.open) == maxOpen {
				return
			}
		}
		// The same sign again begins a new list, it does not nest.
		for i, s := range t.open {
			if c.family == s.cues[0].family && c.family != ordinalFamily {
				t.close(i, c)
				break
			}
		}
		if len(t.open) == maxOpen {
			t.close(0, c)
		}
		t.open = append(t.open, &sequence{cues: []cue{c}, rank: 1, hard: 1})
	}
}

// expire finishes the sequences that are too far behind paragraph para.
func (t *tracker) expire(para int) {
	kept := t.open[:0]
	for _, s := range t.open {
		if para-t.r.units[s.last().unit].para <= gapParagraphs {
			kept = append(kept, s)
		} else if f, ok := t.r.finish(s, cue{unit: -1}); ok {
			t.done = append(t.done, f)
		}
	}
	t.open = kept
}

// find returns the open sequence that c continues, or -1: the innermost that
// fits, but for a cue at the beginning of a paragraph rather one whose points
// begin paragraphs.
func (t *tracker) find(c cue) int {
	best := -1
	for slack := 1; slack <= 2 && best < 0; slack++ {
		for i := len(t.open) - 1; i >= 0; i-- {
			if !t.open[i].fits(t.r, c, slack) || t.open[i].hushed() && t.yields(i, c, slack) {
				continue
			}
			if best < 0 {
				best = i
			}
			if !t.r.starts(c) || t.r.starts(t.open[i].cues[0]) {
				return i
			}
		}
	}
	return best
}

// starts reports whether c begins a paragraph.
func (r *reader) starts(c cue) bool { return c.initial && r.units[c.unit].first }

// leads reports whether c begins a paragraph, or its points behind the question
// or announcement that begins it.
func (r *reader) leads(c cue) bool {
	return r.starts(c) || c.initial && r.introduces(r.units[c.unit-1].Span)
}

func (s *sequence) last() cue { return s.cues[len(s.cues)-1] }

// fits reports whether c can be the next point. slack is 1, or 2 to let one
// number be left out.
func (s *sequence) fits(r *reader, c cue, slack int) bool {
	if c.family != s.cues[0].family && !(c.adds && s.cues[0].family == handFamily) {
		return false
	}
	a, b := r.units[s.last().unit], r.units[c.unit]
	gap, same := b.para-a.para, a.section == b.section
	if s.hushed() && !(same && s.heard(r, c, gap)) {
		return false
	}
	both := r.starts(s.last()) && r.starts(c)
	switch c.move {
	case counts:
		if !s.counted(c, slack) || c.pred && !s.last().pred && s.needs == 0 {
			return false
		}
		switch {
		case c.family == dotFamily:
			return a.block == b.block
		case c.family == becauseFamily:
			return s.last().unit == c.unit
		case c.family == handFamily:
			return same && gap <= gapHand
		case c.family != ordinalFamily && !both:
			return same && gap <= gapSigns
		case both:
			return gap <= gapParagraphs
		}
		return same && gap <= gapSentences
	case goesOn:
		limit := gapAnother
		switch {
		case c.there:
			return s.cues[0].there && same && (gap == 0 || r.starts(c) && gap <= gapAdds)
		case c.adds && r.starts(c):
			return r.leads(s.cues[0]) && same && gap <= gapAdds
		case c.adds:
			limit = 0
		case c.weak:
			limit = gapEvent
		case len(s.cues) == 1 && !s.cues[0].one && !s.cues[0].noun:
			return false // "First, the talks …", "Another reason …"
		}
		return same && gap <= limit
	case closes:
		if c.one && (!s.cues[0].one || len(s.cues) > 1) {
			return false
		}
		limit := 2*s.maxGap + 2
		if both && len(s.cues) == 1 {
			limit = 4
		}
		return (same || s.crossed) && gap <= min(limit, gapClose)
	}
	return false
}

// counted reports whether the rank of c comes next.
func (s *sequence) counted(c cue, slack int) bool {
	for _, rank := range []int{c.rank, c.alt} {
		if rank > 1 && (slack == 1 || s.rank == s.hard) && (rank == s.rank+slack || rank == s.hard+slack) {
			return true
		}
	}
	return false
}

// add appends c, which fits.
func (s *sequence) add(r *reader, c cue) {
	if c.move == counts {
		if c.alt > 1 && (c.alt == s.rank+1 || c.alt == s.hard+1) {
			c.rank = c.alt
		}
		// "First, … Then, … Second, …": what has no number was no point.
		if c.rank == s.hard+1 && s.rank > s.hard && c.rank != s.rank+1 {
			for s.last().move == goesOn {
				s.cues = s.cues[:len(s.cues)-1]
			}
		}
		s.rank, s.hard = c.rank, c.rank
	} else {
		s.rank++
	}
	a, b := r.units[s.last().unit], r.units[c.unit]
	s.maxGap = max(s.maxGap, b.para-a.para)
	s.crossed = s.crossed || a.section != b.section
	s.cues = append(s.cues, c)
}

// finish makes an enumeration of s, which ends before the cue after; not ok
// when it is none.
func (r *reader) finish(s *sequence, after cue) (found, bool) {
	if s.last().adds && !r.promised(s) && !s.loose(r) {
		for s.last().adds {
			s.cues = s.cues[:len(s.cues)-1]
		}
	}
	strong := 0
	for _, c := range s.cues {
		if !c.weak {
			strong++
		}
	}
	if strong < 2 && !s.last().adds {
		return found{}, false
	}
	r.trimBack(s)
	if s.needs > 0 && len(s.cues) != s.needs {
		return found{}, false
	}
	var f found
	for i := range s.cues {
		item, ok := r.point(s.cues, i, after)
		if !ok {
			return found{}, false
		}
		f.Items = append(f.Items, item)
		f.blocks = append(f.blocks, r.units[s.cues[i].unit].block)
	}
	f.LeadIn, f.lead = r.proseLead(s.cues[0], f.Items)
	if c := s.cues[0]; c.pred && c.what == "" {
		if strength, _ := announcement(r.d.Slice(f.LeadIn)); strength == 0 {
			return found{}, false
		}
	}
	r.rejoin(&f, s.cues[0].unit)
	return f, true
}

// promised reports whether what comes before s announces as many points as s
// has, at least three.
func (r *reader) promised(s *sequence) bool {
	k := s.cues[0].unit
	for j := k - 1; j >= 0 && j >= k-announceReach; j-- {
		if _, n := announcement(r.text(j)); n > 0 {
			return n == len(s.cues) && n > 2
		}
	}
	return false
}

// labelWords is how many words a sentence has at most that only names its
// point ("First, cost.").
const labelWords = 4

// point makes the item of cues[i]: its sentence, or its clause when the
// sentence holds another point, an introduction, or the cue after.
func (r *reader) point(cues []cue, i int, after cue) (briefs.Item, bool) {
	c := cues[i]
	u := r.units[c.unit]
	next := i+1 < len(cues) && cues[i+1].unit == c.unit
	if next || i > 0 && cues[i-1].unit == c.unit || !c.initial && c.apart {
		start, end := c.body, u.End
		switch {
		case c.late:
			return briefs.Item{}, false
		case next:
			end = cues[i+1].at
		case after.unit == c.unit:
			end = after.at
		}
		span := r.clause(start, end)
		need := 1
		if c.family == ordinalFamily {
			need = 2
		}
		if wordCount(r.d.Slice(span), need) < need || !wordy(r.d.Slice(span)) {
			return briefs.Item{}, false
		}
		return briefs.Item{Span: span, Sentences: []briefs.Span{span}}, true
	}
	item := briefs.Item{Span: u.Span, Sentences: []briefs.Span{u.Span}}
	short := label(r.text(c.unit)) && (c.family != dotFamily || wordCount(r.text(c.unit), labelWords) < labelWords)
	if short && c.unit+1 < len(r.units) {
		n := r.units[c.unit+1]
		taken := i+1 < len(cues) && cues[i+1].unit == c.unit+1 || after.unit == c.unit+1
		next := n.block == u.block || u.first && n.block == u.block+1
		if !taken && next && !n.heading && !r.item(c.unit+1) {
			item.End = n.End
			item.Sentences = append(item.Sentences, n.Span)
		}
	}
	return item, true
}

// label reports whether s only names a point: it is short and no clause, or
// a short question.
func label(s string) bool {
	scan := wordScanner{s: s}
	for n := 0; scan.next(); n++ {
		if n == labelWords || clauseWords[scan.word] && !asks(s) {
			return false
		}
	}
	return true
}

// wordy reports whether s holds a word of three letters that is no
// conjunction.
func wordy(s string) bool {
	scan := wordScanner{s: s}
	for scan.next() {
		if len(scan.word) > 2 && scan.word != "and" && scan.word != "but" && ordinals[scan.word] == 0 {
			return true
		}
	}
	return false
}

// proseLead finds the lead-in of an enumeration whose first cue is c and whose
// items are given: what stands before it in its sentence, else before that.
func (r *reader) proseLead(c cue, items []briefs.Item) (briefs.Span, int) {
	u := r.units[c.unit]
	if items[0].Start > u.Start && c.at > u.Start {
		before := trim(r.d.Text, briefs.Span{Start: u.Start, End: c.at})
		if !before.Empty() && wordy(r.d.Slice(before)) {
			if !u.first && pointer(r.d.Slice(before)) {
				before.Start = r.units[c.unit-1].Start
			}
			return before, u.block
		}
	}
	if lead, block := r.leadIn(c.unit, u.block, len(items), false); block >= 0 || c.family != ordinalFamily {
		return lead, block
	}
	return r.statement(c.unit)
}
