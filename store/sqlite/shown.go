package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"briefdesk/briefs"
)

// maxShownIn bounds the answers told of one thread.
const maxShownIn = 50

// lists are the quotes of s in the order of shown_quotes.list.
func lists(s *briefs.Shown) [3]*[]briefs.ShownQuote {
	return [3]*[]briefs.ShownQuote{&s.Quotes, &s.More, &s.Near}
}

// show keeps s and returns its row; 0 when one of its id is there already,
// which stays as it is. A quote of a revision that is not there is left out.
func (w *writer) show(ctx context.Context, s *briefs.Shown) (key int64, err error) {
	form, err := formOf(s)
	if err != nil {
		return 0, err
	}
	r, err := w.exec(ctx, `INSERT INTO shown (id, room, thread, asker, question, kind, reason, enumerated, at, form) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
		valid(string(s.ID)), valid(string(s.Room)), valid(s.Thread), valid(s.Asker), clip(s.Question), string(s.Kind), string(s.Reason), s.Enumerated, micros(s.At), form)
	if err != nil {
		return 0, err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return 0, err
	}
	if key, err = r.LastInsertId(); err != nil {
		return 0, err
	}
	for list, all := range lists(s) {
		for place, q := range *all {
			why, err := json.Marshal(append([]briefs.Feature{}, q.Why...))
			if err != nil {
				return 0, err
			}
			var start, stop any
			if q.LeadIn != nil {
				start, stop = q.LeadIn.Start, q.LeadIn.End
			}
			if _, err := w.exec(ctx, `INSERT INTO shown_quotes (shown, list, place, n, source, depth, document, revision, start, stop, lead_start, lead_stop, why)
				SELECT ?3, ?4, ?5, ?6, ?7, ?8, r.document, r.n, ?9, ?10, ?11, ?12, ?13 FROM documents d JOIN revisions r ON r.document = d.key
				WHERE d.id = ?1 AND r.n = ?2 AND 0 <= ?9 AND ?9 < ?10 AND ?10 <= r.bytes
					AND (?11 IS NULL OR 0 <= ?11 AND ?11 < ?12 AND ?12 <= r.bytes)`,
				string(q.Document), q.Revision, key, list, place, q.N, q.Source, q.Depth, q.Start, q.End, start, stop, string(why)); err != nil {
				return 0, err
			}
		}
	}
	return key, nil
}

// shownForm is shown.form.
type shownForm struct {
	Source   *briefs.AskedSource `json:",omitempty"`
	Parts    []briefs.ShownPart  `json:",omitempty"`
	Disputes map[int]int         `json:",omitempty"` // of Quotes, by their number
}

func formOf(s *briefs.Shown) (string, error) {
	f := shownForm{Source: clipSource(s.Source), Parts: slices.Clone(s.Parts)}
	for i := range f.Parts {
		f.Parts[i].Question, f.Parts[i].Source = clip(f.Parts[i].Question), clipSource(f.Parts[i].Source)
	}
	for _, q := range s.Quotes {
		if q.Dispute > 0 {
			if f.Disputes == nil {
				f.Disputes = map[int]int{}
			}
			f.Disputes[q.N] = q.Dispute
		}
	}
	if f.Source == nil && f.Parts == nil && f.Disputes == nil {
		return "", nil
	}
	out, err := json.Marshal(f)
	return string(out), err
}

// clipSource is s with a name that may be stored.
func clipSource(s *briefs.AskedSource) *briefs.AskedSource {
	if s == nil {
		return nil
	}
	return &briefs.AskedSource{Name: clip(s.Name), Found: s.Found}
}

const shownColumns = `key, id, room, thread, asker, question, kind, reason, enumerated, at, form`

// Shown is an answer that was shown, without the quotes of revisions that are
// gone. It returns ErrNotFound.
func (l *Library) Shown(ctx context.Context, id briefs.AnswerID) (briefs.Shown, error) {
	found, err := l.shown(ctx, `SELECT `+shownColumns+` FROM shown WHERE id = ?`, string(id))
	if err == nil && len(found) == 0 {
		err = briefs.Fault(briefs.ErrNotFound, "there is no such answer")
	}
	if err != nil {
		return briefs.Shown{}, err
	}
	return found[0], nil
}

// ShownIn lists what was shown in a thread of a room, oldest first, at most the
// latest 50. An empty thread stands for those that stood in none.
func (l *Library) ShownIn(ctx context.Context, room briefs.RoomID, thread string) ([]briefs.Shown, error) {
	return l.shown(ctx, `SELECT * FROM (SELECT `+shownColumns+` FROM shown WHERE room = ? AND thread = ? ORDER BY at DESC, key DESC LIMIT ?) ORDER BY at, key`,
		valid(string(room)), valid(thread), maxShownIn)
}

// shown reads the answers that query selects.
func (l *Library) shown(ctx context.Context, query string, args ...any) (all []briefs.Shown, err error) {
	const quotes = `SELECT q.shown, q.list, q.n, q.source, q.depth, d.id, q.revision, q.start, q.stop, q.lead_start, q.lead_stop, q.why
		FROM json_each(?) j CROSS JOIN shown_quotes q ON q.shown = j.value CROSS JOIN documents d ON d.key = q.document ORDER BY q.shown, q.list, q.place`
	if err := l.reads.prepare(ctx, l.readers, query, quotes); err != nil {
		return nil, l.explain(err)
	}
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		run := l.reads.in(tx)
		rows, err := run(ctx, query, args...)
		if err != nil {
			return err
		}
		type stored struct {
			key, at int64
			form    string
			briefs.Shown
		}
		found, err := collect(rows, func(s *stored) []any {
			return []any{&s.key, &s.ID, &s.Room, &s.Thread, &s.Asker, &s.Question, &s.Kind, &s.Reason, &s.Enumerated, &s.at, &s.form}
		})
		if err != nil || len(found) == 0 {
			return err
		}
		places, forms := make(map[int64]int, len(found)), make([]shownForm, len(found))
		for i, s := range found {
			s.At = moment(s.at)
			all = append(all, s.Shown)
			places[s.key] = i
			if err := json.Unmarshal([]byte(cmp.Or(s.form, "{}")), &forms[i]); err != nil {
				return damaged(l.path, "an answer that was shown is not what was stored")
			}
			all[i].Source, all[i].Parts = forms[i].Source, forms[i].Parts
		}
		if rows, err = run(ctx, quotes, jsonKeys(found, func(s stored) int64 { return s.key })); err != nil {
			return err
		}
		type quoted struct {
			shown       int64
			list        int
			start, stop sql.NullInt64 // of the lead-in
			why         []byte
			briefs.ShownQuote
		}
		cited, err := collect(rows, func(q *quoted) []any {
			return []any{&q.shown, &q.list, &q.N, &q.Source, &q.Depth, &q.Document, &q.Revision, &q.Start, &q.End, &q.start, &q.stop, &q.why}
		})
		for _, q := range cited {
			if q.list < 0 || q.list > 2 || json.Unmarshal(q.why, &q.Why) != nil {
				return damaged(l.path, "an answer that was shown is not what was stored")
			}
			if len(q.Why) == 0 {
				q.Why = nil
			}
			if q.start.Valid {
				q.LeadIn = &briefs.Span{Start: int(q.start.Int64), End: int(q.stop.Int64)}
			}
			if q.list == 0 {
				q.Dispute = forms[places[q.shown]].Disputes[q.N]
			}
			list := lists(&all[places[q.shown]])[q.list]
			*list = append(*list, q.ShownQuote)
		}
		return err
	})
	return all, l.explain(err)
}

// ShownAt is the answer that the message of a receipt shows in a room. It
// returns ErrNotFound.
func (l *Library) ShownAt(ctx context.Context, room briefs.RoomID, receipt string) (id briefs.AnswerID, err error) {
	rows, err := l.rows(ctx, `SELECT answer FROM posted_answers WHERE room = ? AND receipt = ?`, valid(string(room)), valid(receipt))
	if err != nil {
		return "", l.explain(err)
	}
	found, err := collect(rows, func(id *briefs.AnswerID) []any { return []any{id} })
	if err == nil && len(found) == 0 {
		err = briefs.Fault(briefs.ErrNotFound, "that message shows no answer")
	}
	if err != nil {
		return "", l.explain(err)
	}
	return found[0], nil
}

// Posted reports whether the bot has posted in a thread of a room, for all to
// see: a reply, or the reply or the briefing that the thread hangs on.
func (l *Library) Posted(ctx context.Context, room briefs.RoomID, thread string) (posted bool, err error) {
	if thread == "" {
		return false, ctx.Err()
	}
	err = l.row(ctx, `SELECT EXISTS (SELECT 1 FROM posted_threads WHERE room = ?1 AND thread = ?2)
		OR EXISTS (SELECT 1 FROM delivery_parts p JOIN deliveries d ON d.key = p.delivery WHERE p.receipt <> '' AND p.receipt = ?2 AND p.sent AND d.room = ?1)`,
		valid(string(room)), valid(thread)).Scan(&posted)
	return posted, l.explain(err)
}
