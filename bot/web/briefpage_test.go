package web

import (
	"strings"
	"testing"

	"briefdesk/briefs"
)

func TestBriefPage(t *testing.T) {
	d := newDesk(t, sampleDocuments(t))
	page := d.page(t, 200, root, "/brief?topic=grid+connection+queues")
	text := textOf(page)
	for _, want := range []string{"grid connection queues", "Key points", "Sources", "Used for"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	quotes := quotesOf(t, page)
	for _, q := range quotes {
		if !strings.HasPrefix(q[0], "/d/") || !strings.HasSuffix(q[0], "#q") {
			t.Errorf("%q leads to %s", q[1], q[0])
		}
	}
	if len(quotes) < 5 {
		t.Errorf("%d quotes", len(quotes))
	}
	for _, m := range inPage.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("a link leads to #%s, which is not on the page", m[1])
		}
	}
	page = d.page(t, 200, root, "/brief?topic=collection:cyber")
	if text := textOf(page); !strings.Contains(text, "All of cyber") || len(quotesOf(t, page)) == 0 {
		t.Errorf("a collection as topic:\n%s", text)
	}
	if text := textOf(d.page(t, 200, root, "/brief?topic=zeppelins+of+Ipsum&from=1901&to=1902")); !strings.Contains(text, "Nothing in this library is about that.") || !strings.Contains(text, "published 1901 to 1902") {
		t.Errorf("nothing to brief about:\n%s", text)
	}
	if text := textOf(d.page(t, 200, root, "/brief")); !strings.Contains(text, "Or everything in one collection:") {
		t.Errorf("before a topic:\n%s", text)
	}
}

func TestBriefFilters(t *testing.T) {
	d := newDesk(t, sampleDocuments(t))
	d.rooms["web:ana"] = briefs.Only("cyber")
	for _, reader := range []string{root, "ana"} {
		page := d.page(t, 200, reader, "/brief?topic=surveillance&collection=cyber&from=2010")
		if !strings.Contains(page, `name="from" value="2010"`) || !strings.Contains(page, "published 2010 or later") {
			t.Errorf("%s: the dates are lost:\n%s", reader, textOf(page))
		}
	}
	for name, address := range map[string]string{
		"blank":             "/brief?topic=+",
		"too long":          at("/brief", "topic", strings.Repeat("x", longestQuestion+1)),
		"date":              "/brief?topic=grid&from=soon",
		"no collection":     "/brief?topic=grid&collection=secret",
		"no such topic":     "/brief?topic=collection:secret",
		"a topic of theirs": "/brief?topic=collection:",
	} {
		if page := d.page(t, 400, root, address); !strings.Contains(page, `class="bad"`) {
			t.Errorf("%s: the page does not say what is wrong: %s", name, textOf(page))
		}
	}
	d.page(t, 400, "ana", "/brief?topic=collection:energy")
}

func TestWithoutBriefs(t *testing.T) {
	d := newDesk(t, sampleDocuments(t), func(_ *desk, o *Options) { o.Brief = nil })
	d.page(t, 404, root, "/brief")
	if page := d.page(t, 200, root, at("/", "q", whyCyber)); strings.Contains(page, "/brief?") || strings.Contains(page, `href="/brief"`) {
		t.Error("a link leads to briefs")
	}
}
