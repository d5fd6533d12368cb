package summary

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"briefdesk/briefs/dispute"
)

// What two sentences of different voices must have in common to be about one
// thing, and what makes them disagree. By judgement over the sample library:
// few and right rather than many.
const (
	commonTerms   = 4    // content terms
	commonCosine  = 0.25 // by rarity
	commonShare   = 0.5  // of the content terms of the shorter one
	repliedCosine = 0.2  // when one names the author of the other
	mostPairs     = 3
	mostViews     = 600 // sentences that are compared in pairs
	readable      = 0.5 // least fit of either sentence
	nearTopic     = 0.2 // least weight
)

// disagreements are pairs of sentences of different authors about one thing of
// which one denies what the other says, says the opposite, or objects to the
// other's author by name. Two that contradict may be nearly the same in words.
func (w *work) disagreements(words int) []item {
	var ss []*sentence
	for _, s := range w.pool.heaviestOf(w.pool.sentences, mostViews) {
		if !s.used && s.fit >= readable && s.weight >= nearTopic && !s.quoted() {
			ss = append(ss, s)
		}
	}
	views := make([]view, len(ss))
	compared := w.pool.comparison()
	for i, s := range ss {
		views[i] = view{s, compared.of(s), cmp.Or(s.doc.Author, s.doc.Publisher, string(s.doc.ID)), surnames(s.doc.Author)}
	}
	type pair struct {
		a, b    *sentence
		worth   float64
		replies bool // one names the other's author, and no more is known
	}
	var pairs []pair
	for i, a := range views {
		for k := i + 1; k < len(views); k++ {
			b := views[k]
			if a.doc.first == b.doc.first || a.voice == b.voice {
				continue
			}
			contradicts, answers := a.said.Contradicts(b.said) || b.said.Contradicts(a.said), a.said.ObjectsTo(b.authors) || b.said.ObjectsTo(a.authors)
			contradicts = contradicts && !a.said.Elsewhere(b.said)
			if !contradicts && !answers {
				continue
			}
			common, cosine := w.pool.alike(a.sentence, b.sentence)
			near := common >= commonTerms && float64(common) >= commonShare*float64(min(len(a.terms), len(b.terms))) && cosine >= commonCosine
			if contradicts && near || answers && cosine >= repliedCosine {
				pairs = append(pairs, pair{a.sentence, b.sentence, cosine * math.Sqrt(a.weight*b.weight) * a.fit * b.fit, !contradicts})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.worth, a.worth) })
	var out []item
	for _, p := range pairs {
		if len(out) == mostPairs {
			break
		}
		if n := p.a.words + p.b.words; n > words || p.replies && same(p.a.terms, p.b.terms) || w.chosen.says(p.a) || w.chosen.says(p.b) {
			continue
		}
		w.chosen.add(p.a)
		w.chosen.add(p.b)
		words -= p.a.words + p.b.words
		out = append(out, item{sentences: []*sentence{p.a, p.b}})
	}
	return out
}

// view is a sentence with what it affirms and denies.
type view struct {
	*sentence
	said    *dispute.Statement
	voice   string   // who speaks
	authors []string // surnames
}

// surnames are the last words of the names of authors.
func surnames(authors string) []string {
	var out []string
	for name := range strings.SplitSeq(authors, ", ") {
		if words := strings.Fields(name); len(words) > 1 {
			out = append(out, words[len(words)-1])
		}
	}
	return out
}

// alike counts the common terms of two sentences and returns their cosine by
// rarity.
func (p *pool) alike(a, b *sentence) (common int, cosine float64) {
	dot, aa, bb := 0.0, 0.0, 0.0
	weight := func(t term) float64 { return t.count * p.idf[t.id] }
	for _, t := range a.terms {
		aa += weight(t) * weight(t)
	}
	for _, t := range b.terms {
		bb += weight(t) * weight(t)
	}
	for i, j := 0, 0; i < len(a.terms) && j < len(b.terms); {
		switch {
		case a.terms[i].id == b.terms[j].id:
			common++
			dot += weight(a.terms[i]) * weight(b.terms[j])
			i++
			j++
		case a.terms[i].id < b.terms[j].id:
			i++
		default:
			j++
		}
	}
	if aa == 0 || bb == 0 {
		return common, 0
	}
	return common, dot / math.Sqrt(aa*bb)
}
