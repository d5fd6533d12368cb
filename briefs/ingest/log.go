package ingest

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"briefdesk/briefs"
)

// The log names sources and ids and counts, and never holds text: errors can
// quote a line, so that of a refused source only its kind is told.

// logStored tells what came of one document.
func (s *storer) logStored(ctx context.Context, from origin, d *briefs.Document, st briefs.Stored) {
	s.in.log.LogAttrs(ctx, slog.LevelInfo, "stored", from.attr(), slog.String("id", string(st.ID)), slog.Int("revision", st.Revision),
		slog.String("outcome", string(st.Outcome)), slog.Int("passages", len(d.Passages)), slog.Int("bytes", len(d.Text)), milliseconds(from.took))
}

// logRefused tells that a source, or a line of it, was not added.
func (s *storer) logRefused(p Problem) {
	s.in.log.LogAttrs(context.Background(), slog.LevelInfo, "refused", origin{source: p.Source, line: p.Line}.attr(), slog.String("kind", kind(p.Err)))
}

func (s *storer) logBatch(ctx context.Context, documents int, took time.Duration) {
	s.in.log.LogAttrs(ctx, slog.LevelDebug, "batch stored", slog.Int("documents", documents), milliseconds(took))
}

func (o origin) attr() slog.Attr { return slog.String("source", o.String()) }

func milliseconds(d time.Duration) slog.Attr {
	return slog.Float64("ms", float64(d.Microseconds())/1000)
}

func kind(err error) string {
	for _, k := range []error{briefs.ErrNotFound, briefs.ErrInvalid, briefs.ErrConflict, briefs.ErrUnavailable, briefs.ErrDamaged} {
		if errors.Is(err, k) {
			return k.Error()
		}
	}
	return "other"
}
