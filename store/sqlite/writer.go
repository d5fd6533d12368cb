package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a writer waits for other processes to let it begin.
// A batch of 4 MiB holds the lock for a second or two, so a minute is many
// turns.
const patience = time.Minute

// writer is the only connection that writes. Its turn channel, not the pool,
// queues the callers, so that waiting ends with the context.
type writer struct {
	conn    *sql.Conn
	turn    chan struct{} // holds one token while nobody writes
	cache   map[string]*sql.Stmt
	execs   map[string]driver.StmtExecContext
	args    []driver.NamedValue // room for those of one statement; for the holder of the turn
	durable bool                // commits reach the disk; for the holder of the turn
	packed  atomic.Bool         // the packed index was changed since it was last looked at

	mu   sync.Mutex
	jobs []*job // that wait to share a transaction, in the order in which they came
}

func newWriter(conn *sql.Conn) *writer {
	w := &writer{conn: conn, turn: make(chan struct{}, 1), cache: map[string]*sql.Stmt{}, execs: map[string]driver.StmtExecContext{}}
	w.turn <- struct{}{}
	return w
}

// transact runs fn inside a transaction of its own and rolls back when it fails.
// It outlives the death of the process, not always a loss of power. The
// context given to fn cannot be cancelled: an interrupted statement would cost
// the connection. fn looks at the outer one between units of work.
func (w *writer) transact(ctx context.Context, fn func(context.Context) error) error {
	release, err := w.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return w.run(ctx, fn)
}

// run is transact for the holder of the turn.
func (w *writer) run(ctx context.Context, fn func(context.Context) error) error {
	steady := context.WithoutCancel(ctx)
	if err := w.sync(steady, false); err != nil {
		return err
	}
	if err := w.begin(steady, ctx.Err); err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_, _ = w.conn.ExecContext(steady, "ROLLBACK") // fails when the engine rolled back by itself
		}
	}()
	if err := fn(steady); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := w.exec(steady, "COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// acquire waits for the turn to write; release gives it back.
func (w *writer) acquire(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-w.turn:
		return func() { w.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stmt returns the prepared statement of query, kept for the life of w. Only
// the holder of the turn may call it.
func (w *writer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := w.cache[query]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	w.cache[query] = s
	return s, nil
}

// exec runs a prepared statement, which is kept for the life of w. It goes to
// the driver without a stop: package sql takes as long for a statement as the
// engine for a short one, and a document has several.
func (w *writer) exec(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	w.args = w.args[:0]
	defer func() { clear(w.args) }()
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		w.args = append(w.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	err = w.conn.Raw(func(c any) error {
		s, ok := w.execs[query]
		if !ok {
			made, err := c.(driver.ConnPrepareContext).PrepareContext(ctx, query)
			if err != nil {
				return err
			}
			s = made.(driver.StmtExecContext)
			w.execs[query] = s
		}
		result, err = s.ExecContext(ctx, w.args)
		return err
	})
	return result, err
}

// row runs a prepared query of at most one row.
func (w *writer) row(ctx context.Context, query string, args ...any) rowScanner {
	s, err := w.stmt(ctx, query)
	if err != nil {
		return failedRow{err}
	}
	return s.QueryRowContext(ctx, args...)
}

type rowScanner interface{ Scan(dest ...any) error }

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }

func (w *writer) close() error {
	release, err := w.acquire(context.Background())
	if err != nil {
		return err
	}
	defer release()
	for _, s := range w.cache {
		_ = s.Close() // only frees memory
	}
	_ = w.conn.Raw(func(any) error {
		for _, s := range w.execs {
			_ = s.(driver.Stmt).Close()
		}
		return nil
	})
	return w.conn.Close()
}
