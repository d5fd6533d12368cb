package sqlite

import (
	"context"
	"database/sql"
	"sync"
)

// queryFunc runs a query of several rows.
type queryFunc func(ctx context.Context, query string, args ...any) (*sql.Rows, error)

// maxStatements bounds the prepared statements kept; the texts of all queries
// of this package are fewer.
const maxStatements = 64

// statements keeps the prepared statements of the readers by their text. Its
// zero value is ready for use.
type statements struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

// get returns the prepared form of text; nil when there are too many. The lock
// is not held while a connection is waited for: who holds one may want a
// statement.
func (s *statements) get(ctx context.Context, db *sql.DB, text string) (*sql.Stmt, error) {
	if st, all := s.find(text); st != nil || all {
		return st, nil
	}
	st, err := db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, ok := s.kept[text]; ok { // prepared meanwhile
		_ = st.Close() // only frees memory
		return other, nil
	}
	if s.kept == nil {
		s.kept = make(map[string]*sql.Stmt)
	}
	s.kept[text] = st
	return st, nil
}

// find returns the kept form of text, nil for none, and whether no more are
// kept.
func (s *statements) find(text string) (st *sql.Stmt, all bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[text], len(s.kept) >= maxStatements
}

// query returns a queryFunc of db over the kept statements.
func (s *statements) query(db *sql.DB) queryFunc {
	return func(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
		st, err := s.get(ctx, db, text)
		if err != nil {
			return nil, err
		}
		if st == nil {
			return db.QueryContext(ctx, text, args...)
		}
		return st.QueryContext(ctx, args...)
	}
}

// prepare makes sure that texts are kept.
func (s *statements) prepare(ctx context.Context, db *sql.DB, texts ...string) error {
	for _, text := range texts {
		if _, err := s.get(ctx, db, text); err != nil {
			return err
		}
	}
	return nil
}

// in returns a queryFunc of tx over the statements that are kept already; it
// prepares none, since that would take another connection.
func (s *statements) in(tx *sql.Tx) queryFunc {
	return func(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
		st, _ := s.find(text)
		if st == nil {
			return tx.QueryContext(ctx, text, args...)
		}
		return tx.StmtContext(ctx, st).QueryContext(ctx, args...)
	}
}

// rows runs a kept query on the readers.
func (l *Library) rows(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return l.reads.query(l.readers)(ctx, text, args...)
}

// row runs a kept query of at most one row on the readers.
func (l *Library) row(ctx context.Context, text string, args ...any) rowScanner {
	st, err := l.reads.get(ctx, l.readers, text)
	if err != nil {
		return failedRow{err}
	}
	if st == nil {
		return l.readers.QueryRowContext(ctx, text, args...)
	}
	return st.QueryRowContext(ctx, args...)
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.kept {
		_ = st.Close() // only frees memory
	}
	s.kept = nil
}

// collect reads all rows; fields returns where the columns of one go.
func collect[T any](rows *sql.Rows, fields func(*T) []any) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
