package follow

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
)

// listingVersion grows when lists of items are read in another way, so that
// each is read again in full.
const listingVersion = 1

// reading is one reading of one source.
type reading struct {
	*Follower
	src      briefs.Source
	eager    bool
	c        briefs.ClaimedSource
	web      Web
	report   SourceReport
	reads    []Read
	problems []Problem

	bytes       int64                // fetched
	done, total int                  // items
	busy        map[string]time.Time // hosts that are to be left alone until then
	down        map[string]int       // how often in turn each host did not answer
}

func (f *Follower) newReading(s briefs.Source, eager bool) *reading {
	r := &reading{Follower: f, src: s, eager: eager, web: f.web, busy: map[string]time.Time{}, down: map[string]int{}}
	if f.o.WebFor != nil {
		r.web = f.o.WebFor(s)
	}
	r.report.Source = s
	return r
}

// run takes on the source, reads it, and gives it back. Its error is that of
// the library, or of ctx.
func (r *reading) run(ctx context.Context) error {
	started := r.now()
	if err := r.valid(); err != nil {
		r.sourceFault(err)
		return nil
	}
	c, ok, err := r.lib.ClaimSource(ctx, r.src, r.o.Owner, started, lease)
	if err == nil && !ok && r.o.Ended != nil && r.o.Ended(c.Owner) { // it died while it read the source
		if err = r.lib.ReleaseSource(ctx, c); err == nil {
			c, ok, err = r.lib.ClaimSource(ctx, r.src, r.o.Owner, started, lease)
		} else if errors.Is(err, briefs.ErrConflict) { // others were quicker
			err = nil
		}
	}
	switch {
	case errors.Is(err, briefs.ErrInvalid):
		r.fault("", err)
		return nil
	case err != nil:
		return err
	case !ok:
		r.report.Busy = true
		return nil
	}
	r.c = c
	given := r.hold(ctx)
	err = r.readSource(ctx)
	given()
	if errors.Is(err, briefs.ErrConflict) {
		// The claim went to another process, because this one was slow, or
		// somebody forgot the source: what was done stays done.
		r.log.LogAttrs(ctx, slog.LevelWarn, "another process took on a source", slog.String("source", r.src.Address))
		r.report.Busy = true
		return nil
	}
	if err != nil {
		// What is noted of it stays due; others need not wait for the lease.
		short, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := r.lib.ReleaseSource(short, r.c); err != nil {
			r.log.LogAttrs(ctx, slog.LevelWarn, "a source stays taken until its claim ends", slog.String("source", r.src.Address), slog.Any("err", err))
		}
		return err
	}
	return r.finish(ctx, started)
}

// valid says what is wrong with the source as it is written; nil for nothing.
func (r *reading) valid() error {
	switch r.src.Kind {
	case briefs.SourcePath:
		return nil
	case briefs.SourceFeed, briefs.SourceSitemap, briefs.SourcePage:
		_, err := Canonical(r.src.Address)
		return err
	}
	return briefs.Fault(briefs.ErrInvalid, "%s: %q is no kind of source: write path, url, feed or sitemap", r.src.Address, r.src.Kind)
}

