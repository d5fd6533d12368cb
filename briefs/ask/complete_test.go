package ask_test

import (
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// shown is what an answer shows, joined; empty for silence.
func shown(ans briefs.Answer) string {
	var out []string
	for _, c := range ans.Quotes {
		out = append(out, c.Quote.Text())
	}
	return strings.Join(out, " | ")
}

// harbours are documents that need more than one sentence for an answer.
func harbours() []briefs.Document {
	return []briefs.Document{
		article("dredger", "The dredger that stayed in port", "Ada Sample", "Sample Post", "2023-04-02",
			"The council of Lowmouth bought a dredger in 2019. The purchase of the dredger failed within a year. The crew had been trained on another engine. The channel was too shallow for its hull. The spare parts came from a yard that had closed. Every other harbour on the coast rents one now.",
			"Harbour fees rose in two ports. Eastmouth raised its harbour fee in 2020. Westmouth followed in 2022 with a fee of its own. The fees of the ferry company did not change."),
		article("buoys", "Buoys", "Bo Sample", "Sample Post", "2023-05-02",
			"The pilots asked the ministry for lighted buoys in 2021. The ministry refused, because the batteries would not last a winter.",
			"The rules for buoys set three conditions.\n\nThe buoy must be seen from two miles.\n\nIts chain must hold in a storm of force ten.\n\nIts owner must be known to the harbour master.",
		),
		article("ferry", "Why the night ferry survived", "Cy Sample", "Sample Post", "2023-06-02",
			"Why did the night ferry neither close nor lose its passengers?",
			"First, the bakers need it. Their flour comes from the other bank, and no lorry crosses before dawn.",
			"Second, the county has no interest in a bridge. A bridge would end the toll on the river road. The toll pays for two schools.",
			"Finally, the crew owns the boat."),
	}
}

func TestWholeAnswers(t *testing.T) {
	a := asker(t, harbours()...)
	for _, c := range []struct {
		question string
		holds    []string
	}{
		{"Why did the purchase of the dredger fail?", []string{"purchase of the dredger failed", "crew had been trained", "channel was too shallow"}},
		{"What happened after the pilots asked the ministry for lighted buoys?", []string{"pilots asked the ministry", "The ministry refused"}},
		{"When did Eastmouth and Westmouth raise their harbour fee?", []string{"Eastmouth raised", "Westmouth followed"}},
		{"Why did the night ferry not close?", []string{"bakers need it", "no interest in a bridge", "crew owns the boat"}},
		{"Why has the county no interest in a bridge?", []string{"no interest in a bridge", "end the toll", "two schools"}},
		{"What do the rules for buoys set?", []string{"seen from two miles", "storm of force ten", "known to the harbour master"}},
	} {
		got := shown(answer(t, a, ask.Request{Question: c.question}))
		for _, want := range c.holds {
			if !strings.Contains(got, want) {
				t.Errorf("%s\nlacks %q: %s", c.question, want, got)
			}
		}
		if strings.Contains(c.question, "county") && strings.Contains(got, "bakers") {
			t.Errorf("%s\nanswered by all reasons for something else: %s", c.question, got)
		}
		if strings.Contains(got, "ferry company") {
			t.Errorf("%s\nsays too much: %s", c.question, got)
		}
	}
}

// What is told of another name or year, or of another deed, answers nothing.
func TestStraysAreNoAnswer(t *testing.T) {
	a := asker(t, harbours()...)
	for _, question := range []string{
		"When did Northmouth raise its harbour fee?",
		"When was the dredger of Lowmouth sold?",
		"When did the crew of the night ferry buy the boat?",
		"Who repaired the dredger of Lowmouth?",
		"How many lighted buoys did the pilots ask for in 2024?",
	} {
		if ans := answer(t, a, ask.Request{Question: question}); ans.Answered() {
			t.Errorf("%s\n%s", question, shown(ans))
		}
	}
	if ans := answer(t, a, ask.Request{Question: "When did Eastmouth raise its harbour fee?"}); !strings.HasPrefix(shown(ans), "Eastmouth raised") {
		t.Errorf("got %q", shown(ans))
	}
}
