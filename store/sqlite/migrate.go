package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"briefdesk/briefs"
)

// applicationID marks our files, so that another program's SQLite database is
// refused instead of migrated: "BDsk" as a big-endian number, see
// https://www.sqlite.org/pragma.html#pragma_application_id.
const applicationID = 0x4244736b

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations returns the scripts in order; script i leads from version i to
// version i+1. They are only ever appended to.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	scripts := make([]string, len(names))
	for i, name := range names {
		b, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		scripts[i] = string(b)
	}
	return scripts, nil
}

// version reads what kind of file conn holds: its schema version, 0 for an
// empty file. It returns ErrInvalid for another program's database and for a
// library newer than newest.
func version(ctx context.Context, conn querier, path string, newest int) (int, error) {
	var app, v, tables int
	err := conn.QueryRowContext(ctx, `SELECT a.application_id, v.user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id a, pragma_user_version v`).Scan(&app, &v, &tables)
	if err != nil {
		return 0, err
	}
	switch {
	case app == applicationID && v > newest:
		return 0, briefs.Fault(briefs.ErrInvalid, "library %s was made by a newer briefdesk (schema %d, this one knows %d): update briefdesk",
			path, v, newest)
	case app == applicationID && v > 0:
		return v, nil
	case app == 0 && v == 0 && tables == 0:
		return 0, nil
	}
	return 0, briefs.Fault(briefs.ErrInvalid, "%s is the database of another program, not a briefdesk library: name another file with --library", path)
}

// querier is what *sql.DB, *sql.Conn and *sql.Tx have in common for reading.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// migrate brings the file up to the last of scripts, each in a transaction of
// its own. Several processes may try at once: the version is read again under
// the write lock.
func (w *writer) migrate(ctx context.Context, path string, scripts []string) error {
	for {
		v, err := version(ctx, w.conn, path, len(scripts))
		if err != nil || v == len(scripts) {
			return err
		}
		err = w.transact(ctx, func(ctx context.Context) error {
			v, err := version(ctx, w.conn, path, len(scripts))
			if err != nil || v == len(scripts) {
				return err
			}
			if _, err := w.conn.ExecContext(ctx, scripts[v]); err != nil {
				return fmt.Errorf("migration %d: %w", v+1, err)
			}
			_, err = w.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", v+1, applicationID))
			return err
		})
		if err != nil {
			return err
		}
	}
}
