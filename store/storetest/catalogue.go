package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"briefdesk/briefs"
	"briefdesk/store"
)

var catalogueContracts = []contract{
	{"list/orders, pages and counts", listingOrders},
	{"list/what changed since", listedAgain},
	{"list/publishers", publishers},
	{"list/bylines", bylines},
	{"list/revisions", revisions},
	{"search/publisher", onlyPublisher},
}

// catalogue stores five documents that differ in what lists sort and select
// by, and withdraws a sixth.
func catalogue(t *testing.T, lib store.Backend) {
	t.Helper()
	for i, c := range []struct{ id, title, author, publisher, published, collection string }{
		{"a", "zebra crossings", "Bo Pretend", "Gale Review", "2014-05-02", "x"},
		{"b", "Ärger im Hafen", "Érica Fictional", "Tide Gazette", "2014-05", "x"},
		{"c", "Äpfel", "", "Gale Review", "", "y"},
		{"d", "apples", "Bo Pretend", "", "2014", "y"},
		{"e", "Apples", "Cy Mock", "Ärzteblatt", "2015-01-01", "x"},
		{"f", "Apples", "Cy Mock", "Gone House", "2016", "x"},
	} {
		put(t, lib, with(Document(c.id, "Words about harbours stand here."), func(d *briefs.Document) {
			d.Title, d.Author, d.Publisher, d.Published, d.Collection = c.title, c.author, c.publisher, briefs.Date(c.published), c.collection
			d.Added = Morning.Add(time.Duration(-i%3) * time.Hour)
		}))
	}
	if err := lib.RemoveDocument(context.Background(), "f", false); err != nil {
		t.Fatal(err)
	}
}

// listedAgain lists the same again and again, with changes between.
func listedAgain(t *testing.T, lib store.Backend) {
	list := func(want string, publishers int) {
		t.Helper()
		listed, err := lib.Documents(context.Background(), briefs.Listing{Scope: briefs.Everything()})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, d := range listed {
			ids = append(ids, fmt.Sprint(d.ID, d.Revision))
		}
		equal(t, "documents", strings.Join(ids, " "), want)
		names, err := lib.Publishers(context.Background(), briefs.Everything())
		if err != nil || len(names) != publishers {
			t.Errorf("publishers %v, %v", names, err)
		}
	}
	list("", 0)
	put(t, lib, Document("a", "One."))
	list("a1", 1)
	put(t, lib, Document("b", "Two."), with(Document("c", "Three."), func(d *briefs.Document) { d.Publisher = "Another" }))
	list("a1 b1 c1", 2)
	put(t, lib, Document("a", "One, corrected."))
	if err := lib.RemoveDocument(context.Background(), "c", false); err != nil {
		t.Fatal(err)
	}
	list("a2 b1", 1)
	if err := lib.RemoveDocument(context.Background(), "a", true); err != nil {
		t.Fatal(err)
	}
	list("b1", 1)
}

