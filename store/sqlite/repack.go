package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// unpackedQuery reads passages that are in no segment, with what filters need.
const unpackedQuery = `SELECT p.key, p.document, p.collection, p.first_day, p.last_day, d.publisher, i.c0, i.c1, i.c2, i.c3
	FROM passages p CROSS JOIN documents d ON d.key = p.document CROSS JOIN passage_index_content i ON i.id = p.key
	WHERE p.key >= ? AND p.key < ? ORDER BY p.key`

// packNext packs the next most passages of those that are in no segment, and
// the rest of the last document.
func (l *Library) packNext(ctx context.Context, most int) error {
	var from, end sql.NullInt64
	if err := l.row(ctx, `SELECT unpacked, unpacked_end FROM library`).Scan(&from, &end); err != nil || !from.Valid {
		return err
	}
	b, err := l.build(ctx, from.Int64, end.Int64)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			b.abandon(ctx)
		}
	}()
	builder, through, last, err := l.readUnpacked(ctx, from.Int64, end.Int64, most)
	if err != nil {
		return err
	}
	var meta packed.Meta
	if builder.Passages() > 0 {
		if meta, err = builder.Seal(b.sink(ctx)); err != nil {
			return err
		}
	}
	if err := b.flush(ctx); err != nil {
		return err
	}
	err = l.write(ctx, func(ctx context.Context, w *writer) error {
		moved, err := w.exec(ctx, `UPDATE library SET unpacked = nullif(?1, unpacked_end), unpacked_end = nullif(unpacked_end, ?1)
			WHERE unpacked = ?2 AND unpacked_end = ?3`, through, from, end)
		if err != nil {
			return err
		}
		if n, err := moved.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errLost)
		}
		if _, err := w.exec(ctx, `UPDATE packed_segments SET stop = ? WHERE id = ?`, through, b.id); err != nil {
			return err
		}
		return b.finish(ctx, w, meta, last)
	})
	if err != nil {
		return err
	}
	done = true
	return l.forget(ctx, from.Int64, through, last)
}

