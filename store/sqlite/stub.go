// Package sqlite keeps a library in one SQLite file.
package sqlite

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"briefdesk/briefs"
)

var errStub = errors.New("not built yet")

type Options struct {
	Now       func() time.Time // the clock; nil is time.Now
	ReadOnly  bool             // open for reading only
	MustExist bool             // do not create a library where there is none: ErrNotFound
}
type Library struct{}
type RestoreOptions struct{ Force bool }

func Open(ctx context.Context, log *slog.Logger, path string, o Options) (*Library, error) {
	return nil, errStub
}
func Restore(ctx context.Context, log *slog.Logger, backup, target string, o RestoreOptions) error {
	return errStub
}
func (l *Library) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	return nil, errStub
}
func (l *Library) Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error) {
	return nil, errStub
}
func (l *Library) DocFreq(ctx context.Context, terms []string) (df []int, passages int, err error) {
	return nil, 0, errStub
}
func (l *Library) Acronyms(ctx context.Context, s briefs.Scope, terms []string) ([]briefs.Acronym, error) {
	return nil, errStub
}
func (l *Library) Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error) {
	return briefs.Document{}, errStub
}
func (l *Library) Documents(ctx context.Context, q briefs.Listing) ([]briefs.Listed, error) {
	return nil, errStub
}
func (l *Library) Collections(ctx context.Context, s briefs.Scope) ([]briefs.CollectionCount, error) {
	return nil, errStub
}
func (l *Library) EditDocument(ctx context.Context, id briefs.DocumentID, e briefs.Edit) error {
	return errStub
}
func (l *Library) RemoveDocument(ctx context.Context, id briefs.DocumentID, purge bool) error {
	return errStub
}
func (l *Library) Export(ctx context.Context, s briefs.Scope, fn func(briefs.Document) error) error {
	return errStub
}
func (l *Library) Check(ctx context.Context) (problems []string, err error) { return nil, errStub }
func (l *Library) Backup(ctx context.Context, path string) error            { return errStub }
func (l *Library) RecordGap(ctx context.Context, g briefs.Gap) error        { return errStub }
func (l *Library) Gaps(ctx context.Context, rooms ...string) ([]briefs.Gap, error) {
	return nil, errStub
}
func (l *Library) ClearGap(ctx context.Context, question, room string) error { return errStub }
func (l *Library) Stats(ctx context.Context) (briefs.LibraryStats, error) {
	return briefs.LibraryStats{}, errStub
}
func (l *Library) Close() error { return nil }
