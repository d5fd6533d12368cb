package store_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
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

// What fails below is reported by those who ask and add, not passed over.
func TestFaultsAreReported(t *testing.T) {
	ctx, log := context.Background(), slog.New(slog.DiscardHandler)
	lib, err := store.Open(ctx, log, filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	paper := filepath.Join(t.TempDir(), "paper.txt")
	if err := os.WriteFile(paper, []byte("The Lorem Desk (LD) failed because of the cold.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	for _, method := range []string{"", "PutDocuments", "Search", "DocFreq", "Acronyms", "Document"} {
		f := &storetest.Faulty{Backend: lib, Fault: func(m string) error {
			if m == method {
				return broken
			}
			return nil
		}}
		report, err := ingest.New(log, f, ingest.Options{}).Add(ctx, paper)
		if failed := err != nil || len(report.Problems) > 0; failed != (method == "PutDocuments") {
			t.Errorf("%q breaks: add says %+v, %v", method, report, err)
		}
		if method == "PutDocuments" {
			continue
		}
		answer, err := ask.New(log, f).Ask(ctx, ask.Request{Question: "Why did the LD fail?", Scope: briefs.Everything()})
		if errors.Is(err, broken) != (method != "") {
			t.Errorf("%q breaks: ask says %+v, %v", method, answer, err)
		}
	}
}

// Each method of the inbox and of the keeper can be made to fail.
func TestInboxFaults(t *testing.T) {
	broken := errors.New("broken")
	for _, of := range []reflect.Type{reflect.TypeFor[store.Inbox](), reflect.TypeFor[store.Keeper]()} {
		for i := range of.NumMethod() {
			name := of.Method(i).Name
			f := reflect.ValueOf(&storetest.Faulty{Fault: func(m string) error {
				if m == name {
					return broken
				}
				return nil
			}}).MethodByName(name)
			args := []reflect.Value{reflect.ValueOf(context.Background())}
			for j := 1; j < f.Type().NumIn() && (!f.Type().IsVariadic() || j < f.Type().NumIn()-1); j++ {
				args = append(args, reflect.Zero(f.Type().In(j)))
			}
			results := f.Call(args)
			if err, _ := results[len(results)-1].Interface().(error); !errors.Is(err, broken) {
				t.Errorf("%s: %v, want the fault", name, err)
			}
		}
	}
}
