package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/ingest"
	"briefdesk/store/sqlite"
)

// engine is one index under test.
type engine interface {
	// Add adds n passages of the data in dir; they are durable when it returns.
	Add(ctx context.Context, dir string, n int) error
	// Search returns the ids of the best ten, best first.
	Search(ctx context.Context, q question) (ids []string, err error)
	Process() int // the one whose memory counts
	CPU() float64 // seconds that it has taken so far
	Close() error
}

// engineNames are those that there are: all but bleve-en seek the terms that
// briefdesk makes of passages and questions; bleve-en has an analyser of its
// own.
var engineNames = []string{"briefdesk", "fts5", "bleve", "bleve-en", "xapian"}

// openEngine opens the index of an engine in the folder at, and makes it where
// there is none. dir is where the program of Xapian is.
func openEngine(ctx context.Context, name, dir, at string) (engine, error) {
	switch name {
	case "briefdesk":
		return openBriefdesk(ctx, at)
	case "fts5":
		return openFTS5(ctx, at)
	case "bleve", "bleve-en":
		return openBleve(at, name == "bleve-en")
	case "xapian":
		return openXapian(ctx, dir, at)
	}
	return nil, fmt.Errorf("engine %q: there are %v", name, engineNames)
}

// briefdesk is the product: each document read, split, analysed and stored.
type briefdesk struct {
	log   *slog.Logger
	lib   *sqlite.Library
	asker *ask.Asker
	scope briefs.Scope
	pause time.Duration // the longest of adding
}

func openBriefdesk(ctx context.Context, at string) (*briefdesk, error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	lib, err := sqlite.Open(ctx, log, libraryFile(at), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	return &briefdesk{log: log, lib: lib, asker: ask.New(log, lib), scope: briefs.Everything()}, nil
}

func libraryFile(at string) string { return filepath.Join(at, "library.db") }

func (b *briefdesk) Add(ctx context.Context, dir string, n int) error {
	w := &watched{lib: b.lib, last: time.Now()}
	report, err := ingest.New(b.log, w, ingest.Options{}).Add(ctx, passagesFile(dir, n))
	b.pause = w.longest
	if report.Failed > 0 {
		b.log.Warn("some passages were left out", "passages", report.Failed, "the first", report.Problems[0].Err)
	}
	return err
}

// watched is a library that notes the longest time in which nothing was added.
type watched struct {
	lib     *sqlite.Library
	last    time.Time
	longest time.Duration
}

func (w *watched) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	stored, err := w.lib.PutDocuments(ctx, batch)
	now := time.Now()
	w.longest, w.last = max(w.longest, now.Sub(w.last)), now
	return stored, err
}

func (b *briefdesk) Search(ctx context.Context, q question) ([]string, error) {
	return b.best(ctx, q, 10)
}

func (b *briefdesk) best(ctx context.Context, q question, limit int) ([]string, error) {
	query := briefs.Query{Scope: b.scope, Limit: limit}
	for i := range q.Terms {
		query.Terms = append(query.Terms, briefs.Term{Forms: q.Terms[i : i+1], Weight: 1})
	}
	hits, err := b.lib.Search(ctx, query)
	ids := make([]string, len(hits))
	for i := range hits {
		ids[i] = string(hits[i].ID)
	}
	return ids, err
}

// in is b seeing only the passages of collection.
func (b *briefdesk) in(collection string) *briefdesk {
	in := *b
	in.scope = briefs.Only(collection)
	return &in
}

func (b *briefdesk) Ask(ctx context.Context, q question) (answered bool, err error) {
	a, err := b.asker.Ask(ctx, ask.Request{Question: q.Text, Scope: b.scope})
	return a.Answered(), err
}

func (b *briefdesk) Process() int { return os.Getpid() }
func (b *briefdesk) CPU() float64 { return ownCPU() }
func (b *briefdesk) Close() error { return b.lib.Close() }
