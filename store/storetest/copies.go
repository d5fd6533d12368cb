package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/store"
)

var copyContracts = []contract{
	{"copies/folded and shown where they stand", copiesFolded},
	{"copies/found where the original is kept out", copiesFiltered},
	{"copies/unfolded when a text or a place changes", copiesUnfolded},
	{"copies/never across collections", copiesApart},
	{"copies/the same whatever the order", copiesInAnyOrder},
}

// column is a piece that several print.
var column = []string{
	"The lighthouse keepers of the northern skerries were told in spring that the last manned lamp would go dark within two years.",
	"Their union says that automatic lamps fail in the long winter storms, when no boat can land for weeks and ships need them most.",
	"The coastal agency answers that satellites have made most of the lamps a comfort for sailors and no longer a need.",
	"Both may be right, for the agency counts accidents of large ships, and the union counts fishing boats that carry no receiver.",
	"What neither of them has counted is the cost of keeping a house warm on a rock where nobody lives any more.",
}

// printed makes a document of column as somebody printed it.
func printed(id, publisher string, published briefs.Date, paragraphs ...string) briefs.Document {
	d := Document(id, paragraphs...)
	d.Title, d.Publisher, d.Published = "The last lamps", publisher, published
	return with(d, func(*briefs.Document) {})
}

func withStandfirst() []string {
	return append([]string{"Who needs the men that keep the lamps burning, and who pays for them?"}, column...)
}

// copyOf is how the library files a document: "original <- other, other".
func copyOf(t *testing.T, lib store.Backend, id briefs.DocumentID) string {
	t.Helper()
	d := open(t, lib, id, 0)
	var also []string
	for _, c := range d.Also {
		also = append(also, string(c.ID))
	}
	return strings.TrimSpace(fmt.Sprintf("%s <- %s", d.CopyOf, strings.Join(also, ", ")))
}

func copiesFolded(t *testing.T, lib store.Backend) {
	put(t, lib, printed("b", "Second Review", "2031-02-03", withStandfirst()...), Document("other", "Bees have no union."))
	put(t, lib, printed("a", "First Review", "2031-02-01", column...))
	put(t, lib, printed("c", "Third Review", "", column...))
	equal(t, "found", find(t, lib, query("keepers", "satellites", "skerries")), "a")
	equal(t, "the original", copyOf(t, lib, "a"), "<- b, c")
	equal(t, "a copy", copyOf(t, lib, "b"), "a <- a, c")
	equal(t, "another copy", copyOf(t, lib, "c"), "a <- a, b")
	equal(t, "another piece", copyOf(t, lib, "other"), "<-")
	want := briefs.Copy{ID: "b", Revision: 1, Title: "The last lamps", Publisher: "Second Review", Published: "2031-02-03", URL: "https://example.org/b"}
	equal(t, "where it also stands", open(t, lib, "a", 0).Also[0], want)
	list, err := lib.Documents(context.Background(), briefs.Listing{Scope: briefs.Everything()})
	if err != nil {
		t.Fatal(err)
	}
	var filed []string
	for _, d := range list {
		filed = append(filed, fmt.Sprintf("%s:%s:%d", d.ID, d.CopyOf, len(d.Also)))
	}
	equal(t, "listed", strings.Join(filed, " "), "a::2 b:a:2 c:a:2 other::0")
	equal(t, "the same again", put(t, lib, printed("b", "Second Review", "2031-02-03", withStandfirst()...))[0].Outcome, briefs.Unchanged)
	sound(t, lib)
}

func copiesFiltered(t *testing.T, lib store.Backend) {
	put(t, lib, printed("a", "First Review", "2031-02-01", column...), printed("b", "Second Review", "2031-03-03", column...), printed("c", "Second Review", "2031-03-02", column...))
	q := query("keepers")
	for _, c := range []struct {
		name   string
		change func(*briefs.Query)
		want   string
	}{
		{"all", func(*briefs.Query) {}, "a"},
		{"by the other publisher", func(q *briefs.Query) { q.Publisher = "Second Review" }, "c"},
		{"of later days", func(q *briefs.Query) { q.From = "2031-03" }, "c"},
		{"of the first days", func(q *briefs.Query) { q.To = "2031-03-01" }, "a"},
		{"of one document", func(q *briefs.Query) { q.Documents = []briefs.DocumentID{"b"} }, "b"},
		{"of two", func(q *briefs.Query) { q.Documents = []briefs.DocumentID{"b", "a"} }, "a"},
		{"of the collection", func(q *briefs.Query) { q.Scope = briefs.Only("papers") }, "a"},
	} {
		one := q
		c.change(&one)
		equal(t, c.name, find(t, lib, one), c.want)
	}
}

