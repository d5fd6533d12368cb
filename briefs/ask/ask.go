// Package ask answers questions: it parses the question, searches the
// library, ranks passages, and selects verbatim sentences or abstains.
package ask

import (
	"context"
	"log/slog"

	"briefdesk/briefs"
)

// Library is what asking needs of a library. Implementations are safe for
// concurrent use.
type Library interface {
	// Search returns at most q.Limit hits, best first, ties by PassageID.
	// Only the order of Score is promised, never its size.
	Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error)
	// DocFreq returns for each term how many passages hold it, and how many
	// passages there are.
	DocFreq(ctx context.Context, terms []string) (df []int, passages int, err error)
	// Acronyms returns the pairs defined in documents that s sees whose short
	// or long form is one of terms (index terms, joined by spaces).
	Acronyms(ctx context.Context, s briefs.Scope, terms []string) ([]briefs.Acronym, error)
	// Document returns one revision with text and structure; 0 is the
	// current one. It returns ErrNotFound.
	Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
}

// Asker answers questions from one library. It is safe for concurrent use.
type Asker struct {
	log *slog.Logger
	lib Library
}

// New returns an Asker over lib.
func New(log *slog.Logger, lib Library) *Asker { return &Asker{log: log, lib: lib} }

// Request is one question.
type Request struct {
	Question string
	Scope    briefs.Scope
	From, To briefs.Date // publication window, inclusive; empty is open
	After    *Previous   // what this question follows up on; nil for a fresh one
}

// Previous is the part of an earlier answer that a follow-up builds on.
type Previous struct {
	Question  string
	Documents []briefs.DocumentID // those quoted, in order
}

// Ask answers r or abstains. It returns ErrInvalid for an empty question.
func (a *Asker) Ask(ctx context.Context, r Request) (briefs.Answer, error) {
	return briefs.Answer{Question: r.Question, Reason: briefs.NoHits}, nil
}

// Search returns at most limit passages for a question, best first.
func (a *Asker) Search(ctx context.Context, question string, s briefs.Scope, limit int) ([]briefs.Hit, error) {
	return nil, nil
}
