package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// until waits for a JavaScript condition to hold.
func (p *tab) until(condition string) {
	p.Helper()
	for start := time.Now(); !eval[bool](p, "!!("+condition+")"); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > pageTime {
			p.Fatalf("at %s: never: %s\n%s", p.path(), condition, strings.Join(p.seen(), "\n"))
		}
	}
}

// press presses keys, one after the other.
func (p *tab) press(keys ...string) {
	p.Helper()
	for _, key := range keys {
		p.do(chromedp.KeyEvent(key))
	}
}

// withMouse asks, narrows, opens and goes back as a person with a mouse does.
func withMouse(t *testing.T, s *site, p *tab) {
	t.Helper()
	p.must("/")
	p.do(chromedp.SendKeys(chromedp.CSS("input[name=q]"), reasons))
	p.follow(chromedp.Click(chromedp.CSS("form.ask button[type=submit]")))
	if got := p.path(); !strings.HasPrefix(got, "/?q=why") {
		t.Errorf("asked at %s", got)
	}
	if n := eval[int](p, `document.querySelectorAll("li.quote").length`); n < 5 {
		t.Errorf("%d quotes", n)
	}
	if got := eval[string](p, `document.querySelector("input[name=q]").value`); got != reasons {
		t.Errorf("the box holds %q", got)
	}

	// The address alone brings the same again.
	before := eval[string](p, `document.querySelector("article.answer").textContent`)
	p.must(p.path())
	if after := eval[string](p, `document.querySelector("article.answer").textContent`); after != before {
		t.Error("the address of an answer brings another one")
	}

	// Why this?
	p.do(chromedp.Click(chromedp.CSS("li.quote details.why summary")))
	if n := eval[int](p, `document.querySelectorAll("li.quote details.why[open] tr").length`); n == 0 {
		t.Error("why this? tells nothing")
	}

	// Filters.
	p.do(chromedp.Click(chromedp.CSS("form.ask > details > summary")), chromedp.Click(chromedp.CSS("input[name=collection][value=energy]")))
	p.follow(chromedp.Click(chromedp.CSS("form.ask button[type=submit]")))
	if got := p.path(); !strings.Contains(got, "collection=energy") {
		t.Errorf("filtered at %s", got)
	}
	if text := eval[string](p, `document.querySelector("article.answer").textContent`); strings.Contains(text, "plumbing") {
		t.Error("the filter lets through what it should not")
	}

	// An answer's quote, then back.
	p.must("/?q=" + url.QueryEscape(reasons))
	p.follow(chromedp.Click(chromedp.CSS("li.quote blockquote a")))
	if text := eval[string](p, `document.body.textContent`); !strings.Contains(text, reasons) {
		t.Error("the document does not say in which answer the quote was used")
	}

	// The library, a document, another revision, what changed.
	p.must("/")
	p.follow(chromedp.Click(chromedp.CSS("nav a[href='/library']")))
	p.do(chromedp.SendKeys(chromedp.CSS("input[name=find]"), "ferry"))
	p.follow(chromedp.KeyEvent(kb.Enter))
	p.follow(chromedp.Click(chromedp.CSS("main a[href^='/d/ferry']")))
	if title := eval[string](p, `document.querySelector("article h1").textContent`); !strings.Contains(title, "The ferry timetable") {
		t.Errorf("opened %q", title)
	}
	p.must(s.linkTo(t, "ferry", 1, "The ferry leaves at nine.", 1))
	if text := eval[string](p, `document.querySelector(".notice").textContent`); !strings.Contains(text, "revision 1 of 2") || !eval[bool](p, `!!document.querySelector(".notice a[href*='/d/ferry/diff']")`) {
		t.Errorf("an old revision says %q", text)
	}
	p.must("/d/ferry/diff?from=1&to=2")
	if gone, come := eval[string](p, `[...document.querySelectorAll("del")].map((e) => e.textContent).join()`), eval[string](p, `[...document.querySelectorAll("ins")].map((e) => e.textContent).join()`); !strings.Contains(gone, "nine") || !strings.Contains(come, "ten") || strings.Contains(gone, "dusk") {
		t.Errorf("from 1 to 2 went %q, came %q", gone, come)
	}

	// Searching, asking for a brief, the archive.
	p.must("/library")
	p.do(chromedp.SendKeys(chromedp.CSS("form[action='/library/search'] input[name=q]"), "ferry"))
	p.follow(chromedp.KeyEvent(kb.Enter))
	if n := eval[int](p, `document.querySelectorAll("[data-results] a[href*='/d/ferry']").length`); n == 0 {
		t.Error("the search finds no ferry")
	}
	p.must("/")
	p.follow(chromedp.Click(chromedp.CSS("nav a[href='/briefings']")))
	p.follow(chromedp.Click(chromedp.CSS("main a[href^='/briefings/weekly-1']")))
	if text := eval[string](p, `document.querySelector("main").textContent`); !strings.Contains(text, "Key points") {
		t.Errorf("the briefing reads %.200q", text)
	}

	// Gaps, for the operator, and how one is forgotten.
	p.must("/?q=" + url.QueryEscape(unknown))
	if text := eval[string](p, `document.querySelector("article.answer").textContent`); !strings.Contains(text, "Nothing in this library answers that.") {
		t.Errorf("silence reads %.200q", text)
	}
	p.follow(chromedp.Click(chromedp.CSS("nav a[href='/questions']")))
	gaps := func() int { return eval[int](p, `document.querySelectorAll("form[action='/gaps/clear']").length`) }
	n := gaps()
	p.follow(chromedp.Click(chromedp.CSS("form[action='/gaps/clear'] button")))
	if n == 0 || gaps() != n-1 {
		t.Errorf("%d gaps, and %d after one was cleared", n, gaps())
	}
}

