package ask_test

import (
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

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
		article("canal", "The long end of the Sample Canal", "Ed Sample", "Sample Post", "2022-02-02",
			"The Sample Canal closed in 2020 after nine years.\n\nThree mistakes stand out:\n\nThe company bought the locks before the land.\n\nThe engineers built for barges that nobody owns.\n\nThe directors never spoke to the millers."),
		article("pier", "The new pier", "Fay Sample", "Sample Post", "2024-05-02",
			"The new pier at Cape Sample will cost 24 million crowns. President Alder opened it in Lowmouth on 3 May 2023.",
			"The pier employs 1,400 people.",
			"The talks with the ferry towns failed for a mix of reasons. Trust was low. Nobody had a map. The towns wanted rent.",
			"Work on the lift stopped for three reasons. The first was the frost. The second was the flood. The third and most important was that nobody had ordered steel.",
			"Correction: An earlier version of this article said that the new pier will cost 24 million crowns. It will cost 31 million."),
		article("pilots", "Pilots and the fog", "Di Sample", "Sample Post", "2023-07-02",
			"The main reason for the wrecks off Cape Sample is fog. It comes in an hour.",
			"A second problem is the old chart. It leaves out three reefs.",
			"Finally, nobody answers the radio at night.",
			"The harbour board should buy a second radar. It should pay a night watch. The old fog horn was sold. It should print new charts.",
			"The tug owners make two complaints. Their licence costs too much. Their berth is far from the channel. The board has heard both.",
			"Why then does the night pilot stay? He owns the only lamp. He knows every captain.",
			"According to Eve Sample, who kept the light until 2009, the tower leans.",
			"Captains from Norway are patient. They wait for the tide and sleep on board. Captains from Spain left the port in 2016."),
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
		{"Why are there wrecks off Cape Sample?", []string{"is fog", "the old chart", "nobody answers the radio"}},
		{"What should the harbour board do?", []string{"second radar", "night watch"}},
		{"Why did the Sample Canal fail?", []string{"locks before the land", "barges that nobody owns", "spoke to the millers"}},
		{"How much will the new pier cost?", []string{"31 million", "24 million"}},
		{"Why did the talks with the ferry towns fail?", []string{"mix of reasons", "Trust was low", "a map", "wanted rent"}},
		{"How many people does the pier employ?", []string{"1,400 people"}},
		{"Why did work on the lift stop?", []string{"frost", "flood", "ordered steel"}},
		{"When did President Alder open the new pier?", []string{"3 May 2023"}},
		{"What do the tug owners complain about?", []string{"two complaints", "costs too much", "far from the channel"}},
		{"Why does the night pilot stay?", []string{"the only lamp", "every captain"}},
		{"Who says that the tower leans?", []string{"According to Eve Sample"}},
		{"How do captains from Norway behave?", []string{"are patient", "wait for the tide"}},
		{"What do the rules for buoys set?", []string{"seen from two miles", "storm of force ten", "known to the harbour master"}},
	} {
		got := quotes(answer(t, a, ask.Request{Question: c.question}))
		for _, want := range c.holds {
			if !strings.Contains(got, want) {
				t.Errorf("%s\nlacks %q: %s", c.question, want, got)
			}
		}
		if strings.Contains(c.question, "county") && strings.Contains(got, "bakers") {
			t.Errorf("%s\nanswered by all reasons for something else: %s", c.question, got)
		}
		if strings.Contains(got, "ferry company") || strings.Contains(got, "fog horn") || strings.Contains(got, "has heard both") {
			t.Errorf("%s\nsays too much: %s", c.question, got)
		}
	}
}

// A question about a correction shows each sentence of it once.
func TestNoticeOnce(t *testing.T) {
	ans := answer(t, asker(t, harbours()...), ask.Request{Question: "How much will the new pier at Cape Sample cost in crowns by the updated article?"})
	seen := map[string]bool{}
	for _, c := range ans.Quotes {
		if seen[c.Quote.Text()] {
			t.Errorf("%q twice: %s", c.Quote.Text(), quotes(ans))
		}
		seen[c.Quote.Text()] = true
	}
	if !strings.Contains(quotes(ans), "An earlier version") {
		t.Errorf("got %q", quotes(ans))
	}
}

// What is told of another name or year, or of another deed, answers nothing.
func TestStraysAreNoAnswer(t *testing.T) {
	a := asker(t, harbours()...)
	for _, question := range []string{
		"When did Northmouth raise its harbour fee?",
		"When was the dredger of Lowmouth sold?",
		"When did President Birch open the new pier?",
		"When did captains from Denmark leave the port?",
		"When did the crew of the night ferry buy the boat?",
		"Who repaired the dredger of Lowmouth?",
		"How many lighted buoys did the pilots ask for in 2024?",
	} {
		if ans := answer(t, a, ask.Request{Question: question}); ans.Answered() {
			t.Errorf("%s\n%s", question, quotes(ans))
		}
	}
	if ans := answer(t, a, ask.Request{Question: "When did Eastmouth raise its harbour fee?"}); !strings.HasPrefix(quotes(ans), "Eastmouth raised") {
		t.Errorf("got %q", quotes(ans))
	}
}
