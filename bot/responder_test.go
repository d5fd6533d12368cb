package bot_test

import (
	"strings"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/briefs"
)

func TestQuestion(t *testing.T) {
	s := newScene(t)
	r := s.one(mention("m1", chattest.Reason))
	if want := (briefs.Place{Room: room, Thread: "m1"}); r.Place != want {
		t.Errorf("at %+v, want %+v", r.Place, want)
	}
	contains(t, r.Part.Text, append([]string{"Reasons given, in order:"}, append(chattest.Reasons(), "[1] The Quarrel That Held", "https://desk.example/d/")...)...)
	p := r.post(t)
	for _, id := range []bot.ActionID{bot.ActionWhy, bot.ActionCite, bot.ActionGood, bot.ActionWrong, bot.ActionIncomplete, bot.ActionOutdated} {
		if _, ok := action(p, id); !ok {
			t.Errorf("no action %s", id)
		}
	}
	if _, ok := action(p, bot.ActionShare); ok {
		t.Error("an answer that all see can be shared")
	}
	if p.Plain() != r.Part.Text {
		t.Errorf("the words differ from the blocks:\n%s", p.Plain())
	}
}

func TestFollowUpKeepsNumbers(t *testing.T) {
	s := newScene(t)
	first := s.one(mention("m1", chattest.Reason))
	var asked *bot.Previous
	s.Asked = func(q bot.Question) error { asked = q.After; return nil }
	second := s.one(inThread("m1", "m2", "and what did the emergency response teams do?"))
	s.silent(inThread("m1", "m3", "@Ben could you send me that paper?")) // said to Ben
	if asked == nil || asked.Question != chattest.Reason || len(asked.Documents) == 0 {
		t.Errorf("it follows up on %+v", asked)
	}
	if second.Thread != "m1" {
		t.Errorf("at %+v", second.Place)
	}
	numbers := map[string]int{}
	for _, r := range []reply{first, second} {
		for _, b := range r.post(t).Blocks {
			if b.Kind != bot.BlockSource {
				continue
			}
			if n, ok := numbers[b.Text]; ok && n != b.N {
				t.Errorf("%s is [%d] and [%d]", b.Text, n, b.N)
			}
			for title, n := range numbers {
				if title != b.Text && n == b.N {
					t.Errorf("[%d] is %s and %s", n, title, b.Text)
				}
			}
			numbers[b.Text] = b.N
		}
	}
	s.silent(inThread("m1", "m3", "thanks, that is what I thought"))
	s.silent(inThread("m1", "m4", "I shall tell the minister tomorrow"))
	s.silent(inThread("m9", "m5", chattest.Reason)) // a thread of others
	s.silent(bot.Event{Kind: bot.EventText, Message: "m6", Text: chattest.Reason})
}

func TestSilence(t *testing.T) {
	s := newScene(t)
	s.Owners = []string{"test:owner", "test:second"}
	r := s.one(mention("m1", "what did the emperor of Norvallia tell the plumbing council about zeppelins?"))
	contains(t, r.Part.Text, bot.Silence, bot.Nearest, "[1]", "Recorded as a gap.")
	a, ok := action(r.post(t), bot.ActionOwner)
	if !ok {
		t.Fatal("nobody can tell the owner")
	}
	told := s.do(bot.Event{Kind: bot.EventAction, Action: bot.ActionOwner, Answer: a.Answer, Thread: "m1", Message: r.receipt})
	if len(told) != 3 || told[0].Place != (briefs.Place{Only: "test:owner"}) || told[1].Only != "test:second" || told[2].Place != (briefs.Place{Room: room, Thread: "m1", Only: ana}) {
		t.Fatalf("%+v", told)
	}
	contains(t, told[0].Part.Text, "zeppelins")
}

