package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"briefdesk/briefs"
	"briefdesk/store"
)

var recordContracts = []contract{
	{"asked/counts up and keeps the latest", askedCounts},
	{"asked/about a quote", askedAbout},
	{"fetches", fetches},
	{"link keys", linkKeys},
	{"link keys/one of two rotations wins", keyRace},
	{"records/find what they found", recordsChangeNothing},
}

// minutes is so long after Morning.
func minutes(n int) time.Time { return Morning.Add(time.Duration(n) * time.Minute) }

// ref is a span of document id.
func ref(id string, revision, start, end int) briefs.Ref {
	return briefs.Ref{Document: briefs.DocumentID(id), Revision: revision, Span: briefs.Span{Start: start, End: end}}
}

func record(t *testing.T, lib store.Backend, all ...briefs.Asked) {
	t.Helper()
	for _, q := range all {
		if err := lib.RecordAsked(context.Background(), q); err != nil {
			t.Fatal(err)
		}
	}
}

func sameAsked(t *testing.T, what string, got []briefs.Asked, err error, want ...briefs.Asked) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func askedCounts(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("d", "Gulls shout because they are hungry."), Document("e", "Gulls shout at night."))
	full, first, night := ref("d", 1, 0, 36), ref("d", 1, 0, 5), ref("e", 1, 0, 21)
	record(
		t, lib,
		briefs.Asked{Question: "Why do  gulls shout?", Room: "console:a", Last: minutes(0), Reason: briefs.NoHits, Quotes: []briefs.Ref{full}},
		briefs.Asked{Question: "why do gulls shout", Room: "console:a", Last: minutes(5), Quotes: []briefs.Ref{night, full, night}},
		briefs.Asked{Question: "Why do gulls shout!", Room: "console:a", Last: minutes(3), Quotes: []briefs.Ref{first}}, // told late
		briefs.Asked{Question: "WHY do gulls shout?", Room: "console:a", Last: minutes(7), Reason: briefs.NoSentence, Quotes: []briefs.Ref{first}},
		briefs.Asked{Question: "Why do gulls shout?", Room: "console:b", Last: minutes(6), Quotes: []briefs.Ref{
			full, ref("none", 1, 0, 5), ref("d", 2, 0, 5), ref("d", 1, 5, 5), ref("d", 1, -1, 5), ref("d", 1, 0, 37), first,
		}},
		briefs.Asked{Question: "Who feeds them?", Last: minutes(9), First: minutes(1), Count: 7},
	)
	a := briefs.Asked{Question: "WHY do gulls shout?", Room: "console:a", Reason: briefs.NoSentence, First: minutes(0), Last: minutes(7), Count: 4, Quotes: []briefs.Ref{night, full}}
	b := briefs.Asked{Question: "Why do gulls shout?", Room: "console:b", First: minutes(6), Last: minutes(6), Count: 1, Quotes: []briefs.Ref{full, first}}
	c := briefs.Asked{Question: "Who feeds them?", First: minutes(9), Last: minutes(9), Count: 1}
	check := func(limit int, rooms []string, want ...briefs.Asked) {
		t.Helper()
		got, err := lib.Asked(ctx, limit, rooms...)
		sameAsked(t, fmt.Sprintf("asked of %q, at most %d", rooms, limit), got, err, want...)
	}
	check(10, nil, c, a, b)
	check(2, nil, c, a)
	check(0, nil)
	check(-1, nil)
	check(10, []string{"console:b"}, b)
	check(10, []string{"console:a", ""}, c, a)
	check(1, []string{"console:a", ""}, c)
	check(10, []string{"console:none"})

	stats, err := lib.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "asked", stats.Asked, 6)
	if gaps, err := lib.Gaps(ctx); err != nil || len(gaps) > 0 {
		t.Errorf("gaps %v, %v: a question is no gap by itself", gaps, err)
	}
	for _, none := range []string{"", " ", "?!", "\x00"} {
		if err := lib.RecordAsked(ctx, briefs.Asked{Question: none, Last: minutes(0)}); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("question %q: %v, want ErrInvalid", none, err)
		}
	}
	long := strings.Repeat("é", 100_000) + "\xff"
	record(t, lib, briefs.Asked{Question: long, Room: "\xfflong", Last: minutes(0)})
	kept, err := lib.Asked(ctx, 1, "\uFFFDlong")
	if err != nil || len(kept) != 1 || !strings.HasPrefix(long, kept[0].Question) {
		t.Errorf("a long question is not kept by its beginning (%v)", err)
	}
	sound(t, lib)

	// What is withdrawn was asked and quoted all the same; what is purged was not.
	if err := lib.RemoveDocument(ctx, "d", false); err != nil {
		t.Fatal(err)
	}
	check(10, []string{"console:a"}, a)
	if err := lib.RemoveDocument(ctx, "d", true); err != nil {
		t.Fatal(err)
	}
	a.Quotes, b.Quotes = []briefs.Ref{night}, nil
	check(2, []string{"console:a", "console:b"}, a, b)
	put(t, lib, Document("d", "Gulls shout because they are hungry."))
	check(2, []string{"console:a", "console:b"}, a, b)
	sound(t, lib)
}

