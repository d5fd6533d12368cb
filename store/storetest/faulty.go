package storetest

import (
	"context"

	"briefdesk/briefs"
	"briefdesk/store"
)

// Faulty is a backend whose calls fail when Fault says so, for the error
// paths of its users.
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
func (f *Faulty) DocFreq(ctx context.Context, terms []string) ([]int, int, error) {
	if err := f.Fault("DocFreq"); err != nil {
		return nil, 0, err
	}
	return f.Backend.DocFreq(ctx, terms)
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

// Documents fails or lists.
func (f *Faulty) Documents(ctx context.Context, l briefs.Listing) ([]briefs.Listed, error) {
	if err := f.Fault("Documents"); err != nil {
		return nil, err
	}
	return f.Backend.Documents(ctx, l)
}

// Collections fails or lists.
func (f *Faulty) Collections(ctx context.Context, s briefs.Scope) ([]briefs.CollectionCount, error) {
	if err := f.Fault("Collections"); err != nil {
		return nil, err
	}
	return f.Backend.Collections(ctx, s)
}

// EditDocument fails or edits.
func (f *Faulty) EditDocument(ctx context.Context, id briefs.DocumentID, e briefs.Edit) error {
	if err := f.Fault("EditDocument"); err != nil {
		return err
	}
	return f.Backend.EditDocument(ctx, id, e)
}

// RemoveDocument fails or removes.
func (f *Faulty) RemoveDocument(ctx context.Context, id briefs.DocumentID, purge bool) error {
	if err := f.Fault("RemoveDocument"); err != nil {
		return err
	}
	return f.Backend.RemoveDocument(ctx, id, purge)
}

// Export fails or exports.
func (f *Faulty) Export(ctx context.Context, s briefs.Scope, fn func(briefs.Document) error) error {
	if err := f.Fault("Export"); err != nil {
		return err
	}
	return f.Backend.Export(ctx, s, fn)
}

// RecordGap fails or records.
func (f *Faulty) RecordGap(ctx context.Context, g briefs.Gap) error {
	if err := f.Fault("RecordGap"); err != nil {
		return err
	}
	return f.Backend.RecordGap(ctx, g)
}

// Gaps fails or lists.
func (f *Faulty) Gaps(ctx context.Context, rooms ...string) ([]briefs.Gap, error) {
	if err := f.Fault("Gaps"); err != nil {
		return nil, err
	}
	return f.Backend.Gaps(ctx, rooms...)
}

// ClearGap fails or clears.
func (f *Faulty) ClearGap(ctx context.Context, question, room string) error {
	if err := f.Fault("ClearGap"); err != nil {
		return err
	}
	return f.Backend.ClearGap(ctx, question, room)
}

// Check fails or checks.
func (f *Faulty) Check(ctx context.Context) ([]string, error) {
	if err := f.Fault("Check"); err != nil {
		return nil, err
	}
	return f.Backend.Check(ctx)
}

// Backup fails or copies.
func (f *Faulty) Backup(ctx context.Context, path string) error {
	if err := f.Fault("Backup"); err != nil {
		return err
	}
	return f.Backend.Backup(ctx, path)
}

// Stats fails or counts.
func (f *Faulty) Stats(ctx context.Context) (briefs.LibraryStats, error) {
	if err := f.Fault("Stats"); err != nil {
		return briefs.LibraryStats{}, err
	}
	return f.Backend.Stats(ctx)
}
