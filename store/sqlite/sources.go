package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"briefdesk/briefs"
)

// farItem is farther off than any item is put off: one that lies there was
// written by a clock that was ahead, and is taken for due.
const farItem = 100 * 24 * time.Hour

// column makes s fit for a text column and for lists of JSON.
func column(s string) string { return strings.ReplaceAll(valid(s), "\x00", " ") }

// oneLine is a problem as it is stored.
func oneLine(s string) string { return strings.Join(strings.Fields(clip(s)), " ") }

// KeepSource has s followed besides what the configuration names; by is who
// wants it. One that is followed already changes to s. It returns ErrInvalid
// for one without an address, a collection, or anyone who wants it.
func (l *Library) KeepSource(ctx context.Context, s briefs.Source, by string) error {
	if s.Address == "" || s.Collection == "" || by == "" {
		return briefs.Fault(briefs.ErrInvalid, "keep source %q: it has no address, no collection or nobody who wants it", s.Address)
	}
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		if _, err := w.enterSource(ctx, s); err != nil {
			return err
		}
		_, err := w.exec(ctx, `UPDATE sources SET kept_by = ? WHERE collection = ? AND address = ?`, column(by), column(s.Collection), column(s.Address))
		return err
	})
}

// ForgetSource drops a source with its items. Its documents stay, and where
// they were found. It returns ErrNotFound.
func (l *Library) ForgetSource(ctx context.Context, k briefs.SourceKey) error {
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		r, err := w.exec(ctx, `DELETE FROM sources WHERE collection = ? AND address = ?`, column(k.Collection), column(k.Address))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return briefs.Fault(briefs.ErrNotFound, "no source %s is followed for collection %s: see them with: briefdesk library list --sources", k.Address, k.Collection)
	})
}

// enterSource makes the row of s, or brings it up to what s says, and returns
// its key.
func (w *writer) enterSource(ctx context.Context, s briefs.Source) (key int64, err error) {
	err = w.row(ctx, `INSERT INTO sources (collection, address, kind, every) VALUES (?,?,?,?)
		ON CONFLICT (collection, address) DO UPDATE SET read_as = CASE WHEN kind = excluded.kind THEN read_as ELSE '' END, kind = excluded.kind, every = excluded.every
		RETURNING key`, column(s.Collection), column(s.Address), string(s.Kind), s.Every.Microseconds()).Scan(&key)
	return key, err
}

const sourceColumns = `key, collection, address, kind, every, kept_by, read_as, title, read, succeeded, next, failures, problem, moved, gone,
	etag, last_modified, reader, added, revised, unchanged, withdrawn, failed, owner, token, lease`

// storedSource is a row of the sources as it is read.
type storedSource struct {
	key, every, read, succeeded, next, gone, lease int64
	briefs.ClaimedSource
}

func (s *storedSource) fields() []any {
	return []any{
		&s.key, &s.Collection, &s.Address, &s.Kind, &s.every, &s.By, &s.As, &s.Title, &s.read, &s.succeeded, &s.next, &s.Failures, &s.Problem, &s.Moved, &s.gone,
		&s.ETag, &s.Modified, &s.Reader, &s.Added, &s.Revised, &s.Unchanged, &s.Withdrawn, &s.Failed, &s.Owner, &s.Token, &s.lease,
	}
}

func (s *storedSource) claimed() briefs.ClaimedSource {
	c := s.ClaimedSource
	c.Every = time.Duration(s.every) * time.Microsecond
	c.Read, c.Succeeded, c.Next, c.Gone, c.Lease = moment(s.read), moment(s.succeeded), moment(s.next), moment(s.gone), moment(s.lease)
	return c
}

// Sources lists the sources of the collections that s sees, by collection,
// then address.
func (l *Library) Sources(ctx context.Context, s briefs.Scope) ([]briefs.SourceState, error) {
	rows, err := l.rows(ctx, `SELECT `+sourceColumns+`, ifnull(items, 0), ifnull(waiting, 0), ifnull(failing, 0) FROM sources
		LEFT JOIN (SELECT source, count(*) AS items, sum(read = 0 AND next > 0) AS waiting, sum(failures > 0) AS failing FROM source_items GROUP BY source) ON source = key
		WHERE ?1 OR collection IN (SELECT value FROM json_each(?2)) ORDER BY collection, address`, s.All(), jsonList(s.Collections()))
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, func(s *storedSource) []any { return append(s.fields(), &s.Items, &s.Waiting, &s.Failing) })
	var all []briefs.SourceState
	for i := range found {
		all = append(all, found[i].claimed().SourceState)
	}
	return all, l.explain(err)
}

