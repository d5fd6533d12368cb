package ask

import "strings"

// swapped is what another state, or another name behind the same word, in place
// of the one asked about counts: they are told from other names surely.
const swapped = 5

// strays reports whether s lacks a name of q and tells of another, as 0, 1, or
// swapped for a state in place of a state or "President A" in place of
// "President B", and, as 0 or 1, whether it lacks a year of q and tells of another. What title and heading hold is not lacking.
// wording is the sentence itself; empty when only its index terms are known.
func (q *question) strays(s *sentence, wording string) (rival, redated float64) {
	unnamed, undated, stateless := false, false, false
	for t := range q.terms {
		if q.terms[t].slot != "" && s.credits[t] < 1 && s.context[t] == 0 && q.fills(q.terms[t].slot, wording) {
			rival = swapped
		}
		switch {
		case !q.terms[t].name || max(s.credits[t], s.context[t]) > 0:
		case isYear(q.terms[t].form):
			undated = true
		default:
			unnamed = true
			stateless = stateless || isState(q.terms[t].form)
		}
	}
	if stateless && anyOf(s.terms, func(t string) bool { return isState(t) && !q.seeks(t) }) {
		rival = swapped
	} else if rival == 0 && unnamed && (q.hasName(wording) || anyOf(s.terms, func(t string) bool { return t[0] == '_' && !q.seeks(t) })) {
		rival = 1
	}
	if undated && anyOf(s.terms, func(t string) bool { return isYear(t) && !q.seeks(t) }) {
		redated = 1
	}
	return rival, redated
}

// slots are words behind which a name says where, or who of several, so that
// another name there tells of something else.
var slots = set("in at near president minister chancellor king queen prince pope general admiral senator governor secretary mr mrs ms dr")

// fills reports whether a name that is none of q's stands behind word in a
// sentence.
func (q *question) fills(word, wording string) bool {
	w := strings.Fields(wording)
	for i := 1; i < len(w); i++ {
		name := strings.Trim(w[i], "\"'“”‘’()[]`,.;:!?")
		if strings.EqualFold(strings.Trim(w[i-1], "(“\"'"), word) && name != "" && isUpper(name) && !q.holds(name) && !months[strings.ToLower(name)] {
			return true
		}
	}
	return false
}

// months are capitalised and no places.
var months = set("january february march april may june july august september october november december " +
	"monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter")

// isState reports whether an index term is the concept of a state: two letters.
func isState(t string) bool { return len(t) == len("_xx") && t[0] == '_' }

// seeks reports whether an index term is one of the forms of q's terms.
func (q *question) seeks(form string) bool {
	for _, t := range q.terms {
		for _, f := range t.forms {
			if len(f.words) == 1 && f.words[0] == form {
				return true
			}
		}
	}
	return false
}
