package browsertest

import (
	"slices"
	"testing"
)

// heaviest is what a page may weigh without the text of its document, in bytes
// as they travel.
const heaviest = 60_000

// weighed is what the browser measured of a page.
type weighed struct {
	Bytes int     `json:"bytes"` // of the page and all that it loads, without headers
	Text  int     `json:"text"`  // bytes of the article's text
	First float64 `json:"first"` // ms from asking to the first paint
	Most  float64 `json:"most"`  // ms to the largest paint so far
	Files int     `json:"files"`
}

// weigh opens a page with an empty cache and waits for its paint.
func (p *tab) weigh(path string) weighed {
	p.Helper()
	p.visit(path)
	p.until(`performance.getEntriesByName("first-contentful-paint").length && document.fonts.status === "loaded"`)
	return eval[weighed](p, `(() => {
		const page = performance.getEntriesByType("navigation")[0], files = performance.getEntriesByType("resource");
		const first = performance.getEntriesByName("first-paint")[0] ?? performance.getEntriesByName("first-contentful-paint")[0];
		return {
			bytes: [page, ...files].reduce((sum, e) => sum + e.encodedBodySize, 0), files: files.length,
			text: new TextEncoder().encode([...document.querySelectorAll("article.document, article.answer, main")][0].textContent).length,
			first: first.startTime - page.requestStart, most: performance.getEntriesByName("first-contentful-paint")[0].startTime - page.requestStart,
		};
	})()`)
}

// No page weighs more than it should. The time to its first paint on loopback
// is logged; docs/benchmarks.md has it of a quiet machine.
func TestWeightAndFirstPaint(t *testing.T) {
	s, pages := fullSite(t)
	var paints []float64
	for _, page := range pages {
		p := open(t, s.origin) // each with nothing cached
		w := p.weigh(page.path)
		if w.Bytes-w.Text > heaviest || w.Bytes < 2000 {
			t.Errorf("%s: %d bytes, %d of them text, in %d files besides", page.name, w.Bytes, w.Text, w.Files)
		}
		t.Logf("%-16s %6d bytes, %5d of text, first paint after %.0f ms", page.name, w.Bytes, w.Text, w.First)
		paints = append(paints, w.First)
	}
	slices.Sort(paints)
	t.Logf("first paint: median %.0f ms, slowest %.0f ms", paints[len(paints)/2], paints[len(paints)-1])
}
