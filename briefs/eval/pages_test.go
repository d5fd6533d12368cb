package eval

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
)

func readPage(_ context.Context, in extract.Input) (briefs.Document, error) { return extract.Read(in) }

func TestShingles(t *testing.T) {
	for _, c := range []struct {
		got, want         string
		precision, recall float64
	}{
		{"a b c d e", "a b c d e", 1, 1},
		{"a b c d", "a b c d e", 1, 0.5},
		{"A b c d", "a b c d", 0, 0},
		{"a, b. c_d e!", "a b c_d e", 1, 1},
		{"a b c d a b c d", "a b c d", 0.2, 1},
		{"x", "x", 1, 1},
		{"", "a b c d", 0, 0},
		{"", "", 1, 1},
	} {
		o := Shingles(c.got, c.want)
		if p, r := o.Precision(), o.Recall(); math.Abs(p-c.precision) > 1e-9 || math.Abs(r-c.recall) > 1e-9 {
			t.Errorf("%q against %q: precision %v, recall %v, want %v, %v", c.got, c.want, p, r, c.precision, c.recall)
		}
	}
}

func TestStated(t *testing.T) {
	got := Stated([]byte(`<title>Weirs - The Invented Post</title><meta property="og:title" content="Weirs">
<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"headline":"Weirs &amp; mills","datePublished":"2031-05-06T07:00Z","author":[{"name":"Ana Example"}]}]}</script>
<meta name="author" content="Ben Sample"><h1>Weirs <i>rise</i></h1><a rel="author">Kit Fake</a><time itemprop="datePublished" datetime="2031-05-07">`))
	want := Statements{
		Titles: []string{"Weirs", "Weirs & mills", "Weirs rise"}, Authors: []string{"Ana Example", "Ben Sample", "Kit Fake"},
		Dates: []string{"2031-05-06T07:00Z", "2031-05-07"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !sameTitle("Weirs", []string{"Weirs - The Invented Post"}) || sameTitle("Weirs rise", []string{"Weirs"}) || !sameAuthors("Ana Example, Ben Sample", got.Authors) ||
		sameAuthors("Ana Example, Lee Mock", got.Authors) || !sameDate("2031-05-07", got.Dates) || sameDate("2031-05", got.Dates) {
		t.Error("titles, authors or dates are compared wrongly")
	}
}

// TestMeasurePages measures two invented pages, one with the word of a reader
// on its metadata, one that cannot be read.
func TestMeasurePages(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	body := "The weir below the invented mill will be raised by the width of a hand, the river board said."
	write("html/a.html", "<html><head><title>Weir</title><meta name=author content='Ben Sample'></head><body><p>"+body+"</p></body></html>")
	write("html/b.html", "")
	line := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b) + "\n"
	}
	write("gold.jsonl", line(map[string]any{"id": "a", "html": "html/a.html", "expected": body, "authors": []string{"Ana Example"}, "published": "2031-05-06"})+line(map[string]any{"id": "b", "expected": body}))
	write("other_systems/peer.json", `{"output":{"a":{"articleBody":"nothing of it at all"}}}`)
	var all []PageResult
	m, err := MeasurePages(t.Context(), dir, readPage, func(r PageResult) error { all = append(all, r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	m.Speed, m.Halves = 0, [2]Texts{}
	want := Pages{
		Pages: 2, Failed: 1, Text: Texts{F1: 2. / 3, Precision: 1, Recall: 0.5},
		Title: Told{Present: 1, Right: 1, Share: 1}, Author: Told{Present: 1, Wrong: 1}, Date: Told{Present: 1},
		Peers: []Peer{{Name: "peer", Lead: Interval{2. / 3, 0, 1}}},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	if len(all) != 2 || all[1].Error == "" || !slices.Equal(all[0].Wrong, []string{"author", "date"}) {
		t.Errorf("the results of the pages are %+v", all)
	}
	if _, err := MeasurePages(t.Context(), filepath.Join(dir, "html"), readPage, nil); err == nil {
		t.Error("a folder without a set was measured")
	}
}

// TestPagesAgainstGold holds what is reached on real pages with articles that
// readers marked, beside other systems; that the figures of those come out as
// they were published shows that the measure is that of the benchmark.
func TestPagesAgainstGold(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: runs without -short")
	}
	m, err := MeasurePages(t.Context(), sharedData(t, "data/extraction/html_aeb"), readPage, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", m)
	if m.Text.F1 < 0.975 || m.Halves[0].F1 < 0.97 || m.Halves[1].F1 < 0.97 || m.Failed > 0 {
		t.Errorf("the text is below the floor: %+v, halves %+v, %d failed", m.Text, m.Halves, m.Failed)
	}
	if m.Title.Share < 0.95 || m.Author.Share < 0.8 || m.Date.Share < 0.85 {
		t.Errorf("titles %+v, authors %+v or dates %+v are below the floor", m.Title, m.Author, m.Date)
	}
	published := map[string]float64{"go_trafilatura": 0.960, "trafilatura": 0.958, "readability_js": 0.947, "go_readability": 0.934, "html-text": 0.665}
	for _, p := range m.Peers {
		if f, ok := published[p.Name]; ok && math.Abs(p.F1-f) > 0.0006 {
			t.Errorf("%s has F1 %.4f, published %.3f", p.Name, p.F1, f)
		}
		if p.Lead.Low <= 0 {
			t.Errorf("not ahead of %s for sure: %+v", p.Name, p.Lead)
		}
	}
}
