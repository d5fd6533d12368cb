package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
	"briefdesk/store/sqlite/packed"
)

// Spaces beyond ASCII are letters to both indexes.
func TestOddSpacesAreLetters(t *testing.T) {
	lib := openQuiet(t, filepath.Join(t.TempDir(), "library.db"))
	d := briefs.Document{ID: "d", Title: "Odd", Collection: "papers", Text: "Harbours ferries tariffs."}
	structure.Analyze(&d)
	if _, err := lib.PutDocuments(context.Background(), []briefs.Document{d}); err != nil {
		t.Fatal(err)
	}
	terms := strings.Fields(packedHits(t, lib, briefs.Query{Terms: []briefs.Term{{Forms: []string{"odd"}}}, Scope: briefs.Everything(), Limit: 1})[0].Terms[0])
	for _, space := range []string{" ", "\u00a0", "\u0085", "\u2009", "\u3000"} {
		q := briefs.Query{Terms: []briefs.Term{{Forms: []string{strings.Join(terms[:2], space)}}}, Scope: briefs.Everything(), Limit: 5}
		hits := packedHits(t, lib, q)
		sameHits(t, fmt.Sprintf("%+v", q), hits, fallback(t, lib, q))
		if (space == " ") != (len(hits) == 1) {
			t.Errorf("%q between terms: %d hits", space, len(hits))
		}
	}
}

// What the packed index has too much is mended by making it anew: no backup is
// to be restored for it.
func TestForgottenRemovalAsksForRepack(t *testing.T) {
	ctx := context.Background()
	lib := openQuiet(t, filepath.Join(t.TempDir(), "library.db"))
	for i := range 3 {
		if _, err := lib.PutDocuments(ctx, []briefs.Document{piece(fmt.Sprint("d", i), 9, "harbours")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := lib.RemoveDocument(ctx, "d1", false); err != nil {
		t.Fatal(err)
	}
	if _, err := lib.writer.conn.ExecContext(ctx, `DELETE FROM packed_dead; UPDATE library SET packed = packed + 1`); err != nil {
		t.Fatal(err)
	}
	q := briefs.Query{Terms: []briefs.Term{{Forms: []string{"d1"}}}, Scope: briefs.Everything(), Limit: 5}
	if _, err := lib.Search(ctx, q); !errors.Is(err, briefs.ErrDamaged) || !strings.HasSuffix(err.Error(), "briefdesk library repack") {
		t.Errorf("error %v", err)
	}
	if err := lib.Repack(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if hits := packedHits(t, lib, q); len(hits) != 0 {
		t.Errorf("%d hits in what was removed", len(hits))
	}
}

// A segment that is lost is told, not passed over in silence; counters that are
// wrong alone take nothing away.
func TestLostSegmentAsksForRepack(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib := openQuiet(t, path)
	for i := range 3 {
		if _, err := lib.PutDocuments(ctx, []briefs.Document{piece(fmt.Sprint("d", i), 9, "harbours")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := lib.RemoveDocument(ctx, "d1", false); err != nil {
		t.Fatal(err)
	}
	change := func(statement string) *Library {
		t.Helper()
		if _, err := lib.writer.conn.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
		return openQuiet(t, path) // as after a start
	}
	q := briefs.Query{Terms: []briefs.Term{{Forms: []string{"littl"}}}, Scope: briefs.Everything(), Limit: 50}
	want := packedHits(t, lib, q)
	if len(want) == 0 {
		t.Fatal("nothing is found")
	}
	sameHits(t, "with wrong counters", packedHits(t, change(`UPDATE collections SET passages = passages + 1`), q), want)
	if _, err := change(`UPDATE collections SET passages = passages - 1; DELETE FROM packed_segments`).Search(ctx, q); !errors.Is(err, briefs.ErrDamaged) || !strings.HasSuffix(err.Error(), "briefdesk library repack") {
		t.Errorf("error %v", err)
	}
	if err := lib.Repack(ctx, nil); err != nil {
		t.Fatal(err)
	}
	sameHits(t, "after a repack", packedHits(t, openQuiet(t, path), q), want)
}

// A filter that is asked for all the time does not keep the segments of all
// times.
func TestFiltersForgetSegments(t *testing.T) {
	ctx := context.Background()
	lib := openQuiet(t, filepath.Join(t.TempDir(), "library.db"))
	q := briefs.Query{Terms: []briefs.Term{{Forms: []string{"part"}}}, Scope: briefs.Everything(), From: "2030", Limit: 5}
	for i := range 40 {
		if _, err := lib.PutDocuments(ctx, []briefs.Document{piece("d", 9, "harbours", fmt.Sprint("word", i))}); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			settle(t, lib)
		}
		if hits := packedHits(t, lib, q); len(hits) != 5 {
			t.Fatalf("%d hits", len(hits))
		}
	}
	lib.folds.filters.mu.Lock()
	defer lib.folds.filters.mu.Unlock()
	for _, e := range lib.folds.filters.at {
		f := e.Value.(*sized[filter, *packed.Filter]).value
		if f == nil {
			continue
		}
		if n, most := f.Segments(), 2*count(t, lib, `SELECT count(*) FROM packed_segments`); n > most {
			t.Errorf("a filter knows %d segments, want %d at most", n, most)
		}
	}
}
