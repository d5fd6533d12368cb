package summary

import (
	"math"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// mostPoints keeps the points beside other sections on one screen.
const mostPoints = 10

// keyPoints are the sentences that cover most.
func (w *work) keyPoints(words int) []item {
	most := 0
	if len(w.r.Sections) != 1 {
		most = mostPoints - len(w.items[briefs.SectionKeyPoints])
		if most == 0 {
			return nil
		}
	}
	return alone(w.pool.cover(&w.chosen, w.pool.sentences, words, most))
}

func alone(ss []*sentence) []item {
	var out []item
	for _, s := range ss {
		out = append(out, item{sentences: []*sentence{s}})
	}
	return out
}

// A document says what a point says when one of its sentences holds this
// share of the point's terms, by rarity, and so many of them, denies it as the
// point does, and names neither the opposite nor another number or name.
const (
	saysShare = 0.5
	saysTerms = 4
)

// agree counts for each key point the sources that say it; those that print
// one text are one.
func (w *work) agree() {
	items := w.items[briefs.SectionKeyPoints]
	if len(items) == 0 {
		return
	}
	c := w.pool.comparison()
	for i, it := range items {
		point := it.sentences[0]
		counted := map[*source]bool{point.doc.first: true}
		it.sources = 1
		for _, s := range w.pool.sentences {
			if !counted[s.doc.first] && w.pool.says(s, point) && !c.of(s).Differ(c.of(point)) {
				counted[s.doc.first] = true
				it.also = append(it.also, s.doc)
				it.sources++
			}
		}
		items[i] = it
	}
}

// says reports whether s says what point says, as far as its terms tell.
func (p *pool) says(s, point *sentence) bool {
	common, mass, total := 0, 0.0, 0.0
	for i, j := 0, 0; i < len(point.terms); i++ {
		t := point.terms[i].id
		total += p.idf[t]
		for j < len(s.terms) && s.terms[j].id < t {
			j++
		}
		if j < len(s.terms) && s.terms[j].id == t {
			common++
			mass += p.idf[t]
		}
	}
	return common >= min(saysTerms, len(point.terms)) && mass >= saysShare*math.Max(total, 1e-9) && denies(s.text) == denies(point.text)
}

// denies reports whether an odd number of negations stands in a sentence.
func denies(sentence string) bool {
	n := 0
	for _, t := range text.Tokens(sentence) {
		if text.Negative(t.Term) {
			n++
		}
	}
	return n%2 == 1
}
