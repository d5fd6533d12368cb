package main

import (
	"errors"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/config"
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
