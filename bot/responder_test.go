package bot_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/briefs"
	"briefdesk/briefs/sample"
)

var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

const (
	room  = briefs.RoomID("test:C1")
	ana   = "test:ana"
	other = "test:ben"
)

// scene is an office in which things are said and replied to at once.
type scene struct {
	*chattest.Office
	t *testing.T
	n int
}

func newScene(t *testing.T) *scene {
	t.Helper()
	return &scene{Office: chattest.NewOffice(t, func() time.Time { return noon }), t: t}
}

// reply is a reply and the platform's name for it.
type reply struct {
	briefs.Outgoing
	receipt string
}

func (r reply) post(t *testing.T) bot.Post {
	t.Helper()
	p, err := bot.PostOf(r.Part)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// do takes e the whole way, and returns what is posted.
func (s *scene) do(e bot.Event) []reply {
	s.t.Helper()
	ctx := s.t.Context()
	s.n++
	key := fmt.Sprintf("test:%d", s.n)
	if e.Room == "" {
		e.Room = room
	}
	if e.Author == "" {
		e.Author = ana
	}
	var out []reply
	again, err := s.Respond(ctx, key, e)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := s.Respond(ctx, key, e) // a crash makes it happen twice
	if err != nil {
		s.t.Fatal(err)
	}
	if strings.HasPrefix(e.Text, "briefings delete ") { // which then says that there is none
		resp = again
	}
	if fmt.Sprint(again) != fmt.Sprint(resp) && (resp.Shown == nil || again.Shown.ID != resp.Shown.ID) {
		s.t.Errorf("the second time:\n%v\nthe first:\n%v", resp, again)
	}
	if _, err := s.Lib.Receive(ctx, []briefs.Incoming{{Key: key, Lane: key, Body: []byte("{}"), At: noon}}); err != nil {
		s.t.Fatal(err)
	}
	taken, ok, err := s.Lib.Take(ctx, "test", "one", noon, time.Minute)
	if err != nil || !ok {
		s.t.Fatal(ok, err)
	}
	if taken, err = s.Lib.Compose(ctx, taken, resp.Replies, resp.Shown); err != nil {
		s.t.Fatal(err)
	}
	for i, o := range resp.Replies {
		receipt := fmt.Sprintf("%s-%d", key, i+1)
		if err := errors.Join(s.Lib.BeginReply(ctx, taken, i+1), s.Lib.SentReply(ctx, taken, i+1, receipt, noon)); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, reply{o, receipt})
	}
	if len(resp.Replies) == 0 {
		if err := s.Lib.End(ctx, taken, briefs.Answered, "", noon); err != nil {
			s.t.Fatal(err)
		}
	}
	return out
}

// one is the only reply.
func (s *scene) one(e bot.Event) reply {
	s.t.Helper()
	all := s.do(e)
	if len(all) != 1 {
		s.t.Fatalf("%d replies to %+v", len(all), e)
	}
	return all[0]
}

func (s *scene) silent(e bot.Event) {
	s.t.Helper()
	if all := s.do(e); len(all) > 0 {
		s.t.Errorf("%+v is replied to: %s", e, all[0].Part.Text)
	}
}

// mention is a question to the bot in the room.
func mention(message, text string) bot.Event {
	return bot.Event{Kind: bot.EventText, Message: message, Text: text, Addressed: true}
}

// inThread is a message in a thread that nobody addressed to the bot.
func inThread(thread, message, text string) bot.Event {
	return bot.Event{Kind: bot.EventText, Thread: thread, Message: message, Text: text}
}

func action(p bot.Post, id bot.ActionID) (bot.Action, bool) {
	for _, b := range p.Blocks {
		for _, a := range b.Actions {
			if a.ID == id {
				return a, true
			}
		}
	}
	return bot.Action{}, false
}

func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	at := 0
	for _, want := range wants {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("no %q, in this order, in:\n%s", want, text)
		}
		at += i + len(want)
	}
}

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