// hold keeps the claim on the source for as long as single steps take, such as
// documents that are slow to read, until the function that it returns is called.
func (r *reading) hold(ctx context.Context) (give func()) {
	ctx, cancel := context.WithCancel(ctx)
	c, done := r.c, make(chan struct{}) // renewing changes nothing of c that others look at
	go func() {
		defer close(done)
		tick := time.NewTicker(lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if _, err := r.lib.RenewSource(ctx, c, r.now(), lease); errors.Is(err, briefs.ErrConflict) {
					return // the next step tells
				}
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// finish notes what came of the reading.
func (r *reading) finish(ctx context.Context, started time.Time) error {
	s, p := &r.c.SourceState, &r.report
	s.LastFigures = briefs.LastFigures{Added: p.Added, Revised: p.Revised, Unchanged: p.Unchanged, Withdrawn: p.Withdrawn, Failed: p.Failed}
	now := r.now()
	s.Read, s.Problem = now, p.Problem
	every := cmp.Or(r.src.Every, DefaultEvery(cmp.Or(s.As, r.src.Kind)))
	switch {
	case p.Problem == "":
		s.Succeeded, s.Failures, s.Gone = now, 0, time.Time{}
		s.Next = now.Add(jitter(every, r.src.Address, now))
		if p.Waiting > 0 {
			s.Next = now.Add(min(every, goOn))
		}
	case !s.Gone.IsZero():
		s.Failures++
		s.Next = now.Add(jitter(max(every, goneRetry), r.src.Address, now))
	default:
		s.Failures++
		s.Next = now.Add(jitter(doubled(sourceRetry, sourceSlow, s.Failures), r.src.Address, now))
	}
	if !p.Next.IsZero() { // the reading says when
		if s.Failures > 0 && p.Next.After(s.Next) || s.Failures == 0 && p.Next.Before(s.Next) {
			s.Next = p.Next
		}
	}
	p.Next, p.As, p.Title = s.Next, s.As, s.Title
	if err := r.lib.ReleaseSource(ctx, r.c); err != nil {
		if errors.Is(err, briefs.ErrConflict) {
			return nil
		}
		return err
	}
	level := slog.LevelInfo
	if p.Problem != "" {
		level = slog.LevelWarn
	}
	r.log.LogAttrs(ctx, level, "source read", slog.String("source", r.src.Address), slog.String("collection", r.src.Collection), slog.String("as", string(s.As)),
		slog.Int("added", p.Added), slog.Int("revised", p.Revised), slog.Int("unchanged", p.Unchanged), slog.Int("withdrawn", p.Withdrawn),
		slog.Int("failed", p.Failed), slog.Int("waiting", p.Waiting), slog.Int64("bytes", r.bytes), slog.Duration("took", now.Sub(started)),
		slog.Time("next", s.Next), slog.String("problem", p.Problem))
	return nil
}

// readSource reads the source by its kind.
func (r *reading) readSource(ctx context.Context) error {
	if r.src.Kind == briefs.SourcePath {
		r.c.As = briefs.SourcePath
		report, reads, problems, err := r.readFolder(ctx, r.src, func(ctx context.Context, items []briefs.SourceItem) error {
			if err := r.renew(ctx); err != nil {
				return err
			}
			return r.lib.SaveListing(ctx, r.c, items)
		})
		r.report, r.reads, r.problems = report, reads, problems
		r.report.Source = r.src
		return err
	}
	if r.src.Kind == briefs.SourcePage && (r.c.As == "" || r.c.As == briefs.SourcePage) {
		return r.page(ctx)
	}
	return r.listing(ctx)
}

// renew prolongs the claim when less than half of it is left.
func (r *reading) renew(ctx context.Context) error {
	now := r.now()
	if r.c.Lease.Sub(now) > lease/2 {
		return nil
	}
	c, err := r.lib.RenewSource(ctx, r.c, now, lease)
	if err == nil {
		r.c = c
	}
	return err
}

// sourceFault is the problem of the source itself.
func (r *reading) sourceFault(err error) {
	r.report.Problem = err.Error()
	r.fault("", err)
}

// fault notes a problem of the source, or of one item.
func (r *reading) fault(item string, err error) {
	if item != "" {
		r.report.Failed++
	} else if r.report.Problem == "" {
		r.report.Problem = err.Error()
	}
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, Problem{Source: r.src, Item: item, Err: err})
	}
}

// note tells the operator something about the source.
func (r *reading) note(ctx context.Context, text string) {
	r.report.Notes = append(r.report.Notes, text)
	r.log.LogAttrs(ctx, slog.LevelWarn, "source", slog.String("source", r.src.Address), slog.String("note", text))
}

// tell keeps what became of an item.
func (r *reading) tell(read Read) {
	read.Source = r.src
	if len(r.reads) < maxReads {
		r.reads = append(r.reads, read)
	}
}

// progress says how far the reading is.
func (r *reading) progress(item string, o briefs.Outcome) {
	if r.o.Progress == nil {
		return
	}
	r.telling.Lock()
	defer r.telling.Unlock()
	r.o.Progress(Event{Source: r.src, Item: item, Outcome: o, Done: r.done, Total: r.total, Failed: r.report.Failed})
}

// get fetches one address and counts its bytes.
func (r *reading) get(ctx context.Context, q fetch.Request) (fetch.Response, error) {
	if err := r.renew(ctx); err != nil {
		return fetch.Response{}, err
	}
	resp, err := r.web.Get(ctx, q)
	r.bytes += int64(len(resp.Body))
	if err != nil && ctx.Err() != nil {
		return resp, ctx.Err()
	}
	return resp, err
}

// stops reports whether err ends the reading instead of failing one address:
// the claim is lost, or ctx has ended.
func stops(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, briefs.ErrConflict)
}

// input is what a response holds, for a reader.
func input(resp fetch.Response) extract.Input {
	return extract.Input{Name: resp.URL, URL: resp.URL, Type: resp.Type, Data: resp.Body}
}
