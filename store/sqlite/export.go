package sqlite

import (
	"context"
	"database/sql"
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

// Export calls fn with every revision of every document in s that is not
// withdrawn, by id (bytewise), then revision, all from one moment. Passages
// and Acronyms are not filled. An error of fn ends it and is returned as it
// is. fn may call the library, but not for long: the log of changes made
// meanwhile cannot shrink.
func (l *Library) Export(ctx context.Context, s briefs.Scope, fn func(briefs.Document) error) error {
	var stopped error // an error of fn, passed on as it is
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+documentColumns+`, r.structure, r.text FROM `+documentTables+`
			WHERE NOT d.withdrawn AND (?1 OR c.name IN (SELECT value FROM json_each(?2)))
			ORDER BY d.id, r.n`, s.All(), jsonList(s.Collections()))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var f found
			var structure sql.RawBytes
			if err := rows.Scan(append(f.fields(), &structure, &f.Text)...); err != nil {
				return err
			}
			d := f.Document
			d.Added = time.UnixMicro(f.added).UTC()
			if d.Blocks, d.Enumerations, err = decodeStructure(structure); err != nil {
				return damaged(l.path, "the structure of document "+string(d.ID)+" cannot be read")
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
