package follow

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"briefdesk/briefs"
	"briefdesk/briefs/ingest"
)

// rereadAtOnce is how many documents are listed at a time.
const rereadAtOnce = 100

// Reread reads archived originals again with the present readers: those of the
// documents ids, or of all in s that older readers read. A document gets a new
// revision where its text is another now; what is known of it is brought up to
// date. One that fails stops no other. Its error is that of ctx or of the
// library.
func (f *Follower) Reread(ctx context.Context, s briefs.Scope, ids ...briefs.DocumentID) (Report, error) {
	report := Report{Sources: []SourceReport{{}}}
	if len(ids) > 0 {
		for _, id := range ids {
			if err := f.rereadOne(ctx, &report, s, id); err != nil {
				return report, err
			}
		}
		return report, nil
	}
	for after := briefs.DocumentID(""); ; {
		list, err := f.lib.ArchivedBefore(ctx, s, ReaderVersion, after, rereadAtOnce)
		if err != nil {
			return report, err
		}
		for _, id := range list {
			if err := f.rereadOne(ctx, &report, s, id); err != nil {
				return report, err
			}
		}
		if len(list) < rereadAtOnce {
			return report, nil
		}
		after = list[len(list)-1]
	}
}

func (f *Follower) rereadOne(ctx context.Context, report *Report, s briefs.Scope, id briefs.DocumentID) error {
	sum := &report.Sources[0]
	read, err := f.reread(ctx, s, id)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !errors.Is(err, briefs.ErrInvalid) && !errors.Is(err, briefs.ErrNotFound) && !errors.Is(err, briefs.ErrUnavailable) {
			return err
		}
		sum.Failed++
		if len(report.Problems) < maxProblems {
			report.Problems = append(report.Problems, Problem{Item: string(id), Err: err})
		}
		f.log.LogAttrs(ctx, slog.LevelWarn, "not read again", slog.String("id", string(id)), slog.Any("err", err))
	}
	switch {
	case err != nil:
	case read.Outcome == briefs.Unchanged:
		sum.Unchanged++
	default:
		sum.Revised++
		if len(report.Read) < maxReads {
			report.Read = append(report.Read, read)
		}
		f.log.LogAttrs(ctx, slog.LevelInfo, "read again", slog.String("id", string(id)), slog.Int("revision", read.Revision), slog.String("outcome", string(read.Outcome)))
	}
	if f.o.Progress != nil {
		f.telling.Lock()
		defer f.telling.Unlock()
		done := sum.Failed + sum.Revised + sum.Unchanged
		f.o.Progress(Event{Item: string(id), Outcome: read.Outcome, Done: done, Failed: sum.Failed})
	}
	return nil
}

// reread reads the archived original of one document again.
func (f *Follower) reread(ctx context.Context, s briefs.Scope, id briefs.DocumentID) (Read, error) {
	was, err := f.lib.Document(ctx, id, 0)
	if err != nil {
		return Read{}, err
	}
	if !s.Sees(was.Collection) {
		return Read{}, briefs.Fault(briefs.ErrNotFound, "document %s: not in this library: see the ids with: briefdesk library list", id)
	}
	a, err := f.lib.Archived(ctx, id, was.Revision)
	if err != nil {
		return Read{}, err
	}
	d, err := f.understand(ctx, a.Parts)
	if err != nil {
		return Read{}, err
	}
	d.ID, d.Collection, d.Source, d.Withdrawn = id, was.Collection, was.Source, was.Withdrawn
	d.URL = cmp.Or(was.URL, d.URL)
	if nameless(&d) {
		d.Title = was.Title
	}
	merge(&d, was.Title, was.Author, was.Publisher, was.Published)
	if mainDigest(&d) == mainDigest(&was) {
		now := was
		now.Title, now.Author, now.Publisher, now.Published = d.Title, d.Author, d.Publisher, d.Published
		if metadata(&now) == metadata(&was) {
			a.Reader = ReaderVersion
			return told(&was, was.Revision, briefs.Unchanged, nil), f.lib.SaveArchived(ctx, a)
		}
		d = now
		if err := ingest.Complete(&d); err != nil {
			return Read{}, err
		}
	}
	d.Added = f.now()
	stored, _, err := f.putOne(ctx, &d)
	if err != nil {
		return Read{}, err
	}
	a.Revision, a.Reader = stored.Revision, ReaderVersion
	return told(&d, stored.Revision, stored.Outcome, nil), f.lib.SaveArchived(ctx, a)
}
