package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"briefdesk/briefs"
)

const deliveryColumns = `key, id, schedule, room, local, zone, due, by_hand, first_local, first_due, missed,
	state, known, attempts, retry, composed, ended, why, token`

// storedDelivery is a row of deliveries.
type storedDelivery struct {
	key, token                                       int64
	due, firstDue, known, retried, composed, endedAt int64
	briefs.Delivery
}

func (d *storedDelivery) fields() []any {
	return []any{
		&d.key, &d.Key, &d.Schedule, &d.Room, &d.Slot.Local, &d.Slot.Zone, &d.due, &d.ByHand, &d.First.Local, &d.firstDue, &d.Missed,
		&d.State, &d.known, &d.Attempts, &d.retried, &d.composed, &d.endedAt, &d.Why, &d.token,
	}
}

func (d *storedDelivery) delivery() briefs.Delivery {
	d.Slot.At, d.First.At, d.Known = moment(d.due), moment(d.firstDue), moment(d.known)
	d.Retry, d.Composed, d.Ended = moment(d.retried), moment(d.composed), moment(d.endedAt)
	if d.First.Local != "" {
		d.First.Zone = d.Slot.Zone
	}
	return d.Delivery
}

// storedPart is a row of delivery_parts.
type storedPart struct {
	delivery int64
	body     []byte
	briefs.SentPart
}

func (p *storedPart) fields() []any {
	return []any{&p.delivery, &p.body, &p.Begun, &p.Sent, &p.Receipt}
}

// parts reads rows of delivery_parts by their delivery.
func parts(rows *sql.Rows) (map[int64][]briefs.SentPart, error) {
	found, err := collect(rows, (*storedPart).fields)
	if err != nil {
		return nil, err
	}
	all := map[int64][]briefs.SentPart{}
	for _, p := range found {
		if p.body != nil {
			if err := json.Unmarshal(p.body, &p.Part); err != nil {
				return nil, briefs.Fault(briefs.ErrDamaged, "a part of a delivery cannot be read: check the library with: briefdesk library check")
			}
		}
		all[p.delivery] = append(all[p.delivery], p.SentPart)
	}
	return all, nil
}

const partsQuery = `SELECT delivery, body, begun, sent, receipt FROM delivery_parts WHERE delivery IN (SELECT value FROM json_each(?)) ORDER BY delivery, n`

// delivery reads one row inside a transaction of the writer.
func (w *writer) delivery(ctx context.Context, key int64) (briefs.Delivery, int64, error) {
	var d storedDelivery
	if err := w.row(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE key = ?`, key).Scan(d.fields()...); err != nil {
		return briefs.Delivery{}, 0, err
	}
	s, err := w.stmt(ctx, partsQuery)
	if err != nil {
		return briefs.Delivery{}, 0, err
	}
	rows, err := s.QueryContext(ctx, jsonKeys([]int64{key}, func(k int64) int64 { return k }))
	if err != nil {
		return briefs.Delivery{}, 0, err
	}
	byKey, err := parts(rows)
	d.Parts = byKey[key]
	return d.delivery(), d.token, err
}

// Deliveries lists what was due of a schedule, of all when id is empty, in one
// of states, in any when none is named; the latest slot first, at most limit,
// none when it is below 1.
func (l *Library) Deliveries(ctx context.Context, id briefs.ScheduleID, limit int, states ...briefs.DeliveryState) ([]briefs.Delivery, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	var all []briefs.Delivery
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries
			WHERE (?1 = '' OR schedule = ?1) AND (?2 OR state IN (SELECT value FROM json_each(?3))) ORDER BY due DESC, key DESC LIMIT ?4`,
			string(id), len(states) == 0, jsonList(states), limit)
		if err != nil {
			return err
		}
		found, err := collect(rows, (*storedDelivery).fields)
		if err != nil {
			return err
		}
		if rows, err = tx.QueryContext(ctx, partsQuery, jsonKeys(found, func(d storedDelivery) int64 { return d.key })); err != nil {
			return err
		}
		byKey, err := parts(rows)
		for _, d := range found {
			d.Parts = byKey[d.key]
			all = append(all, d.delivery())
		}
		return err
	})
	return all, l.explain(err)
}

// CountDeliveries counts what was due by the states it has come to.
func (l *Library) CountDeliveries(ctx context.Context) (map[briefs.DeliveryState]int, error) {
	rows, err := l.rows(ctx, `SELECT state, count(*) FROM deliveries GROUP BY state`)
	if err != nil {
		return nil, l.explain(err)
	}
	type stored struct {
		state briefs.DeliveryState
		n     int
	}
	found, err := collect(rows, func(s *stored) []any { return []any{&s.state, &s.n} })
	counts := map[briefs.DeliveryState]int{}
	for _, s := range found {
		counts[s.state] = s.n
	}
	return counts, l.explain(err)
}

// unfreeze lets a briefing that quotes the document, and of which nothing was
// sent yet, be composed again: the document is being purged. A claim on it is
// void.
func (w *writer) unfreeze(ctx context.Context, document int64) error {
	const quoting = ` state = 'frozen' AND briefing IN (SELECT briefing FROM briefing_sources WHERE document = ?)
		AND NOT EXISTS (SELECT 1 FROM delivery_parts p WHERE p.delivery = deliveries.key AND p.begun)`
	if _, err := w.exec(ctx, `DELETE FROM delivery_parts WHERE delivery IN (SELECT key FROM deliveries WHERE`+quoting+`)`, document); err != nil {
		return err
	}
	// What is left without a part is what was meant.
	if _, err := w.exec(ctx, `DELETE FROM briefings WHERE pending AND key IN (SELECT briefing FROM deliveries d WHERE d.state = 'frozen'
		AND NOT EXISTS (SELECT 1 FROM delivery_parts p WHERE p.delivery = d.key))`); err != nil {
		return err
	}
	_, err := w.exec(ctx, `UPDATE deliveries SET state = 'planned', composed = 0, token = token + 1, lease = 0 WHERE state = 'frozen'
		AND NOT EXISTS (SELECT 1 FROM delivery_parts p WHERE p.delivery = deliveries.key)`)
	return err
}
