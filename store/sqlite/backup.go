package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	codes "modernc.org/sqlite/lib"

	"briefdesk/briefs"
)

// Backup writes a checked copy of one moment to path, while the library
// serves. The copy appears at once and whole. It returns ErrConflict when path
// exists, ErrDamaged when the library, and so its copy, is not sound.
func (l *Library) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return exists(path, "name another file")
	}
	temp, err := l.copyBeside(ctx, path)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	// A link, unlike a rename, never replaces what has come there meanwhile.
	switch err := os.Link(temp, path); {
	case errors.Is(err, os.ErrExist):
		return exists(path, "name another file")
	case err != nil: // a file system without links
		if err := os.Rename(temp, path); err != nil {
			return unwritten(path, err)
		}
	}
	return syncFolder(path)
}

func exists(path, mend string) error {
	return briefs.Fault(briefs.ErrConflict, "%s: exists already and was left alone: %s", path, mend)
}

func unwritten(path string, err error) error {
	return briefs.Fault(briefs.ErrUnavailable, "%s: cannot be written (%v): check the folder and its free space", path, err)
}

// copyBeside writes a copy of the library under a name of its own in the
// folder of path, brings it up to date, checks it, and brings it to the disk.
func (l *Library) copyBeside(ctx context.Context, path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", unwritten(path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(abs), "."+filepath.Base(abs)+".*.part")
	if err != nil {
		return "", unwritten(path, err)
	}
	temp, done := f.Name(), false
	defer func() {
		if !done {
			for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
				_ = os.Remove(temp + suffix) // may not be there
			}
		}
	}()
	if err := f.Close(); err != nil {
		return "", unwritten(path, err)
	}
	// VACUUM INTO takes an empty file as its target.
	if err := l.vacuumInto(ctx, temp); err != nil {
		return "", explain(path, err)
	}
	if l.version < l.schema {
		newer, err := Open(ctx, l.log, temp, Options{})
		if err != nil {
			return "", err
		}
		// Without a log beside it, which the check would leave behind.
		if err := errors.Join(newer.Close(), foldLog(ctx, temp)); err != nil {
			return "", err
		}
	}
	if err := verify(ctx, l.log, temp, path); err != nil {
		return "", err
	}
	if err := syncFile(temp); err != nil {
		return "", err
	}
	done = true
	return temp, nil
}

func (l *Library) vacuumInto(ctx context.Context, target string) error {
	conn, err := l.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The copy is another file: the protection of this one is lifted for it.
	if _, err := conn.ExecContext(ctx, `PRAGMA query_only = 0`); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `VACUUM INTO ?`, target)
	_, restore := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA query_only = 1`)
	return errors.Join(err, restore)
}

// verify opens a copy for reading and checks it. name is what the error calls
// it.
func verify(ctx context.Context, log *slog.Logger, copy, name string) error {
	l, err := Open(ctx, log, copy, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer l.Close()
	problems, err := l.Check(ctx)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return briefs.Fault(briefs.ErrDamaged, "%s: is damaged (%d problems, the first: %s): use another backup", name, len(problems), problems[0])
	}
	return nil
}

// RestoreOptions say what Restore may do.
type RestoreOptions struct {
	Force bool // replace a library that stands at the target
}

// Restore puts a checked copy of backup at target, whole or not at all. It
// returns ErrConflict when target exists and Force is not set, ErrUnavailable
// when another process uses target, ErrNotFound, ErrInvalid or ErrDamaged when
// backup is no sound library.
func Restore(ctx context.Context, log *slog.Logger, backup, target string, o RestoreOptions) error {
	if _, err := os.Stat(backup); err != nil {
		return briefs.Fault(briefs.ErrNotFound, "%s: there is no such backup: name the file", backup)
	}
	_, err := os.Lstat(target)
	occupied := err == nil
	if occupied && !o.Force {
		return exists(target, "name another file, or replace it with --force")
	}
	source, err := Open(ctx, log, backup, Options{ReadOnly: true, anyVersion: true})
	if err != nil {
		return err
	}
	temp, err := source.copyBeside(ctx, target)
	if err := errors.Join(err, source.Close()); err != nil {
		return err
	}
	defer os.Remove(temp)
	if !occupied {
		if err := os.Link(temp, target); errors.Is(err, os.ErrExist) {
			return exists(target, "name another file, or replace it with --force")
		} else if err == nil {
			return syncFolder(target)
		}
	} else if err := foldLog(ctx, target); err != nil {
		return err
	}
	if err := os.Rename(temp, target); err != nil {
		return unwritten(target, err)
	}
	return syncFolder(target)
}

// foldLog makes sure that nobody uses the library at target and that no log
// stays beside it, which would be read as that of the file to come. A file
// that is no sound database just loses its log.
func foldLog(ctx context.Context, target string) error {
	abs, err := filepath.Abs(target)
	if err != nil {
		return unwritten(target, err)
	}
	db, err := sql.Open("sqlite", dsn(abs, "rw", false, timeout(writerTimeout)))
	if err != nil {
		return err
	}
	var mode string
	err = db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
	if c := code(err); c == codes.SQLITE_BUSY || c == codes.SQLITE_LOCKED {
		err = briefs.Fault(briefs.ErrUnavailable, "library %s: is in use: stop briefdesk there first", target)
	} else {
		err = ctx.Err() // every other fault of the old file is mended by replacing it
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Remove(abs + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return unwritten(target, err)
		}
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return unwritten(path, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return unwritten(path, err)
	}
	return nil
}

// syncFolder brings the new name of path to the disk. Systems that cannot
// open a folder do it by themselves.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil
	}
	_ = d.Sync()
	return d.Close()
}
