package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/text"
	"briefdesk/store"
)

// Reindexed checks Reindex. open returns a new empty backend and closes it with
// t.Cleanup; outdate makes all that it holds look as if an older version had
// indexed it.
func Reindexed(t *testing.T, open func(t *testing.T) store.Backend, outdate func(t *testing.T, lib store.Backend)) {
	t.Run("nothing to do", func(t *testing.T) {
		lib := open(t)
		reindexStep(t, lib, 10, 0)
		put(t, lib, Document("a", "Nothing here is old."), Document("b", "Nor here."))
		reindexStep(t, lib, 10, 0)
	})
	t.Run("as a library made anew", func(t *testing.T) { reindexedAsNew(t, open, outdate) })
	t.Run("broken off", func(t *testing.T) { reindexBrokenOff(t, open(t), outdate) })
	t.Run("changed meanwhile", func(t *testing.T) { reindexChanged(t, open(t), outdate) })
}

// older makes of d what another version would have indexed: a passage a
// sentence, of other terms.
func older(d briefs.Document) briefs.Document {
	whole := d.Passages
	d.Passages, d.Acronyms = nil, []briefs.Acronym{{Short: "OLD", Long: "Only Long Dead", ShortTerms: "old", LongTerms: "only long dead"}}
	for _, p := range whole {
		for i := range p.Sentences {
			one := p
			one.ID = briefs.PassageID(fmt.Sprintf("%s/%06d", d.ID, len(d.Passages)))
			one.Sentences, one.Span, one.Terms = p.Sentences[i:i+1], p.Sentences[i], []string{"old" + strings.ReplaceAll(p.Terms[i], " ", " old")}
			one.TitleTerms = "old" + strings.ReplaceAll(p.TitleTerms, " ", " old")
			d.Passages = append(d.Passages, one)
		}
	}
	return d
}

// reindexStep takes one step, which is to look at want documents.
func reindexStep(t *testing.T, lib store.Backend, most, want int) {
	t.Helper()
	done, err := lib.Reindex(context.Background(), most, structure.Index)
	if err != nil || done != want {
		t.Fatalf("Reindex looked at %d documents, %v; want %d", done, err, want)
	}
}

func outdatedLeft(t *testing.T, lib store.Backend, want int) {
	t.Helper()
	stats, err := lib.Stats(context.Background())
	if err != nil || stats.Outdated != want {
		t.Errorf("%d documents are outdated, %v; want %d", stats.Outdated, err, want)
	}
}

// stock fills a library with documents of all conditions, through version.
func stock(t *testing.T, lib store.Backend, version func(briefs.Document) briefs.Document) {
	t.Helper()
	ctx := context.Background()
	docs := numbered(9, func(i int) string {
		return fmt.Sprintf("The harbour master of the Port Authority (PA) counted %d ships in May. He wrote them down.", i)
	})
	docs = append(docs, printed("copy1", "First Review", "2031-02-01", column...), printed("copy2", "Second Review", "2031-02-03", withStandfirst()...),
		Document("revised", "The first text of two."), Document("revised", "The second text of two, which tells of ships."))
	for i := range docs {
		docs[i] = version(docs[i])
	}
	put(t, lib, docs...)
	title, author := "Ships of the northern ports", "Eva Edited"
	if err := lib.EditDocument(ctx, "n002", briefs.Edit{Title: &title, Author: &author}); err != nil {
		t.Fatal(err)
	}
	for id, purge := range map[briefs.DocumentID]bool{"n003": false, "n004": true} {
		if err := lib.RemoveDocument(ctx, id, purge); err != nil {
			t.Fatal(err)
		}
	}
}

func reindexedAsNew(t *testing.T, open func(t *testing.T) store.Backend, outdate func(t *testing.T, lib store.Backend)) {
	lib, fresh := open(t), open(t)
	stock(t, lib, older)
	outdate(t, lib)
	stock(t, fresh, func(d briefs.Document) briefs.Document { return d })
	equal(t, "found under the older terms", find(t, lib, raw("oldkeeper")), "copy1")
	outdatedLeft(t, lib, 11)
	for left := 11; left > 0; left -= min(left, 4) {
		outdatedLeft(t, lib, left)
		reindexStep(t, lib, 4, min(left, 4))
		sound(t, lib)
	}
	outdatedLeft(t, lib, 0)
	reindexStep(t, lib, 4, 0)
	equal(t, "found under the older terms", find(t, lib, raw("oldkeeper")), "")
	alikeLibraries(t, lib, fresh)
}

