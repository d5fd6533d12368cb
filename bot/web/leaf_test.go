package web

import (
	"regexp"
	"strings"
	"testing"

	"briefdesk/briefs"
)

func TestReadingPageShowsPages(t *testing.T) {
	d := paragraphsOf("One thing on the first page that goes on over the edge.\n\nThe last.")
	over := strings.Index(d.Text, "goes on")
	d.Pages = []int{0, over, strings.Index(d.Text, "The last"), strings.Index(d.Text, "The last"), len(d.Text)}
	span := spanAt(t, d.Text, "that goes on over", 1)
	a := articleOf(d, span)
	html := string(a.Body)
	leaf := func(n string) string {
		return `<span class="leaf" id="page-` + n + `" role="doc-pagebreak" aria-label="Page ` + n + `" data-page="` + n + `"></span>`
	}
	for _, want := range []string{">that " + leaf("2") + "goes on over</mark>", leaf("4") + "The last."} {
		if !strings.Contains(html, want) {
			t.Errorf("%s\nis not in\n%s", want, html)
		}
	}
	if n := strings.Count(html, `class="leaf"`); n != 2 {
		t.Errorf("%d breaks, want 2: none before the first page, one where a page holds no text", n)
	}
	// The breaks are no part of the text.
	d.Pages = nil
	if plain := string(articleOf(d, span).Body); regexp.MustCompile(`<span class="leaf"[^>]*></span>`).ReplaceAllString(html, "") != plain {
		t.Errorf("without breaks:\n%s\nwant\n%s", html, plain)
	}
}

func TestSourcesNameTheirPages(t *testing.T) {
	d := paragraphsOf("One thing. Another thing.")
	d.Pages = []int{0, 11}
	var all []briefs.Citation
	for i, s := range []briefs.Span{{Start: 11, End: 25}, {Start: 0, End: 10}} {
		q, err := briefs.NewQuote(d, s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, briefs.Citation{N: i + 1, Source: 1, Quote: q})
	}
	p := quoter{at: func(briefs.DocumentID, int, briefs.Span) string { return "/d" }}
	got := p.sources(all)[0]
	if got.Original != "https://lantern.example/a#page=2" || len(got.By) != 1 || got.By[0].Text != "pp. 1, 2" {
		t.Errorf("source %+v", got)
	}
}
