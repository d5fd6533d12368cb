package sqlite

import "context"

// Fold looks for copies among at most most documents of those that an older
// version stored, and returns how many are left. It does nothing in a library
// where none are.
func (l *Library) Fold(ctx context.Context, most int) (left int, err error) {
	if l.writer == nil {
		return 0, nil
	}
	var from, to int64
	if err := l.row(ctx, `SELECT sketched, unsketched FROM library`).Scan(&from, &to); err != nil || from >= to || most < 1 {
		return 0, l.explain(err)
	}
	err = l.write(ctx, func(steady context.Context, w *writer) error {
		if err := w.row(steady, `SELECT sketched, unsketched FROM library`).Scan(&from, &to); err != nil || from >= to {
			return err
		}
		p, err := l.newPutter(steady, w)
		if err != nil {
			return err
		}
		s, err := w.stmt(steady, `SELECT d.key, d.revision, d.withdrawn, c.name FROM documents d JOIN collections c ON c.key = d.collection WHERE d.key > ? AND d.key <= ? ORDER BY d.key LIMIT ?`)
		if err != nil {
			return err
		}
		rows, err := s.QueryContext(steady, from, to, most)
		if err != nil {
			return err
		}
		old, err := collect(rows, func(k *known) []any { return []any{&k.key, &k.revision, &k.withdrawn, &k.meta.collection} })
		if err != nil {
			return err
		}
		through := to
		if len(old) == most {
			through = old[most-1].key
		}
		for _, k := range old {
			if err := ctx.Err(); err != nil {
				return err
			}
			if k.withdrawn {
				continue
			}
			piece, err := p.readPiece(steady, k.key, k.revision)
			if err != nil {
				return err
			}
			c, err := p.collection(steady, k.meta.collection)
			if err != nil {
				return err
			}
			p.fold(k.key, arrival{c.key, piece.Sketch(), nil})
		}
		if err := p.finish(steady); err != nil {
			return err
		}
		if _, err := w.exec(steady, `UPDATE library SET sketched = ?`, through); err != nil {
			return err
		}
		return w.row(steady, `SELECT count(*) FROM documents WHERE key > ? AND key <= ?`, through, to).Scan(&left)
	})
	return left, err
}
