package sqlite

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// shelf makes a library of n documents of one to three passages each, in two
// collections and ten years, of words from the given generator.
func shelf(t *testing.T, n int, words func() string) *Library {
	t.Helper()
	l, err := Open(context.Background(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "l.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var docs []briefs.Document
	for i := range n {
		d := briefs.Document{
			ID: briefs.DocumentID(fmt.Sprintf("d%04d", i*7919%n)), Title: words(), Text: "Words.",
			Collection: []string{"x", "y"}[i%2], Published: briefs.Date(fmt.Sprint(2000 + i%10)),
		}
		for j := range 1 + i%3 {
			d.Passages = append(d.Passages, briefs.Passage{
				ID: briefs.PassageID(fmt.Sprintf("%s/%d", d.ID, j)), Document: d.ID, Span: briefs.Span{End: 6}, Role: briefs.RoleParagraph,
				Sentences: []briefs.Span{{End: 6}}, Terms: []string{words()}, TitleTerms: d.Title,
			})
		}
		docs = append(docs, d)
	}
	for batch := range slices.Chunk(docs, 100) {
		if _, err := l.PutDocuments(context.Background(), batch); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// plain is the search as one statement, which the engine ranks by itself.
func plain(t *testing.T, l *Library, q briefs.Query, where string, args ...any) []string {
	t.Helper()
	rows, err := l.readers.Query(`SELECT p.id, bm25(passage_index, 2.0, 1.5, 0.5, 1.0) AS score
		FROM passage_index CROSS JOIN passages p ON p.key = passage_index.rowid CROSS JOIN documents d ON d.key = p.document
		WHERE passage_index MATCH ? `+where+` ORDER BY score, p.id LIMIT ?`,
		append(append([]any{strings.Join(phrases(q.Terms), " OR ")}, args...), q.Limit)...)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		id    string
		score float64
	}
	all, err := collect(rows, func(r *row) []any { return []any{&r.id, &r.score} })
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range all {
		out = append(out, fmt.Sprint(r.id, " ", -r.score))
	}
	return out
}

// Where not all is packed, the sum of the kept lists is the engine's own ranking
// to the last bit, with filters and without, for phrases too, and after every
// change.
func TestSearchIsTheEnginesOwnRanking(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string { return fmt.Sprint("w", int(r.ExpFloat64()*15)) }
	words := func() string {
		var all []string
		for range 2 + r.IntN(8) {
			all = append(all, word())
		}
		return strings.Join(all, " ")
	}
	l := shelf(t, 2200, words) // more keys than one window
	check := func() {
		t.Helper()
		for range 15 {
			q := briefs.Query{Scope: briefs.Everything(), Limit: 1 + r.IntN(80)}
			for range 1 + r.IntN(5) {
				q.Terms = append(q.Terms, briefs.Term{Forms: []string{word(), word() + " " + word()}})
			}
			narrow := q
			narrow.Scope, narrow.From, narrow.To = briefs.Only("y"), "2003", "2006"
			one := q
			one.Documents = []briefs.DocumentID{"d0007", "d0123"}
			for _, c := range []struct {
				q     briefs.Query
				where string
			}{
				{q, ``},
				{narrow, `AND d.collection = (SELECT key FROM collections WHERE name = 'y') AND d.published BETWEEN '2003' AND '2006'`},
				{one, `AND d.id IN ('d0007', 'd0123')`},
			} {
				var got []string
				for _, h := range fallback(t, l, c.q) {
					got = append(got, fmt.Sprint(h.ID, " ", h.Score))
				}
				if want := plain(t, l, c.q, c.where); !slices.Equal(got, want) {
					t.Fatalf("%v:\n got %v\nwant %v", c.q, got, want)
				}
			}
		}
	}
	check()
	for i := range 20 {
		if err := l.RemoveDocument(context.Background(), briefs.DocumentID(fmt.Sprintf("d%04d", i)), i%2 == 0); err != nil {
			t.Fatal(err)
		}
	}
	collection := "y"
	if err := l.EditDocument(context.Background(), "d0123", briefs.Edit{Title: &collection, Collection: &collection}); err != nil {
		t.Fatal(err)
	}
	check()
}

func TestPostingCacheIsBounded(t *testing.T) {
	c := newPostingCache()
	list := postings{keys: make([]int64, 100_000), scores: make([]float64, 100_000)}
	for i := range 100 {
		c.put(1, fmt.Sprint(i), list)
	}
	if c.bytes > postingBytes || len(c.at) != c.order.Len() || len(c.at) < 30 {
		t.Errorf("%d bytes in %d entries, %d listed", c.bytes, len(c.at), c.order.Len())
	}
	if _, ok := c.get(1, "0"); ok {
		t.Error("the oldest entry is still there")
	}
	if _, ok := c.get(1, "99"); !ok {
		t.Error("the newest entry is gone")
	}
	c.put(1, "huge", postings{keys: make([]int64, postingBytes/16), scores: make([]float64, postingBytes/16)})
	if _, ok := c.get(1, "huge"); ok {
		t.Error("one list took the whole cache")
	}
	for i := range 10 * maxSpans {
		c.putSpans(1, filter{from: int64(i)}, nil)
	}
	if len(c.spans) > maxSpans {
		t.Errorf("%d filters kept", len(c.spans))
	}
	c.put(2, "new", list)
	if _, ok := c.get(2, "99"); ok {
		t.Error("a list outlived its generation")
	}
	c.put(1, "late", list) // from before a change
	if _, ok := c.get(2, "late"); ok {
		t.Error("a list from before the change was kept")
	}
}

// Whatever an id holds, the library knows it again, within a batch and later.
func TestOddIDsAreKnownAgain(t *testing.T) {
	l := shelf(t, 1, func() string { return "word" })
	for _, id := range []briefs.DocumentID{"a\x00b", "a", "\x00", `q"uo\te`, "line\nbreak", "\u2028", "<&>", "\U0001F600", " ", "\ufffd"} {
		d := briefs.Document{ID: id, Text: "Words."}
		other := d
		other.ID = "between" + id
		for _, want := range []briefs.Outcome{briefs.Added, briefs.Unchanged} {
			stored, err := l.PutDocuments(context.Background(), []briefs.Document{d, other, d})
			if err != nil {
				t.Fatalf("%q: %v", id, err)
			}
			if stored[0].Outcome != want || stored[1].Outcome != want || stored[2].Outcome != briefs.Unchanged {
				t.Errorf("%q: %v, want %s, %s and unchanged", id, stored, want, want)
			}
		}
	}
	if problems, err := l.Check(context.Background()); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}