func TestCommands(t *testing.T) {
	s := newScene(t)
	s.Grants[room] = bot.Grant{SetUp: true, Scope: briefs.Only("cyber", "trade"), Manage: true, Admin: true}
	s.Grants["test:plain"] = bot.Grant{SetUp: true, Scope: briefs.Only("cyber")}
	for i, test := range []struct {
		room briefs.RoomID
		text string
		want []string
	}{
		{room, "help", []string{"word for word", "briefings add", "sources add URL"}},
		{room, "Hello!", []string{"word for word"}},
		{room, "", []string{"word for word"}},
		{room, "brief tariffs since 30d", []string{"tariffs", "new since 19 October 2026", "What is new", "Sources", "[1] "}},
		{room, "brief me on tariffs", []string{"tariffs", "Key points", "Sources"}},
		{room, "/brief zeppelins of Norvallia", []string{bot.EmptyBrief}},
		{room, "brief tariffs since 30 days", []string{"tariffs", "new since"}},
		{room, "brief tariffs since 99x", []string{`"99x" is no time: write 12h, 7d, 4w or a date`}},
		{room, "!brief", []string{"Name a topic, such as: brief export controls since 30d"}},
		{room, "briefings", []string{"no briefing yet", "To add one"}},
		{room, "briefings add tariffs", []string{"says no time", "such as"}},
		{room, "briefings add", []string{"Write a topic and a time"}},
		{room, "briefings add tariffs every monday 09:00 Europe/Berlin", []string{"Subscribed: tariffs", "every Monday at 09:00", "Europe/Berlin", "next 2026-11-23 09:00"}},
		{room, "briefings list", []string{"tariffs", "every Monday at 09:00", "next 2026-11-23 09:00"}},
		{room, "briefings pause tariffs", []string{"Paused: tariffs"}},
		{room, "briefings", []string{"paused by test:ana"}},
		{room, "briefings resume Tariffs", []string{"Goes on: Tariffs"}},
		{room, "briefings preview tariffs", []string{"A preview"}},
		{room, "briefings delete whales", []string{`No briefing is named "whales": there are tariffs`}},
		{room, "briefings delete tariffs", []string{"Deleted: tariffs"}},
		{room, "briefings delete", []string{"Write which one, such as: /briefings delete cyber"}},
		{room, "/briefings sing", []string{`"sing" is none of add, list`}},
		{room, "sources", []string{"This room can ask:", "cyber · ", "trade · "}},
		{room, "sources add https://desk.example/report to trade", []string{"added https://desk.example/report to trade"}},
		{room, "sources add https://desk.example/report", []string{"Write the collection too", "cyber or trade"}},
		{room, "sources add https://desk.example/report to defence", []string{"no collection of that name"}},
		{room, "sources add ../../etc/passwd to trade", []string{"Write a web address"}},
		{room, "sources add file:///etc/passwd to trade", []string{"Write a web address"}},
		{room, "cite 1 vancouver", []string{"in the thread of an answer"}},
		{room, "thank you!", []string{"You are welcome."}},
		{"test:plain", "briefings add tariffs every monday 09:00", []string{"Only admins may change the briefings"}},
		{"test:plain", "briefings", []string{"no briefing yet"}},
		{"test:plain", "sources add https://desk.example/report", []string{"Only admins may add sources"}},
		{"test:plain", "briefings about zeppelins of Norvallia?", []string{bot.Silence}}, // a question
		{"test:plain", "sources of Norvallian zeppelins", []string{bot.Silence}},
		{"test:plain", "!ask " + chattest.Reason, chattest.Reasons()},
	} {
		e := mention(fmt.Sprint("c", i), test.text)
		e.Room = test.room
		all := s.do(e)
		if len(all) == 0 {
			t.Errorf("%q: silence", test.text)
			continue
		}
		var text strings.Builder
		for _, r := range all {
			text.WriteString(r.Part.Text + "\n")
			if r.Thread != e.Message {
				t.Errorf("%q: at %+v", test.text, r.Place)
			}
		}
		t.Run(test.text, func(t *testing.T) { contains(t, text.String(), test.want...) })
	}
}

// What a person wrote reaches them again as one line, however long it is.
func TestEchoesAreShort(t *testing.T) {
	s := newScene(t)
	for i, text := range []string{"briefings add " + strings.Repeat("x ", 40_000), "brief " + strings.Repeat("y ", 40_000), "/briefings " + strings.Repeat("z", 90_000), "cite 1 " + strings.Repeat("s", 90_000)} {
		for _, r := range s.do(mention(fmt.Sprint("e", i), text)) {
			if len(r.Part.Text) > 1500 {
				t.Errorf("%.30q: %d bytes", text, len(r.Part.Text))
			}
		}
	}
}

func TestFailure(t *testing.T) {
	s := newScene(t)
	r := s.Failed("test:9", bot.Event{Kind: bot.EventText, Room: room, Message: "m1", Author: ana, Addressed: true}, errors.New("disk /var/lib/x is on fire"))
	if len(r.Replies) != 1 || r.Replies[0].Thread != "m1" {
		t.Fatalf("%+v", r)
	}
	text := r.Replies[0].Part.Text
	contains(t, text, bot.IncidentID("test:9"))
	if strings.Contains(text, "disk") || strings.Contains(text, "\n") {
		t.Error(text)
	}
	if r := s.Failed("test:9", bot.Event{Kind: bot.EventText, Room: room, Message: "m1"}, context.DeadlineExceeded); len(r.Replies) > 0 {
		t.Error("told to nobody")
	}
}

