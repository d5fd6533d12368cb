package sqlite

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// maxQuestion bounds what is kept of a question, in bytes: it is there to be
// read by the operator.
const maxQuestion = 1000

// normal is a question as it is told apart from others: without case, spare spaces and
// closing punctuation.
func normal(question string) string {
	q := strings.Join(strings.Fields(strings.ToLower(question)), " ")
	return strings.TrimRightFunc(q, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) })
}

// clip makes s valid UTF-8 of at most maxQuestion bytes.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", " "), "\uFFFD")
	if len(s) <= maxQuestion {
		return s
	}
	n := maxQuestion
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// RecordGap notes that g.Question found no answer in g.Room at g.Last. The
// same question (but for case, spaces and closing punctuation) in the same
// room is one gap that counts up and keeps the latest wording and reason;
// First and Count of g are ignored. Only the first 1000 bytes are kept. It
// returns ErrInvalid for a question without a word.
func (l *Library) RecordGap(ctx context.Context, g briefs.Gap) error {
	question := strings.TrimSpace(clip(g.Question))
	asked := normal(question)
	if asked == "" {
		return briefs.Fault(briefs.ErrInvalid, "record gap: the question has no word")
	}
	return l.note(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `INSERT INTO gaps (room, asked, question, reason, first, last, count) VALUES (?1,?2,?3,?4,?5,?5,1)
			ON CONFLICT (room, asked) DO UPDATE SET count = count + 1, first = min(first, excluded.first), last = max(last, excluded.last),
			question = CASE WHEN excluded.last >= last THEN excluded.question ELSE question END,
			reason = CASE WHEN excluded.last >= last THEN excluded.reason ELSE reason END`,
			g.Room, asked, question, string(g.Reason), g.Last.UnixMicro())
		return err
	})
}

// Gaps lists the gaps of rooms, of all rooms when none is named, most recent
// first, then by room and question.
func (l *Library) Gaps(ctx context.Context, rooms ...string) ([]briefs.Gap, error) {
	type stored struct {
		briefs.Gap
		first, last int64
	}
	rows, err := l.rows(ctx, `SELECT question, reason, room, first, last, count FROM gaps
		WHERE ?1 OR room IN (SELECT value FROM json_each(?2)) ORDER BY last DESC, room, asked`, len(rooms) == 0, jsonList(rooms))
	if err != nil {
		return nil, l.explain(err)
	}
	all, err := collect(rows, func(g *stored) []any {
		return []any{&g.Question, &g.Reason, &g.Room, &g.first, &g.last, &g.Count}
	})
	if err != nil {
		return nil, l.explain(err)
	}
	gaps := make([]briefs.Gap, len(all))
	for i, g := range all {
		gaps[i] = g.Gap
		gaps[i].First, gaps[i].Last = time.UnixMicro(g.first).UTC(), time.UnixMicro(g.last).UTC()
	}
	return gaps, nil
}

// ClearGap forgets one gap. It returns ErrNotFound.
func (l *Library) ClearGap(ctx context.Context, question, room string) error {
	return l.note(ctx, func(ctx context.Context, w *writer) error {
		r, err := w.exec(ctx, `DELETE FROM gaps WHERE room = ? AND asked = ?`, room, normal(strings.TrimSpace(clip(question))))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return briefs.Fault(briefs.ErrNotFound, "there is no such gap: see them with: briefdesk gaps")
	})
}
