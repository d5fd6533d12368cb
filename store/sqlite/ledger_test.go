package sqlite_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// delivered plans two deliveries, posts the first and freezes the second, with
// text in their parts.
func delivered(t *testing.T, lib *sqlite.Library, text string) {
	t.Helper()
	ctx, now := context.Background(), storetest.Morning
	s := briefs.Schedule{ID: "weekly", Room: "console:a", Topics: []string{"gulls"}, When: "@daily", Zone: "UTC"}
	if err := lib.PutSchedule(ctx, s, now); err != nil {
		t.Fatal(err)
	}
	for i, key := range []briefs.DeliveryKey{"weekly/one", "weekly/two"} {
		d := briefs.Delivery{Key: key, Schedule: s.ID, Room: s.Room, State: briefs.Planned, Known: now, Slot: briefs.Slot{Local: "2031-03-04T09:00", Zone: "UTC", At: now}}
		if err := lib.PlanByHand(ctx, d); err != nil {
			t.Fatal(err)
		}
		c, ok, err := lib.Claim(ctx, "one", now, time.Minute, key)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if c, err = lib.Freeze(ctx, c, []briefs.Part{{Text: text}, {Text: "more"}}, briefs.Briefing{}, now); err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			break
		}
		for part := range c.Parts {
			if err := lib.Sent(ctx, c, part+1, "r"); err != nil {
				t.Fatal(err)
			}
		}
		if err := lib.Finish(ctx, c, briefs.Posted, "", now); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCheckFindsBrokenDeliveries(t *testing.T) {
	for statement, says := range map[string]string{
		``: ``,
		`UPDATE deliveries SET state = 'lost' WHERE id = 'weekly/one'`:                                                                  `delivery or schedule "weekly/one" has an unknown state`,
		`UPDATE deliveries SET state = 'planned' WHERE id = 'weekly/two'`:                                                               `"weekly/two" has parts already`,
		`DELETE FROM delivery_parts WHERE delivery = 2`:                                                                                 `"weekly/two" has no part`,
		`UPDATE delivery_parts SET sent = 0 WHERE delivery = 1 AND n = 2`:                                                               `"weekly/one" has a part that was not sent`,
		`UPDATE delivery_parts SET body = NULL WHERE delivery = 2 AND n = 1`:                                                            `"weekly/two" has a part without content`,
		`UPDATE delivery_parts SET n = 7 WHERE delivery = 2 AND n = 2`:                                                                  `"weekly/two" has a gap in its parts`,
		`UPDATE deliveries SET missed = 3 WHERE id = 'weekly/one'`:                                                                      `"weekly/one" has missed slots that cannot be`,
		`UPDATE schedules SET topics = '['`:                                                                                             `"weekly" has topics that cannot be read`,
		`PRAGMA foreign_keys = 0; DELETE FROM deliveries WHERE id = 'weekly/two'`:                                                       `delivery_parts has no deliveries`,
		`UPDATE deliveries SET first_due = due + 1, first_local = '2031-03-05T09:00', missed = 1 WHERE schedule = 'weekly' AND key = 1`: `"weekly/one" has missed slots that cannot be`,
	} {
		path := filepath.Join(t.TempDir(), "library.db")
		delivered(t, library(t, path, sqlite.Options{}), "Gulls.")
		execute(t, path, statement)
		problems, err := library(t, path, sqlite.Options{}).Check(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(problems, "\n"); !strings.Contains(said, says) || says == "" && said != "" {
			t.Errorf("%s: problems %q, want %q", statement, problems, says)
		}
	}
}

// What was posted may have to be purged: its text does not stay in the file.
func TestPostedTextIsDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	lib := library(t, path, sqlite.Options{})
	put(t, lib, storetest.Document("d", "Anything."))
	delivered(t, lib, "Quuxfrob was quoted.")
	if err := lib.RemoveDocument(context.Background(), "d", true); err != nil { // empties the log
		t.Fatal(err)
	}
	count := 0
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + suffix)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		count += bytes.Count(data, []byte("Quuxfrob"))
	}
	if count != 1 {
		t.Errorf("the text stands there %d times; want once, of the delivery that is still to be posted", count)
	}
}
