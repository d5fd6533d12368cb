package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
	"briefdesk/store"
)

var indexContracts = []contract{
	{"search/hit is filled", hitIsFilled},
	{"search/fields and phrases", fieldsAndPhrases},
	{"search/odd queries never fail", oddQueries},
	{"search/order does not depend on insertion", stableOrder},
	{"search/scope", scopeIsolates},
	{"search/dates", dateWindow},
	{"search/documents", onlyDocuments},
	{"docfreq", docFreq},
	{"acronyms", acronyms},
}

func hitIsFilled(t *testing.T, lib store.Backend) {
	d := Document("tides", "The harbour measured tides. Nobody had measured them before.", "A second paragraph follows.")
	put(t, lib, d)
	hits, err := lib.Search(context.Background(), query("tides"))
	if err != nil || len(hits) != 1 {
		t.Fatalf("Search = %d hits, %v; want 1", len(hits), err)
	}
	want := briefs.Hit{
		Passage: d.Passages[0], Title: d.Title, Author: d.Author, Publisher: d.Publisher,
		Published: d.Published, Collection: d.Collection,
	}
	want.Revision = 1
	if diff := cmp.Diff(want, hits[0], cmpopts.IgnoreFields(briefs.Hit{}, "Score")); diff != "" {
		t.Errorf("hit differs (-want +got):\n%s", diff)
	}
}

func fieldsAndPhrases(t *testing.T, lib store.Backend) {
	put(t, lib,
		with(Document("title", "Nothing to see."), func(d *briefs.Document) { d.Title = "Lighthouse keepers" }),
		Document("body", "A lighthouse stood there. The keepers had left."),
		Document("phrase", "The keepers lighthouse was sold. Lighthouse keepers were paid."),
		with(Document("byline", "Nothing else."), func(d *briefs.Document) { d.Author = "Otto Lighthouse" }),
	)
	for _, c := range []struct{ form, want string }{
		{"lighthouse", "body byline phrase title"},
		{"lighthouse keepers", "phrase title"}, // adjacent and in order
		{"absent", ""},
	} {
		got := strings.Fields(find(t, lib, query(c.form)))
		slices.Sort(got)
		equal(t, c.form, strings.Join(got, " "), c.want)
	}
	// More of the question is better, whatever the scoring.
	equal(t, "both", find(t, lib, query("sold", "paid")), "phrase")
}

func oddQueries(t *testing.T, lib store.Backend) {
	put(t, lib, Document("near", "The column is near and not far. Or is it?"))
	many := make([]string, 100_000)
	for i := range many {
		many[i] = fmt.Sprintf("w%d", i)
	}
	for _, forms := range [][]string{
		{`what's "C++" foo:bar NEAR( AND *`},
		{`"`},
		{`""`},
		{`'`},
		{"\x00"},
		{"a\x00b"},
		{""},
		{" "},
		{"^near"},
		{"near*"},
		{"NEAR(a b, 2)"},
		{"NOT"},
		{"AND", "OR"},
		{"title:near"},
		{"{title body}: near"},
		{"-near"},
		{"(", ")"},
		{"\xff\xfe"},
		{"日本語"},
		{"_us"},
		{strings.Repeat("near ", 10_000)},
		{strings.Repeat("x", 1<<20)},
		many, nil,
	} {
		q := raw(forms...)
		if _, err := lib.Search(context.Background(), q); err != nil {
			t.Errorf("Search(%.40q): %v", forms, err)
		}
		if len(forms) < 1000 {
			if _, _, err := lib.DocFreq(context.Background(), briefs.Everything(), forms); err != nil {
				t.Errorf("DocFreq(%.40q): %v", forms, err)
			}
		}
	}
	equal(t, "no terms", find(t, lib, query()), "")
	equal(t, "no forms", find(t, lib, briefs.Query{Terms: make([]briefs.Term, 3), Scope: briefs.Everything(), Limit: 5}), "")
	for _, limit := range []int{0, -1} {
		q := query("column")
		q.Limit = limit
		equal(t, "limit below 1", find(t, lib, q), "")
	}
	q := query("column")
	q.Limit = 1 << 40
	equal(t, "vast limit", find(t, lib, q), "near")
}

