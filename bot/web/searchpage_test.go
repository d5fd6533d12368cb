package web

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"briefdesk/briefs"
)

func TestSearchPage(t *testing.T) {
	d := newDesk(t, sampleDocuments(t))
	page := d.page(t, 200, root, "/library/search?q=the+frigates")
	for _, want := range []string{`<mark class="hit">frigates</mark>`, `data-results`, `data-live`, `value="the frigates"`, "Why Frigates Are Late", "Passages"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not contain %s:\n%s", want, textOf(page))
		}
	}
	if strings.Contains(page, `<mark class="hit">the</mark>`) {
		t.Error("words without a topic are marked")
	}
	part := d.page(t, 200, root, "/library/search?q=the+frigates&fragment=1")
	if strings.Contains(part, "<html") || strings.Contains(part, "<form") || !strings.Contains(page, part) {
		t.Errorf("the fragment is not the list alone:\n%s", part)
	}
	for address, says := range map[string]string{
		"/library/search":                            "Search the text of all documents",
		"/library/search?q=zeppelinology":            "No passage has these words.",
		"/library/search?q=zeppelinology&fragment=1": "No passage has these words.",
		"/library/search?q=%E2%80%AE%00%3Czz%3E":     "No passage has these words.",
	} {
		if page := d.page(t, 200, root, address); !strings.Contains(page, says) {
			t.Errorf("%s does not say %q", address, says)
		}
	}
	d.page(t, 400, root, at("/library/search", "fragment", "1", "q", strings.Repeat("x", longestQuestion+1)))
}

// Each passage that was found opens at its place, and what is shown of it is
// its text.
func TestHitsOpenInPlace(t *testing.T) {
	d := newDesk(t, sampleDocuments(t))
	hits, err := d.asker.Search(t.Context(), "export controls", briefs.Everything(), mostHits)
	if err != nil || len(hits) < 5 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	page := html.UnescapeString(d.page(t, 200, root, "/library/search?q=export+controls"))
	_, page, _ = strings.Cut(page, `<ol class="hits">`)
	plain := strings.NewReplacer(`<mark class="hit">`, "", "</mark>", "").Replace(page)
	for _, h := range hits {
		o, err := d.lib.Document(t.Context(), h.Document, h.Revision)
		if err != nil {
			t.Fatal(err)
		}
		link := `href="` + documentAddress("", h.Document, h.Revision, h.Span, "") + `"`
		_, rest, found := strings.Cut(plain, link)
		if text := o.Slice(h.Span); !found || len(text) <= excerpt && !strings.Contains(rest, `<p dir="auto">`+text+"</p>") {
			t.Errorf("%s of %s is not shown:\n%s", h.ID, link, rest)
		}
	}
}

// A passage of any length is shown in part, around what was found.
func TestLongPassage(t *testing.T) {
	for name, text := range map[string]string{
		"words":   strings.Repeat("lorem ", 2000) + "the zeppelin " + strings.Repeat("ipsum ", 2000),
		"one run": strings.Repeat("é", 9000) + " zeppelin " + strings.Repeat("日", 9000),
		"at once": "zeppelin " + strings.Repeat("é", 9000),
		"at last": strings.Repeat("é", 9000) + " zeppelin",
	} {
		doc := &briefs.Document{ID: "d", Text: text}
		row := hitOf(quoter{at: func(briefs.DocumentID, int, briefs.Span) string { return "" }}, doc,
			briefs.Hit{Passage: briefs.Passage{Span: briefs.Span{End: len(text)}}}, soughtTerms("zeppelins"))
		shown, marked := "", ""
		for _, p := range row.Pieces {
			shown += p.Text
			if p.Hit {
				marked += p.Text
			}
		}
		if marked != "zeppelin" || len(shown) > excerpt+30 || len(shown) < excerpt/2 || !utf8.ValidString(shown) || !strings.Contains(text, shown) ||
			row.Before == strings.HasPrefix(text, shown) || row.After == strings.HasSuffix(text, shown) {
			t.Errorf("%s: marked %q, before %t, after %t, shown %d bytes %q", name, marked, row.Before, row.After, len(shown), shown)
		}
	}
}

// Pieces together are the part that was cut, and the marked ones are hits.
func TestPiecesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		start := rapid.IntRange(0, len(s)).Draw(t, "start")
		part := briefs.Span{Start: start, End: rapid.IntRange(start, len(s)).Draw(t, "end")}
		at := hits(s, soughtTerms(rapid.String().Draw(t, "query")+" "+s))
		joined := ""
		for _, p := range pieces(s, part, at) {
			if p.Text == "" {
				t.Fatal("an empty piece")
			}
			joined += p.Text
		}
		if joined != s[part.Start:part.End] {
			t.Fatal(fmt.Sprintf("%q is not %q", joined, s[part.Start:part.End]))
		}
	})
}
