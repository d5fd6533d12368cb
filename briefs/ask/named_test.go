package ask_test

import (
	"fmt"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// A named source restricts the answer to what it wrote or published, also by
// the acronym of a publisher whose documents are far from the best; where there
// is nothing by it that is told.
func TestNamedSource(t *testing.T) {
	docs := []briefs.Document{
		written("rivers", "Ida Example", "Council on Foreign Rivers", "2021", "In a long text about many other things it is said once that the harbour at Lorem, seen from the hills, may have frozen over night and that the blackout of Lorem was caused by ice."),
		written("una", "Una Invented", "Gale Review", "2014", "The blackout in Lorem was caused by a falling tree."),
		written("odo", "Odo Placeholder", "Tide Gazette", "2015", "The blackout in Lorem was caused by a cook. Ada Absent says that the blackout in Lorem was caused by a kite."),
	}
	for i := range 70 {
		docs = append(docs, written(fmt.Sprintf("crowd%02d", i), "Somebody Else", "Crowd Post", "2016",
			fmt.Sprintf("The blackout in Lorem was caused by ghost number %d, according to a letter to the CFR of Lorem.", i)))
	}
	asker := shelf(t, docs...)
	for _, c := range []struct {
		question, want string // the document that answers first; empty for silence
		source         string // empty for none
		found          bool
	}{
		{"According to CFR, what was the blackout in Lorem caused by?", "rivers", "CFR", true},
		{"according to cfr, what was the blackout in lorem caused by", "rivers", "cfr", true},
		{"What does the Council on Foreign Rivers say about the blackout in Lorem?", "rivers", "Council on Foreign Rivers", true},
		{"What does Invented say about what the blackout in Lorem was caused by?", "una", "Invented", true},
		{"What is Una Invented's view on the blackout in Lorem?", "una", "Una Invented", true},
		{"What is Una Invented’s view on the blackout in Lorem?", "una", "Una Invented", true},
		{"What caused the blackout in Lorem in the view of Una Invented?", "una", "Una Invented", true},
		{"According to the Tide Gazette, what was the blackout in Lorem caused by?", "odo", "Tide Gazette", true},
		{"According to Ada Absent, what was the blackout in Lorem caused by?", "odo", "Ada Absent", false}, // she wrote nothing here, but is told of
		{"According to Zed Zilch, what was the blackout in Lorem caused by?", "", "Zed Zilch", false},
		{"According to Una Invented, why did the talks of Dolor fail?", "", "Una Invented", true},
		{"What was the blackout in Lorem caused by?", "*", "", false},
	} {
		ans := asked(t, asker, c.question)
		got := ""
		if len(ans.Quotes) > 0 {
			got = string(ans.Quotes[0].Quote.Document().ID)
		}
		if got != c.want && (c.want != "*" || got == "") {
			t.Errorf("%s: %q (%s), want %q", c.question, got, ans.Reason, c.want)
		}
		switch s := ans.Source; {
		case (s == nil) != (c.source == ""):
			t.Errorf("%s: source %+v, want %q", c.question, s, c.source)
		case s != nil && (s.Name != c.source || s.Found != c.found):
			t.Errorf("%s: source %+v, want %q, %v", c.question, *s, c.source, c.found)
		}
		if c.found && strings.Contains(told(ans.More)+told(ans.Near)+told(ans.Quotes), "crowd") {
			t.Errorf("%s: others are quoted too: %s, %s, %s", c.question, told(ans.Quotes), told(ans.More), told(ans.Near))
		}
	}
	// Of what another collection holds nothing is told, not even that it is there.
	hidden, err := asker.Ask(t.Context(), ask.Request{Question: "According to CFR, what was the blackout in Lorem caused by?", Scope: briefs.Only("none")})
	if err != nil || hidden.Answered() || hidden.Source == nil || hidden.Source.Found {
		t.Errorf("%+v, %v", hidden, err)
	}
}
