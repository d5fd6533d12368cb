package extract

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"briefdesk/briefs"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// maxMarkdownDepth ends the walk in trees deeper than any person nests.
const maxMarkdownDepth = 200

var markdownSign = regexp.MustCompile(`(?m)^(?:#{1,6} \S|\[[^\]]+\]: \S|` + "```" + `)|\]\(https?://`)

// looksLikeMarkdown reports whether a text without an ending in its name is
// Markdown: it has front matter, or several signs that plain text has not.
func looksLikeMarkdown(s string) bool {
	if meta, _ := frontMatter(s); meta != nil {
		return true
	}
	return len(markdownSign.FindAllString(s[:min(len(s), 64<<10)], 3)) >= 3
}

// readMarkdown reads Markdown. Text is what a reader sees: marks are gone,
// links keep their words, and offsets refer to that.
func readMarkdown(name, source string) briefs.Document {
	front, body := frontMatter(source)
	if tooNested(body) {
		return plain(name, source)
	}
	src := []byte(body)
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Footnote, extension.Linkify, extension.TaskList))
	root := md.Parser().Parse(text.NewReader(src))
	w := &mdWalker{src: src}
	w.blocks(root, 0, briefs.RoleParagraph)
	p := &page{name: name, units: w.b.units()}
	p.meta.fromFront(front)
	p.markdown()
	d := p.document(w.b.text.String())
	d.Collection = oneLine(front["collection"])
	return d
}

// Bounds of nesting that people write: a line that opens more quotations and
// lists, or many lines that are indented further, is a machine's, and parsing
// it takes quadratic time.
const maxOpen, maxIndent = 60, 120

// tooNested reports whether a text is nested beyond those bounds.
func tooNested(s string) bool {
	far := 0
	for l := range strings.Lines(s) {
		opened, indent := 0, 0
		for i := 0; i < len(l); i++ {
			c := l[i]
			if c == ' ' || c == '\t' {
				if opened == 0 {
					indent++
				}
				continue
			}
			next := i+1 < len(l) && (l[i+1] == ' ' || l[i+1] == '\t')
			if c != '>' && (c != '-' && c != '*' && c != '+' || !next) {
				break
			}
			opened++
		}
		if indent > maxIndent {
			far++
		}
		if opened > maxOpen || far > maxOpen {
			return true
		}
	}
	return false
}

// frontMatter parts the lines between "---" at the beginning of a text from
// the rest. Only "key: value" lines are understood, and lists of "- value";
// keys are in lower case. It is nil when there is none.
func frontMatter(s string) (map[string]string, string) {
	rest, ok := strings.CutPrefix(s, "---\n")
	if !ok {
		return nil, s
	}
	end := strings.Index("\n"+rest, "\n---\n")
	tail := 4
	if end < 0 {
		if strings.HasSuffix(rest, "\n---") {
			end = len(rest) - 3
			tail = 3
		} else {
			return nil, s
		}
	}
	out := map[string]string{}
	key := ""
	for _, l := range strings.Split(rest[:end], "\n") {
		if item, ok := strings.CutPrefix(strings.TrimSpace(l), "- "); ok && key != "" {
			if out[key] != "" {
				out[key] += ", "
			}
			out[key] += unquote(item)
			continue
		}
		k, v, ok := strings.Cut(l, ":")
		if !ok || strings.HasPrefix(l, " ") || strings.HasPrefix(l, "#") {
			if strings.TrimSpace(l) != "" && !strings.HasPrefix(strings.TrimSpace(l), "#") && key == "" {
				return nil, s // a rule at the start, not front matter
			}
			continue
		}
		key = strings.ToLower(strings.TrimSpace(k))
		v = strings.TrimSpace(v)
		if inner, ok := strings.CutPrefix(v, "["); ok && strings.HasSuffix(inner, "]") {
			var list []string
			for _, e := range strings.Split(strings.TrimSuffix(inner, "]"), ",") {
				list = append(list, unquote(e))
			}
			v = strings.Join(list, ", ")
		}
		out[key] = unquote(v)
	}
	return out, rest[min(len(rest), end+tail):]
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	return strings.TrimSpace(s)
}

// fromFront takes the metadata of front matter.
func (m *meta) fromFront(front map[string]string) {
	m.title = oneLine(front["title"])
	for _, key := range []string{"author", "authors", "by"} {
		if names, rest := takeNames(front[key]); rest == "" {
			m.people(names)
			continue
		}
		for _, a := range strings.Split(front[key], ", ") {
			if a = oneLine(a); a != "" {
				m.people([]string{a})
			}
		}
	}
	m.publisher = oneLine(first(front["publisher"], front["source"], front["outlet"]))
	for _, key := range []string{"published", "date", "publish_date", "pubdate"} {
		if d, ok := looseDate(front[key]); ok && m.published == "" {
			m.published = d
		}
	}
	m.url = webAddress(first(front["url"], front["link"], front["canonical"], front["canonical_url"]))
}

