package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	codes "modernc.org/sqlite/lib"
)

// maxShared bounds the jobs of one transaction, so that the first does not
// wait long for the last.
const maxShared = 64

// job is a small unit of work that shares its transaction with others: to
// bring a commit to the disk takes longer than the work, and one commit does
// for all who wait meanwhile. Each is done whole or not at all.
type job struct {
	ctx     context.Context
	fn      func(context.Context) error
	durable bool          // must outlive a loss of power
	err     error         // to be read when done is closed
	done    chan struct{} // closed when it was done or has failed
}

func (j *job) end(err error) {
	j.err = err
	close(j.done)
}

// run does the work of j, unless it is given up meanwhile.
func (j *job) run() error {
	if err := j.fn(context.WithoutCancel(j.ctx)); err != nil {
		return err
	}
	return j.ctx.Err()
}

// share runs fn in a transaction with what others share at the same time; see
// transact. fn may run in the goroutine of any of them.
func (w *writer) share(ctx context.Context, durable bool, fn func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{ctx: ctx, fn: fn, durable: durable, done: make(chan struct{})}
	w.mu.Lock()
	w.jobs = append(w.jobs, j)
	w.mu.Unlock()
	for {
		select {
		case <-j.done:
			return j.err
		case <-w.turn:
			w.lead() // j with the others, unless somebody has, or too many came before
		case <-ctx.Done():
			if w.withdraw(j) {
				return ctx.Err()
			}
			<-j.done // it is being done
			return j.err
		}
	}
}

// withdraw reports whether j was still waiting and will not be done.
func (w *writer) withdraw(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.jobs, j)
	if i >= 0 {
		w.jobs = slices.Delete(w.jobs, i, i+1)
	}
	return i >= 0
}

// lead does what waits: first what need not reach the disk, so that it does not
// wait for the disk, then the rest. The caller has the turn, which is given
// back.
func (w *writer) lead() {
	defer func() { w.turn <- struct{}{} }()
	for _, durable := range []bool{false, true} {
		if jobs := w.waiting(durable); len(jobs) > 0 {
			w.finish(jobs, durable)
		}
	}
}

// waiting takes the jobs of one kind out of the queue, as many as one
// transaction may have.
func (w *writer) waiting(durable bool) (jobs []*job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs = slices.DeleteFunc(w.jobs, func(j *job) bool {
		if j.durable != durable || len(jobs) == maxShared {
			return false
		}
		jobs = append(jobs, j)
		return true
	})
	return jobs
}

// finish does jobs together and ends each, also when one of them panics.
func (w *writer) finish(jobs []*job, durable bool) {
	err := errors.New("the transaction was given up")
	defer func() {
		for _, j := range jobs {
			select {
			case <-j.done:
			default:
				j.end(err)
			}
		}
	}()
	err = w.together(jobs, durable)
}

// together does jobs in one transaction and ends them. When it fails, none was
// done, and those that have not ended are left to the caller.
func (w *writer) together(jobs []*job, durable bool) error {
	steady := context.WithoutCancel(jobs[0].ctx)
	if err := w.sync(steady, durable); err != nil {
		return err
	}
	err := w.begin(steady, func() error {
		jobs = slices.DeleteFunc(slices.Clone(jobs), func(j *job) bool {
			err := j.ctx.Err()
			if err != nil {
				j.end(err)
			}
			return err != nil
		})
		if len(jobs) == 0 {
			return context.Canceled
		}
		return nil
	})
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_, _ = w.conn.ExecContext(steady, "ROLLBACK") // fails when the engine rolled back by itself
		}
	}()
	failed := make([]error, len(jobs))
	if len(jobs) == 1 { // often so, and a savepoint is not needed
		if err := jobs[0].run(); err != nil {
			return err
		}
	} else {
		for i, j := range jobs {
			if failed[i], err = w.one(j); err != nil {
				return err
			}
		}
	}
	if _, err := w.exec(steady, "COMMIT"); err != nil {
		return err
	}
	committed = true
	for i, j := range jobs {
		j.end(failed[i])
	}
	return nil
}

// one does j within the transaction, or nothing of it when it fails. err is
// set when the transaction is lost.
func (w *writer) one(j *job) (failed, err error) {
	steady := context.WithoutCancel(j.ctx)
	if _, err := w.exec(steady, "SAVEPOINT job"); err != nil {
		return nil, err
	}
	if failed = j.run(); failed != nil {
		if _, err := w.exec(steady, "ROLLBACK TO job"); err != nil {
			return failed, fmt.Errorf("%w (%w)", failed, err) // the engine rolled back by itself: the disk is full, or worse
		}
	}
	_, err = w.exec(steady, "RELEASE job")
	return failed, err
}

// sync sets whether a commit reaches the disk before it is reported. It must
// stand outside of transactions.
func (w *writer) sync(ctx context.Context, durable bool) error {
	if w.durable == durable {
		return nil
	}
	level := "NORMAL"
	if durable {
		level = "FULL"
	}
	if _, err := w.conn.ExecContext(ctx, "PRAGMA synchronous = "+level); err != nil {
		return err
	}
	w.durable = durable
	return nil
}

// begin takes the write lock of the file. The engine waits writerTimeout at a
// time, which it does not let a context cut short; in between our patience is
// looked at, and whether anybody still wants it.
func (w *writer) begin(steady context.Context, wanted func() error) error {
	for start := time.Now(); ; {
		_, err := w.exec(steady, "BEGIN IMMEDIATE")
		if err == nil || code(err) != codes.SQLITE_BUSY || time.Since(start) > patience {
			return err
		}
		if err := wanted(); err != nil {
			return err
		}
	}
}
