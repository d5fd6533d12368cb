package storetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

func originals(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("a", "One."), Document("a", "One. Two."), Document("b", "Three."), with(Document("c", "Four."), func(d *briefs.Document) { d.Collection = "else" }))
	page := func(id string, revision, reader int, body string) briefs.Archived {
		return briefs.Archived{
			Document: briefs.DocumentID(id), Revision: revision, Reader: reader, Fetched: minute(revision),
			Parts: []briefs.ArchivedPart{{Address: "https://example.org/" + id, Type: "text/html", Data: []byte(body)}, {Address: "x", Data: []byte{}}},
		}
	}
	first, second := page("a", 1, 1, strings.Repeat("<p>One.", 1000)), page("a", 2, 1, "\x00\xff")
	for _, a := range []briefs.Archived{first, second, page("b", 1, 2, "Three"), page("c", 1, 1, "Four")} {
		if err := lib.SaveArchived(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	same := func(want briefs.Archived) {
		t.Helper()
		got, err := lib.Archived(ctx, want.Document, want.Revision)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the original (-want +got):\n%s", diff)
		}
	}
	same(first)
	same(second)
	if _, err := lib.Archived(ctx, "b", 2); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("the original of no revision: %v, want ErrNotFound", err)
	}
	if err := lib.SaveArchived(ctx, page("b", 2, 1, "x")); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("an original of no revision: %v, want ErrNotFound", err)
	}
	before := func(s briefs.Scope, reader int, after string, limit int) string {
		t.Helper()
		ids, err := lib.ArchivedBefore(ctx, s, reader, briefs.DocumentID(after), limit)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(ids)
	}
	equal(t, "before 1", before(briefs.Everything(), 1, "", 9), "[]")
	equal(t, "before 2", before(briefs.Everything(), 2, "", 9), "[a c]")
	equal(t, "before 3", before(briefs.Everything(), 3, "", 9), "[a b c]")
	equal(t, "the first", before(briefs.Everything(), 3, "", 1), "[a]")
	equal(t, "after a", before(briefs.Everything(), 3, "a", 9), "[b c]")
	equal(t, "of papers", before(briefs.Only("papers"), 2, "", 9), "[a]")
	// What is stored stays, but for its reader.
	again := page("a", 2, 3, "other")
	if err := lib.SaveArchived(ctx, again); err != nil {
		t.Fatal(err)
	}
	second.Reader = 3
	same(second)
	equal(t, "read again", before(briefs.Everything(), 3, "", 9), "[b c]")
	// The same bytes read otherwise are kept once; a backup has them too.
	put(t, lib, Document("a", "One. Two. Six."))
	third := page("a", 3, 4, "\x00\xff")
	third.Parts = second.Parts
	if err := lib.SaveArchived(ctx, third); err != nil {
		t.Fatal(err)
	}
	same(third)
	if err := lib.RemoveDocument(ctx, "c", false); err != nil {
		t.Fatal(err)
	}
	equal(t, "without what was withdrawn", before(briefs.Everything(), 9, "", 9), "[a b]")
	sound(t, lib)
	if err := lib.Backup(ctx, filepath.Join(t.TempDir(), "copy")); err != nil {
		t.Fatal(err)
	}
}

// With a purge every trace goes; what was purged is known by digests alone, in
// its collection.
func sourcePurge(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("a", "One."), Document("b", "Two."))
	c := claimSource(t, lib, "papers", minute(0))
	for _, id := range []briefs.DocumentID{"a", "b"} {
		it := briefs.SourceItem{Name: "n" + string(id), Address: "https://example.org/" + string(id), Document: id, Next: minute(1)}
		a := &briefs.Archived{Document: id, Revision: 1, Parts: []briefs.ArchivedPart{{Data: []byte("secret")}}}
		if err := lib.SaveItem(ctx, c, it, []string{"example.org/" + string(id)}, a); err != nil {
			t.Fatal(err)
		}
	}
	page := briefs.Source{Kind: briefs.SourcePage, Address: "https://example.org/a", Collection: "papers"}
	p, ok, err := lib.ClaimSource(ctx, page, "w", minute(0), time.Minute)
	if err != nil || !ok {
		t.Fatal(err)
	}
	if err := lib.SaveItem(ctx, p, briefs.SourceItem{Name: page.Address, Document: "a"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := lib.RemoveDocument(ctx, "a", true); err != nil {
		t.Fatal(err)
	}
	if err := lib.SaveItem(ctx, c, briefs.SourceItem{Name: "na", Document: "a"}, nil, nil); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("an item of a purged document: %v, want ErrNotFound", err)
	}
	purged := func(collection string, names ...string) string {
		t.Helper()
		found, err := lib.Purged(ctx, collection, names...)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(found, " ")
	}
	equal(t, "purged", purged("papers", "b", "example.org/b", "a", "example.org/a", "x"), "a example.org/a")
	equal(t, "purged elsewhere", purged("else", "a", "example.org/a"), "")
	if err := lib.Unpurge(ctx, "papers", "a", "x"); err != nil {
		t.Fatal(err)
	}
	equal(t, "after it may come back", purged("papers", "a", "example.org/a"), "example.org/a")
	items, err := lib.SourceItems(ctx, c.Key(), "", 9)
	if err != nil || len(items) != 1 || items[0].Document != "b" {
		t.Errorf("items: %+v, %v", items, err)
	}
	if _, err := lib.Archived(ctx, "a", 1); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("the original of a purged document: %v, want ErrNotFound", err)
	}
	if id, err := lib.DocumentAt(ctx, "papers", "example.org/a"); err != nil || id != "" {
		t.Errorf("a purged document stands at its address: %q, %v", id, err)
	}
	if all, err := lib.Sources(ctx, briefs.Everything()); err != nil || len(all) != 1 {
		t.Errorf("the source that was the purged page alone stays: %+v, %v", all, err)
	}
	sound(t, lib)
}

// Any bytes do as names and addresses.
func sourceBytes(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	for _, name := range []string{"\xff\x00", "a\x00b", strings.Repeat("é", 10_000), "'; --", "%_"} {
		s := briefs.Source{Kind: briefs.SourcePage, Address: "https://example.org/" + name, Collection: "c" + name}
		c, ok, err := lib.ClaimSource(ctx, s, name, minute(0), time.Minute)
		if err != nil || !ok {
			t.Fatalf("%q: %v, %v", name, ok, err)
		}
		c.Problem, c.Title = name, name
		if err := lib.SaveListing(ctx, c, []briefs.SourceItem{{Name: name, Address: name, Problem: name, Own: []byte(name), Next: minute(0)}}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		items, err := lib.SourceItems(ctx, c.Key(), "", 9, name)
		if err != nil || len(items) != 1 {
			t.Errorf("%q: %d items, %v", name, len(items), err)
		}
		due, err := lib.DueItems(ctx, c.Key(), minute(0), false, 9)
		if err != nil || len(due) != 1 || string(due[0].Own) != name {
			t.Errorf("%q: due %+v, %v", name, due, err)
		}
		if _, err := lib.Purged(ctx, name, name); err != nil {
			t.Error(err)
		}
	}
	sound(t, lib)
}
