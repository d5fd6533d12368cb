package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"briefdesk/briefs"
)

// Compose fixes the replies to t, none for silence, and remembers what they
// show, unless shown is nil. What is fixed stays: a later call changes nothing.
// It returns t as it is stored.
func (l *Library) Compose(ctx context.Context, t briefs.Taken, replies []briefs.Outgoing, shown *briefs.Shown) (briefs.Taken, error) {
	if shown != nil && shown.ID == "" {
		return t, briefs.Fault(briefs.ErrInvalid, "compose %s: what it shows has no id", t.Key)
	}
	err := l.taken(ctx, l.note, t, func(ctx context.Context, w *writer, key int64) error {
		r, err := w.exec(ctx, `UPDATE incoming SET composed = 1 WHERE key = ? AND NOT composed`, key)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			if err := w.compose(ctx, key, replies, shown); err != nil {
				return err
			}
		}
		aliases := t.Aliases
		t, err = w.incoming(ctx, key)
		t.Aliases = aliases
		return err
	})
	return t, err
}

func (w *writer) compose(ctx context.Context, key int64, replies []briefs.Outgoing, shown *briefs.Shown) error {
	for i, o := range replies {
		message, err := json.Marshal(o)
		if err != nil {
			return err
		}
		if _, err := w.exec(ctx, `INSERT INTO incoming_replies (incoming, n, message) VALUES (?,?,?)`, key, i+1, string(message)); err != nil {
			return err
		}
	}
	if shown == nil {
		return nil
	}
	row, err := w.show(ctx, shown)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `UPDATE incoming SET answer = ?, shown = ? WHERE key = ?`, string(shown.ID), row, key)
	return err
}

// BeginReply notes that reply n, from 1, is about to be sent.
func (l *Library) BeginReply(ctx context.Context, t briefs.Taken, n int) error {
	return l.taken(ctx, l.record, t, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.mark(ctx, t, key, n, `begun = 1`)
		return err
	})
}

// RetractReply notes that a reply that was begun was certainly not posted.
func (l *Library) RetractReply(ctx context.Context, t briefs.Taken, n int) error {
	return l.taken(ctx, l.record, t, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.mark(ctx, t, key, n, `begun = 0`)
		return err
	})
}

// SentReply notes that a reply was posted. When it was the last one that was
// left, t has ended as Answered.
func (l *Library) SentReply(ctx context.Context, t briefs.Taken, n int, receipt string, now time.Time) error {
	receipt = valid(receipt)
	return l.taken(ctx, l.record, t, func(ctx context.Context, w *writer, key int64) error {
		message, err := w.mark(ctx, t, key, n, `begun = 1, sent = 1, receipt = ?3`, receipt)
		if err != nil {
			return err
		}
		at, err := outgoing(message)
		if err != nil {
			return err
		}
		if receipt != "" {
			if _, err := w.exec(ctx, `INSERT INTO posted_answers (room, receipt, answer) SELECT ?1, ?2, answer FROM incoming WHERE key = ?3 AND answer <> ''
				ON CONFLICT DO UPDATE SET answer = excluded.answer`, valid(string(at.Room)), receipt, key); err != nil {
				return err
			}
		}
		thread := at.Thread
		if thread == "" {
			thread = receipt // a thread may hang on it
		}
		if thread != "" && at.Room != "" && at.Only == "" {
			if _, err := w.exec(ctx, `INSERT INTO posted_threads (room, thread) VALUES (?,?) ON CONFLICT DO NOTHING`, valid(string(at.Room)), valid(thread)); err != nil {
				return err
			}
		}
		left, err := w.unsent(ctx, key)
		if err != nil || left {
			return err
		}
		return w.end(ctx, key, briefs.Answered, "", now)
	})
}

// mark changes a reply that is not sent yet, and returns its message.
func (w *writer) mark(ctx context.Context, t briefs.Taken, key int64, n int, set string, args ...any) (message []byte, err error) {
	err = w.row(ctx, `UPDATE incoming_replies SET `+set+` WHERE incoming = ?1 AND n = ?2 AND NOT sent RETURNING message`, append([]any{key, n}, args...)...).Scan(&message)
	if errors.Is(err, sql.ErrNoRows) {
		err = briefs.Fault(briefs.ErrConflict, "%s: reply %d was sent, or never was", t.Key, n)
	}
	return message, err
}

// unanswer lets what is to be sent be composed again: a document is being
// purged, and it may quote it. A claim on it is void. What was begun is not
// composed again; where it quotes the document it ends.
func (w *writer) unanswer(ctx context.Context, document int64, now time.Time) error {
	const unbegun = ` state = 'waiting' AND composed AND NOT EXISTS (SELECT 1 FROM incoming_replies r WHERE r.incoming = incoming.key AND r.begun)`
	for _, query := range []string{
		`DELETE FROM shown WHERE key IN (SELECT shown FROM incoming WHERE` + unbegun + `)`,
		`DELETE FROM incoming_replies WHERE incoming IN (SELECT key FROM incoming WHERE` + unbegun + `)`,
		`UPDATE incoming SET composed = 0, answer = '', shown = 0, free = 0, token = token + 1, owner = '' WHERE` + unbegun,
	} {
		if _, err := w.exec(ctx, query); err != nil {
			return err
		}
	}
	s, err := w.stmt(ctx, `SELECT key, EXISTS (SELECT 1 FROM incoming_replies r WHERE r.incoming = incoming.key AND r.begun AND NOT r.sent) FROM incoming
		WHERE state = 'waiting' AND composed AND answer IN (SELECT s.id FROM shown_quotes q JOIN shown s ON s.key = q.shown WHERE q.document = ?)`)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, document)
	if err != nil {
		return err
	}
	type begun struct {
		key     int64
		inDoubt bool
	}
	all, err := collect(rows, func(b *begun) []any { return []any{&b.key, &b.inDoubt} })
	if err != nil {
		return err
	}
	for _, b := range all {
		state := briefs.GivenUp
		if b.inDoubt {
			state = briefs.Unsure
		}
		if err := w.end(ctx, b.key, state, "a document that it quotes was purged", now); err != nil {
			return err
		}
	}
	return nil
}
