package bot

import (
	"testing"

	"briefdesk/briefs"
)

func TestSearchedFor(t *testing.T) {
	for want, all := range map[string][]briefs.Correction{
		"": nil,
		"Searched for: “sanctions”. Nothing here has “sactions”.":                       {{Typed: "sactions", Read: "sanctions"}},
		"Searched for: “sanctions”, “envoys”. Nothing here has “sactions” or “envyos”.": {{Typed: "sactions", Read: "sanctions"}, {Typed: "envyos", Read: "envoys"}},
	} {
		if got := SearchedFor(all); got != want {
			t.Errorf("%v: %q, want %q", all, got, want)
		}
	}
}

// The words that were found come first, with what they are; then what weighs most.
func TestStrongest(t *testing.T) {
	all := []briefs.Feature{
		{Name: "sentence", Value: .1},
		{Name: "passage", Value: .2},
		{Name: "names it lacks", Value: -3, Note: "Zembla"},
		{Name: "covered", Value: .15, Note: "envoys, levy"},
		{Name: "log-odds of an answer", Value: -1.5},
	}
	var got []string
	for _, f := range strongest(all) {
		got = append(got, Signed(f.Value)+" "+Reason(f))
	}
	want := []string{
		"+0.15 holds the words of the question, or their kin (1 is all of them): envoys, levy",
		"−3.00 lacks names or numbers of the question: Zembla",
		"−1.50 all in all: an answer from 0 up",
		"+0.20 stands in a paragraph that fits",
	}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}
