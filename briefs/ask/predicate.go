package ask

import (
	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// markPredicate marks the term that stands where the predicate of the
// question stands: after an auxiliary the first verb behind the subject, after
// who the first verb. Questions that ask what something is have none.
func markPredicate(q *question, toks []text.Token, lex *lexicon) {
	aux, subject := false, false
	for i, t := range toks {
		switch {
		case t.Term == "who":
			aux, subject = true, true
			if i+1 < len(toks) && !toks[i+1].Stop {
				mark(q, toks[i+1].Term, lex) // "who sued …": whatever follows is the verb
				return
			}
		case lex.support[t.Term] && t.Stop, lex.be[t.Term] && q.kind != briefs.KindWhat && q.kind != briefs.KindList:
			aux = true
			if q.kind == briefs.KindHowMany && i > 2 {
				subject = true // "how many permits were issued"
			}
		case !aux || t.Stop:
		case subject && lex.verbs[t.Term] || lex.speech[t.Term]:
			mark(q, t.Term, lex)
			return
		default:
			subject = true
		}
	}
}

// mark makes the term of q with this form its predicate.
func mark(q *question, form string, lex *lexicon) {
	for i := range q.terms {
		if t := &q.terms[i]; t.form == form && (!t.frame || lex.speech[form]) {
			t.verb, t.frame = true, false
			q.speech = lex.speech[form]
		}
	}
}

// markHead marks the noun that "what is the NOUN of …" asks for as what an
// answer must tell: a sentence about the rest of the question tells nothing.
func markHead(q *question, toks []text.Token, lex *lexicon) {
	if q.kind != briefs.KindWhat {
		return
	}
	head, be := "", false
	for _, t := range toks {
		switch {
		case lex.be[t.Term]:
			be = true
		case t.Term == "of" || t.Term == "for":
			for i := range q.terms {
				if u := &q.terms[i]; be && u.form == head && !u.frame && !u.name {
					u.verb = true
				}
			}
			return
		case !t.Stop:
			head = t.Term
		}
	}
}
