package follow

import (
	"context"
	"log/slog"

	"briefdesk/briefs"
)

// New returns a Follower that stores in lib.
func New(log *slog.Logger, lib Library, web Web, read ReadFunc, o Options) *Follower {
	return &Follower{log: log, lib: lib, web: web, read: read, o: o}
}

// Once reads sources now, whatever their interval.
func (f *Follower) Once(ctx context.Context, sources ...briefs.Source) (Report, error) {
	return Report{}, ctx.Err()
}

// Run reads each of sources on its interval until ctx ends.
func (f *Follower) Run(ctx context.Context, sources []briefs.Source) error {
	<-ctx.Done()
	return ctx.Err()
}

// Reread reads archived originals again with the present reader: those of the
// documents ids, or of all in s that an older reader read.
func (f *Follower) Reread(ctx context.Context, s briefs.Scope, ids ...briefs.DocumentID) (Report, error) {
	return Report{}, ctx.Err()
}
