package sqlite

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// world changes a library at random and knows what is in it.
type world struct {
	t    *testing.T
	r    *rand.Rand
	lib  *Library
	held map[briefs.DocumentID]briefs.Document
	text []string // of earlier documents, to be repeated
	runs int      // of edits
}

func (w *world) word() string { return fmt.Sprint("w", int(w.r.ExpFloat64()*40)) }

// sentences returns n words or so, in sentences and paragraphs.
func (w *world) sentences(n int) string {
	var b strings.Builder
	for i := range n {
		switch {
		case i == 0:
		case w.r.IntN(60) == 0:
			b.WriteString(".\n\n")
		case w.r.IntN(9) == 0:
			b.WriteString(". ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(w.word())
	}
	return b.String() + "."
}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// change does one thing to one document.
func (w *world) change() {
	w.t.Helper()
	ctx := context.Background()
	id := briefs.DocumentID(fmt.Sprintf("d%02d", w.r.IntN(40)))
	d, there := w.held[id]
	publisher, collection, date := pick(w.r, "North", "South", ""), pick(w.r, "x", "y", "z"), pick[briefs.Date](w.r, "", "2001", "2002-03", "2002-03-04", "2004")
	w.runs++
	var err error
	switch what := w.r.IntN(10); {
	case !there || what < 5:
		d = briefs.Document{
			ID: id, Title: w.word() + " " + w.word(), Author: pick(w.r, "", "Una "+w.word()), Publisher: publisher, Collection: collection, Published: date,
			Added: time.Unix(int64(1_000_000+w.runs/4), 0), Text: w.sentences(5 + w.r.IntN(200)),
		}
		if len(w.text) > 0 && w.r.IntN(2) == 0 {
			d.Text = pick(w.r, w.text...)
		} else {
			w.text = append(w.text, d.Text)
		}
		if there { // what was edited would stay
			d.Title, d.Publisher, d.Collection, d.Published, d.Added = w.held[id].Title, w.held[id].Publisher, w.held[id].Collection, w.held[id].Published, w.held[id].Added
		}
		structure.Analyze(&d)
		_, err = w.lib.PutDocuments(ctx, []briefs.Document{d})
		w.held[id] = d
	case what < 7:
		delete(w.held, id)
		err = w.lib.RemoveDocument(ctx, id, true)
	default:
		title := w.word()
		d.Title, d.Publisher, d.Collection, d.Published = title, publisher, collection, date
		structure.Analyze(&d)
		err = w.lib.EditDocument(ctx, id, briefs.Edit{Title: &title, Publisher: &publisher, Collection: &collection, Published: &date})
		w.held[id] = d
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// query asks for a few words and phrases, within limits or without.
func (w *world) query() briefs.Query {
	q := briefs.Query{Scope: briefs.Everything(), Limit: pick(w.r, 1, 3, 10, 50, 1000)}
	for range 1 + w.r.IntN(5) {
		q.Terms = append(q.Terms, briefs.Term{Forms: []string{pick(w.r, w.word(), w.word(), w.word(), w.word()+" "+w.word(), "una", "W1")}})
	}
	if w.r.IntN(3) == 0 {
		q.From = pick[briefs.Date](w.r, "2000", "2002-03-04")
	}
	if w.r.IntN(3) == 0 {
		q.To = pick[briefs.Date](w.r, "2002-03", "2003")
	}
	if w.r.IntN(3) == 0 {
		q.Publisher = pick(w.r, "North", "South", "West")
	}
	if w.r.IntN(4) == 0 {
		for range 1 + w.r.IntN(20) {
			q.Documents = append(q.Documents, briefs.DocumentID(fmt.Sprintf("d%02d", w.r.IntN(50))))
		}
	}
	return q
}

// fallback is Search by the full-text index of the engine.
func fallback(t *testing.T, l *Library, q briefs.Query) (hits []briefs.Hit) {
	t.Helper()
	f, some := newFilter(q)
	if !some {
		return nil
	}
	err := l.searching(context.Background(), searchQueries, func(ctx context.Context, s *search) (err error) {
		s.list = &packedList{unpacked: true}
		hits, err = s.run(ctx, phrases(q.Terms), f, q.Limit)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func packedHits(t *testing.T, l *Library, q briefs.Query) []briefs.Hit {
	t.Helper()
	hits, err := l.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// sameHits fails where a and b differ by more than the rounding of scores
// explains.
func sameHits(t *testing.T, what string, a, b []briefs.Hit) {
	t.Helper()
	const rounding = 1e-6
	if len(a) != len(b) {
		t.Fatalf("%s: %d and %d hits", what, len(a), len(b))
	}
	if len(a) == 0 {
		return
	}
	other := make(map[briefs.PassageID]briefs.Hit, len(b))
	for _, h := range b {
		other[h.ID] = h
	}
	last := a[len(a)-1].Score
	for i, h := range a {
		o, ok := other[h.ID]
		switch {
		case !ok && h.Score-last > rounding:
			t.Fatalf("%s: %s scores %v and is missing", what, h.ID, h.Score)
		case !ok:
			continue
		case math.Abs(h.Score-o.Score) > rounding:
			t.Fatalf("%s: %s scores %v or %v", what, h.ID, h.Score, o.Score)
		}
		if i > 0 && (a[i-1].Score < h.Score || a[i-1].Score == h.Score && a[i-1].ID >= h.ID) {
			t.Fatalf("%s: %s before %s", what, a[i-1].ID, h.ID)
		}
		h.Score = o.Score
		if fmt.Sprint(h) != fmt.Sprint(o) {
			t.Fatalf("%s: %v and %v", what, h, o)
		}
	}
}

// The packed index answers as the full-text index does, whatever was changed
// and however it is packed.
func TestPackedSearchIsTheEngines(t *testing.T) {
	for seed := range uint64(4) {
		w := &world{t: t, r: rand.New(rand.NewPCG(seed, 8)), lib: openQuiet(t, filepath.Join(t.TempDir(), "l.db")), held: map[briefs.DocumentID]briefs.Document{}}
		found, folded := 0, 0
		for range 12 {
			for range 12 {
				w.change()
			}
			if w.r.IntN(3) == 0 {
				settle(t, w.lib)
			}
			for range 12 {
				q := w.query()
				hits := packedHits(t, w.lib, q)
				found += len(hits)
				sameHits(t, fmt.Sprintf("seed %d: %+v", seed, q), hits, fallback(t, w.lib, q))
			}
			folded += count(t, w.lib, `SELECT count(*) FROM documents WHERE original IS NOT NULL`)
			var terms []string
			for range 10 {
				terms = append(terms, pick(w.r, w.word(), w.word()+" "+w.word(), "una", "nothing"))
			}
			for _, scope := range []briefs.Scope{briefs.Everything(), briefs.Only("x", "z", "none")} {
				df, n, err := w.lib.DocFreq(context.Background(), scope, terms)
				if err != nil {
					t.Fatal(err)
				}
				var names any
				if !scope.All() {
					names = jsonList(scope.Collections())
				}
				want := make([]int, len(terms))
				all, err := w.lib.unpackedFreq(context.Background(), names, terms, want)
				if err != nil || n != all || !slices.Equal(df, want) {
					t.Fatalf("seed %d: %q are in %v of %d; the engine says %v of %d, %v", seed, terms, df, n, want, all, err)
				}
			}
		}
		if found < 100 || folded < 5 {
			t.Errorf("seed %d: %d hits, %d copies", seed, found, folded)
		}
		checked(t, w.lib)
	}
}

// What a scope sees is ranked as if there were nothing else: as in a library
// of its collections alone.
func TestScopesAreLibrariesOfTheirOwn(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(3) {
		w := &world{t: t, r: rand.New(rand.NewPCG(seed, 9)), lib: openQuiet(t, filepath.Join(t.TempDir(), "l.db")), held: map[briefs.DocumentID]briefs.Document{}}
		for range 100 {
			w.change()
		}
		scope := briefs.Only("x", "z")
		alone := openQuiet(t, filepath.Join(t.TempDir(), "alone.db"))
		for _, id := range slices.Sorted(maps.Keys(w.held)) {
			if d := w.held[id]; scope.Sees(d.Collection) {
				if _, err := alone.PutDocuments(ctx, []briefs.Document{d}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 60 {
			q := w.query()
			all := packedHits(t, alone, q)
			q.Scope = scope
			seen := packedHits(t, w.lib, q)
			if len(seen) != len(all) {
				t.Fatalf("seed %d: %+v: %d hits, alone %d", seed, q, len(seen), len(all))
			}
			for i, h := range seen {
				if h.ID != all[i].ID || h.Score != all[i].Score {
					t.Fatalf("seed %d: %+v: hit %d is %s with %v, alone %s with %v", seed, q, i, h.ID, h.Score, all[i].ID, all[i].Score)
				}
			}
		}
	}
}
