package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
	"briefdesk/store/sqlite/packed"
)

// restless sizes merge and pack all the time, in steps as small as can be.
var restless = packSizes{tail: 8, fanout: 2, inputs: 4, most: 24, step: 10, repack: 20, bytes: 1 << 10, again: 10 * time.Millisecond, failed: 10 * time.Millisecond}

// OpenRestless is Open with small sizes, for the tests of other processes.
func OpenRestless(ctx context.Context, path string, o Options) (*Library, error) {
	o.sizes = &restless
	return Open(ctx, slog.New(slog.DiscardHandler), path, o)
}

// quiet sizes leave the packed index alone, until a test does what there is.
func quiet() *packSizes {
	z := restless
	z.soon, z.later = time.Hour, time.Hour
	return &z
}

func openQuiet(t *testing.T, path string) *Library {
	t.Helper()
	lib, err := Open(context.Background(), slog.New(slog.DiscardHandler), path, Options{sizes: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	return lib
}

// fataler is *testing.T or *rapid.T.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// piece is a document of n passages or so.
func piece(id string, n int, words ...string) briefs.Document {
	d := briefs.Document{ID: briefs.DocumentID(id), Title: "On " + id, Author: "Una Invented", Collection: "papers", Published: "2031-02"}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString("\n\n")
		}
		start := b.Len()
		fmt.Fprintf(&b, "Part %d of %s tells of %s. ", i, id, words[i%len(words)])
		b.WriteString(strings.TrimSpace(strings.Repeat("It goes on for a while and says little. ", 12)))
		d.Blocks = append(d.Blocks, briefs.Block{Role: briefs.RoleParagraph, Span: briefs.Span{Start: start, End: b.Len()}, Body: start})
	}
	d.Text = b.String()
	structure.Analyze(&d)
	return d
}

// settle does all there is to do with the packed index of lib.
func settle(t *testing.T, lib *Library) {
	t.Helper()
	for range 1000 {
		did, err := lib.merger.step(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			return
		}
	}
	t.Fatal("there is always something to do")
}

func checked(t fataler, lib *Library) {
	t.Helper()
	if problems, err := lib.Check(context.Background()); err != nil || len(problems) > 0 {
		t.Fatalf("Check = %q, %v", problems, err)
	}
}