func listingOrders(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	catalogue(t, lib)
	list := func(l briefs.Listing) string {
		t.Helper()
		listed, err := lib.Documents(ctx, l)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, d := range listed {
			ids = append(ids, string(d.ID))
		}
		return strings.Join(ids, "")
	}
	all := briefs.Everything()
	for _, c := range []struct {
		l    briefs.Listing
		want string
	}{
		{briefs.Listing{Scope: all}, "abcde"},
		{briefs.Listing{Scope: all, Order: briefs.ByPublished}, "eabdc"},
		{briefs.Listing{Scope: all, Order: briefs.ByAdded}, "adbec"},
		{briefs.Listing{Scope: all, Order: briefs.ByTitle}, "deacb"},
		{briefs.Listing{Scope: all, Order: briefs.ByTitle, Withdrawn: true}, "defacb"},
		{briefs.Listing{Scope: briefs.Only("x"), Order: briefs.ByTitle}, "eab"},
		{briefs.Listing{Scope: briefs.Only("y"), Collection: "x", Order: briefs.ByTitle}, ""},
		{briefs.Listing{Scope: all, Publisher: "Gale Review"}, "ac"},
		{briefs.Listing{Scope: all, Publisher: "gale review"}, ""},
		{briefs.Listing{Scope: all, Publisher: "Gale"}, ""},
		{briefs.Listing{Scope: all, Publisher: "Gale Review", Author: "PRETEND"}, "a"},
		{briefs.Listing{Scope: all, Title: "äRG"}, "b"},
		{briefs.Listing{Scope: all, Title: "  Ä  "}, "bce"}, // also of the publisher
		{briefs.Listing{Scope: all, Title: "apples pretend"}, "d"},
		{briefs.Listing{Scope: all, Title: "apples gazette"}, ""},
		{briefs.Listing{Scope: all, Title: "pp", Order: briefs.ByTitle}, "de"},
		{briefs.Listing{Scope: all, Title: "words"}, ""}, // of the text alone
		{briefs.Listing{Scope: all, Title: "%"}, ""},
		{briefs.Listing{Scope: briefs.Scope{}, Title: "a"}, ""},
		{briefs.Listing{Scope: all, After: "b", Order: briefs.ByTitle}, "dec"},
	} {
		equal(t, fmt.Sprintf("%+v", c.l), list(c.l), c.want)
		for offset := -1; offset <= len(c.want)+1; offset++ {
			for limit := range len(c.want) + 2 {
				l := c.l
				l.Offset, l.Limit = offset, limit
				want := c.want[min(max(offset, 0), len(c.want)):]
				if limit > 0 {
					want = want[:min(limit, len(want))]
				}
				equal(t, fmt.Sprintf("%+v", l), list(l), want)
				n, err := lib.CountDocuments(ctx, l)
				if err != nil || n != len(c.want) {
					t.Errorf("%+v: count %d, %v; want %d", l, n, err, len(c.want))
				}
			}
		}
	}
	for _, l := range []briefs.Listing{{Scope: all, From: "soon"}, {Scope: all, To: "soon", Title: "a"}} {
		if _, err := lib.CountDocuments(ctx, l); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("bad date: %v, want ErrInvalid", err)
		}
	}
	if _, err := lib.Documents(ctx, briefs.Listing{Scope: all, Order: "size; DROP"}); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("unknown order: %v, want ErrInvalid", err)
	}
}

func publishers(t *testing.T, lib store.Backend) {
	catalogue(t, lib)
	for _, c := range []struct {
		s    briefs.Scope
		want []briefs.PublisherCount
	}{
		{briefs.Everything(), []briefs.PublisherCount{{Documents: 1}, {Name: "Gale Review", Documents: 2}, {Name: "Tide Gazette", Documents: 1}, {Name: "Ärzteblatt", Documents: 1}}},
		{briefs.Only("y"), []briefs.PublisherCount{{Documents: 1}, {Name: "Gale Review", Documents: 1}}},
		{briefs.Only("none"), nil},
		{briefs.Scope{}, nil},
	} {
		got, err := lib.Publishers(context.Background(), c.s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("publishers (-want +got):\n%s", diff)
		}
	}
}

// bylines: those of a scope, and the documents that have one.
func bylines(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, with(Document("a", "One."), func(d *briefs.Document) { d.Author, d.Publisher, d.Collection = "Una", "Gale", "x" }),
		with(Document("b", "Two."), func(d *briefs.Document) { d.Author, d.Publisher, d.Collection = "Una", "Tide", "y" }),
		with(Document("c", "Three."), func(d *briefs.Document) { d.Author, d.Publisher, d.Collection = "Una", "Gale", "y" }),
		with(Document("d", "Four."), func(d *briefs.Document) { d.Author, d.Publisher, d.Collection = "Odo", "", "y" }))
	una, tide, odo := briefs.Byline{Author: "Una", Publisher: "Gale"}, briefs.Byline{Author: "Una", Publisher: "Tide"}, briefs.Byline{Author: "Odo"}
	check := func(s briefs.Scope, want []briefs.Byline, ids string) {
		t.Helper()
		got, err := lib.Bylines(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("bylines (-want +got):\n%s", diff)
		}
		of, err := lib.Bylined(ctx, s, []briefs.Byline{una, odo, {Author: "una"}}, 2)
		if err != nil || fmt.Sprint(of) != ids {
			t.Errorf("documents %v, want %s: %v", of, ids, err)
		}
	}
	check(briefs.Everything(), []briefs.Byline{odo, una, tide}, "[a c]")
	check(briefs.Only("y"), []briefs.Byline{odo, una, tide}, "[c d]")
	check(briefs.Only("x"), []briefs.Byline{una}, "[a]")
	check(briefs.Scope{}, nil, "[]")
	if err := lib.RemoveDocument(ctx, "a", false); err != nil {
		t.Fatal(err)
	}
	check(briefs.Only("x"), nil, "[]")
}