// A document that was removed, or moved out of what the room sees, is not
// shown again.
func TestShownAgainOnlyWhatIsSeen(t *testing.T) {
	s := newScene(t)
	r := s.one(mention("m1", chattest.Reason))
	a, _ := action(r.post(t), bot.ActionWhy)
	s.Grants[room] = bot.Grant{SetUp: true, Scope: briefs.Only("trade")}
	for _, id := range []bot.ActionID{bot.ActionMore, bot.ActionWhy, bot.ActionShare} {
		for _, r := range s.do(bot.Event{Kind: bot.EventAction, Action: id, Answer: a.Answer, Thread: "m1"}) {
			if strings.Contains(r.Part.Text, "plumbing") || strings.Contains(r.Part.Text, "Quarrel") {
				t.Errorf("%s: %s", id, r.Part.Text)
			}
			if strings.Contains(r.Part.Text, "Reasons given") || id == bot.ActionShare && r.Only == "" {
				t.Errorf("%s: an answer without sentences is shown to all: %s", id, r.Part.Text)
			}
		}
	}
}

func TestHello(t *testing.T) {
	s := newScene(t)
	s.Grants["test:closed"] = bot.Grant{}
	r := s.one(bot.Event{Kind: bot.EventJoined})
	if r.Place != (briefs.Place{Room: room}) || len(r.Part.Text) > 300 {
		t.Errorf("at %+v: %s", r.Place, r.Part.Text)
	}
	contains(t, s.one(bot.Event{Kind: bot.EventJoined, Room: "test:closed"}).Part.Text, "Hello.", "not set up yet")
	h, err := s.Home(t.Context(), bot.Who{Room: room, Author: ana})
	if err != nil || h.Closed != "" || len(h.Sources.Collections) != 1 || !slices.ContainsFunc(h.Examples, func(x string) bool { return strings.Contains(x, "brief") }) {
		t.Errorf("%+v, %v", h, err)
	}
	h, err = s.Home(t.Context(), bot.Who{Room: "test:closed", Author: ana})
	if err != nil || h.Closed == "" || len(h.Sources.Collections) > 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

// A room is replied to as if nothing else were in the library, byte for byte:
// answers, near misses, what else there is to read, topics, sources.
func TestNothingOfOtherRoomsShows(t *testing.T) {
	all, alone := newScene(t), newScene(t)
	listed, err := alone.Lib.Documents(t.Context(), briefs.Listing{Scope: briefs.Everything()})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range listed {
		if l.Collection != "cyber" {
			if err := alone.Lib.RemoveDocument(t.Context(), l.ID, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	questions, err := sample.Golden()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"sources", "brief collection:cyber", "brief collection:trade", "brief tariffs", "brief export controls", "help", "briefings"}
	for i, q := range questions {
		if os.Getenv("BRIEFDESK_PROVE") != "" || i%8 == 0 {
			texts = append(texts, q.Question)
		}
	}
	for i, text := range texts {
		e := mention(fmt.Sprint("m", i), text)
		got, want := all.do(e), alone.do(e)
		if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
			t.Errorf("%q:\n%s\nalone:\n%s", text, g, w)
		}
	}
}

// The thread of a briefing goes on with its numbers.
func TestThreadOfABriefing(t *testing.T) {
	s := newScene(t)
	titles := map[int]string{}
	for _, b := range s.do(mention("m1", "brief collection:cyber")) {
		for _, block := range b.post(t).Blocks {
			if block.Kind == bot.BlockSource {
				titles[block.N] = block.Text
			}
		}
	}
	if len(titles) < 3 {
		t.Fatalf("sources: %v", titles)
	}
	for n, title := range titles {
		contains(t, s.one(inThread("m1", fmt.Sprint("c", n), fmt.Sprintf("cite %d", n))).Part.Text, fmt.Sprintf("[%d] Chicago", n), title)
	}
	for _, block := range s.one(inThread("m1", "m2", chattest.Reason)).post(t).Blocks {
		if title, ok := titles[block.N]; ok && block.Kind == bot.BlockSource && title != block.Text {
			t.Errorf("[%d] is %s and %s", block.N, title, block.Text)
		}
	}
}
