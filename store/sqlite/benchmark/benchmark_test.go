package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Told to by its environment, the test is the program: a run starts itself.
func TestMain(m *testing.M) {
	if os.Getenv("BENCHMARK_IS_PROGRAM") != "" {
		main()
		return
	}
	os.Setenv("BENCHMARK_IS_PROGRAM", "1")
	os.Exit(m.Run())
}

var subjects = []string{"tide", "lantern", "harbour", "ferry", "bridge", "market", "orchard"}

// sets writes small data sets in the layout of the real ones: n passages.
func sets(t *testing.T, n int) (root string) {
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
	for i := range n {
		a, b := subjects[i%len(subjects)], subjects[i*i/3%len(subjects)]
		fmt.Fprintf(&passages, `{"id": "p%d", "title": "The %s", "text": "The %s of Varmouth was closed because storm %d broke it.%s"}`+"\n",
			i, a, b, i, strings.Repeat(" Then the mayor spoke.", i%3))
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	write("scale/passages-1m.jsonl.zst", z.EncodeAll(passages.Bytes(), nil))
	write("retrieval/condqa_snippets/queries.jsonl", []byte(`{"text": "what was that?"}`+"\n"+`{"text": "Why was the lantern of Varmouth closed?"}`+"\n"+`{"text": "Who spoke of the ferry, the mayor?"}`+"\n"+`{"text": "not asked"}`+"\n"))
	write("answers/clapnq/queries.jsonl", []byte(`{"text": "storm 17"}`+"\n"+`{"text": "xyzzy"}`+"\n"))
	return root
}

// A whole run: every engine that can be had, every measurement, every table.
func TestRun(t *testing.T) {
	root, dir := sets(t, 300), t.TempDir()
	t.Setenv("BRIEFDESK_SHARED", root)
	s := settings{
		root: root, passages: 300, questions: 4, exact: 4, engines: engineNames, budget: time.Millisecond,
		keep: filepath.Join(dir, "kept"), plot: filepath.Join(dir, "plot.svg"),
	}
	var out strings.Builder
	if err := run(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}
	t.Log(out.String())
	for _, row := range []string{
		"| 300 passages | briefdesk | plain FTS5 | Bleve, our terms | Bleve, its English |", "| search, warm, CPU, p99 |",
		"| searches a second of two goroutines,", "| whole `ask`, warm, wall, p50 and p99 |", "| `briefdesk serve`: ready, and the first answer given, after its start |", "| the best 50 in the order of the exhaustive scorer | 4 of 4 |",
	} {
		if !strings.Contains(out.String(), row) {
			t.Errorf("no %q", row)
		}
	}
	if exec.Command("xapian-config", "--version").Run() != nil && !strings.Contains(out.String(), "Xapian is left out: ") {
		t.Error("Xapian is not there, and nothing says so")
	}
	picture, err := os.ReadFile(s.plot)
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(picture)); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the plot: %v", err)
		}
	}
	made, err := os.Stat(libraryFile(indexDir(settings{dir: s.keep, passages: 300}, "briefdesk")))
	if err != nil {
		t.Fatal(err)
	}
	s.engines, s.exact = []string{"briefdesk"}, 0
	if err := run(t.Context(), s, io.Discard); err != nil {
		t.Fatal(err)
	}
	if again, err := os.Stat(libraryFile(indexDir(settings{dir: s.keep, passages: 300}, "briefdesk"))); err != nil || !os.SameFile(made, again) {
		t.Errorf("the kept index was made again: %v", err)
	}
}

