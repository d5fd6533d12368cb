package browsertest

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"briefdesk/briefs"
)

// sticksOut is the JavaScript for what is wider than the window, or takes less
// of it than the window has.
const sticksOut = `(() => {
	const found = [], wide = document.documentElement.scrollWidth;
	if (wide > innerWidth) {
		found.push("the page is " + wide + " wide in a window of " + innerWidth);
		for (const e of document.body.querySelectorAll("*")) if (e.getBoundingClientRect().right > innerWidth + 1) found.push(e.localName + "." + e.className + " " + e.textContent.trim().slice(0, 40));
	}
	return found.slice(0, 5);
})()`

// No page is wider than a telephone, and nothing that is pressed is tiny.
func TestPhones(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	for _, width := range []int64{390, 360} {
		p.screen(width, 800)
		for _, page := range pages {
			p.visit(page.path)
			p.do(openDetails)
			for _, fault := range eval[[]string](p, sticksOut) {
				t.Errorf("%s at %d: %s", page.name, width, fault)
			}
			// WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, but for links inside of text.
			small := eval[[]string](p, `[...document.querySelectorAll("button, input, select, summary, nav a")].filter((e) => {
				const box = e.getBoundingClientRect();
				return box.width > 0 && e.type !== "checkbox" && !e.closest("label") && (box.height < 24 || box.width < 24) && !e.closest(".skip, .vh");
			}).map((e) => e.outerHTML.slice(0, 80))`)
			for _, e := range small {
				t.Errorf("%s at %d: too small to press: %s", page.name, width, e)
			}
		}
	}
}

// The number of a note stands inside of its page: what hangs in the margin is
// cut off on telephones and on paper.
func TestNumbersOfNotes(t *testing.T) {
	s := newSite(t, []briefs.Document{read(t, "notes", "cyber", "notes.md", "# Tolls\n\nThe harbour charged a toll.[^1]\n\n[^1]: See the act of 1901.\n")})
	p := open(t, s.origin)
	p.screen(360, 800)
	for _, media := range []string{"screen", "print"} {
		p.do(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
			_, err := cdp.Call(ctx, tg, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media})
			return err
		}))
		p.must("/d/notes?r=1")
		const hangs = `(() => { const n = document.querySelector(".footnote .marker"); return n.closest("article").getBoundingClientRect().left - n.getBoundingClientRect().left; })()`
		if out := eval[float64](p, hangs); out > 0.5 {
			t.Errorf("%s: the number of a note stands %.0f pixels outside", media, out)
		}
	}
}

// Zoomed to twice the size, as WCAG 1.4.4 wants, pages lose nothing.
func TestZoomed(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	p.screen(640, 450) // 1280 by 900 at 200 %
	for _, page := range pages {
		p.visit(page.path)
		for _, fault := range eval[[]string](p, sticksOut) {
			t.Errorf("%s: %s", page.name, fault)
		}
	}
}

// In the dark the ground is dark; in forced colours the mark keeps an edge; on
// paper a page has ink.
func TestDarkForcedAndPrinted(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	i := slices.IndexFunc(pages, func(k kind) bool { return k.name == "quote-current" })
	quote := pages[i].path
	const ground = `(() => { const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number); return 0.2126 * r + 0.7152 * g + 0.0722 * b; })()`

	p.media("prefers-color-scheme", "light")
	p.must(quote)
	if light := eval[float64](p, ground); light < 200 {
		t.Errorf("by day the ground has brightness %.0f", light)
	}
	p.media("prefers-color-scheme", "dark")
	p.must(quote)
	if dark := eval[float64](p, ground); dark > 60 {
		t.Errorf("by night the ground has brightness %.0f", dark)
	}
	p.media("forced-colors", "active")
	p.must(quote)
	const standsOut = `(() => { const m = getComputedStyle(document.getElementById("q")), p = getComputedStyle(document.getElementById("q").parentElement);
		return m.backgroundColor !== getComputedStyle(document.body).backgroundColor && m.backgroundColor !== "rgba(0, 0, 0, 0)" || m.outlineStyle !== "none" || m.textDecorationLine !== p.textDecorationLine || m.borderBottomStyle !== "none"; })()`
	if !eval[bool](p, standsOut) {
		t.Error("in forced colours the mark does not stand out")
	}
	p.media()
	for _, page := range pages {
		p.visit(page.path)
		sheet := get(p, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
		if !bytes.HasPrefix(sheet, []byte("%PDF-")) || len(sheet) < 2000 {
			t.Errorf("%s: prints as %d bytes, %.20q", page.name, len(sheet), sheet)
		}
	}
}

// What moves keeps still for those who ask for it, and no page needs sound,
// storage or the location of its reader.
func TestReducedMotion(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	p.media("prefers-reduced-motion", "reduce")
	for _, page := range pages {
		p.visit(page.path)
		moving := eval[[]string](p, `[...document.querySelectorAll("*")].filter((e) => {
			const s = getComputedStyle(e);
			return parseFloat(s.animationDuration) > 0.01 && s.animationName !== "none" || parseFloat(s.transitionDuration) > 0.01 || s.scrollBehavior === "smooth";
		}).map((e) => e.localName + "." + e.className)`)
		if len(moving) > 0 {
			t.Errorf("%s: moves: %s", page.name, strings.Join(slices.Compact(moving), " "))
		}
	}
}

// Screenshots differ by night and on a telephone, and are not blank: what they
// show is for people to look at.
func TestScreenshots(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	seen := map[string]bool{}
	for _, name := range []string{"answer", "quote-current"} {
		i := slices.IndexFunc(pages, func(k kind) bool { return k.name == name })
		for _, width := range []int64{1280, 390} {
			for _, scheme := range []string{"light", "dark"} {
				p.screen(width, 844)
				p.media("prefers-color-scheme", scheme)
				p.must(pages[i].path)
				shot := get(p, chromedp.CaptureScreenshot())
				if len(shot) < 5000 || seen[string(shot)] {
					t.Errorf("%s, %s at %d: %d bytes, the same as another: %v", name, scheme, width, len(shot), seen[string(shot)])
				}
				seen[string(shot)] = true
			}
		}
	}
}
