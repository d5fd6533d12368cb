package storetest

import (
	"context"

	"briefdesk/briefs"
	"briefdesk/store"
)

// Faulty is a backend whose calls for adding, for asking, and for all that
// becomes of questions from rooms, fail when Fault says so: for the error paths
// of those who add, ask and answer.
type Faulty struct {
	store.Backend
	// Fault is asked before each call with the name of the method; what it
	// returns, unless nil, is returned by the method. It must be safe for
	// concurrent use where the backend is used so.
	Fault func(method string) error
}

var _ store.Backend = (*Faulty)(nil)

// PutDocuments stores nothing when it fails.
func (f *Faulty) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	if err := f.Fault("PutDocuments"); err != nil {
		return nil, err
	}
	return f.Backend.PutDocuments(ctx, batch)
}

// Search fails or searches.
func (f *Faulty) Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error) {
	if err := f.Fault("Search"); err != nil {
		return nil, err
	}
	return f.Backend.Search(ctx, q)
}

// DocFreq fails or counts.
func (f *Faulty) DocFreq(ctx context.Context, s briefs.Scope, terms []string) ([]int, int, error) {
	if err := f.Fault("DocFreq"); err != nil {
		return nil, 0, err
	}
	return f.Backend.DocFreq(ctx, s, terms)
}

// Acronyms fails or looks up.
func (f *Faulty) Acronyms(ctx context.Context, s briefs.Scope, terms []string) ([]briefs.Acronym, error) {
	if err := f.Fault("Acronyms"); err != nil {
		return nil, err
	}
	return f.Backend.Acronyms(ctx, s, terms)
}

// Document fails or opens.
func (f *Faulty) Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error) {
	if err := f.Fault("Document"); err != nil {
		return briefs.Document{}, err
	}
	return f.Backend.Document(ctx, id, revision)
}
