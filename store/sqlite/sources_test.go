package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// followed makes document id what a followed source brought.
func followed(t *testing.T, lib *sqlite.Library, id briefs.DocumentID, original string) briefs.SourceKey {
	t.Helper()
	ctx := context.Background()
	s := briefs.Source{Kind: briefs.SourcePage, Address: "https://example.org/" + string(id), Collection: "papers"}
	c, ok, err := lib.ClaimSource(ctx, s, "w", storetest.Morning, time.Hour)
	if err != nil || !ok {
		t.Fatalf("claim: %v, %v", ok, err)
	}
	c.Title = "On " + string(id)
	it := briefs.SourceItem{Name: s.Address, Address: s.Address, Document: id, Title: "On " + string(id), Next: storetest.Morning}
	a := briefs.Archived{Document: id, Revision: 1, Parts: []briefs.ArchivedPart{{Address: s.Address, Data: []byte(original)}}}
	for _, err := range []error{lib.SaveItem(ctx, c, it, []string{"example.org/" + string(id)}, &a), lib.ReleaseSource(ctx, c)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return s.Key()
}

// TestSourcesAreBackedUp restores a backup and finds what is known of sources,
// and originals, in it.
func TestSourcesAreBackedUp(t *testing.T) {
	ctx, log, dir := context.Background(), slog.New(slog.DiscardHandler), t.TempDir()
	lib := library(t, filepath.Join(dir, "library.db"), sqlite.Options{})
	put(t, lib, storetest.Document("d", "Sentence."))
	k := followed(t, lib, "d", "<p>Sentence.")
	if err := lib.Backup(ctx, filepath.Join(dir, "backup")); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Restore(ctx, log, filepath.Join(dir, "backup"), filepath.Join(dir, "again.db"), sqlite.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	again := library(t, filepath.Join(dir, "again.db"), sqlite.Options{})
	a, err := again.Archived(ctx, "d", 1)
	if err != nil || len(a.Parts) != 1 || string(a.Parts[0].Data) != "<p>Sentence." {
		t.Errorf("original %+v, %v", a, err)
	}
	items, err := again.SourceItems(ctx, k, "", 9)
	if err != nil || len(items) != 1 || items[0].Document != "d" {
		t.Errorf("items %+v, %v", items, err)
	}
	clean(t, again)
}

// TestPlantedSources changes single rows of what is known of sources, and
// expects Check to name each.
func TestPlantedSources(t *testing.T) {
	const loose = `PRAGMA foreign_keys = OFF; `
	for name, c := range map[string]struct{ statement, says string }{
		"sound":                        {``, ``},
		"a kind that is none":          {`UPDATE sources SET kind = 'x' WHERE address LIKE '%/d'`, "an unknown kind"},
		"read before it was tried":     {`UPDATE sources SET succeeded = 9`, "a state that cannot be"},
		"item of no source":            {loose + `DELETE FROM sources`, "source_items has no sources"},
		"item of no document":          {loose + `UPDATE source_items SET document = 77`, "source_items has no documents"},
		"gone without a document":      {`UPDATE source_items SET gone = 1, document = NULL`, "though it is gone"},
		"address of no document":       {loose + `UPDATE source_addresses SET document = 77`, "source_addresses has no documents"},
		"original of no document":      {loose + `UPDATE originals SET document = 77 WHERE key = 1`, "originals has no documents"},
		"original of no revision":      {`DELETE FROM archived WHERE document = 1`, "that no revision was read from"},
		"revision of no original":      {loose + `DELETE FROM originals WHERE key = 1`, "archived has no originals"},
		"original of another document": {`UPDATE archived SET original = 2`, "the original of another one"},
		"original cut":                 {`UPDATE originals SET body = substr(body, 1, length(body) - 3) WHERE key = 1`, `"d": its original is not what was stored`},
		"original altered":             {`UPDATE originals SET digest = zeroblob(32) WHERE key = 1`, `"d": its original is not what was stored`},
		"original that grew":           {`UPDATE originals SET size = 3 WHERE key = 1`, `"d": its original is not what was stored`},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "library.db")
			lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			put(t, lib, storetest.Document("d", "Berall wind."), storetest.Document("e", "Berall rain."))
			followed(t, lib, "d", strings.Repeat("Berall wind. ", 99))
			followed(t, lib, "e", strings.Repeat("Berall rain. ", 99))
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
			if !strings.Contains(said, c.says) || c.says == "" && said != "" || strings.Contains(said, "Berall") {
				t.Errorf("problems %q, want %q", problems, c.says)
			}
			if _, err := lib.Archived(context.Background(), "d", 1); err != nil && !errors.Is(err, briefs.ErrDamaged) && !errors.Is(err, briefs.ErrNotFound) {
				t.Errorf("read with this damage: %v", err)
			}
		})
	}
}

// TestPurgeLeavesNoOriginal looks for the traces of a purged document in what
// was known of its source. What was fetched does not compress, so that it would
// be seen.
func TestPurgeLeavesNoOriginal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	lib := library(t, path, sqlite.Options{})
	put(t, lib, storetest.Document("secretid", "Quuxfrob is there."))
	noise := make([]byte, 4000)
	rnd := rand.New(rand.NewPCG(2031, 3))
	for i := range noise {
		noise[i] = byte(rnd.Uint32())
	}
	followed(t, lib, "secretid", string(noise))
	traces := func() (found []string) {
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + suffix)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			for _, word := range []string{"secretid", "Quuxfrob", string(noise[2000:2040])} {
				if bytes.Contains(data, []byte(word)) {
					found = append(found, word+suffix)
				}
			}
		}
		return found
	}
	if len(traces()) < 3 {
		t.Fatalf("before: only %q found", traces())
	}
	if err := lib.RemoveDocument(context.Background(), "secretid", true); err != nil {
		t.Fatal(err)
	}
	if found := traces(); len(found) > 0 {
		t.Errorf("after the purge the file still holds %q", found)
	}
	if names, err := lib.Purged(context.Background(), "papers", "secretid", "other"); err != nil || len(names) != 1 {
		t.Errorf("known as purged: %q, %v", names, err)
	}
	clean(t, lib)
}
