package main

import (
	"reflect"
	"testing"

	"briefdesk/briefs/eval"
)

// leastSame are the shares of the questions that must be answered as they were,
// by how they are written; .95 where none is named.
var leastSame = map[string]float64{
	"no question mark": 1, "doubled spaces": 1, "curly quotes": 1, "please": 1,
	"hi, can you tell me": .99, "hello! I would like to know": .99, "the other English": .99,
}

// Golden questions mistyped, in other case, spelling and number, and with
// courtesies, are answered with the same first quote, the same each time; and
// what is met with silence stays so.
func TestPerturbedQuestions(t *testing.T) {
	if testing.Short() {
		t.Skip("the figures are measured in the full run")
	}
	lib := sampleLibrary(t)
	measure := func() []eval.Perturbed {
		all, err := measurePerturbed(t.Context(), newAsker(lib), lib, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := measure()
	for _, p := range all {
		least, ok := leastSame[p.Name]
		if !ok {
			least = .95
		}
		if p.Questions == 0 || float64(p.Same) < least*float64(p.Questions) {
			t.Errorf("%s: %d of %d are answered with the same first quote, want %.2f", p.Name, p.Same, p.Questions, least)
		}
		if float64(p.Silent) < .95*float64(p.Silences) {
			t.Errorf("%s: %d of %d are met with silence again, want .95", p.Name, p.Silent, p.Silences)
		}
		t.Logf("%-28s %4d of %4d the same, %4d of %4d silent again", p.Name, p.Same, p.Questions, p.Silent, p.Silences)
	}
	if again := measure(); !reflect.DeepEqual(again, all) {
		t.Errorf("measured again: %+v\nwant %+v", again, all)
	}
}
