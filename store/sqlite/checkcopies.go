package sqlite

import (
	"context"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
)

// sketch checks that the sketch of a document is filed, and nothing else as
// far as its hashes tell.
func (c *checker) sketch(h *held) error {
	var filed int
	err := c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM sketches WHERE collection = ?1 AND hash IN (SELECT value FROM json_each(?2)) AND document = ?3`,
		h.collection, jsonHashes(h.sketch), h.key).Scan(&filed)
	if err != nil {
		return err
	}
	c.hashes += filed
	want := len(h.sketch)
	if h.withdrawn {
		want = 0
	}
	if filed == want || filed == 0 && c.sketched < h.key && h.key <= c.unsketched {
		return nil
	}
	return c.report("document %q: its copies cannot be found, for its sketch is another one", h.id)
}

// copies checks that every copy has an original that it repeats.
func (c *checker) copies() error {
	var filed int
	if err := c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM sketches`).Scan(&filed); err != nil {
		return err
	}
	if filed != c.hashes {
		if err := c.report("%d hashes of sketches belong to no document", filed-c.hashes); err != nil {
			return err
		}
	}
	rows, err := c.tx.QueryContext(c.ctx, `SELECT d.id, d.key, d.revision, ifnull(o.key, 0), ifnull(o.revision, 0),
			ifnull(o.original IS NULL AND o.collection = d.collection AND NOT o.withdrawn AND NOT d.withdrawn, 0)
		FROM documents d LEFT JOIN documents o ON o.key = d.original WHERE d.original IS NOT NULL ORDER BY d.original, d.key`)
	if err != nil {
		return err
	}
	type row struct {
		id                      string
		key, original           int64
		revision, originalPlace int
		sound                   bool
	}
	all, err := collect(rows, func(r *row) []any {
		return []any{&r.id, &r.key, &r.revision, &r.original, &r.originalPlace, &r.sound}
	})
	if err != nil {
		return err
	}
	var last int64
	var original *copies.Piece
	for _, r := range all {
		fault := !r.sound
		if !fault {
			if r.original != last {
				if original, err = c.piece(c.ctx, r.original, r.originalPlace); err != nil {
					return err
				}
				last = r.original
			}
			piece, err := c.piece(c.ctx, r.key, r.revision)
			if err != nil {
				return err
			}
			fault = !copies.Same(original, piece)
		}
		if fault {
			if err := c.report("document %q is filed as a copy of one that it does not repeat", r.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) piece(ctx context.Context, key int64, revision int) (*copies.Piece, error) {
	var d briefs.Document
	var structure []byte
	err := c.tx.QueryRowContext(ctx, `SELECT d.title, r.structure, r.text FROM revisions r JOIN documents d ON d.key = r.document WHERE r.document = ? AND r.n = ?`, key, revision).
		Scan(&d.Title, &structure, &d.Text)
	if err != nil {
		return nil, err
	}
	if decodeStructure(structure, &d) != nil {
		return &copies.Piece{}, nil // reported with the revisions
	}
	return copies.Read(&d), nil
}
