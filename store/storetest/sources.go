package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

var sourceContracts = []contract{
	{"sources/are claimed by one at a time", sourceClaims},
	{"sources/listings and items", sourceItems},
	{"sources/kept and forgotten", sourcesKept},
	{"sources/fetches list them", sourceFetches},
	{"sources/originals", originals},
	{"sources/purge", sourcePurge},
	{"sources/any bytes", sourceBytes},
}

func feedSource(collection string) briefs.Source {
	return briefs.Source{Kind: briefs.SourceFeed, Address: "https://example.org/feed", Collection: collection, Every: time.Hour}
}

func minute(n int) time.Time { return Morning.Add(time.Duration(n) * time.Minute) }

// claimSource takes on the feed of a collection.
func claimSource(t *testing.T, lib store.Backend, collection string, now time.Time) briefs.ClaimedSource {
	t.Helper()
	c, ok, err := lib.ClaimSource(context.Background(), feedSource(collection), "w", now, 10*time.Minute)
	if err != nil || !ok {
		t.Fatalf("ClaimSource: %v, %v", ok, err)
	}
	return c
}

func sourceClaims(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	c := claimSource(t, lib, "papers", minute(0))
	equal(t, "what is claimed", c.Source, feedSource("papers"))
	if _, ok, err := lib.ClaimSource(ctx, feedSource("papers"), "v", minute(9), time.Minute); ok || err != nil {
		t.Errorf("claimed twice: %v, %v", ok, err)
	}
	other := claimSource(t, lib, "else", minute(1)) // another collection is another source
	c, err := lib.RenewSource(ctx, c, minute(9), 10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := lib.ClaimSource(ctx, feedSource("papers"), "v", minute(18), time.Minute); ok || err != nil {
		t.Errorf("claimed while renewed: %v, %v", ok, err)
	}
	late := claimSource(t, lib, "papers", minute(19)) // the lease is over
	_, err = lib.RenewSource(ctx, c, minute(19), time.Minute)
	for what, err := range map[string]error{
		"renew":   err,
		"list":    lib.SaveListing(ctx, c, []briefs.SourceItem{{Name: "x"}}),
		"item":    lib.SaveItem(ctx, c, briefs.SourceItem{Name: "x"}, nil, nil),
		"release": lib.ReleaseSource(ctx, c),
	} {
		if !errors.Is(err, briefs.ErrConflict) {
			t.Errorf("%s by an old claim: %v, want ErrConflict", what, err)
		}
	}
	late.Title, late.As, late.Read, late.Succeeded, late.Next, late.Failures = "Tides", briefs.SourceFeed, minute(20), minute(2), minute(80), 2
	late.Problem, late.Moved, late.Gone, late.ETag, late.Modified, late.Reader = "no\nanswer", "https://example.org/new", minute(3), `"e"`, "Mon", 4
	late.LastFigures = briefs.LastFigures{Added: 1, Revised: 2, Unchanged: 3, Withdrawn: 4, Failed: 5}
	if err := lib.ReleaseSource(ctx, late); err != nil {
		t.Fatal(err)
	}
	if err := lib.ReleaseSource(ctx, late); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("released twice: %v, want ErrConflict", err)
	}
	want := late.SourceState
	want.Problem = "no answer"
	all, err := lib.Sources(ctx, briefs.Only("papers"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]briefs.SourceState{want}, all); diff != "" {
		t.Errorf("the source (-want +got):\n%s", diff)
	}
	if all, err := lib.Sources(ctx, briefs.Everything()); err != nil || len(all) != 2 || all[0].Collection != "else" {
		t.Errorf("all sources: %+v, %v", all, err)
	}
	if all, err := lib.Sources(ctx, briefs.Only("none")); err != nil || len(all) > 0 {
		t.Errorf("sources of no collection: %+v, %v", all, err)
	}
	// A lease that a clock which was ahead wrote down does not last for ever.
	if _, ok, err := lib.ClaimSource(ctx, feedSource("else"), "v", minute(-900), time.Minute); ok || err != nil {
		t.Errorf("claimed at once: %v, %v", ok, err)
	}
	if _, ok, err := lib.ClaimSource(ctx, feedSource("else"), "v", minute(-898), time.Minute); !ok || err != nil {
		t.Errorf("a lease from the future lasts: %v, %v", ok, err)
	}
	if err := lib.ReleaseSource(ctx, other); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("released by an old claim: %v, want ErrConflict", err)
	}
	for _, s := range []briefs.Source{{Kind: briefs.SourceFeed, Collection: "c"}, {Kind: briefs.SourceFeed, Address: "a"}} {
		if _, _, err := lib.ClaimSource(ctx, s, "w", minute(0), time.Minute); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("claim of %+v: %v, want ErrInvalid", s, err)
		}
	}
	sound(t, lib)
}

