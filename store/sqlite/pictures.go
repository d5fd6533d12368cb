package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"briefdesk/briefs"
)

// keepPicture stores the picture of a briefing that was just kept.
func (w *writer) keepPicture(ctx context.Context, briefing int64, p *briefs.Picture) error {
	if p == nil {
		return nil
	}
	if len(p.Light) == 0 || len(p.Dark) == 0 || p.Alt == "" {
		return briefs.Fault(briefs.ErrInvalid, "record briefing: its picture is not whole")
	}
	_, err := w.exec(ctx, `INSERT INTO briefing_pictures (briefing, alt, collections, width, height, light, dark) VALUES (?,?,?,?,?,?,?)`,
		briefing, valid(p.Alt), jsonList(p.Collections), p.Width, p.Height, p.Light, p.Dark)
	return err
}

// unpicture drops the pictures that name the publisher of the document, whom no
// other document has: all else that they tell is counts.
func (w *writer) unpicture(ctx context.Context, document int64) error {
	_, err := w.exec(ctx, `DELETE FROM briefing_pictures WHERE EXISTS (SELECT 1 FROM documents d WHERE d.key = ?1 AND d.publisher <> ''
		AND instr(briefing_pictures.alt, d.publisher) AND NOT EXISTS (SELECT 1 FROM documents o WHERE o.publisher = d.publisher AND o.key <> d.key))`, document)
	return err
}

// Picture is the picture of a briefing of rooms, of all when none is named,
// with its files. It returns ErrNotFound alike for another room's, for one
// without a picture and for one that never was.
func (l *Library) Picture(ctx context.Context, id briefs.BriefingID, rooms ...string) (briefs.Picture, error) {
	var p briefs.Picture
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		var collections []byte
		err := tx.QueryRowContext(ctx, `SELECT p.alt, p.collections, p.width, p.height, p.light, p.dark FROM briefings b JOIN briefing_pictures p ON p.briefing = b.key
			WHERE b.id = ?1 AND NOT b.pending AND (?2 OR b.room IN (SELECT value FROM json_each(?3)))`, string(id), len(rooms) == 0, jsonList(rooms)).
			Scan(&p.Alt, &collections, &p.Width, &p.Height, &p.Light, &p.Dark)
		if errors.Is(err, sql.ErrNoRows) {
			return briefs.Fault(briefs.ErrNotFound, "there is no such picture")
		}
		if err == nil && json.Unmarshal(collections, &p.Collections) != nil {
			err = damaged(l.path, "a picture is not what was stored")
		}
		return err
	})
	return p, l.explain(err)
}

// picture is what is known of the picture of a briefing besides its files; nil
// when it has none.
func (a *archive) picture(ctx context.Context, briefing int64) (*briefs.Picture, error) {
	var p briefs.Picture
	var collections []byte
	err := a.tx.QueryRowContext(ctx, `SELECT alt, collections, width, height FROM briefing_pictures WHERE briefing = ?`, briefing).Scan(&p.Alt, &collections, &p.Width, &p.Height)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil && json.Unmarshal(collections, &p.Collections) != nil {
		err = a.damaged()
	}
	return &p, err
}

// pictures checks that each picture has words and two files.
func (c *checker) pictures() error {
	return c.faults(`SELECT 'briefing', b.id, 'a picture that is not whole' FROM briefing_pictures p LEFT JOIN briefings b ON b.key = p.briefing
		WHERE p.alt = '' OR NOT json_valid(p.collections) OR substr(p.light, 2, 3) IS NOT x'504E47' OR substr(p.dark, 2, 3) IS NOT x'504E47'`)
}
