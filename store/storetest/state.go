package storetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

var stateContracts = []contract{
	{"gaps", gaps},
	{"backup", backup},
}

func gaps(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	at := func(minutes int) time.Time { return Morning.Add(time.Duration(minutes) * time.Minute) }
	for _, g := range []briefs.Gap{
		{Question: "Why do  gulls shout?", Reason: briefs.NoHits, Room: "console:a", Last: at(0)},
		{Question: "why do gulls shout", Reason: briefs.NoSentence, Room: "console:a", Last: at(5)},
		{Question: "Why do gulls shout?", Reason: briefs.LowCoverage, Room: "console:b", Last: at(2)},
		{Question: "WHY DO GULLS SHOUT ?!", Reason: briefs.NoHits, Room: "console:a", Last: at(3)}, // told late
		{Question: "Who feeds them?", Reason: briefs.NoHits, Last: at(9)},
	} {
		if err := lib.RecordGap(ctx, g); err != nil {
			t.Fatal(err)
		}
	}
	a := briefs.Gap{Question: "why do gulls shout", Reason: briefs.NoSentence, Room: "console:a", First: at(0), Last: at(5), Count: 3}
	b := briefs.Gap{Question: "Why do gulls shout?", Reason: briefs.LowCoverage, Room: "console:b", First: at(2), Last: at(2), Count: 1}
	c := briefs.Gap{Question: "Who feeds them?", Reason: briefs.NoHits, First: at(9), Last: at(9), Count: 1}
	check := func(want []briefs.Gap, rooms ...string) {
		t.Helper()
		got, err := lib.Gaps(ctx, rooms...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("gaps of %q (-want +got):\n%s", rooms, diff)
		}
	}
	check([]briefs.Gap{c, a, b})
	check([]briefs.Gap{b}, "console:b")
	check([]briefs.Gap{c, a}, "", "console:a")
	check(nil, "console:none")
	if err := lib.ClearGap(ctx, "Why do gulls shout", "console:a"); err != nil {
		t.Fatal(err)
	}
	check([]briefs.Gap{c, b})
	if err := lib.ClearGap(ctx, "Why do gulls shout", "console:a"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("cleared twice: %v, want ErrNotFound", err)
	}
	for _, none := range []string{"", "  ", "?!", "\x00"} {
		if err := lib.RecordGap(ctx, briefs.Gap{Question: none, Last: at(0)}); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("gap %q: %v, want ErrInvalid", none, err)
		}
	}
	long := strings.Repeat("é", 100_000) + "\xff"
	if err := lib.RecordGap(ctx, briefs.Gap{Question: long, Room: "long", Last: at(0)}); err != nil {
		t.Fatal(err)
	}
	kept, err := lib.Gaps(ctx, "long")
	if err != nil || len(kept) != 1 || !strings.HasPrefix(long, kept[0].Question) {
		t.Errorf("a long question is not kept by its beginning (%v)", err)
	}
}

func backup(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("k", "Kept words."))
	path := filepath.Join(t.TempDir(), "copy")
	if err := lib.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	if err := lib.Backup(ctx, path); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("second backup to one place: %v, want ErrConflict", err)
	}
	if err := lib.Backup(ctx, filepath.Join(t.TempDir(), "no", "folder")); !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("backup to a missing folder: %v, want ErrUnavailable", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

var concurrencyContracts = []contract{
	{"concurrent/readers see whole documents", wholeDocuments},
	{"concurrent/writers queue", writersQueue},
}

// wholeDocuments replaces a document over and over. Every reader must see one
// revision whole: all its passages, and the text they belong to.
func wholeDocuments(t *testing.T, lib store.Backend) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	version := func(i int) briefs.Document {
		var paragraphs []string
		for range 1 + i%3 {
			paragraphs = append(paragraphs, strings.Repeat(fmt.Sprintf("Pilots number %d sail on. ", i%5), 80))
		}
		return Document("w", paragraphs...)
	}
	counts := map[string]int{}
	for i := range 15 {
		counts[version(i).Text] = len(version(i).Passages)
	}
	put(t, lib, version(0))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for ctx.Err() == nil {
				hits, err := lib.Search(context.Background(), query("pilots"))
				if err != nil || len(hits) == 0 {
					t.Errorf("Search: %d hits, %v", len(hits), err)
					return
				}
				d, err := lib.Document(context.Background(), "w", hits[0].Revision)
				if err != nil {
					t.Error(err)
					return
				}
				if len(hits) != counts[d.Text] {
					t.Errorf("revision %d: %d hits for %d passages", d.Revision, len(hits), counts[d.Text])
				}
				for _, h := range hits {
					if h.Revision != d.Revision {
						t.Errorf("revisions %d and %d in one search", h.Revision, d.Revision)
					}
					if d.Slice(h.Span) == "" {
						t.Errorf("passage %s outside its text", h.ID)
					}
				}
				if _, err := lib.Documents(context.Background(), briefs.Listing{Scope: briefs.Everything()}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 45 {
		put(t, lib, version(i))
	}
	cancel()
	wg.Wait()
	sound(t, lib)
}

func writersQueue(t *testing.T, lib store.Backend) {
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 10 {
				id := fmt.Sprintf("w%d-%d", w, i)
				if _, err := lib.PutDocuments(context.Background(), []briefs.Document{Document(id, "Words of "+id+".")}); err != nil {
					t.Error(err)
				}
				if err := lib.RecordGap(context.Background(), briefs.Gap{Question: "who?", Last: Morning}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	stats, err := lib.Stats(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "documents", stats.Documents, 40)
	all, err := lib.Gaps(context.Background())
	if err != nil || len(all) != 1 || all[0].Count != 40 {
		t.Errorf("gaps = %v, %v; want one that counts 40", all, err)
	}
	sound(t, lib)
}