// stableOrder has more equal passages than the limit: ids decide which ones
// are returned, not the order in which they came.
func stableOrder(t *testing.T, lib store.Backend) {
	docs := numbered(30, func(int) string { return "The same words about a canal stand here." })
	backwards := slices.Clone(docs)
	slices.Reverse(backwards)
	put(t, lib, backwards[:15]...)
	put(t, lib, backwards[15:]...)
	q := query("canal")
	for _, limit := range []int{1, 7, 29, 30, 31} {
		q.Limit = limit
		var want []string
		for _, d := range docs[:min(limit, len(docs))] {
			want = append(want, string(d.ID))
		}
		equal(t, fmt.Sprint("limit ", limit), find(t, lib, q), strings.Join(want, " "))
	}
	put(t, lib, Document("best", "A canal canal."), Document("n100", "The same words about a canal stand here."))
	q.Limit = 3
	equal(t, "with a better one", find(t, lib, q), "best n000 n001")
}

func scopeIsolates(t *testing.T, lib store.Backend) {
	in := func(id, collection string) briefs.Document {
		return with(Document(id, "A Harbour Rail Authority (HRA) was founded."), func(d *briefs.Document) { d.Collection = collection })
	}
	put(t, lib, in("a", "open"), in("b", "secret"), in("c", "o'pen\" \\x"))
	for _, c := range []struct {
		name  string
		scope briefs.Scope
		want  string
	}{
		{"zero", briefs.Scope{}, ""},
		{"none", briefs.Only(), ""},
		{"unknown", briefs.Only("nowhere"), ""},
		{"one", briefs.Only("open"), "a"},
		{"odd name", briefs.Only("o'pen\" \\x"), "c"},
		{"two", briefs.Only("secret", "open", "nowhere"), "a b"},
		{"all", briefs.Everything(), "a b c"},
	} {
		q := query("harbour")
		q.Scope, q.Limit = c.scope, 5
		equal(t, c.name, find(t, lib, q), c.want)
		q.Limit = 1 // the filter applies before the limit
		want, _, _ := strings.Cut(c.want, " ")
		equal(t, c.name+", limit 1", find(t, lib, q), want)

		listed, err := lib.Documents(context.Background(), briefs.Listing{Scope: c.scope})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, c.name+", listed", len(listed), len(strings.Fields(c.want)))
		collections, err := lib.Collections(context.Background(), c.scope)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, c.name+", collections", len(collections), len(strings.Fields(c.want)))
		pairs, err := lib.Acronyms(context.Background(), c.scope, []string{"hra"})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, c.name+", acronyms", len(pairs), min(1, len(c.want)))
		exported := 0
		if err := lib.Export(context.Background(), c.scope, func(briefs.Document) error { exported++; return nil }); err != nil {
			t.Fatal(err)
		}
		equal(t, c.name+", exported", exported, len(strings.Fields(c.want)))
	}
}

func dateWindow(t *testing.T, lib store.Backend) {
	for id, date := range map[string]briefs.Date{
		"day": "2014-04-10", "month": "2014-04", "year": "2014", "next": "2015-01-01", "old": "1931-12-31", "undated": "",
	} {
		put(t, lib, with(Document(id, "A report on ferries."), func(d *briefs.Document) { d.Published = date }))
	}
	for _, c := range []struct {
		from, to briefs.Date
		want     string
	}{
		{"", "", "day month next old undated year"},
		{"2014", "2014", "day month year"},
		{"2014-04-10", "2014-04-10", "day month year"}, // they may be of that day
		{"2014-04-11", "2014-04-30", "month year"},
		{"2014-05", "2014-12", "year"},
		{"2014-12-31", "2015-01-01", "next year"},
		{"2015", "", "next"},
		{"", "1931", "old"},
		{"", "2014-03", "old year"},
		{"2016", "2012", ""},
		{"not a date", "", ""},
	} {
		q := query("ferries")
		q.From, q.To = c.from, c.to
		got := strings.Fields(find(t, lib, q))
		slices.Sort(got)
		equal(t, fmt.Sprintf("%s to %s", c.from, c.to), strings.Join(got, " "), c.want)
	}
}

