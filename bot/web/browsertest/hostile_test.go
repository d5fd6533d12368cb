package browsertest

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

// evil is text that does something wherever it is taken for markup, a script,
// a template or an address.
const evil = `<script>alert(1)</script><img src=x onerror="alert(2)"><svg onload=alert(3)><a href="javascript:alert(4)">click</a>` +
	`<iframe src="javascript:alert(5)"></iframe><style>body{display:none}</style><link rel=stylesheet href=http://evil.test/x.css>` +
	`<meta http-equiv=refresh content="0;url=http://evil.test/"><base href="http://evil.test/"><form action=http://evil.test/><input name=q></form>` +
	`"'><script src=http://evil.test/x.js></script>{{.}}{{template "layout" .}}${alert(6)}</title></textarea></details></article></main>` +
	"\u202eesrever\u202c javascript:alert(7) data:text/html,<script>alert(8)</script> http://evil.test/ping.png"

// hostile are files that mean harm, by name.
func hostile() map[string]string {
	line := func(fields map[string]string) string {
		b, err := json.Marshal(fields)
		if err != nil {
			panic(err)
		}
		return string(b) + "\n"
	}
	page := `<!doctype html><html><head><title>` + evil + `</title><base href="http://evil.test/"><meta name=author content='` + strings.ReplaceAll(evil, "'", "&#39;") + `'>` +
		`<script>alert(9)</script><link rel=canonical href="javascript:alert(10)"></head><body onload="alert(11)"><article><h1>Harm ` + evil + `</h1>` +
		strings.Repeat(`<p>The harbour was closed because of harm. `+evil+`</p><p><a href="data:text/html,<script>alert(12)</script>">A link that is none</a> to the harbour.</p>`, 3) + `</article></body></html>`
	return map[string]string{
		"harm.html": page,
		"harm.md": "# Harm " + evil + "\n\nThe harbour was closed because of harm.\n\n[click](javascript:alert(13)) ![image](http://evil.test/i.png) <" + "http://evil.test/auto>\n\n" +
			evil + "\n\n- " + evil + "\n\n| a | b |\n|---|---|\n| " + strings.ReplaceAll(evil, "|", "") + " | b |\n",
		"harm.txt": "Harm\n\nThe harbour was closed because of harm. " + evil + "\n",
		"harm.jsonl": line(map[string]string{"id": "../../etc/passwd", "title": evil, "author": evil, "publisher": evil, "url": "javascript:alert(14)", "text": "The harbour was closed because of harm. " + evil}) +
			line(map[string]string{"id": `"><script>alert(15)</script>`, "title": "\u202eeltit", "url": "data:text/html,<script>alert(16)</script>", "text": "The harbour was closed because of harm. Second line."}) +
			line(map[string]string{"id": "harm 3", "title": "  ", "author": strings.Repeat("A", 5000), "publisher": strings.Repeat("B ", 3000), "url": "http://evil.test/\"onmouseover=alert(17) x=", "text": "The harbour was closed because of harm. Third line."}) +
			line(map[string]string{"id": "harm 4", "title": strings.Repeat("title ", 3000), "url": "vbscript:alert(18)", "text": "The harbour was closed because of harm. Fourth line."}),
	}
}

// Documents that mean harm do nothing: no dialog, no request, no line on the
// console, on any page that shows a part of them.
func TestHostileDocumentsAreInert(t *testing.T) {
	s := newSite(t, nil)
	docs := s.add(t, hostile())
	p := open(t, s.origin)
	listed, err := s.lib.Documents(t.Context(), briefs.Listing{Scope: briefs.Everything()})
	if err != nil || len(listed) < 7 {
		t.Fatalf("%d documents: %v", len(listed), err)
	}
	paths := []string{
		"/library", "/library?find=harm", "/library/search?q=harbour", "/library/search?q=" + url.QueryEscape(evil),
		"/?q=" + url.QueryEscape("why was the harbour closed?"), "/?q=" + url.QueryEscape(evil), "/?q=x&publisher=" + url.QueryEscape(evil),
		"/?q=x&collection=" + url.QueryEscape(evil), "/brief?topic=" + url.QueryEscape(evil), "/brief?topic=harbour", "/questions", "/briefings",
	}
	for _, l := range listed {
		d, err := s.lib.Document(t.Context(), l.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, "/d/"+url.PathEscape(string(d.ID)), spanLink(&d, briefs.Span{Start: 0, End: len(d.Text)}))
	}
	for _, path := range paths {
		if status := p.visit(path); status != 200 && status != 400 {
			t.Errorf("%.200s: status %d", path, status)
		}
		p.do(openDetails)
		for _, fault := range eval[[]string](p, findHarm) {
			t.Errorf("%.200s: %s", path, fault)
		}
	}
	harm := docs["harm.txt"]
	if fault := p.openOne(s.linkTo(t, harm.ID, 0, evil[:60], 1)).fault(evil[:60], true); fault != "" {
		t.Errorf("a quote of harm: %s", fault)
	}
	time.Sleep(300 * time.Millisecond) // what would be asked late
	for _, address := range p.asked() {
		if u, err := url.Parse(address); err != nil || "http://"+u.Host != s.origin {
			t.Errorf("asked %s", address)
		}
	}
}

