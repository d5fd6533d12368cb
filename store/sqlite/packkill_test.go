package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// packAll adds what addAll adds, while segments are merged all the time, and
// makes the packed index anew now and then. It ends with the library in order.
func packAll(ctx context.Context, path, name string, progress io.Writer) error {
	lib, err := sqlite.OpenRestless(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer lib.Close()
	fmt.Fprintln(progress, "open")
	for b := range batches {
		if _, err := lib.PutDocuments(ctx, batch(name, b)); err != nil {
			return err
		}
		if b > 0 { // and again, as other documents for a while
			title := "A passing title"
			id := briefs.DocumentID(fmt.Sprintf("%s-%d-%d", name, b-1, 1))
			if err := errors.Join(lib.EditDocument(ctx, id, briefs.Edit{Title: &title}), lib.RemoveDocument(ctx, id, b%2 == 0)); err != nil && !errors.Is(err, briefs.ErrNotFound) {
				return err
			}
			if _, err := lib.PutDocuments(ctx, batch(name, b-1)); err != nil {
				return err
			}
		}
		if b%5 == 4 {
			if err := lib.Repack(ctx, nil); err != nil {
				return err
			}
		}
		fmt.Fprintln(progress, "stored")
	}
	return lib.RemoveDocument(ctx, briefs.DocumentID(fmt.Sprintf("%s-%d-%d", name, batches-2, 1)), true)
}

// packedAnswers are the hits of some questions, with their scores.
func packedAnswers(t *testing.T, lib *sqlite.Library) (all []string) {
	t.Helper()
	for _, forms := range [][]string{{"sentenc", "k-3-2"}, {"anoth", "3"}, {"stand", "7"}, {"k"}, {"4"}} {
		q := briefs.Query{Scope: briefs.Everything(), Limit: 30}
		for _, f := range forms {
			q.Terms = append(q.Terms, briefs.Term{Forms: []string{f}})
		}
		hits, err := lib.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			all = append(all, fmt.Sprintf("%v: %s %.9f", forms, h.ID, h.Score))
		}
	}
	return all
}

func restless(t *testing.T, path string) *sqlite.Library {
	t.Helper()
	lib, err := sqlite.OpenRestless(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	return lib
}

// TestKillPacking kills a process that adds, edits, merges and repacks all the
// time, at any moment. Whatever was left opens and is sound, and once the work
// is done the answers are those of a library that nobody killed.
// BRIEFDESK_PROVE does it two hundred times.
func TestKillPacking(t *testing.T) {
	rounds := 4
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		rounds = 200
	}
	ctx := context.Background()
	reference := filepath.Join(t.TempDir(), "reference.db")
	if err := packAll(ctx, reference, "k", io.Discard); err != nil {
		t.Fatal(err)
	}
	want := packedAnswers(t, restless(t, reference))
	if len(want) < 50 {
		t.Fatalf("only %d hits", len(want))
	}
	rnd := rand.New(rand.NewPCG(2031, 8))
	killed := 0
	storing := 20 * time.Millisecond // measured below
	for round := 0; killed < rounds && round < 10*rounds; round++ {
		path := filepath.Join(t.TempDir(), "library.db")
		start := time.Now()
		cmd, out, stderr := spawn(t, os.Args[0], "pack", path, "k", nil)
		reports := bufio.NewScanner(out)
		await := 1 + rnd.IntN(1+batches)
		for range await {
			if !reports.Scan() {
				t.Fatalf("child: %v, %s", reports.Err(), stderr)
			}
		}
		storing = min(time.Second, time.Since(start)/time.Duration(await))
		time.Sleep(time.Duration(rnd.Float64() * float64(storing)))
		_ = cmd.Process.Kill() // it may have ended
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			if !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
				t.Fatalf("child: %v, %s", err, stderr)
			}
			killed++
		}
		lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), path, sqlite.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		clean(t, lib)
		if err := lib.Close(); err != nil {
			t.Fatal(err)
		}
		// Who died cannot give its lease back.
		execute(t, path, `UPDATE packed_segments SET until = 0 WHERE state = 'building'`)
		if err := packAll(ctx, path, "k", io.Discard); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		after := restless(t, path)
		clean(t, after)
		if got := packedAnswers(t, after); !slices.Equal(got, want) {
			t.Errorf("round %d: answers\n%s\nwant\n%s", round, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		after.Close()
	}
	t.Logf("%d were killed", killed)
	if killed < rounds {
		t.Error("the moments are chosen badly")
	}
}

// TestTwoPackers lets three processes add, edit, merge and repack at once.
func TestTwoPackers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	names := []string{"a", "b", "c"}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			cmd, out, stderr := spawn(t, os.Args[0], "pack", path, name, nil)
			_, _ = io.Copy(io.Discard, out)
			if err := cmd.Wait(); err != nil {
				t.Errorf("%s: %v, %s", name, err, stderr)
			}
		})
	}
	wg.Wait()
	lib := restless(t, path)
	clean(t, lib)
	stats, err := lib.Stats(context.Background())
	if want := len(names) * (batches*batchSize - 1); err != nil || stats.Documents != want {
		t.Errorf("%d documents, %v, want %d", stats.Documents, err, want)
	}
}

// TestFullWhilePacking adds to a file that may not grow while segments are
// merged and packed anew: what was stored stays, and is found.
func TestFullWhilePacking(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib, err := sqlite.OpenRestless(ctx, path, sqlite.Options{MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	full(t, lib, path)
	for range 3 {
		if err := lib.Repack(ctx, nil); err != nil && (!errors.Is(err, briefs.ErrUnavailable) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("repack: %v, want one line of ErrUnavailable", err)
		}
		clean(t, lib)
	}
	stats, err := lib.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	q := seek("fill")
	q.Limit = 10_000
	hits, err := lib.Search(ctx, q)
	if err != nil || len(hits) != stats.Passages {
		t.Errorf("%d hits, %v, want all of %d passages", len(hits), err, stats.Passages)
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	lib = restless(t, path)
	put(t, lib, storetest.Document("later", "There is room again."))
	if err := lib.Repack(ctx, nil); err != nil {
		t.Error(err)
	}
	clean(t, lib)
}
