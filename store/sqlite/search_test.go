package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// TestLimitIsAPrefix adds random documents of few different words, so that
// many scores are equal, in random order and batches, and removes some again.
// Whatever came before, a search with a limit returns the beginning of the
// search without one, which is sorted by score, then passage id.
func TestLimitIsAPrefix(t *testing.T) {
	ctx := context.Background()
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		if runs++; runs > 25 { // each makes a library; rapid would make a hundred
			return
		}
		lib := library(t, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
		words := rapid.SampledFrom([]string{"oar", "sail", "mast", "rope"})
		var docs []briefs.Document
		for i := range rapid.IntRange(1, 25).Draw(rt, "documents") {
			d := storetest.Document(fmt.Sprintf("d%02d", i), strings.Join(rapid.SliceOfN(words, 1, 4).Draw(rt, "words"), " ")+".")
			d.Collection = rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "collection")
			docs = append(docs, d)
		}
		for batch := range slices.Chunk(rapid.Permutation(docs).Draw(rt, "order"), 7) {
			put(t, lib, batch...)
		}
		for _, d := range docs {
			if rapid.IntRange(0, 5).Draw(rt, "remove") == 0 {
				if err := lib.RemoveDocument(ctx, d.ID, rapid.Bool().Draw(rt, "purge")); err != nil {
					rt.Fatal(err)
				}
			}
		}
		q := briefs.Query{Scope: rapid.SampledFrom([]briefs.Scope{briefs.Everything(), briefs.Only("x")}).Draw(rt, "scope"), Limit: 1000}
		for _, w := range rapid.SliceOfN(words, 1, 3).Draw(rt, "query") {
			q.Terms = append(q.Terms, briefs.Term{Forms: []string{w}})
		}
		search := func() []briefs.Hit {
			hits, err := lib.Search(ctx, q)
			if err != nil {
				rt.Fatal(err)
			}
			return hits
		}
		all := search()
		if !slices.IsSortedFunc(all, func(a, b briefs.Hit) int {
			if a.Score != b.Score {
				if a.Score > b.Score {
					return -1
				}
				return 1
			}
			return strings.Compare(string(a.ID), string(b.ID))
		}) {
			rt.Fatal("not sorted by score, then id")
		}
		for q.Limit = 1; q.Limit <= len(all)+1; q.Limit++ {
			got := search()
			want := all[:min(q.Limit, len(all))]
			if !slices.EqualFunc(got, want, func(a, b briefs.Hit) bool { return a.ID == b.ID && a.Score == b.Score }) {
				rt.Fatalf("limit %d is not the beginning of all %d", q.Limit, len(all))
			}
		}
		clean(t, lib)
	})
}
