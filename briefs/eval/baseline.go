package eval

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/summary"
	"briefdesk/briefs/text"
)

// Baseline is a published method that a summary is compared with.
type Baseline struct {
	Name string
	// rank scores the sentences of a set, the higher the better.
	rank    func(ss []*baseSentence, topic string) []float64
	topical bool // the topic is used
}

// Baselines are the methods, in the order in which they are reported. All
// choose from the same sentences as a brief may, under the same number of
// words, and none takes a sentence that nearly repeats another.
func Baselines() []Baseline {
	return []Baseline{
		{"lead", lead, false},
		{"lexrank", lexRank, false},
		{"textrank", textRank, false},
		{"centroid", centroid, false},
		{"topic", byTopic, true},
	}
}

// baseSentence is a sentence as the baselines see it.
type baseSentence struct {
	text  string
	words int
	terms map[string]float64 // content terms by count
	order []string           // its terms, each once, sorted
}

// sentencesOf are the sentences of documents that a summary may take, in order.
func sentencesOf(docs []briefs.Document) []*baseSentence {
	var out []*baseSentence
	for i := range docs {
		for _, b := range docs[i].Blocks {
			if b.Role != briefs.RoleParagraph && b.Role != briefs.RoleItem && b.Role != briefs.RoleQuotation {
				continue
			}
			for _, span := range b.Sentences {
				s := &baseSentence{text: docs[i].Slice(span), terms: map[string]float64{}}
				s.words = len(strings.Fields(s.text))
				for _, t := range text.Tokens(s.text) {
					if !t.Stop {
						s.terms[t.Term]++
					}
				}
				for t := range s.terms {
					s.order = append(s.order, t)
				}
				slices.Sort(s.order)
				if len(s.terms) > 0 {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// summaryOf takes sentences by score, ties to the earlier one, while they
// fit into words and say something else, and returns them as they stand.
func summaryOf(ss []*baseSentence, scores []float64, words int) []string {
	order := make([]int, len(ss))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var taken []int
	for _, i := range order {
		if ss[i].words > words || slices.ContainsFunc(taken, func(k int) bool { return summary.NearDuplicate(ss[i].text, ss[k].text) }) {
			continue
		}
		taken = append(taken, i)
		words -= ss[i].words
		if words == 0 {
			break
		}
	}
	slices.Sort(taken)
	out := make([]string, len(taken))
	for k, i := range taken {
		out[k] = ss[i].text
	}
	return out
}

// lead takes the first sentences.
func lead(ss []*baseSentence, _ string) []float64 {
	out := make([]float64, len(ss))
	for i := range out {
		out[i] = -float64(i)
	}
	return out
}

// Constants of the graph methods, as their papers have them.
const (
	damping    = 0.85 // Brin and Page 1998; LexRank writes 1-d
	iterations = 100
	tolerance  = 1e-6
	threshold  = 0.1 // of LexRank's cosine (Erkan and Radev 2004)
)

// lexRank is continuous LexRank (Erkan and Radev 2004): the stationary
// distribution over sentences joined by their idf-modified cosine.
func lexRank(ss []*baseSentence, _ string) []float64 {
	return stationary(similar(ss, inverse(ss), func(cosine float64) float64 {
		if cosine < threshold {
			return 0
		}
		return cosine
	}))
}

// textRank is TextRank (Mihalcea and Tarau 2004): the same over the number of
// common words, divided by the logarithms of the lengths.
func textRank(ss []*baseSentence, _ string) []float64 {
	edges := make([][]edge, len(ss))
	posting := map[string][]int{}
	for i, s := range ss {
		common := map[int]int{}
		for _, t := range s.order {
			for _, k := range posting[t] {
				common[k]++
			}
			posting[t] = append(posting[t], i)
		}
		for k, n := range common {
			if length := math.Log(float64(len(s.order))) + math.Log(float64(len(ss[k].order))); length > 0 {
				w := float64(n) / length
				edges[i] = append(edges[i], edge{k, w})
				edges[k] = append(edges[k], edge{i, w})
			}
		}
	}
	return stationary(edges)
}

// centroid is the cosine of a sentence with the sum of all (Radev et al. 2004,
// with the cosine of Rossiello et al. 2017).
func centroid(ss []*baseSentence, _ string) []float64 {
	idf := inverse(ss)
	whole := &baseSentence{terms: map[string]float64{}}
	for _, s := range ss {
		for t, n := range s.terms {
			whole.terms[t] += n
		}
	}
	for t := range whole.terms {
		whole.order = append(whole.order, t)
	}
	slices.Sort(whole.order)
	out := make([]float64, len(ss))
	for i, s := range ss {
		out[i] = cosine(s, whole, idf)
	}
	return out
}

// byTopic is the cosine of a sentence with the topic; without one, centroid.
func byTopic(ss []*baseSentence, topic string) []float64 {
	t := &baseSentence{terms: map[string]float64{}}
	for _, tok := range text.QueryTokens(topic) {
		if !tok.Stop {
			if t.terms[tok.Term] == 0 {
				t.order = append(t.order, tok.Term)
			}
			t.terms[tok.Term]++
		}
	}
	if len(t.order) == 0 {
		return centroid(ss, "")
	}
	slices.Sort(t.order)
	idf := inverse(ss)
	out := make([]float64, len(ss))
	for i, s := range ss {
		out[i] = cosine(s, t, idf)
	}
	return out
}

// inverse is the inverse document frequency of every term, a sentence being a
// document.
func inverse(ss []*baseSentence) map[string]float64 {
	out := map[string]float64{}
	for _, s := range ss {
		for _, t := range s.order {
			out[t]++
		}
	}
	for t, n := range out {
		out[t] = math.Log(1 + float64(len(ss))/n)
	}
	return out
}

func cosine(a, b *baseSentence, idf map[string]float64) float64 {
	norm := length(a, idf) * length(b, idf)
	if norm == 0 {
		return 0
	}
	dot := 0.0
	for _, t := range a.order {
		dot += a.terms[t] * b.terms[t] * idf[t] * idf[t]
	}
	return dot / norm
}

func length(s *baseSentence, idf map[string]float64) float64 {
	sum := 0.0
	for _, t := range s.order {
		sum += s.terms[t] * s.terms[t] * idf[t] * idf[t]
	}
	return math.Sqrt(sum)
}

type edge struct {
	to     int
	weight float64
}

// similar joins sentences by of(cosine).
func similar(ss []*baseSentence, idf map[string]float64, of func(float64) float64) [][]edge {
	type at struct {
		sentence int
		weight   float64
	}
	posting := map[string][]at{}
	edges := make([][]edge, len(ss))
	dots := make([]float64, len(ss))
	for i, s := range ss {
		clear(dots[:i])
		norm := length(s, idf)
		for _, t := range s.order {
			w := s.terms[t] * idf[t] / norm
			for _, p := range posting[t] {
				dots[p.sentence] += w * p.weight
			}
			posting[t] = append(posting[t], at{i, w})
		}
		for k, d := range dots[:i] {
			if w := of(d); w > 0 {
				edges[i] = append(edges[i], edge{k, w})
				edges[k] = append(edges[k], edge{i, w})
			}
		}
	}
	return edges
}

// stationary is PageRank by power iteration.
func stationary(edges [][]edge) []float64 {
	n := len(edges)
	rank, next, out := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range edges {
		slices.SortFunc(edges[i], func(a, b edge) int { return cmp.Compare(a.to, b.to) }) // so that sums are always taken in one order
		rank[i] = 1 / float64(n)
		for _, e := range edges[i] {
			out[i] += e.weight
		}
	}
	for range iterations {
		loose := 0.0 // of sentences without a neighbour
		for i := range next {
			next[i] = (1 - damping) / float64(n)
			if out[i] == 0 {
				loose += damping * rank[i] / float64(n)
			}
		}
		for i, es := range edges {
			for _, e := range es {
				next[e.to] += damping * rank[i] * e.weight / out[i]
			}
		}
		change := 0.0
		for i := range next {
			next[i] += loose
			change += math.Abs(next[i] - rank[i])
		}
		rank, next = next, rank
		if change < tolerance {
			break
		}
	}
	return rank
}
