package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/follow"
	"briefdesk/config"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// press serves two articles and a feed of them.
func press(t *testing.T) *httptest.Server {
	t.Helper()
	article := func(title, by, text string) string {
		return `<!doctype html><html lang="en"><head><title>` + title + `</title>` + by + `</head><body><article><h1>` + title + `</h1><p>` +
			strings.Repeat(text+" ", 6) + `</p><p>The harbour master wrote a second paragraph, so that the article is long enough to be one.</p></article></body></html>`
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dues", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, article("Harbour dues rise", `<meta name="author" content="Ana Example"><meta property="article:published_time" content="2031-05-03T08:00:00Z">`,
			"The council raised the harbour dues by a third, because the breakwater has to be rebuilt before winter."))
	})
	mux.HandleFunc("GET /fog", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, article("Fog signals return", "", "The pilots asked for fog signals again, since two ferries had met in the mist of the strait."))
	})
	mux.HandleFunc("GET /feed", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>Strait news</title><link>http://%[1]s/</link><description>d</description>`+
			`<item><title>Harbour dues rise</title><link>http://%[1]s/dues</link></item><item><title>Fog signals return</title><link>http://%[1]s/fog</link></item></channel></rss>`, r.Host)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// mail brings every file with one content.
type mail string

func (m mail) Run(context.Context, bot.Handler) error { return nil }

func (m mail) Send(context.Context, briefs.Outgoing, briefs.DeliveryKey) (string, error) {
	return "", briefs.ErrUnavailable
}

func (m mail) OpenFile(_ context.Context, _ briefs.RoomID, f bot.File, _ int64) ([]byte, error) {
	if f.Ref == "" {
		return nil, briefs.Fault(briefs.ErrNotFound, "%s: was deleted: send it again", f.Name)
	}
	return []byte(m), nil
}

func TestAddedInARoom(t *testing.T) {
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	site, a := press(t), testApp()
	a.now = time.Now
	a.cfg.Collections = map[string]config.Collection{"north": {Sources: []config.Source{{URL: site.URL + "/", Private: true}}}}
	in := &adder{app: a, lib: lib, chats: bot.Mux{"slack": mail("The ferries stopped at noon.\n\nThe ferries stopped because the fog was too thick to see the pier.\n")}}
	add := func(what bot.Addition) (bot.Added, error) {
		t.Helper()
		what.Who, what.Collection = bot.Who{Room: "slack:C1", Author: "slack:U1"}, "north"
		return in.add(t.Context(), what)
	}

	page, err := add(bot.Addition{Address: site.URL + "/dues#top"})
	if err != nil || page.Source != "" || len(page.Documents) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	d := page.Documents[0]
	if d.Document.Title != "Harbour dues rise" || d.Document.Author != "Ana Example" || d.Document.Published != "2031-05-03" || d.Passages < 1 || d.Outcome != briefs.Added || page.Every != follow.DefaultEvery(briefs.SourcePage) {
		t.Errorf("%+v", page)
	}
	if again, err := add(bot.Addition{Address: site.URL + "/dues"}); err != nil || len(again.Documents) != 1 || again.Documents[0].Outcome != briefs.Unchanged {
		t.Errorf("again: %+v, %v", again, err)
	}
	feed, err := add(bot.Addition{Address: site.URL + "/feed"})
	if err != nil || feed.Source != "Strait news" || len(feed.Documents) < 1 || feed.Documents[0].Document.Title != "Fog signals return" || len(feed.Documents)+feed.Unchanged != 2 || feed.Every != follow.DefaultEvery(briefs.SourceFeed) {
		t.Errorf("%+v, %v", feed, err)
	}
	if missing := strings.Join(feed.Documents[0].Missing, ", "); !strings.Contains(missing, "no author") {
		t.Errorf("not understood: %q", missing)
	}
	followed, err := lib.Sources(t.Context(), briefs.Everything())
	if err != nil || len(followed) != 2 || followed[0].By != "slack:U1" || followed[1].By != "slack:U1" {
		t.Errorf("followed: %+v, %v", followed, err)
	}
	shown, err := sourcesOf(t.Context(), lib, briefs.Only("north"))
	if err != nil || len(shown.Sources) != 2 || shown.Sources[1].Name != "Strait news" || shown.Sources[1].Link != site.URL+"/feed" || shown.Sources[1].Failing || shown.Sources[1].Fetched.IsZero() {
		t.Errorf("shown: %+v, %v", shown, err)
	}
	if elsewhere, err := sourcesOf(t.Context(), lib, briefs.Only("south")); err != nil || len(elsewhere.Sources) > 0 {
		t.Errorf("shown elsewhere: %+v, %v", elsewhere, err)
	}

	for address, line := range map[string]string{
		site.URL + "/none":        "/none",
		"http://127.0.0.1:1/dues": "127.0.0.1:1", // private, and not named by the operator
		"http://169.254.169.254/": "169.254.169.254",
	} {
		if added, err := add(bot.Addition{Address: address}); !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), line) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %+v, %v", address, added, err)
		}
	}
	if after, err := lib.Sources(t.Context(), briefs.Everything()); err != nil || len(after) != len(followed) {
		t.Errorf("what cannot be read is a source: %+v, %v", after, err)
	}

	for _, test := range []struct {
		address string
		scope   briefs.Scope
		kind    error
	}{
		{site.URL + "/feed", briefs.Only("south"), briefs.ErrNotFound},
		{site.URL + "/feed", briefs.Only("north"), nil},
		{site.URL + "/feed", briefs.Only("north"), briefs.ErrNotFound},
		{site.URL + "/", briefs.Only("north"), briefs.ErrInvalid}, // the operator's
	} {
		if err := in.remove(t.Context(), bot.Who{}, test.address, test.scope); !errors.Is(err, test.kind) {
			t.Errorf("removed %s of %v: %v, want %v", test.address, test.scope.Collections(), err, test.kind)
		}
	}
	if after, err := lib.Sources(t.Context(), briefs.Everything()); err != nil || len(after) != len(followed)-1 {
		t.Errorf("after one was removed: %+v, %v", after, err)
	}

	file, err := add(bot.Addition{File: bot.File{Name: "../../ferries.txt", Ref: "1"}})
	if err != nil || len(file.Documents) != 1 {
		t.Fatalf("%+v, %v", file, err)
	}
	d = file.Documents[0]
	stored, err := lib.Document(t.Context(), d.Document.ID, 0)
	if err != nil || stored.Collection != "north" || stored.Source != "slack:C1/ferries.txt" || d.Outcome != briefs.Added || d.Passages < 1 {
		t.Errorf("%+v, stored %+v, %v", d, stored, err)
	}
	in.chats["slack"] = mail("The ferries stopped at noon.\n\nThe ferries stopped because the pier had sunk.\n")
	if next, err := add(bot.Addition{File: bot.File{Name: "ferries.txt", Ref: "1"}}); err != nil || next.Documents[0].Document.ID != d.Document.ID || next.Documents[0].Outcome != briefs.Revised {
		t.Errorf("its next revision: %+v, %v", next, err)
	}
	in.chats["slack"] = mail("%PDF-1.7 nothing of the kind")
	if bad, err := add(bot.Addition{File: bot.File{Name: "paper.pdf", Ref: "1"}}); !errors.Is(err, briefs.ErrInvalid) || !strings.HasPrefix(err.Error(), "paper.pdf: ") {
		t.Errorf("%+v, %v", bad, err)
	}
	if gone, err := add(bot.Addition{File: bot.File{Name: "paper.pdf"}}); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("%+v, %v", gone, err)
	}
}
