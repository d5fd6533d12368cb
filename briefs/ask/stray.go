package ask

// strays reports, as 0 or 1, whether s lacks a name of q and tells of another,
// and whether it lacks a year of q and tells of another. What title and heading
// hold is not lacking. wording is the sentence itself; empty when only its index
// terms are known.
func (q *question) strays(s *sentence, wording string) (rival, redated float64) {
	unnamed, undated := false, false
	for t := range q.terms {
		switch {
		case !q.terms[t].name || max(s.credits[t], s.context[t]) > 0:
		case isYear(q.terms[t].form):
			undated = true
		default:
			unnamed = true
		}
	}
	if unnamed && (q.hasName(wording) || anyOf(s.terms, func(t string) bool { return t[0] == '_' && !q.seeks(t) })) {
		rival = 1
	}
	if undated && anyOf(s.terms, func(t string) bool { return isYear(t) && !q.seeks(t) }) {
		redated = 1
	}
	return rival, redated
}

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
