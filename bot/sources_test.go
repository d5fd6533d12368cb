package bot_test

import (
	"strings"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// withDispute adds two documents that disagree, to the collection of the room.
func withDispute(t *testing.T, s *scene) {
	t.Helper()
	for _, d := range []briefs.Document{
		{ID: "tide", Title: "What the blackout taught", Author: "Odo Placeholder", Published: "2019-03", Text: "The blackout in Ipsum lasted nine hours, an inquiry found."},
		{ID: "gale", Title: "The blackout in Ipsum", Author: "Una Invented", Published: "2014-05-01", Text: "The blackout in Ipsum lasted 14 hours and stopped every tram."},
	} {
		d.Collection = "cyber"
		structure.Analyze(&d)
		if _, err := s.Lib.PutDocuments(t.Context(), []briefs.Document{d}); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	both    = "How long did the blackout in Ipsum last? Who ordered the zeppelins of Norvallia? " + "Why did US-China cyber relations not break down?"
	howLong = "How long did the blackout in Ipsum last?"
)

// shownOf are the words of an answer to both, in their order.
func shownOf() []string {
	return append([]string{
		howLong, "Sources disagree:", "1  “The blackout in Ipsum lasted 14 hours and stopped every tram.” [1]", "Una Invented · 1 May 2014 · 12 years old",
		"2  “The blackout in Ipsum lasted nine hours, an inquiry found.” [2]", "Odo Placeholder · March 2019 · 7 years old",
		"Who ordered the zeppelins of Norvallia?", bot.Silence, "Why did US-China", "Reasons given, in order:",
	}, append(chattest.Reasons(), "[1] The blackout in Ipsum", "12 years old", "[2] What the blackout taught", "[3] The Quarrel That Held")...)
}

// Several questions are answered each below its own; what disagrees stands
// together, dated; and so it does when the answer is shared to the room.
func TestSeveralQuestionsAndSourcesThatDisagree(t *testing.T) {
	s := newScene(t)
	withDispute(t, s)
	r := s.one(mention("m1", both))
	contains(t, r.Part.Text, shownOf()...)
	headings := 0
	for _, b := range r.post(t).Blocks {
		if b.Kind == bot.BlockHeading {
			headings++
		}
	}
	if headings != 3 {
		t.Errorf("%d headings, want one a question:\n%s", headings, r.Part.Text)
	}
	private := s.one(bot.Event{Kind: bot.EventCommand, Command: "ask", Text: both})
	contains(t, private.Part.Text, append([]string{"How long did"}, shownOf()...)...)
	a, ok := action(private.post(t), bot.ActionShare)
	if !ok {
		t.Fatal("it cannot be shared")
	}
	shared := s.one(bot.Event{Kind: bot.EventAction, Action: bot.ActionShare, Answer: a.Answer, Private: true})
	contains(t, shared.Part.Text, append([]string{"How long did"}, shownOf()...)...)

	alone := s.one(mention("m2", howLong))
	contains(t, alone.Part.Text, shownOf()[1:6]...)
	if strings.Contains(alone.Part.Text, howLong) {
		t.Errorf("one question stands above its answer:\n%s", alone.Part.Text)
	}
}

// A named source that the room's library has nothing of is told, without a word
// of what other rooms have.
func TestNamedSourceInTheRoom(t *testing.T) {
	s := newScene(t)
	withDispute(t, s)
	s.Grants["test:C2"] = bot.Grant{SetUp: true, Scope: briefs.Only("trade")}
	const question = "According to Una Invented, how long did the blackout in Ipsum last?"
	text := s.one(mention("m1", question)).Part.Text
	contains(t, text, "14 hours")
	if strings.Contains(text, "nine hours") {
		t.Errorf("others are quoted too:\n%s", text)
	}
	away := mention("m2", question)
	away.Room = "test:C2"
	contains(t, s.one(away).Part.Text, "Nothing in this library is by “Una Invented”, and nothing in it answers that.")
	contains(t, s.one(mention("m3", "According to Una Invented, why did the talks of Dolor fail?")).Part.Text, "Nothing by “Una Invented” in this library answers that.")
}