func TestButtons(t *testing.T) {
	s := newScene(t)
	const phones = "Whose companies dominate the business of breaking into phones?"
	r := s.one(mention("m1", phones))
	a, _ := action(r.post(t), bot.ActionMore)
	press := func(id bot.ActionID, value string) reply {
		t.Helper()
		return s.one(bot.Event{Kind: bot.EventAction, Action: id, Answer: a.Answer, Value: value, Thread: "m1", Message: r.receipt})
	}
	more := press(bot.ActionMore, "")
	if more.Thread != "m1" || more.Only != "" || !strings.HasPrefix(more.Part.Text, "5  “") {
		t.Errorf("more, at %+v: %s", more.Place, more.Part.Text)
	}
	if words := s.one(inThread("m1", "m7", "More")); words.Part.Text != more.Part.Text {
		t.Errorf("in words: %s", words.Part.Text)
	}
	why := press(bot.ActionWhy, "")
	contains(t, why.Part.Text, "1  “", "• +")
	if why.Only != ana {
		t.Error("all are told why")
	}
	contains(t, press(bot.ActionCite, "1 apa").Part.Text, "[1] APA", "Tools")
	contains(t, s.one(inThread("m1", "m8", "cite 1")).Part.Text, "[1] Chicago", "Tools")
	contains(t, s.one(mention("m9", "cite 1")).Part.Text, "in the thread of an answer")
	contains(t, press(bot.ActionOutdated, " since May ").Part.Text, "Noted: outdated")
	if all := s.do(bot.Event{Kind: bot.EventAction, Action: bot.ActionGood, Receipt: r.receipt, Author: other}); len(all) > 0 {
		t.Errorf("a reaction is replied to: %+v", all)
	}
	s.silent(bot.Event{Kind: bot.EventAction, Action: bot.ActionGood, Receipt: "unknown"})
	said, err := s.Lib.Feedback(t.Context(), 10)
	if err != nil || len(said) != 2 {
		t.Fatal(said, err)
	}
	for _, f := range said {
		if f.Question != phones || f.Room != room || f.Who == ana && (f.Verdict != briefs.Outdated || f.Note != "since May") || f.Who == other && f.Verdict != briefs.Good {
			t.Errorf("%+v", f)
		}
	}
	// An answer of one room is none of another's.
	away := bot.Event{Kind: bot.EventAction, Action: bot.ActionMore, Answer: a.Answer, Room: "test:C2"}
	contains(t, s.one(away).Part.Text, "not known here")
}

func TestPrivateAnswerIsShared(t *testing.T) {
	s := newScene(t)
	private := s.one(bot.Event{Kind: bot.EventCommand, Command: "ask", Text: chattest.Reason, Own: "ticket"})
	if want := (briefs.Place{Room: room, Only: ana, Own: "ticket"}); private.Place != want {
		t.Errorf("at %+v, want %+v", private.Place, want)
	}
	contains(t, private.Part.Text, append([]string{chattest.Reason}, chattest.Reasons()...)...)
	a, ok := action(private.post(t), bot.ActionShare)
	if !ok {
		t.Fatal("it cannot be shared")
	}
	shared := s.one(bot.Event{Kind: bot.EventAction, Action: bot.ActionShare, Answer: a.Answer, Private: true})
	if want := (briefs.Place{Room: room}); shared.Place != want {
		t.Errorf("at %+v, want %+v", shared.Place, want)
	}
	contains(t, shared.Part.Text, append([]string{chattest.Reason}, chattest.Reasons()...)...)
	if _, ok := action(shared.post(t), bot.ActionShare); ok {
		t.Error("it can be shared again")
	}
	// The thread that hangs on it goes on from it.
	contains(t, s.one(inThread(shared.receipt, "m5", "cite 1 mla")).Part.Text, "[1] MLA", "The Quarrel That Held")
}

func TestAccess(t *testing.T) {
	s := newScene(t)
	s.Grants["test:closed"] = bot.Grant{}
	s.Grants["test:questions"] = bot.Grant{SetUp: true, Scope: briefs.Only("trade"), Questions: true}
	closed := mention("m1", chattest.Reason)
	closed.Room = "test:closed"
	contains(t, s.one(closed).Part.Text, "This room is not set up yet", `"test:closed"`)
	again := closed
	again.Thread, again.Message = "m1", "m2"
	s.silent(again) // once in a thread
	unheard := bot.Event{Kind: bot.EventText, Room: "test:closed", Message: "m3", Text: chattest.Reason}
	s.silent(unheard)
	if s.Wants(&unheard) {
		t.Error("what nobody asks the bot is kept, in a room that is not set up")
	}

	guest := mention("g1", chattest.Reason)
	guest.External = true
	contains(t, s.one(guest).Part.Text, "Questions from guests")
	guest.Thread, guest.Message = "g1", "g2"
	s.silent(guest)
	s.silent(bot.Event{Kind: bot.EventJoined, External: true})

	ask := bot.Event{Kind: bot.EventText, Room: "test:questions", Message: "q1", Text: "on what conditions is a tariff justified?"}
	contains(t, s.one(ask).Part.Text, "Evidence of subsidy must be published.")
	ask.Message, ask.Text = "q2", "who ordered the zeppelins of Norvallia?"
	s.silent(ask) // nobody asked the bot
	ask.Message, ask.Text = "q3", "tariffs are on my mind"
	if s.silent(ask); s.Wants(&ask) {
		t.Error("small talk is kept")
	}
	// Of another room's collection nothing is told, not even by name.
	ask.Message, ask.Text, ask.Addressed = "q4", chattest.Reason, true
	if text := s.one(ask).Part.Text; strings.Contains(text, "Quarrel") || strings.Contains(text, "plumbing") {
		t.Errorf("a room sees another's collection: %s", text)
	}
	ask.Text = "sources"
	if text := s.one(ask).Part.Text; strings.Contains(text, "cyber") || !strings.Contains(text, "trade") {
		t.Errorf("sources: %s", text)
	}
	ask.Text = "brief collection:cyber"
	if text := s.one(ask).Part.Text; strings.Contains(text, "Quarrel") {
		t.Errorf("brief: %s", text)
	}
}
