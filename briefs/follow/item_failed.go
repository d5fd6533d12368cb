package follow

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
)

// failed notes that an item could not be had or read, and decides what becomes
// of it.
func (r *reading) failed(ctx context.Context, it *briefs.SourceItem, err error) error {
	now := r.now()
	missing := errors.Is(err, briefs.ErrNotFound)
	it.Failures++
	it.Problem = err.Error()
	if missing && it.Missing.IsZero() { // until it is had again
		it.Missing = now
	}
	gone := errors.Is(err, fetch.ErrGone)
	stored := it.Document != "" && !it.Gone
	if stored && !it.OwnUsed && (gone || missing && it.Failures >= missingAttempts && now.Sub(it.Missing) >= missingLong) {
		return r.withdraw(ctx, it, err)
	}
	final := gone || !missing && !errors.Is(err, briefs.ErrUnavailable)
	if len(it.Own) > 0 && (it.OwnUsed || it.Document == "" && (final || it.Failures >= ownAfter)) {
		return r.ownText(ctx, it, err)
	}
	switch {
	case it.Gone && missing: // as before
		it.Next = now.Add(jitter(itemSlow, it.Name, now))
		if gone {
			it.Next = time.Time{}
		}
		r.report.Unchanged++
		r.progress(cmp.Or(it.Address, it.Name), briefs.Unchanged)
		return r.save(ctx, it, nil, nil)
	case gone, missing && (it.Document == "" || it.OwnUsed) && it.Failures >= giveUp:
		it.Next = time.Time{} // until its source says something new of it
	case missing && stored: // until it is certain
		it.Next = now.Add(jitter(doubled(missingRetry, 24*time.Hour, it.Failures), it.Name, now))
	case missing:
		it.Next = now.Add(jitter(doubled(missingRetry, itemSlow, it.Failures), it.Name, now))
	case errors.Is(err, briefs.ErrUnavailable):
		it.Next = now.Add(max(jitter(doubled(itemRetry, goneRetry, it.Failures), it.Name, now), retryAfter(err)))
	default:
		it.Next = now.Add(jitter(doubled(refusedRetry, itemSlow, it.Failures), it.Name, now))
	}
	if stored && it.OwnUsed { // it was told when the source's own text was taken
		r.report.Unchanged++
		r.progress(it.Address, briefs.Unchanged)
		return r.save(ctx, it, nil, nil)
	}
	return r.noteFailure(ctx, it, err)
}

// refused notes that an item has no text that could be stored, until its
// source says something new of it.
func (r *reading) refused(ctx context.Context, it *briefs.SourceItem, err error) error {
	it.Problem, it.Next = err.Error(), time.Time{}
	if errors.Is(err, briefs.ErrUnavailable) {
		now := r.now()
		it.Next = now.Add(max(jitter(doubled(itemRetry, goneRetry, it.Failures), it.Name, now), retryAfter(err)))
	}
	return r.noteFailure(ctx, it, err)
}

func (r *reading) noteFailure(ctx context.Context, it *briefs.SourceItem, err error) error {
	if r.single() {
		it.Next = time.Time{} // its source says when
		if d := retryAfter(err); d > 0 {
			r.report.Next = r.now().Add(d)
		}
		r.report.Failed++
		r.sourceFault(err)
	} else {
		r.fault(r.called(it), err)
	}
	told := []slog.Attr{slog.String("source", r.src.Address), slog.String("item", cmp.Or(it.Address, it.Name)), slog.Int("failures", it.Failures), slog.Any("err", err)}
	if !it.Next.IsZero() {
		told = append(told, slog.Time("next", it.Next))
	}
	r.log.LogAttrs(ctx, slog.LevelWarn, "item failed", told...)
	r.progress(cmp.Or(it.Address, it.Name), "")
	return r.save(ctx, it, nil, nil)
}

// single reports whether the source is the one page that is its only item.
func (r *reading) single() bool {
	return r.src.Kind == briefs.SourcePage && r.c.As == briefs.SourcePage
}

// withdraw takes the document of an item out of the library, because its
// original is gone, and says so; unless it is also found elsewhere.
func (r *reading) withdraw(ctx context.Context, it *briefs.SourceItem, why error) error {
	others, err := r.lib.ItemsOf(ctx, it.Document)
	if err != nil {
		return err
	}
	alive := slices.ContainsFunc(others, func(o briefs.SourceItem) bool {
		return !o.Gone && o.Missing.IsZero() && place(o.Address) != place(it.Address)
	})
	now := r.now()
	it.Gone, it.ETag, it.Modified, it.Digest = true, "", "", ""
	it.Next = now.Add(jitter(itemSlow, it.Name, now))
	if errors.Is(why, fetch.ErrGone) || r.single() {
		it.Next = time.Time{}
	}
	was, err := r.lib.Document(ctx, it.Document, 0)
	if err != nil && !errors.Is(err, briefs.ErrNotFound) {
		return err
	}
	before := was.Withdrawn && slices.ContainsFunc(others, func(o briefs.SourceItem) bool { return o.Gone })
	if alive || before { // told already
		r.report.Unchanged++
		r.progress(it.Address, briefs.Unchanged)
		return r.save(ctx, it, nil, nil)
	}
	switch err := r.lib.RemoveDocument(ctx, it.Document, false); {
	case errors.Is(err, briefs.ErrNotFound): // purged meanwhile
		r.report.Unchanged++
		return nil
	case err != nil:
		return err
	}
	if r.single() && errors.Is(why, fetch.ErrGone) {
		r.c.Gone = now
	}
	if r.single() {
		r.sourceFault(why)
	}
	r.report.Withdrawn++
	r.tell(Read{ID: it.Document, Revision: was.Revision, Title: was.Title, Author: was.Author, Publisher: was.Publisher, Published: was.Published, URL: was.URL, Outcome: Withdrawn, Notes: []string{why.Error()}})
	r.log.LogAttrs(ctx, slog.LevelWarn, "withdrawn", slog.String("source", r.src.Address), slog.String("id", string(it.Document)),
		slog.String("item", it.Address), slog.Any("why", why))
	r.progress(it.Address, Withdrawn)
	return r.save(ctx, it, nil, nil)
}
