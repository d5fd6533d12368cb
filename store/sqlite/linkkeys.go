package sqlite

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// minSecret is the least size of a key in bytes: that of the hash it is used
// with, SHA-256 (RFC 2104, section 3).
const minSecret = 32

// LinkKeys lists the keys that sign links, newest first; none in a library
// that never had one.
func (l *Library) LinkKeys(ctx context.Context) ([]briefs.LinkKey, error) {
	rows, err := l.rows(ctx, `SELECT id, secret, created FROM link_keys ORDER BY id DESC`)
	if err != nil {
		return nil, l.explain(err)
	}
	defer rows.Close()
	var all []briefs.LinkKey
	for rows.Next() {
		var k briefs.LinkKey
		var created int64
		if err := rows.Scan(&k.ID, &k.Secret, &created); err != nil {
			return nil, l.explain(err)
		}
		k.Created = time.UnixMicro(created).UTC()
		all = append(all, k)
	}
	return all, l.explain(rows.Err())
}

// RotateLinkKey adds the key after newest, the id of the newest one, 0 for
// none; with revoke all older keys go. It returns ErrConflict when newest is not the
// newest any more, ErrInvalid for a secret shorter than 32 bytes.
func (l *Library) RotateLinkKey(ctx context.Context, newest int, secret []byte, at time.Time, revoke bool) error {
	if len(secret) < minSecret {
		return briefs.Fault(briefs.ErrInvalid, "link key: it has %d bytes, and needs %d", len(secret), minSecret)
	}
	return l.write(ctx, func(ctx context.Context, w *writer) error {
		var have int
		if err := w.row(ctx, `SELECT ifnull(max(id), 0) FROM link_keys`).Scan(&have); err != nil {
			return err
		}
		if have != newest {
			return briefs.Fault(briefs.ErrConflict, "link key: another process has changed it meanwhile: look again")
		}
		if _, err := w.exec(ctx, `INSERT INTO link_keys (id, secret, created) VALUES (?,?,?)`, newest+1, secret, at.UnixMicro()); err != nil {
			return err
		}
		if !revoke {
			return nil
		}
		_, err := w.exec(ctx, `DELETE FROM link_keys WHERE id <= ?`, newest)
		return err
	})
}
