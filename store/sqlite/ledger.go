package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"briefdesk/briefs"
)

// farRetry is farther off than any retry that is meant: one that lies there
// was written by a clock that was ahead, and is taken for due.
const farRetry = 24 * time.Hour

// Plan enters deliveries of s, which are Planned or Skipped, and moves
// s.Through on to through; those of known keys stay as they are. It reports
// false, and changes nothing, when another process was first, or s was paused,
// changed or deleted: read the schedules again.
func (l *Library) Plan(ctx context.Context, s briefs.Schedule, through time.Time, due []briefs.Delivery) (planned bool, err error) {
	err = l.record(ctx, func(ctx context.Context, w *writer) error {
		r, err := w.exec(ctx, `UPDATE schedules SET through = ? WHERE id = ? AND through = ? AND moments = ? AND zone = ? AND paused = ''`,
			micros(through), string(s.ID), micros(s.Through), s.When, s.Zone)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if planned = n > 0; err != nil || !planned {
			return err
		}
		for _, d := range due {
			if err := w.plan(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	return planned, err
}

// PlanByHand enters one delivery besides the slots, of a paused schedule too.
// It returns ErrConflict when its key is known.
func (l *Library) PlanByHand(ctx context.Context, d briefs.Delivery) error {
	d.ByHand = true
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		var n int
		if err := w.row(ctx, `SELECT count(*) FROM deliveries WHERE id = ?`, string(d.Key)).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return briefs.Fault(briefs.ErrConflict, "delivery %s: is planned already", d.Key)
		}
		return w.plan(ctx, d)
	})
}

func (w *writer) plan(ctx context.Context, d briefs.Delivery) error {
	if d.Key == "" || (d.State != briefs.Planned && d.State != briefs.Skipped) {
		return briefs.Fault(briefs.ErrInvalid, "plan delivery %q: it has no key, or the state %q", d.Key, d.State)
	}
	_, err := w.exec(ctx, `INSERT INTO deliveries (id, schedule, room, local, zone, due, by_hand, first_local, first_due, missed, state, known, ended, why)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
		string(d.Key), string(d.Schedule), string(d.Room), d.Slot.Local, d.Slot.Zone, micros(d.Slot.At), d.ByHand,
		d.First.Local, micros(d.First.At), d.Missed, string(d.State), micros(d.Known), micros(d.Ended), valid(d.Why))
	return err
}

// Claim takes on the delivery that is due the longest, of keys when any are
// given, until now and lease; owner is told to the operator. It reports false
// when none is to be had at now.
func (l *Library) Claim(ctx context.Context, owner string, now time.Time, lease time.Duration, keys ...briefs.DeliveryKey) (c briefs.Claimed, ok bool, err error) {
	const open = ` FROM deliveries WHERE state IN ('planned', 'frozen') AND due <= ?1 AND (retry <= ?1 OR retry > ?2) AND (lease <= ?1 OR lease > ?3)
		AND (?4 OR id IN (SELECT value FROM json_each(?5))) ORDER BY due, key LIMIT 1`
	far := micros(now.Add(2 * lease))
	args := []any{micros(now), micros(now.Add(farRetry)), far, len(keys) == 0, jsonList(keys)}
	// Asked of the readers first: most of the time there is nothing to do, and
	// the writer is needed by others.
	var key, before, previous int64
	if err := l.row(ctx, `SELECT key`+open, args...).Scan(&key); errors.Is(err, sql.ErrNoRows) {
		return briefs.Claimed{}, false, nil
	} else if err != nil {
		return briefs.Claimed{}, false, l.explain(err)
	}
	c.Lease = now.Add(lease)
	err = l.record(ctx, func(ctx context.Context, w *writer) error {
		// A lease that a clock which was ahead wrote down ends as if it began
		// now: its process may still be at it.
		if _, err := w.exec(ctx, `UPDATE deliveries SET lease = ? WHERE state IN ('planned', 'frozen') AND lease > ?`, micros(c.Lease), far); err != nil {
			return err
		}
		err := w.row(ctx, `SELECT key, lease`+open, args...).Scan(&key, &before)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.exec(ctx, `UPDATE deliveries SET owner = ?, token = token + 1, lease = ?, retry = 0, attempts = attempts + 1 WHERE key = ?`,
			owner, micros(c.Lease), key); err != nil {
			return err
		}
		ok, c.Orphaned = true, before != 0
		if c.Delivery, c.Token, err = w.delivery(ctx, key); err != nil {
			return err
		}
		err = w.row(ctx, `SELECT ifnull(max(composed), 0) FROM deliveries WHERE schedule = ? AND state = 'posted' AND NOT by_hand`, string(c.Schedule)).Scan(&previous)
		c.Previous = moment(previous)
		return err
	})
	return c, ok && err == nil, err
}

// Renew prolongs the lease of c, which must be the latest claim. As all that
// change a claimed delivery it returns ErrConflict when it is not.
func (l *Library) Renew(ctx context.Context, c briefs.Claimed, now time.Time, lease time.Duration) (briefs.Claimed, error) {
	c.Lease = now.Add(lease)
	err := l.claimed(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.exec(ctx, `UPDATE deliveries SET lease = ? WHERE key = ?`, micros(c.Lease), key)
		return err
	})
	return c, err
}

// Freeze fixes the parts of c, at least one, and keeps b, unless it has no id,
// to be shown when they are posted. What is frozen stays: a later call changes
// nothing. It returns c as it is stored.
func (l *Library) Freeze(ctx context.Context, c briefs.Claimed, parts []briefs.Part, b briefs.Briefing, now time.Time) (briefs.Claimed, error) {
	if len(parts) == 0 {
		return c, briefs.Fault(briefs.ErrInvalid, "freeze %s: it has no part", c.Key)
	}
	err := l.claimed(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		r, err := w.exec(ctx, `UPDATE deliveries SET state = ?, composed = ? WHERE key = ? AND state = ?`,
			string(briefs.Frozen), micros(now), key, string(briefs.Planned))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			if err := w.freeze(ctx, key, parts, b); err != nil {
				return err
			}
		}
		c.Delivery, _, err = w.delivery(ctx, key)
		return err
	})
	return c, err
}

func (w *writer) freeze(ctx context.Context, key int64, parts []briefs.Part, b briefs.Briefing) error {
	for i, p := range parts {
		body, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if _, err := w.exec(ctx, `INSERT INTO delivery_parts (delivery, n, body) VALUES (?,?,?)`, key, i+1, string(body)); err != nil {
			return err
		}
	}
	if b.ID == "" {
		return nil
	}
	briefing, err := w.keepBriefing(ctx, b, true)
	if err != nil || briefing == 0 {
		return err
	}
	_, err = w.exec(ctx, `UPDATE deliveries SET briefing = ? WHERE key = ?`, briefing, key)
	return err
}

// Begin notes that a part, from 1, is about to be sent.
func (l *Library) Begin(ctx context.Context, c briefs.Claimed, part int) error {
	return l.mark(ctx, c, part, `begun = 1`)
}

// Retract notes that a part that was begun was certainly not posted.
func (l *Library) Retract(ctx context.Context, c briefs.Claimed, part int) error {
	return l.mark(ctx, c, part, `begun = 0`)
}

// Sent notes that a part was posted.
func (l *Library) Sent(ctx context.Context, c briefs.Claimed, part int, receipt string) error {
	return l.mark(ctx, c, part, `begun = 1, sent = 1, receipt = ?3`, valid(receipt))
}

// mark changes a part of a frozen delivery that is not sent yet.
func (l *Library) mark(ctx context.Context, c briefs.Claimed, part int, set string, args ...any) error {
	return l.claimed(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		r, err := w.exec(ctx, `UPDATE delivery_parts SET `+set+` WHERE delivery = ?1 AND n = ?2 AND NOT sent`, append([]any{key, part}, args...)...)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return briefs.Fault(briefs.ErrConflict, "delivery %s: part %d was sent, or never was", c.Key, part)
	})
}

// Retry gives c back, to be tried again from at on.
func (l *Library) Retry(ctx context.Context, c briefs.Claimed, why string, at time.Time) error {
	return l.claimed(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.exec(ctx, `UPDATE deliveries SET retry = ?, why = ?, lease = 0 WHERE key = ?`, micros(at), valid(why), key)
		return err
	})
}

// Hold keeps c from being tried again until Release: nobody can tell whether a
// part of it was posted.
func (l *Library) Hold(ctx context.Context, c briefs.Claimed, why string, now time.Time) error {
	return l.claimed(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		_, err := w.exec(ctx, `UPDATE deliveries SET state = ?, why = ?, ended = ?, lease = 0 WHERE key = ?`, string(briefs.Held), valid(why), micros(now), key)
		return err
	})
}

// Finish ends c in a final state. Posted wants every part sent, else it
// returns ErrInvalid; the briefing is then shown. The content of the parts is
// dropped.
func (l *Library) Finish(ctx context.Context, c briefs.Claimed, state briefs.DeliveryState, why string, now time.Time) error {
	switch state {
	case briefs.Posted, briefs.Nothing, briefs.Skipped, briefs.Failed:
	default:
		return briefs.Fault(briefs.ErrInvalid, "finish %s: the state %q is not final", c.Key, state)
	}
	return l.claimed(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		if state == briefs.Posted {
			var whole bool
			if err := w.row(ctx, `SELECT count(*) > 0 AND count(*) = sum(sent) FROM delivery_parts WHERE delivery = ?`, key).Scan(&whole); err != nil {
				return err
			}
			if !whole {
				return briefs.Fault(briefs.ErrInvalid, "finish %s: a part of it is not sent", c.Key)
			}
			if _, err := w.exec(ctx, `UPDATE briefings SET pending = 0, posted = ? WHERE key = (SELECT briefing FROM deliveries WHERE key = ?)`, micros(now), key); err != nil {
				return err
			}
		} else if _, err := w.exec(ctx, `DELETE FROM briefings WHERE pending AND key = (SELECT briefing FROM deliveries WHERE key = ?)`, key); err != nil {
			return err
		}
		if _, err := w.exec(ctx, `UPDATE delivery_parts SET body = NULL WHERE delivery = ?`, key); err != nil {
			return err
		}
		_, err := w.exec(ctx, `UPDATE deliveries SET state = ?, why = ?, ended = ?, lease = 0 WHERE key = ?`, string(state), valid(why), micros(now), key)
		return err
	})
}

// Release decides about a held delivery at now: the parts in doubt were
// posted, or are sent again, as if it had just been planned. It returns
// ErrNotFound when none of that key is held.
func (l *Library) Release(ctx context.Context, id briefs.DeliveryKey, posted bool, now time.Time) error {
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		var key int64
		err := w.row(ctx, `SELECT key FROM deliveries WHERE id = ? AND state = ?`, string(id), string(briefs.Held)).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			return briefs.Fault(briefs.ErrNotFound, "no delivery %s is held: see them with: briefdesk schedule history", id)
		}
		if err != nil {
			return err
		}
		if _, err := w.exec(ctx, `UPDATE delivery_parts SET begun = ?1, sent = ?1 WHERE delivery = ?2 AND begun AND NOT sent`, posted, key); err != nil {
			return err
		}
		_, err = w.exec(ctx, `UPDATE deliveries SET state = ?, known = ?, ended = 0, retry = 0, lease = 0, token = token + 1 WHERE key = ?`,
			string(briefs.Frozen), micros(now), key)
		return err
	})
}

// claimed runs fn in a transaction when c is the latest claim on its
// delivery, which is still on its way; else it returns ErrConflict.
func (l *Library) claimed(ctx context.Context, c briefs.Claimed, fn func(ctx context.Context, w *writer, key int64) error) error {
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		var key int64
		err := w.row(ctx, `SELECT key FROM deliveries WHERE id = ? AND token = ? AND state IN ('planned', 'frozen')`, string(c.Key), c.Token).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			return briefs.Fault(briefs.ErrConflict, "delivery %s: another process has taken it on, or it has ended", c.Key)
		}
		if err != nil {
			return err
		}
		return fn(ctx, w, key)
	})
}
