package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// merger keeps the packed index of a library in shape, in the background.
type merger struct {
	l     *Library
	turn  chan struct{} // holds one token while nobody of this process builds
	swept bool          // no row of packed_dead was left behind; for the holder of the turn
	wake  chan time.Duration
	ended chan struct{} // closed when run has returned

	mu   sync.Mutex
	stop context.CancelFunc // ends run; nil before it began
	over bool
}

func newMerger(l *Library) *merger {
	m := &merger{l: l, turn: make(chan struct{}, 1), wake: make(chan time.Duration, 1), ended: make(chan struct{})}
	m.turn <- struct{}{}
	return m
}

// nudge has the index looked at after a while.
func (m *merger) nudge(after time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		return
	}
	if m.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		m.stop = stop
		go m.run(ctx)
	}
	select {
	case m.wake <- after:
	default: // it is about to look
	}
}

// close ends the background work; what is half done is left to the next process.
func (m *merger) close() {
	m.mu.Lock()
	m.over = true
	stop := m.stop
	m.mu.Unlock()
	if stop != nil {
		stop()
		<-m.ended
	}
}

func (m *merger) run(ctx context.Context) {
	defer close(m.ended)
	for {
		var after time.Duration
		select {
		case after = <-m.wake:
		case <-ctx.Done():
			return
		}
		for after >= 0 {
			select {
			case <-time.After(after):
			case <-ctx.Done():
				return
			}
			after = m.work(ctx)
		}
	}
}

// work does what there is to do, and returns after which time to look again;
// below 0 for not before something changes.
func (m *merger) work(ctx context.Context) time.Duration {
	for {
		did, err := m.step(ctx)
		switch {
		case ctx.Err() != nil:
			return -1
		case errors.Is(err, errBusy) || errors.Is(err, errLost):
			return m.l.sizes.again
		case errors.Is(err, briefs.ErrDamaged) || errors.Is(err, packed.ErrDamaged):
			m.l.log.WarnContext(ctx, "the packed index is left as it is", "err", m.l.explain(err))
			return -1
		case err != nil:
			m.l.log.WarnContext(ctx, "the packed index is put in order later", "err", m.l.explain(err))
			return m.l.sizes.failed
		case !did:
			return -1
		}
	}
}

// acquire waits until nobody of this process builds.
func (m *merger) acquire(ctx context.Context) (release func(), err error) {
	select {
	case <-m.turn:
		return func() { m.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// step does one piece of work and reports whether there was any.
func (m *merger) step(ctx context.Context) (did bool, err error) {
	release, err := m.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	s, err := m.l.shape(ctx, !m.swept)
	if err != nil {
		return false, err
	}
	m.swept = m.swept || s.swept && len(s.stale) == 0
	return m.l.improve(ctx, s)
}

// keepUp lets who adds wait for a merge when there are too many segments.
func (m *merger) keepUp(ctx context.Context) {
	for ctx.Err() == nil {
		var n int
		if err := m.l.row(ctx, `SELECT count(*) FROM packed_segments WHERE state = 'used'`).Scan(&n); err != nil || n <= m.l.sizes.most {
			return
		}
		if did, err := m.step(ctx); err != nil || !did {
			return // the background tells
		}
	}
}

// improve does what s asks for first.
func (l *Library) improve(ctx context.Context, s *shape) (did bool, err error) {
	switch {
	case len(s.left) > 0:
		return true, l.clear(ctx, s.left[0])
	case s.busy:
		return false, errBusy
	case len(s.stale) > 0:
		return true, l.forget(ctx, s.stale[0].first, s.stale[0].end, s.stale[0].id)
	}
	if i := s.purged(); i >= 0 {
		return true, l.merge(ctx, s.list.segments[i:i+1])
	}
	if s.list.unpacked {
		return true, l.packNext(ctx, l.sizes.step)
	}
	if from, to := s.list.mergeable(l.sizes); from < to {
		return true, l.merge(ctx, s.list.segments[from:to])
	}
	return false, nil
}

// merge writes one segment in place of inputs, without what is dead. errLost
// when they are in use no more.
func (l *Library) merge(ctx context.Context, inputs []packedSegment) error {
	first, end := inputs[0].first, inputs[len(inputs)-1].end
	b, err := l.build(ctx, first, end)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			b.abandon(ctx)
		}
	}()
	var segments []*packed.Segment
	var dead []*packed.Bitmap
	var last int64
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		query := queryFunc(tx.QueryContext)
		if err := tx.QueryRowContext(ctx, `SELECT ifnull(max(id), 0) FROM packed_dead`).Scan(&last); err != nil {
			return err
		}
		for _, s := range inputs {
			// Past the cache of those that search.
			segment, err := packed.Open(reading(ctx, query), s.meta, blobSource{l, s.id})
			if err != nil {
				return err
			}
			rows, err := readDead(ctx, query, deadOfQuery, s.first, s.end, s.deadTo)
			if err != nil {
				return err
			}
			spans := make([]keySpan, len(rows))
			for i, d := range rows {
				spans[i] = d.keySpan
			}
			segments = append(segments, segment)
			dead = append(dead, deadBitmap(segment, spans))
		}
		return nil
	})
	var meta packed.Meta
	if err == nil {
		meta, err = packed.Merge(ctx, segments, dead, b.sink(ctx))
	}
	if err != nil {
		return l.lost(ctx, inputs, err)
	}
	ids := make([]int64, len(inputs))
	for i, s := range inputs {
		ids[i] = s.id
	}
	if err := b.flush(ctx); err != nil {
		return err
	}
	err = l.write(ctx, func(ctx context.Context, w *writer) error {
		replaced, err := w.exec(ctx, `UPDATE packed_segments SET state = 'replaced' WHERE state = 'used' AND id IN (SELECT value FROM json_each(?))`, jsonIDs(ids))
		if err != nil {
			return err
		}
		if n, err := replaced.RowsAffected(); err != nil || int(n) != len(ids) {
			return errors.Join(err, errLost)
		}
		return b.finish(ctx, w, meta, last)
	})
	if err != nil {
		return err
	}
	done = true
	for _, id := range ids {
		if err := l.clear(ctx, id); err != nil {
			return err
		}
	}
	return l.forget(ctx, first, end, last)
}

// lost tells damage from inputs that were replaced while they were read.
func (l *Library) lost(ctx context.Context, inputs []packedSegment, err error) error {
	if !errors.Is(err, packed.ErrDamaged) {
		return err
	}
	list, again := l.packedNow(ctx)
	if again != nil {
		return err
	}
	used := make(map[int64]bool, len(list.segments))
	for _, s := range list.segments {
		used[s.id] = true
	}
	for _, s := range inputs {
		if !used[s.id] {
			return errLost
		}
	}
	return err
}

// packedNow is packedAt for the present moment.
func (l *Library) packedNow(ctx context.Context) (list *packedList, err error) {
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		list, err = l.packedAt(ctx, tx.QueryContext)
		return err
	})
	return list, err
}
