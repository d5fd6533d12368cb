package sqlite

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"briefdesk/briefs"
)

// TestMergingHoldsNobodyUp measures how long who writes waits, and a question
// takes, while segments are merged and while nothing is. BRIEFDESK_PROVE does
// it with a library that takes seconds to merge, and holds the times against
// 100 ms and twice as long; a machine that does other work meanwhile fails it.
func TestMergingHoldsNobodyUp(t *testing.T) {
	batches := 2
	prove := os.Getenv("BRIEFDESK_PROVE") != ""
	if prove {
		batches = 24
	}
	sizes := usualSizes
	sizes.soon, sizes.later = time.Hour, time.Hour
	ctx := context.Background()
	lib, err := Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), Options{sizes: &sizes})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	for b := range batches {
		var batch []briefs.Document
		for i := range 600 {
			n := b*600 + i
			batch = append(batch, piece(fmt.Sprint("d", n), 4, "harbours", fmt.Sprint("word", n), fmt.Sprint("other", n%97), "ferries"))
		}
		if _, err := lib.PutDocuments(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	q := briefs.Query{Terms: []briefs.Term{{Forms: []string{"littl"}}, {Forms: []string{"other7"}}, {Forms: []string{"ferri"}}}, Scope: briefs.Everything(), Limit: 10}
	var waits, searches []time.Duration
	once := func() {
		began := time.Now()
		err := lib.write(ctx, func(ctx context.Context, w *writer) error {
			waits = append(waits, time.Since(began))
			_, err := w.exec(ctx, `UPDATE library SET generation = generation + 1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		packedHits(t, lib, q)
		searches = append(searches, time.Since(began))
	}
	took := func(during string) (wait, search time.Duration) {
		slices.Sort(waits)
		slices.Sort(searches)
		wait, search = waits[len(waits)-1], searches[len(searches)/2]
		t.Logf("%s: %d times; who writes waits %v (median), %v (longest); a question takes %v (median), %v (99 of 100)", during,
			len(waits), waits[len(waits)/2], wait, search, searches[len(searches)*99/100])
		waits, searches = nil, nil
		return wait, search
	}
	for range 20 * batches {
		once()
	}
	_, alone := took("alone")
	merged := make(chan error, 1)
	go func() { merged <- lib.mergeAll(ctx) }()
	for done := false; !done; {
		once()
		select {
		case err := <-merged:
			if err != nil {
				t.Fatal(err)
			}
			done = true
		default:
		}
	}
	wait, search := took("while segments are merged")
	if n := count(t, lib, `SELECT count(*) FROM packed_segments WHERE state = 'used'`); n != 1 {
		t.Errorf("%d segments: nothing was merged", n)
	}
	if prove && (wait > 100*time.Millisecond || search > 2*alone) {
		t.Errorf("who writes waits up to %v, want 100 ms; a question takes %v, %v alone", wait, search, alone)
	}
}
