package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

func TestFeedback(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	said := func(args ...string) string {
		t.Helper()
		var out, problems bytes.Buffer
		if code := run(t.Context(), append([]string{"--library", path, "feedback"}, args...), func(string) string { return "" }, strings.NewReader(""), &out, &problems); code != 0 {
			t.Fatalf("%q: exit code %d: %s", args, code, &problems)
		}
		return out.String()
	}
	if got := said(); !strings.Contains(got, "Nobody") {
		t.Errorf("of nothing: %s", got)
	}
	at := time.Date(2031, 3, 4, 9, 30, 0, 0, time.UTC)
	for i, f := range []briefs.Feedback{
		{Answer: "a1", Room: "slack:C1", Question: "who counts the gulls?", Who: "slack:U1", Verdict: briefs.Outdated, Note: "since\x1b[2J May", At: at},
		{Answer: "a2", Room: "matrix:!b:desk.example", Question: "why?", Who: "matrix:@ana:desk.example", Verdict: briefs.Good, At: at},
	} {
		f.At = f.At.Add(time.Duration(i) * time.Minute)
		if err := lib.RecordFeedback(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	text := said()
	if at, before := strings.Index(text, "outdated"), strings.Index(text, "good"); before < 0 || at < before || strings.Contains(text, "\x1b[2J") {
		t.Errorf("as a table:\n%s", text)
	}
	var form feedbackJSON
	if err := json.Unmarshal([]byte(said("--json", "--room", "slack:C1")), &form); err != nil || len(form.Feedback) != 1 {
		t.Fatal(form, err)
	}
	if want := (verdictJSON{"who counts the gulls?", "outdated", "since\x1b[2J May", "slack:C1", "slack:U1", "a1", at}); form.Feedback[0] != want {
		t.Errorf("%+v, want %+v", form.Feedback[0], want)
	}
}
