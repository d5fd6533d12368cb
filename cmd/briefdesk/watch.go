package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// watch is a library that counts for the log what a question costs it. The
// log holds ids and counts, never the text of a question or a document.
type watch struct {
	ask.Library
	log     *slog.Logger
	started time.Time

	mu        sync.Mutex
	terms     int // of the widest search
	hits      int // of all searches
	documents int // read
}

// watched returns an asker over lib, and what counts its calls.
func (a *app) watched(lib ask.Library) (*ask.Asker, *watch) {
	w := &watch{Library: lib, log: a.log, started: time.Now()}
	return ask.New(a.log, w), w
}

func (w *watch) Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error) {
	started := time.Now()
	hits, err := w.Library.Search(ctx, q)
	w.mu.Lock()
	w.terms, w.hits = max(w.terms, len(q.Terms)), w.hits+len(hits)
	w.mu.Unlock()
	w.log.LogAttrs(ctx, slog.LevelDebug, "searched", slog.Int("terms", len(q.Terms)), slog.Int("hits", len(hits)),
		slog.Bool("failed", err != nil), milliseconds(time.Since(started)))
	return hits, err
}

func (w *watch) Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error) {
	started := time.Now()
	d, err := w.Library.Document(ctx, id, revision)
	w.mu.Lock()
	w.documents++
	w.mu.Unlock()
	w.log.LogAttrs(ctx, slog.LevelDebug, "document read", slog.String("id", string(id)), slog.Int("revision", d.Revision),
		slog.Int("bytes", len(d.Text)), slog.Bool("failed", err != nil), milliseconds(time.Since(started)))
	return d, err
}

// answered logs one answer.
func (w *watch) answered(ctx context.Context, ans *briefs.Answer) {
	w.done(ctx, "asked", ans.Question, cited(ans.Quotes), slog.String("kind", string(ans.Kind)), slog.String("reason", string(ans.Reason)),
		slog.Int("quotes", len(ans.Quotes)), slog.Int("more", len(ans.More)), slog.Any("near", cited(ans.Near)))
}

// found logs one search.
func (w *watch) found(ctx context.Context, query string, hits []briefs.Hit) {
	chosen := idSet{}
	for _, h := range hits {
		chosen.add(h.Document)
	}
	w.done(ctx, "search", query, chosen.ids)
}

func (w *watch) done(ctx context.Context, what, question string, chosen []string, more ...slog.Attr) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log.LogAttrs(ctx, slog.LevelInfo, what, append([]slog.Attr{
		slog.Int("question_bytes", len(question)), slog.Int("terms", w.terms), slog.Int("hits", w.hits),
		slog.Int("documents_read", w.documents), slog.Any("chosen", chosen), milliseconds(time.Since(w.started)),
	}, more...)...)
}

// cited are the ids of the documents of citations, each once, in order.
func cited(citations []briefs.Citation) []string {
	set := idSet{}
	for _, c := range citations {
		set.add(c.Quote.Document().ID)
	}
	return set.ids
}

// idSet keeps ids in order, each once.
type idSet struct{ ids []string }

func (s *idSet) add(id briefs.DocumentID) {
	if !slices.Contains(s.ids, string(id)) {
		s.ids = append(s.ids, string(id))
	}
}

func milliseconds(d time.Duration) slog.Attr {
	return slog.Float64("ms", float64(d.Microseconds())/1000)
}