// readUnpacked gathers passages from a key on. They are those up to the key
// through, at the moment of the row last of packed_dead.
func (l *Library) readUnpacked(ctx context.Context, from, end int64, most int) (b *packed.Builder, through, last int64, err error) {
	b, through = packed.NewBuilder(), end
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT ifnull(max(id), 0) FROM packed_dead`).Scan(&last); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, unpackedQuery, from, end)
		if err != nil {
			return err
		}
		defer rows.Close()
		var document int64
		var d packed.Document
		var passages []packed.Passage
		for rows.Next() {
			var key, of int64
			var first, last sql.NullInt64
			var next packed.Document
			var p packed.Passage
			err := rows.Scan(&key, &of, &next.Collection, &first, &last, &next.Publisher, &p[packed.Title], &p[packed.Heading], &p[packed.Byline], &p[packed.Body])
			if err != nil {
				return err
			}
			if of != document || key != d.First+int64(len(passages)) {
				if len(passages) > 0 {
					d.Passages = len(passages)
					b.Add(d, passages)
				}
				if b.Passages() >= most {
					through, passages = key, nil
					break
				}
				next.First = key
				next.Dated, next.FirstDay, next.LastDay = first.Valid, int32(first.Int64), int32(last.Int64)
				document, d, passages = of, next, passages[:0]
			}
			passages = append(passages, p)
		}
		if len(passages) > 0 {
			d.Passages = len(passages)
			b.Add(d, passages)
		}
		return errors.Join(rows.Err(), ctx.Err())
	})
	return b, through, last, err
}

// Repack makes the packed index anew, in one segment, whatever state it is in.
// Meanwhile questions are answered without it. progress is told how many of
// all passages are packed, and may be nil.
func (l *Library) Repack(ctx context.Context, progress func(done, all int)) error {
	if l.writer == nil {
		return readOnly(l.path)
	}
	release, err := l.merger.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	l.merger.swept = false
	return l.explain(l.repack(ctx, progress))
}

func (l *Library) repack(ctx context.Context, progress func(done, all int)) error {
	// Nobody else builds from now on: who does finds that it is lost.
	err := l.write(ctx, func(ctx context.Context, w *writer) error {
		for _, q := range []string{
			`UPDATE packed_segments SET state = 'replaced', owner = '', until = 0`,
			`UPDATE library SET next_passage = max(next_passage, (SELECT ifnull(max(key), 0) + 1 FROM passages)), packed = packed + 1`,
			`UPDATE library SET unpacked = (SELECT min(key) FROM passages), unpacked_end = (SELECT max(key) + 1 FROM passages)`,
		} {
			if _, err := w.exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := l.clearAll(ctx); err != nil {
		return err
	}
	for start := time.Now(); ; {
		var from, end sql.NullInt64
		var all int
		if err := l.row(ctx, `SELECT unpacked, unpacked_end, (SELECT ifnull(sum(passages), 0) FROM collections) FROM library`).Scan(&from, &end, &all); err != nil {
			return err
		}
		if !from.Valid {
			break
		}
		if progress != nil {
			var left int
			if err := l.row(ctx, `SELECT count(*) FROM passages WHERE key >= ? AND key < ?`, from, end).Scan(&left); err != nil {
				return err
			}
			progress(max(0, all-left), all)
		}
		switch err := l.packNext(ctx, l.sizes.repack); {
		case errors.Is(err, errBusy), errors.Is(err, errLost): // another process packs them
			if time.Since(start) > patience {
				return briefs.Fault(briefs.ErrUnavailable, "library %s: another process packs it: try again when it is done", l.path)
			}
			if err := pause(ctx); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			start = time.Now()
		}
	}
	if err := l.mergeAll(ctx); err != nil {
		return err
	}
	return l.writer.scrub(ctx)
}

// mergeAll merges all segments that there are.
func (l *Library) mergeAll(ctx context.Context) error {
	list, err := l.packedNow(ctx)
	if err != nil || len(list.segments) < 2 {
		return err
	}
	err = l.merge(ctx, list.segments)
	if errors.Is(err, errBusy) || errors.Is(err, errLost) { // somebody adds or merges, which does as well
		return nil
	}
	return err
}

// clearAll deletes what is in no list: segments that were replaced, and blobs
// without a segment.
func (l *Library) clearAll(ctx context.Context) error {
	replaced, err := l.ids(ctx, `SELECT id FROM packed_segments WHERE state = 'replaced'`)
	if err != nil {
		return err
	}
	for _, id := range replaced {
		if err := l.clear(ctx, id); err != nil {
			return err
		}
	}
	strays, err := l.ids(ctx, `SELECT DISTINCT id >> 24 FROM packed_blobs WHERE (id >> 24) NOT IN (SELECT id FROM packed_segments)`)
	if err != nil {
		return err
	}
	for _, id := range strays {
		for done := false; !done; {
			err := l.write(ctx, func(ctx context.Context, w *writer) (err error) {
				done, err = w.clearSome(ctx, id, l.sizes.bytes)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Library) ids(ctx context.Context, query string) ([]int64, error) {
	rows, err := l.rows(ctx, query)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(id *int64) []any { return []any{id} })
}

// pause waits before it is looked again whether another process is done.
func pause(ctx context.Context) error {
	select {
	case <-time.After(50 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// expunge makes anew the segments that hold what is purged.
func (l *Library) expunge(ctx context.Context) error {
	release, err := l.merger.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	for start := time.Now(); ; {
		s, err := l.shape(ctx, false)
		if err != nil {
			return err
		}
		if len(s.left) == 0 && !s.busy && s.purged() < 0 {
			return nil
		}
		switch i := s.purged(); {
		case len(s.left) > 0:
			err = l.clear(ctx, s.left[0])
		case s.busy:
			err = errBusy
		default:
			err = l.merge(ctx, s.list.segments[i:i+1])
		}
		if errors.Is(err, errBusy) || errors.Is(err, errLost) {
			if time.Since(start) > patience {
				return briefs.Fault(briefs.ErrUnavailable, "library %s: another process packs what holds the document: remove it again when it is done", l.path)
			}
			if err := pause(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
	}
}
