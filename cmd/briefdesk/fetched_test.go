package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// TestAddRecordsFetches adds sources that fail and do well again, and reads
// what the library says of them.
func TestAddRecordsFetches(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx := context.Background()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2031, 3, 4, 9, 30, 0, 0, time.UTC)
	add := func(code int, args ...string) {
		t.Helper()
		now = now.Add(time.Hour)
		var out, errs bytes.Buffer
		a := &app{
			getenv: func(string) string { return "" }, stdin: strings.NewReader("The hall was cold in the evening."), stderr: &errs,
			now: func() time.Time { return now },
		}
		if got := a.run(ctx, append([]string{"add"}, args...), &out); got != code {
			t.Fatalf("add %q: exit code %d, want %d: %s%s", args, got, code, &out, &errs)
		}
	}
	fetches := func() []briefs.Fetch {
		t.Helper()
		lib, err := store.Open(ctx, slog.New(slog.DiscardHandler), "briefdesk.db", sqlite.Options{MustExist: true})
		if err != nil {
			t.Fatal(err)
		}
		defer lib.Close()
		all, err := lib.Fetches(ctx, briefs.Everything())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	const text = "The ministers of Lorem signed the pact in May. They left the hall at noon."
	write("note.txt", text)

	add(1, "missing.txt") // leaves no library, and so no record
	if _, err := os.Stat("briefdesk.db"); err == nil {
		t.Fatal("a library was made for nothing")
	}
	add(1, "--collection", "pacts", "note.txt", "missing.txt", "note.txt", "-")
	went := now
	want := []briefs.Fetch{
		{Source: "missing.txt", Collection: "pacts", At: now, Failed: 1, Problem: "missing.txt: no such file or folder: check the path"},
		{Source: "note.txt", Collection: "pacts", At: now, Succeeded: now, Added: 1},
	}
	check := func() {
		t.Helper()
		got := fetches()
		if len(got) != len(want) {
			t.Fatalf("fetches %+v, want %+v", got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("fetch %+v, want %+v", got[i], want[i])
			}
		}
	}
	check()

	// A failure keeps when it last went well, and what went before elsewhere.
	write("note.txt", "\x00\x01")
	add(1, "note.txt")
	want[1] = briefs.Fetch{Source: "note.txt", Collection: "pacts", At: now, Succeeded: went, Failed: 1, Problem: "note.txt: looks binary, not text: save it as text"}
	check()
	write("note.txt", text+" Nobody knows why.")
	add(0, "--collection", "pacts", "note.txt")
	want[1] = briefs.Fetch{Source: "note.txt", Collection: "pacts", At: now, Succeeded: now, Revised: 1}
	check()
}
