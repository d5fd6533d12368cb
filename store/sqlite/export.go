package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"briefdesk/briefs"
)

// snapshot runs fn with a connection of db that sees one moment of the library.
func snapshot(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // there is nothing to commit
	return fn(tx)
}

// Export calls fn with every revision of every document in s, withdrawn ones
// too, by id (bytewise), then revision, all from one moment. Passages and
// Acronyms are not filled. An error of fn ends it and is returned as it is. A
// revision that is missing, or is not what was stored, ends it with
// ErrDamaged. fn may call the library, but not for long: the log of changes made
// meanwhile cannot shrink.
func (l *Library) Export(ctx context.Context, s briefs.Scope, fn func(briefs.Document) error) error {
	var stopped error // an error of fn, passed on as it is
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		if err := l.complete(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT `+documentColumns+`, r.bytes, r.structure, r.text FROM `+documentTables+`
			WHERE (?1 OR c.name IN (SELECT value FROM json_each(?2)))
			ORDER BY d.id, r.n`, s.All(), jsonList(s.Collections()))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var f found
			var size int
			var structure sql.RawBytes
			if err := rows.Scan(append(f.fields(), &size, &structure, &f.Text)...); err != nil {
				return err
			}
			d := f.Document
			d.Added = time.UnixMicro(f.added).UTC()
			what := revisionFault(&d, size, f.digest, structure)
			if what != "" {
				return damaged(l.path, fmt.Sprintf("document %q revision %d: %s", d.ID, d.Revision, what))
			}
			if stopped = fn(d); stopped != nil {
				return nil
			}
		}
		return rows.Err()
	})
	if stopped != nil {
		return stopped
	}
	return l.explain(err)
}

// complete returns ErrDamaged when a document lacks a revision or its
// collection: a join would pass over it in silence.
func (l *Library) complete(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT d.id FROM documents d
		WHERE NOT EXISTS (SELECT 1 FROM collections c WHERE c.key = d.collection)
			OR (SELECT count(*) <> d.revision OR min(r.n) <> 1 OR max(r.n) <> d.revision FROM revisions r WHERE r.document = d.key)
		LIMIT 1`)
	if err != nil {
		return err
	}
	lacking, err := collect(rows, func(id *string) []any { return []any{id} })
	if err != nil || len(lacking) == 0 {
		return err
	}
	return damaged(l.path, fmt.Sprintf("document %q lacks a revision or its collection", lacking[0]))
}
