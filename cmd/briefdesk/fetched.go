package main

import (
	"context"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/ingest"
	"briefdesk/store"
)

// recordFetches notes what came of each source that was given by name. What
// cannot be noted is only logged: the documents are stored.
func (a *app) recordFetches(ctx context.Context, lib store.Backend, sources []ingest.Source) {
	now := a.now().UTC()
	seen := map[string]bool{fetch.Stdin: true, "": true}
	for _, s := range sources {
		if seen[s.Name] {
			continue
		}
		seen[s.Name] = true
		f := briefs.Fetch{
			Source: s.Name, Collection: s.Collection, At: now,
			Added: s.Added, Revised: s.Revised, Unchanged: s.Unchanged, Failed: s.Failed,
		}
		if s.First != nil {
			f.Problem = problemLine(*s.First)
		}
		if err := lib.RecordFetch(ctx, f); err != nil {
			a.log.Info("fetch is not recorded", "source", s.Name, "err", err)
		}
	}
}
