package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"briefdesk/briefs"
)

// maxAskedAbout bounds the questions told of one quote.
const maxAskedAbout = 100

// RecordAsked notes that q.Question was asked in q.Room at q.Last, and what
// was quoted for it. The same question (but for case, spaces and closing
// punctuation) in the same room is one that counts up and keeps the latest
// wording, reason and quotes; First and Count of q are ignored, and so are
// Quotes when Reason is set. A quote of a revision that the library does not
// have is left out. Only the first 1000 bytes of the question are kept. It
// returns ErrInvalid for a question without a word.
func (l *Library) RecordAsked(ctx context.Context, q briefs.Asked) error {
	question := strings.TrimSpace(clip(q.Question))
	asked := normal(question)
	if asked == "" {
		return briefs.Fault(briefs.ErrInvalid, "record question: it has no word")
	}
	at := q.Last.UnixMicro()
	var answered any
	if q.Reason == "" {
		answered = at
	}
	return l.note(ctx, func(ctx context.Context, w *writer) error {
		var key int64
		var latest sql.NullInt64
		err := w.row(ctx, `INSERT INTO asked (room, asked, question, reason, first, last, answered, count) VALUES (?1,?2,?3,?4,?5,?5,?6,1)
			ON CONFLICT (room, asked) DO UPDATE SET count = count + 1, first = min(first, excluded.first), last = max(last, excluded.last),
			question = CASE WHEN excluded.last >= last THEN excluded.question ELSE question END,
			reason = CASE WHEN excluded.last >= last THEN excluded.reason ELSE reason END,
			answered = CASE WHEN excluded.answered IS NULL OR answered > excluded.answered THEN answered ELSE excluded.answered END
			RETURNING key, answered`, valid(q.Room), asked, question, string(q.Reason), at, answered).Scan(&key, &latest)
		if err != nil || q.Reason != "" {
			return err
		}
		newest := latest.Int64 == at
		if newest {
			if _, err := w.exec(ctx, `UPDATE asked_quotes SET place = NULL WHERE asked = ? AND place IS NOT NULL`, key); err != nil {
				return err
			}
		}
		for i, r := range q.Quotes {
			var place any
			if newest {
				place = i + 1
			}
			if _, err := w.exec(ctx, `INSERT INTO asked_quotes (document, revision, start, stop, asked, place)
				SELECT r.document, r.n, ?3, ?4, ?5, ?6 FROM documents d JOIN revisions r ON r.document = d.key
				WHERE d.id = ?1 AND r.n = ?2 AND 0 <= ?3 AND ?3 < ?4 AND ?4 <= r.bytes
				ON CONFLICT (document, revision, start, stop, asked) DO UPDATE SET place = ifnull(place, excluded.place)`,
				string(r.Document), r.Revision, r.Start, r.End, key, place); err != nil {
				return err
			}
		}
		return nil
	})
}

const askedColumns = `a.key, a.room, a.question, a.reason, a.first, a.last, a.count`

// Asked lists what was asked in rooms, in all rooms when none is named, most
// recent first, then by room and question; at most limit, none when it is
// below 1.
func (l *Library) Asked(ctx context.Context, limit int, rooms ...string) ([]briefs.Asked, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	if len(rooms) == 0 {
		return l.asked(ctx, `SELECT `+askedColumns+` FROM asked a ORDER BY a.last DESC, a.room, a.asked LIMIT ?`, limit)
	}
	// The latest of each room first, so that a long history is not sorted.
	return l.asked(ctx, `SELECT `+askedColumns+` FROM (SELECT DISTINCT value AS room FROM json_each(?1)) j
		CROSS JOIN asked a ON a.key IN (SELECT b.key FROM asked b WHERE b.room = j.room ORDER BY b.last DESC, b.asked LIMIT ?2)
		ORDER BY a.last DESC, a.room, a.asked LIMIT ?2`, jsonList(rooms), limit)
}

// AskedAbout lists the questions of rooms, of all rooms when none is named,
// of which any answer quoted exactly r, most recent first; at most 100.
func (l *Library) AskedAbout(ctx context.Context, r briefs.Ref, rooms ...string) ([]briefs.Asked, error) {
	return l.asked(ctx, `SELECT `+askedColumns+` FROM asked_quotes q JOIN asked a ON a.key = q.asked
		WHERE q.document = (SELECT key FROM documents WHERE id = ?1) AND q.revision = ?2 AND q.start = ?3 AND q.stop = ?4
			AND (?5 OR a.room IN (SELECT value FROM json_each(?6)))
		ORDER BY a.last DESC, a.room, a.asked LIMIT ?7`,
		string(r.Document), r.Revision, r.Start, r.End, len(rooms) == 0, jsonList(rooms), maxAskedAbout)
}

// asked reads the questions that query selects, and their latest quotes.
func (l *Library) asked(ctx context.Context, query string, args ...any) ([]briefs.Asked, error) {
	const quotes = `SELECT q.asked, d.id, q.revision, q.start, q.stop
		FROM json_each(?) j CROSS JOIN asked_quotes q ON q.asked = j.value CROSS JOIN documents d ON d.key = q.document
		WHERE q.place IS NOT NULL ORDER BY q.asked, q.place`
	if err := l.reads.prepare(ctx, l.readers, query, quotes); err != nil {
		return nil, l.explain(err)
	}
	var all []briefs.Asked
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		run := l.reads.in(tx)
		rows, err := run(ctx, query, args...)
		if err != nil {
			return err
		}
		type stored struct {
			key, first, last int64
			briefs.Asked
		}
		found, err := collect(rows, func(s *stored) []any {
			return []any{&s.key, &s.Room, &s.Question, &s.Reason, &s.first, &s.last, &s.Count}
		})
		if err != nil || len(found) == 0 {
			return err
		}
		at := make(map[int64]int, len(found))
		for i, s := range found {
			s.First, s.Last = time.UnixMicro(s.first).UTC(), time.UnixMicro(s.last).UTC()
			all = append(all, s.Asked)
			at[s.key] = i
		}
		if rows, err = run(ctx, quotes, jsonKeys(found, func(s stored) int64 { return s.key })); err != nil {
			return err
		}
		type quoted struct {
			asked int64
			briefs.Ref
		}
		shown, err := collect(rows, func(q *quoted) []any {
			return []any{&q.asked, &q.Document, &q.Revision, &q.Start, &q.End}
		})
		for _, q := range shown {
			a := &all[at[q.asked]]
			a.Quotes = append(a.Quotes, q.Ref)
		}
		return err
	})
	return all, l.explain(err)
}
