package structure

import (
	"strings"

	"briefdesk/briefs"
)

// How far before the first item an introduction may stand, in units: an
// announcement with a number, and the author's question. Both are looked for
// at most one paragraph back.
const (
	announceReach = 3
	questionReach = 12
)

// leadIn finds what introduces an enumeration whose first item is unit k, in
// block. It returns the block that the lead-in is in, or an empty span and -1.
// A heading right above a list is always taken.
func (r *reader) leadIn(k, block int, list bool) (briefs.Span, int) {
	if k == 0 {
		return briefs.Span{}, -1
	}
	prev := r.units[k-1]
	if prev.heading && list || r.introduces(prev.Span) || announces(r.text(k-1)) > 0 {
		return r.widen(k - 1), prev.block
	}
	question := -1
	turns := 0
	for j := k - 1; j >= 0 && j >= k-questionReach; j-- {
		u := r.units[j]
		if u.block != block {
			if turns++; turns > 1 && !u.heading {
				break
			}
			block = u.block
		}
		if u.heading {
			if question < 0 && (r.introduces(u.Span) || announces(r.text(j)) > 0) {
				return r.widen(j), u.block
			}
			break
		}
		if k-j <= announceReach && announces(r.text(j)) > 1 {
			return r.widen(j), u.block
		}
		if question < 0 && asks(r.text(j)) {
			question = j
		}
	}
	if question >= 0 {
		return r.widen(question), r.units[question].block
	}
	return briefs.Span{}, -1
}

// widen returns the span of unit k, with the sentence before it in the same
// paragraph where k says nothing by itself ("They include:").
func (r *reader) widen(k int) briefs.Span {
	u := r.units[k]
	if !u.first && pointer(r.text(k)) {
		return briefs.Span{Start: r.units[k-1].Start, End: u.End}
	}
	return u.Span
}

// introduces reports whether a sentence opens something by its end: a colon
// or the author's question, or by saying so.
func (r *reader) introduces(s briefs.Span) bool {
	t := r.d.Text[s.Start:s.End]
	return strings.HasSuffix(t, ":") || strings.HasSuffix(t, ":-") || asks(t) || announces(t) > 1
}

// asks reports whether s is a question of the author, not one in quotation
// marks.
func asks(s string) bool {
	return strings.HasSuffix(strings.TrimRight(s, ")]"), "?")
}

// announces reports how clearly s announces points to come: 2 with a number
// or a word such as "several" or "following", 1 with a bare plural of a noun
// such as "reasons", else 0.
func announces(s string) int {
	if strings.HasSuffix(s, ":") {
		s = s[:len(s)-1]
	}
	result, number := 0, -9 // number: index of the last number word
	scan := wordScanner{s: s}
	for i := 0; scan.next(); i++ {
		w := scan.word
		switch {
		case w == "follows" && scan.before == "as", w == "following" && scan.before == "the",
			strings.HasSuffix(w, "fold") && numbers[strings.TrimRight(strings.TrimSuffix(w, "fold"), "-")] > 1:
			return 2
		case quantities[w] || numbers[w] > 1:
			number = i
		case listed[w] && i-number <= 4:
			return 2
		case listed[w]:
			result = 1
		}
	}
	return result
}

// pointer reports whether s only points on or back, without a word of its
// own: "They include:", "There are three reasons for this.", "Why?".
func pointer(s string) bool {
	scan := wordScanner{s: s}
	for n := 0; scan.next(); n++ {
		w := scan.word
		if n >= 10 || !(hollow[w] || quantities[w] || listed[w] || numbers[w] > 0) {
			return false
		}
	}
	return true
}
