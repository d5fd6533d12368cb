package ask

import (
	"context"
	"math"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Credits of the forms of a term, relative to the term itself. A synonym
// names the same thing in other words; kin ("beijing" for China) is weaker.
// Measured by cross-validation on the sets of docs/quality.md.
const (
	creditSynonym = 0.7
	creditAcronym = 1.0
	creditKin     = 0.5
)

// Weights of the roles that a term can have in a question.
const (
	roleFrame     = 0.15 // "reasons", "explain"
	roleInherited = 0.5  // from the question before
)

// idfPrior is how many passages of ordinary English a library is taken to
// hold beyond its own, so that rarity means something in a library of two
// documents; a library of many thousands does not notice it.
const idfPrior = 200

// weigh fills the forms and the weights of q's terms from the thesaurus and
// the library, and returns the other forms found for the terms as typed.
func (a *Asker) weigh(ctx context.Context, q *question, s briefs.Scope) (map[string][]string, error) {
	if len(q.terms) == 0 {
		return nil, nil
	}
	keys := make([]string, len(q.terms))
	for i, t := range q.terms {
		keys[i] = t.form
	}
	acronyms, err := a.lib.Acronyms(ctx, s, keys)
	if err != nil {
		return nil, err
	}
	expanded := map[string][]string{}
	for i := range q.terms {
		t := &q.terms[i]
		addForm(t, t.form, 1)
		for _, ac := range acronyms {
			if ac.ShortTerms == t.form && addForm(t, ac.LongTerms, creditAcronym) {
				expanded[t.surface] = append(expanded[t.surface], ac.Long)
			}
			if ac.LongTerms == t.form && addForm(t, ac.ShortTerms, creditAcronym) {
				expanded[t.surface] = append(expanded[t.surface], ac.Short)
			}
		}
		for _, s := range text.Synonyms(t.form) {
			if addForm(t, s, creditSynonym) {
				expanded[t.surface] = append(expanded[t.surface], s)
			}
		}
		for _, s := range text.Related(t.form) {
			if addForm(t, s, creditKin) {
				expanded[t.surface] = append(expanded[t.surface], text.Label(s))
			}
		}
	}
	if err := a.rarity(ctx, q); err != nil {
		return nil, err
	}
	return expanded, nil
}

// addForm adds a form to t and reports whether it was new.
func addForm(t *term, words string, credit float64) bool {
	w := strings.Fields(words)
	if len(w) == 0 {
		return false
	}
	for _, f := range t.forms {
		if strings.Join(f.words, " ") == words {
			return false
		}
	}
	t.forms = append(t.forms, form{words: w, credit: credit})
	return true
}

// rarity sets the weight of every term: its inverse document frequency times
// the weight of its role. A phrase is as rare as its rarest word.
func (a *Asker) rarity(ctx context.Context, q *question) error {
	var words []string
	for _, t := range q.terms {
		words = append(words, t.forms[0].words...)
	}
	df, n, err := a.lib.DocFreq(ctx, words)
	if err != nil {
		return err
	}
	k := 0
	q.mass = 0
	for i := range q.terms {
		t := &q.terms[i]
		t.weight = 0
		for range t.forms[0].words {
			t.weight = max(t.weight, idf(df[k], n))
			t.spread = 1
			k++
		}
		if t.frame {
			t.weight *= roleFrame
		}
		if t.inherited {
			t.weight *= roleInherited
		}
		q.mass += t.weight
	}
	return nil
}

// idf is BM25's inverse document frequency (Robertson and Spärck Jones) with
// idfPrior passages added to the library.
func idf(df, n int) float64 {
	return math.Log(1 + (float64(n+idfPrior)-float64(df)+0.5)/(float64(df)+0.5))
}
