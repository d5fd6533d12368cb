package web

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// hugeDocuments are as large and as odd as documents come: about 50 kB each, so many times.
func hugeDocuments(times int) map[string]briefs.Document {
	rows := func(role briefs.Role, row string, n int, level func(int) int) briefs.Document {
		var d briefs.Document
		var b strings.Builder
		for i := range n {
			start := b.Len()
			b.WriteString(row)
			d.Blocks = append(d.Blocks, briefs.Block{Role: role, Level: level(i), Span: briefs.Span{Start: start, End: b.Len()}, Body: start})
			b.WriteByte('\n')
		}
		d.Text = b.String()
		return d
	}
	flat := func(int) int { return 1 }
	line := strings.Repeat("word ", 10_000*times)
	return map[string]briefs.Document{
		"one line":     {Text: line, Blocks: []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(line)}}}},
		"line feeds":   {Text: strings.Repeat("a\n", 25_000*times)},
		"markup":       {Text: strings.Repeat("<div>", 10_000*times)},
		"returns":      {Text: strings.Repeat("\r", 50_000*times)},
		"rows":         rows(briefs.RoleTable, "cell\tcell\tcell\tcell\tcell\tcell\tcell\tcell\tcell\tcell", 1_000*times, flat),
		"cells":        rows(briefs.RoleTable, strings.Repeat("\t", 10_000*times), 5, flat),
		"items":        rows(briefs.RoleItem, "An item of a list that has very many of its like.", 1_000*times, flat),
		"nested items": rows(briefs.RoleItem, "An item of a list that has very many of its like.", 1_000*times, func(i int) int { return i + 1 }),
		"headings":     rows(briefs.RoleHeading, "A heading of a text that has very many of its like", 1_000*times, func(i int) int { return i + 1 }),
		"chrome":       rows(briefs.RoleChrome, "A line of a menu that has very many of its like ...", 1_000*times, flat),
	}
}

// Huge documents become pages that grow with the text and its blocks, not
// with the square of them, and not deep.
func TestHugeDocuments(t *testing.T) {
	for name, d := range hugeDocuments(20) {
		half := briefs.Span{Start: len(d.Text) / 2, End: len(d.Text)}
		body := string(articleOf(&d, half).Body)
		elements, depth, deepest := 0, 0, 0
		for rest := body; ; {
			i := strings.IndexByte(rest, '<')
			if i < 0 {
				break
			}
			rest = rest[i+1:]
			switch {
			case strings.HasPrefix(rest, "br>"):
			case rest[0] == '/':
				depth--
			default:
				elements++
				depth++
				deepest = max(deepest, depth)
			}
		}
		if depth != 0 || deepest > 2*maxDepth+3 {
			t.Errorf("%s: elements %d deep, %d left open", name, deepest, depth)
		}
		if most := 3*len(d.Blocks)*10 + 2*maxCells*5 + 10; elements > most {
			t.Errorf("%s: %d elements, want at most %d", name, elements, most)
		}
	}
}

// BenchmarkArticle lays out 5 MB, marked to the half.
func BenchmarkArticle(b *testing.B) {
	for name, d := range hugeDocuments(100) {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			b.SetBytes(int64(len(d.Text)))
			for b.Loop() {
				articleOf(&d, briefs.Span{Start: len(d.Text) / 2, End: len(d.Text)})
			}
		})
	}
}

// BenchmarkDocumentPage serves a document over the whole way, from the
// library to the last byte: an article of usual length, and one of 5 MB.
func BenchmarkDocumentPage(b *testing.B) {
	for name, size := range map[string]int{"10kB": 100, "5MB": 50_000} {
		b.Run(name, func(b *testing.B) {
			var text strings.Builder
			for i := range size {
				fmt.Fprintf(&text, "Sentence %d of an invented text is about as long as sentences are, and it ends here, after all.\n\n", i)
			}
			d := newShelf(b)
			doc := briefs.Document{ID: "a", Title: "A title", Collection: "sea", URL: "https://lantern.example/a", Text: text.String()}
			doc.Blocks = blocksOf(&doc)
			if _, err := d.lib.PutDocuments(b.Context(), []briefs.Document{doc}); err != nil {
				b.Fatal(err)
			}
			at := doc.Blocks[size/2].Span
			path, _, _ := strings.Cut(documentAddress("", "a", 1, at, ""), "#")
			b.SetBytes(int64(len(doc.Text)))
			for b.Loop() {
				w := httptest.NewRecorder()
				d.h.ServeHTTP(w, fromHere(httptest.NewRequest("GET", path, nil)))
				if w.Code != 200 {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
