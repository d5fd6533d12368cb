package ask

// swapped is what another state in place of the one asked about counts: it is
// told from other names surely.
const swapped = 3

// strays reports whether s lacks a name of q and tells of another, as 0, 1, or
// swapped for a state in place of a state, and, as 0 or 1, whether it lacks a
// year of q and tells of another. What title and heading hold is not lacking.
// wording is the sentence itself; empty when only its index terms are known.
func (q *question) strays(s *sentence, wording string) (rival, redated float64) {
	unnamed, undated, stateless := false, false, false
	for t := range q.terms {
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
	} else if unnamed && (q.hasName(wording) || anyOf(s.terms, func(t string) bool { return t[0] == '_' && !q.seeks(t) })) {
		rival = 1
	}
	if undated && anyOf(s.terms, func(t string) bool { return isYear(t) && !q.seeks(t) }) {
		redated = 1
	}
	return rival, redated
}

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
