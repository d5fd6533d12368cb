package web

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
)

// parsed is what a browser makes of a page.
type parsed struct{ root *html.Node }

func parsePage(t rapid.TB, page string) parsed {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return parsed{root}
}

// all lists the elements for which f holds, in order.
func (p parsed) all(f func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && f(n) {
			out = append(out, n)
		}
	}
	return out
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func content(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// marked is the text of all marks, joined.
func (p parsed) marked() string {
	var b strings.Builder
	for _, n := range p.marks() {
		b.WriteString(content(n))
	}
	return b.String()
}

func (p parsed) marks() []*html.Node {
	return p.all(func(n *html.Node) bool { return attribute(n, "class") == "q" })
}

// articlePage is the page of d without what stands around the article.
func articlePage(d *briefs.Document, span briefs.Span) string {
	a := articleOf(d, span)
	return "<!doctype html><html><body><main><article><header><h1 dir=\"auto\">" + string(a.Title) + "</h1></header>\n" + string(a.Body) + "</article></main></body></html>"
}

// checkMark reports how the page of d fails to mark span.
func checkMark(d *briefs.Document, span briefs.Span, p parsed) error {
	want := strings.ReplaceAll(d.Text[span.Start:span.End], "\x00", "\ufffd")
	if got := p.marked(); got != want {
		return fmt.Errorf("marked %q, want %q", got, want)
	}
	for i, n := range p.marks() {
		if id := attribute(n, "id"); (id == "q") != (i == 0) || n.Data != "mark" {
			return fmt.Errorf("mark %d is a %s with id %q", i, n.Data, id)
		}
		for up := n.Parent; up != nil; up = up.Parent {
			if up.Data == "details" && attribute(up, "class") == "chrome" && !hasAttribute(up, "open") {
				return fmt.Errorf("mark %d is folded away", i)
			}
		}
	}
	return nil
}

func hasAttribute(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// What no parser may lose or change: white space at every place, controls,
// markup, references, characters outside the basic plane, bidi controls.
func texts() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"a", "word ", "Two words.", " ", "  ", "\n", "\n\n", "\t", "\r", "\r\n", "\x00", "\x01", "\x0b", "\f", "\x1b", "\u0085", "\u009f",
		"\u00a0", "\u200f", "\u202e", "\u2066", "\u2028", "\ufeff", "\ufffd", "\ufffe", "\U0001f600", "é", "中文", "עברית", "<", ">", "&", "&amp;", "&#13;", "&lt", "\"", "'",
		"<p>", "</p>", "</mark>", "<mark class=q id=q>", "<!--", "-->", "<script>", "</script>", "<table>", "<svg>", "<![CDATA[", "]]>", "<plaintext>", "* ", "2. ", "(b) ",
	})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "")
	})
}

var allRoles = []briefs.Role{
	briefs.RoleTitle, briefs.RoleHeading, briefs.RoleParagraph, briefs.RoleItem, briefs.RoleQuotation, briefs.RoleTable, briefs.RoleCaption,
	briefs.RoleByline, briefs.RoleDateline, briefs.RoleAuthorNote, briefs.RoleFootnote, briefs.RoleChrome, "",
}

// drawDocument makes a document whose blocks are as wrong as stored ones can
// be: overlapping, out of order, with text between them.
func drawDocument(t *rapid.T) *briefs.Document {
	d := &briefs.Document{ID: "d", Text: texts().Draw(t, "text")}
	place := func(label string) int {
		return characterAt(d.Text, rapid.IntRange(0, len(d.Text)).Draw(t, label))
	}
	at := 0
	for range rapid.IntRange(0, 12).Draw(t, "blocks") {
		b := briefs.Block{Role: rapid.SampledFrom(allRoles).Draw(t, "role"), Level: rapid.IntRange(0, 9).Draw(t, "level")}
		b.Start = place("start")
		if rapid.Bool().Draw(t, "next") {
			b.Start = min(at+rapid.IntRange(0, 2).Draw(t, "gap"), len(d.Text))
			b.Start = characterAt(d.Text, b.Start)
		}
		b.End = characterAt(d.Text, min(b.Start+rapid.IntRange(0, 40).Draw(t, "length"), len(d.Text)))
		b.Body = characterAt(d.Text, b.Start+rapid.IntRange(0, 4).Draw(t, "body"))
		if b.Body > b.End {
			b.Body = b.Start
		}
		at = b.End
		d.Blocks = append(d.Blocks, b)
	}
	if len(d.Blocks) > 0 && rapid.Bool().Draw(t, "titled") {
		b := rapid.SampledFrom(d.Blocks).Draw(t, "title")
		d.Title = strings.TrimSpace(d.Slice(b.Span))
	}
	return d
}

func drawSpan(t *rapid.T, d *briefs.Document) briefs.Span {
	from := characterAt(d.Text, rapid.IntRange(0, len(d.Text)).Draw(t, "from"))
	to := characterAt(d.Text, rapid.IntRange(from, len(d.Text)).Draw(t, "to"))
	return briefs.Span{Start: from, End: to}
}

func TestMarkProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		span := drawSpan(t, d)
		page := articlePage(d, span)
		p := parsePage(t, page)
		if err := checkMark(d, span, p); err != nil {
			t.Fatalf("%v\n%s", err, page)
		}
		for n := range p.root.Descendants() {
			switch {
			case n.Type == html.CommentNode:
				t.Fatalf("a comment: %q", n.Data)
			case n.Type == html.ElementNode && !strings.Contains(" html head body main article header h1 h2 h3 h4 h5 h6 p span mark br ul ol li blockquote div table tbody tr td details summary ", " "+n.Data+" "):
				t.Fatalf("an element <%s>\n%s", n.Data, page)
			}
			for _, a := range n.Attr {
				if !strings.Contains(" class id dir lang role tabindex aria-label aria-hidden open ", " "+a.Key+" ") {
					t.Fatalf("an attribute %s of <%s>\n%s", a.Key, n.Data, page)
				}
			}
		}
	})
}

