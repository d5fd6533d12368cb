package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
	"briefdesk/store"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

func TestReindex(t *testing.T) {
	storetest.Reindexed(t, func(t *testing.T) store.Backend {
		return library(t, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	}, func(t *testing.T, lib store.Backend) {
		if err := sqlite.Outdate(context.Background(), lib.(*sqlite.Library)); err != nil {
			t.Fatal(err)
		}
	})
}

// TestReindexLongTexts reads a few long texts at a time, however many are asked
// for.
func TestReindexLongTexts(t *testing.T) {
	ctx := context.Background()
	lib := library(t, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	for i := range 3 {
		var paragraphs []string
		for n := range 1500 {
			paragraphs = append(paragraphs, fmt.Sprintf("Paragraph %d of book %d tells of %d lamps, and of the men who kept them burning in the storms of all those winters.", n, i, n*i))
		}
		put(t, lib, storetest.Document(fmt.Sprint("book", i), paragraphs...))
	}
	if err := sqlite.Outdate(ctx, lib); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if done, err := lib.Reindex(ctx, 100, structure.Index); done != 1 || err != nil {
			t.Errorf("%d books, %v; want one", done, err)
		}
	}
	if done, err := lib.Reindex(ctx, 100, structure.Index); done != 0 || err != nil {
		t.Errorf("%d books, %v; want none", done, err)
	}
}

// TestReindexKilled kills processes that index a library anew, and lets the
// next one go on.
func TestReindexKilled(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	open := func() *sqlite.Library {
		lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return lib
	}
	const documents = 60
	lib := open()
	for i := range documents {
		d := storetest.Document(fmt.Sprintf("d%02d", i), fmt.Sprintf("Keeper %d stands on the skerries.", i))
		d.Passages[0].Terms[0] += " oldterm"
		put(t, lib, d)
	}
	if err := sqlite.Outdate(ctx, lib); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(2031, 9))
	killed, left := 0, documents
	for left > 0 {
		if err := lib.Close(); err != nil {
			t.Fatal(err)
		}
		cmd, out, stderr := spawn(t, os.Args[0], "reindex", path, "", nil)
		reports := bufio.NewScanner(out)
		for range 2 + rnd.IntN(16) {
			reports.Scan()
		}
		_ = cmd.Process.Kill() // it may have ended
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			if !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
				t.Fatalf("child: %v, %s", err, stderr)
			}
			killed++
		}
		lib = open()
		clean(t, lib)
		stats, err := lib.Stats(ctx)
		if err != nil || stats.Outdated > left || stats.Documents != documents {
			t.Fatalf("%d of %d documents left, after %d; %v", stats.Outdated, stats.Documents, left, err)
		}
		left = stats.Outdated
		df, _, err := lib.DocFreq(ctx, briefs.Everything(), []string{"oldterm", "skerri"})
		if err != nil || df[0] != left || df[1] != documents {
			t.Fatalf("%d passages have the old term, %d the new one, %v; %d documents are left", df[0], df[1], err, left)
		}
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	if killed < 4 {
		t.Errorf("only %d were killed in the middle of the work", killed)
	}
}

// reindexAll indexes anew what is left, two documents at a time, and tells of
// each.
func reindexAll(ctx context.Context, lib *sqlite.Library) error {
	for {
		done, err := lib.Reindex(ctx, 2, func(d *briefs.Document) {
			structure.Index(d)
			fmt.Println("indexed", d.ID)
		})
		if err != nil || done == 0 {
			return err
		}
	}
}
