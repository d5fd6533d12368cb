package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/store"
)

func ptr[T any](v T) *T { return &v }

func edit(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	d := Document("e", "Nothing of note.")
	put(t, lib, d)
	err := lib.EditDocument(ctx, "e", briefs.Edit{Title: ptr("Lockkeepers"), Author: ptr("Zed Nobody"), Published: ptr(briefs.Date("1990-05")), Collection: ptr("moved")})
	if err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		got := open(t, lib, "e", 0)
		equal(t, when+": title", got.Title, "Lockkeepers")
		equal(t, when+": author", got.Author, "Zed Nobody")
		equal(t, when+": published", got.Published, "1990-05")
		equal(t, when+": collection", got.Collection, "moved")
		q := query("lockkeepers")
		q.Scope, q.To = briefs.Only("moved"), "1991"
		equal(t, when+": found by its title", find(t, lib, q), "e")
		equal(t, when+": found by its author", find(t, lib, query("nobody", "zed")), "e")
		equal(t, when+": not by the old one", find(t, lib, query("una")), "")
		sound(t, lib)
	}
	check("edited")
	equal(t, "added again", put(t, lib, d)[0].Outcome, briefs.Unchanged)
	check("added again")
	put(t, lib, with(d, func(d *briefs.Document) {
		d.Text = strings.Replace(d.Text, "note", "Nota", 1)
		d.Publisher = "Other House"
	}))
	check("revised")
	equal(t, "a field that was not edited follows", open(t, lib, "e", 0).Publisher, "Other House")

	for name, c := range map[string]struct {
		id   briefs.DocumentID
		e    briefs.Edit
		kind error
	}{
		"missing":             {"none", briefs.Edit{Title: ptr("x")}, briefs.ErrNotFound},
		"bad date":            {"e", briefs.Edit{Published: ptr(briefs.Date("1990-13"))}, briefs.ErrInvalid},
		"broken UTF-8":        {"e", briefs.Edit{Title: ptr("\xff")}, briefs.ErrInvalid},
		"nameless collection": {"e", briefs.Edit{Collection: ptr("")}, briefs.ErrInvalid},
	} {
		if err := lib.EditDocument(ctx, c.id, c.e); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
	check("after refused edits")
}

func remove(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	d := Document("r", "Removable words.", "More removable words.")
	put(t, lib, d, Document("stay", "Words that stay."))
	for range 2 { // to remove it twice is no error
		if err := lib.RemoveDocument(ctx, "r", false); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "search", find(t, lib, query("words")), "stay")
	withdrawn := asRead(d, 1)
	withdrawn.Withdrawn = true
	same(t, withdrawn, open(t, lib, "r", 1)) // old links open
	sound(t, lib)
	equal(t, "added again", put(t, lib, d)[0], briefs.Stored{ID: "r", Revision: 1, Outcome: briefs.Added})
	equal(t, "search", find(t, lib, query("removable")), "r")
	if err := lib.RemoveDocument(ctx, "none", false); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("missing: %v, want ErrNotFound", err)
	}
	sound(t, lib)
}

func purge(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("p", "First wording."), Document("p", "Second wording."), Document("withdrawn", "Third wording."), Document("stay", "Fourth wording."))
	if err := lib.RemoveDocument(ctx, "withdrawn", false); err != nil {
		t.Fatal(err)
	}
	for _, id := range []briefs.DocumentID{"p", "withdrawn"} {
		if err := lib.RemoveDocument(ctx, id, true); err != nil {
			t.Fatal(err)
		}
		for revision := range 3 {
			if _, err := lib.Document(ctx, id, revision); !errors.Is(err, briefs.ErrNotFound) {
				t.Errorf("%s revision %d: %v, want ErrNotFound", id, revision, err)
			}
		}
		if err := lib.RemoveDocument(ctx, id, true); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("purged twice: %v, want ErrNotFound", err)
		}
	}
	equal(t, "search", find(t, lib, query("wording")), "stay")
	stats, err := lib.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "revisions", stats.Revisions, 1)
	equal(t, "withdrawn", stats.Withdrawn, 0)
	sound(t, lib)
	equal(t, "begins anew", put(t, lib, Document("p", "Second wording."))[0], briefs.Stored{ID: "p", Revision: 1, Outcome: briefs.Added})
}
