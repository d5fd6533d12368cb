package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	codes "modernc.org/sqlite/lib"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// Options are what a library may be told at opening. The zero value is right
// for most.
type Options struct {
	Now       func() time.Time // the clock for documents without Added; nil is time.Now
	ReadOnly  bool             // open for reading only
	MustExist bool             // return ErrNotFound instead of making a library
	MaxBytes  int64            // the file grows no larger; writes beyond return ErrUnavailable; 0 is no limit

	anyVersion bool       // also one from an older version, to be copied only
	sizes      *packSizes // nil for usualSizes
}

// Library is a library in one SQLite file. It is safe for concurrent use.
type Library struct {
	log      *slog.Logger
	path     string
	now      func() time.Time
	schema   int     // the newest version
	version  int     // of the file
	db       *sql.DB // of the writer; nil when reading only
	writer   *writer // nil when reading only
	readers  *sql.DB
	readDSN  string // of the readers
	reads    statements
	texts    *textCache
	freqs    *freqCache
	postings *postingCache
	passages *recent[int64, *indexedPassage]
	origins  *recent[int64, *origin]
	lists    *listingCache
	packs    packedLists
	scopes   viewCache
	folds    *foldCache
	merger   *merger
	owner    string // of the segments that this library builds
	sizes    packSizes

	closing sync.Once
	closed  error
}

// Connection settings. They stand in the DSN because they belong to a
// connection, not to the file.
const (
	writerTimeout = time.Second      // one attempt of writer.begin, which repeats it
	readerTimeout = 30 * time.Second // readers wait only for recovery after a crash
	pageBytes     = 4096             // SQLite's default
)

// Open opens the library at path and makes or migrates it where needed. A
// file that cannot be written is opened for reading only. It returns
// ErrInvalid when the file is no library or from a newer version, ErrDamaged,
// ErrNotFound with MustExist or when the folder is missing, ErrUnavailable
// when the file cannot be reached.
func Open(ctx context.Context, log *slog.Logger, path string, o Options) (*Library, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("library %s: %w", path, err)
	}
	exists, err := present(path, abs)
	if err != nil {
		return nil, err
	}
	if !exists && (o.MustExist || o.ReadOnly) {
		return nil, briefs.Fault(briefs.ErrNotFound, "no library at %s: make one with: briefdesk add SOURCE", path)
	}
	scripts, err := migrations()
	if err != nil {
		return nil, err
	}
	l := &Library{log: log, path: path, now: o.Now, schema: len(scripts), texts: newTextCache(), freqs: newFreqCache(), postings: newPostingCache(), passages: newRecent[int64, *indexedPassage](passageBytes), origins: newRecent[int64, *origin](originBytes), lists: newListingCache()}
	if l.now == nil {
		l.now = time.Now
	}
	l.merger, l.owner = newMerger(l), rand.Text()
	l.sizes = usualSizes
	if o.sizes != nil {
		l.sizes = *o.sizes
	}
	l.packs.cache, l.folds = packed.NewCache(packed.CacheBytes), newFoldCache()
	if exists {
		// Looked at before anything is written: opening to write changes the
		// file of another program. A file that cannot be read without writing
		// (a journal must be rolled back first) is looked at by the writer.
		if err := l.probe(ctx, abs); err != nil && !unwritable(err) {
			return nil, explain(path, err)
		}
	}
	if !o.ReadOnly {
		err = l.openWriter(ctx, abs, o, scripts)
		if err != nil && (!exists || !unwritable(err)) {
			l.Close()
			return nil, explain(path, err)
		}
		if err != nil {
			log.Warn("library opens for reading only", "path", path, "err", err)
		}
	}
	if err := l.openReaders(ctx, abs, len(scripts), o.anyVersion); err != nil {
		l.Close()
		return nil, explain(path, err)
	}
	if l.writer != nil && !o.anyVersion {
		l.merger.nudge(l.sizes.later)
	}
	return l, nil
}

// minFile is the size of the smallest SQLite database (one page of 512 bytes,
// https://www.sqlite.org/fileformat.html); the engine takes anything shorter
// for an empty one and would overwrite it.
const minFile = 512

// present reports whether a file that is not empty stands at abs, and errors that tell more
// than the engine would.
func present(path, abs string) (bool, error) {
	info, err := os.Stat(abs)
	switch {
	case err == nil && info.IsDir():
		return false, briefs.Fault(briefs.ErrInvalid, "library %s is a folder: name a file with --library", path)
	case err == nil && 0 < info.Size() && info.Size() < minFile:
		return false, notSQLite(path)
	case err == nil:
		return info.Size() > 0, nil
	case !errors.Is(err, os.ErrNotExist):
		return false, briefs.Fault(briefs.ErrUnavailable, "library %s cannot be reached: check its permissions (%v)", path, err)
	}
	if _, err := os.Stat(filepath.Dir(abs)); err != nil {
		return false, briefs.Fault(briefs.ErrNotFound, "library %s: there is no folder %s: make it first", path, filepath.Dir(path))
	}
	return false, nil
}

// probe checks what kind of file stands at abs without changing it.
func (l *Library) probe(ctx context.Context, abs string) error {
	db, err := sql.Open("sqlite", dsn(abs, "ro", false, timeout(readerTimeout)))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = version(ctx, db, l.path, l.schema)
	return err
}

