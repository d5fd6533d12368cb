package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"briefdesk/briefs"
	"briefdesk/store"
)

var documentContracts = []contract{
	{"put/read back", readBack},
	{"put/pages", pages},
	{"put/history", history},
	{"put/a revision replaces what is indexed", replaceIndexed},
	{"put/metadata", metadataInPlace},
	{"put/invalid documents fail alone", invalidAlone},
	{"put/a cancelled batch leaves nothing", cancelled},
	{"list/filters and pages", listing},
	{"edit", edit},
	{"remove", remove},
	{"purge", purge},
	{"export/round trip", exportRoundTrip},
}

// asRead is d as the library returns it.
func asRead(d briefs.Document, revision int) briefs.Document {
	d.Revision, d.Passages, d.Acronyms = revision, nil, nil
	return d
}

func same(t *testing.T, want, got briefs.Document) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("document differs (-want +got):\n%s", diff)
	}
}

func open(t *testing.T, lib store.Backend, id briefs.DocumentID, revision int) briefs.Document {
	t.Helper()
	d, err := lib.Document(context.Background(), id, revision)
	if err != nil {
		t.Fatalf("Document(%s, %d): %v", id, revision, err)
	}
	return d
}

func readBack(t *testing.T, lib store.Backend) {
	d := Document("reasons", "There are three reasons for dikes. First, the sea rises — “always”. Second, land sinks.\x00 Third, people stay.", "Ende. Ωmega.")
	if len(d.Enumerations) == 0 {
		t.Fatal("the test document has no enumeration")
	}
	put(t, lib, d)
	same(t, asRead(d, 1), open(t, lib, d.ID, 0))
	same(t, asRead(d, 1), open(t, lib, d.ID, 1))
	for _, missing := range []struct {
		id       briefs.DocumentID
		revision int
	}{{"reasons", 2}, {"reasons", -1}, {"other", 0}, {"", 0}, {"REASONS", 0}} {
		if _, err := lib.Document(context.Background(), missing.id, missing.revision); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("Document(%q, %d): %v, want ErrNotFound", missing.id, missing.revision, err)
		}
	}
	empty := briefs.Document{ID: "empty", Added: Morning}
	equal(t, "empty document", put(t, lib, empty)[0].Outcome, briefs.Added)
	empty.Collection = briefs.DefaultCollection
	same(t, asRead(empty, 1), open(t, lib, "empty", 0))
	none, err := lib.PutDocuments(context.Background(), nil)
	if err != nil || len(none) != 0 {
		t.Errorf("PutDocuments(nil) = %v, %v", none, err)
	}
	sound(t, lib)
}

// pages are part of the structure: they come back, and others make another
// revision.
func pages(t *testing.T, lib store.Backend) {
	plain := Document("report", "One — page.", "Another page.")
	paged := plain
	paged.Pages = []int{0, 0, len("One — page.\n\n"), len(plain.Text)}
	put(t, lib, plain, paged)
	same(t, asRead(plain, 1), open(t, lib, plain.ID, 1))
	same(t, asRead(paged, 2), open(t, lib, paged.ID, 2))
	equal(t, "the same again", put(t, lib, paged)[0].Outcome, briefs.Unchanged)
	d := open(t, lib, paged.ID, 0)
	quote, err := briefs.NewQuote(&d, d.Blocks[1].Sentences[0])
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "page of the quote", quote.Page(), 3)
	for _, bad := range [][]int{{1}, {0, 7, 5}, {0, len(plain.Text) + 1}, {0, len("One ") + 1}, {-1}} {
		d := plain
		d.Pages = bad
		if _, err := lib.PutDocuments(context.Background(), []briefs.Document{d}); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("pages %v: error %v, want ErrInvalid", bad, err)
		}
	}
	sound(t, lib)
}

// history walks through the rule: append what follows the longest suffix of
// the stored history that is a prefix of the new one.
func history(t *testing.T, lib store.Backend) {
	version := func(letter rune) briefs.Document { return Document("h", "The text is "+string(letter)+" now.") }
	for _, step := range []struct {
		put      string // one letter a document of the batch
		outcomes string // A, R, U
		numbers  string
		last     int
	}{
		{"a", "A", "1", 1},
		{"a", "U", "1", 1},
		{"ab", "UR", "12", 2},
		{"ab", "UU", "12", 2},
		{"b", "U", "2", 2},
		{"a", "R", "3", 3}, // the page went back
		{"abab", "UUUR", "1234", 4},
		{"cc", "RU", "55", 5}, // equal neighbours are one revision
		{"abcd", "UUUR", "3456", 6},
		{"ca", "RR", "78", 8},
	} {
		var batch []briefs.Document
		for _, letter := range step.put {
			batch = append(batch, version(letter))
		}
		stored := put(t, lib, batch...)
		outcomes := ""
		for i, s := range stored {
			outcomes += strings.ToUpper(string(s.Outcome[:1]))
			equal(t, step.put+": revision", s.Revision, int(step.numbers[i]-'0'))
		}
		equal(t, step.put+": outcomes", outcomes, step.outcomes)
		d := open(t, lib, "h", 0)
		equal(t, step.put+": current revision", d.Revision, step.last)
		equal(t, step.put+": current text", d.Text, batch[len(batch)-1].Text)
	}
	equal(t, "revision 3", open(t, lib, "h", 3).Text, version('a').Text)
	sound(t, lib)
}

