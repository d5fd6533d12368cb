package sqlite

import (
	"context"
	"strings"

	"briefdesk/briefs"
)

// RecordFeedback keeps what f.Who says of an answer; what they said of it
// before is replaced. Only the first 1000 bytes of the question and of the note
// are kept. It returns ErrInvalid without an answer, a person or a verdict.
func (l *Library) RecordFeedback(ctx context.Context, f briefs.Feedback) error {
	switch f.Verdict {
	case briefs.Good, briefs.Wrong, briefs.Incomplete, briefs.Outdated:
	default:
		return briefs.Fault(briefs.ErrInvalid, "record feedback: %q is no verdict", f.Verdict)
	}
	if f.Answer == "" || f.Who == "" {
		return briefs.Fault(briefs.ErrInvalid, "record feedback: it needs an answer and a person")
	}
	return l.note(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `INSERT INTO feedback (answer, who, room, question, verdict, note, at) VALUES (?1,?2,?3,?4,?5,?6,?7)
			ON CONFLICT DO UPDATE SET room = ?3, question = ?4, verdict = ?5, note = ?6, at = ?7`,
			valid(string(f.Answer)), valid(f.Who), valid(string(f.Room)), clip(f.Question), string(f.Verdict), strings.TrimSpace(clip(f.Note)), micros(f.At))
		return err
	})
}

// Feedback lists what was said in rooms, in all when none is named, most recent
// first, then by answer and person; at most limit, none when it is below 1.
func (l *Library) Feedback(ctx context.Context, limit int, rooms ...string) ([]briefs.Feedback, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	rows, err := l.rows(ctx, `SELECT answer, who, room, question, verdict, note, at FROM feedback
		WHERE ?1 OR room IN (SELECT value FROM json_each(?2)) ORDER BY at DESC, answer, who LIMIT ?3`, len(rooms) == 0, jsonList(rooms), limit)
	if err != nil {
		return nil, l.explain(err)
	}
	type stored struct {
		at int64
		briefs.Feedback
	}
	found, err := collect(rows, func(f *stored) []any {
		return []any{&f.Answer, &f.Who, &f.Room, &f.Question, &f.Verdict, &f.Note, &f.at}
	})
	if err != nil {
		return nil, l.explain(err)
	}
	all := make([]briefs.Feedback, len(found))
	for i, f := range found {
		all[i] = f.Feedback
		all[i].At = moment(f.at)
	}
	return all, nil
}