func copiesUnfolded(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	a, b, c := printed("a", "First Review", "2031-02-01", column...), printed("b", "Second Review", "2031-02-02", withStandfirst()...), printed("c", "Third Review", "2031-02-03", column...)
	state := func(step, want string) {
		t.Helper()
		var got []string
		list, err := lib.Documents(ctx, briefs.Listing{Scope: briefs.Everything()})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			got = append(got, fmt.Sprintf("%s:%s", d.ID, d.CopyOf))
		}
		equal(t, step, strings.Join(got, " "), want)
		found := strings.Fields(find(t, lib, query("keepers")))
		slices.Sort(found)
		var originals []string
		for _, d := range list {
			if d.CopyOf == "" {
				originals = append(originals, string(d.ID))
			}
		}
		if !slices.Equal(found, originals) {
			t.Errorf("%s: found %v, want the originals %v", step, found, originals)
		}
		sound(t, lib)
	}
	edit := func(id briefs.DocumentID, e briefs.Edit) {
		t.Helper()
		if err := lib.EditDocument(ctx, id, e); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(id briefs.DocumentID, purge bool) {
		t.Helper()
		if err := lib.RemoveDocument(ctx, id, purge); err != nil {
			t.Fatal(err)
		}
	}
	put(t, lib, c, b, a)
	state("added", "a: b:a c:a")
	put(t, lib, with(a, func(d *briefs.Document) { d.Text = strings.Replace(d.Text, "within two years", "within six years", 1) }))
	state("the original changed", "a: b: c:b")
	put(t, lib, a)
	state("and changed back", "a: b:a c:a")
	remove("a", false)
	state("withdrawn", "b: c:b")
	put(t, lib, a)
	state("brought back", "a: b:a c:a")
	edit("a", briefs.Edit{Published: ptr(briefs.Date("2031-06-01"))})
	state("published later", "a:b b: c:b")
	edit("b", briefs.Edit{Collection: ptr("elsewhere")})
	state("moved away", "a:c b: c:")
	edit("b", briefs.Edit{Collection: ptr("papers")})
	state("moved back", "a:b b: c:b")
	edit("b", briefs.Edit{Title: ptr("Another title")})
	state("another title, which is part of so short a piece", "a:c b: c:")
	edit("b", briefs.Edit{Title: ptr("The last lamps of all")})
	state("almost the first title", "a:b b: c:b")
	remove("b", true)
	state("purged", "a:c c:")
	remove("c", false)
	remove("c", true)
	state("purged after it was withdrawn", "a:")
}

func copiesApart(t *testing.T, lib store.Backend) {
	a, b := printed("a", "First Review", "2031-02-01", column...), printed("b", "Second Review", "2031-02-02", column...)
	b.Collection = "secret"
	put(t, lib, a, b)
	for _, id := range []briefs.DocumentID{"a", "b"} {
		equal(t, "in two collections", copyOf(t, lib, id), "<-")
	}
	q := query("keepers")
	q.Scope = briefs.Only("secret")
	equal(t, "found in its own", find(t, lib, q), "b")
	sound(t, lib)
}

// copiesInAnyOrder adds documents of which the first is like the second and the
// second like the third, but the first not like the third.
func copiesInAnyOrder(t *testing.T, lib store.Backend) {
	clause := " " + strings.Repeat("Lamps burn oil and men burn coal on every rock out there, as they say on the skerries. ", 1)
	docs := []briefs.Document{
		printed("a", "First Review", "2031-02-01", column...),
		printed("b", "Second Review", "2031-02-02", withStandfirst()...),
		printed("c", "Third Review", "2031-02-03", append(withStandfirst(), "This first stood in the Lamp Gazette on 3 May 2030."+clause)...),
		printed("d", "Fourth Review", "2031-02", append(column[:len(column):len(column)], "By a keeper of lamps, who lives in Norrhamn and has kept 12 of them.")...),
		printed("e", "Fifth Review", "", column[:3]...),
	}
	want := ""
	for i, order := range [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}, {1, 3, 0, 2, 4}} {
		for _, at := range order {
			d := docs[at]
			d.ID, d.Collection = briefs.DocumentID(fmt.Sprintf("%d-%s", i, d.ID)), fmt.Sprint("order", i)
			put(t, lib, with(d, func(*briefs.Document) {}))
		}
		var got []string
		for _, d := range docs {
			_, original, _ := strings.Cut(string(open(t, lib, briefs.DocumentID(fmt.Sprintf("%d-%s", i, d.ID)), 0).CopyOf), "-")
			got = append(got, original)
		}
		if want == "" {
			want = strings.Join(got, " ")
		}
		equal(t, fmt.Sprint("added in the order ", order), strings.Join(got, " "), want)
	}
	if !strings.HasPrefix(want, " a a") {
		t.Errorf("the copies are of %q", want)
	}
	sound(t, lib)
}
