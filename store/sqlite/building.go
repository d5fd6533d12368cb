package sqlite

import (
	"bytes"
	"context"
	"errors"
	"time"

	"briefdesk/store/sqlite/packed"
)

// lease is how long a process that builds a segment may be silent before
// another one takes over. It writes far more often.
const lease = 20 * time.Second

// errBusy tells that another process builds a segment, errLost that what was
// built is not wanted any more: another process took over, or what it was to
// replace is gone.
var (
	errBusy = errors.New("another process packs this library")
	errLost = errors.New("another process has changed what was being packed")
)

// building is a segment that is being written, in small transactions.
type building struct {
	l          *Library
	id         int64
	first, end int64
	held       memory // not yet written
	from       int    // number of the first of held
	bytes      int
}

// build claims the keys [first,end) for a new segment; errBusy.
func (l *Library) build(ctx context.Context, first, end int64) (*building, error) {
	b := &building{l: l, first: first, end: end}
	now := time.Now()
	err := l.write(ctx, func(ctx context.Context, w *writer) error {
		made, err := w.exec(ctx, `INSERT INTO packed_segments (first, stop, state, dead, meta, owner, until)
			SELECT ?1, ?2, 'building', 0, x'', ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM packed_segments WHERE state = 'building' AND until > ?5)`,
			first, end, l.owner, now.Add(lease).UnixMicro(), now.UnixMicro())
		if err != nil {
			return err
		}
		if n, err := made.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errBusy)
		}
		b.id, err = made.LastInsertId()
		return err
	})
	return b, err
}

// sink is the packed.Sink of b.
func (b *building) sink(ctx context.Context) packed.Sink {
	return func(_ int, blob []byte) error {
		b.held = append(b.held, bytes.Clone(blob))
		if b.bytes += len(blob); b.bytes < b.l.sizes.bytes {
			return nil
		}
		return b.flush(ctx)
	}
}

// flush writes what is held; errLost.
func (b *building) flush(ctx context.Context) error {
	err := b.l.write(ctx, func(ctx context.Context, w *writer) error {
		if err := b.own(ctx, w); err != nil {
			return err
		}
		for i, blob := range b.held {
			if err := w.fileBlob(ctx, b.id, b.from+i, blob); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.from += len(b.held)
	b.held, b.bytes = nil, 0
	return nil
}

// own makes sure that b is still ours, and stays it; errLost.
func (b *building) own(ctx context.Context, w *writer) error {
	kept, err := w.exec(ctx, `UPDATE packed_segments SET until = ? WHERE id = ? AND owner = ? AND state = 'building'`,
		time.Now().Add(lease).UnixMicro(), b.id, b.l.owner)
	if err != nil {
		return err
	}
	if n, err := kept.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errLost)
	}
	return nil
}

// finish puts the segment into use, within a transaction. It was made without
// what packed_dead names up to dead. When it is empty it goes.
func (b *building) finish(ctx context.Context, w *writer, meta packed.Meta, dead int64) error {
	if err := b.own(ctx, w); err != nil {
		return err
	}
	if _, err := w.exec(ctx, `UPDATE library SET packed = packed + 1`); err != nil {
		return err
	}
	if meta.Passages == 0 {
		_, err := w.exec(ctx, `DELETE FROM packed_segments WHERE id = ?`, b.id)
		return err
	}
	raw, err := meta.MarshalBinary()
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `UPDATE packed_segments SET state = 'used', dead = ?, meta = ?, owner = '', until = 0 WHERE id = ?`, dead, raw, b.id)
	return err
}

// abandon gives b up: what was written of it goes, unless this process is
// ending, which must not take long: then whoever packs next clears it up.
func (b *building) abandon(ctx context.Context) {
	if ctx.Err() == nil && b.l.leave(ctx, b.id) == nil && b.l.clear(ctx, b.id) == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := b.l.leave(ctx, b.id); err != nil {
		b.l.log.DebugContext(ctx, "an unfinished segment stays until its lease ends", "err", err)
	}
}

// leave ends the lease of a segment that this process builds.
func (l *Library) leave(ctx context.Context, id int64) error {
	return l.write(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `UPDATE packed_segments SET owner = '', until = 0 WHERE id = ? AND owner = ? AND state = 'building'`, id, l.owner)
		return err
	})
}

// clear deletes a segment that is not in use, in small steps.
func (l *Library) clear(ctx context.Context, id int64) error {
	for done := false; !done; {
		err := l.write(ctx, func(ctx context.Context, w *writer) error {
			// What somebody still builds is not touched from now on.
			taken, err := w.exec(ctx, `UPDATE packed_segments SET owner = '', until = 0
				WHERE id = ? AND (state = 'replaced' OR state = 'building' AND until <= ?)`, id, time.Now().UnixMicro())
			if err != nil {
				return err
			}
			if n, err := taken.RowsAffected(); err != nil || n == 0 {
				done = true
				return err
			}
			done, err = w.clearSome(ctx, id, l.sizes.bytes)
			if err == nil && done {
				_, err = w.exec(ctx, `DELETE FROM packed_segments WHERE id = ?`, id)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// clearSome deletes up to most bytes of a segment, done when none is left.
func (w *writer) clearSome(ctx context.Context, segment int64, most int) (done bool, err error) {
	s, err := w.stmt(ctx, `SELECT id, length(data) FROM packed_blobs WHERE id >= ? AND id < ? ORDER BY id LIMIT 256`)
	if err != nil {
		return false, err
	}
	rows, err := s.QueryContext(ctx, blobID(segment, 0), blobID(segment+1, 0))
	if err != nil {
		return false, err
	}
	type sized struct {
		id    int64
		bytes int
	}
	blobs, err := collect(rows, func(b *sized) []any { return []any{&b.id, &b.bytes} })
	if err != nil || len(blobs) == 0 {
		return true, err
	}
	bytes, last := 0, int64(0)
	for _, b := range blobs {
		if last != 0 && bytes+b.bytes > most {
			break
		}
		bytes, last = bytes+b.bytes, b.id
	}
	_, err = w.exec(ctx, `DELETE FROM packed_blobs WHERE id >= ? AND id <= ?`, blobID(segment, 0), last)
	return false, err
}

// deadStep is how many rows of packed_dead are deleted in one transaction.
const deadStep = 2_000

// forget deletes the rows of packed_dead up to the row last that begin in
// [first,end): no segment holds these passages any more.
func (l *Library) forget(ctx context.Context, first, end, last int64) error {
	if last == 0 {
		return nil
	}
	for {
		var n int64
		err := l.write(ctx, func(ctx context.Context, w *writer) error {
			gone, err := w.exec(ctx, `DELETE FROM packed_dead WHERE id IN
				(SELECT id FROM packed_dead INDEXED BY packed_dead_first WHERE first >= ? AND first < ? AND id <= ? LIMIT ?)`, first, end, last, deadStep)
			if err != nil {
				return err
			}
			n, err = gone.RowsAffected()
			return err
		})
		if err != nil || n < deadStep {
			return err
		}
	}
}
