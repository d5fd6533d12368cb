package eval

import (
	"context"
	"math"
	"time"

	"briefdesk/briefs/ask"
)

// Trial is a set on which answering is measured, whole and without its
// mechanisms.
type Trial struct {
	Asker   *ask.Asker
	Measure func(context.Context, *ask.Asker) (Sampled, error)
	// Once asks one of Timed questions, by number from 0, to tell what a
	// mechanism costs.
	Once  func(ctx context.Context, a *ask.Asker, i int) error
	Timed int
}

// Ablation is what one mechanism gives on one set.
type Ablation struct {
	Mechanism ask.Mechanism       `json:"mechanism"`
	Gives     map[string]Interval `json:"gives"`        // by measure: how much higher it is with the mechanism
	Cost      float64             `json:"milliseconds"` // that it adds to a question, mean
}

// Ablate measures t whole, and then without each mechanism. each, when not nil,
// is told of every mechanism before it is left out.
func Ablate(ctx context.Context, t Trial, mechanisms []ask.Mechanism, each func(ask.Mechanism)) (Sampled, []Ablation, error) {
	whole, err := t.Measure(ctx, t.Asker)
	if err != nil {
		return whole, nil, err
	}
	out := make([]Ablation, 0, len(mechanisms))
	for _, m := range mechanisms {
		if each != nil {
			each(m)
		}
		less, err := t.Asker.Without(m)
		if err != nil {
			return whole, nil, err
		}
		without, err := t.Measure(ctx, less)
		if err != nil {
			return whole, nil, err
		}
		cost, err := t.cost(ctx, less)
		if err != nil {
			return whole, nil, err
		}
		out = append(out, Ablation{m, whole.Ahead(without), cost})
	}
	return whole, out, nil
}

// timings of a question are taken; the shortest counts, which the rest of the
// machine disturbed least.
const timings = 5

// cost is how much longer t.Asker takes than less, in milliseconds a question.
func (t *Trial) cost(ctx context.Context, less *ask.Asker) (float64, error) {
	if t.Timed == 0 {
		return 0, nil
	}
	var sum time.Duration
	for i := range t.Timed {
		best := [2]time.Duration{math.MaxInt64, math.MaxInt64}
		for range timings {
			for k, a := range []*ask.Asker{t.Asker, less} {
				started := time.Now()
				if err := t.Once(ctx, a, i); err != nil {
					return 0, err
				}
				best[k] = min(best[k], time.Since(started))
			}
		}
		sum += best[0] - best[1]
	}
	return float64(sum) / float64(t.Timed) / float64(time.Millisecond), nil
}
