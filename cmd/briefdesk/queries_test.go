package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/schedule"
	"briefdesk/briefs/structure"
	"briefdesk/config"
)

// A room subscribes to saved queries of collections that it sees. One that it
// does not see is told like one that is not there.
func TestRoomSubscribesToAQuery(t *testing.T) {
	lib := crossingLibrary(t)
	a := testApp()
	a.cfg.Rooms = map[string]config.Room{"slack:C1": {Collections: []string{"north"}, Manage: "anyone"}}
	a.cfg.Queries = map[string]config.Query{
		"harbour": {Words: "harbour", Collections: []string{"north", "south"}}, "hidden": {Collections: []string{"south"}}, "any": {Words: "harbour"},
	}
	d := &roomDesk{app: a, lib: lib, desk: schedule.NewDesk(lib, a.mayManage)}
	add := func(name string) error {
		_, err := d.Add(t.Context(), "slack:C1", "slack:U1", "query:"+name+" every monday 09:00", a.now())
		_, filled := d.Put(t.Context(), "slack:C1", "slack:U1", briefs.Schedule{Topics: []string{"query:" + name}, When: "every monday 09:00"}, a.now())
		if (err == nil) != (filled == nil) {
			t.Errorf("%s: said %v, filled in %v", name, err, filled)
		}
		return err
	}
	for _, name := range []string{"harbour", "any"} {
		if err := add(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	hidden, absent := add("hidden"), add("absent")
	if !errors.Is(hidden, briefs.ErrInvalid) || strings.Replace(hidden.Error(), "hidden", "absent", 1) != absent.Error() {
		t.Errorf("hidden: %v; absent: %v", hidden, absent)
	}
	parts, err := d.Preview(t.Context(), "slack:C1", "query:harbour", a.now())
	if err != nil || len(parts) == 0 || !strings.Contains(parts[0].Text, "harbour") {
		t.Errorf("%+v, %v", parts, err)
	}
	for _, p := range parts {
		if strings.Contains(p.Text, "south") {
			t.Errorf("a room is told of another collection: %s", p.Text)
		}
	}
}

// chats keeps what is posted.
type chats struct {
	mu    sync.Mutex
	parts []briefs.Part
}

func (c *chats) Send(_ context.Context, _ briefs.RoomID, p briefs.Part, _ briefs.DeliveryKey) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.parts = append(c.parts, p)
	return "1", nil
}

// The archive has the very picture that was attached, with the same words, and
// says which words of a topic nothing holds.
func TestArchiveKeepsThePictureThatWasPosted(t *testing.T) {
	lib := sampleLibrary(t)
	d, err := extract.Document("late.txt", []byte("Cables again\n\nThe undersea cables were cut by an anchor in November. They carry nearly everything."))
	if err != nil {
		t.Fatal(err)
	}
	d.ID, d.Collection, d.Source, d.Publisher, d.Published = "late", "cyber", "late.txt", "The Late Post", "2026-11-10"
	structure.Analyze(&d)
	if _, err := lib.PutDocuments(t.Context(), []briefs.Document{d}); err != nil {
		t.Fatal(err)
	}
	a := testApp()
	a.cfg.Schedules = []config.Schedule{{Name: "weekly", Room: "console:desk", Topics: []string{"undersea cables in Atlantis"}, Cron: "every monday 09:00"}}
	made, problems := a.configured()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	chat := &chats{}
	runner := schedule.NewRunner(a.log, schedule.Options{Ledger: lib, Chat: chat, Compose: a.newComposer(lib).compose, Schedules: made})
	for _, at := range []time.Time{a.now(), a.now().Add(4 * 24 * time.Hour)} {
		if err := runner.Tick(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	all, err := lib.Briefings(t.Context(), 0, 9)
	if err != nil || len(all) != 1 || len(chat.parts) < 2 {
		t.Fatalf("%d briefings, %d parts, %v", len(all), len(chat.parts), err)
	}
	last := chat.parts[len(chat.parts)-1]
	kept, err := lib.Picture(t.Context(), all[0].ID, "console:desk")
	if err != nil || !bytes.Equal(kept.Light, last.Image) || kept.Alt != last.Alt || kept.Alt == "" || len(last.Image) == 0 {
		t.Errorf("posted %d bytes %q, kept %d %q: %v", len(last.Image), last.Alt, len(kept.Light), kept.Alt, err)
	}
	if bytes.Equal(kept.Dark, kept.Light) || !bytes.HasPrefix(kept.Dark, []byte("\x89PNG")) {
		t.Error("by night the picture is no other one")
	}
	if got := bot.Unmentioned(&all[0].Briefs[0]); !strings.HasSuffix(got, "Atlantis") {
		t.Errorf("the archive says %q", got)
	}
}
