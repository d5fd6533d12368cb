package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver
)

// fts5 is SQLite's own index as it comes, in the same build of SQLite: a table
// with the columns of a passage, its defaults but for the tokenizer, which
// takes the terms as they are, and for the weights, those of briefdesk.
type fts5 struct {
	db     *sql.DB
	search *sql.Stmt
}

func openFTS5(ctx context.Context, at string) (*fts5, error) {
	path := "file:" + filepath.Join(at, "fts5.db") + "?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-65536)"
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // its pages are cached once
	f := &fts5{db: db}
	for _, s := range []string{
		`CREATE VIRTUAL TABLE IF NOT EXISTS t USING fts5(id UNINDEXED, title, heading, byline, body, tokenize = "ascii tokenchars '_'")`,
		`INSERT INTO t (t, rank) VALUES ('rank', 'bm25(1.0, 2.0, 1.5, 0.5, 1.0)')`,
	} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			db.Close()
			return nil, err
		}
	}
	if f.search, err = db.PrepareContext(ctx, `SELECT id FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10`); err != nil {
		db.Close()
		return nil, err
	}
	return f, nil
}

// rowsBatch is how many rows one transaction adds.
const rowsBatch = 1000

func (f *fts5) Add(ctx context.Context, dir string, n int) error {
	var tx *sql.Tx
	var insert *sql.Stmt
	defer func() {
		if tx != nil {
			_ = tx.Rollback() // after an error
		}
	}()
	rows := 0
	err := eachTerms(termsFile(dir, n), func(t terms) (err error) {
		if tx == nil {
			if tx, err = f.db.BeginTx(ctx, nil); err != nil {
				return err
			}
			if insert, err = tx.PrepareContext(ctx, `INSERT INTO t (id, title, heading, byline, body) VALUES (?,?,?,?,?)`); err != nil {
				return err
			}
		}
		if _, err := insert.ExecContext(ctx, t.id, t.title, t.heading, t.byline, t.body); err != nil {
			return err
		}
		if rows++; rows%rowsBatch == 0 {
			err = tx.Commit()
			tx = nil
		}
		return err
	})
	if err == nil && tx != nil {
		err = tx.Commit()
		tx = nil
	}
	return err
}

func (f *fts5) Search(ctx context.Context, q question) (ids []string, err error) {
	rows, err := f.search.QueryContext(ctx, `"`+strings.Join(q.Terms, `" OR "`)+`"`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func (f *fts5) Process() int { return os.Getpid() }
func (f *fts5) CPU() float64 { return ownCPU() }
func (f *fts5) Close() error { return f.db.Close() }
