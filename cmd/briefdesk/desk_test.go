package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/config"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

func testApp() *app {
	return &app{
		log: slog.New(slog.DiscardHandler), now: func() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) },
		cfg: config.Default(), stdout: io.Discard, stderr: io.Discard,
	}
}

// Every question of a room is recorded for that room: the answered ones with
// what was quoted, the others as gaps too.
func TestClerkRecords(t *testing.T) {
	lib := crossingLibrary(t)
	c := testApp().newClerk(lib, web.NewMetrics(slog.New(slog.DiscardHandler), lib))
	for _, q := range []string{"why was the harbour closed?", "who eats zeppelins for breakfast?", "Why was the harbour closed"} {
		if _, unrecorded, err := c.ask(t.Context(), surfaceWeb, "slack:C1", ask.Request{Question: q, Scope: briefs.Only("north")}, false); unrecorded != nil || err != nil {
			t.Fatalf("%s: %v %v", q, unrecorded, err)
		}
	}
	asked, err := lib.Asked(t.Context(), 10, "slack:C1")
	if err != nil || len(asked) != 2 {
		t.Fatalf("%d questions: %v", len(asked), err)
	}
	for _, a := range asked {
		if a.Reason == "" && (a.Count != 2 || len(a.Quotes) < 2 || a.Quotes[0].Document != "n1") {
			t.Errorf("answered: %+v", a)
		}
		if a.Reason != "" && (a.Count != 1 || len(a.Quotes) != 0) {
			t.Errorf("silent: %+v", a)
		}
	}
	gaps, err := lib.Gaps(t.Context(), "slack:C1")
	if err != nil || len(gaps) != 1 || !strings.Contains(gaps[0].Question, "zeppelins") {
		t.Errorf("gaps %+v %v", gaps, err)
	}
	// Who asks only some documents learns nothing of what the library lacks.
	_, unrecorded, err := c.ask(t.Context(), surfaceWeb, "slack:C1", ask.Request{Question: "why was the harbour closed?", Scope: briefs.Only("north"), To: "1900"}, true)
	if err != nil || !strings.Contains(gapNote("why was the harbour closed?", unrecorded), "not recorded as a gap") {
		t.Errorf("narrowed: %v %v", unrecorded, err)
	}
	if gaps, err = lib.Gaps(t.Context(), "slack:C1"); err != nil || len(gaps) != 1 {
		t.Errorf("gaps after a narrowed question: %+v %v", gaps, err)
	}
	if others, err := lib.Asked(t.Context(), 10, ""); err != nil || len(others) != 0 {
		t.Errorf("another room has %+v %v", others, err)
	}
}

// A library that cannot be written answers all the same, and a link that
// cannot be signed is warned of, once.
func TestClerkAnswersFromAReadOnlyLibrary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := addSample(t.Context(), lib); err != nil {
		t.Fatal(err)
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	if lib, err = store.Open(t.Context(), slog.New(slog.DiscardHandler), path, sqlite.Options{ReadOnly: true}); err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	a := testApp()
	var warnings bytes.Buffer
	a.stderr = &warnings
	c := a.newClerk(lib, nil)
	ans, unrecorded, err := c.ask(t.Context(), surfaceCLI, "", ask.Request{Question: "why did US-China cyber relations not break down?", Scope: briefs.Everything()}, false)
	if err != nil || unrecorded == nil || !ans.Answered() {
		t.Fatalf("%v %v %+v", unrecorded, err, ans)
	}
	_, unrecorded, err = c.ask(t.Context(), surfaceCLI, "", ask.Request{Question: "how many moons does Saturn have?", Scope: briefs.Everything()}, false)
	if err != nil || !strings.Contains(gapNote("how many moons does Saturn have?", unrecorded), "could not be recorded") {
		t.Errorf("%v %v", unrecorded, err)
	}
	if _, _, err := c.ask(t.Context(), surfaceCLI, "", ask.Request{Question: " ", Scope: briefs.Everything()}, false); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("a blank question: %v", err)
	}
	a.cfg.Web.PublicURL = "https://desk.example.org"
	at := a.addresses(t.Context(), a.links(lib))
	for _, cited := range ans.Quotes {
		if link := at(cited.Quote); !strings.HasPrefix(link, "https://desk.example.org/d/the-quarrel-that-held?r=1&s=") || strings.Contains(link, "k=") {
			t.Errorf("link %s", link)
		}
	}
	if w := warnings.String(); strings.Count(w, "\n") != 1 || !strings.HasPrefix(w, "briefdesk: warning: links are not signed") {
		t.Errorf("warnings: %q", w)
	}
}

func TestRoomScope(t *testing.T) {
	a := testApp()
	a.cfg.Rooms = map[string]config.Room{
		"slack:C1": {Collections: []string{"cyber"}}, "slack:dm": {Collections: []string{"trade"}}, "slack:D7": {Collections: []string{"own"}}, "default": {},
	}
	for room, want := range map[string][]string{
		"slack:C1": {"cyber"}, "slack:D9": {"trade"}, "slack:T1/D9": {"trade"}, "slack:D7": {"own"}, "default": {},
		"slack:C9": nil, "slack:T1/C1": nil, "matrix:!a:b": nil, "web:dm": nil, "": nil,
	} {
		s, ok := a.roomScope(room)
		if ok != (want != nil) || !slices.Equal(s.Collections(), want) || s.All() {
			t.Errorf("%q: %v %v, want %v", room, ok, s.Collections(), want)
		}
	}
}

func TestPrefixes(t *testing.T) {
	got, err := prefixes([]string{"10.1.2.3/8", "192.0.2.7", "::1", "fd00::/8", "::ffff:192.0.2.8"})
	want := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("::1/128"),
		netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("192.0.2.8/32"),
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v", got, err)
	}
	if _, err := prefixes([]string{"proxy"}); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("a name: %v", err)
	}
}