func unwritable(err error) bool {
	c := code(err)
	return c == codes.SQLITE_READONLY || c == codes.SQLITE_CANTOPEN || c == codes.SQLITE_PERM
}

// dsn writes path as a URI, every odd character escaped, with the parameters.
func dsn(abs, mode string, immutable bool, pragmas ...string) string {
	q := url.Values{"mode": {mode}, "_pragma": pragmas}
	if immutable {
		q.Set("immutable", "1")
	}
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // a Windows drive, see https://www.sqlite.org/uri.html
	}
	return "file://" + (&url.URL{Path: p}).EscapedPath() + "?" + q.Encode()
}

func timeout(d time.Duration) string { return fmt.Sprintf("busy_timeout(%d)", d.Milliseconds()) }

func (l *Library) openWriter(ctx context.Context, abs string, o Options, scripts []string) error {
	pragmas := []string{
		timeout(writerTimeout), "foreign_keys(1)",
		"journal_mode(WAL)", "synchronous(NORMAL)", // kill -9 safe: 20 of 20 in our trial
		"cache_size(-32768)",                     // KiB; holds the inner pages of a million passages
		"wal_autocheckpoint(4000)",               // pages; a 4 MiB batch writes about 3000
		"journal_size_limit(67108864)",           // bytes of WAL kept between uses
		"temp_store(MEMORY)", "secure_delete(1)", // freed pages are zeroed: purged text must not stay
	}
	if o.MaxBytes > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", max(1, o.MaxBytes/pageBytes)))
	}
	db, err := sql.Open("sqlite", dsn(abs, "rwc", false, pragmas...))
	if err != nil {
		return err
	}
	conn, err := connect(ctx, db)
	if err != nil {
		db.Close()
		return err
	}
	w := newWriter(conn)
	if err := w.migrate(ctx, l.path, scripts); err != nil {
		_ = w.close()
		db.Close()
		return err
	}
	l.db, l.writer = db, w
	return nil
}

// connect opens one connection. Making a file and switching it to WAL wants it
// alone, and the engine does not wait for that: so we do.
func connect(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	for start := time.Now(); ; {
		conn, err := db.Conn(ctx)
		if err == nil || code(err) != codes.SQLITE_BUSY || time.Since(start) > patience {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (l *Library) openReaders(ctx context.Context, abs string, newest int, anyVersion bool) error {
	pragmas := []string{
		timeout(readerTimeout), "query_only(1)", "temp_store(MEMORY)",
		"cache_size(-3072)", // KiB a connection; 16 MiB made no search of a million passages faster: what they read is kept otherwise
	}
	open := func(immutable bool) error {
		l.readDSN = dsn(abs, "ro", immutable, pragmas...)
		db, err := sql.Open("sqlite", l.readDSN)
		if err != nil {
			return err
		}
		v, err := version(ctx, db, l.path, newest)
		if err == nil && v < newest && !anyVersion {
			err = briefs.Fault(briefs.ErrInvalid, "library %s is from an older briefdesk (schema %d, this one needs %d): make the file writable, so that it can be brought up to date",
				l.path, v, newest)
		}
		if err != nil {
			db.Close()
			return err
		}
		n := max(4, runtime.GOMAXPROCS(0))
		db.SetMaxOpenConns(n)
		db.SetMaxIdleConns(n)
		l.readers, l.version = db, v
		return nil
	}
	err := open(false)
	if l.writer == nil && unwritable(err) && noLog(abs) {
		// A folder that cannot be written has no room for the shared memory
		// of WAL; with no log to read, the file alone is the whole library.
		err = open(true)
	}
	return err
}

// noLog reports whether the library's write-ahead log is absent or empty.
func noLog(abs string) bool {
	info, err := os.Stat(abs + "-wal")
	return err != nil || info.Size() == 0
}

// write is transact with the errors of this library.
func (l *Library) write(ctx context.Context, fn func(ctx context.Context, w *writer) error) error {
	if l.writer == nil {
		return readOnly(l.path)
	}
	err := l.writer.transact(ctx, func(ctx context.Context) error { return fn(ctx, l.writer) })
	if l.writer.packed.Swap(false) {
		l.merger.nudge(l.sizes.soon)
	}
	return l.explain(err)
}

// note is write for small changes: those that come at the same time share a
// transaction.
func (l *Library) note(ctx context.Context, fn func(ctx context.Context, w *writer) error) error {
	return l.shared(ctx, false, fn)
}

// record is note for what must outlive a loss of power too, and not only the
// death of the process: the log reaches the disk with each commit.
func (l *Library) record(ctx context.Context, fn func(ctx context.Context, w *writer) error) error {
	return l.shared(ctx, true, fn)
}

func (l *Library) shared(ctx context.Context, durable bool, fn func(ctx context.Context, w *writer) error) error {
	if l.writer == nil {
		return readOnly(l.path)
	}
	err := l.writer.share(ctx, durable, func(ctx context.Context) error { return fn(ctx, l.writer) })
	return l.explain(err)
}

// Close releases the file. No other method may be called after it; to close
// twice is no error.
func (l *Library) Close() error {
	l.closing.Do(func() {
		var errs []error
		l.merger.close()
		if l.readers != nil {
			l.reads.close()
			errs = append(errs, l.readers.Close())
		}
		if l.writer != nil {
			errs = append(errs, l.writer.close(), l.db.Close())
		}
		l.closed = errors.Join(errs...)
	})
	return l.closed
}
