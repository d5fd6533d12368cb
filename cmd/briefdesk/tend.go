package main

import (
	"context"
	"time"

	"briefdesk/briefs/structure"
	"briefdesk/store"
)

const (
	// foldStep is how many documents of an older version are looked through for
	// copies in one go, which holds up other writers for some 0.2 s.
	foldStep = 512
	// reindexStep is how many documents are indexed anew in one go, fewer when
	// they are long: others wait for some 0.05 s.
	reindexStep = 128
	// stepPause lets others write in between.
	stepPause = 50 * time.Millisecond
)

// tend brings what an older version stored up to what this one stores. It may
// end at any time: the next one goes on where it stood.
func (a *app) tend(ctx context.Context, lib store.Backend) {
	a.fold(ctx, lib)
	a.reindex(ctx, lib)
}

// fold looks for copies among documents that an older version stored.
func (a *app) fold(ctx context.Context, lib store.Backend) {
	for ctx.Err() == nil {
		left, err := lib.Fold(ctx, foldStep)
		if err != nil {
			if ctx.Err() == nil {
				a.log.Warn("copies are looked for later", "err", err)
			}
			return
		}
		if left == 0 {
			return
		}
		a.log.Debug("copies are looked for", "documents left", left)
		select {
		case <-ctx.Done():
		case <-time.After(stepPause):
		}
	}
}

// reindex indexes anew what an older version indexed. Questions find what is
// there meanwhile.
func (a *app) reindex(ctx context.Context, lib store.Backend) {
	total := 0
	for ctx.Err() == nil {
		done, err := lib.Reindex(ctx, reindexStep, structure.Index)
		if err != nil {
			if ctx.Err() == nil {
				a.log.Warn("documents are indexed anew later", "err", err)
			}
			return
		}
		if done == 0 {
			if total > 0 {
				a.log.Info("documents of an older version are indexed anew", "documents", total)
			}
			return
		}
		total += done
		a.log.Debug("documents are indexed anew", "documents", total)
		select {
		case <-ctx.Done():
		case <-time.After(stepPause):
		}
	}
}
