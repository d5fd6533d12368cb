package store_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/ingest"
	"briefdesk/store"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// A backend serves every consumer.
var (
	_ ask.Library    = store.Backend(nil)
	_ ingest.Library = store.Backend(nil)
)

func TestOpen(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx := context.Background()
	for spec, file := range map[string]string{"a.db": "a.db", "sqlite:b.db": "b.db", "./c:d.db": "c:d.db"} {
		lib, err := store.Open(ctx, slog.New(slog.DiscardHandler), spec, sqlite.Options{})
		if err != nil {
			t.Errorf("%s: %v", spec, err)
			continue
		}
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("%s: %v", spec, err)
		}
	}
	for _, spec := range []string{"", "sqlite:", "postgres://host/db"} {
		if lib, err := store.Open(ctx, slog.New(slog.DiscardHandler), spec, sqlite.Options{}); !errors.Is(err, briefs.ErrInvalid) || lib != nil {
			t.Errorf("%q: %v, want ErrInvalid", spec, err)
		}
	}
}

func TestFaulty(t *testing.T) {
	ctx := context.Background()
	lib, err := store.Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	broken := errors.New("broken")
	f := &storetest.Faulty{Backend: lib, Fault: func(method string) error {
		if method == "Search" {
			return broken
		}
		return nil
	}}
	if _, err := f.PutDocuments(ctx, []briefs.Document{storetest.Document("d", "Text.")}); err != nil {
		t.Error(err)
	}
	if _, err := f.Search(ctx, briefs.Query{}); !errors.Is(err, broken) {
		t.Errorf("error %v, want the planted one", err)
	}
}