// A phase reports the figures that are its own.
func TestPhases(t *testing.T) {
	root, dir := sets(t, 40), t.TempDir()
	if err := prepareData(root, dir, []int{40}); err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{"briefdesk", "fts5", "bleve", "bleve-en"} {
		f := figures{Engine: engine}
		for _, phase := range []string{"add", "serve", "cold"} {
			var out bytes.Buffer
			s := settings{root: root, dir: dir, passages: 40, questions: 4, engine: engine, phase: phase}
			if err := run(t.Context(), s, &out); err != nil {
				t.Fatalf("%s, %s: %v", engine, phase, err)
			}
			if err := json.Unmarshal(out.Bytes(), &f); err != nil {
				t.Fatal(err)
			}
		}
		asked := 0
		if engine == "briefdesk" {
			asked = 4
			if len(f.Filters) != 2 || len(f.Filters[0].With) != 4 || len(f.Filters[1].Without) != 4 || len(f.Parallel) == 0 || f.Pause == 0 {
				t.Errorf("%s: %+v", engine, f)
			}
		}
		if len(f.First) != 4 || len(f.Warm) != 4 || len(f.Best) != 4 || len(f.Cold) == 0 || len(f.Ask) != asked || len(f.AskFirst) != asked {
			t.Errorf("%s: %+v", engine, f)
		}
		if f.Add.CPU <= 0 || f.Settled.CPU < f.Add.CPU || f.Add.Wall <= 0 || f.AddPeak == 0 || f.Disk == 0 || f.Open <= 0 || f.Resident == 0 || f.Peak < f.Resident/2 {
			t.Errorf("%s: %+v", engine, f)
		}
		for i, want := range []int{10, 10, 10, 0} {
			if got := len(f.Best[i]); got != want {
				t.Errorf("%s: question %d: %d hits, want %d", engine, i, got, want)
			}
		}
	}
}

func TestQuestions(t *testing.T) {
	got, err := readQuestions(sets(t, 1), 4)
	if err != nil || len(got) != 4 {
		t.Fatal(got, err)
	}
	q := got[0]
	if q.Text != "Why was the lantern of Varmouth closed?" || q.Words != "lantern Varmouth closed" || !slices.Equal(q.Terms, []string{"lantern", "varmouth", "close"}) {
		t.Errorf("%+v", q)
	}
}

// Collections hold the shares that they are named for, whatever the number of
// passages.
func TestCollections(t *testing.T) {
	for _, n := range []int{10_000, 100_000} {
		held := make(map[string]int)
		for i := range n {
			held[collectionOf(i)]++
		}
		for c, share := range map[string]float64{one: 0.01, half: 0.5, rest: 0.49} {
			if got := float64(held[c]) / float64(n); got < 0.97*share || got > 1.03*share {
				t.Errorf("of %d passages, %q has %.4f, want %.2f", n, c, got, share)
			}
		}
	}
}

// The exhaustive scorer against sums done by hand.
func TestExhaustive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "terms")
	lines := "b\tB\tone\ttide\t\t\ttide mill\n" + // tide weighs 3, length 3
		"a\tA\thalf\t\t\t\tmill mill x\n" +
		"d\tD\thalf\t\t\t\tx y z\n" +
		"c\tC\thalf\t\t\t\tx y z\n" +
		"e\tE\thalf\t\t\t\tx y tide\n"
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(terms ...string) question { return question{Terms: terms} }
	questions := []question{ask("tide"), ask("mill", "tide"), ask("z"), ask("x"), ask("none")}
	x, err := newExhaustive(path, questions, map[string]bool{"E": true})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"b", "b a", "c d", "a c d", ""} {
		if got := strings.Join(x.best(questions[i], "", 10), " "); got != want {
			t.Errorf("%v: %q, want %q", questions[i].Terms, got, want)
		}
	}
	if got := x.best(questions[1], half, 10); !slices.Equal(got, []string{"a"}) {
		t.Errorf("in a collection: %v", got)
	}
	if got := x.best(questions[3], "", 2); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("limited: %v", got)
	}
}

