package eval

import (
	"context"
	"log/slog"
	"math"
	"reflect"
	"testing"

	"briefdesk/briefs/ask"
)

// Intervals lie around the figure, are the same each time, and narrow with the
// number of questions; a measure that no question counts for has none.
func TestIntervals(t *testing.T) {
	made := func(n int) Sampled {
		s := Sampled{names: []string{"right", "nothing"}}
		for i := range n {
			s.questions = append(s.questions, []ratio{{float64(i % 2), 1}, {}})
		}
		return s
	}
	few, many := made(20), made(2000)
	if got := few.Measures(); !reflect.DeepEqual(got, []string{"right"}) {
		t.Errorf("measures %v", got)
	}
	one, again, other := few.Intervals(), few.Intervals(), many.Intervals()
	if !reflect.DeepEqual(one, again) {
		t.Errorf("%v, and then %v", one, again)
	}
	if _, ok := one["nothing"]; ok || len(one) != 1 {
		t.Errorf("intervals %v", one)
	}
	// of n throws of a coin: ±1.96·√(.25/n)
	for n, i := range map[int]Interval{20: one["right"], 2000: other["right"]} {
		half := 1.96 * math.Sqrt(.25/float64(n))
		if i.Mean != .5 || math.Abs(i.High-i.Mean-half) > .2*half || math.Abs(i.Mean-i.Low-half) > .2*half {
			t.Errorf("%d questions: %+v, want about ±%.3f", n, i, half)
		}
	}
	if ahead := few.Ahead(few)["right"]; ahead != (Interval{}) {
		t.Errorf("ahead of itself by %+v", ahead)
	}
}

// What a mechanism gives is the figure with it less the figure without it.
func TestAblate(t *testing.T) {
	whole := ask.New(slog.New(slog.DiscardHandler), nil)
	asked := 0
	trial := Trial{
		Asker: whole,
		Measure: func(_ context.Context, a *ask.Asker) (Sampled, error) {
			s := Sampled{names: []string{"right"}}
			for i := range 100 {
				s.questions = append(s.questions, []ratio{{share(a == whole || i%4 == 0), 1}})
			}
			return s, nil
		},
		Once:  func(context.Context, *ask.Asker, int) error { asked++; return nil },
		Timed: 3,
	}
	var told []ask.Mechanism
	only := []ask.Mechanism{ask.Synonyms, ask.Enumerations}
	m, out, err := Ablate(t.Context(), trial, only, func(m ask.Mechanism) { told = append(told, m) })
	if err != nil || m.Value("right") != 1 || len(out) != 2 || !reflect.DeepEqual(told, only) {
		t.Fatalf("%+v, %v, told of %v", out, err, told)
	}
	if gives := out[0].Gives["right"]; gives.Mean != .75 || gives.Low < .6 || gives.High > .9 {
		t.Errorf("gives %+v, want .75", gives)
	}
	if want := 2 * 3 * 2 * timings; asked != want {
		t.Errorf("timed %d questions, want %d", asked, want)
	}
	if _, _, err := Ablate(t.Context(), trial, []ask.Mechanism{"luck"}, nil); err == nil {
		t.Error("luck can be left out")
	}
}
