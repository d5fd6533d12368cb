package structure

import "briefdesk/briefs"

// superlatives pick out one of several points: "the main reason", "the most
// important".
var superlatives = words(`main chief primary principal biggest largest greatest
	commonest simplest plainest strongest deepest gravest worst best hardest
	easiest oldest obvious overriding foremost leading central most`)

// grounds are nouns that name points of one list by turns: "The main factor is
// … A second problem is …".
var grounds = words(`reason factor cause problem explanation obstacle driver weakness difficulty barrier hurdle flaw
	mistake failing shortcoming issue challenge concern`)

// quiet returns the cue of a sentence that may be the first of several points
// without saying so: "The main reason is cost.", "Cost is one reason.", "The
// official reason is cost."
func (h *heads) quiet() (cue, bool) {
	c := cue{move: opens, rank: 1, noun: true, quiet: true}
	if h.at(0) == "the" {
		if superlatives[h.at(1)] {
			if i := h.find(2, listing); i >= 0 {
				c.super, c.what = true, h.at(i)
				return c, true
			}
			i := 2
			if h.at(1) == "most" {
				i = 3
			}
			c.super = true
			return c, pointVerbs[h.at(i)]
		}
		if i := h.find(1, listing); i >= 0 {
			c.what = h.at(i)
			return c, pointVerbs[h.at(i+1)]
		}
		return cue{}, false
	}
	if clauseWords[h.at(0)] { // "That is one way to see it."
		return cue{}, false
	}
	for i := 1; i < 6; i++ {
		switch h.at(i) {
		case "is", "was", "are", "were":
			if h.at(i+1) != "one" {
				continue
			}
			if j := h.find(i+2, listing); j >= 0 {
				c.one, c.what = true, h.at(j)
				return c, true
			}
		}
	}
	return cue{}, false
}

// what returns the noun of listing at i or up to two adjectives later, or "".
func (h *heads) what(i int) string {
	if j := h.find(i, listing); j >= 0 {
		return h.at(j)
	}
	return ""
}

// hushed reports whether s has only a quiet opening so far.
func (s *sequence) hushed() bool { return len(s.cues) == 1 && s.cues[0].quiet }

// heard reports whether c, which has the rank for it, can be the next point
// after the quiet opening of s, gap paragraphs before it.
func (s *sequence) heard(r *reader, c cue, gap int) bool {
	a := s.cues[0]
	switch {
	case c.weak:
		return false
	case a.pred:
		return (c.pred || c.noun) && (a.what == c.what || c.what == "") && gap <= gapAnother
	case a.what != "" && a.what == c.what:
		return gap <= gapAnother
	case a.super && (a.what == "" || c.what == ""),
		a.super && grounds[a.what] && grounds[c.what] && r.starts(a) && r.starts(c):
		return gap <= gapQuiet
	}
	return c.what == "" && (c.noun || c.move == goesOn) && gap == 0
}

// yields reports whether the quiet opening i leaves c to one further out.
func (t *tracker) yields(i int, c cue, slack int) bool {
	if slack > 1 {
		return true
	}
	for _, s := range t.open[:i] {
		if !s.hushed() && (!c.noun || s.cues[0].noun) && s.fits(t.r, c, slack) {
			return true
		}
	}
	return false
}

// hush drops the quiet openings that nothing has followed, so that there is
// one at most.
func (t *tracker) hush() {
	kept := t.open[:0]
	for _, s := range t.open {
		if !s.hushed() {
			kept = append(kept, s)
		}
	}
	t.open = kept
}

// further reports whether sentence s announces n points besides one that was
// made before: "There are two further reasons."
func further(s string, n int) bool {
	scan := wordScanner{s: s}
	for scan.next() {
		switch w := scan.word; w {
		case "further", "more", "additional", "others":
			if numbers[scan.before] == n {
				return true
			}
		default:
			if numbers[w] == n && (scan.before == "another" || scan.before == "further") {
				return true
			}
		}
	}
	return false
}

// rejoin puts the quiet point that stands before the announcement of further
// ones in front of f, whose first cue is in unit k.
func (r *reader) rejoin(f *found, k int) {
	if k == 0 || !further(r.text(k-1), len(f.Items)) {
		return
	}
	for j := k - 2; j >= max(0, k-1-announceReach*2) && r.units[j].block == r.units[k-1].block; j-- {
		h := readHeads(r.scan(j))
		c, ok := h.quiet()
		if !ok {
			continue
		}
		c.unit, c.at, c.body, c.initial = j, r.units[j].Start, r.units[j].Start, true
		item, ok := r.point([]cue{c}, 0, cue{unit: -1})
		if !ok {
			return
		}
		f.Items = append([]briefs.Item{item}, f.Items...)
		f.blocks = append([]int{r.units[j].block}, f.blocks...)
		f.LeadIn, f.lead = r.proseLead(c, f.Items)
		return
	}
}

// loose reports whether what is added to s makes points of it: it opens with
// "For one thing", or with "First" below a question, and all stands in one paragraph or at the beginning of
// paragraphs.
func (s *sequence) loose(r *reader) bool {
	first := s.cues[0].loose || s.hard == 1 && !s.cues[0].noun && s.cues[0].unit > 0 && r.introduces(r.units[s.cues[0].unit-1].Span)
	if s.last().top && len(s.cues) > 2 { // "One cause … Another … Most important of all,"
		first = true
	}
	if len(s.cues) < 3 && !(s.cues[0].loose && s.last().top) || !first {
		return false
	}
	starts := r.leads(s.cues[0])
	for _, c := range s.cues {
		if !c.initial || r.units[c.unit].block != r.units[s.cues[0].unit].block && !(starts && r.starts(c)) {
			return false
		}
	}
	return true
}

// trimBack drops the last cue of s when it makes one more than the sentence
// before s announces and is of another kind: "The second reason still holds."
// after "There are two reasons. First, … Second, …" refers back.
func (r *reader) trimBack(s *sequence) {
	n := len(s.cues) - 1
	if n < 2 || s.cues[0].unit == 0 || !s.last().noun || s.cues[n-1].noun || r.units[s.last().unit].block == r.units[s.cues[n-1].unit].block {
		return
	}
	if _, count := announcement(r.text(s.cues[0].unit - 1)); count == n {
		s.cues = s.cues[:n]
	}
}
