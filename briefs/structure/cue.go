package structure

import (
	"strings"

	"briefdesk/briefs"
)

// move is what a cue does to the enumeration it belongs to.
type move int

const (
	opens  move = iota + 1 // "First,", "One reason is", "(1)"
	counts                 // "Second,", "(2)": has a rank
	goesOn                 // "Another reason", "Next,"
	closes                 // "Finally,"
)

// cue is a word or sign that begins a point of an enumeration.
type cue struct {
	move
	family  string // cues of one family go together: "ordinal", "hand", or a style of markers
	rank    int    // of opens and counts
	alt     int    // other reading of rank, for letters that may be numerals
	weak    bool   // also tells a plain sequence of events ("Then,")
	quiet   bool   // "The main reason": opens only when another point follows
	super   bool   // "The main": more needs no noun to follow
	loose   bool   // "For one thing": what is added later is a point too
	adds    bool   // "Moreover,": a point only when another one follows, or the number is announced
	top     bool   // "Above all,": adds the last point
	there   bool   // "There was, to start with,", "There was also"
	pred    bool   // "Drought was the first reason."
	one     bool   // "One reason", or needs it ("The other reason")
	noun    bool   // "The first reason"
	what    string // the noun, for quiet ones and what may follow them
	at      int    // where the point begins, in bytes of the text
	body    int    // at, or behind the sign that opens it
	unit    int
	initial bool // at the beginning of its sentence
	late    bool // stands behind its point: "costs on the one hand"
	apart   bool // a colon or dash stands before it: what is before is no part of the point
}

const (
	ordinalFamily = "ordinal"
	handFamily    = "hand"
	dotFamily     = "1." // inside one paragraph
)

// adverbFollowers are words that come right after an adverb of order without
// a comma ("First the …"), and never after the adjective ("First Minister").
var adverbFollowers = words(`the a an this that these those there it he she we
	they you i is are was were comes came my our their his her its because among`)

// pointVerbs come right after a point without its noun ("One is …").
var pointVerbs = words(`is was are were would comes came lies concerns concerned
	involves involved relates has may might could will`)

// breakers end the search for the noun after "the first", "another".
var breakers = words(`a an the of in on at to for by with and or but is was are
	were be been has had have that which who when while as if from into not it he she they we`)

// heads are the first few words of a sentence.
type heads struct {
	s    string
	n    int
	word [8]string
	end  [8]int
}

func readHeads(scan wordScanner) heads {
	h := heads{s: scan.s}
	for h.n < len(h.word) && scan.next() {
		h.word[h.n], h.end[h.n] = scan.word, scan.end
		h.n++
	}
	return h
}

// at returns word i, or "".
func (h *heads) at(i int) string {
	if i < h.n {
		return h.word[i]
	}
	return ""
}

// is reports whether the words of phrase stand at i.
func (h *heads) is(i int, phrase ...string) bool {
	for j, w := range phrase {
		if h.at(i+j) != w {
			return false
		}
	}
	return true
}

// stop reports whether a comma or a stronger sign comes right after word i.
func (h *heads) stop(i int) bool { return i < h.n && stops(h.s[h.end[i]:]) }

// stops reports whether s begins with a comma or a stronger sign.
func stops(s string) bool {
	t := strings.TrimLeft(s, " \u00a0")
	for _, sign := range []string{",", ":", ";", ".", "—", "–", "- "} {
		if strings.HasPrefix(t, sign) {
			return t == s || sign != "."
		}
	}
	return false
}

// adverb reports whether the word of order at i is an adverb.
func (h *heads) adverb(i int) bool {
	if h.stop(i) || adverbFollowers[h.at(i+1)] {
		return true
	}
	if h.at(i+1) == "and" {
		switch h.at(i + 2) {
		case "finally", "lastly", "last", "final", "more", "most", "foremost", "perhaps":
			return true
		}
	}
	return false
}