func askedAbout(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("d", "One sentence stands here. Another follows."), Document("d", "One sentence stood here. Another follows."))
	early, late := ref("d", 1, 0, 25), ref("d", 2, 0, 24)
	record(
		t, lib,
		briefs.Asked{Question: "what stands?", Room: "a", Last: minutes(1), Quotes: []briefs.Ref{early}},
		briefs.Asked{Question: "what stands?", Room: "a", Last: minutes(2), Quotes: []briefs.Ref{late}},
		briefs.Asked{Question: "what is here?", Room: "b", Last: minutes(3), Quotes: []briefs.Ref{early, late}},
		briefs.Asked{Question: "what is here?", Room: "b", Last: minutes(4), Reason: briefs.NoHits},
	)
	a := briefs.Asked{Question: "what stands?", Room: "a", First: minutes(1), Last: minutes(2), Count: 2, Quotes: []briefs.Ref{late}}
	b := briefs.Asked{Question: "what is here?", Room: "b", Reason: briefs.NoHits, First: minutes(3), Last: minutes(4), Count: 2, Quotes: []briefs.Ref{early, late}}
	for _, c := range []struct {
		r     briefs.Ref
		rooms []string
		want  []briefs.Asked
	}{
		{early, nil, []briefs.Asked{b, a}}, // also before the latest answer
		{late, nil, []briefs.Asked{b, a}},
		{early, []string{"a"}, []briefs.Asked{a}},
		{early, []string{"c"}, nil},
		{ref("d", 1, 0, 24), nil, nil},
		{ref("d", 1, 1, 25), nil, nil},
		{ref("d", 3, 0, 25), nil, nil},
		{ref("x", 1, 0, 25), nil, nil},
	} {
		got, err := lib.AskedAbout(ctx, c.r, c.rooms...)
		sameAsked(t, fmt.Sprintf("about %v of %q", c.r, c.rooms), got, err, c.want...)
	}
	for i := range 120 {
		record(t, lib, briefs.Asked{Question: fmt.Sprint("question ", i), Room: "many", Last: minutes(i), Quotes: []briefs.Ref{early}})
	}
	got, err := lib.AskedAbout(ctx, early, "many")
	if err != nil || len(got) != 100 || got[0].Question != "question 119" {
		t.Errorf("%d of many, %v", len(got), err)
	}
	sound(t, lib)
}

