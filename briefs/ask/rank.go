package ask

import (
	"sort"

	"briefdesk/briefs"
)

// Constants of the passage score; see docs/quality.md.
const (
	saturation    = 1.2 // BM25's k1
	lengthShare   = 0.5 // BM25's b
	weightTitle   = 0.5
	weightHeading = 0.3
	weightPassage = 0.35 // share of the passage score in a sentence's
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
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].score != out[j].score {
			return out[i].score > out[j].score
		}
		return out[i].hit.ID < out[j].hit.ID
	})
	return out
}

// ranked is a hit with its reading.
type ranked struct {
	hit *briefs.Hit
	reading
	score float64 // 0 to about 1.8
}

// passageScore is a BM25F-like score over the passage and the fields around
// it, where the other forms of a term count by their credit, as a share of
// what a passage that holds every term would get.
func (q *question) passageScore(m *matcher, r *reading, meanLen float64) float64 {
	if q.mass == 0 {
		return 0
	}
	title, heading := m.matchLine(r.passage.TitleTerms), m.matchLine(r.passage.HeadingTerms)
	length := 0
	for _, s := range r.passage.Terms {
		length += len(s)
	}
	norm := saturation * (1 - lengthShare + lengthShare*float64(length)/max(meanLen, 1))
	sum := 0.0
	for t := range q.terms {
		tf := 0.0
		for i := range r.sentence {
			tf += r.sentence[i].credits[t]
		}
		tf += weightTitle*title[t]*2 + weightHeading*heading[t]*2
		sum += q.terms[t].weight * tf * (saturation + 1) / (tf + norm)
	}
	return sum / q.mass
}
