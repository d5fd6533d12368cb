package sqlite

import (
	"context"
	"strings"
	"time"

	"briefdesk/briefs"
)

// RecordFetch notes an attempt to read f.Source at f.At, which replaces the
// one before; f.Succeeded is ignored and follows from the attempts. An attempt
// that brought no document and names no collection leaves the source in its
// collection. One that is told late counts for Succeeded only. It returns
// ErrInvalid for a source without a name.
func (l *Library) RecordFetch(ctx context.Context, f briefs.Fetch) error {
	if f.Source == "" {
		return briefs.Fault(briefs.ErrInvalid, "record fetch: the source has no name")
	}
	at := f.At.UnixMicro()
	var succeeded any
	if f.Failed == 0 && f.Problem == "" {
		succeeded = at
	}
	problem := strings.Join(strings.Fields(clip(f.Problem)), " ")
	return l.note(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `INSERT INTO fetches (source, collection, at, succeeded, added, revised, unchanged, failed, problem) VALUES (?,?,?,?,?,?,?,?,?)
			ON CONFLICT (source) DO UPDATE SET
			succeeded = CASE WHEN excluded.succeeded IS NULL OR succeeded > excluded.succeeded THEN succeeded ELSE excluded.succeeded END`,
			valid(f.Source), valid(f.Collection), at, succeeded, f.Added, f.Revised, f.Unchanged, f.Failed, problem)
		if err != nil {
			return err
		}
		_, err = w.exec(ctx, `UPDATE fetches SET at = ?2, added = ?4, revised = ?5, unchanged = ?6, failed = ?7, problem = ?8,
			collection = CASE WHEN ?3 = '' AND ?4 + ?5 + ?6 = 0 THEN collection ELSE ?3 END
			WHERE source = ?1 AND at <= ?2`,
			valid(f.Source), at, valid(f.Collection), f.Added, f.Revised, f.Unchanged, f.Failed, problem)
		return err
	})
}

// Fetches lists the latest attempt at each source, by source, then collection,
// of the collections in s: those that are followed, and others that were
// recorded. Only Everything sees those that belong to no collection.
func (l *Library) Fetches(ctx context.Context, s briefs.Scope) ([]briefs.Fetch, error) {
	rows, err := l.rows(ctx, `SELECT source, collection, at, ifnull(succeeded, 0), added, revised, unchanged, failed, problem, '', '', '', 0, 0, 0, 0 FROM fetches
		WHERE (?1 OR collection <> '' AND collection IN (SELECT value FROM json_each(?2)))
			AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.address = source AND s.collection = fetches.collection AND s.read > 0)
		UNION ALL SELECT address, collection, read, succeeded, added, revised, unchanged, failed, problem, iif(read_as = '', kind, read_as), title, moved, withdrawn,
			ifnull(waiting, 0), ifnull(failing, 0), next FROM sources
			LEFT JOIN (SELECT source AS of, sum(read = 0 AND next > 0) AS waiting, sum(failures > 0) AS failing FROM source_items GROUP BY source) ON of = key
		WHERE read > 0 AND (?1 OR collection IN (SELECT value FROM json_each(?2))) ORDER BY 1, 2`, s.All(), jsonList(s.Collections()))
	if err != nil {
		return nil, l.explain(err)
	}
	defer rows.Close()
	var all []briefs.Fetch
	for rows.Next() {
		var f briefs.Fetch
		var at, succeeded, next int64
		if err := rows.Scan(&f.Source, &f.Collection, &at, &succeeded, &f.Added, &f.Revised, &f.Unchanged, &f.Failed, &f.Problem,
			&f.Kind, &f.Title, &f.Moved, &f.Withdrawn, &f.Waiting, &f.Failing, &next); err != nil {
			return nil, l.explain(err)
		}
		f.At, f.Succeeded, f.Next = time.UnixMicro(at).UTC(), moment(succeeded), moment(next)
		all = append(all, f)
	}
	return all, l.explain(rows.Err())
}

// valid makes s valid UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
