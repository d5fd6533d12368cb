package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// shared opens a library with a table of numbers, holds its writer, and starts
// jobs that add the numbers from 0, one after another, in one transaction or
// several when let go. finish lets them go and returns their errors.
func shared(t *testing.T, n int, job func(w *writer, i int, insert func() error) error, ctxOf func(i int) context.Context) (l *Library, finish func() []error) {
	t.Helper()
	ctx := context.Background()
	l, err := Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if _, err := l.writer.conn.ExecContext(ctx, `CREATE TABLE numbers (n INTEGER)`); err != nil {
		t.Fatal(err)
	}
	release, err := l.writer.acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			errs[i] = l.note(ctxOf(i), func(ctx context.Context, w *writer) error {
				return job(w, i, func() error {
					_, err := w.exec(ctx, `INSERT INTO numbers VALUES (?)`, i)
					return err
				})
			})
		})
		for waiting := 0; waiting <= i; { // so that they stand in order
			time.Sleep(100 * time.Microsecond)
			l.writer.mu.Lock()
			waiting = len(l.writer.jobs)
			l.writer.mu.Unlock()
		}
	}
	return l, func() []error {
		release()
		wg.Wait()
		return errs
	}
}

func always(int) context.Context { return context.Background() }

// stored is how many of the numbers are there, and their sum.
func stored(t *testing.T, l *Library) string {
	t.Helper()
	var n, sum int
	if err := l.readers.QueryRowContext(context.Background(), `SELECT count(*), ifnull(sum(n), 0) FROM numbers`).Scan(&n, &sum); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d numbers, sum %d", n, sum)
}

func TestSharedTransaction(t *testing.T) {
	broken := errors.New("broken")
	l, finish := shared(t, 10, func(_ *writer, i int, insert func() error) error {
		if err := insert(); err != nil || i != 3 {
			return err
		}
		return broken
	}, always)
	for i, err := range finish() {
		if errors.Is(err, broken) != (i == 3) || i != 3 && err != nil {
			t.Errorf("job %d: %v", i, err)
		}
	}
	if got := stored(t, l); got != "9 numbers, sum 42" {
		t.Errorf("%s, want all but the one that failed", got)
	}
}

// A job that was given up while it waited is not done; one that waits too long
// for its turn is not waited for.
func TestSharedGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l, finish := shared(t, 5, func(_ *writer, _ int, insert func() error) error { return insert() }, func(i int) context.Context {
		if i == 2 {
			return ctx
		}
		return context.Background()
	})
	cancel()
	for waiting := 5; waiting > 4; {
		time.Sleep(100 * time.Microsecond)
		l.writer.mu.Lock()
		waiting = len(l.writer.jobs)
		l.writer.mu.Unlock()
	}
	for i, err := range finish() {
		if errors.Is(err, context.Canceled) != (i == 2) || i != 2 && err != nil {
			t.Errorf("job %d: %v", i, err)
		}
	}
	if got := stored(t, l); got != "4 numbers, sum 8" {
		t.Error(got)
	}
	if err := l.note(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("given up before: %v", err)
	}
}

// When the transaction is lost, no job was done, and each that came to it says
// so.
func TestSharedLost(t *testing.T) {
	l, finish := shared(t, 6, func(w *writer, i int, insert func() error) error {
		if err := insert(); err != nil || i != 4 {
			return err
		}
		_, err := w.conn.ExecContext(context.Background(), `ROLLBACK`) // as the engine does when the disk is full
		return errors.Join(err, errors.New("full"))
	}, always)
	for i, err := range finish() {
		if err == nil {
			t.Errorf("job %d is said to be done", i)
		}
	}
	if got := stored(t, l); got != "0 numbers, sum 0" {
		t.Error(got)
	}
	if err := l.record(context.Background(), func(context.Context, *writer) error { return nil }); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// More jobs than one transaction takes are done in several.
func TestSharedByMany(t *testing.T) {
	const n = 2*maxShared + 5
	l, finish := shared(t, n, func(_ *writer, _ int, insert func() error) error { return insert() }, always)
	if err := errors.Join(finish()...); err != nil {
		t.Error(err)
	}
	if got, want := stored(t, l), fmt.Sprintf("%d numbers, sum %d", n, n*(n-1)/2); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A job that panics takes its transaction with it, and nobody waits for ever.
func TestSharedPanic(t *testing.T) {
	l, finish := shared(t, 0, nil, nil)
	finish()
	ctx := context.Background()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is lost")
			}
		}()
		_ = l.note(ctx, func(ctx context.Context, w *writer) error {
			if _, err := w.exec(ctx, `INSERT INTO numbers VALUES (1)`); err != nil {
				t.Error(err)
			}
			panic("a fault of ours")
		})
	}()
	if err := l.note(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `INSERT INTO numbers VALUES (7)`)
		return err
	}); err != nil {
		t.Error(err)
	}
	if got := stored(t, l); got != "1 numbers, sum 7" {
		t.Error(got)
	}
}

// What must outlive a loss of power is committed in FULL (2), the rest in
// NORMAL (1), see https://www.sqlite.org/pragma.html#pragma_synchronous.
func TestSharedReachesTheDisk(t *testing.T) {
	l, finish := shared(t, 0, nil, nil)
	finish()
	ctx := context.Background()
	level := 0
	look := func(ctx context.Context, w *writer) error {
		return w.conn.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&level)
	}
	for _, c := range []struct {
		how  string
		run  func(context.Context, func(context.Context, *writer) error) error
		want int
	}{{"record", l.record, 2}, {"note", l.note, 1}, {"record", l.record, 2}, {"write", l.write, 1}} {
		if err := c.run(ctx, look); err != nil || level != c.want {
			t.Errorf("%s: level %d, %v; want %d", c.how, level, err, c.want)
		}
	}
}
