package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"briefdesk/briefs"
)

// maxForgotten bounds what one transaction of ForgetIncoming drops, so that
// others need not wait for all of it.
const maxForgotten = 1000

// Receive enters each of all whose Key and Aliases are all unknown, and
// remembers their keys; it returns how many were new. It returns ErrInvalid
// when one has no key: nothing is then entered.
func (l *Library) Receive(ctx context.Context, all []briefs.Incoming) (added int, err error) {
	if len(all) == 0 {
		return 0, ctx.Err()
	}
	for _, in := range all {
		if in.Key == "" {
			return 0, briefs.Fault(briefs.ErrInvalid, "receive: it has no key")
		}
	}
	err = l.record(ctx, func(ctx context.Context, w *writer) error {
		for i := range all {
			entered, err := w.receive(ctx, &all[i])
			if err != nil {
				return err
			}
			if entered {
				added++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func (w *writer) receive(ctx context.Context, in *briefs.Incoming) (entered bool, err error) {
	names := jsonList(append([]string{valid(in.Key)}, in.Aliases...))
	var known bool
	err = w.row(ctx, `SELECT EXISTS (SELECT 1 FROM incoming_keys WHERE id IN (SELECT value FROM json_each(?)))`, names).Scan(&known)
	if err != nil || known {
		return false, err
	}
	body := in.Body
	if body == nil {
		body = []byte{}
	}
	var key int64
	err = w.row(ctx, `INSERT INTO incoming (id, platform, lane, at, state, head, body) VALUES (?1, ?2, ?3, ?4, 'waiting',
		?3 = '' OR NOT EXISTS (SELECT 1 FROM incoming WHERE platform = ?2 AND lane = ?3 AND state = 'waiting'), ?5) RETURNING key`,
		valid(in.Key), valid(in.Platform()), valid(in.Lane), micros(in.At), body).Scan(&key)
	if err != nil {
		return false, err
	}
	_, err = w.exec(ctx, `INSERT INTO incoming_keys (id, incoming) SELECT value, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`, names, key)
	return true, err
}

// Take takes on, until now and lease, what came first to platform and may be
// worked on: no other of its lane that came before is waiting or being worked
// on, and it was not put back beyond now. It reports false when there is none.
// Aliases are not given back.
func (l *Library) Take(ctx context.Context, platform, owner string, now time.Time, lease time.Duration) (t briefs.Taken, ok bool, err error) {
	// A time beyond farRetry was written by a clock that was ahead.
	const first = `SELECT key FROM incoming WHERE platform = ?1 AND head AND (free <= ?2 OR free > ?3) ORDER BY key LIMIT 1`
	args := []any{valid(platform), micros(now), micros(now.Add(max(farRetry, 2*lease)))}
	// Asked of the readers first: most of the time there is nothing to do, and
	// the writer is needed by others.
	var key int64
	if err := l.row(ctx, first, args...).Scan(&key); errors.Is(err, sql.ErrNoRows) {
		return briefs.Taken{}, false, nil
	} else if err != nil {
		return briefs.Taken{}, false, l.explain(err)
	}
	err = l.note(ctx, func(ctx context.Context, w *writer) error {
		err := w.row(ctx, first, args...).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.exec(ctx, `UPDATE incoming SET owner = ?, token = token + 1, free = ?, attempts = attempts + 1 WHERE key = ?`,
			valid(owner), micros(now.Add(lease)), key); err != nil {
			return err
		}
		ok = true
		t, err = w.incoming(ctx, key)
		return err
	})
	if err != nil || !ok {
		return briefs.Taken{}, false, err
	}
	return t, true, nil
}

// incoming reads one row with its replies.
func (w *writer) incoming(ctx context.Context, key int64) (t briefs.Taken, err error) {
	var at, free int64
	err = w.row(ctx, `SELECT id, lane, body, at, token, free, attempts, composed FROM incoming WHERE key = ?`, key).
		Scan(&t.Key, &t.Lane, &t.Body, &at, &t.Token, &free, &t.Attempts, &t.Composed)
	t.At, t.Lease = moment(at), moment(free)
	if err != nil || !t.Composed {
		return t, err
	}
	s, err := w.stmt(ctx, `SELECT message, begun, sent, receipt FROM incoming_replies WHERE incoming = ? ORDER BY n`)
	if err != nil {
		return t, err
	}
	rows, err := s.QueryContext(ctx, key)
	if err != nil {
		return t, err
	}
	type stored struct {
		message []byte
		briefs.SentReply
	}
	found, err := collect(rows, func(r *stored) []any { return []any{&r.message, &r.Begun, &r.Sent, &r.Receipt} })
	for _, r := range found {
		if r.Outgoing, err = outgoing(r.message); err != nil {
			return t, err
		}
		t.Replies = append(t.Replies, r.SentReply)
	}
	return t, err
}

// outgoing reads the message of a reply.
func outgoing(message []byte) (o briefs.Outgoing, err error) {
	if json.Unmarshal(message, &o) != nil {
		err = briefs.Fault(briefs.ErrDamaged, "a reply cannot be read: check the library with: briefdesk library check")
	}
	return o, err
}

// Extend prolongs the lease of t. As all that change what is taken it returns
// ErrConflict when t is not the latest claim on it, or its work has ended.
func (l *Library) Extend(ctx context.Context, t briefs.Taken, now time.Time, lease time.Duration) (briefs.Taken, error) {
	t.Lease = now.Add(lease)
	err := l.taken(ctx, l.note, t, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.exec(ctx, `UPDATE incoming SET free = ? WHERE key = ?`, micros(t.Lease), key)
		return err
	})
	return t, err
}

// PutBack gives t back, to be taken again from at on. t is then no claim any
// more.
func (l *Library) PutBack(ctx context.Context, t briefs.Taken, why string, at time.Time) error {
	return l.taken(ctx, l.record, t, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.exec(ctx, `UPDATE incoming SET free = ?, why = ?, token = token + 1, owner = '' WHERE key = ?`, micros(at), valid(why), key)
		return err
	})
}

// End ends t in a final state. Its body and the content of its replies are
// dropped. It returns ErrInvalid for another state, and for Answered while a
// reply is not sent. What t was to show is forgotten when it is given up
// before any reply was begun.
func (l *Library) End(ctx context.Context, t briefs.Taken, state briefs.IncomingState, why string, now time.Time) error {
	switch state {
	case briefs.Answered, briefs.Unsure, briefs.GivenUp:
	default:
		return briefs.Fault(briefs.ErrInvalid, "end %s: the state %q is not final", t.Key, state)
	}
	return l.taken(ctx, l.record, t, func(ctx context.Context, w *writer, key int64) error {
		switch state {
		case briefs.Answered:
			if left, err := w.unsent(ctx, key); err != nil {
				return err
			} else if left {
				return briefs.Fault(briefs.ErrInvalid, "end %s: a reply to it is not sent", t.Key)
			}
		case briefs.GivenUp:
			if _, err := w.exec(ctx, `DELETE FROM shown WHERE key = (SELECT shown FROM incoming WHERE key = ?1)
				AND NOT EXISTS (SELECT 1 FROM incoming_replies WHERE incoming = ?1 AND begun)`, key); err != nil {
				return err
			}
		}
		return w.end(ctx, key, state, why, now)
	})
}

// unsent reports whether a reply is left to be sent.
func (w *writer) unsent(ctx context.Context, key int64) (left bool, err error) {
	err = w.row(ctx, `SELECT EXISTS (SELECT 1 FROM incoming_replies WHERE incoming = ? AND NOT sent)`, key).Scan(&left)
	return left, err
}

func (w *writer) end(ctx context.Context, key int64, state briefs.IncomingState, why string, now time.Time) error {
	var platform, lane string
	if err := w.row(ctx, `UPDATE incoming SET state = ?, why = ?, ended = ?, body = NULL, head = 0, free = 0, owner = '' WHERE key = ? RETURNING platform, lane`,
		string(state), valid(why), micros(now), key).Scan(&platform, &lane); err != nil {
		return err
	}
	if _, err := w.exec(ctx, `UPDATE incoming_replies SET message = NULL WHERE incoming = ?`, key); err != nil || lane == "" {
		return err
	}
	_, err := w.exec(ctx, `UPDATE incoming SET head = 1 WHERE key = (SELECT min(key) FROM incoming WHERE platform = ? AND lane = ? AND state = 'waiting')`, platform, lane)
	return err
}

// taken runs fn in a transaction of commit (note or record) when t is the
// latest claim on what came, whose work has not ended; else it returns
// ErrConflict.
func (l *Library) taken(ctx context.Context, commit func(context.Context, func(context.Context, *writer) error) error, t briefs.Taken,
	fn func(ctx context.Context, w *writer, key int64) error,
) error {
	return commit(ctx, func(ctx context.Context, w *writer) error {
		var key int64
		err := w.row(ctx, `SELECT i.key FROM incoming_keys k JOIN incoming i ON i.key = k.incoming WHERE k.id = ?1 AND i.id = ?1 AND i.token = ?2 AND i.state = 'waiting'`,
			valid(t.Key), t.Token).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			return briefs.Fault(briefs.ErrConflict, "%s: another process has taken it on, or its work has ended", t.Key)
		}
		if err != nil {
			return err
		}
		return fn(ctx, w, key)
	})
}

// CountIncoming counts what came by the states it has come to, and gives when
// the oldest one that waits came; zero for none.
func (l *Library) CountIncoming(ctx context.Context) (counts map[briefs.IncomingState]int, oldest time.Time, err error) {
	rows, err := l.rows(ctx, `SELECT state, count(*), (SELECT min(at) FROM incoming WHERE state = 'waiting') FROM incoming GROUP BY state`)
	if err != nil {
		return nil, time.Time{}, l.explain(err)
	}
	type stored struct {
		state briefs.IncomingState
		n     int
		first sql.NullInt64
	}
	found, err := collect(rows, func(s *stored) []any { return []any{&s.state, &s.n, &s.first} })
	counts = map[briefs.IncomingState]int{}
	for _, s := range found {
		counts[s.state] = s.n
		oldest = moment(s.first.Int64)
	}
	return counts, oldest, l.explain(err)
}

// ForgetIncoming drops what ended before at, with its keys. What it showed
// stays.
func (l *Library) ForgetIncoming(ctx context.Context, before time.Time) (dropped int, err error) {
	for {
		var n int64
		err := l.note(ctx, func(ctx context.Context, w *writer) error {
			r, err := w.exec(ctx, `DELETE FROM incoming WHERE key IN (SELECT key FROM incoming
				WHERE state IN ('answered', 'unsure', 'given_up') AND ended < ? LIMIT ?)`, micros(before), maxForgotten)
			if err != nil {
				return err
			}
			n, err = r.RowsAffected()
			return err
		})
		if err != nil {
			return dropped, err
		}
		if dropped += int(n); n < maxForgotten {
			return dropped, nil
		}
	}
}
