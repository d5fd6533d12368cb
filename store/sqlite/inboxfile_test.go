package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// inbox leaves one thing answered (1), one half answered (2), one waiting
// behind it (3) and one composed (4), with text in their bodies and replies,
// which quote the first 8 bytes of document d.
func inbox(t *testing.T, lib *sqlite.Library, text string) {
	t.Helper()
	ctx, now := context.Background(), storetest.Morning
	fatal := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	quote := briefs.ShownQuote{N: 1, Source: 1, Ref: briefs.Ref{Document: "d", Revision: 1, Span: briefs.Span{End: 8}}, LeadIn: &briefs.Span{End: 8}}
	for i := range 4 {
		lane := "a"
		if i == 3 {
			lane = "b"
		}
		_, err := lib.Receive(ctx, []briefs.Incoming{{Key: fmt.Sprint("slack:", i+1), Aliases: []string{fmt.Sprint("alias", i+1)}, Lane: lane, Body: []byte("asked " + text), At: now}})
		fatal(err)
		if i == 2 {
			continue
		}
		k, ok, err := lib.Take(ctx, "slack", "one", now, time.Minute)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		at := briefs.Place{Room: "slack:C1", Thread: "t"}
		k, err = lib.Compose(ctx, k, []briefs.Outgoing{{Place: at, Part: briefs.Part{Text: text}}, {Place: at, Part: briefs.Part{Text: "more"}}},
			&briefs.Shown{ID: briefs.AnswerID(fmt.Sprint("a", i+1)), Room: "slack:C1", Thread: "t", Question: "What stands there?", Quotes: []briefs.ShownQuote{quote}})
		fatal(err)
		for n := 1; n <= 2-i; n++ {
			fatal(lib.BeginReply(ctx, k, n), lib.SentReply(ctx, k, n, fmt.Sprint(k.Key, "-", n), now))
		}
	}
	fatal(lib.RecordFeedback(ctx, briefs.Feedback{Answer: "a1", Who: "slack:U1", Verdict: briefs.Good, At: now}), lib.Keep(ctx, "slack/token", []byte("sealed")))
}

// holdsInbox fails unless lib holds what inbox left.
func holdsInbox(t *testing.T, lib *sqlite.Library) {
	t.Helper()
	ctx := context.Background()
	shown, err := lib.Shown(ctx, "a1")
	if err != nil || len(shown.Quotes) != 1 {
		t.Errorf("shown %+v, %v", shown, err)
	}
	if id, err := lib.ShownAt(ctx, "slack:C1", "slack:2-1"); err != nil || id != "a2" {
		t.Errorf("shown at %q, %v", id, err)
	}
	if ok, err := lib.Posted(ctx, "slack:C1", "t"); err != nil || !ok {
		t.Error("not posted: ", err)
	}
	if all, err := lib.Feedback(ctx, 9); err != nil || len(all) != 1 {
		t.Errorf("feedback %v, %v", all, err)
	}
	if v, err := lib.Kept(ctx, "slack/token"); err != nil || string(v) != "sealed" {
		t.Errorf("kept %q, %v", v, err)
	}
	if n, err := lib.Receive(ctx, []briefs.Incoming{{Key: "slack:9", Aliases: []string{"alias1"}}}); err != nil || n != 0 {
		t.Errorf("received what is known: %d, %v", n, err)
	}
	k, ok, err := lib.Take(ctx, "slack", "two", storetest.Morning.Add(time.Hour), time.Minute)
	if err != nil || !ok || k.Key != "slack:2" || len(k.Replies) != 2 || !k.Replies[0].Sent || k.Replies[1].Part.Text != "more" || !strings.HasPrefix(string(k.Body), "asked ") {
		t.Errorf("took %+v, %v", k, err)
	}
}

