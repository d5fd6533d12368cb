package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// sets writes tiny data sets in the layout of the real ones.
func sets(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	write := func(path string, data []byte) {
		t.Helper()
		path = filepath.Join(root, "data", filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var passages bytes.Buffer
	for i, subject := range []string{"tide", "lantern", "harbour", "ferry"} {
		fmt.Fprintf(&passages, `{"id": "p%d", "title": "The %s", "text": "The %s of Varmouth was closed because the storm broke it."}`+"\n", i, subject, subject)
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	write("scale/passages-1m.jsonl.zst", z.EncodeAll(passages.Bytes(), nil))
	write("retrieval/condqa_snippets/queries.jsonl", []byte(`{"text": "Why was the lantern of Varmouth closed?"}`+"\n"+`{"text": "not asked"}`+"\n"))
	write("answers/clapnq/queries.jsonl", []byte(`{"text": "xyzzy"}`+"\n"))
	return root
}

func TestMeasure(t *testing.T) {
	root := sets(t)
	for engine, asked := range map[string]int{"briefdesk": 2, "bleve": 0} {
		var out bytes.Buffer
		if err := run(context.Background(), settings{root: root, passages: 3, questions: 2, batch: 2, engine: engine}, &out); err != nil {
			t.Fatalf("%s: %v", engine, err)
		}
		var f figures
		if err := json.Unmarshal(out.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		if f.Passages != 3 || len(f.First) != 2 || len(f.Search) != 2 || len(f.Ask) != asked {
			t.Errorf("%s: %+v", engine, f)
		}
		if f.Found != 1 || f.Disk == 0 || f.Peak == 0 || f.Add.CPU <= 0 || f.Add.Wall <= 0 {
			t.Errorf("%s: %+v; want one question found, and figures", engine, f)
		}
		if f.Answered != asked/2 {
			t.Errorf("%s answered %d", engine, f.Answered)
		}
	}
}

// The engines hold the same documents.
func TestEnginesFindTheSame(t *testing.T) {
	root, ctx := sets(t), context.Background()
	file := filepath.Join(root, "passages.jsonl")
	if n, err := writePassages(root, file, 100); n != 4 || err != nil {
		t.Fatal(n, err)
	}
	for _, name := range []string{"briefdesk", "bleve"} {
		e, err := openEngine(ctx, name, t.TempDir(), 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Add(ctx, file); err != nil {
			t.Fatal(err)
		}
		for question, want := range map[string]int{"ferry": 1, "storm": 4, "lanterns": 1, "absent": 0} {
			if got, err := e.Search(ctx, question); got != want || err != nil {
				t.Errorf("%s: %s: %d hits, %v; want %d", name, question, got, err, want)
			}
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTable(t *testing.T) {
	ours := figures{Passages: 100, Add: cost{0.5, 1}, First: []cost{{0.002, 0.003}}, Search: []cost{{0.001, 0.001}}, Ask: []cost{{0.004, 0.004}}, Disk: 2e6, Peak: 1e6}
	peer := figures{Passages: 100, Add: cost{1, 1}, First: []cost{{0.001, 0.001}}, Search: []cost{{0.001, 0.001}}, Disk: 1e6, Peak: 2e6}
	var b strings.Builder
	if err := table(&b, ours, peer); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		"| adding, passages per CPU second | 200 | 100 | 2.00× |",
		"| search, asked first, CPU, p50 | 2.00 ms | 1.00 ms | 0.50× |",
		"| whole `ask`, asked first, CPU, p50 | 4.00 ms | – | – |",
		"| memory, the peak | 1.00 MB | 2.00 MB | 2.00× |",
	} {
		if !strings.Contains(b.String(), row) {
			t.Errorf("no row %q in\n%s", row, b.String())
		}
	}
}

func TestPercentile(t *testing.T) {
	var costs []cost
	for i := range 200 {
		costs = append(costs, cost{CPU: float64(200 - i)})
	}
	for p, want := range map[int]float64{1: 2, 50: 100, 95: 190, 100: 200} {
		if got := percentile(costs, p, onCPU); got != want {
			t.Errorf("p%d = %v, want %v", p, got, want)
		}
	}
	if got := percentile(nil, 50, onCPU); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