// markdown gives roles beyond those of the syntax: the title, a byline and a
// date line below it, notes on the author, captions and chrome.
func (p *page) markdown() {
	p.tail = len(p.units)
	title := -1
	for i := range p.units {
		u := &p.units[i]
		if u.Role != briefs.RoleHeading {
			continue
		}
		if p.meta.title == "" && u.Level == 1 || p.meta.title != "" && sameWords(u.text, p.meta.title) {
			title = i
			u.Role, u.Level = briefs.RoleTitle, 0
			if p.meta.title == "" {
				p.meta.title = oneLine(u.text)
			}
		}
		break
	}
	for i := range p.units {
		u := &p.units[i]
		if u.Role != briefs.RoleParagraph {
			continue
		}
		if c := local(u.text, u.runes); c != nil {
			u.Role, u.clue = c.role, c
			continue
		}
		if i > title+4 && i < len(p.units)-4 {
			continue
		}
		if b, ok := parseByline(u.text); ok && u.runes <= 160 {
			u.Role = briefs.RoleByline
			if len(p.meta.authors) == 0 {
				p.addAuthors(b.names)
			}
			p.dateFrom(b.rest)
			p.outletFrom(b.rest)
		} else if i <= title+4 && p.dateUnit(u) {
			continue
		} else if names, starred, ok := authorNote(u.text); ok && u.runes <= maxNote && (starred || overlap(names, p.meta.authors) || i > title+4 && p.stranger(names, i)) {
			u.Role = briefs.RoleAuthorNote
			if len(p.meta.authors) == 0 {
				p.addAuthors(names)
			}
		}
	}
	p.points(func(i int) bool { return i > title })
	p.linkBoxes()
	p.closing()
	p.publication()
}

// mdWalker turns the tree of Markdown into blocks.
type mdWalker struct {
	b      builder
	src    []byte
	marker string // of the item that waits for its first text
	lists  int    // depth
}

func (w *mdWalker) blocks(n ast.Node, depth int, role briefs.Role) {
	if depth > maxMarkdownDepth {
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.block(c, depth, role)
	}
}

func (w *mdWalker) block(n ast.Node, depth int, role briefs.Role) {
	switch n := n.(type) {
	case *ast.Heading:
		w.b.add(briefs.RoleHeading, n.Level, "", w.words(n))
	case *ast.Paragraph, *ast.TextBlock:
		w.paragraph(role, w.words(n))
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.paragraph(role, w.lines(n))
	case *ast.HTMLBlock:
		if s := textOfHTML(w.lines(n)); s != "" {
			w.paragraph(role, s)
		}
	case *ast.Blockquote:
		if role == briefs.RoleParagraph {
			role = briefs.RoleQuotation
		}
		w.blocks(n, depth+1, role)
	case *ast.List:
		w.lists++
		number := max(n.Start, 1)
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			w.marker = "• "
			if n.IsOrdered() {
				w.marker = strconv.Itoa(number) + string(n.Marker) + " "
				number++
			}
			w.blocks(c, depth+1, briefs.RoleItem)
		}
		w.marker = ""
		w.lists--
	case *extast.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			var cells []string
			for c := row.FirstChild(); c != nil; c = c.NextSibling() {
				cells = append(cells, strings.ReplaceAll(w.words(c), "\n", " "))
			}
			w.b.add(briefs.RoleTable, 0, "", strings.Join(cells, "\t"))
		}
	case *extast.FootnoteList:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if f, ok := c.(*extast.Footnote); ok {
				w.marker = "[" + strconv.Itoa(f.Index) + "] "
				w.blocks(f, depth+1, briefs.RoleFootnote)
				w.marker = ""
			}
		}
	case *ast.ThematicBreak:
	default:
		if n.Type() == ast.TypeBlock {
			w.blocks(n, depth+1, role)
		}
	}
}

// words returns the text of the inline nodes inside n.
func (w *mdWalker) words(n ast.Node) string {
	var b strings.Builder
	w.inline(n, &b, 0)
	return b.String()
}

func (w *mdWalker) inline(n ast.Node, b *strings.Builder, depth int) {
	if depth > maxMarkdownDepth {
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(unescape(c.Segment.Value(w.src), c.IsRaw()))
			switch {
			case c.HardLineBreak():
				b.WriteByte('\n')
			case c.SoftLineBreak():
				if w.markerAt(c.Segment.Stop) {
					b.WriteByte('\n')
				} else {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(w.src))
		case *ast.RawHTML:
			if c.Segments.Len() > 0 {
				at := c.Segments.At(0)
				if strings.HasPrefix(strings.ToLower(string(at.Value(w.src))), "<br") {
					b.WriteByte('\n')
				}
			}
		case *ast.Image:
			// Its description is for those who cannot see it.
		case *extast.FootnoteLink:
			b.WriteString("[" + strconv.Itoa(c.Index) + "]")
		case *extast.FootnoteBacklink:
		case *ast.CodeSpan:
			for t := c.FirstChild(); t != nil; t = t.NextSibling() {
				if s, ok := t.(*ast.Text); ok {
					b.Write(s.Segment.Value(w.src))
				}
			}
		default:
			w.inline(c, b, depth+1)
		}
	}
}

func (w *mdWalker) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		b.Write(at.Value(w.src))
	}
	if h, ok := n.(*ast.HTMLBlock); ok && h.HasClosure() {
		b.Write(h.ClosureLine.Value(w.src))
	}
	return b.String()
}

// unescape resolves backslash escapes and entities of a piece of text.
func unescape(s []byte, raw bool) []byte {
	if raw || !bytes.ContainsAny(s, `\&`) {
		return s
	}
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(s)))
}

// textOfHTML returns the words of a piece of HTML inside Markdown.
func textOfHTML(s string) string {
	nodes, err := html.ParseFragment(strings.NewReader(s), nil)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, n := range nodes {
		gather(n, &b, 1<<20, 0)
	}
	return inline(b.String())
}
