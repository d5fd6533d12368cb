// Package summary gathers what a library says about a topic into a brief:
// verbatim sentences under fixed headings, each with its source.
//
// It finds passages by asking (briefs/ask), weighs their sentences by what
// the topic and the other sentences hold, and takes those that together cover
// the most, never two that say nearly the same. Nothing is drawn by chance and
// the clock is not read: the same request on the same library gives the same
// brief. It stores nothing.
package summary

import (
	"context"
	"log/slog"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// Library is what a brief needs of a library. Implementations are safe for
// concurrent use.
type Library interface {
	ask.Library
	// Documents lists what l asks for, in the order of ids.
	Documents(ctx context.Context, l briefs.Listing) ([]briefs.Listed, error)
	// Collections lists the collections in s that hold a searchable document.
	Collections(ctx context.Context, s briefs.Scope) ([]briefs.CollectionCount, error)
}

// Summarizer makes briefs from one library. It is safe for concurrent use.
type Summarizer struct {
	log   *slog.Logger
	lib   Library
	asker *ask.Asker

	queries map[string]Query
}

// New returns a Summarizer over lib.
func New(log *slog.Logger, lib Library) *Summarizer {
	return &Summarizer{log: log, lib: lib, asker: ask.New(log, lib)}
}

// DefaultWords is how many words a brief quotes when none are named: some
// two minutes of reading.
const DefaultWords = 450

// Request is one topic and what to tell of it.
type Request struct {
	Topic    string // words, "collection:NAME" or "query:NAME"
	Scope    briefs.Scope
	From, To briefs.Date // publication window, inclusive; empty is open
	// Since is when the room was told last: what was first seen in the library
	// at or after it is new, and what was corrected then is said. Zero leaves
	// both out.
	Since time.Time
	// Earlier are the briefs posted to the room before: nothing that they quote
	// is new, and those of their documents that are gone are said.
	Earlier  []briefs.Brief
	Words    int                  // at most so many are quoted; 0 is DefaultWords
	Sections []briefs.SectionKind // only these; none is all
	Gaps     []briefs.Gap         // those of the room
}

// Brief makes the brief that r asks for. One without sections says that the
// library has nothing on the topic. It returns ErrInvalid for a blank topic,
// negative words, fewer than any sentence on the topic has, or a malformed
// date, and ErrNotFound for a collection or query that r.Scope does not see or
// that is not there.
func (s *Summarizer) Brief(ctx context.Context, r Request) (briefs.Brief, error) {
	w, err := s.prepare(ctx, r)
	if err != nil {
		return briefs.Brief{}, err
	}
	if err := w.compose(ctx); err != nil {
		return briefs.Brief{}, err
	}
	if err := w.tooFewWords(); err != nil {
		return briefs.Brief{}, err
	}
	b, err := w.brief()
	s.log.DebugContext(ctx, "brief made", "passages", w.pool.passages, "sentences", len(w.pool.sentences), "sections", len(b.Sections), "sources", len(b.Sources))
	return b, err
}