func TestCheckFindsABrokenInbox(t *testing.T) {
	const loose = `PRAGMA foreign_keys = 0; `
	for statement, says := range map[string]string{
		``: ``,
		`UPDATE incoming SET state = 'lost' WHERE key = 1`:                         `incoming "slack:1" has an unknown state`,
		`DELETE FROM incoming_keys WHERE id = 'slack:2'`:                           `"slack:2" has no key`,
		`UPDATE incoming SET body = NULL WHERE key = 3`:                            `"slack:3" has no body`,
		`UPDATE incoming SET body = 'x' WHERE key = 1`:                             `"slack:1" has content after its end`,
		`UPDATE incoming_replies SET message = '{}' WHERE incoming = 1 AND n = 2`:  `"slack:1" has content after its end`,
		`UPDATE incoming_replies SET message = NULL WHERE incoming = 4 AND n = 2`:  `"slack:4" has a reply without content`,
		`UPDATE incoming_replies SET message = '{' WHERE incoming = 4 AND n = 2`:   `"slack:4" has a reply without content`,
		`UPDATE incoming_replies SET sent = 0 WHERE incoming = 1 AND n = 1`:        `"slack:1" has a reply that was not sent`,
		`UPDATE incoming SET composed = 0 WHERE key = 2`:                           `"slack:2" has replies already`,
		`UPDATE incoming_replies SET n = 9 WHERE incoming = 4 AND n = 1`:           `"slack:4" has a gap in its replies`,
		`UPDATE incoming SET head = 1 WHERE key = 3`:                               `"slack:3" has a wrong place in its lane`,
		`UPDATE incoming SET head = 0 WHERE key = 4`:                               `"slack:4" has a wrong place in its lane`,
		`UPDATE shown_quotes SET list = 3 WHERE shown = 1`:                         `answer "a1" has a quote that cannot be read`,
		`UPDATE shown_quotes SET why = '[' WHERE shown = 2`:                        `answer "a2" has a quote that cannot be read`,
		`UPDATE shown_quotes SET stop = 9999`:                                      `quoted of it lies outside`,
		`UPDATE shown_quotes SET lead_start = 1`:                                   `cuts a character`,
		`UPDATE feedback SET verdict = 'x'`:                                        `feedback on "a1" has an unknown verdict`,
		loose + `UPDATE shown_quotes SET revision = 9`:                             `shown_quotes has no revisions`,
		loose + `DELETE FROM shown WHERE key = 1`:                                  `shown_quotes has no shown`,
		loose + `DELETE FROM incoming WHERE key = 2; UPDATE incoming SET head = 1`: `incoming_replies has no incoming`,
	} {
		path := filepath.Join(t.TempDir(), "library.db")
		lib := library(t, path, sqlite.Options{})
		put(t, lib, storetest.Document("d", "Überall stands a sentence."))
		inbox(t, lib, "Quuxfrob.")
		execute(t, path, statement)
		problems, err := lib.Check(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(problems, "\n")
		if !strings.Contains(said, says) || says == "" && said != "" || strings.Contains(said, "Quuxfrob") {
			t.Errorf("%s: problems %q, want %q", statement, problems, says)
		}
	}
}

// What was answered, and what is not begun when a document is purged, leaves
// no text in the file.
func TestPurgeLeavesNoReply(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib := library(t, path, sqlite.Options{})
	put(t, lib, storetest.Document("d", "Quuxfrob stands there."))
	inbox(t, lib, "Quuxfrob stands there.")
	traces := func() (n int) {
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + suffix)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			n += bytes.Count(data, []byte("Quuxfrob"))
		}
		return n
	}
	if traces() == 0 {
		t.Fatal("nothing to purge")
	}
	if err := lib.RemoveDocument(ctx, "d", true); err != nil {
		t.Fatal(err)
	}
	// The questions of things 3 and 4, which are still to be answered: 2 was
	// half answered and has ended.
	if n := traces(); n != 2 {
		t.Errorf("the text stands there %d times, want twice, in what people wrote", n)
	}
	clean(t, lib)
	counts, _, err := lib.CountIncoming(ctx)
	if err != nil || counts[briefs.Waiting] != 2 || counts[briefs.GivenUp] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
}
