package main

import (
	"context"
	"time"

	"briefdesk/store"
)

const (
	// foldStep is how many documents of an older version are looked through for
	// copies in one go, which holds up other writers for some 0.2 s.
	foldStep = 512
	// foldPause lets others write in between.
	foldPause = 50 * time.Millisecond
)

// fold looks for copies among documents that an older version stored. It may
// end at any time: the next one goes on where it stood.
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
		case <-time.After(foldPause):
		}
	}
}