// point reports whether a noun of listing, a verb or a stop follows the word
// at i: "the first REASON", "another IS", "a second,".
func (h *heads) point(i int) bool {
	if h.at(i+1) == "and" { // "the third and most important reason"
		j := i + 2
		if w := h.at(j); w == "perhaps" || w == "probably" || w == "possibly" {
			j++
		}
		if h.at(j) == "the" {
			j++
		}
		switch w := h.at(j); {
		case w == "most":
			i = j + 1
		case w == "final", w == "last", superlatives[w]:
			i = j
		}
	}
	if next := h.at(i + 1); ordinals[h.at(i)] > 1 && strings.HasSuffix(next, "ed") && len(next) > 4 {
		return true // "The second faded"
	}
	if h.stop(i) || pointVerbs[h.at(i+1)] || h.at(i+1) == "of" && (h.at(i+2) == "these" || h.at(i+2) == "those") {
		return true
	}
	return h.noun(i+1, listing)
}

// noun reports whether one of nouns stands at i or up to two adjectives later.
func (h *heads) noun(i int, nouns map[string]bool) bool { return h.find(i, nouns) >= 0 }

// find returns where one of nouns stands, at i or up to two adjectives later,
// or -1.
func (h *heads) find(i int, nouns map[string]bool) int {
	for j := i; j < i+3; j++ {
		w := h.at(j)
		if nouns[w] {
			return j
		}
		if w == "" || breakers[w] || j < h.n && stops(h.s[h.end[j]:]) {
			break
		}
	}
	return -1
}

// readCue returns the cue that a sentence begins with.
func readCue(scan wordScanner) (cue, bool) {
	h := readHeads(scan)
	i, joined := 0, false
	switch h.at(0) {
	case "and", "but", "so", "yet", "or", "then", "still":
		switch w := h.at(1); w {
		case "finally", "lastly", "last", "another":
			i, joined = 1, true
		case "the", "a":
			if ordinals[h.at(2)] > 1 || h.at(2) == "last" || h.at(2) == "final" {
				i, joined = 1, true
			}
		default:
			if n := additives[w]; ordinals[w] > 1 || n != nil && h.adds(1, n) {
				i, joined = 1, true
			}
		}
	}
	c, ok := h.there()
	if !ok {
		c, ok = h.cue(i)
	}
	if !ok && !joined {
		c, ok = h.predicate()
	}
	if !ok && !joined {
		c, ok = h.quiet()
	}
	if !ok || joined && c.move == opens {
		return cue{}, false
	}
	c.family = first(c.family, ordinalFamily)
	return c, true
}

// first returns a, or b when a is empty.
func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// cue returns the cue that begins with word i.
func (h *heads) cue(i int) (cue, bool) {
	w := h.at(i)
	if n := additives[w]; n != nil && h.adds(i, n) {
		return cue{move: goesOn, weak: true, adds: true, top: w == "above" || w == "most"}, true
	}
	if n := ordinals[w]; n > 0 {
		phrase := n == 1 && (h.is(i+1, "of", "all") || h.is(i+1, "and", "foremost") || h.at(i+1) == "off" && h.stop(i+1) || h.at(i+1) == "up" && h.stop(i+1))
		return ranked(n), phrase || strings.HasSuffix(w, "ly") || h.adverb(i)
	}
	switch w {
	case "finally", "lastly":
		return cue{move: closes}, w == "lastly" || h.stop(i) || adverbFollowers[h.at(i+1)]
	case "last":
		return cue{move: closes}, h.stop(i) || h.is(i+1, "but", "not", "least") || h.is(i+1, "of", "all") || h.at(i+1) == "is" || h.at(i+1) == "comes"
	case "next", "then":
		return cue{move: goesOn, weak: true}, h.adverb(i)
	case "to":
		return cue{move: opens, rank: 1, loose: true}, (h.at(i+1) == "begin" || h.at(i+1) == "start") && h.at(i+2) == "with" && h.stop(i+2)
	case "for":
		switch {
		case h.at(i+1) == "starters" && h.stop(i+1), h.is(i+1, "a", "start") && h.stop(i+2):
			return cue{move: opens, rank: 1, loose: true}, true
		case h.at(i+1) == "one" && (h.stop(i+1) || h.at(i+2) == "thing"):
			return cue{move: opens, rank: 1, one: true, loose: true}, true
		case h.at(i+1) == "another" && (h.stop(i+1) || h.at(i+2) == "thing"):
			return cue{move: goesOn}, true
		}
	case "in":
		if n := ordinals[h.at(i+2)]; h.at(i+1) == "the" && n > 0 && h.at(i+3) == "place" {
			return ranked(n), h.stop(i + 3)
		}
	case "one":
		if h.at(i+1) == "of" {
			return cue{move: opens, rank: 1, one: true}, h.noun(i+3, listed)
		}
		return cue{move: opens, rank: 1, one: true}, h.point(i) && !h.stop(i)
	case "another":
		return cue{move: goesOn, what: h.what(i + 1)}, h.point(i)
	case "yet", "still":
		return cue{move: goesOn}, h.at(i+1) == "another" && h.point(i+1)
	case "the", "a", "an", "my", "our":
		return h.article(i)
	}
	return h.numbered(i)
}