func onlyDocuments(t *testing.T, lib store.Backend) {
	put(t, lib, Document("a", "Barges, barges, barges."), Document("b", "Some barges."), Document("c", "Barges too."))
	q := query("barges")
	q.Documents = []briefs.DocumentID{"b", "zz"}
	q.Limit = 1
	equal(t, "one document", find(t, lib, q), "b")
	q.Scope = briefs.Only("elsewhere")
	equal(t, "outside the scope", find(t, lib, q), "")
}

func docFreq(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	check := func(passages int, want map[string]int) {
		t.Helper()
		var terms, forms []string
		for term := range want {
			terms = append(terms, term)
			forms = append(forms, text.Terms(term))
		}
		df, n, err := lib.DocFreq(ctx, briefs.Everything(), forms)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "passages", n, passages)
		for i, term := range terms {
			equal(t, "df of "+term, df[i], want[term])
		}
	}
	check(0, map[string]int{"sluice": 0})
	a := Document("a", "A sluice. A sluice gate. Another sluice.")
	put(t, lib, a)
	check(1, map[string]int{"sluice": 1, "sluice gate": 1, "gate sluice": 0, "absent": 0, "": 0, "a": 1})
	put(t, lib, with(Document("b", "Nothing."), func(d *briefs.Document) { d.Title = "The sluice" }))
	check(2, map[string]int{"sluice": 2, "gate": 1}) // the title counts too
	if err := lib.RemoveDocument(ctx, "a", false); err != nil {
		t.Fatal(err)
	}
	check(1, map[string]int{"sluice": 1, "gate": 0})
	put(t, lib, with(Document("c", "A weir."), func(d *briefs.Document) { d.Author = "Sluice Weirman" }))
	check(2, map[string]int{"sluice": 1}) // the byline does not

	// Another collection does not show, neither in the counts nor in their sum.
	put(t, lib, with(Document("d", "A sluice."), func(d *briefs.Document) { d.Collection = "elsewhere" }))
	for _, c := range []struct {
		scope        briefs.Scope
		df, passages int
	}{
		{briefs.Everything(), 2, 3},
		{briefs.Only("elsewhere"), 1, 1},
		{briefs.Only(a.Collection), 1, 2},
		{briefs.Only("nowhere"), 0, 0},
		{briefs.Only(), 0, 0},
		{briefs.Scope{}, 0, 0},
	} {
		for range 2 { // the second answer comes from a cache
			df, n, err := lib.DocFreq(ctx, c.scope, []string{text.Terms("sluice")})
			if err != nil || df[0] != c.df || n != c.passages {
				t.Errorf("%+v: df %v of %d, %v; want %d of %d", c.scope, df, n, err, c.df, c.passages)
			}
		}
	}
}

func acronyms(t *testing.T, lib store.Backend) {
	put(t, lib, Document("a", "The Coastal Dredging Board (CDB) met. The CDB decided."),
		Document("b", "The Coastal Dredging Board (CDB) again."))
	short, err := lib.Acronyms(context.Background(), briefs.Everything(), []string{"cdb", "absent"})
	if err != nil || len(short) != 1 {
		t.Fatalf("Acronyms(cdb) = %v, %v; want one pair", short, err)
	}
	equal(t, "short", short[0].Short, "CDB")
	long, err := lib.Acronyms(context.Background(), briefs.Everything(), []string{short[0].LongTerms})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(short, long); diff != "" {
		t.Errorf("by the long form (-short +long):\n%s", diff)
	}
	for _, id := range []briefs.DocumentID{"a", "b"} {
		if err := lib.RemoveDocument(context.Background(), id, false); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := lib.Acronyms(context.Background(), briefs.Everything(), []string{"cdb"})
	if err != nil || len(gone) != 0 {
		t.Errorf("after removal: %v, %v; want none", gone, err)
	}
}
