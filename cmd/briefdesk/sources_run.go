package main

import (
	"context"
	"log/slog"
	"sync"

	"briefdesk/bot/web"
	"briefdesk/briefs/follow"
	"briefdesk/store"
)

// runSources reads each source on its interval, and folders as soon as
// something changes in them, until ctx ends. What fails and what is withdrawn is
// logged, whatever else is. It returns when what was being read has come to its
// end.
func (a *app) runSources(ctx context.Context, lib store.Backend, metrics *web.Metrics) {
	if !a.verbose {
		heard := *a
		heard.log = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
		a = &heard
	}
	f, end := a.follower(lib, a.privateHosts(), metrics, follow.Options{})
	defer end()
	sources := a.configuredSources()
	var work sync.WaitGroup
	work.Go(func() { f.Watch(ctx, sources) })
	work.Go(func() { _ = f.Run(ctx, sources) }) // ends with ctx
	work.Wait()
}
