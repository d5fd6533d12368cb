package sqlite

import (
	"context"

	"briefdesk/briefs"
)

// Keep stores value under name, in the place of what was there. It returns
// ErrInvalid without a name.
func (l *Library) Keep(ctx context.Context, name string, value []byte) error {
	if name == "" {
		return briefs.Fault(briefs.ErrInvalid, "keep: it has no name")
	}
	if value == nil {
		value = []byte{}
	}
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `INSERT INTO kept (name, value) VALUES (?1,?2) ON CONFLICT DO UPDATE SET value = ?2 WHERE value <> ?2`, valid(name), value)
		return err
	})
}

// Kept returns what is stored under name, or ErrNotFound.
func (l *Library) Kept(ctx context.Context, name string) ([]byte, error) {
	rows, err := l.rows(ctx, `SELECT value FROM kept WHERE name = ?`, valid(name))
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, func(v *[]byte) []any { return []any{v} })
	if err == nil && len(found) == 0 {
		err = briefs.Fault(briefs.ErrNotFound, "nothing is kept under %q", name)
	}
	if err != nil {
		return nil, l.explain(err)
	}
	return found[0], nil
}

// KeptNames lists the names that begin with prefix, sorted.
func (l *Library) KeptNames(ctx context.Context, prefix string) ([]string, error) {
	rows, err := l.rows(ctx, `SELECT name FROM kept WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 ORDER BY name`, valid(prefix))
	if err != nil {
		return nil, l.explain(err)
	}
	names, err := collect(rows, func(s *string) []any { return []any{s} })
	return names, l.explain(err)
}

// Drop forgets what is stored under name, if anything is.
func (l *Library) Drop(ctx context.Context, name string) error {
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `DELETE FROM kept WHERE name = ?`, valid(name))
		return err
	})
}
