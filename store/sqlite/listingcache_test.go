package sqlite

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"

	"briefdesk/briefs"
)

// Listings that are kept are those of this moment, whoever changed the
// library, and are not changed by those who got them.
func TestKeptListings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	at := func() *Library {
		t.Helper()
		l, err := Open(t.Context(), slog.New(slog.DiscardHandler), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		return l
	}
	lib, other := at(), at()
	titles := func(q briefs.Listing) string {
		t.Helper()
		q.Scope = briefs.Everything()
		var all []string
		for range 2 { // the second time it is kept
			list, err := lib.Documents(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			all = all[:0]
			for _, d := range list {
				all = append(all, d.Title)
			}
			n, err := lib.CountDocuments(t.Context(), q)
			if q.Offset, q.Limit = 0, 0; err != nil || n != len(list) && len(list) == 0 {
				t.Fatalf("%d counted, %d listed: %v", n, len(list), err)
			}
		}
		return fmt.Sprint(all)
	}
	publishers := func() string {
		t.Helper()
		all, err := lib.Publishers(t.Context(), briefs.Everything())
		if err != nil {
			t.Fatal(err)
		}
		said := fmt.Sprint(all)
		slices.Reverse(all)
		return said
	}
	doc := func(id briefs.DocumentID, title, publisher string) briefs.Document {
		return briefs.Document{ID: id, Title: title, Publisher: publisher, Collection: "c", Text: "A text."}
	}
	put := func(l *Library, docs ...briefs.Document) {
		t.Helper()
		if _, err := l.PutDocuments(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
	}
	put(lib, doc("1", "beta", "P"), doc("2", "Alpha", "Q"))
	check := func(want, wantPublishers string) {
		t.Helper()
		if got := titles(briefs.Listing{Order: briefs.ByTitle}); got != want {
			t.Errorf("by title %s, want %s", got, want)
		}
		for range 2 {
			if got := publishers(); got != wantPublishers {
				t.Errorf("publishers %s, want %s", got, wantPublishers)
			}
		}
	}
	check("[Alpha beta]", "[{P 1} {Q 1}]")
	put(other, doc("3", "ÄRA", "Q"))
	check("[Alpha beta ÄRA]", "[{P 1} {Q 2}]")
	if got := titles(briefs.Listing{Title: "ära q"}); got != "[ÄRA]" {
		t.Errorf("found %s", got)
	}
	title := "zeta"
	if err := other.EditDocument(t.Context(), "2", briefs.Edit{Title: &title}); err != nil {
		t.Fatal(err)
	}
	check("[beta zeta ÄRA]", "[{P 1} {Q 2}]")
	if err := other.RemoveDocument(t.Context(), "3", false); err != nil {
		t.Fatal(err)
	}
	check("[beta zeta]", "[{P 1} {Q 1}]")
	if got := titles(briefs.Listing{Title: "ära"}); got != "[]" {
		t.Errorf("found %s after it was removed", got)
	}
}

// What is kept is bounded.
func TestListingCacheIsBounded(t *testing.T) {
	c := newListingCache()
	reads := 0
	read := func() ([]shelved, error) { reads++; return make([]shelved, maxKept), nil }
	for i := range 20 {
		if _, err := recall(c, c.listings, 1, fmt.Sprint(i), read); err != nil {
			t.Fatal(err)
		}
	}
	if c.rows > maxRows+maxKept+1 || len(c.listings) > maxRows/maxKept+1 {
		t.Errorf("%d rows of %d listings are kept", c.rows, len(c.listings))
	}
	if _, err := recall(c, c.listings, 0, "19", read); err != nil || reads != 21 {
		t.Errorf("an older moment was given a later one's listing")
	}
}
