package browsertest

import (
	"context"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// heaviest is what a page may weigh without the text of its document and the
// picture of its briefing, in bytes as they travel.
const heaviest = 60_000

// weighed is what the browser measured of a page.
type weighed struct {
	Bytes int     `json:"bytes"` // of the page and all that it loads but pictures, without headers
	Text  int     `json:"text"`  // bytes of the article's text
	First float64 `json:"first"` // ms from the beginning of the visit to the first paint
	Files int     `json:"files"`
}

// weigh opens a page so many times with nothing cached, and returns the last
// visit with the median time to the first paint. The first visit does not
// count: it may start a process of the browser.
func (p *tab) weigh(path string, visits int) (w weighed) {
	p.Helper()
	var first []float64
	for i := range visits + 1 {
		p.visit(path)
		p.until(`performance.getEntriesByName("first-contentful-paint").length && document.fonts.status === "loaded"`)
		w = eval[weighed](p, `(() => {
			const page = performance.getEntriesByType("navigation")[0], files = performance.getEntriesByType("resource").filter((e) => !e.name.includes("/picture"));
			return {
				bytes: [page, ...files].reduce((sum, e) => sum + e.encodedBodySize, 0), files: files.length,
				text: new TextEncoder().encode((document.querySelector("article.document, article.answer") ?? document.querySelector("main")).textContent).length,
				first: performance.getEntriesByName("first-contentful-paint")[0].startTime,
			};
		})()`)
		if i > 0 {
			first = append(first, w.First)
		}
	}
	slices.Sort(first)
	w.First = first[len(first)/2]
	return w
}

// No page weighs more than it should. The time to its first paint on loopback
// is logged, with BRIEFDESK_PROVE of more visits; docs/benchmarks.md has it.
func TestWeightAndFirstPaint(t *testing.T) {
	s, pages := fullSite(t)
	d := s.add(t, map[string]string{"ext.md": "# Škoda, Łódź, Iași\n\n## Čas a čtení\n\nZażółć gęślą jaźń. Îmi place să șez și să țin. Çağdaş ışık. Ő és ű.\n"})["ext.md"]
	pages = append(pages, kind{"other letters", spanLink(&d, d.Blocks[len(d.Blocks)-1].Span), 200})
	p := open(t, s.origin)
	p.do(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := cdp.Call(ctx, tg, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		return err
	}))
	visits := 1
	if prove() {
		visits = 7
	}
	var paints []float64
	for _, page := range pages {
		w := p.weigh(page.path, visits)
		if w.Bytes-w.Text > heaviest || w.Bytes < 2000 {
			t.Errorf("%s: %d bytes, %d of them text, in %d files besides", page.name, w.Bytes, w.Text, w.Files)
		}
		t.Logf("%-16s %6d bytes, %5d of text, first paint after %.0f ms", page.name, w.Bytes, w.Text, w.First)
		paints = append(paints, w.First)
	}
	slices.Sort(paints)
	t.Logf("first paint: median %.0f ms, slowest %.0f ms", paints[len(paints)/2], paints[len(paints)-1])
}
