package main

import (
	"context"
	"database/sql"
)

// packedBytes is how much of a library's file its packed tables take.
func packedBytes(ctx context.Context, at string) (n int64, err error) {
	db, err := sql.Open("sqlite", "file:"+libraryFile(at)+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT ifnull(sum(pgsize), 0) FROM dbstat
		WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name GLOB 'packed*')`).Scan(&n)
	return n, err
}
