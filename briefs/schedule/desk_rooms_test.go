package schedule_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

func TestParseRequest(t *testing.T) {
	for _, test := range []struct{ words, topics, when, zone string }{
		{"cyber every monday 09:00 Europe/Berlin", "cyber", "every Monday at 09:00", "Europe/Berlin"},
		{"collection:cyber, export  controls first weekday of the month 08:30", "collection:cyber|export controls", "1st weekday of the month at 08:30", "UTC"},
		{"US China cyber on mondays at 9", "US China cyber", "every Monday at 09:00", "UTC"},
		{`"daily at 9 news" daily at 9`, "daily at 9 news", "every day at 09:00", "UTC"},
		{"cyber 0 9 * * MON", "cyber", "0 9 * * MON", "UTC"},
		{"the first quarter every monday 9:00", "the first quarter", "every Monday at 09:00", "UTC"},
		{"cyber 9:30", "cyber", "every day at 09:30", "UTC"},
		{"daily news mon-fri 7:30 europe/paris", "daily news", "every weekday at 07:30", "Europe/Paris"},
	} {
		topics, spec, err := schedule.ParseRequest(test.words)
		if err != nil {
			t.Errorf("%q: %v", test.words, err)
			continue
		}
		if got := strings.Join(topics, "|"); got != test.topics || spec.String() != test.when || spec.Zone() != test.zone {
			t.Errorf("%q is read as %q %q %q", test.words, got, spec, spec.Zone())
		}
	}
	for words, want := range map[string]string{
		"cyber":                                      "says no time: write a topic and a time, such as: cyber every monday 09:00 Europe/Berlin",
		"":                                           "says no time",
		"every monday 09:00":                         "names no topic: write for example: cyber every Monday at 09:00",
		"US China first mondy of the month 9:00":     "did you mean monday?",
		"cyber every monday 09:00 Europe/Berln":      "did you mean Europe/Berlin?",
		"cyber every mondy 09:00":                    "did you mean monday?",
		"cyber every 5 minutes":                      "leave at least 15 minutes between two times",
		"cyber every february 30 9:00":               "never fires",
		"cyber,, every monday 09:00":                 "a topic is empty",
		`"cyber every monday 09:00`:                  "the quotation mark is not closed",
		strings.Repeat("x", 999) + " every monday 9": "too long",
	} {
		if _, _, err := schedule.ParseRequest(words); !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: %v, want %s", words, err, want)
		}
	}
}

// Admins change the briefings of a room, anyone looks at them, and another
// room does neither.
func TestDesk(t *testing.T) {
	ctx := context.Background()
	lib := openLibrary(t, filepath.Join(t.TempDir(), "library.db"))
	desk := schedule.NewDesk(lib, func(room briefs.RoomID, who string) bool { return who == "slack:U1" || room == "slack:C2" })
	configured := daily("weekly-cyber")
	configured.Room = "slack:C1"
	if err := lib.PutSchedule(ctx, configured, wednesday); err != nil {
		t.Fatal(err)
	}
	s, spec, err := desk.Add(ctx, "slack:C1", "slack:U1", "Cyber every monday 09:00 Europe/Berlin", wednesday)
	if err != nil || s.ID != "cyber@slack:C1" || schedule.Name(s) != "cyber" || spec.Next(wednesday, 1)[0].Local != "2026-11-23T09:00" {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, _, err := desk.Add(ctx, "slack:C1", "slack:U1", "cyber every tuesday 09:00 Europe/Berlin", wednesday); err != nil { // changes it
		t.Fatal(err)
	}
	if _, _, err := desk.Add(ctx, "slack:C2", "slack:U9", "Cyber daily at 9", wednesday); err != nil { // where anyone may
		t.Fatal(err)
	}
	list, err := desk.List(ctx, "slack:C1")
	if err != nil || len(list) != 2 || list[0].When != "every Tuesday at 09:00" || list[1].ID != "weekly-cyber" {
		t.Errorf("list %+v, %v", list, err)
	}
	_, _, add := desk.Add(ctx, "slack:C1", "slack:U2", "tides daily at 9", wednesday)
	for what, err := range map[string]error{
		"add": add, "pause": desk.Pause(ctx, "slack:C1", "slack:U2", "cyber", wednesday), "resume": desk.Resume(ctx, "slack:C1", "slack:U2", "cyber", wednesday),
		"delete": desk.Delete(ctx, "slack:C1", "slack:U2", "cyber", wednesday),
	} {
		if !errors.Is(err, briefs.ErrInvalid) || err.Error() != "only admins may change the briefings of this room: ask one of them" {
			t.Errorf("%s by somebody: %v", what, err)
		}
	}
	_, foreign := desk.Find(ctx, "slack:C2", "weekly-cyber")
	_, none := desk.Find(ctx, "slack:C2", "weekly-xyz")
	if !errors.Is(foreign, briefs.ErrNotFound) || strings.ReplaceAll(foreign.Error(), "weekly-cyber", "weekly-xyz") != none.Error() {
		t.Errorf("another room's: %v; none: %v", foreign, none)
	}
	if found, err := desk.Find(ctx, "slack:C1", " CYBER "); err != nil || found.ID != s.ID {
		t.Errorf("found %+v, %v", found, err)
	}
	for _, name := range []string{"cyber", "weekly-cyber"} {
		if err := desk.Pause(ctx, "slack:C1", "slack:U1", name, wednesday); err != nil {
			t.Error(err)
		}
	}
	list, err = desk.List(ctx, "slack:C1")
	if err != nil || list[0].Paused != "by slack:U1" || list[1].Paused != "by slack:U1" {
		t.Errorf("paused: %+v, %v", list, err)
	}
	if err := desk.Resume(ctx, "slack:C1", "slack:U1", "cyber", wednesday); err != nil {
		t.Error(err)
	}
	if err := desk.Delete(ctx, "slack:C1", "slack:U1", "weekly-cyber", wednesday); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("deleted what the configuration made: %v", err)
	}
	if err := desk.Delete(ctx, "slack:C1", "slack:U1", "cyber", wednesday); err != nil {
		t.Error(err)
	}
	if list, err = desk.List(ctx, "slack:C1"); err != nil || len(list) != 1 {
		t.Errorf("left %+v, %v", list, err)
	}
}
