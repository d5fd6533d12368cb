package structure

import "briefdesk/briefs"

// beings follow "there" in the openings of parallel sentences.
var beings = words("is are was were")

// there returns the cue of "There was, to start with, …", which opens, and of
// "There was also …", "And there was …" and "Above all there was …", which go
// on with points that were opened so.
func (h *heads) there() (cue, bool) {
	i := 0
	switch {
	case h.is(0, "above", "all"):
		i = 2
	case h.at(0) == "and" && (h.at(1) == "then" || h.at(1) == "finally"):
		i = 2
	case h.at(0) == "and", h.at(0) == "finally", h.at(0) == "lastly":
		i = 1
	}
	if h.at(i) != "there" || !beings[h.at(i+1)] {
		return cue{}, false
	}
	open := cue{move: opens, rank: 1, loose: true, there: true}
	on := cue{move: goesOn, there: true, top: h.at(0) == "above"}
	switch {
	case i > 0:
		return on, !h.stop(i - 1)
	case h.at(2) == "also" || h.at(2) == "too":
		return on, true
	case !h.stop(1):
		return cue{}, false
	case h.at(2) == "to" && (h.at(3) == "begin" || h.at(3) == "start") && h.at(4) == "with":
		return open, h.stop(4)
	case h.at(2) == "first" || h.at(2) == "firstly":
		return open, h.stop(2) || h.is(3, "of", "all") && h.stop(4)
	case h.at(2) == "finally" || h.at(2) == "lastly" || h.at(2) == "moreover" || h.at(2) == "furthermore":
		return on, h.stop(2)
	}
	return cue{}, false
}

// predicate returns the cue of a sentence that gives its rank at the end:
// "Drought was the first reason.", "Debt was the second."
func (h *heads) predicate() (cue, bool) {
	if clauseWords[h.at(0)] || backwards[h.at(0)] {
		return cue{}, false
	}
	for i := 1; i < 5; i++ {
		if h.at(i+1) != "the" || !beings[h.at(i)] {
			continue
		}
		n := ordinals[h.at(i+2)]
		if n == 0 {
			continue
		}
		c := ranked(n)
		c.pred, c.noun, c.quiet = true, true, n == 1
		if h.ends(i + 2) {
			return c, true
		}
		c.what = h.what(i + 3)
		return c, c.what != ""
	}
	return cue{}, false
}

// ends reports whether the sentence or its first clause ends with word i.
func (h *heads) ends(i int) bool {
	return h.stop(i) || i < h.n && (h.s[h.end[i]:] == "." || h.s[h.end[i]:] == "")
}

// leadWords bounds a sentence that announces nothing and stands as a lead-in
// in the paragraph before, in words; backWords one in the paragraph itself, and
// the one that it goes on about.
const (
	leadWords = 25
	backWords = 40
)

// statement returns what the points that begin in unit k explain, where
// nothing announces them: the sentence before, or a short one at the end of
// the paragraph before; with the one before that where it goes on about it
// ("It is not the only one."). The block is -1 when there is none.
func (r *reader) statement(k int) (briefs.Span, int) {
	if k == 0 {
		return briefs.Span{}, -1
	}
	u, prev := r.units[k], r.units[k-1]
	said := r.text(k - 1)
	if prev.heading || prev.section != u.section || r.item(k-1) && prev.block != u.block || wordCount(said, fewestWords) < fewestWords {
		return briefs.Span{}, -1
	}
	role := r.d.Blocks[prev.block].Role
	short := wordCount(said, leadWords+1) <= leadWords && role == briefs.RoleParagraph && prev.para == u.para-1 && r.full(k-1)
	if prev.block != u.block && !short || wordCount(said, backWords+1) > backWords {
		return briefs.Span{}, -1
	}
	if c, cued := readCue(r.scan(k - 1)); cued && !c.quiet {
		return briefs.Span{}, -1
	}
	h := readHeads(r.scan(k - 1))
	if !prev.first && backwards[h.at(0)] && wordCount(r.text(k-2), backWords+1) <= backWords {
		return briefs.Span{Start: r.units[k-2].Start, End: prev.End}, prev.block
	}
	return prev.Span, prev.block
}

// full reports whether unit k ends as a sentence does.
func (r *reader) full(k int) bool {
	switch lastRune(r.text(k)) {
	case '.', '!', '?', ':', '”', '"', ')':
		return true
	}
	return false
}
