package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

// What is followed is listed with its state and when it is read next; what
// failed and how to mend it, and what was withdrawn, is for the operator.
func TestFollowedSources(t *testing.T) {
	day := time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)
	source := func(kind briefs.SourceKind, address, collection string) briefs.Source {
		return briefs.Source{Kind: kind, Address: address, Collection: collection}
	}
	followed := []briefs.Source{
		source(briefs.SourceFeed, "https://feed.example/rss?key=private", "many"), source(briefs.SourcePath, "/home/ana/papers", "many"),
		source(briefs.SourceSitemap, "https://new.example/sitemap.xml", "many"), source(briefs.SourcePage, "https://few.example/page", "few"),
	}
	d := newDesk(t, manyDocuments(3), func(_ *desk, o *Options) { o.Followed = followed })
	d.rooms["web:ana"] = briefs.Only("many")
	read := func(s briefs.Source, change func(*briefs.SourceState), items ...briefs.SourceItem) {
		t.Helper()
		ctx := context.Background()
		c, ok, err := d.lib.ClaimSource(ctx, s, "test", day, time.Minute)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := d.lib.SaveListing(ctx, c, items); err != nil {
			t.Fatal(err)
		}
		c.Read, c.Next = day, day.Add(time.Hour)
		change(&c.SourceState)
		if err := d.lib.ReleaseSource(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.lib.RemoveDocument(t.Context(), "d/001", false); err != nil {
		t.Fatal(err)
	}
	read(followed[0], func(s *briefs.SourceState) {
		s.As, s.Title, s.Failures, s.Succeeded = briefs.SourceFeed, "The Invented Review", 3, day.Add(-time.Hour)
		s.Problem = "https://feed.example/rss?key=private: 503: try later"
	})
	read(followed[1], func(s *briefs.SourceState) { s.Succeeded, s.Added, s.Withdrawn, s.Failed = day, 2, 1, 1 },
		briefs.SourceItem{Name: "/home/ana/papers/x.txt", Address: "/home/ana/papers/x.txt", Document: "d/001", Title: "Paper 001", Gone: true, Missing: day},
		briefs.SourceItem{Name: "/home/ana/papers/y.pdf", Address: "/home/ana/papers/y.pdf", Failures: 1, Problem: "set aside"})
	read(followed[3], func(s *briefs.SourceState) { s.Succeeded, s.Gone = day, day })
	read(source(briefs.SourcePage, "https://once.example/page", "many"), func(s *briefs.SourceState) { s.Succeeded, s.Unchanged = day, 1 })

	_, sources, _ := strings.Cut(textOf(d.page(t, 200, root, "/library")), "Where they come from")
	golden(t, "sources/followed-operator.txt", sources)
	page := d.page(t, 200, "ana", "/library")
	_, sources, _ = strings.Cut(textOf(page), "Where they come from")
	golden(t, "sources/followed-reader.txt", sources)
	for _, hidden := range []string{"private", "/home", "503", "set aside", "few.example", "x.txt", "Withdrawn"} {
		if strings.Contains(page, hidden) {
			t.Errorf("a reader is told %q", hidden)
		}
	}
}