// Nothing of the text is left out of the page but white space between blocks.
func TestWholeTextIsShownProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		d.Title = "" // else the title moves
		p := parsePage(t, articlePage(d, briefs.Span{}))
		got := ""
		for _, n := range p.all(func(n *html.Node) bool { return n.Data == "article" }) {
			got = strings.ReplaceAll(content(n), "Around the text: menus, links and notices", "")
		}
		squeeze := func(s string) string {
			return strings.Join(strings.Fields(strings.ReplaceAll(s, "\x00", "\ufffd")), "")
		}
		if squeeze(got) != squeeze(d.Text) {
			t.Fatalf("%q\nwant %q", got, d.Text)
		}
	})
}

// Headings begin at h1 and pass over no rank; lists are at most maxDepth deep.
func TestOutlineProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		p := parsePage(t, articlePage(d, drawSpan(t, d)))
		rank := 0
		for _, n := range p.all(func(n *html.Node) bool { return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data != "hr" }) {
			r := int(n.Data[1] - '0')
			if r > rank+1 || r == 1 && rank > 0 {
				t.Fatalf("h%d after h%d", r, rank)
			}
			rank = r
		}
		for _, n := range p.all(func(n *html.Node) bool { return n.Data == "ul" || n.Data == "ol" }) {
			depth := 0
			for up := n; up != nil; up = up.Parent {
				if up.Data == "ul" || up.Data == "ol" {
					depth++
				}
			}
			if depth > maxDepth {
				t.Fatalf("a list %d deep", depth)
			}
			for c := range n.ChildNodes() {
				if c.Type == html.ElementNode && c.Data != "li" || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
					t.Fatalf("<%s> has a child that is no item: %q", n.Data, c.Data)
				}
			}
		}
	})
}

// extractedSamples are the sample library as it is stored.
func extractedSamples(t testing.TB) []briefs.Document {
	t.Helper()
	var out []briefs.Document
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			t.Fatal(err)
		}
		d.ID, d.Collection, d.Source = briefs.DocumentID(f.Name), f.Collection, f.Name
		structure.Analyze(&d)
		out = append(out, d)
	}
	return out
}

// Every sentence of the sample library is marked byte for byte; so is every
// block together with the one before and the one after it.
func TestEverySampleSentenceIsMarked(t *testing.T) {
	for _, d := range extractedSamples(t) {
		var spans []briefs.Span
		for i, b := range d.Blocks {
			spans = append(spans, b.Sentences...)
			if i > 1 {
				spans = append(spans, briefs.Span{Start: d.Blocks[i-2].Start, End: b.End})
			}
		}
		for _, span := range spans {
			// Every page is read as written; every tenth by a parser too.
			a := articleOf(&d, span)
			if got := markedOf(string(a.Title) + string(a.Body)); got != d.Slice(span) {
				t.Errorf("%s %v: marked %q, want %q", d.ID, span, got, d.Slice(span))
			}
			if span.Start%10 != 0 {
				continue
			}
			if err := checkMark(&d, span, parsePage(t, articlePage(&d, span))); err != nil {
				t.Errorf("%s %v: %v", d.ID, span, err)
			}
		}
	}
}

// markedOf reads what is marked off a page that holds no references but those
// of its own text, and no element inside a mark but <br>.
func markedOf(page string) string {
	var b strings.Builder
	for {
		_, rest, ok := strings.Cut(page, `<mark class="q"`)
		if !ok {
			return html.UnescapeString(strings.ReplaceAll(b.String(), "<br>", ""))
		}
		_, rest, _ = strings.Cut(rest, ">")
		inside, rest, _ := strings.Cut(rest, "</mark>")
		b.WriteString(inside)
		page = rest
	}
}

// A sentence that stands twice is marked where the span says.
func TestSecondOfTwoIsMarked(t *testing.T) {
	d := briefs.Document{Text: "We agree. They do not. We agree."}
	for span, want := range map[briefs.Span]string{
		{Start: 0, End: 9}:   `<p dir="auto"><mark class="q" id="q">We agree.</mark> They do not. We agree.</p>`,
		{Start: 23, End: 32}: `<p dir="auto">We agree. They do not. <mark class="q" id="q">We agree.</mark></p>`,
	} {
		if got := strings.TrimSpace(string(articleOf(&d, span).Body)); got != want {
			t.Errorf("%v: %s", span, got)
		}
	}
}

// A text that was wrapped flows; lines that were broken stay broken.
func TestLineBreaks(t *testing.T) {
	line := strings.Repeat("seven77 ", 8) // wrapped at 63
	for text, breaks := range map[string]int{
		"An Office\n1 Harbour Street\nPort Sample":                  2,
		strings.Repeat(strings.TrimSpace(line)+"\n", 3) + "The end": 0,
		strings.TrimSpace(line) + "\nshort\n" + line:                1,
		strings.Repeat("x ", 80) + "\n" + strings.Repeat("x ", 80):  1,
		"one line": 0,
	} {
		d := briefs.Document{Text: text, Blocks: []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(text)}}}}
		if got := strings.Count(string(articleOf(&d, briefs.Span{}).Body), "<br>"); got != breaks {
			t.Errorf("%q: %d breaks, want %d", text, got, breaks)
		}
		if !utf8.ValidString(text) {
			t.Error(text)
		}
	}
}
