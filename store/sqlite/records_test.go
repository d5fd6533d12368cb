package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// quoteOf quotes the first n bytes of the current revision of id.
func quoteOf(t testing.TB, lib *sqlite.Library, id briefs.DocumentID, n int) briefs.Quote {
	t.Helper()
	d, err := lib.Document(context.Background(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	q, err := briefs.NewQuote(&d, briefs.Span{End: n})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// recorded records one of everything about document id.
func recorded(t *testing.T, lib *sqlite.Library, id briefs.DocumentID) {
	t.Helper()
	ctx := context.Background()
	q := quoteOf(t, lib, id, 8)
	about, span := q.Document(), q.Span()
	cited := []briefs.Citation{{N: 1, Source: 1, Quote: q, LeadIn: &q}}
	for _, err := range []error{
		lib.RecordAsked(ctx, briefs.Asked{
			Question: "what stands there?", Room: "console:a", Last: storetest.Morning,
			Quotes: []briefs.Ref{{Document: id, Revision: about.Revision, Span: span}},
		}),
		lib.RecordFetch(ctx, briefs.Fetch{Source: "./papers", Collection: "papers", At: storetest.Morning, Added: 1}),
		lib.RotateLinkKey(ctx, 0, bytes.Repeat([]byte{'k'}, 32), storetest.Morning, false),
		lib.RecordBriefing(ctx, briefs.Briefing{ID: "weekly#1", Room: "console:a", Posted: storetest.Morning, Briefs: []briefs.Brief{{
			Topic:    "papers",
			Sections: []briefs.Section{{Kind: briefs.SectionWho, Items: []briefs.BriefItem{{Label: about.Author, Quotes: cited}}}},
			Sources:  []briefs.BriefSource{{N: 1, Document: about, Quotes: []int{1}}},
			Changes:  []briefs.BriefChange{{Kind: briefs.ChangeCorrected, Document: about, Quotes: cited}},
		}}, Picture: &briefs.Picture{Alt: "Of " + about.Publisher, Light: []byte("\x89PNG light"), Dark: []byte("\x89PNG dark")}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// holds fails unless lib holds what recorded recorded.
func holds(t *testing.T, lib *sqlite.Library) {
	t.Helper()
	ctx := context.Background()
	asked, err := lib.Asked(ctx, 5)
	if err != nil || len(asked) != 1 || len(asked[0].Quotes) != 1 {
		t.Errorf("asked %+v, %v", asked, err)
	}
	fetches, err := lib.Fetches(ctx, briefs.Everything())
	if err != nil || len(fetches) != 1 {
		t.Errorf("fetches %+v, %v", fetches, err)
	}
	keys, err := lib.LinkKeys(ctx)
	if err != nil || len(keys) != 1 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	b, err := lib.Briefing(ctx, "weekly#1")
	if err != nil || len(b.Briefs) != 1 || len(b.Briefs[0].Sections) != 1 || len(b.Briefs[0].Sources) != 1 || len(b.Briefs[0].Changes) != 1 {
		t.Errorf("briefing %+v, %v", b, err)
	}
}

// TestRecordsAreBackedUp restores a backup and finds all records in it.
func TestRecordsAreBackedUp(t *testing.T) {
	ctx, log := context.Background(), slog.New(slog.DiscardHandler)
	dir := t.TempDir()
	lib := library(t, filepath.Join(dir, "library.db"), sqlite.Options{})
	put(t, lib, storetest.Document("d", "Sentence."))
	recorded(t, lib, "d")
	inbox(t, lib, "Sentence.")
	if err := lib.Backup(ctx, filepath.Join(dir, "backup")); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Restore(ctx, log, filepath.Join(dir, "backup"), filepath.Join(dir, "again.db"), sqlite.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	again := library(t, filepath.Join(dir, "again.db"), sqlite.Options{})
	holds(t, again)
	holdsInbox(t, again)
	clean(t, again)
}

// TestPlantedRecords changes single rows of what is recorded, as a fault of
// our own would, and expects Check to name each.
func TestPlantedRecords(t *testing.T) {
	const loose = `PRAGMA foreign_keys = OFF; `
	for name, c := range map[string]struct{ statement, says string }{
		"sound":                             {``, ``},
		"quote of no document":              {loose + `UPDATE asked_quotes SET document = 77`, "asked_quotes has no revisions"},
		"quote of no revision":              {loose + `UPDATE asked_quotes SET revision = 9`, "asked_quotes has no revisions"},
		"quote of no question":              {loose + `DELETE FROM asked`, "asked_quotes has no asked"},
		"quote past the end":                {`UPDATE asked_quotes SET stop = 99999`, "quoted of it lies outside"},
		"quote inside a character":          {`UPDATE asked_quotes SET start = 1`, "cuts a character"},
		"briefing quotes no revision":       {loose + `UPDATE briefing_quotes SET revision = 9`, "briefing_quotes has no revisions"},
		"briefing quotes past the end":      {`UPDATE briefing_quotes SET stop = 99999`, "quoted of it lies outside"},
		"lead-in inside a character":        {`UPDATE briefing_quotes SET lead_start = 1`, "cuts a character"},
		"briefing of no document":           {loose + `UPDATE briefing_sources SET document = 77`, "briefing_sources has no revisions"},
		"change of no document":             {loose + `UPDATE briefing_changes SET document = 77`, "briefing_changes has no revisions"},
		"items of no briefing":              {loose + `DELETE FROM briefings`, "briefing_items has no briefings"},
		"outline lost":                      {`UPDATE briefings SET outline = 'x'`, "outline cannot be read"},
		"item outside the outline":          {`UPDATE briefing_items SET section = 4`, "an item stands outside"},
		"source outside the outline":        {`UPDATE briefing_sources SET brief = 4`, "a source stands outside"},
		"change outside the outline":        {`UPDATE briefing_changes SET brief = -1`, "a change stands outside"},
		"item without its quotes":           {`DELETE FROM briefing_quotes WHERE item IS NOT NULL`, "an item is not whole"},
		"item with a broken list":           {`UPDATE briefing_items SET also = '['`, "an item is not whole"},
		"picture of no briefing":            {loose + `UPDATE briefing_pictures SET briefing = 77`, "briefing_pictures has no briefings"},
		"picture cut":                       {`UPDATE briefing_pictures SET dark = x''`, "a picture that is not whole"},
		"picture without words":             {`UPDATE briefing_pictures SET alt = ''`, "a picture that is not whole"},
		"picture of broken collections":     {`UPDATE briefing_pictures SET collections = '['`, "a picture that is not whole"},
		"a key cut":                         {`UPDATE link_keys SET secret = substr(secret, 1, 8)`, "link key 1 is too short"},
		"briefing tells no document's text": {`UPDATE briefings SET outline = 'Überall'`, "outline cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "library.db")
			lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			put(t, lib, storetest.Document("d", "Überall wind."))
			recorded(t, lib, "d")
			if err := lib.Close(); err != nil {
				t.Fatal(err)
			}
			execute(t, path, c.statement)
			lib = library(t, path, sqlite.Options{})
			problems, err := lib.Check(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(problems, "\n")
			if !strings.Contains(said, c.says) || c.says == "" && said != "" || strings.Contains(said, "berall") {
				t.Errorf("problems %q, want %q", problems, c.says)
			}
			if _, err := lib.Briefing(context.Background(), "weekly#1"); err != nil && !errors.Is(err, briefs.ErrDamaged) && !errors.Is(err, briefs.ErrNotFound) {
				t.Errorf("read with this damage: %v", err)
			}
		})
	}
}

// TestPurgeLeavesNoRecord looks for the traces of a purged document in what
// was recorded of it.
func TestPurgeLeavesNoRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	lib := library(t, path, sqlite.Options{})
	d := storetest.Document("secretid", "Quuxfrob is there.")
	d.Author, d.Publisher = "Blargwump Invented", "Zwonk Press"
	put(t, lib, d)
	recorded(t, lib, "secretid")
	traces := func() (found []string) {
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + suffix)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			for _, word := range []string{"Blargwump", "Quuxfrob", "secretid", "Zwonk"} {
				if bytes.Contains(data, []byte(word)) {
					found = append(found, word+suffix)
				}
			}
		}
		return found
	}
	if len(traces()) < 4 {
		t.Fatalf("before: only %q found", traces())
	}
	if err := lib.RemoveDocument(context.Background(), "secretid", true); err != nil {
		t.Fatal(err)
	}
	if found := traces(); len(found) > 0 {
		t.Errorf("after the purge the file still holds %q", found)
	}
	clean(t, lib)
}

// BenchmarkRecordAsked is what recording adds to each question, in a library
// with many of them: new questions, and the same one again.
func BenchmarkRecordAsked(b *testing.B) {
	ctx := context.Background()
	lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(b.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { lib.Close() })
	var batch []briefs.Document
	for i := range 20 {
		batch = append(batch, storetest.Document(fmt.Sprint("d", i), strings.Repeat("A sentence stands here. ", 100)))
	}
	if _, err := lib.PutDocuments(ctx, batch); err != nil {
		b.Fatal(err)
	}
	asked := func(i int) briefs.Asked {
		q := briefs.Asked{Question: fmt.Sprintf("what stands in place %d?", i), Room: "console:a", Last: storetest.Morning.Add(time.Duration(i) * time.Second)}
		for j := range 5 {
			q.Quotes = append(q.Quotes, briefs.Ref{
				Document: briefs.DocumentID(fmt.Sprint("d", (i+j)%20)), Revision: 1, Span: briefs.Span{Start: 24 * j, End: 24*j + 23},
			})
		}
		return q
	}
	const before = 20_000
	for i := range before {
		if err := lib.RecordAsked(ctx, asked(i)); err != nil {
			b.Fatal(err)
		}
	}
	for name, at := range map[string]func(i int) int{"new": func(i int) int { return before + i }, "again": func(int) int { return 77 }} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := lib.RecordAsked(ctx, asked(at(i))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("AskedAbout", func(b *testing.B) {
		for b.Loop() {
			if found, err := lib.AskedAbout(ctx, asked(3).Quotes[0], "console:a"); err != nil || len(found) == 0 {
				b.Fatal(len(found), err)
			}
		}
	})
	b.Run("Asked", func(b *testing.B) {
		for b.Loop() {
			if found, err := lib.Asked(ctx, 50, "console:a"); err != nil || len(found) != 50 {
				b.Fatal(len(found), err)
			}
		}
	})
}
