package ask

import (
	"context"
	"math"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Credits of the forms of a term, relative to the term itself. A synonym
// names the same thing in other words; kin is what stands for it ("beijing"
// for China). Chosen on the sets of docs/quality.md.
const (
	creditSynonym = 0.5
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
	var keys []string
	for _, t := range q.terms {
		keys = append(append(keys, t.form), t.phrases...)
	}
	slices.Sort(keys)
	var acronyms []briefs.Acronym
	if !q.without[Acronyms] {
		var err error
		if acronyms, err = a.lib.Acronyms(ctx, s, slices.Compact(keys)); err != nil {
			return nil, err
		}
	}
	expanded := map[string][]string{}
	for i := range q.terms {
		t := &q.terms[i]
		add := func(words, shown string, credit float64) {
			if addForm(t, words, credit) && !slices.Contains(expanded[t.surface], shown) {
				expanded[t.surface] = append(expanded[t.surface], shown)
			}
		}
		addForm(t, t.form, 1)
		for _, key := range append([]string{t.form}, t.phrases...) {
			for _, ac := range acronyms {
				if ac.ShortTerms == key {
					add(ac.LongTerms, ac.Long, creditAcronym)
				}
				if ac.LongTerms == key {
					add(ac.ShortTerms, ac.Short, creditAcronym)
				}
			}
			if q.without[Synonyms] {
				continue
			}
			for _, s := range text.Synonyms(key) {
				add(s, text.Label(s), creditSynonym)
			}
		}
		if q.without[Kin] {
			continue
		}
		for _, s := range text.Related(t.form) {
			add(s, text.Label(s), creditKin)
		}
	}
	if err := a.rarity(ctx, q, s); err != nil {
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
// the weight of its role.
func (a *Asker) rarity(ctx context.Context, q *question, s briefs.Scope) error {
	words := make([]string, len(q.terms))
	for i, t := range q.terms {
		words[i] = t.form
	}
	df, n, err := a.lib.DocFreq(ctx, s, words)
	if err != nil {
		return err
	}
	q.mass, q.passages = 0, n
	for i := range q.terms {
		t := &q.terms[i]
		prior := idfPrior
		if q.without[Background] {
			prior = 0
		}
		t.weight = idf(df[i], n, prior)
		if q.without[Rarity] {
			t.weight = 1
		}
		if t.frame && !q.without[Roles] {
			t.weight *= roleFrame
		}
		if t.inherited {
			t.weight *= roleInherited
		}
		q.mass += t.weight
	}
	return nil
}

// idf is BM25's inverse document frequency (Robertson and Spärck Jones) of a
// term that df of n passages hold, with prior passages that do not.
func idf(df, n, prior int) float64 {
	return math.Log(1 + (float64(n+prior)-float64(df)+0.5)/(float64(df)+0.5))
}