func fetches(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	check := func(s briefs.Scope, want ...briefs.Fetch) {
		t.Helper()
		got, err := lib.Fetches(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("fetches (-want +got):\n%s", diff)
		}
	}
	record := func(f briefs.Fetch) {
		t.Helper()
		if err := lib.RecordFetch(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	check(briefs.Everything())
	feed := briefs.Fetch{Source: "https://example.org/feed", Collection: "tides", At: minutes(1), Added: 3, Revised: 2, Unchanged: 1}
	record(feed)
	feed.Succeeded = minutes(1)
	folder := briefs.Fetch{Source: "./papers", At: minutes(2), Failed: 1, Problem: "bad.html: line one\nline two"}
	record(folder)
	folder.Problem = "bad.html: line one line two"
	check(briefs.Everything(), folder, feed)
	check(briefs.Only("tides"), feed)
	check(briefs.Only(""))
	check(briefs.Only("other"))
	check(briefs.Scope{})

	// A failure keeps when it last went well, and the collection.
	record(briefs.Fetch{Source: feed.Source, At: minutes(5), Failed: 1, Problem: "no answer", Succeeded: minutes(5)})
	failed := briefs.Fetch{Source: feed.Source, Collection: "tides", At: minutes(5), Succeeded: minutes(1), Failed: 1, Problem: "no answer"}
	check(briefs.Only("tides"), failed)
	record(briefs.Fetch{Source: feed.Source, Collection: "tides", At: minutes(4), Added: 9}) // told late
	failed.Succeeded = minutes(4)
	check(briefs.Only("tides"), failed)
	record(briefs.Fetch{Source: feed.Source, Collection: "waves", At: minutes(6), Unchanged: 6})
	check(briefs.Only("tides"))
	check(briefs.Only("waves"), briefs.Fetch{Source: feed.Source, Collection: "waves", At: minutes(6), Succeeded: minutes(6), Unchanged: 6})
	record(briefs.Fetch{Source: feed.Source, At: minutes(7), Unchanged: 6}) // its documents name their own now
	check(briefs.Only("waves"))
	if err := lib.RecordFetch(ctx, briefs.Fetch{At: minutes(1)}); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("nameless source: %v, want ErrInvalid", err)
	}
	sound(t, lib)
}

func linkKeys(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	secret := func(b byte) []byte { return []byte(strings.Repeat(string(rune('a'+b)), 32)) }
	check := func(want ...briefs.LinkKey) {
		t.Helper()
		got, err := lib.LinkKeys(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
	}
	key := func(id int) briefs.LinkKey {
		return briefs.LinkKey{ID: id, Secret: secret(byte(id)), Created: minutes(id)}
	}
	rotate := func(newest int, revoke bool, want error) {
		t.Helper()
		if err := lib.RotateLinkKey(ctx, newest, secret(byte(newest+1)), minutes(newest+1), revoke); !errors.Is(err, want) {
			t.Errorf("rotate after %d: %v, want %v", newest, err, want)
		}
	}
	check()
	rotate(1, false, briefs.ErrConflict)
	rotate(0, false, nil)
	rotate(0, true, briefs.ErrConflict)
	check(key(1))
	rotate(1, false, nil)
	check(key(2), key(1))
	rotate(2, true, nil)
	check(key(3))
	rotate(3, false, nil)
	check(key(4), key(3))
	if err := lib.RotateLinkKey(ctx, 4, make([]byte, 31), Morning, false); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("short secret: %v, want ErrInvalid", err)
	}
	sound(t, lib)
}

func keyRace(t *testing.T, lib store.Backend) {
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = lib.RotateLinkKey(context.Background(), 0, make([]byte, 32), Morning, false) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, briefs.ErrConflict) {
			t.Error(err)
		}
	}
	equal(t, "winners", won, 1)
}

// recordsChangeNothing records everything there is and searches again.
func recordsChangeNothing(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("d", "A lighthouse stands here."))
	before := find(t, lib, query("lighthouse"))
	record(t, lib, briefs.Asked{Question: "lighthouse keepers?", Last: Morning, Quotes: []briefs.Ref{ref("d", 1, 0, 5)}})
	for _, err := range []error{
		lib.RecordFetch(ctx, briefs.Fetch{Source: "lighthouse", At: Morning}),
		lib.RotateLinkKey(ctx, 0, make([]byte, 32), Morning, false),
		lib.RecordBriefing(ctx, briefs.Briefing{ID: "lighthouse"}),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	equal(t, "found", find(t, lib, query("lighthouse")), before)
	listed, err := lib.Documents(ctx, briefs.Listing{Scope: briefs.Everything()})
	if err != nil || len(listed) != 1 {
		t.Errorf("%d documents, %v", len(listed), err)
	}
}
