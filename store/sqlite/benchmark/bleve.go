package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	index "github.com/blevesearch/bleve_index_api"
)

// bleveBatch is how many documents a batch has. Batches of 2000 and 4000 are
// no faster beyond the noise and take up to three times the memory.
const bleveBatch = 1000

// peer is Bleve on disk, ranking by BM25. Either it has its English analyser
// and defaults, so that title and text are indexed with positions, also
// together, and stored; or it has the terms of briefdesk, in one field with
// positions and nothing stored.
type peer struct {
	index   bleve.Index
	english bool
}

func openBleve(at string, english bool) (*peer, error) {
	path := filepath.Join(at, "bleve")
	opened, err := bleve.Open(path)
	if errors.Is(err, bleve.ErrorIndexPathDoesNotExist) {
		m := bleve.NewIndexMapping()
		m.ScoringModel = index.BM25Scoring
		if english {
			m.DefaultAnalyzer = en.AnalyzerName
		} else {
			if err := m.AddCustomAnalyzer("terms", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
				return nil, err
			}
			m.DefaultAnalyzer = "terms"
			field := bleve.NewTextFieldMapping()
			field.Store, field.IncludeInAll, field.DocValues = false, false, false
			m.DefaultMapping = bleve.NewDocumentStaticMapping()
			m.DefaultMapping.AddFieldMappingsAt("terms", field)
			m.DefaultField = "terms"
		}
		opened, err = bleve.New(path, m)
	}
	if err != nil {
		return nil, err
	}
	return &peer{opened, english}, nil
}

// Add stores batches; Bleve returns from each when it is on disk.
func (p *peer) Add(_ context.Context, dir string, n int) error {
	batch := p.index.NewBatch()
	flush := func() error {
		err := p.index.Batch(batch)
		batch.Reset()
		return err
	}
	put := func(id string, d map[string]string) error {
		if err := batch.Index(id, d); err != nil || batch.Size() < bleveBatch {
			return err
		}
		return flush()
	}
	var err error
	if p.english {
		err = eachPassage(passagesFile(dir, n), func(d passage) error {
			return put(d.ID, map[string]string{"title": d.Title, "text": d.Text})
		})
	} else {
		err = eachTerms(termsFile(dir, n), func(t terms) error {
			return put(t.id, map[string]string{"terms": strings.Join([]string{t.title, t.heading, t.byline, t.body}, " ")})
		})
	}
	return errors.Join(err, flush())
}

func (p *peer) Search(ctx context.Context, q question) (ids []string, err error) {
	words := q.Words
	if !p.english {
		words = strings.Join(q.Terms, " ")
	}
	r, err := p.index.SearchInContext(ctx, bleve.NewSearchRequestOptions(bleve.NewMatchQuery(words), 10, 0, false))
	if err != nil {
		return nil, err
	}
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return ids, nil
}

func (p *peer) Process() int { return os.Getpid() }
func (p *peer) CPU() float64 { return ownCPU() }
func (p *peer) Close() error { return p.index.Close() }