// findHarm lists what no page of ours has: elements and attributes that could
// only have come out of a document.
const findHarm = `(() => {
	const found = [];
	for (const e of document.querySelectorAll("*")) {
		for (const a of e.attributes) {
			if (/^on/i.test(a.name)) found.push(e.localName + " has " + a.name);
			if (a.name === "style") found.push(e.localName + " has a style");
			if (["href", "src", "action", "formaction", "cite", "data", "poster", "background", "srcset", "xlink:href"].includes(a.name) && /^[\s\0-\x1f]*(javascript|data|vbscript):/i.test(a.value))
				found.push(e.localName + " " + a.name + "=" + a.value.slice(0, 80));
		}
		if (["iframe", "object", "embed", "base", "style", "svg", "math", "frame", "video", "audio"].includes(e.localName)) found.push("element " + e.localName);
		if (e.localName === "script" && !e.src.startsWith(location.origin + "/")) found.push("a script of " + e.outerHTML.slice(0, 80));
		if (["img", "link", "script"].includes(e.localName) && !(e.src || e.href).startsWith(location.origin + "/")) found.push(e.outerHTML.slice(0, 80));
		if (e.localName === "form" && new URL(e.action).origin !== location.origin) found.push("a form to " + e.action);
		if (e.localName === "a" && e.hasAttribute("href") && !/^https?:$/.test(e.protocol)) found.push("a link to " + e.href.slice(0, 80));
		if (e.localName === "meta" && /refresh/i.test(e.httpEquiv)) found.push("a refresh");
	}
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (/[\u202a-\u202e\u2066-\u2069]/.test(walk.currentNode.data) && !e.closest("bdi, [dir], option, textarea, script")) found.push("text that turns its surroundings in " + e.outerHTML.slice(0, 80));
	}
	if (!document.querySelector("main") || !document.querySelector("footer")) found.push("the page is torn");
	if (getComputedStyle(document.body).display === "none") found.push("the page is hidden");
	return found;
})()`

// enormous are files of a size or depth that would stop a careless page.
func enormous(scale int) map[string]string {
	repeat := func(s string, n int) string { return strings.Repeat(s, max(n/scale, 1)) }
	words := "The ferry was late because the river was low and the pilot was ill, and so on. "
	return map[string]string{
		"line.txt":  "One line\n\n" + repeat("x", 5<<20),
		"words.txt": "Words\n\n" + repeat(words, 5<<20/len(words)),
		"tags.html": "<!doctype html><title>Deep</title><article><h1>Deep</h1><p>The lock was deep because of the tide, and the tide was high that year.</p>" +
			repeat("<div>", 100_000) + "<p>The bottom of it all, which is quoted here and there.</p>" + repeat("</div>", 100_000) + "</article>",
		"lists.html": "<!doctype html><title>Lists</title><article><h1>Lists</h1><p>The list was deep because nobody had counted its levels that year.</p>" +
			repeat("<ul><li>One of the levels. ", 100_000) + "</article>",
		"quotes.md":   "# Quotes\n\n" + repeat("> ", 100_000) + "The end of the quotation.\n",
		"items.md":    "# Items\n\nMany:\n\n" + repeat("- One of many items that are all alike.\n", 100_000),
		"rows.md":     "# Rows\n\n| a | b |\n|---|---|\n" + repeat("| one cell | another |\n", 50_000),
		"headings.md": repeat("## A heading\n\nAnd a sentence.\n\n", 20_000),
	}
}

// Enormous documents open, with their marks, in the time of a breath, and so
// does what changed in them. With BRIEFDESK_PROVE they are eight times as large.
func TestEnormousDocuments(t *testing.T) {
	scale, limit := 8, 45*time.Second // a busy machine; what it takes is logged
	if prove() {
		scale = 1
	}
	s := newSite(t, nil)
	files := enormous(scale)
	began := time.Now()
	docs := s.add(t, files)
	t.Logf("added in %v", time.Since(began).Round(time.Millisecond))
	p := open(t, s.origin)
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		d := docs[name]
		at := briefs.Span{Start: len(d.Text) - min(len(d.Text), 40), End: len(d.Text)}
		if n := len(d.Blocks); n > 0 && d.Blocks[n-1].Len() < 400 {
			at = d.Blocks[n-1].Span
		}
		began := time.Now()
		if fault := p.openOne(spanLink(&d, at)).fault(d.Slice(at), true); fault != "" {
			t.Errorf("%s: %.300s", name, fault)
		}
		opened := time.Since(began)
		if depth := eval[int](p, depth); depth > 100 {
			t.Errorf("%s: the page is %d elements deep", name, depth)
		}

		again := read(t, string(d.ID), d.Collection, name, strings.Replace(files[name], "The ", "One ", 1)+"\n\nA sentence more than before.\n")
		if _, err := s.lib.PutDocuments(t.Context(), []briefs.Document{again}); err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		p.must("/d/" + url.PathEscape(string(d.ID)) + "/diff?from=1&to=2")
		compared := time.Since(began)
		if opened > limit || compared > limit {
			t.Errorf("%s: opened in %v, compared in %v", name, opened, compared)
		}
		t.Logf("%-12s %8d bytes, %6d blocks: opened at its end in %v, compared in %v", name, len(d.Text), len(d.Blocks),
			opened.Round(time.Millisecond), compared.Round(time.Millisecond))
	}
	for _, path := range []string{"/library", "/library/search?q=ferry", "/?q=" + url.QueryEscape("why was the ferry late?"), "/brief?topic=ferry"} {
		began := time.Now()
		p.must(path)
		t.Logf("%s in %v", path, time.Since(began).Round(time.Millisecond))
	}
}

// depth is the JavaScript for how deep the elements of a page are nested.
const depth = `(() => {
	let most = 0;
	for (const e of document.querySelectorAll("main *:not(:has(> *))")) {
		let n = 0;
		for (let up = e; up; up = up.parentElement) n++;
		if (n > most) most = n;
	}
	return most;
})()`
