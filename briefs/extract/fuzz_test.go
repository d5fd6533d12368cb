package extract

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"briefdesk/briefs"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

// jsonl hands every line of r to fn, as a document or as an error.
func jsonl(r io.Reader, fn func(line int, d briefs.Document, err error) error) error {
	return Lines(r, func(l Line) error {
		if l.Err != nil {
			return fn(l.N, briefs.Document{}, l.Err)
		}
		d, err := Record(l.Data)
		return fn(l.N, d, err)
	})
}

// seeds adds the inputs of the golden files with one of the given endings.
func seeds(f *testing.F, endings ...string) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range txtar.Parse(data).Files {
			for _, e := range endings {
				if part.Name == "input."+e {
					f.Add(part.Data)
				}
			}
		}
	}
}

// sound checks the promise of the package.
func sound(t *testing.T, d briefs.Document) {
	t.Helper()
	if !utf8.ValidString(d.Text) || strings.ContainsAny(d.Text, "\r\x00") {
		t.Fatalf("text %q is not clean UTF-8", d.Text)
	}
	if err := checkBlocks(d.Text, d.Blocks); err != nil {
		t.Fatalf("%v in %q", err, d.Text)
	}
	if _, err := briefs.ParseDate(string(d.Published)); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{d.Title, d.Author, d.Publisher} {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\x00") {
			t.Fatalf("metadata %q is not one clean line", s)
		}
	}
}

func fuzzFormat(f *testing.F, name string, endings ...string) {
	seeds(f, endings...)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Document(name, data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), name+": ") {
				t.Fatalf("error %q", err)
			}
			return
		}
		sound(t, d)
		again, err := Document(name, data)
		if err != nil || !reflect.DeepEqual(d, again) {
			t.Fatal("the same bytes gave another document")
		}
	})
}

func FuzzPlain(f *testing.F)    { fuzzFormat(f, "a.txt", "txt") }
func FuzzMarkdown(f *testing.F) { fuzzFormat(f, "a.md", "md") }
func FuzzHTML(f *testing.F)     { fuzzFormat(f, "a.html", "html") }

// FuzzNextPage: the next page is a web address of its own, whatever a page and
// its address hold.
func FuzzNextPage(f *testing.F) {
	f.Add("https://a.example/river/2/", []byte(`<article><a href="/river/">1</a><a rel=next href="3">3</a>`))
	f.Add("https://a.example/x?p=1&y", []byte(`<!doctype html>Page 1 of 3<base href=//b><link rel=next href="?p=2#c">`))
	f.Fuzz(func(t *testing.T, address string, page []byte) {
		in := Input{Name: "a.html", URL: address, Type: "text/html", Data: page}
		if next := NextPage(in); next != "" && (webURL(next) == nil || next == address || len(next) > 16<<10) {
			t.Fatalf("%q leads to %q", address, next)
		}
		if d, err := Read(in); err == nil {
			sound(t, d)
		}
	})
}

func FuzzJSONL(f *testing.F) {
	f.Add([]byte(`{"id":"a","title":"T","text":"One. Two.\n\n* three","published":"3 May 2031","blocks":[["paragraph",0,9],["item",11,18,13,1]]}`))
	f.Add([]byte("{\"id\":1}\n\n[]\n{\"text\":\"\\ud800 x\"}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		last := 0
		err := jsonl(bytes.NewReader(data), func(line int, d briefs.Document, err error) error {
			if line <= last {
				t.Fatalf("line %d after %d", line, last)
			}
			last = line
			if err != nil {
				return nil
			}
			sound(t, d)
			out, err := MarshalJSONL(d)
			if err != nil {
				t.Fatal(err)
			}
			back, err := Record(out)
			if err != nil || !reflect.DeepEqual(d, back) {
				t.Fatalf("%s came back as %+v, %v; want %+v", out, back, err, d)
			}
			return nil
		})
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatal(err)
		}
	})
}

// TestPlainKeepsEveryWord: whatever lines a text is made of, nothing is lost
// and the blocks cover it.
func TestPlainKeepsEveryWord(t *testing.T) {
	pieces := []string{
		"", "  ", "Title Here", "By Ana Example", "3 May 2031", "* one", "  - two", "1. three", "2) four", "a) x", "b) y", "> said",
		"# Head", "Share this", "[1] note", "a\tb", "| a | b |", "A sentence that is long enough to pass for prose in any text of this kind, surely.",
		"Ana Example is a fellow at the Invented Desk.", "Related:", "—", "(Kit Fake/NWA)", "U.S.", "“Quoted.”", "日本語の文。", "\u00a0", "É\u0301",
	}
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		d := plain("x", text)
		if d.Text != text {
			t.Fatalf("the text was changed to %q", d.Text)
		}
		if err := checkBlocks(d.Text, d.Blocks); err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		if err := checkBlocks(text, clean(text, "T", "Ana Example")); err != nil {
			t.Fatalf("%v in %q", err, text)
		}
	})
}

// TestMonsters: input made to be slow is read in seconds at most. The bound
// is loose, for slow machines; what it guards against takes minutes.
func TestMonsters(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: runs without -short")
	}
	indent := &strings.Builder{}
	for i := range 2000 {
		indent.WriteString(strings.Repeat(" ", i) + "- x\n")
	}
	for _, c := range []struct{ name, data string }{
		{"divs.html", "<html><body>" + strings.Repeat("<div>", 100_000) + "Hello, this is a sentence." + strings.Repeat("</div>", 100_000)},
		{"spans.html", strings.Repeat("<b><i>x", 20_000)},
		{"authors.html", "<body>" + strings.Repeat(`<div class="byline author">`, 500) + strings.Repeat("<i>x</i>", 50_000)},
		{"frames.html", "<body>" + strings.Repeat(`<nav class="menu">`, 500) + strings.Repeat("<p>Hello, this is a sentence.", 20_000)},
		{"links.html", "<body>" + strings.Repeat(`<h2><a href="/x">Hello, this is a title of a page</a></h2>`, 20_000)},
		{"popups.html", "<body><p>" + strings.Repeat(`<span class="tooltip-content">`, 500) + strings.Repeat("word ", 50_000)},
		{"quotes.md", strings.Repeat("> ", 50_000) + "x"},
		{"brackets.md", strings.Repeat("[", 50_000) + strings.Repeat("*a ", 50_000)},
		{"lists.md", indent.String()},
		{"line.txt", strings.Repeat("word ", 400_000)},
		{"short.txt", strings.Repeat("Home\nShort line here\n\n", 20_000)},
		{"dots.txt", strings.Repeat(". ", 200_000)},
		{"names.txt", "By " + strings.Repeat("Ana Example and ", 10_000)},
	} {
		start := time.Now()
		d, err := Document(c.name, []byte(c.data))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := checkBlocks(d.Text, d.Blocks); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if d := time.Since(start); d > 30*time.Second {
			t.Errorf("%s took %v", c.name, d)
		}
	}
}
