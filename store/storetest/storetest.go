// Package storetest is the suite that every library backend must pass, and a
// backend that fails on demand. Only tests import it.
//
// The suite opens the backend through package store's interface and checks the
// comments there. Ranking is checked where every sound ranking agrees: a
// backend may score as it likes.
package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/text"
	"briefdesk/store"
)

// Run runs the suite. open returns a new empty backend and closes it with
// t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) store.Backend) {
	for _, group := range [][]contract{indexContracts, documentContracts, copyContracts, catalogueContracts, stateContracts, recordContracts, briefingContracts, ledgerContracts, inboxContracts, shownContracts, sourceContracts, concurrencyContracts} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) { c.check(t, open(t)) })
		}
	}
}

type contract struct {
	name  string
	check func(t *testing.T, lib store.Backend)
}

// Morning is a fixed moment for tests.
var Morning = time.Date(2031, 3, 4, 9, 30, 0, 123456000, time.UTC)

// Document makes a document ready to be stored out of paragraphs of text.
func Document(id string, paragraphs ...string) briefs.Document {
	d := briefs.Document{
		ID: briefs.DocumentID(id), Source: "/papers/" + id, Title: "On " + id, Author: "Una Invented", Publisher: "Example Review",
		Published: "2031-02-01", URL: "https://example.org/" + id, Collection: "papers", Added: Morning,
	}
	var b strings.Builder
	for i, p := range paragraphs {
		if i > 0 {
			b.WriteString("\n\n")
		}
		start := b.Len()
		b.WriteString(p)
		d.Blocks = append(d.Blocks, briefs.Block{Role: briefs.RoleParagraph, Span: briefs.Span{Start: start, End: b.Len()}, Body: start})
	}
	d.Text = b.String()
	structure.Analyze(&d)
	return d
}

// with returns d changed and made ready again.
func with(d briefs.Document, change func(*briefs.Document)) briefs.Document {
	change(&d)
	d.Blocks = append([]briefs.Block(nil), d.Blocks...)
	structure.Analyze(&d)
	return d
}

// put stores docs and returns what came of them.
func put(t *testing.T, lib store.Backend, docs ...briefs.Document) []briefs.Stored {
	t.Helper()
	stored, err := lib.PutDocuments(context.Background(), docs)
	if err != nil {
		t.Fatalf("PutDocuments: %v", err)
	}
	return stored
}

// sound fails the test unless the library checks clean.
func sound(t *testing.T, lib store.Backend) {
	t.Helper()
	problems, err := lib.Check(context.Background())
	if err != nil || len(problems) > 0 {
		t.Errorf("Check = %q, %v; want no problem", problems, err)
	}
}

// query seeks any of some words or phrases everywhere.
func query(phrases ...string) briefs.Query {
	for i, p := range phrases {
		phrases[i] = text.Terms(p)
	}
	return raw(phrases...)
}

// raw seeks any of some forms as they are.
func raw(forms ...string) briefs.Query {
	q := briefs.Query{Scope: briefs.Everything(), Limit: 10}
	for _, f := range forms {
		q.Terms = append(q.Terms, briefs.Term{Forms: []string{f}, Weight: 1})
	}
	return q
}

// find returns the documents of the hits, in order, separated by spaces.
func find(t *testing.T, lib store.Backend, q briefs.Query) string {
	t.Helper()
	hits, err := lib.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("Search: %v", err)
	}
	var ids []string
	for _, h := range hits {
		ids = append(ids, string(h.Document))
	}
	return strings.Join(ids, " ")
}

// numbered makes n documents with ids that sort as they are numbered.
func numbered(n int, text func(i int) string) []briefs.Document {
	docs := make([]briefs.Document, n)
	for i := range docs {
		docs[i] = Document(fmt.Sprintf("n%03d", i), text(i))
	}
	return docs
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}
