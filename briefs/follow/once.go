package follow

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"briefdesk/briefs"
)

// lease is how long a claim on a source lasts without being renewed, which is
// done in the background: so long others wait for a process that was killed.
const lease = time.Minute

// New returns a Follower that stores in lib what web brings, as read by read.
func New(log *slog.Logger, lib Library, web Web, read ReadFunc, o Options) *Follower {
	if o.Workers <= 0 {
		o.Workers = 4
	}
	l := &o.Limits
	l.Items = cmp.Or(l.Items, 1000)
	l.SitemapPages = cmp.Or(l.SitemapPages, 20_000)
	l.Sitemaps = cmp.Or(l.Sitemaps, 100)
	l.FeedPages = cmp.Or(l.FeedPages, 10)
	l.Pages = cmp.Or(l.Pages, 20)
	l.Reads = cmp.Or(l.Reads, 20_000)
	l.Turn = cmp.Or(l.Turn, 200)
	l.Bytes = cmp.Or(l.Bytes, 1<<30)
	return &Follower{log: log, lib: lib, web: web, read: read, o: o, telling: &sync.Mutex{}}
}

// Once reads sources now, whatever their interval, several at a time. One that
// fails, or an item that does, is a Problem of the Report and stops no other. A
// source that another process is reading is left to it. Once returns an error
// only when it stopped early: that of ctx, or one of the library. The Report
// tells what was done.
func (f *Follower) Once(ctx context.Context, sources ...briefs.Source) (Report, error) {
	return f.each(ctx, sources, true)
}

// each reads sources; eager ones also try again what failed and waits.
func (f *Follower) each(ctx context.Context, sources []briefs.Source, eager bool) (Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	readings := make([]*reading, len(sources))
	errs := make([]error, len(sources))
	todo := make(chan int)
	var wg sync.WaitGroup
	for range min(f.o.Workers, len(sources)) {
		wg.Go(func() {
			for i := range todo {
				readings[i] = f.newReading(sources[i], eager)
				if errs[i] = readings[i].run(ctx); errs[i] != nil {
					cancel() // the library fails, or ctx ended: no other would do better
				}
			}
		})
	}
	for i := range sources {
		if ctx.Err() != nil {
			break
		}
		select {
		case todo <- i:
		case <-ctx.Done():
		}
	}
	close(todo)
	wg.Wait()
	var report Report
	for i, r := range readings {
		if r == nil {
			r = f.newReading(sources[i], eager)
		}
		report.Sources = append(report.Sources, r.report)
		report.Read = append(report.Read, r.reads[:min(len(r.reads), maxReads-len(report.Read))]...)
		report.Problems = append(report.Problems, r.problems[:min(len(r.problems), maxProblems-len(report.Problems))]...)
	}
	// What made the others stop comes first: it is not that they were stopped.
	slices.SortStableFunc(errs, func(a, b error) int {
		return boolInt(errors.Is(a, context.Canceled)) - boolInt(errors.Is(b, context.Canceled))
	})
	return report, cmp.Or(firstError(errs), ctx.Err())
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Step reads those of sources, and of those kept in the library, that are due,
// and says when the next one is; zero for none.
func (f *Follower) Step(ctx context.Context, sources []briefs.Source) (report Report, next time.Time, err error) {
	due, next, err := f.due(ctx, sources)
	if err != nil {
		return Report{}, next, err
	}
	if len(due) == 0 {
		return Report{}, next, nil
	}
	report, err = f.each(ctx, due, false)
	if err != nil {
		return report, next, err
	}
	_, next, err = f.due(ctx, sources)
	return report, next, err
}

// farAhead is farther off than any source is put off: one that lies there was
// put there by a clock that was ahead.
const farAhead = 35 * 24 * time.Hour

// due lists the sources that are due, the longest due first, and when the next
// one is.
func (f *Follower) due(ctx context.Context, sources []briefs.Source) (due []briefs.Source, next time.Time, err error) {
	states, err := f.lib.Sources(ctx, briefs.Everything())
	if err != nil {
		return nil, next, err
	}
	now := f.now()
	known := make(map[briefs.SourceKey]*briefs.SourceState, len(states))
	for i := range states {
		known[states[i].Key()] = &states[i]
	}
	all := slices.Clone(sources)
	named := make(map[briefs.SourceKey]bool, len(all))
	for _, s := range all {
		named[s.Key()] = true
	}
	for _, s := range states {
		if s.By != "" && !named[s.Key()] {
			all = append(all, s.Source)
		}
	}
	at := make(map[briefs.SourceKey]time.Time, len(all))
	for _, s := range all {
		var when time.Time // never read: before all others
		if k := known[s.Key()]; k != nil && k.Next.Before(now.Add(farAhead)) && !shortened(k, s, now) {
			when = k.Next
		}
		if _, twice := at[s.Key()]; twice {
			continue
		}
		at[s.Key()] = when
		switch {
		case !when.After(now):
			due = append(due, s)
		case next.IsZero() || when.Before(next):
			next = when
		}
	}
	slices.SortStableFunc(due, func(a, b briefs.Source) int { return at[a.Key()].Compare(at[b.Key()]) })
	return due, next, nil
}

// shortened reports whether the interval of s was shortened since it was read,
// so that it is due earlier than was noted.
func shortened(k *briefs.SourceState, s briefs.Source, now time.Time) bool {
	return k.Failures == 0 && s.Every > 0 && !k.Read.IsZero() && s.Every < k.Every && !k.Read.Add(s.Every).After(now)
}

// look is how often Run looks for sources that were added meanwhile.
const look = time.Minute

// Run reads each of sources, and of those kept in the library, on its
// interval, until ctx ends. What fails is logged and tried again.
func (f *Follower) Run(ctx context.Context, sources []briefs.Source) error {
	for {
		_, next, err := f.Step(ctx, sources)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wait := look
		if err != nil {
			f.log.LogAttrs(ctx, slog.LevelError, "sources are not read", slog.Any("err", err))
		} else if !next.IsZero() {
			wait = min(max(next.Sub(f.now()), time.Second), look)
		}
		if err := f.sleep(ctx, wait); err != nil {
			return err
		}
	}
}
