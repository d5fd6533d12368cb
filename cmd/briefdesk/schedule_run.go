package main

import (
	"context"
	"fmt"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/web"
	"briefdesk/briefs/schedule"
	"briefdesk/store"
)

// newRunner brings the briefings of lib to their rooms.
func (a *app) newRunner(lib store.Backend, chat bot.Mux, metrics *web.Metrics) (*schedule.Runner, error) {
	made, problems := a.configured()
	if len(problems) > 0 {
		return nil, problems
	}
	return schedule.NewRunner(a.log, schedule.Options{
		Ledger: lib, Chat: chat, Compose: a.newComposer(lib).compose, Schedules: made, Now: a.now,
		Observe: func(e schedule.Event) { countBriefing(metrics, e) },
	}), nil
}

// countBriefing counts what happened to a briefing.
func countBriefing(metrics *web.Metrics, e schedule.Event) {
	outcome := string(e.Kind)
	switch {
	case e.Kind == schedule.EventClock:
		metrics.Error("clock")
		return
	case e.Kind == schedule.EventPosted && e.Late:
		outcome = "posted_late"
	}
	for range e.Slots {
		metrics.Delivery(outcome)
	}
}

// runBriefings runs the scheduler until ctx ends; wait then waits for it.
func (a *app) runBriefings(ctx context.Context, lib store.Backend, metrics *web.Metrics, mux bot.Mux) (wait func() error, err error) {
	runner, err := a.newRunner(lib, mux, metrics)
	if err == nil {
		err = a.warnUnposted(ctx, lib, mux)
	}
	if err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- runner.Run(ctx) }()
	return func() error { return <-ended }, nil
}

// checkPatience is how long the start waits for platforms to tell which rooms
// can be posted to.
const checkPatience = 10 * time.Second

// warnUnposted tells, before any slot, which schedules this process cannot
// post.
func (a *app) warnUnposted(ctx context.Context, lib store.Backend, mux bot.Mux) error {
	all, err := a.schedules(ctx, lib)
	asking, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	for _, l := range all {
		if l.state != stateActive {
			continue
		}
		problem := a.unposted(l.Room)
		if problem == nil && asking.Err() == nil {
			problem = mux.Check(asking, l.Room)
		}
		if problem != nil {
			fmt.Fprintf(a.stderr, "briefdesk: warning: schedule %s: %s\n", clean(string(l.ID)), oneLine(problem))
		}
	}
	return err
}
