package main

import (
	"bytes"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/summary"
	"briefdesk/config"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// putSample stores sample documents, by the names of their files, each with
// what is appended to it.
func putSample(t *testing.T, lib store.Backend, appended string, names ...string) {
	t.Helper()
	var batch []briefs.Document
	for _, f := range sample.Documents() {
		name := strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name))
		if !slices.Contains(names, name) {
			continue
		}
		d, err := extract.Document(f.Name, append(slices.Clone(f.Data), appended...))
		if err != nil {
			t.Fatal(err)
		}
		d.ID, d.Collection, d.Source = briefs.DocumentID(name), f.Collection, samplePrefix+f.Name
		structure.Analyze(&d)
		batch = append(batch, d)
	}
	if len(batch) != len(names) {
		t.Fatalf("%d of %q", len(batch), names)
	}
	if _, err := lib.PutDocuments(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// TestWeeks posts a weekly briefing over the sample library for four weeks,
// with documents added, corrected and removed between, and compares it with
// testdata/golden/weeks.txtar. Whatever it says, what is new repeats no
// sentence of an earlier week.
func TestWeeks(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	now := time.Date(2026, 10, 29, 12, 0, 0, 0, time.UTC) // a Thursday
	clock := func() time.Time { return now }
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	a := testApp()
	a.now = clock
	a.cfg.Schedules = []config.Schedule{{
		Name: "weekly", Room: "console:desk", Topics: []string{"collection:cyber", "tariffs"}, Cron: "every monday 09:00", Zone: "Europe/Berlin",
	}}
	posts := filepath.Join(t.TempDir(), "posts.jsonl")
	all, err := a.connect(t.Context(), lib, nil, nil, posts)
	if err != nil {
		t.Fatal(err)
	}
	defer all.close()
	runner, err := a.newRunner(lib, all.mux(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	golden := &txtar.Archive{Comment: []byte("Four weeks of a briefing over the sample library: go test ./cmd/briefdesk -run TestWeeks -update\n")}
	week := func(monday int, change func()) {
		t.Helper()
		change()
		now = time.Date(2026, 11, monday, 8, 0, 5, 0, time.UTC)
		before, err := os.ReadFile(posts)
		if err != nil {
			t.Fatal(err)
		}
		if err := runner.Tick(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(posts)
		if err != nil {
			t.Fatal(err)
		}
		golden.Files = append(golden.Files, txtar.File{Name: now.Format(time.DateOnly), Data: postedText(t, after[len(before):])})
		now = now.Add(48 * time.Hour) // when the library changes
	}
	week(2, func() {
		putSample(t, lib, "", "cables-on-the-seabed", "ransomware-norms-note", "surveillance-tools-for-sale", "tariffs-buy-nothing", "chip-export-controls-explained", "friend-shoring-questions")
	})
	week(9, func() {
		putSample(t, lib, "", "the-quarrel-that-held", "tariffs-buy-time")
		putSample(t, lib, "\n\nCorrection: the number of landing stations that share a single power line has been counted again, and is nine.\n", "cables-on-the-seabed")
		if err := lib.RemoveDocument(t.Context(), "friend-shoring-questions", false); err != nil {
			t.Fatal(err)
		}
	})
	week(16, func() {
		putSample(t, lib, "", "why-trust-runs-lower", "cables-correction", "controls-with-allies-note")
		if err := lib.RemoveDocument(t.Context(), "tariffs-buy-nothing", true); err != nil {
			t.Fatal(err)
		}
	})
	week(23, func() {})

	file := filepath.Join("testdata", "golden", "weeks.txtar")
	if *update {
		if err := os.WriteFile(file, txtar.Format(golden), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := txtar.Format(golden); !bytes.Equal(got, want) {
		t.Errorf("the weeks differ from %s (-update renews it):\n%s", file, got)
	}
	newIsNew(t, lib)
	if last := golden.Files[3].Data; !bytes.HasPrefix(last, []byte("weekly · Nothing new since 16 November 2026 08:00 UTC: ")) || bytes.Count(last, []byte("\n")) != 1 {
		t.Errorf("a week without news says %s", last)
	}
}

// postedText are the messages of console lines, without the host of links.
func postedText(t *testing.T, lines []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, l := range consoleLines(lines) {
		out.WriteString(strings.ReplaceAll(l.Text, "http://127.0.0.1:8088", "") + "\n")
	}
	return out.Bytes()
}

// newIsNew fails the test when a briefing tells as new what an earlier one
// said, in the same or nearly the same words.
func newIsNew(t *testing.T, lib store.Backend) {
	t.Helper()
	all, err := lib.Briefings(t.Context(), 0, 99)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(all)
	var said []string
	news := 0
	for _, b := range all {
		var now []string
		for i := range b.Briefs {
			for _, q := range quotesOf(&b.Briefs[i]) {
				now = append(now, q.Text())
			}
			for _, s := range b.Briefs[i].Sections {
				if s.Kind != briefs.SectionNew {
					continue
				}
				for _, it := range s.Items {
					for _, c := range it.Quotes {
						news++
						for _, old := range said {
							if c.Quote.Text() == old || summary.NearDuplicate(c.Quote.Text(), old) {
								t.Errorf("%s tells as new what was told: %q", b.Slot, c.Quote.Text())
							}
						}
					}
				}
			}
		}
		said = append(said, now...)
	}
	if len(all) < 3 || news < 3 {
		t.Errorf("%d briefings with %d new sentences: the test proves nothing", len(all), news)
	}
}