// adds reports whether the rest of one of the phrases of addition stands after
// word i, with a comma behind it.
func (h *heads) adds(i int, rests []string) bool {
	for _, rest := range rests {
		n := i
		for w := range strings.FieldsSeq(rest) {
			if n++; h.at(n) != w {
				n = -1
				break
			}
		}
		if n >= 0 && h.stop(n) {
			return true
		}
	}
	return false
}

// ranked returns the cue of rank n.
func ranked(n int) cue {
	if n == 1 {
		return cue{move: opens, rank: 1}
	}
	return cue{move: counts, rank: n}
}

// article returns the cue of "the first reason", "a further point" and their
// like, where word i is the article.
func (h *heads) article(i int) (cue, bool) {
	w := h.at(i + 1)
	if n := ordinals[w]; n > 0 {
		c := ranked(n)
		c.noun, c.what = true, h.what(i+2)
		return c, h.point(i + 1)
	}
	switch w {
	case "final", "last":
		return cue{move: closes, what: h.what(i + 2)}, h.point(i + 1)
	case "next", "further", "additional", "related":
		return cue{move: goesOn, what: h.what(i + 2)}, h.noun(i+2, listing)
	case "other":
		return cue{move: closes, one: true, what: h.what(i + 2)}, h.point(i + 1)
	}
	return cue{}, false
}

// numbered returns the cue of "Reason 1:", "Step two.", "Number three,".
func (h *heads) numbered(i int) (cue, bool) {
	w := h.at(i)
	if !listing[w] && w != "number" && w != "tip" {
		return cue{}, false
	}
	n := numbers[h.at(i+1)]
	if h.at(i+1) == "1" {
		n = 1
	}
	c := ranked(n)
	c.family = "numbered " + w
	c.what = w
	comma := i+1 < h.n && strings.HasPrefix(h.s[h.end[i+1]:], ",")
	return c, n > 0 && h.stop(i+1) && (w == "number" || !comma)
}

// cues returns the cues in unit k, in order.
func (r *reader) cues(k int) []cue {
	s, at := r.text(k), r.units[k].Start
	out := inlineCues(r.scan(k))
	if len(out) == 0 {
		out = becauseCues(s)
	}
	if c, ok := readCue(r.scan(k)); ok && (len(out) == 0 || out[0].at > 0) {
		c.initial = true
		out = append([]cue{c}, out...)
	}
	for i := range out {
		out[i].unit = k
		out[i].at += at
		out[i].body += at
	}
	return out
}

// clause returns [start,end) without the signs and conjunctions at its end
// that join it to the next point.
func (r *reader) clause(start, end int) briefs.Span {
	span := trim(r.d.Text, briefs.Span{Start: start, End: end})
	for {
		t := r.d.Text[span.Start:span.End]
		cut := strings.TrimRight(t, " \t\r\n\u00a0,;:—–-(")
		for _, w := range []string{" and", " or", " but", " then", " because"} {
			cut = strings.TrimSuffix(cut, w)
		}
		if len(cut) == len(t) {
			return span
		}
		span.End = span.Start + len(cut)
	}
}
