package ask

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// measure says what a question about an amount wants to see.
type measure int

// The measures.
const (
	ofAnything  measure = iota
	ofMoney             // how much does it cost
	ofShare             // what percentage
	ofTime              // how long
	ofFrequency         // how often
	ofCount             // how many of a thing
)

// measureOf reads from the tokens of a how-many question what is measured,
// and for a count the term of what is counted: the last noun before a stop
// word ("how many blue boats were …").
func measureOf(toks []text.Token, lex *lexicon) (m measure, counted string) {
	for i, t := range toks {
		next := ""
		if i+1 < len(toks) {
			next = toks[i+1].Term
		}
		switch {
		case lex.shares[t.Term]:
			return ofShare, ""
		case t.Term == "how" && (next == "long" || next == "old"):
			return ofTime, ""
		case t.Term == "how" && next == "often":
			return ofFrequency, ""
		case lex.many[t.Term]:
			for _, u := range toks[i+1:] {
				if u.Stop {
					break
				}
				counted = u.Term
			}
			return ofCount, counted
		case lex.prices[t.Term]:
			m = ofMoney
		}
	}
	return m, ""
}

// typed reports, as 0 or 1, whether a sentence holds what q wants: an amount
// for how many, a date for when, a name for who. wording is the sentence
// itself; empty when only its index terms are known.
func (q *question) typed(l *lexicon, terms []string, wording string) float64 {
	ok := false
	if q.spellsOut {
		return q.spelledOut(terms, wording)
	}
	if q.namesIt && (wording == "" || q.hasName(wording)) {
		return 1
	}
	switch q.kind {
	case briefs.KindWhat:
		ok = q.advice && anyOf(terms, l.advises)
	case briefs.KindHowMany:
		ok = q.measured(l, terms, wording)
	case briefs.KindWhen:
		ok = anyOf(terms, func(t string) bool { return isYear(t) || l.calendar[t] || t == "ago" })
	case briefs.KindWho:
		ok = wording == "" || q.hasName(wording) || anyOf(terms, func(t string) bool { return l.agents[t] })
	case briefs.KindWhere:
		ok = anyOf(terms, func(t string) bool { return t[0] == '_' }) || wording == "" || q.hasName(wording)
	case briefs.KindWhy:
		ok = l.tellsCause(terms)
	}
	if ok {
		return 1
	}
	return 0
}

// spelledOut reports, as 0 or 1, whether a name of q stands in terms in two of
// its forms: an acronym beside its long form.
func (q *question) spelledOut(terms []string, wording string) float64 {
	for _, t := range q.terms {
		if t.name && strings.Contains(wording, "("+t.surface+")") {
			return 1
		}
		found := 0
		for _, f := range t.forms {
			if f.credit < 1 {
				continue
			}
			for i, w := range terms {
				if w == f.words[0] && follows(terms[i+1:], f.words[1:]) {
					found++
					break
				}
			}
		}
		if found > 1 {
			return 1
		}
	}
	return 0
}

// countWindow is how many terms may stand between a number and what it
// counts ("61 costly and late changes").
const countWindow = 6

// measured reports whether the amount that q asks for stands in terms. A bare
// year is no amount; written with a comma it is none.
func (q *question) measured(l *lexicon, terms []string, wording string) bool {
	dates := daysOf(l, terms)
	number := func(t string) bool {
		return isNumber(t) && !dates[t] || l.numbers[t] || isYear(t) && strings.Contains(wording, t[:1]+","+t[1:])
	}
	switch q.measure {
	case ofMoney:
		return anyOf(terms, func(t string) bool { return l.currencies[t] || l.shares[t] }) && anyOf(terms, number)
	case ofShare:
		return anyOf(terms, func(t string) bool { return l.shares[t] || l.fractions[t] }) || anyOf(terms, number)
	case ofTime:
		return anyOf(terms, func(t string) bool { return l.timeUnits[t] })
	case ofFrequency:
		return anyOf(terms, func(t string) bool { return l.rates[t] || number(t) })
	case ofCount:
		if q.counted == "" {
			break
		}
		counted := map[string]bool{q.counted: true}
		for _, s := range text.Synonyms(q.counted) {
			counted[s] = true
		}
		for i, t := range terms {
			if !counted[t] {
				continue
			}
			if slices.Contains(terms[max(0, i-countWindow):i], "number") && anyOf(terms, number) {
				return true
			}
			if anyOf(terms[max(0, i-countWindow):min(len(terms), i+countWindow)], number) {
				return true
			}
		}
		return false
	}
	return anyOf(terms, number)
}

// daysOf returns the numbers beside the name of a month, which count nothing:
// "on 1 May", "May 31".
func daysOf(l *lexicon, terms []string) map[string]bool {
	out := map[string]bool{}
	for i, t := range terms {
		if n, err := strconv.Atoi(t); err != nil || n < 1 || n > 31 {
			continue
		}
		if i > 0 && l.calendar[terms[i-1]] || i+1 < len(terms) && l.calendar[terms[i+1]] {
			out[t] = true
		}
	}
	return out
}

// isNumber reports whether an index term begins with a digit and is no year.
func isNumber(t string) bool { return t != "" && t[0] >= '0' && t[0] <= '9' && !isYear(t) }

func anyOf(terms []string, is func(string) bool) bool {
	for _, t := range terms {
		if t != "" && is(t) {
			return true
		}
	}
	return false
}

// isYear reports whether an index term may be a year of modern history.
func isYear(t string) bool {
	return len(t) == 4 && ("1500" <= t && t < "2100") && strings.Trim(t, "0123456789") == ""
}

// hasName reports whether a capitalised word that the question does not hold
// stands in a sentence, after its first word.
func (q *question) hasName(wording string) bool {
	for i, w := range strings.Fields(wording) {
		w = strings.Trim(w, "\"'“”‘’()[]`,.;:!?")
		if i == 0 || w == "" || w == "I" {
			continue
		}
		if unicode.IsUpper([]rune(w)[0]) && !q.holds(w) {
			return true
		}
	}
	return false
}

// holds reports whether a word of a text is among the terms of q.
func (q *question) holds(word string) bool {
	for _, tok := range text.Tokens(word) {
		for _, t := range q.terms {
			if t.form == tok.Term {
				return true
			}
		}
	}
	return false
}

// tellsCause reports whether terms hold a word that states a cause, and do not
// deny it: "not because".
func (l *lexicon) tellsCause(terms []string) bool {
	for i, t := range terms {
		if l.causal[t] && (i == 0 || !text.Negative(terms[i-1])) {
			return true
		}
	}
	return false
}
