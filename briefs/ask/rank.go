package ask

import (
	"cmp"
	"math"
	"slices"

	"briefdesk/briefs"
)

// Constants of the passage score, measured on the sets of docs/quality.md.
const (
	weightTitle   = 1.5 // occurrences that a term in the title counts as
	weightHeading = 0.6 // and one in the headings
	weightPassage = 0.6 // share of the passage score in a sentence's
	meanShare     = 1   // of the mean length of the candidates, which are longer than most passages
)

// rank reads hits against q and returns them best first, with the passage
// score of each.
func (a *Asker) rank(q *question, m *matcher, hits []briefs.Hit) []ranked {
	out := make([]ranked, len(hits))
	total := 0
	for i := range hits {
		for _, s := range hits[i].Terms {
			total += len(s)
		}
	}
	mean := float64(total) / float64(max(len(hits), 1))
	for i := range hits {
		out[i] = ranked{hit: &hits[i], reading: q.read(a.lex, m, &hits[i].Passage, nil)}
		out[i].score = q.passageScore(m, &out[i].reading, mean)
		if q.without[SecondStage] {
			out[i].score = 1 - float64(i+1)/float64(len(hits)+1)
		}
	}
	sortRanked(out)
	return out
}

// sortRanked sorts best first, ties by passage id.
func sortRanked(rs []ranked) {
	slices.SortFunc(rs, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.hit.ID, b.hit.ID))
	})
}

// ranked is a hit with its reading.
type ranked struct {
	hit *briefs.Hit
	reading
	score float64 // [0,1)
}

// passageScore is the divergence-from-randomness weight InL2 (Amati and van
// Rijsbergen 2002), with BM25's inverse document frequency and meanShare as its
// c, over body, title and headings. In the body only a term itself and its
// acronyms count, around it every form by its credit. It is divided by the
// mass of the question, and so lies in [0,1).
func (q *question) passageScore(m *matcher, r *reading, meanLen float64) float64 {
	if q.mass == 0 {
		return 0
	}
	title, heading := m.matchLine(r.passage.TitleTerms), m.matchLine(r.passage.HeadingTerms)
	if q.without[PassageTitles] {
		clear(title)
		clear(heading)
	}
	length := 0
	for _, s := range r.passage.Terms {
		length += len(s)
	}
	norm := math.Log2(1 + meanShare*meanLen/float64(max(length, 1)))
	sum := 0.0
	for t := range q.terms {
		tf := r.count[t]*norm + weightTitle*title[t] + weightHeading*heading[t]
		if tf > 0 {
			sum += q.terms[t].weight * tf / (tf + 1)
		}
	}
	return sum / q.mass
}
