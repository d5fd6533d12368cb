package browsertest

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// site is a server of the pages over a library in a file of its own.
type site struct {
	lib    store.Backend
	asker  *ask.Asker
	origin string
}

// newSite serves documents on a loopback address.
func newSite(t testing.TB, documents ...briefs.Document) *site {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	lib, err := store.Open(t.Context(), log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := lib.PutDocuments(t.Context(), documents); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	s := &site{lib: lib, asker: ask.New(log, lib), origin: "http://" + server.Listener.Addr().String()}
	pages, err := web.New(log, web.Options{
		Library: lib,
		Ask: func(ctx context.Context, q web.Question) (briefs.Answer, error) {
			return s.asker.Ask(ctx, ask.Request{Question: q.Text, Scope: q.Scope, From: q.From, To: q.To})
		},
		Search: s.asker.Search,
		Brief: func(ctx context.Context, q web.Topic) (briefs.Brief, error) {
			return briefs.Brief{Topic: q.Words}, nil
		},
		Now:       time.Now,
		PublicURL: s.origin,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = pages.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return s
}

// read makes a document of a file as it is added.
func read(t testing.TB, id, collection, name, content string) briefs.Document {
	t.Helper()
	d, err := extract.Document(name, []byte(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d.ID, d.Collection, d.Source = briefs.DocumentID(id), collection, name
	structure.Analyze(&d)
	return d
}

// sampleDocuments are those of the embedded sample library.
func sampleDocuments(t testing.TB) []briefs.Document {
	t.Helper()
	var list []briefs.Document
	for _, f := range sample.Documents() {
		list = append(list, read(t, strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name)), f.Collection, f.Name, string(f.Data)))
	}
	return list
}