func TestWithMouse(t *testing.T) {
	s, _ := fullSite(t)
	withMouse(t, s, open(t, s.origin))
}

// Without scripts everything works that works with them.
func TestWithoutScripts(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	p.withoutScripts()
	withMouse(t, s, p)
	for _, page := range pages {
		if status := p.visit(page.path); status != page.status {
			t.Errorf("%s: status %d, want %d", page.name, status, page.status)
		}
		dead := eval[[]string](p, `[...document.querySelectorAll("button:not([type=submit]), [data-copy]")].filter((e) => e.getClientRects().length && e.type !== "submit").map((e) => e.outerHTML.slice(0, 80))`)
		for _, e := range dead {
			t.Errorf("%s: shows what does nothing without scripts: %s", page.name, e)
		}
	}
	i := slices.IndexFunc(pages, func(k kind) bool { return k.name == "quote-old" })
	if fault := p.openOne(pages[i].path).fault("The ferry leaves at nine.", true); fault != "" {
		t.Errorf("a quote: %s", fault)
	}
}

// With the keyboard alone a question is asked, its answer read, a quote opened.
func TestKeyboardOnly(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	p.must("/")
	if got := eval[string](p, `document.activeElement.name || document.activeElement.localName`); got != "q" {
		p.press("/")
		p.until(`document.activeElement.name === "q"`)
	}
	p.press(reasons)
	p.follow(chromedp.KeyEvent(kb.Enter))
	if got := p.path(); !strings.HasPrefix(got, "/?q=why") {
		t.Fatalf("Enter led to %s", got)
	}
	p.press("j")
	p.until(`document.activeElement.closest("li.quote")`)
	first := eval[string](p, `document.activeElement.closest("li.quote").id`)
	p.press("j")
	p.until(`document.activeElement.closest("li.quote").id !== "` + first + `"`)
	p.press("k")
	p.until(`document.activeElement.closest("li.quote").id === "` + first + `"`)
	p.follow(chromedp.KeyEvent(kb.Enter))
	if got := p.path(); !strings.HasSuffix(got, "#q") {
		t.Errorf("Enter on a quote led to %s", got)
	}
	p.press("?")
	p.until(`document.querySelector("dialog[open]")`)
	p.press(kb.Escape)
	p.until(`!document.querySelector("dialog[open]")`)

	for _, page := range pages {
		p.visit(page.path)
		p.do(openDetails)
		for _, fault := range p.tabThrough() {
			t.Errorf("%s: %s", page.name, fault)
		}
	}
}

