package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/config"
	"briefdesk/store"
)

// Who may change the briefings of a room follows manage and admins.
func TestWhoManagesBriefings(t *testing.T) {
	lib := openLibrary(t)
	a := testApp()
	a.cfg.Admins = []string{"slack:U1"}
	a.cfg.Rooms = map[string]config.Room{"default": {}, "slack:C1": {Manage: "admins"}, "slack:C2": {Manage: "anyone"}}
	desk := schedule.NewDesk(lib, a.mayManage)
	for _, test := range []struct {
		room briefs.RoomID
		who  string
		may  bool
	}{
		{"slack:C1", "slack:U1", true},
		{"slack:C1", "slack:U2", false},
		{"slack:C2", "slack:U2", true},
		{"slack:C3", "slack:U2", false}, // as default says, which says nothing
		{"slack:C3", "slack:U1", true},
		{"slack:C1", "", false},
	} {
		_, _, add := desk.Add(t.Context(), test.room, test.who, "tides every monday 09:00", a.now())
		pause := desk.Pause(t.Context(), test.room, test.who, "tides", a.now())
		resume := desk.Resume(t.Context(), test.room, test.who, "tides", a.now())
		remove := desk.Delete(t.Context(), test.room, test.who, "tides", a.now())
		for what, err := range map[string]error{"add": add, "pause": pause, "resume": resume, "delete": remove} {
			if may := err == nil; may != test.may || !may && !errors.Is(err, briefs.ErrInvalid) {
				t.Errorf("%s by %q in %s: %v", what, test.who, test.room, err)
			}
		}
	}
	everyone := a.cfg.Rooms["default"]
	everyone.Manage = "anyone"
	a.cfg.Rooms["default"] = everyone
	if _, _, err := desk.Add(t.Context(), "slack:C3", "slack:U2", "tides every monday 09:00", a.now()); err != nil {
		t.Errorf("where default lets anyone: %v", err)
	}
	if list, err := desk.List(t.Context(), "slack:C3"); err != nil || len(list) != 1 { // anyone looks
		t.Errorf("%v, %v", list, err)
	}
}

// The briefing of a room is what it would be if nothing else were in the
// library, the first one and the next.
func TestBriefingIsolation(t *testing.T) {
	both, alone := crossingLibrary(t), openLibrary(t)
	path := filepath.Join(t.TempDir(), "north.jsonl")
	if err := os.WriteFile(path, []byte(crossing["north"]), 0o600); err != nil {
		t.Fatal(err)
	}
	addTo(t, alone, "north", path)
	compose := func(lib store.Backend, since time.Time) (texts []string) {
		a := testApp()
		a.cfg.Rooms = map[string]config.Room{"slack:C1": {Collections: []string{"north"}}}
		composed, err := a.newComposer(lib).compose(t.Context(), schedule.Work{
			Schedule: briefs.Schedule{ID: "weekly", Topics: []string{"the pact of Ipsum", "harbour", "zeppelin", "collection:south", "collection:north"}},
			Delivery: briefs.Delivery{Room: "slack:C1"}, Now: a.now(), Since: since,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range composed.Parts {
			texts = append(texts, p.Text+p.Alt+string(p.Image))
		}
		return texts
	}
	for _, since := range []time.Time{{}, time.Now().Add(-time.Hour)} {
		got, want := compose(both, since), compose(alone, since)
		if !slices.Equal(got, want) {
			t.Errorf("with another collection in the library:\n%s\nalone:\n%s", got, want)
		}
		if all := strings.Join(got, "\n"); !strings.Contains(all, "closed the harbour") || strings.Contains(all, "Southern") {
			t.Errorf("the briefing says %s", all)
		}
	}
}

// What a briefing may quote is what its room sees.
func TestBriefingScope(t *testing.T) {
	a := testApp()
	a.cfg.Rooms = map[string]config.Room{"slack:C1": {Collections: []string{"north"}}, "console:known": {Collections: []string{"south"}}}
	sees := func(room briefs.RoomID, collection string) bool {
		s, ok := a.briefingScope(room)
		return ok && s.Sees(collection)
	}
	for _, test := range []struct {
		room         briefs.RoomID
		north, south bool
	}{{"slack:C1", true, false}, {"slack:C2", false, false}, {"console:known", false, true}, {"console:other", true, true}} {
		if n, s := sees(test.room, "north"), sees(test.room, "south"); n != test.north || s != test.south {
			t.Errorf("%s sees north %v, south %v", test.room, n, s)
		}
	}
	a.cfg.Rooms["default"] = config.Room{Collections: []string{"south"}}
	for _, room := range []briefs.RoomID{"slack:C2", "console:other"} {
		if sees(room, "north") || !sees(room, "south") {
			t.Errorf("%s does not see what default sees", room)
		}
	}
}
