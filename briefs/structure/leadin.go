package structure

import (
	"sort"
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

// leadIn finds what introduces an enumeration of n points whose first item is
// unit k, in block. It returns the block that the lead-in is in, or an empty
// span and -1. A heading right above a list is always taken.
func (r *reader) leadIn(k, block, n int, list bool) (briefs.Span, int) {
	if k == 0 {
		return briefs.Span{}, -1
	}
	prev := r.units[k-1]
	strength, count := announcement(r.text(k - 1))
	if r.introduces(prev.Span) || count == n || list && (prev.heading || r.unfinished(k-1)) {
		return r.widen(k - 1), prev.block
	}
	turns, best := 0, -1
	if strength > 0 {
		best = k - 1
	}
	for j := k - 1; j >= 0 && j >= k-questionReach; j-- {
		u := r.units[j]
		if u.block != block {
			if turns++; turns > 1 && !u.heading {
				break
			}
			block = u.block
		}
		said, _ := announcement(r.text(j))
		if asks(r.text(j)) || said > 1 && (u.heading || k-j <= announceReach) {
			best = j
			break
		}
		if u.heading {
			if best < 0 && said > 0 {
				best = j
			}
			break
		}
	}
	if best < 0 {
		return briefs.Span{}, -1
	}
	return r.widen(best), r.units[best].block
}

// unfinished reports whether unit k breaks off without a full stop, so that
// the list after it completes it.
func (r *reader) unfinished(k int) bool {
	return !r.item(k) && !strings.ContainsRune(".!?…\"”’»)]*", lastRune(r.text(k)))
}

// widen returns the span of unit k, with the sentence before it in the same
// paragraph where k says nothing by itself ("They include:").
func (r *reader) widen(k int) briefs.Span {
	u := r.units[k]
	if !u.first && (pointer(r.text(k)) || strings.HasSuffix(r.text(k), " why.") && asks(r.text(k-1))) {
		return briefs.Span{Start: r.units[k-1].Start, End: u.End}
	}
	return u.Span
}

// introduces reports whether a sentence opens something by its end: a colon
// or the author's question, or by saying so.
func (r *reader) introduces(s briefs.Span) bool {
	t := r.d.Text[s.Start:s.End]
	if strings.HasSuffix(t, ":") || strings.HasSuffix(t, ":-") || strings.HasSuffix(t, " why.") || asks(t) {
		return true
	}
	return r.saying(s).strength > 1
}

// asks reports whether s is a question of the author, not one in quotation
// marks.
func asks(s string) bool {
	return strings.HasSuffix(strings.TrimRight(s, ")]"), "?")
}

// backward are words before a number that make it point back: "the first two
// factors".
var backward = words("first last next other these those latter former all past previous top")

// said is what a sentence announces: see announcement.
type said struct {
	strength, count int
	noun            string // of the points
	read            bool
}

// saying is readAnnouncement of the text of s, which is read once where it is a
// unit.
func (r *reader) saying(s briefs.Span) said {
	k := sort.Search(len(r.units), func(k int) bool { return r.units[k].Start >= s.Start })
	if k == len(r.units) || r.units[k].Span != s {
		var a said
		a.strength, a.count, a.noun = readAnnouncement(scan(r.d.Text[s.Start:s.End]))
		return a
	}
	a := &r.said[k]
	if !a.read {
		a.strength, a.count, a.noun = readAnnouncement(r.scan(k))
		a.read = true
	}
	return *a
}

// announcement reports how clearly s announces points to come: 2 with a
// number or a word such as "several" or "following", 1 with a bare plural of a
// noun such as "reasons", else 0. count is the number it gives of anything.
func announcement(s string) (strength, count int) {
	strength, count, _ = readAnnouncement(scan(s))
	return strength, count
}

// readAnnouncement is announcement with the noun of the points.
func readAnnouncement(scan wordScanner) (strength, count int, noun string) {
	number, value := -9, 0 // the last number word: its place, what it says
	for i := 0; scan.next(); i++ {
		w, c := scan.word, scan.class
		near := i-number <= 4
		switch {
		case w == "follows" && scan.before == "as", w == "following" && scan.before == "the",
			i == 1 && scan.before == "here" && (w == "is" || w == "are"),
			scan.before == "of" && near && value > 0 && (w == "them" || w == "these" || w == "those"):
			strength = 2
		case strings.HasSuffix(w, "fold") && numbers[strings.TrimRight(strings.TrimSuffix(w, "fold"), "-")] > 1:
			return 2, numbers[strings.TrimRight(strings.TrimSuffix(w, "fold"), "-")], ""
		case c&quantity != 0:
			if !backward[scan.before] {
				number, value = i, numbers[w]
			}
		case c&announcer != 0 && near:
			strength, count, noun = 2, max(count, value), w
		case c&listedNoun != 0:
			strength = max(strength, 1)
		case c&breaker != 0 && w != "of" && w != "the" && w != "and":
			number = -9 // "five to ask questions"
		case near && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "ous"):
			if value > 0 && i-number <= 3 {
				count = value
			}
			number = -9 // "seven years of questions"
		}
	}
	return strength, count, noun
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
