package main

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/config"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// What somebody replies to a posted briefing goes on from it: its sources keep
// their numbers, and no other room knows it.
func TestReplyToABriefing(t *testing.T) {
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	putSample(t, lib, "", "tariffs-buy-time", "tariffs-buy-nothing")
	a := testApp()
	a.now = time.Now
	a.cfg.Schedules = []config.Schedule{{Name: "weekly", Room: "console:desk", Topics: []string{"tariffs"}, Cron: "0 9 * * MON", Zone: "Europe/Berlin"}}
	all, err := a.connect(t.Context(), lib, nil, nil, filepath.Join(t.TempDir(), "posts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer all.close()
	runner, err := a.newRunner(lib, all.mux(), nil)
	if err != nil {
		t.Fatal(err)
	}
	posted, err := runner.RunByHand(t.Context(), "weekly", a.now())
	if err != nil || posted.State != briefs.Posted {
		t.Fatal(posted, err)
	}
	desk := a.newResponder(lib, nil, nil)
	reply := func(room briefs.RoomID, text string) string {
		t.Helper()
		resp, err := desk.Respond(t.Context(), "console:1", bot.Event{
			Kind: bot.EventText, Room: room, Thread: posted.Parts[0].Receipt, Message: "m1", Author: "console:ana", Addressed: true, Text: text,
		})
		if err != nil || len(resp.Replies) != 1 {
			t.Fatalf("%q: %+v, %v", text, resp, err)
		}
		return resp.Replies[0].Part.Text
	}
	for _, cite := range []string{"cite 1", "cite 2"} {
		if got := reply("console:desk", cite); !strings.Contains(got, "Tariffs Buy") {
			t.Errorf("%s: %s", cite, got)
		}
	}
	if got := reply("console:other", "cite 1"); strings.Contains(got, "Tariffs Buy") {
		t.Errorf("another room: %s", got)
	}
}

// Who may see what is read off the configuration alone.
func TestGrants(t *testing.T) {
	a := testApp()
	a.cfg.Admins = []string{"slack:U1", "matrix:@ana:desk.example"}
	a.cfg.Rooms = map[string]config.Room{
		"slack:C1":           {Collections: []string{"cyber"}, ReplyTo: "questions", Manage: "anyone", External: true},
		"slack:T2/C1":        {Collections: []string{"trade"}},
		"slack:dm":           {Collections: []string{"dm"}},
		"slack:T2/dm":        {Collections: []string{"dm2"}},
		"matrix:dm":          {Collections: []string{"mdm"}},
		"matrix:!a:desk.org": {Collections: []string{"health"}},
	}
	for _, test := range []struct {
		who  bot.Who
		sees string // "" for nothing
		want bot.Grant
	}{
		{bot.Who{Room: "slack:C1", Author: "slack:U2"}, "cyber", bot.Grant{SetUp: true, Questions: true, Manage: true}},
		{bot.Who{Room: "slack:C1", Author: "slack:U2", External: true}, "cyber", bot.Grant{SetUp: true, Questions: true, Manage: true}},
		{bot.Who{Room: "slack:T2/C1", Author: "slack:U1"}, "trade", bot.Grant{SetUp: true, Manage: true, Admin: true}},
		{bot.Who{Room: "slack:T2/C1", Author: "slack:U1", External: true}, "", bot.Grant{SetUp: true, Outsider: true}},
		{bot.Who{Room: "slack:T3/C1", Author: "slack:U2"}, "", bot.Grant{}},
		{bot.Who{Room: "slack:C2", Author: "slack:U1"}, "", bot.Grant{}},
		{bot.Who{Room: "slack:D7", Author: "slack:U2", Direct: true}, "dm", bot.Grant{SetUp: true}},
		{bot.Who{Room: "slack:T2/D7", Author: "slack:U2", Direct: true}, "dm2", bot.Grant{SetUp: true}},
		{bot.Who{Room: "slack:T3/D7", Author: "slack:U2", Direct: true}, "dm", bot.Grant{SetUp: true}},
		{bot.Who{Room: "matrix:dm/!x:desk.org", Author: "matrix:@ana:desk.example", Direct: true}, "mdm", bot.Grant{SetUp: true, Manage: true, Admin: true}},
		{bot.Who{Room: "matrix:!a:desk.org", Author: "matrix:@b:desk.example"}, "health", bot.Grant{SetUp: true}},
		{bot.Who{Room: "matrix:!b:desk.org", Author: "matrix:@b:desk.example"}, "", bot.Grant{}},
	} {
		got := a.grant(test.who)
		for _, c := range []string{"cyber", "trade", "dm", "dm2", "mdm", "health"} {
			if got.Scope.Sees(c) != (c == test.sees) {
				t.Errorf("%+v sees %s: %v", test.who, c, got.Scope.Sees(c))
			}
		}
		got.Scope = briefs.Scope{}
		if got.SetUp != test.want.SetUp || got.Outsider != test.want.Outsider || got.Questions != test.want.Questions || got.Manage != test.want.Manage || got.Admin != test.want.Admin {
			t.Errorf("%+v: %+v, want %+v", test.who, got, test.want)
		}
	}
	if got := a.owners("slack"); len(got) != 1 || got[0] != "slack:U1" {
		t.Errorf("owners: %q", got)
	}
	a.cfg.Rooms["default"] = config.Room{Collections: []string{"cyber"}}
	if g := a.grant(bot.Who{Room: "slack:C9", Author: "slack:U2"}); !g.Open() || !g.Scope.Sees("cyber") || g.Scope.Sees("trade") {
		t.Errorf("by default: %+v", g)
	}
}
