package ask

import "slices"

// dropSource takes the name of the source, and that it says something, out of
// what the question is about.
func (q *question) dropSource() {
	q.speech = false
	for i := range q.terms {
		if t := &q.terms[i]; reports(t.surface) {
			q.mass -= t.weight * (1 - roleFrame)
			t.weight *= roleFrame
			t.verb, t.frame = false, true
		}
	}
	q.terms = slices.DeleteFunc(q.terms, func(t term) bool {
		if t.source {
			q.mass -= t.weight
		}
		return t.source
	})
}

// follow makes q a follow-up of p: when it points back ("and how did they
// …?") or says too little by itself, the terms of the earlier question join
// it at a lower weight.
func (q *question) follow(p *Previous, lex *lexicon) {
	if p == nil {
		return
	}
	own := 0
	for _, t := range q.terms {
		if !t.frame {
			own++
		}
	}
	if own >= selfSufficient && !q.pointsBack {
		return
	}
	before := parse(p.Question, lex)
	for _, t := range before.terms {
		if !slices.ContainsFunc(q.terms, func(u term) bool { return u.form == t.form }) && len(q.terms) < maxTerms {
			t.inherited, t.verb = true, false
			q.terms = append(q.terms, t)
		}
	}
}

// selfSufficient is how many content terms of its own make a follow-up a
// question that stands alone.
const selfSufficient = 4
