package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/ingest"
	"briefdesk/briefs/sample"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// openLibrary makes an empty library in a file of its own.
func openLibrary(t *testing.T) store.Backend {
	t.Helper()
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
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

func sampleLibrary(t *testing.T) store.Backend {
	t.Helper()
	lib := openLibrary(t)
	if err := addSample(t.Context(), lib); err != nil {
		t.Fatal(err)
	}
	return lib
}

// addTo adds sources as the command add does.
func addTo(t *testing.T, lib store.Backend, collection string, sources ...string) {
	t.Helper()
	report, err := ingest.New(slog.New(slog.DiscardHandler), lib, ingest.Options{Collection: collection}).Add(t.Context(), sources...)
	if err != nil || report.Added == 0 {
		t.Fatalf("%v: %d added, %v", sources, report.Added, err)
	}
}

func newAsker(lib store.Backend) *ask.Asker { return ask.New(slog.New(slog.DiscardHandler), lib) }

// mayWorsen is how much a figure may be worse than testdata/stats.golden.
const mayWorsen = 0.005

// The answers to the golden questions are as good as testdata/stats.golden
// says, and no better: what has been gained is written down with -update.
func TestGoldenQuestions(t *testing.T) {
	if testing.Short() {
		t.Skip("the figures are measured in the full run")
	}
	form, err := measureGolden(t.Context(), newAsker(sampleLibrary(t)), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range form.Misses {
		t.Logf("%s (%s, %s) %s: %s", m.ID, m.Split, m.Style, m.Question, m.Fault)
	}
	var b bytes.Buffer
	a := &app{stdout: &b, json: true}
	if err := a.printGolden(form); err != nil {
		t.Fatal(err)
	}
	var printed goldenJSON
	if err := json.Unmarshal(b.Bytes(), &printed); err != nil || !reflect.DeepEqual(printed, form) {
		t.Errorf("the JSON is not what was measured: %v\n%s", err, b.String())
	}
	b.Reset()
	goldenTable(&b, view{width: 120}, form.Rows)
	got := b.String()
	t.Logf("\n%s", got)
	path := filepath.Join("testdata", "stats.golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range compareStats(string(want), got) {
		t.Errorf("%s: %s", path, complaint)
	}
}

// compareStats tells which figures of the table got differ from want; the
// rows must be the same.
func compareStats(want, got string) []string {
	const renew = "(go test ./cmd/briefdesk -run Golden -update)"
	wantRows, gotRows := strings.Split(want, "\n"), strings.Split(got, "\n")
	if len(wantRows) != len(gotRows) || wantRows[0] != gotRows[0] {
		return []string{"has other rows or columns " + renew}
	}
	var complaints []string
	for i, line := range wantRows[1:] {
		w, g := strings.Fields(line), strings.Fields(gotRows[i+1])
		if len(w) != len(g) {
			complaints = append(complaints, fmt.Sprintf("row %q: now %q %s", line, gotRows[i+1], renew))
			continue
		}
		for j := range w {
			if w[j] == g[j] {
				continue
			}
			before, err := strconv.ParseFloat(w[j], 64)
			now, err2 := strconv.ParseFloat(g[j], 64)
			name := ""
			if k := j - 3; k >= 0 && k < len(goldenColumns) {
				name = goldenColumns[k].title
			}
			gain := now - before
			if name == "false silence" {
				gain = -gain
			}
			switch {
			case err != nil || err2 != nil || name == "":
				complaints = append(complaints, fmt.Sprintf("row %q: %q is now %q %s", line, w[j], g[j], renew))
			case gain < -mayWorsen:
				complaints = append(complaints, fmt.Sprintf("%s of %s %s got worse: %s, now %s", name, w[0], w[1], w[j], g[j]))
			case gain > 0:
				complaints = append(complaints, fmt.Sprintf("%s of %s %s got better: %s, now %s: keep it %s", name, w[0], w[1], w[j], g[j], renew))
			}
		}
	}
	return complaints
}

func TestGoldenComparison(t *testing.T) {
	const head = "split style n recall complete first right precision silent false silence\n"
	for _, test := range []struct {
		want, got string
		says      string // empty for no complaint
	}{
		{"all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", "all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", ""},
		{"all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", "all all 9 0.496 0.500 0.500 0.500 0.500 0.500\n", ""},
		{"all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", "all all 9 0.494 0.500 0.500 0.500 0.500 0.500\n", "recall of all all got worse"},
		{"all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", "all all 9 0.500 0.500 0.500 0.500 0.500 0.510\n", "false silence of all all got worse"},
		{"all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", "all all 9 0.500 0.500 0.500 0.500 0.500 0.499\n", "false silence of all all got better"},
		{"all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", "all all 9 0.500 0.500 0.500 0.501 0.500 0.500\n", "precision of all all got better"},
		{"all all 9 0.500 0.500 0.500 0.500 0.500 0.500\n", "all all 8 0.500 0.500 0.500 0.500 0.500 0.500\n", `"9" is now "8"`},
		{"all near 9 - - - - 0.500 -\n", "all near 9 - - - - 0.400 -\n", "silent of all near got worse"},
		{"all near 9 - - - - 0.500 -\n", "all near 9 - - - - - -\n", `"0.500" is now "-"`},
		{"all near 9 - - - - 0.500 -\n", "", "has other rows"},
	} {
		got := strings.Join(compareStats(head+test.want, head+test.got), "\n")
		if test.says == "" && got != "" || !strings.Contains(got, test.says) {
			t.Errorf("compare %q with %q: %q, want %q", test.want, test.got, got, test.says)
		}
	}
}

// The measures are those of real answers: an asker of an empty library is
// silent throughout.
func TestGoldenOfNothing(t *testing.T) {
	form, err := measureGolden(t.Context(), newAsker(openLibrary(t)), sample.SplitTune)
	if err != nil {
		t.Fatal(err)
	}
	if len(form.Rows) != 4 || form.Rows[0].FalseSilences != 1 || form.Rows[0].Silent != 1 || form.Rows[0].Recall != 0 {
		t.Errorf("%+v", form.Rows)
	}
	if len(form.Misses) != form.Rows[0].Answerable {
		t.Errorf("%d misses, want every one of %d answerable questions", len(form.Misses), form.Rows[0].Answerable)
	}
}

// askEverything asks without any limit of scope.
func askEverything(ctx context.Context, asker *ask.Asker, question string) (briefs.Answer, error) {
	return asker.Ask(ctx, ask.Request{Question: question, Scope: briefs.Everything()})
}