func replaceIndexed(t *testing.T, lib store.Backend) {
	put(t, lib, Document("p", "An obsolete sentence about lanterns.", "Another about lanterns."))
	put(t, lib, Document("q", "Lanterns elsewhere."))
	put(t, lib, Document("p", "A new sentence about buoys."))
	equal(t, "old words", find(t, lib, query("lanterns")), "q")
	equal(t, "new words", find(t, lib, query("buoys")), "p")
	equal(t, "old text", open(t, lib, "p", 1).Text[:11], "An obsolete")
	sound(t, lib)
}

func metadataInPlace(t *testing.T, lib store.Backend) {
	d := Document("m", "Nothing of the title is said here.")
	put(t, lib, d)
	d2 := with(d, func(d *briefs.Document) {
		d.Title, d.Author, d.Published, d.Collection, d.URL = "Breakwaters", "Ada Made-Up", "2030", "other", "https://example.net/m"
		d.Added = Morning.Add(time.Hour)
	})
	stored := put(t, lib, d2)[0]
	equal(t, "outcome", stored, briefs.Stored{ID: "m", Revision: 1, Outcome: briefs.Revised})
	equal(t, "again", put(t, lib, d2)[0].Outcome, briefs.Unchanged)
	d2.Added = d.Added // of the revision, which is the same
	same(t, asRead(d2, 1), open(t, lib, "m", 0))
	q := query("breakwaters")
	q.Scope, q.From, q.To = briefs.Only("other"), "2030", "2030"
	equal(t, "by the new title, collection and date", find(t, lib, q), "m")
	sound(t, lib)
}

func invalidAlone(t *testing.T, lib store.Backend) {
	broken := func(id string, damage func(*briefs.Document)) briefs.Document {
		d := Document(id, "Überall ist Text. Mehr Text.")
		damage(&d)
		return d
	}
	batch := []briefs.Document{
		Document("good1", "A fine text."),
		broken("past", func(d *briefs.Document) { d.Passages[0].End = len(d.Text) + 1 }),
		broken("cut", func(d *briefs.Document) { d.Passages[0].Sentences[0].Start = 1 }),
		broken("block", func(d *briefs.Document) { d.Blocks[0].Start = -1 }),
		broken("terms", func(d *briefs.Document) { d.Passages[0].Terms = d.Passages[0].Terms[:1] }),
		broken("utf8", func(d *briefs.Document) { d.Text = "\xff" + d.Text[1:] }),
		broken("date", func(d *briefs.Document) { d.Published = "yesterday" }),
		broken("", func(*briefs.Document) {}),
		Document("pair", "The first is good."),
		broken("pair", func(d *briefs.Document) { d.Passages[0].Start = -5 }),
		Document("good2", "Another fine text."),
	}
	stored, err := lib.PutDocuments(context.Background(), batch)
	if !errors.Is(err, briefs.ErrInvalid) {
		t.Fatalf("error %v, want ErrInvalid", err)
	}
	if len(stored) != len(batch) {
		t.Fatalf("%d results for %d documents", len(stored), len(batch))
	}
	for i, d := range batch {
		good := strings.HasPrefix(string(d.ID), "good")
		equal(t, string(d.ID)+": stored", stored[i].Outcome != "", good)
		if good {
			open(t, lib, d.ID, 0)
			continue
		}
		if !strings.Contains(err.Error(), `"`+string(d.ID)+`"`) {
			t.Errorf("the error does not name %q: %v", d.ID, err)
		}
		if _, err := lib.Document(context.Background(), d.ID, 0); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("%q is there: %v", d.ID, err)
		}
	}
	sound(t, lib)
}

func cancelled(t *testing.T, lib store.Backend) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := lib.PutDocuments(ctx, numbered(3, func(int) string { return "Text." })); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want Canceled", err)
	}
	stats, err := lib.Stats(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "documents", stats.Documents, 0)
	put(t, lib, Document("after", "The library still works."))
}