// The best of many are those of all in order.
func TestExhaustiveSelects(t *testing.T) {
	var lines strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&lines, "p%03d\tD\tone\t\t\t\t%s%s\n", i*617%1000, strings.Repeat("tide ", 1+i*i%7), strings.Repeat("x ", i*31%11))
	}
	path := filepath.Join(t.TempDir(), "terms")
	if err := os.WriteFile(path, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	q := question{Terms: []string{"tide"}}
	x, err := newExhaustive(path, []question{q}, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := x.best(q, "", 1000)
	if len(all) != 1000 {
		t.Fatal(len(all))
	}
	for _, limit := range []int{1, 10, 50, 333} {
		if got := x.best(q, "", limit); !slices.Equal(got, all[:limit]) {
			t.Errorf("the best %d are not the first of all", limit)
		}
	}
}

func TestDifference(t *testing.T) {
	if got := difference([]string{"a", "b"}, []string{"a", "c"}); got != "number 2 is b, want c" {
		t.Error(got)
	}
	if got := difference([]string{"a"}, []string{"a", "c"}); got != "number 2 is none, want c" {
		t.Error(got)
	}
}

func TestTables(t *testing.T) {
	ours := figures{
		Engine: "briefdesk", Passages: 100, Settled: cost{0.5, 1}, Add: cost{0.4, 1}, Pause: 0.25, Warm: []cost{{0.001, 0.001}}, Ask: []cost{{0.004, 0.005}},
		Resident: 1e6, Disk: 3e6, Packed: 1e6, Parallel: []float64{1, 1.5, 2}, Best: [][]string{{"a", "b"}},
		Filters: []filtered{{one, []cost{{0.002, 0}}, []cost{{0.001, 0}}}},
		Exact:   []exactness{{"", 10, 10, ""}, {one, 10, 9, "where it was not"}},
	}
	peer := figures{Engine: "fts5", Passages: 100, Settled: cost{1, 1}, Add: cost{1, 1}, Warm: []cost{{0.01, 0.01}}, Resident: 2e6, Disk: 1e6, Best: [][]string{{"b", "a"}}}
	larger := []figures{ours, peer}
	larger[0].Passages = 1000
	var b strings.Builder
	s := settings{}
	if err := report(&b, s, [][]figures{{ours, peer}, larger}, []string{"Xapian is left out: it is not there"}); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		"| search, warm, CPU, p50 | 1.00 ms | 10.0 ms (10.0×) |",
		"| adding, passages per CPU second, work in the background included | 2000 | 1000 (2.00×) |",
		"| serving, memory at rest | 1.00 MB | 2.00 MB (2.00×) |",
		"| disk | 3.00 MB | 1.00 MB (0.33×) |",
		`| search in the collection "one", CPU, p50, and in all in turn with it | 2.00 ms, 1.00 ms (2.00×) |`,
		"| searches a second of two goroutines, in those of one: median, least and most | 1.50× (1.00 to 2.00, 3 times) |",
		"| the best 50 in the order of the exhaustive scorer | 10 of 10 |",
		`| the best 50 in the order of the exhaustive scorer, in the collection "one" | 9 of 10 |`,
		"plain FTS5 found the same ten in the same order for 0 of 1 questions, and 100.0 % of all.",
		"| 100 | 1.00 / 1.00 | 10.0 / 10.0 | 5.00 / 5.00 |",
		"Xapian is left out: it is not there.",
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
	for p, want := range map[int]float64{1: 2, 50: 100, 95: 190, 99: 198, 100: 200} {
		if got := percentile(costs, p, onCPU); got != want {
			t.Errorf("p%d = %v, want %v", p, got, want)
		}
	}
	if got := percentile(nil, 50, onCPU); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// Names of lines stay apart where the lines meet.
func TestSpread(t *testing.T) {
	got := spread([]label{{"a", "", 100}, {"b, two lines", "", 100}, {"c", "", 101}, {"d", "", 300}})
	for i := 1; i < len(got); i++ {
		if got[i].y-got[i-1].y < labelDistance-1 {
			t.Errorf("%v covers %v", got[i], got[i-1])
		}
	}
}

// What a process takes and holds is told from outside of it too.
func TestUsage(t *testing.T) {
	for end := ownCPU() + 0.02; ownCPU() < end; {
	}
	if own, other := ownCPU(), cpuOf(os.Getpid()); other < own || other > own+1 {
		t.Errorf("this process took %v, from outside %v", own, other)
	}
	if resident, peak := memory(os.Getpid()); resident < 1<<20 || peak < resident/2 {
		t.Errorf("holds %d, held %d", resident, peak)
	}
	if resident, peak := memory(-1); resident != 0 || peak != 0 {
		t.Error("no process has memory")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := settle(ctx, &fts5{}); err == nil {
		t.Error("it waited although it was to end")
	}
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, make([]byte, 1<<16), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := drop(path); err != nil {
		t.Error(err)
	}
	if n, err := size(path); n != 1<<16 || err != nil {
		t.Error(n, err)
	}
}