func sourceItems(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("d", "Some words."))
	c := claimSource(t, lib, "papers", minute(0))
	k := c.Key()
	full := briefs.SourceItem{
		Name: "b", Address: "https://example.org/b", Document: "d", Title: "B", Author: "Una", Published: "2031-02", Stated: "s", Own: []byte(strings.Repeat("own ", 99)),
		OwnUsed: true, ETag: "e", Modified: "m", Digest: "g", Known: minute(0), Read: minute(1), Next: minute(5), Failures: 2, Problem: "no answer", Missing: minute(2), Gone: true,
	}
	c.ETag = "kept"
	if err := lib.SaveListing(ctx, c, []briefs.SourceItem{{Name: "c", Next: minute(3)}, full, {Name: "a", Next: minute(3)}, {Name: "never"}}); err != nil {
		t.Fatal(err)
	}
	due := func(now time.Time, retry bool, limit int) string {
		t.Helper()
		items, err := lib.DueItems(ctx, k, now, retry, limit)
		if err != nil {
			t.Fatal(err)
		}
		n, err := lib.CountDue(ctx, k, now, retry)
		if err != nil || limit >= 9 && n != len(items) {
			t.Errorf("%d are due, %d are counted (%v)", len(items), n, err)
		}
		var names []string
		for _, it := range items {
			names = append(names, it.Name)
		}
		return strings.Join(names, " ")
	}
	equal(t, "due early", due(minute(2), false, 9), "")
	equal(t, "due at once", due(minute(2), true, 9), "b")
	equal(t, "due", due(minute(3), false, 9), "c a")
	equal(t, "due later", due(minute(5), false, 9), "c a b")
	equal(t, "the first", due(minute(5), false, 1), "c")
	equal(t, "none", due(minute(5), false, 0), "")
	equal(t, "due after the clock was ahead", due(minute(0).AddDate(-2, 0, 0), false, 9), "c a b")

	items, err := lib.DueItems(ctx, k, minute(5), false, 9)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(full, items[2]); diff != "" {
		t.Errorf("an item (-want +got):\n%s", diff)
	}
	list := func(after string, limit int, names ...string) string {
		t.Helper()
		items, err := lib.SourceItems(ctx, k, after, limit, names...)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, it := range items {
			found = append(found, it.Name)
			if it.Own != nil {
				t.Errorf("%s comes with the source's own text", it.Name)
			}
		}
		return strings.Join(found, " ")
	}
	equal(t, "by name", list("", 9), "a b c never")
	equal(t, "after a", list("a", 2), "b c")
	equal(t, "named", list("", 9, "c", "x", "a"), "a c")
	equal(t, "by address", list("", 9, full.Address), "b")
	if of, err := lib.ItemsOf(ctx, "d"); err != nil || len(of) != 1 || of[0].Name != "b" {
		t.Errorf("items of d: %+v, %v", of, err)
	}

	// One item is stored with all that belongs to it, or not at all.
	a := &briefs.Archived{Document: "d", Revision: 2, Fetched: minute(0), Parts: []briefs.ArchivedPart{{Data: []byte("x")}}}
	moved := full
	moved.Gone, moved.Own, moved.Next, moved.Failures = false, nil, time.Time{}, 0
	if err := lib.SaveItem(ctx, c, moved, []string{"example.org/b"}, a); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("an original of no revision: %v, want ErrNotFound", err)
	}
	equal(t, "still due", due(minute(5), false, 9), "c a b")
	a.Revision = 1
	if err := lib.SaveItem(ctx, c, moved, []string{"example.org/b", "example.org/old"}, a); err != nil {
		t.Fatal(err)
	}
	equal(t, "due after that", due(minute(5), true, 9), "c a")
	for address, want := range map[string]briefs.DocumentID{"example.org/old": "d", "example.org/x": ""} {
		if id, err := lib.DocumentAt(ctx, "papers", "example.org/none", address); err != nil || id != want {
			t.Errorf("at %s is %q, %v", address, id, err)
		}
		if id, err := lib.DocumentAt(ctx, "else", address); err != nil || id != "" {
			t.Errorf("in another collection %q stands at %s (%v)", id, address, err)
		}
	}
	if err := lib.SaveItem(ctx, c, briefs.SourceItem{Name: "y", Document: "none"}, nil, nil); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("an item of no document: %v, want ErrNotFound", err)
	}
	for _, err := range []error{lib.SaveItem(ctx, c, briefs.SourceItem{}, nil, nil), lib.SaveListing(ctx, c, []briefs.SourceItem{{Name: "z"}, {}})} {
		if !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("an item without a name: %v, want ErrInvalid", err)
		}
	}
	equal(t, "after what failed", list("", 9), "a b c never")
	s, err := lib.Sources(ctx, briefs.Everything())
	if err != nil || len(s) != 1 || s[0].Items != 4 || s[0].Waiting != 2 || s[0].Failing != 0 || s[0].ETag != "kept" {
		t.Errorf("the source: %+v, %v", s, err)
	}
	sound(t, lib)
}