// alikeLibraries fails the test unless both hold and find the same.
func alikeLibraries(t *testing.T, got, want store.Backend) {
	t.Helper()
	ctx := context.Background()
	exported := func(lib store.Backend) (all []briefs.Document) {
		if err := lib.Export(ctx, briefs.Everything(), func(d briefs.Document) error { all = append(all, d); return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if diff := cmp.Diff(exported(want), exported(got)); diff != "" {
		t.Errorf("exported (-want +got):\n%s", diff)
	}
	for _, q := range []briefs.Query{query("harbour", "ships"), query("ships of the northern ports"), query("lamps"), query("invented"), query("edited"), query("text", "May"), raw("n003")} {
		hits := [2][]briefs.Hit{}
		for i, lib := range []store.Backend{want, got} {
			var err error
			if hits[i], err = lib.Search(ctx, q); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(hits[0], hits[1], cmpopts.IgnoreFields(briefs.Hit{}, "Score")); diff != "" {
			t.Errorf("found for %v (-want +got):\n%s", q.Terms, diff)
		}
	}
	terms := strings.Fields(text.Terms("harbour ships lamps keepers port authority old invented edited"))
	df := [2][]int{}
	passages := [2]int{}
	acronyms := [2][]briefs.Acronym{}
	for i, lib := range []store.Backend{want, got} {
		var err error
		if df[i], passages[i], err = lib.DocFreq(ctx, briefs.Everything(), terms); err != nil {
			t.Fatal(err)
		}
		if acronyms[i], err = lib.Acronyms(ctx, briefs.Everything(), []string{"pa", "old"}); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "passages", passages[1], passages[0])
	if diff := cmp.Diff(df[0], df[1]); diff != "" {
		t.Errorf("passages with %q (-want +got):\n%s", terms, diff)
	}
	if diff := cmp.Diff(acronyms[0], acronyms[1]); diff != "" || len(acronyms[0]) != 1 {
		t.Errorf("acronyms (-want +got):\n%s", diff)
	}
}

// reindexBrokenOff ends a step in the middle: nothing of it is stored, and the
// next one does it all.
func reindexBrokenOff(t *testing.T, lib store.Backend, outdate func(t *testing.T, lib store.Backend)) {
	stock(t, lib, older)
	outdate(t, lib)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	n := 0
	done, err := lib.Reindex(ctx, 6, func(d *briefs.Document) {
		if n++; n == 3 {
			stop()
		}
		structure.Index(d)
	})
	if done != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("Reindex looked at %d documents, %v; want none, and that it was broken off", done, err)
	}
	outdatedLeft(t, lib, 11)
	sound(t, lib)
	reindexStep(t, lib, 6, 6)
	reindexStep(t, lib, 6, 5)
	reindexStep(t, lib, 6, 0)
	sound(t, lib)
}

// reindexChanged changes documents between their being read and stored.
func reindexChanged(t *testing.T, lib store.Backend, outdate func(t *testing.T, lib store.Backend)) {
	ctx := context.Background()
	docs := []briefs.Document{Document("edited", "Ships come in May."), Document("gone", "Ships come in May."), Document("purged", "Ships come in May."), Document("revised", "Ships come in May."), Document("same", "Ships come in May.")}
	for i := range docs {
		docs[i] = older(docs[i])
	}
	put(t, lib, docs...)
	outdate(t, lib)
	title := "Boats"
	_, err := lib.Reindex(ctx, 10, func(d *briefs.Document) {
		structure.Index(d)
		var err error
		switch d.ID {
		case "edited":
			err = lib.EditDocument(ctx, d.ID, briefs.Edit{Title: &title})
		case "gone", "purged":
			err = lib.RemoveDocument(ctx, d.ID, d.ID == "purged")
		case "revised":
			put(t, lib, Document("revised", "Boats come in June."))
		}
		if err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, lib)
	equal(t, "the revised one", open(t, lib, "revised", 0).Revision, 2)
	equal(t, "its text", open(t, lib, "revised", 0).Text, "Boats come in June.")
	equal(t, "the edited title", open(t, lib, "edited", 0).Title, title)
	for range 3 {
		if _, err := lib.Reindex(ctx, 10, structure.Index); err != nil {
			t.Fatal(err)
		}
	}
	outdatedLeft(t, lib, 0)
	sound(t, lib)
	equal(t, "ships in", find(t, lib, query("ships")), "edited same")
	equal(t, "boats in", strings.Join(strings.Fields(find(t, lib, query("boats"))), " "), "edited revised")
	equal(t, "the older terms in", find(t, lib, raw("oldship")), "")
}
