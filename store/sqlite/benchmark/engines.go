package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/ingest"
	"briefdesk/store/sqlite"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
)

// engine is one index under test.
type engine interface {
	// Add adds all passages of the file; they are durable when it returns.
	Add(ctx context.Context, path string) error
	// Search seeks the best ten.
	Search(ctx context.Context, question string) (hits int, err error)
	Close() error
}

// openEngine opens the index of an engine in dir, and makes it where there is
// none.
func openEngine(ctx context.Context, name, dir string, batch int) (engine, error) {
	switch name {
	case "briefdesk":
		log := slog.New(slog.DiscardHandler)
		lib, err := sqlite.Open(ctx, log, filepath.Join(dir, "library.db"), sqlite.Options{})
		if err != nil {
			return nil, err
		}
		return &briefdesk{log, lib, ask.New(log, lib)}, nil
	case "bleve":
		path := filepath.Join(dir, "bleve")
		index, err := bleve.Open(path)
		if errors.Is(err, bleve.ErrorIndexPathDoesNotExist) {
			m := bleve.NewIndexMapping()
			m.DefaultAnalyzer = en.AnalyzerName
			index, err = bleve.New(path, m)
		}
		if err != nil {
			return nil, err
		}
		return &peer{index, batch}, nil
	}
	return nil, fmt.Errorf("engine %q: there are briefdesk and bleve", name)
}

// briefdesk is the product: each document read, split, analysed and stored.
type briefdesk struct {
	log   *slog.Logger
	lib   *sqlite.Library
	asker *ask.Asker
}

func (b *briefdesk) Add(ctx context.Context, path string) error {
	report, err := ingest.New(b.log, b.lib, ingest.Options{}).Add(ctx, path)
	if err == nil && report.Failed > 0 {
		err = fmt.Errorf("%d problems, the first: %w", report.Failed, report.Problems[0].Err)
	}
	return err
}

func (b *briefdesk) Search(ctx context.Context, question string) (int, error) {
	hits, err := b.asker.Search(ctx, question, briefs.Everything(), 10)
	return len(hits), err
}

func (b *briefdesk) Ask(ctx context.Context, question string) (answered bool, err error) {
	a, err := b.asker.Ask(ctx, ask.Request{Question: question, Scope: briefs.Everything()})
	return a.Answered(), err
}

func (b *briefdesk) Close() error { return b.lib.Close() }

// peer is Bleve with its English analyser, else its defaults, on disk: title
// and text are indexed with positions, and stored.
type peer struct {
	index bleve.Index
	batch int // documents
}

// Add stores batches; Bleve returns from each when it is on disk.
func (p *peer) Add(_ context.Context, path string) error {
	batch := p.index.NewBatch()
	flush := func() error {
		err := p.index.Batch(batch)
		batch.Reset()
		return err
	}
	err := eachPassage(path, func(d passage) error {
		if err := batch.Index(d.ID, map[string]string{"title": d.Title, "text": d.Text}); err != nil {
			return err
		}
		if batch.Size() < p.batch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func (p *peer) Search(ctx context.Context, question string) (int, error) {
	r, err := p.index.SearchInContext(ctx, bleve.NewSearchRequestOptions(bleve.NewMatchQuery(question), 10, 0, false))
	if err != nil {
		return 0, err
	}
	return len(r.Hits), nil
}

func (p *peer) Close() error { return p.index.Close() }