// ClaimSource takes on the source of s.Key(), known or new, until now and
// lease; owner is told to the operator. It reports false while another claim on
// it lasts, which is c then, and returns ErrInvalid for one without an address or a collection.
func (l *Library) ClaimSource(ctx context.Context, s briefs.Source, owner string, now time.Time, lease time.Duration) (c briefs.ClaimedSource, ok bool, err error) {
	if s.Address == "" || s.Collection == "" {
		return c, false, briefs.Fault(briefs.ErrInvalid, "claim source %q: it has no address or no collection", s.Address)
	}
	until := now.Add(lease)
	err = l.note(ctx, func(ctx context.Context, w *writer) error {
		ok = false
		key, err := w.enterSource(ctx, s)
		if err != nil {
			return err
		}
		// A lease beyond what any process asks for was written by a clock that
		// was ahead. It ends as if it began now: its process may still be at it.
		far := micros(now.Add(2 * lease))
		if _, err := w.exec(ctx, `UPDATE sources SET lease = ? WHERE key = ? AND lease > ?`, micros(until), key, far); err != nil {
			return err
		}
		r, err := w.exec(ctx, `UPDATE sources SET owner = ?, token = token + 1, lease = ? WHERE key = ? AND lease <= ?`, column(owner), micros(until), key, micros(now))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		var found storedSource
		if err := w.row(ctx, `SELECT `+sourceColumns+` FROM sources WHERE key = ?`, key).Scan(found.fields()...); err != nil {
			return err
		}
		c, ok = found.claimed(), n > 0
		return nil
	})
	return c, ok && err == nil, err
}

// RenewSource prolongs the lease of c, which must be the latest claim.
func (l *Library) RenewSource(ctx context.Context, c briefs.ClaimedSource, now time.Time, lease time.Duration) (briefs.ClaimedSource, error) {
	c.Lease = now.Add(lease)
	err := l.reading(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.exec(ctx, `UPDATE sources SET lease = ? WHERE key = ?`, micros(c.Lease), key)
		return err
	})
	return c, err
}

// ReleaseSource stores the state of c and gives it back.
func (l *Library) ReleaseSource(ctx context.Context, c briefs.ClaimedSource) error {
	return l.reading(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		if err := w.saveSource(ctx, key, c.SourceState); err != nil {
			return err
		}
		_, err := w.exec(ctx, `UPDATE sources SET lease = 0, owner = '' WHERE key = ?`, key)
		return err
	})
}

func (w *writer) saveSource(ctx context.Context, key int64, s briefs.SourceState) error {
	_, err := w.exec(ctx, `UPDATE sources SET read_as = ?, title = ?, read = ?, succeeded = ?, next = ?, failures = ?, problem = ?, moved = ?, gone = ?,
			etag = ?, last_modified = ?, reader = ?, added = ?, revised = ?, unchanged = ?, withdrawn = ?, failed = ? WHERE key = ?`,
		string(s.As), column(s.Title), micros(s.Read), micros(s.Succeeded), micros(s.Next), s.Failures, oneLine(s.Problem), column(s.Moved), micros(s.Gone),
		column(s.ETag), column(s.Modified), s.Reader, s.Added, s.Revised, s.Unchanged, s.Withdrawn, s.Failed, key)
	return err
}

// reading runs fn in a transaction when c is the latest claim on its source;
// else it returns ErrConflict.
func (l *Library) reading(ctx context.Context, c briefs.ClaimedSource, fn func(ctx context.Context, w *writer, key int64) error) error {
	return l.note(ctx, func(ctx context.Context, w *writer) error {
		var key int64
		err := w.row(ctx, `SELECT key FROM sources WHERE collection = ? AND address = ? AND token = ? AND lease > 0`, column(c.Collection), column(c.Address), c.Token).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			return briefs.Fault(briefs.ErrConflict, "source %s: another process has taken it on, or it was dropped", c.Address)
		}
		if err != nil {
			return err
		}
		return fn(ctx, w, key)
	})
}
