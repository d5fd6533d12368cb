package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeScript returns axe-core, which judges the accessibility of a page.
func axeScript(t testing.TB) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "..", "..", ".bin", "axe.min.js"))
	if err != nil {
		err = fmt.Errorf("axe-core is not there: .ci/browser installs it: %w", err)
	}
	needed(t, err)
	return string(script)
}

// axe returns what is wrong with the page shown, a line for each element.
func (p *tab) axe(script string) []string {
	p.Helper()
	p.do(chromedp.Evaluate[chromedp.Void]("window.axe || (() => {" + script + "\n})(); void 0"))
	return eval[[]string](p, `axe.run({ resultTypes: ["violations"] }).then((found) => found.violations.flatMap((v) =>
		v.nodes.map((n) => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary.replaceAll(/\s+/g, " "))))`)
}

// axe-core finds nothing wrong with any kind of page, light and dark, wide and
// narrow; with BRIEFDESK_PROVE in the other two pairs of these too.
func TestAccessible(t *testing.T) {
	script := axeScript(t)
	s, pages := fullSite(t)
	p := open(t, s.origin)
	for i, look := range []struct {
		name   string
		width  int64
		scheme string
	}{{"light", 1280, "light"}, {"dark phone", 390, "dark"}, {"dark", 1280, "dark"}, {"phone", 390, "light"}} {
		if i == 2 && !prove() {
			break
		}
		p.screen(look.width, 844)
		p.media("prefers-color-scheme", look.scheme)
		for _, page := range pages {
			if status := p.visit(page.path); status != page.status {
				t.Errorf("%s: status %d, want %d", page.name, status, page.status)
			}
			p.do(openDetails)
			for _, fault := range p.axe(script) {
				t.Errorf("%s, %s: %s", page.name, look.name, fault)
			}
		}
	}
}

// openDetails unfolds whatever is folded.
var openDetails = chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => { d.open = true; }); void 0`)

// axe-core is there and judges: a page with known faults has them.
func TestAxeFindsFaults(t *testing.T) {
	script := axeScript(t)
	s := newSite(t, nil)
	p := open(t, s.origin)
	p.must("/")
	p.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const main = document.querySelector("main");
		main.innerHTML = '<img src="/healthz"><input><p>faint</p>';
		Object.assign(main.querySelector("p").style, { color: "#999", background: "#fff" });
	})()`))
	found := strings.Join(p.axe(script), "\n")
	p.seen() // the image is none
	for _, rule := range []string{"image-alt", "label", "color-contrast"} {
		if !strings.Contains(found, rule+":") {
			t.Errorf("does not find %s in %s", rule, found)
		}
	}
}
