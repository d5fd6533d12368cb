package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/ingest"
	"briefdesk/store/sqlite"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/klauspost/compress/zstd"
)

// Passage is one line of the set.
type Passage struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
	line  []byte
}

func shared(path ...string) string {
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	return filepath.Join(append([]string{root}, path...)...)
}

func readPassages(n int) ([]Passage, error) {
	f, err := os.Open(shared("data", "scale", "passages-1m.jsonl.zst"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 16<<20)
	var out []Passage
	for len(out) < n && sc.Scan() {
		p := Passage{line: append([]byte(nil), sc.Bytes()...)}
		if err := json.Unmarshal(p.line, &p); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, sc.Err()
}

// readQuestions takes natural questions of two sets in turn.
func readQuestions(n int) ([]string, error) {
	var out []string
	for _, path := range []string{shared("data", "retrieval", "condqa_snippets", "queries.jsonl"), shared("data", "answers", "clapnq", "queries.jsonl")} {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		sc := bufio.NewScanner(f)
		sc.Buffer(nil, 1<<20)
		for i := 0; i < n/2 && sc.Scan(); i++ {
			var q struct{ Text string }
			if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
				f.Close()
				return nil, err
			}
			out = append(out, q.Text)
		}
		f.Close()
	}
	return out, nil
}

// briefdesk is the product: read, split, analysed and stored.
type briefdesk struct {
	lib   *sqlite.Library
	asker *ask.Asker
}

func openBriefdesk(ctx context.Context, path string) (engine, error) {
	log := slog.New(slog.DiscardHandler)
	lib, err := sqlite.Open(ctx, log, path, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	return &briefdesk{lib, ask.New(log, lib)}, nil
}

func (b *briefdesk) Add(ctx context.Context, docs []Passage) error {
	f, err := os.CreateTemp("", "passages-*.jsonl")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriter(f)
	for _, d := range docs {
		w.Write(d.line)
		w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	report, err := ingest.New(slog.New(slog.DiscardHandler), b.lib, ingest.Options{}).Add(ctx, f.Name())
	if err != nil {
		return err
	}
	if len(report.Problems) > 0 {
		return fmt.Errorf("%d problems, the first: %v", len(report.Problems), report.Problems[0])
	}
	return nil
}

func (b *briefdesk) Search(ctx context.Context, question string) error {
	_, err := b.asker.Search(ctx, question, briefs.Everything(), 10)
	return err
}

func (b *briefdesk) Ask(ctx context.Context, question string) (answered bool, err error) {
	ans, err := b.asker.Ask(ctx, ask.Request{Question: question, Scope: briefs.Everything()})
	return ans.Answered(), err
}

func (b *briefdesk) Close() error { return b.lib.Close() }

// peer is Bleve with its English analyser and its defaults, on disk.
type peer struct{ index bleve.Index }

func openBleve(path string) (engine, error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = en.AnalyzerName
	index, err := bleve.New(path, m)
	if err != nil {
		return nil, err
	}
	return &peer{index}, nil
}

// Add stores title and text, as the product does, a thousand documents a
// batch.
func (p *peer) Add(_ context.Context, docs []Passage) error {
	for len(docs) > 0 {
		n := min(1000, len(docs))
		batch := p.index.NewBatch()
		for _, d := range docs[:n] {
			if err := batch.Index(d.ID, map[string]string{"title": d.Title, "text": d.Text}); err != nil {
				return err
			}
		}
		if err := p.index.Batch(batch); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

func (p *peer) Search(_ context.Context, question string) error {
	_, err := p.index.Search(bleve.NewSearchRequestOptions(bleve.NewMatchQuery(question), 10, 0, false))
	return err
}

func (p *peer) Close() error { return p.index.Close() }
