package browsertest

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/summary"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// site is a server of the pages over a library in a file of its own.
type site struct {
	lib    store.Backend
	asker  *ask.Asker
	origin string
}

// newSite serves documents on a loopback address, to the operator; adjust may
// change that.
func newSite(t testing.TB, documents []briefs.Document, adjust ...func(*site, *web.Options)) *site {
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
	gather := summary.New(log, lib)
	o := web.Options{
		Library: lib, Ask: s.ask, Search: s.asker.Search, Now: time.Now, PublicURL: s.origin,
		Brief: func(ctx context.Context, q web.Topic) (briefs.Brief, error) {
			return gather.Brief(ctx, summary.Request{Topic: q.Words, Scope: q.Scope, From: q.From, To: q.To})
		},
	}
	for _, change := range adjust {
		change(s, &o)
	}
	pages, err := web.New(log, o)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = pages.Handler()
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections() // Close waits for those that a browser keeps
		server.Close()
	})
	return s
}

// ask answers and records as the product does.
func (s *site) ask(ctx context.Context, q web.Question) (briefs.Answer, error) {
	ans, err := s.asker.Ask(ctx, ask.Request{Question: q.Text, Scope: q.Scope, From: q.From, To: q.To, Publisher: q.Publisher})
	if err != nil {
		return ans, err
	}
	asked := briefs.Asked{Room: q.Room, Question: q.Text, Reason: ans.Reason, Last: time.Now().UTC()}
	for _, c := range slices.Concat(ans.Quotes, ans.More) {
		asked.Quotes = append(asked.Quotes, refOf(c.Quote))
	}
	if err := s.lib.RecordAsked(ctx, asked); err != nil {
		return ans, err
	}
	if !ans.Answered() {
		err = s.lib.RecordGap(ctx, briefs.Gap{Room: q.Room, Question: q.Text, Reason: ans.Reason, Last: asked.Last})
	}
	return ans, err
}

// citations are all that an answer shows, in order.
func citations(ans *briefs.Answer) []briefs.Citation {
	return slices.Concat(ans.Quotes, ans.More, ans.Near)
}

func refOf(q briefs.Quote) briefs.Ref {
	d := q.Document()
	return briefs.Ref{Document: d.ID, Revision: d.Revision, Span: q.Span()}
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
