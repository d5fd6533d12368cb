package eval

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/summary"
)

// Compared is one method over the sets.
type Compared struct {
	Method string `json:"method"`
	Summaries
	Redundancy float64 `json:"redundancy"` // share of pairs of sentences of one summary that say nearly the same
	Verbatim   float64 `json:"verbatim"`   // share of sentences that stand in a document of their set, byte for byte
	Words      float64 `json:"words"`      // mean length of a summary
	// Ahead tells how much the product's summaries are ahead of the method:
	// the mean differences.
	Ahead *Ahead `json:"ahead,omitempty"`
}

// Ahead are mean differences with their intervals.
type Ahead struct {
	Rouge1 Interval `json:"rouge1"`
	Rouge2 Interval `json:"rouge2"`
	RougeL Interval `json:"rougeL"`
}

// Interval is a mean with the bounds of 95 % of bootstrap samples.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// MeasureBaseline summarises every set with b, in at most so many words.
func MeasureBaseline(ctx context.Context, sets []Set, b Baseline, words int) (Compared, []Summary, error) {
	sentences := map[string][]*baseSentence{}
	scores := map[string][]float64{}
	m, all, err := MeasureSummaries(ctx, sets, func(ctx context.Context, s *Set) ([]string, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := s.Collection()
		if sentences[c] == nil {
			docs, err := s.Documents()
			if err != nil {
				return nil, err
			}
			sentences[c] = sentencesOf(docs)
		}
		key := c
		if b.topical {
			key += "\x00" + s.Topic
		}
		if scores[key] == nil {
			scores[key] = b.rank(sentences[c], s.Topic)
		}
		return summaryOf(sentences[c], scores[key], words), nil
	}, nil)
	return Describe(b.Name, m, sets, all), all, err
}

// Describe adds to the measures what the sentences themselves tell.
func Describe(method string, m Summaries, sets []Set, all []Summary) Compared {
	c := Compared{Method: method, Summaries: m}
	pairs, alike, sentences, words := 0, 0, 0, 0
	for i, s := range all {
		for k, a := range s.Sentences {
			sentences++
			words += len(strings.Fields(a))
			for _, d := range sets[i].Docs {
				if strings.Contains(d.Text, a) {
					c.Verbatim++
					break
				}
			}
			for _, b := range s.Sentences[:k] {
				pairs++
				if summary.NearDuplicate(a, b) {
					alike++
				}
			}
		}
	}
	c.Redundancy = float64(alike)
	divide(&c.Redundancy, pairs)
	divide(&c.Verbatim, sentences)
	c.Words = float64(words)
	divide(&c.Words, len(all))
	return c
}

// Bootstrap samples and the seed of their drawing: the same figures each time.
const (
	bootstrapSamples = 10_000
	bootstrapSeed    = 20040725 // ROUGE was presented on that day
)

// AheadOf compares two rankings of the same sets, set by set.
func AheadOf(ours, other []Summary) Ahead {
	difference := func(of func(Rouge) float64) Interval {
		d := make([]float64, len(ours))
		for i := range ours {
			d[i] = of(ours[i].Rouge) - of(other[i].Rouge)
		}
		return bootstrap(d)
	}
	return Ahead{
		difference(func(r Rouge) float64 { return r.R1 }),
		difference(func(r Rouge) float64 { return r.R2 }),
		difference(func(r Rouge) float64 { return r.RL }),
	}
}

// bootstrap returns the mean of d and the percentile interval of the means of
// samples drawn from it with replacement (Efron and Tibshirani 1993).
func bootstrap(d []float64) Interval {
	if len(d) == 0 {
		return Interval{}
	}
	r := rand.New(rand.NewPCG(bootstrapSeed, uint64(len(d))))
	means := make([]float64, bootstrapSamples)
	for i := range means {
		sum := 0.0
		for range d {
			sum += d[r.IntN(len(d))]
		}
		means[i] = sum / float64(len(d))
	}
	slices.SortFunc(means, cmp.Compare[float64])
	sum := 0.0
	for _, v := range d {
		sum += v
	}
	return Interval{sum / float64(len(d)), means[bootstrapSamples*25/1000], means[bootstrapSamples*975/1000]}
}

// Sentences are the quotes of b, in order.
func Sentences(b *briefs.Brief) []string {
	var out []string
	for _, s := range b.Sections {
		for _, it := range s.Items {
			for _, c := range it.Quotes {
				out = append(out, c.Quote.Text())
			}
		}
	}
	return out
}