func revisions(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	first := Document("d", "The first text.")
	second := with(Document("d", "The second text, longer."), func(d *briefs.Document) {
		d.Source, d.Added = "/elsewhere/d", minutes(3)
	})
	put(t, lib, first, second)
	check := func(withdrawn bool) {
		t.Helper()
		for _, s := range []briefs.Scope{briefs.Everything(), briefs.Only("other", "papers")} {
			got, err := lib.Revisions(ctx, s, "d")
			if err != nil {
				t.Fatal(err)
			}
			want := []briefs.Revision{
				{N: 2, Added: minutes(3), Bytes: len(second.Text), Source: "/elsewhere/d", Current: true, Withdrawn: withdrawn},
				{N: 1, Added: Morning, Bytes: len(first.Text), Source: first.Source, Withdrawn: withdrawn},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("revisions (-want +got):\n%s", diff)
			}
		}
	}
	check(false)
	said := map[string]bool{}
	for _, c := range []struct {
		s  briefs.Scope
		id briefs.DocumentID
	}{{briefs.Only("other"), "d"}, {briefs.Only("other"), "x"}, {briefs.Scope{}, "d"}, {briefs.Everything(), "x"}} {
		got, err := lib.Revisions(ctx, c.s, c.id)
		if !errors.Is(err, briefs.ErrNotFound) || len(got) > 0 {
			t.Fatalf("%v of %+v: %v, %v; want ErrNotFound", c.id, c.s, got, err)
		}
		said[strings.ReplaceAll(err.Error(), "document "+string(c.id), "document")] = true
	}
	if len(said) > 1 {
		t.Errorf("what is there and what is not are told apart: %v", said)
	}
	if err := lib.RemoveDocument(ctx, "d", false); err != nil {
		t.Fatal(err)
	}
	check(true)
}

// onlyPublisher has better passages of another publisher than the limit.
func onlyPublisher(t *testing.T, lib store.Backend) {
	of := func(id, publisher, published, text string) briefs.Document {
		return with(Document(id, text), func(d *briefs.Document) { d.Publisher, d.Published = publisher, briefs.Date(published) })
	}
	for i := range 8 {
		put(t, lib, of(fmt.Sprint("loud", i), "Loud House", "2031", "Otters, otters, otters."))
	}
	put(t, lib, of("quiet", "Quiet House", "2030", "Of many other things one is that otters swim here in the evening."))
	q := query("otters")
	q.Limit = 1
	for publisher, want := range map[string]string{"": "loud0", "Loud House": "loud0", "Quiet House": "quiet", "quiet house": "", "Quiet": ""} {
		q.Publisher = publisher
		equal(t, "of "+publisher, find(t, lib, q), want)
	}
	q.Publisher, q.Documents = "Quiet House", []briefs.DocumentID{"quiet", "loud1"}
	equal(t, "with documents", find(t, lib, q), "quiet")
	q.From = "2031"
	equal(t, "with dates", find(t, lib, q), "")
	q.From, q.Scope = "", briefs.Only("other")
	equal(t, "with a scope", find(t, lib, q), "")
	q.Scope = briefs.Everything()
	name := "Renamed House"
	if err := lib.EditDocument(context.Background(), "quiet", briefs.Edit{Publisher: &name}); err != nil {
		t.Fatal(err)
	}
	equal(t, "by its old name", find(t, lib, q), "")
	q.Publisher = name
	equal(t, "by its new name", find(t, lib, q), "quiet")
}
