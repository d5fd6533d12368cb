package sqlite

import (
	"context"
	"errors"
	"fmt"

	engine "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// code returns the primary SQLite result code inside err, or 0.
func code(err error) int {
	var e *engine.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// explain maps an error of the engine to a kind, with the file and the mend.
// Errors that already have a kind, and those of the context, pass unchanged.
func (l *Library) explain(err error) error { return explain(l.path, err) }

func explain(path string, err error) error {
	if err == nil || kinded(err) {
		return err
	}
	if errors.Is(err, packed.ErrDamaged) {
		return unpackable(path, err.Error())
	}
	switch code(err) {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return briefs.Fault(briefs.ErrUnavailable, "library %s: another process is writing it: try again when it is done", path)
	case codes.SQLITE_FULL:
		return briefs.Fault(briefs.ErrUnavailable, "library %s: no space left: free some disk space and run the same command again; what was stored before is safe", path)
	case codes.SQLITE_IOERR:
		return briefs.Fault(briefs.ErrUnavailable, "library %s: cannot be read or written (%v): check the disk and its free space", path, err)
	case codes.SQLITE_NOMEM:
		return briefs.Fault(briefs.ErrUnavailable, "library %s: out of memory: close other programs and try again", path)
	case codes.SQLITE_READONLY, codes.SQLITE_PERM:
		return readOnly(path)
	case codes.SQLITE_CORRUPT:
		return damaged(path, err.Error())
	case codes.SQLITE_NOTADB:
		return notSQLite(path)
	case codes.SQLITE_CANTOPEN:
		return briefs.Fault(briefs.ErrUnavailable, "library %s: cannot be opened: check that the file, its folder and their permissions are right", path)
	case codes.SQLITE_TOOBIG:
		return briefs.Fault(briefs.ErrInvalid, "library %s: a text is too long for it (1 GB): split it", path)
	}
	return fmt.Errorf("library %s: %w", path, err)
}

func kinded(err error) bool {
	for _, kind := range []error{
		briefs.ErrNotFound, briefs.ErrInvalid, briefs.ErrConflict, briefs.ErrUnavailable, briefs.ErrDamaged,
		context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func readOnly(path string) error {
	return briefs.Fault(briefs.ErrUnavailable, "library %s: is open for reading only: make the file and its folder writable", path)
}

func damaged(path, what string) error {
	return briefs.Fault(briefs.ErrDamaged, "library %s: is damaged (%s): restore a backup with: briefdesk library restore --force BACKUP", path, what)
}

// unpackable is damaged for what can be made anew of the rest of the library.
func unpackable(path, what string) error {
	return briefs.Fault(briefs.ErrDamaged, "library %s: its packed index is damaged (%s): make it anew with: briefdesk library repack", path, what)
}

func notSQLite(path string) error {
	return briefs.Fault(briefs.ErrInvalid, "%s is not a briefdesk library (not an SQLite file): name another file with --library", path)
}

func notFound(id briefs.DocumentID) error {
	return briefs.Fault(briefs.ErrNotFound, "document %s: not in this library: see the ids with: briefdesk library list", id)
}