// tabThrough presses Tab from the top of the page until it begins again, and
// tells what is not reached, or is not seen to be.
func (p *tab) tabThrough() []string {
	p.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur(); scrollTo(0, 0); getSelection().removeAllRanges(); document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); void 0`))
	want := eval[int](p, `(() => {
		let n = 0;
		for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
			if (e.disabled || !e.getClientRects().length || getComputedStyle(e).visibility === "hidden" || e.tabIndex < 0) continue;
			e.dataset.reach = n++;
		}
		return n;
	})()`)
	var faults []string
	reached := map[int]bool{}
	last := -1
	for range want + 20 {
		p.press(kb.Tab)
		now := eval[struct {
			Reach int
			Seen  bool
			What  string
		}](p, `(() => {
			const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
			const ring = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1 || s.boxShadow !== "none";
			const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
			return { reach: Number(e.dataset.reach ?? -1), seen: ring && inside, what: e.outerHTML.slice(0, 100) };
		})()`)
		if now.Reach < 0 {
			if len(reached) >= want {
				break
			}
			continue
		}
		if reached[now.Reach] && len(reached) >= want {
			break
		}
		if now.Reach < last && !reached[now.Reach] {
			faults = append(faults, "reached against the order of the page: "+now.What)
		}
		if !now.Seen {
			faults = append(faults, "has the focus, but does not show it: "+now.What)
		}
		reached[now.Reach], last = true, now.Reach
	}
	if len(reached) < want {
		missed := eval[[]string](p, fmt.Sprintf(`(() => { const reached = new Set(%s); return [...document.querySelectorAll("[data-reach]")].filter((e) => !reached.has(Number(e.dataset.reach))).map((e) => e.outerHTML.slice(0, 100)); })()`, jsonOf(keys(reached))))
		faults = append(faults, fmt.Sprintf("Tab reaches %d of %d: not %s", len(reached), want, strings.Join(missed, ", ")))
	}
	return faults
}

func keys(m map[int]bool) []int {
	list := []int{}
	for k := range m {
		list = append(list, k)
	}
	return list
}

// While somebody types, the passages found follow, in the order of typing, and
// the address with them.
func TestSearchAsYouType(t *testing.T) {
	s, _ := fullSite(t)
	p := open(t, s.origin)
	p.must("/library/search")
	const box = "form[data-live] input[name=q]"
	p.do(chromedp.SendKeys(chromedp.CSS(box), "ferr"))
	p.do(chromedp.SendKeys(chromedp.CSS(box), "y"))
	p.until(`document.querySelector("[data-results] a[href*='/d/ferry']")`)
	p.until(`location.search.includes("q=ferry")`)
	if loads := eval[int](p, `performance.getEntriesByType("navigation").length`); loads != 1 {
		t.Errorf("%d pages were loaded", loads)
	}
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("`+box+`").select(); void 0`), chromedp.KeyEvent("zzzz"))
	p.until(`location.search.includes("q=zzzz") && !document.querySelector("[data-results] a[href*='/d/']")`)
	found := eval[string](p, `document.querySelector("[data-results]").textContent`)
	p.must("/library/search?q=zzzz")
	if page := eval[string](p, `document.querySelector("[data-results]").textContent`); strings.TrimSpace(page) != strings.TrimSpace(found) {
		t.Errorf("typed, it shows %q, loaded %q", found, page)
	}
}

// Copy takes the quote and its footnotes to the clipboard.
func TestCopy(t *testing.T) {
	s, _ := fullSite(t)
	p := open(t, s.origin)
	p.do(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: "clipboard-read"}, Setting: browser.PermissionSettingGranted,
			Origin: s.origin, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
		})
		return err
	}))
	p.must(s.linkTo(t, "ferry", 2, "The ferry leaves at ten.", 1))
	p.do(openDetails)
	n := eval[int](p, `document.querySelectorAll("button.copy").length`)
	if n < 4 {
		t.Fatalf("%d buttons to copy, want Chicago, APA, MLA and the quotation", n)
	}
	for i := range n {
		want := eval[string](p, fmt.Sprintf(`document.querySelectorAll("button.copy")[%d].dataset.copy`, i))
		p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelectorAll("button.copy")[%d].focus(); void 0`, i)), chromedp.KeyEvent(kb.Enter))
		p.until(`document.getElementById("status").textContent !== ""`)
		if got := eval[string](p, `navigator.clipboard.readText()`); got != want || strings.TrimSpace(want) == "" {
			t.Errorf("copied %q, want %q", got, want)
		}
	}
}
