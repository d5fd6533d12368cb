package ask

import (
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// typed reports, as 0 or 1, whether a sentence holds what a question of kind
// k wants: a number for how many, a date for when, a name for who. wording is
// the sentence itself; empty when only its index terms are known.
func (l *lexicon) typed(k briefs.Kind, terms []string, wording string) float64 {
	ok := false
	switch k {
	case briefs.KindHowMany:
		ok = anyOf(terms, func(t string) bool { return t[0] >= '0' && t[0] <= '9' || l.numbers[t] })
	case briefs.KindWhen:
		ok = anyOf(terms, func(t string) bool { return isYear(t) || l.calendar[t] })
	case briefs.KindWho:
		ok = wording != "" && hasName(wording)
	case briefs.KindWhere:
		ok = anyOf(terms, func(t string) bool { return t[0] == '_' }) || wording != "" && hasName(wording)
	case briefs.KindWhy:
		ok = anyOf(terms, func(t string) bool { return l.causal[t] })
	}
	if ok {
		return 1
	}
	return 0
}

func anyOf(terms []string, is func(string) bool) bool {
	for _, t := range terms {
		if t != "" && is(t) {
			return true
		}
	}
	return false
}

func isYear(t string) bool {
	return len(t) == 4 && (t[0] == '1' || t[0] == '2') && strings.Trim(t, "0123456789") == ""
}

// hasName reports whether a capitalised word stands after the first word of
// a sentence.
func hasName(wording string) bool {
	for i, w := range strings.Fields(wording) {
		if i == 0 {
			continue
		}
		r := []rune(strings.TrimLeft(w, "\"'“‘([`"))
		if len(r) > 1 && unicode.IsUpper(r[0]) {
			return true
		}
	}
	return false
}
