package schedule_test

import (
	"errors"
	"path/filepath"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

// What a form gives is kept as it was chosen, under the rules of what is
// written in words.
func TestPutKeepsWhatWasChosen(t *testing.T) {
	lib := openLibrary(t, filepath.Join(t.TempDir(), "library.db"))
	d := schedule.NewDesk(lib, func(_ briefs.RoomID, who string) bool { return who == "slack:U1" })
	ctx, room := t.Context(), briefs.RoomID("slack:C1")
	form := briefs.Schedule{ID: "other", Room: "slack:C2", Topics: []string{"  export   controls ", "elections, every monday"}, When: "every monday, thursday 07:15", Zone: "europe/berlin", Quiet: briefs.QuietSkip, CatchUp: briefs.CatchUpAll, Force: true}
	s, _, err := d.Put(ctx, room, "slack:U1", form, wednesday)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Find(ctx, room, schedule.Name(s))
	if err != nil || got.Room != room || got.Topics[0] != "export controls" || got.When != "every Monday and Thursday at 07:15" || got.Zone != "Europe/Berlin" || got.Quiet != briefs.QuietSkip || got.CatchUp != briefs.CatchUpAll || got.Force {
		t.Errorf("%+v, %v", got, err)
	}
	for name, bad := range map[string]briefs.Schedule{
		"no topic": {When: "every monday 09:00"}, "an empty topic": {Topics: []string{" "}, When: "every monday 09:00"},
		"no time": {Topics: []string{"x"}, When: "monday"}, "too often": {Topics: []string{"x"}, When: "every 5 minutes"}, "no such zone": {Topics: []string{"x"}, When: "daily 09:00", Zone: "Mars/Base"},
	} {
		if _, _, err := d.Put(ctx, room, "slack:U1", bad, wednesday); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := d.Put(ctx, room, "slack:U2", form, wednesday); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("one who may not: %v", err)
	}
}
