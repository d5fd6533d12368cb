package summary

import "math"

// Constants of the ranking by likeness.
const (
	restart    = 0.15 // share of each round that goes to the topic (Brin and Page 1998)
	rounds     = 50   // at most
	settled    = 1e-5 // change at which the rounds end
	leastAlike = 0.1  // cosine below which sentences are not alike (Erkan and Radev 2004)
)

// rank is LexRank biased toward the topic (Otterbacher, Erkan and Radev
// 2005): how much a reader meets each sentence who goes from sentence to
// sentence by likeness and begins again at those near the topic. The largest
// is 1. Its time grows with the pairs that share a term.
func (p *pool) rank(ss []*sentence) []float64 {
	type at struct {
		i      int
		weight float64
	}
	type edge struct {
		to     int
		weight float64
	}
	n := len(ss)
	postings := make([][]at, len(p.names))
	edges := make([][]edge, n)
	out := make([]float64, n)
	dots := make([]float64, n)
	for i, s := range ss {
		norm := 0.0
		for _, t := range s.terms {
			w := t.count * p.idf[t.id]
			norm += w * w
		}
		norm = math.Sqrt(norm)
		clear(dots[:i])
		for _, t := range s.terms {
			w := t.count * p.idf[t.id] / norm
			for _, o := range postings[t.id] {
				dots[o.i] += w * o.weight
			}
			postings[t.id] = append(postings[t.id], at{i, w})
		}
		for k, d := range dots[:i] {
			if d < leastAlike {
				continue
			}
			edges[i] = append(edges[i], edge{k, d})
			edges[k] = append(edges[k], edge{i, d})
			out[i] += d
			out[k] += d
		}
	}
	begin := make([]float64, n)
	sum := 0.0
	for i, s := range ss {
		begin[i] = s.weight
		sum += s.weight
	}
	now, next := make([]float64, n), make([]float64, n)
	for i := range begin {
		if sum > 0 {
			begin[i] /= sum
		}
		now[i] = begin[i]
	}
	for range rounds {
		lost := 0.0
		clear(next)
		for i, es := range edges {
			if out[i] == 0 {
				lost += now[i]
				continue
			}
			for _, e := range es {
				next[e.to] += (1 - restart) * now[i] * e.weight / out[i]
			}
		}
		change := 0.0
		for i := range next {
			next[i] += (restart + (1-restart)*lost) * begin[i]
			change += math.Abs(next[i] - now[i])
		}
		now, next = next, now
		if change < settled {
			break
		}
	}
	top := 0.0
	for _, v := range now {
		top = max(top, v)
	}
	for i := range now {
		if top > 0 {
			now[i] /= top
		}
	}
	return now
}
