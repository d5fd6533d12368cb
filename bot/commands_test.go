package bot_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/briefs"
	"briefdesk/briefs/sample"
)

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
		{room, "sources add https://desk.example/report to trade", []string{"Added to trade:", "The page at https://desk.example/report · 3 May 2031 · 3 passages", "Not understood: no author", "library edit added"}},
		{room, "sources remove https://desk.example/report", []string{"This source is not read any more", "documents stay"}},
		{room, "sources remove https://desk.example/none", []string{"https://desk.example/none: is no source that is followed"}},
		{room, "/sources remove", []string{"Write the address of the source"}},
		{"test:plain", "sources remove https://desk.example/report", []string{"Only admins may remove sources"}},
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
		if os.Getenv("BRIEFDESK_PROVE") != "" || i%8 == 0 && (!testing.Short() || i%32 == 0) {
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