func count(t fataler, lib *Library, query string, args ...any) (n int) {
	t.Helper()
	if err := lib.readers.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// tidy fails where something is left that nobody needs.
func tidy(t fataler, lib *Library) {
	t.Helper()
	for what, query := range map[string]string{
		"unused segments":           `SELECT count(*) FROM packed_segments WHERE state <> 'used'`,
		"blobs of no segment":       `SELECT count(*) FROM packed_blobs WHERE (id >> 24) NOT IN (SELECT id FROM packed_segments)`,
		"rows that no segment need": `SELECT count(*) FROM packed_dead d WHERE NOT EXISTS (SELECT 1 FROM packed_segments s WHERE s.first <= d.first AND d.first < s.stop AND d.id > s.dead)`,
		"unpacked passages":         `SELECT unpacked IS NOT NULL FROM library`,
	} {
		if n := count(t, lib, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	var passages, dead int
	list, err := lib.packedNow(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i := range list.segments {
		passages += list.segments[i].meta.Passages
		dead += list.segments[i].buried
	}
	if n := count(t, lib, `SELECT count(*) FROM passages`); passages-dead != n {
		t.Errorf("%d passages packed, %d dead, but there are %d", passages, dead, n)
	}
}

func TestMergeable(t *testing.T) {
	z := packSizes{tail: 10, fanout: 4, inputs: 6}
	for _, c := range []struct {
		sizes, buried []int
		old           int // segments of an older version
		from, to      int
	}{
		{},
		{sizes: []int{30, 30, 30}},
		{sizes: []int{30, 30, 30, 30}, to: 4},
		{sizes: []int{30, 30, 30, 30, 2, 1}, to: 4},               // the newest are left to who adds
		{sizes: []int{30, 30, 30, 8, 2}},                          // so are these
		{sizes: []int{100, 30, 30, 3, 30, 30, 5}, from: 1, to: 6}, // small ones between go along
		{sizes: []int{100, 100, 30, 100, 100, 30, 30}, to: 7 - 1}, // of two tiers, as many as may be
		{sizes: []int{100, 30, 100, 30, 400, 30, 30, 5}, to: 4},   // a run of both
		{sizes: []int{30, 30, 30, 30, 30, 30, 30, 30}, to: 6},     // no more than inputs
		{sizes: []int{1000, 30, 30}, buried: []int{150, 0, 0}},    // dead, but not much of it
		{sizes: []int{1000, 30}, buried: []int{250, 0}, to: 1},    // much of it
		{sizes: []int{30, 100, 30}, buried: []int{0, 100, 0}, from: 1, to: 2},
		{sizes: []int{1000, 30, 30}, buried: []int{0, 250, 0}, old: 1, from: 1, to: 2},
		{sizes: []int{1000, 5, 4}, old: 3, to: 1},
		{sizes: []int{5, 4}, old: 2, to: 1},
		{sizes: []int{30, 100, 30, 30}, buried: []int{0, 80, 0, 0}, to: 4}, // small once it is without
	} {
		list := &packedList{segments: make([]packedSegment, len(c.sizes))}
		for i := range c.sizes {
			list.segments[i].meta.Passages, list.segments[i].meta.Version = c.sizes[i], packed.Version
			if i < c.old {
				list.segments[i].meta.Version--
			}
			if c.buried != nil {
				list.segments[i].buried = c.buried[i]
			}
		}
		if from, to := list.mergeable(z); from != c.from || to != c.to {
			t.Errorf("%v (%v dead, %d old): %d to %d, want %d to %d", c.sizes, c.buried, c.old, from, to, c.from, c.to)
		}
	}
}

// TestPackedFollowsEdits changes a library at random. At any time the packed
// index holds just what FTS5 indexes, and nothing is left in the end.
func TestPackedFollowsEdits(t *testing.T) {
	ctx := context.Background()
	words := []string{"harbours", "ferries", "tariffs", "ledgers", "quarries"}
	most := 0
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(os.TempDir(), fmt.Sprintf("packed-%d-%d.db", os.Getpid(), time.Now().UnixNano()))
		lib, err := Open(ctx, slog.New(slog.DiscardHandler), path, Options{sizes: quiet()})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			lib.Close()
			os.Remove(path)
		}()
		do := func(err error) {
			t.Helper()
			if err != nil && !errors.Is(err, briefs.ErrNotFound) {
				t.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			id := briefs.DocumentID(fmt.Sprint("d", rapid.IntRange(0, 5).Draw(t, "document")))
			switch what := rapid.IntRange(0, 11).Draw(t, "what"); {
			case what < 5:
				var docs []briefs.Document
				for range rapid.IntRange(1, 3).Draw(t, "documents") {
					id := fmt.Sprint("d", rapid.IntRange(0, 5).Draw(t, "document"))
					docs = append(docs, piece(id, rapid.IntRange(1, 6).Draw(t, "passages"), rapid.SampledFrom(words).Draw(t, "word")))
				}
				_, err := lib.PutDocuments(ctx, docs)
				do(err)
			case what == 5:
				title, publisher := rapid.SampledFrom(words).Draw(t, "title"), rapid.SampledFrom(words).Draw(t, "publisher")
				do(lib.EditDocument(ctx, id, briefs.Edit{Title: &title, Publisher: &publisher}))
			case what == 6:
				collection, date := rapid.SampledFrom(words).Draw(t, "collection"), briefs.Date("2030-01-01")
				do(lib.EditDocument(ctx, id, briefs.Edit{Collection: &collection, Published: &date}))
			case what == 7:
				do(lib.RemoveDocument(ctx, id, rapid.Bool().Draw(t, "purge")))
			case what == 8:
				do(lib.Repack(ctx, nil))
			default:
				_, err := lib.merger.step(ctx)
				do(err)
			}
			if rapid.IntRange(0, 3).Draw(t, "check") == 0 {
				checked(t, lib)
			}
		}
		for did := true; did; {
			if did, err = lib.merger.step(ctx); err != nil {
				t.Fatal(err)
			}
		}
		most = max(most, count(t, lib, `SELECT count(*) FROM packed_segments`))
		checked(t, lib)
		tidy(t, lib)
	})
	t.Logf("%d segments at most", most)
}
