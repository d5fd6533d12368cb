package ask

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Constants of the smoothing, from the measurements in docs/quality.md.
const (
	smoothPool       = 200  // passages that take part
	smoothNeighbours = 8    // neighbours whose scores count
	smoothShare      = 0.6  // largest share of the neighbours in a score
	smoothCoherence  = 0.15 // mean similarity of the best ten at which the share is full
	smoothTerms      = 40.0 // mean number of their distinct terms at which the share is full
)

// smooth moves the score of each passage toward that of the passages most
// like it among rs, which are sorted best first: where the best hits are much
// alike, a passage among good ones is a good one (score regularisation, Diaz
// 2005). Where they have little in common nothing moves. It sorts rs anew.
func smooth(rs []ranked) {
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
	share := smoothShare * min(1, coherence/pairs/smoothCoherence) * (0.5 + 0.5*min(1, length/smoothTerms))
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

// newVectors weighs every term by its frequency in the passage and its rarity
// among the passages.
func newVectors(rs []ranked) *vectors {
	ids := map[string]int{}
	v := &vectors{of: make([][]component, len(rs))}
	var df []int
	for i := range rs {
		at := map[int]int{}
		for _, line := range rs[i].hit.Terms {
			for t := range strings.SplitSeq(line, " ") {
				id, ok := ids[t]
				if !ok {
					id = len(ids)
					ids[t] = id
					df = append(df, 0)
				}
				k, ok := at[id]
				if !ok {
					k = len(v.of[i])
					at[id] = k
					df[id]++
					v.of[i] = append(v.of[i], component{id: id})
				}
				v.of[i][k].weight++
			}
		}
	}
	v.postings = make([][]component, len(ids))
	for i, cs := range v.of {
		norm := 0.0
		for k := range cs {
			c := &cs[k]
			c.weight = c.weight / (c.weight + 1) * math.Log2(float64(len(rs)+1)/(float64(df[c.id])+0.5))
			norm += c.weight * c.weight
		}
		norm = math.Sqrt(norm)
		for k := range cs {
			if norm > 0 {
				cs[k].weight /= norm
			}
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
