package dispute

import (
	"maps"
	"regexp"
	"strings"

	"briefdesk/briefs/text"
)

// Over says what two sentences disagree over; empty for nothing.
type Over string

// What sentences disagree over.
const (
	OverFact   Over = "fact"   // one denies what the other says, or says the opposite
	OverNumber Over = "number" // each has another number for the same thing
	OverDate   Over = "date"   // each has another date for the same event
)

// Disagree tells what a and b disagree over, as answers to a question about
// what about holds, in index terms; empty when they agree, speak of different
// things, or it cannot be told. It is symmetric. Both must hold about, be of the
// same names, times and certainty, say nothing that only may be so, and but for words by which things are
// reported differ in nothing else.
func Disagree(a, b *Statement, about map[string]bool) Over {
	words := a.r.words
	if a.has(words.conditional) || b.has(words.conditional) || !equalIn(a, b, words.modal) || !maps.Equal(a.names, b.names) && (beyondNames(a, b) || beyondNames(b, a)) || strings.HasSuffix(strings.TrimSpace(a.text), "?") || strings.HasSuffix(strings.TrimSpace(b.text), "?") {
		return ""
	}
	switch {
	case overDate(a, b, about):
		return OverDate
	case !maps.Equal(a.years, b.years) || !equalIn(a, b, words.timed):
		return ""
	case overNumber(a, b, about):
		return OverNumber
	case overFact(a, b, about):
		return OverFact
	}
	return ""
}

// beyondNames reports whether a has a name that does not stand in b in any
// case: a sentence may begin with it.
func beyondNames(a, b *Statement) bool {
	for n := range a.names {
		if !b.terms[n] && !a.r.words.reporting[n] && !a.r.words.timed[n] {
			return true
		}
	}
	return false
}

// equalIn reports whether a and b hold the same ones of words.
func equalIn(a, b *Statement, words map[string]bool) bool {
	return !a.hasBeyond(b, words) && !b.hasBeyond(a, words)
}

// hasBeyond reports whether s holds one of words that o lacks.
func (s *Statement) hasBeyond(o *Statement, words map[string]bool) bool {
	for _, t := range s.tokens {
		if words[t.Term] && !o.terms[t.Term] {
			return true
		}
	}
	return false
}

// has reports whether s holds one of words; as an auxiliary, not the month, where
// that may be.
func (s *Statement) has(words map[string]bool) bool {
	for _, t := range s.tokens {
		if words[t.Term] && (t.Term != "may" || t.Stop) {
			return true
		}
	}
	return false
}

// leastCommon is how many content terms two sentences must share besides what
// they disagree over.
const leastCommon = 2

// overNumber: of some unit each has one amount, and these differ, while all
// else agrees.
func overNumber(a, b *Statement, about map[string]bool) bool {
	if a.Denies() != b.Denies() {
		return false
	}
	x, y := a.amounts(), b.amounts()
	found := false
	for i := range x {
		for k := range y {
			if !x[i].shares(&y[k]) {
				continue
			}
			if !x[i].comparable(&y[k]) || alone(x, &x[i]) > 1 || alone(y, &y[k]) > 1 {
				return false
			}
			if !x[i].differs(&y[k]) {
				continue
			}
			f := a.frameAt(x[i].from, x[i].to, a.numeral)
			g := b.frameAt(y[k].from, y[k].to, b.numeral)
			left := maps.Clone(about)
			maps.DeleteFunc(left, func(t string, _ bool) bool { return in(x[i].units, t) || in(y[k].units, t) || a.r.words.reporting[t] })
			if found || !a.r.alike(f, g, left, leastCommon) || a.Contradicts(b) || b.Contradicts(a) {
				return false
			}
			found = true
		}
	}
	return found
}

func in(units []string, t string) bool {
	for _, u := range units {
		if u == t || synonymous(u, t) {
			return true
		}
	}
	return false
}

// alone counts those of all that may have the unit of a.
func alone(all []amount, a *amount) int {
	n := 0
	for i := range all {
		if all[i].shares(a) {
			n++
		}
	}
	return n
}

func (s *Statement) numeral(i int) bool {
	_, _, number := s.numberAt(i)
	_, scale := s.r.words.scales[strings.ToLower(s.word(i))]
	return number || scale
}

var yearsIn = regexp.MustCompile(`\b(?:1[5-9]|20|21)\d\d\b`)

