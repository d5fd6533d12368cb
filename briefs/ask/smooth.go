package ask

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"briefdesk/briefs/text"
)

// Constants of the smoothing, from the measurements in docs/quality.md.
const (
	smoothPool       = 200  // passages that take part
	smoothNeighbours = 8    // neighbours whose scores count
	smoothShare      = 0.75 // largest share of the neighbours in a score, for Search
	gatherShare      = 0.5  // and for Gather
	smoothCoherence  = 0.15 // mean similarity of the best ten at which the share is full
	smoothTerms      = 40.0 // mean number of their distinct terms at which the share is full
	smoothTitle      = 1.75 // occurrences that a term in the title counts as
	smoothPrior      = 1000 // passages that rarity is reckoned among beside those that take part
)

// smooth moves the score of each passage toward that of the passages most
// like it among rs, which are sorted best first: where the best hits are much
// alike, a passage among good ones is a good one (score regularisation, Diaz
// 2005). Where they have little in common nothing moves. most is the largest
// share of the neighbours in a score. It sorts rs anew.
func smooth(rs []ranked, most float64) {
	pool := rs[:min(len(rs), smoothPool)]
	if len(pool) < 3 {
		return
	}
	v := newVectors(pool)
	top := min(10, len(pool))
	coherence, length, pairs := 0.0, 0.0, 0.0
	sims := make([]float64, len(pool))
	smoothed := make([]float64, len(pool))
	type neighbour struct {
		i   int
		sim float64
	}
	neighbours := make([]neighbour, 0, len(pool))
	for i := range pool {
		v.similar(i, sims)
		neighbours = neighbours[:0]
		for j, s := range sims {
			if j != i && s > 0 {
				neighbours = append(neighbours, neighbour{j, s})
			}
			if i < top && j < i {
				coherence += s
				pairs++
			}
		}
		if i < top {
			length += float64(len(v.of[i])) / float64(top)
		}
		slices.SortFunc(neighbours, func(a, b neighbour) int { return cmp.Or(cmp.Compare(b.sim, a.sim), cmp.Compare(a.i, b.i)) })
		sum, weight := 0.0, 0.0
		for _, n := range neighbours[:min(smoothNeighbours, len(neighbours))] {
			sum += n.sim * pool[n.i].score
			weight += n.sim
		}
		if weight > 0 {
			smoothed[i] = sum / weight
		}
	}
	share := most * min(1, coherence/pairs/smoothCoherence) * (0.5 + 0.5*min(1, length/smoothTerms))
	for i := range pool {
		pool[i].score = (1-share)*pool[i].score + share*smoothed[i]
	}
	sortRanked(rs)
}

// vectors holds the terms of passages as unit vectors.
type vectors struct {
	of       [][]component // by passage
	postings [][]component // by term: passage and weight
}

type component struct {
	id     int
	weight float64
}

// newVectors weighs every term, stop words aside, by its frequency in the
// passage and its title, and by its rarity. What all passages found share
// tells of likeness too: therefore rarity among them and smoothPrior others.
func newVectors(rs []ranked) *vectors {
	v := &vectors{of: make([][]component, len(rs))}
	ids := map[string]int{}                   // below 0 for stop words
	var terms []struct{ df, passage, at int } // passages that hold it, the last of them and where there
	add := func(i int, line string, weight float64) {
		for t := range strings.SplitSeq(line, " ") {
			id, ok := ids[t]
			if !ok {
				id = -1
				if t != "" && !text.Stop(t) {
					id = len(terms)
					terms = append(terms, struct{ df, passage, at int }{0, -1, 0})
				}
				ids[t] = id
			}
			if id < 0 {
				continue
			}
			seen := &terms[id]
			if seen.passage != i {
				seen.df, seen.passage, seen.at = seen.df+1, i, len(v.of[i])
				v.of[i] = append(v.of[i], component{id: id})
			}
			v.of[i][seen.at].weight += weight
		}
	}
	for i := range rs {
		for _, line := range rs[i].hit.Terms {
			add(i, line, 1)
		}
		add(i, rs[i].hit.TitleTerms, smoothTitle)
	}
	v.postings = make([][]component, len(terms))
	for i, cs := range v.of {
		norm := 0.0
		for k := range cs {
			c := &cs[k]
			c.weight = c.weight / (c.weight + 1) * math.Log2((float64(len(rs))+smoothPrior+1)/(float64(terms[c.id].df)+0.5))
			norm += c.weight * c.weight
		}
		norm = math.Sqrt(norm)
		for k := range cs {
			cs[k].weight /= norm
			v.postings[cs[k].id] = append(v.postings[cs[k].id], component{i, cs[k].weight})
		}
	}
	return v
}

// similar fills sims with the cosine of passage i and every passage.
func (v *vectors) similar(i int, sims []float64) {
	clear(sims)
	for _, c := range v.of[i] {
		for _, p := range v.postings[c.id] {
			sims[p.id] += c.weight * p.weight
		}
	}
}
