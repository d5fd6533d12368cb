package sqlite_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"briefdesk/store"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

func TestMain(m *testing.M) { testMain(m) }

// library opens a library at path for one test.
func library(t *testing.T, path string, o sqlite.Options) *sqlite.Library {
	t.Helper()
	lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	return lib
}

func TestContract(t *testing.T) {
	defer goleak.VerifyNone(t)
	storetest.Run(t, func(t *testing.T) store.Backend {
		return library(t, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	})
}
