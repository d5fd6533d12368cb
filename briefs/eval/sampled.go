package eval

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Sampled are measures of a set, question by question, so that it can be told
// how much of a figure is chance. Each measure is the ratio of two sums over the
// questions.
type Sampled struct {
	names     []string
	questions [][]ratio // by question, one for each name
}

// ratio is what one question adds to both sums of a measure.
type ratio struct{ of, over float64 }

// Questions is how many there are.
func (s Sampled) Questions() int { return len(s.questions) }

// Measures are the names of the measures that some question counts for, in order.
func (s Sampled) Measures() []string {
	var out []string
	for k, name := range s.names {
		if slices.ContainsFunc(s.questions, func(q []ratio) bool { return q[k].over != 0 }) {
			out = append(out, name)
		}
	}
	return out
}

// Value is a measure over all questions, 0 when none counts.
func (s Sampled) Value(name string) float64 {
	k := slices.Index(s.names, name)
	if k < 0 {
		return 0
	}
	var sum ratio
	for _, q := range s.questions {
		sum.add(q[k])
	}
	return sum.value()
}

func (r *ratio) add(o ratio) { r.of, r.over = r.of+o.of, r.over+o.over }

func (r ratio) value() float64 {
	if r.over == 0 {
		return 0
	}
	return r.of / r.over
}

// Intervals are the measures with the bounds of 95 % of bootstrap samples of the
// questions, by name.
func (s Sampled) Intervals() map[string]Interval {
	return s.ahead(Sampled{names: s.names, questions: make([][]ratio, len(s.questions))})
}

// Ahead tells by how much each measure of s is higher than that of other, which
// was taken of the same questions, by name.
func (s Sampled) Ahead(other Sampled) map[string]Interval { return s.ahead(other) }

// ahead draws questions with replacement, the same of s and of other. Samples
// without a question that counts are left out.
func (s Sampled) ahead(other Sampled) map[string]Interval {
	n, width := len(s.questions), len(s.names)
	ours, theirs := make([]ratio, width), make([]ratio, width)
	add := func(i int) {
		for k, r := range s.questions[i] {
			ours[k].add(r)
		}
		for k, r := range other.questions[i] {
			theirs[k].add(r)
		}
	}
	drawn := make([][]float64, width)
	for k := range drawn {
		drawn[k] = make([]float64, 0, bootstrapSamples)
	}
	random := rand.New(rand.NewPCG(bootstrapSeed, uint64(n)))
	for range bootstrapSamples {
		clear(ours)
		clear(theirs)
		for range n {
			add(random.IntN(n))
		}
		for k := range drawn {
			if ours[k].over != 0 {
				drawn[k] = append(drawn[k], ours[k].value()-theirs[k].value())
			}
		}
	}
	clear(ours)
	clear(theirs)
	for i := range n {
		add(i)
	}
	out := map[string]Interval{}
	for k, name := range s.names {
		if ours[k].over == 0 {
			continue // no question counts
		}
		d := drawn[k]
		slices.SortFunc(d, cmp.Compare[float64])
		out[name] = Interval{ours[k].value() - theirs[k].value(), d[len(d)*25/1000], d[len(d)*975/1000]}
	}
	return out
}