func listing(t *testing.T, lib store.Backend) {
	for _, c := range []struct{ id, collection, author, published string }{
		{"b", "x", "Érica Fictional", "2020"}, {"a", "y", "Bo Pretend", "2021-05"}, {"c", "x", "", ""}, {"B", "x", "Bo Pretend, Cy Mock", "1999-01-01"},
	} {
		put(t, lib, with(Document(c.id, "Some text."), func(d *briefs.Document) {
			d.Collection, d.Author, d.Published = c.collection, c.author, briefs.Date(c.published)
			d.Added = Morning.Add(time.Duration(c.id[0]) * time.Hour)
		}))
	}
	if err := lib.RemoveDocument(context.Background(), "c", false); err != nil {
		t.Fatal(err)
	}
	all := briefs.Everything()
	for _, c := range []struct {
		name string
		l    briefs.Listing
		want string
	}{
		{"no scope", briefs.Listing{}, ""},
		{"all", briefs.Listing{Scope: all}, "B a b"},
		{"withdrawn too", briefs.Listing{Scope: all, Withdrawn: true}, "B a b c"},
		{"collection", briefs.Listing{Scope: all, Collection: "x"}, "B b"},
		{"collection out of scope", briefs.Listing{Scope: briefs.Only("y"), Collection: "x"}, ""},
		{"author", briefs.Listing{Scope: all, Author: "pretend"}, "B a"},
		{"author in another case", briefs.Listing{Scope: all, Author: "éRICA"}, "b"},
		{"published", briefs.Listing{Scope: all, From: "2020-06", To: "2021"}, "a b"},
		{"added since", briefs.Listing{Scope: all, AddedSince: Morning.Add('b' * time.Hour)}, "b"},
		{"page 1", briefs.Listing{Scope: all, Limit: 2}, "B a"},
		{"page 2", briefs.Listing{Scope: all, Limit: 2, After: "a"}, "b"},
		{"author, page 1", briefs.Listing{Scope: all, Author: "pretend", Limit: 1}, "B"},
	} {
		listed, err := lib.Documents(context.Background(), c.l)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var ids []string
		for _, d := range listed {
			ids = append(ids, string(d.ID))
			equal(t, "withdrawn", d.Withdrawn, d.ID == "c")
			equal(t, "bytes", d.Bytes, len("Some text."))
			equal(t, "text", d.Text, "")
			if !d.Withdrawn {
				equal(t, "passages", d.PassageCount, 1)
			}
		}
		equal(t, c.name, strings.Join(ids, " "), c.want)
	}
	if _, err := lib.Documents(context.Background(), briefs.Listing{Scope: all, From: "soon"}); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("bad date: %v, want ErrInvalid", err)
	}
	collections, err := lib.Collections(context.Background(), all)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]briefs.CollectionCount{{Name: "x", Documents: 2, Passages: 2}, {Name: "y", Documents: 1, Passages: 1}}, collections); diff != "" {
		t.Errorf("collections (-want +got):\n%s", diff)
	}
}

func exportRoundTrip(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, with(Document("z", "Last."), func(d *briefs.Document) { d.Pages = []int{0, 0, 3} }), Document("a", "One."), Document("a", "Two."), Document("a", "One."), Document("gone", "Gone."))
	if err := lib.RemoveDocument(ctx, "gone", false); err != nil {
		t.Fatal(err)
	}
	export := func() (all []briefs.Document) {
		if err := lib.Export(ctx, briefs.Everything(), func(d briefs.Document) error { all = append(all, d); return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	first := export()
	var order []string
	for _, d := range first {
		order = append(order, string(d.ID)+string(rune('0'+d.Revision)))
		same(t, d, open(t, lib, d.ID, d.Revision))
	}
	equal(t, "order", strings.Join(order, " "), "a1 a2 a3 gone1 z1")

	// The same again changes nothing, and after a purge it all comes back.
	again := make([]briefs.Document, len(first))
	for i, d := range first {
		again[i] = with(d, func(*briefs.Document) {})
	}
	for i, s := range put(t, lib, again...) {
		equal(t, "stored again", s, briefs.Stored{ID: first[i].ID, Revision: first[i].Revision, Outcome: briefs.Unchanged})
	}
	for _, id := range []briefs.DocumentID{"a", "z", "gone"} {
		if err := lib.RemoveDocument(ctx, id, true); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "purged", len(export()), 0)
	put(t, lib, again...)
	if diff := cmp.Diff(first, export(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("round trip (-want +got):\n%s", diff)
	}
	equal(t, "withdrawn stays so", find(t, lib, query("Gone", "One")), "a")

	// Stored as withdrawn, a document that is there goes; without, it is back.
	gone := first[len(first)-2]
	for _, c := range []struct {
		withdrawn bool
		want      briefs.Outcome
		found     string
	}{{true, briefs.Unchanged, ""}, {false, briefs.Added, "gone"}, {false, briefs.Unchanged, "gone"}, {true, briefs.Revised, ""}} {
		d := with(gone, func(d *briefs.Document) { d.Withdrawn = c.withdrawn })
		equal(t, "stored", put(t, lib, d)[0], briefs.Stored{ID: "gone", Revision: 1, Outcome: c.want})
		equal(t, "found", find(t, lib, query("Gone")), c.found)
		equal(t, "opened as withdrawn", open(t, lib, "gone", 0).Withdrawn, c.withdrawn)
		sound(t, lib)
	}
	changed := with(gone, func(d *briefs.Document) { d.Title, d.Collection, d.Published = "Other", "other", "2032" })
	equal(t, "changed while withdrawn", put(t, lib, changed)[0].Outcome, briefs.Revised)
	equal(t, "not found", find(t, lib, query("Gone")), "")
	collections, err := lib.Collections(ctx, briefs.Everything())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "collections", len(collections), 1)
	stop := errors.New("stop")
	if err := lib.Export(ctx, briefs.Everything(), func(briefs.Document) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of fn became %v", err)
	}
	sound(t, lib)
}
