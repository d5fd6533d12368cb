package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"
)

// Who holds a connection gets a kept statement while another waits for a
// connection to prepare one.
func TestStatementsWhileAllConnectionsAreTaken(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	l := openQuiet(t, filepath.Join(t.TempDir(), "library.db"))
	if err := l.reads.prepare(ctx, l.readers, generationQuery); err != nil {
		t.Fatal(err)
	}
	var held []*sql.Tx
	for range l.readers.Stats().MaxOpenConnections {
		tx, err := l.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		held = append(held, tx)
	}
	prepared := make(chan error, 1)
	go func() { prepared <- l.reads.prepare(ctx, l.readers, `SELECT 1`) }()
	for l.readers.Stats().WaitCount == 0 {
		time.Sleep(time.Millisecond)
	}
	found := make(chan error, 1)
	go func() {
		rows, err := l.reads.in(held[0])(ctx, generationQuery)
		if err == nil {
			err = rows.Close()
		}
		found <- err
	}()
	select {
	case err := <-found:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the one who holds a connection waits for those who want one")
	}
	for _, tx := range held {
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-prepared; err != nil {
		t.Error(err)
	}
}