func sourcesKept(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	s := feedSource("papers")
	if err := lib.KeepSource(ctx, s, "slack:U1"); err != nil {
		t.Fatal(err)
	}
	c := claimSource(t, lib, "papers", minute(0))
	equal(t, "by", c.By, "slack:U1")
	c.Title, c.As = "Tides", briefs.SourceFeed
	if err := lib.SaveListing(ctx, c, []briefs.SourceItem{{Name: "a"}}); err != nil {
		t.Fatal(err)
	}
	s.Kind, s.Every = briefs.SourcePage, 2*time.Hour
	if err := lib.KeepSource(ctx, s, "slack:U2"); err != nil {
		t.Fatal(err)
	}
	all, err := lib.Sources(ctx, briefs.Everything())
	if err != nil || len(all) != 1 || all[0].Source != s || all[0].By != "slack:U2" || all[0].Title != "Tides" || all[0].As != "" || all[0].Items != 1 {
		t.Errorf("kept: %+v, %v", all, err)
	}
	if err := lib.ForgetSource(ctx, s.Key()); err != nil {
		t.Fatal(err)
	}
	if err := lib.ForgetSource(ctx, s.Key()); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("forgotten twice: %v, want ErrNotFound", err)
	}
	if err := lib.SaveListing(ctx, c, nil); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("told of a forgotten source: %v, want ErrConflict", err)
	}
	if items, err := lib.SourceItems(ctx, s.Key(), "", 9); err != nil || len(items) > 0 {
		t.Errorf("items of a forgotten source: %+v, %v", items, err)
	}
	for _, bad := range []briefs.Source{{Address: "a"}, {Collection: "c"}} {
		if err := lib.KeepSource(ctx, bad, "x"); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("kept %+v: %v, want ErrInvalid", bad, err)
		}
	}
	if err := lib.KeepSource(ctx, s, ""); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("kept for nobody: %v, want ErrInvalid", err)
	}
	sound(t, lib)
}

// What is followed is listed with what was added by hand, by each collection
// on its own.
func sourceFetches(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	if err := lib.RecordFetch(ctx, briefs.Fetch{Source: "./papers", Collection: "papers", At: minute(1), Added: 1}); err != nil {
		t.Fatal(err)
	}
	if err := lib.RecordFetch(ctx, briefs.Fetch{Source: "https://example.org/feed", Collection: "papers", At: minute(1), Added: 1}); err != nil {
		t.Fatal(err)
	}
	for i, collection := range []string{"papers", "else", "never"} {
		c := claimSource(t, lib, collection, minute(0))
		if collection != "never" {
			c.Kind, c.As, c.Title, c.Read, c.Next, c.Problem = briefs.SourceFeed, briefs.SourceFeed, "Tides", minute(2+i), minute(60), "no answer"
			c.LastFigures = briefs.LastFigures{Added: i, Failed: 1, Withdrawn: 2}
		}
		if err := lib.ReleaseSource(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	feed := func(collection string, i int) briefs.Fetch {
		return briefs.Fetch{
			Source: "https://example.org/feed", Collection: collection, At: minute(2 + i), Added: i, Failed: 1, Withdrawn: 2, Problem: "no answer",
			Kind: briefs.SourceFeed, Title: "Tides", Next: minute(60),
		}
	}
	folder := briefs.Fetch{Source: "./papers", Collection: "papers", At: minute(1), Succeeded: minute(1), Added: 1}
	for _, c := range []struct {
		s    briefs.Scope
		want []briefs.Fetch
	}{
		{briefs.Everything(), []briefs.Fetch{folder, feed("else", 1), feed("papers", 0)}},
		{briefs.Only("papers"), []briefs.Fetch{folder, feed("papers", 0)}},
		{briefs.Only("else"), []briefs.Fetch{feed("else", 1)}},
		{briefs.Only("never"), nil},
	} {
		got, err := lib.Fetches(ctx, c.s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("fetches (-want +got):\n%s", diff)
		}
	}
}