// overDate: each has one date for an event that happens once, and these cannot
// be the same day.
func overDate(a, b *Statement, about map[string]bool) bool {
	if len(yearsIn.FindAllString(a.text, -1)) != 1 || len(yearsIn.FindAllString(b.text, -1)) != 1 || a.Denies() || b.Denies() {
		return false
	}
	d, e := text.Date(a.text), text.Date(b.text)
	first, last, ok := d.Bounds()
	from, to, both := e.Bounds()
	if !ok || !both || !last.Before(from) && !to.Before(first) {
		return false
	}
	once := false
	for t := range a.affirmed {
		once = once || a.r.words.punctual[t] && b.affirmed[t]
	}
	for _, s := range []*Statement{a, b} {
		for _, w := range []string{"since", "until", "before", "after", "between", "from", "again", "first", "last", "second", "third", "every", "each"} {
			if s.terms[w] {
				return false
			}
		}
	}
	if !once || a.Contradicts(b) || b.Contradicts(a) {
		return false
	}
	f, g := a.frameAt(0, 0, a.dating), b.frameAt(0, 0, b.dating)
	if at := a.dateEnd(); at > 0 {
		f = a.frameAt(at, at, a.dating)
	}
	if at := b.dateEnd(); at > 0 {
		g = b.frameAt(at, at, b.dating)
	}
	return a.r.alike(f, g, about, leastCommon)
}

// dating reports whether token i is part of a date.
func (s *Statement) dating(i int) bool {
	return s.r.words.months[s.tokens[i].Term] || s.word(i)[0] >= '0' && s.word(i)[0] <= '9'
}

// dateEnd is the token behind the year of s.
func (s *Statement) dateEnd() int {
	for i := range s.tokens {
		if yearWord.MatchString(s.word(i)) {
			return i + 1
		}
	}
	return 0
}

// overFact: one denies what the other says, or says the opposite of it.
func overFact(a, b *Statement, about map[string]bool) bool {
	if !numbersAgree(a, b) {
		return false
	}
	at, bt, ok := a.clash(b)
	if !ok {
		if bt, at, ok = b.clash(a); !ok {
			return false
		}
	}
	f := a.frameAt(at, at+1, func(i int) bool { return a.numeral(i) })
	g := b.frameAt(bt, bt+1, func(i int) bool { return b.numeral(i) })
	left := maps.Clone(about)
	delete(left, a.tokens[at].Term)
	delete(left, b.tokens[bt].Term)
	return a.r.alike(f, g, left, max(1, leastCommon-1)) && len(left) > 0
}

// numbersAgree reports whether neither has a number that the other lacks.
func numbersAgree(a, b *Statement) bool { return maps.Equal(a.numbers, b.numbers) }

// clash finds the tokens of s and o by which s denies what o says, or says the
// opposite: one alone, or nothing is certain.
func (s *Statement) clash(o *Statement) (at, other int, ok bool) {
	n := 0
	for t := range s.denied {
		if o.affirmed[t] && !o.denied[t] && !s.affirmed[t] && o.negations == 0 && s.negations == 1 && s.fullyDenies(t) {
			if i := s.place(t); !ok || i < at {
				at, other, ok = i, o.place(t), true
			}
			n = 1
		}
	}
	if ok {
		return at, other, n == 1 && !opposes(s, o)
	}
	for t := range s.opposed {
		if !o.affirmed[t] || s.affirmed[t] || s.negations > 0 || o.negations > 0 {
			continue
		}
		for i, tok := range s.tokens {
			if in(s.r.opposites[tok.Term], t) && !tok.Stop {
				at, other, ok = i, o.place(t), true
				n++
				break
			}
		}
	}
	return at, other, ok && n == 1
}

// opposes reports whether a holds an opposite of what b says.
func opposes(a, b *Statement) bool {
	for t := range a.opposed {
		if b.affirmed[t] && !a.affirmed[t] {
			return true
		}
	}
	return false
}

// place is the first token of s with term t.
func (s *Statement) place(t string) int {
	for i, tok := range s.tokens {
		if tok.Term == t {
			return i
		}
	}
	return 0
}

// fullyDenies reports whether the negation before t denies it as a whole, and
// not "only", "always" or "because" of something.
func (s *Statement) fullyDenies(t string) bool {
	at := s.place(t)
	for i, tok := range s.tokens {
		if !text.Negative(tok.Term) {
			continue
		}
		if i >= at {
			return false
		}
		for k := i + 1; k < len(s.tokens) && !strings.ContainsAny(s.text[s.tokens[k-1].End:s.tokens[k].Start], ",;:()–—"); k++ {
			word := strings.ToLower(s.word(k))
			if s.r.words.partial[s.tokens[k].Term] || k <= at && strings.HasSuffix(word, "ly") {
				return false
			}
		}
		return true
	}
	return false
}
