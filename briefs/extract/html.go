package extract

import (
	"bytes"
	"regexp"
	"strings"

	"briefdesk/briefs"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var charsetDeclared = regexp.MustCompile(`(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]+)`)

// declaredCharset returns the encoding that a page names in its first bytes,
// empty when it names none. Browsers look at 1024 bytes; pages with long
// comments need more.
func declaredCharset(data []byte) string {
	if m := charsetDeclared.FindSubmatch(data[:min(len(data), 4096)]); m != nil {
		return string(m[1])
	}
	return ""
}

// maxNodes is the size of tree up to which the main content is sought by
// readability, whose time grows faster than the page.
const maxNodes = 60_000

// readHTML reads a web page. Relative addresses in it resolve against address.
func readHTML(name, address, text string) briefs.Document {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil { // nested too deeply for a tree
		return flatHTML(name, text)
	}
	m := pageMeta(root)
	m.url = first(m.url, webAddress(address))
	w := &walker{}
	w.walk(root, 0)
	units := w.b.units()
	inBody := mainContent(root, units, w.chrome)
	p := &page{name: name, units: units, meta: m, tail: len(units)}
	p.arrange(inBody)
	return p.document(w.b.text.String())
}

// arrange gives the units of a web page their roles: those outside the main
// content are chrome unless they say who wrote and when.
func (p *page) arrange(inBody []bool) {
	first, last := -1, -1
	for i, in := range inBody {
		if in {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	p.body, p.tail = max(first, 0), last+1
	title := p.htmlTitle(first)
	for i := range p.units {
		u := &p.units[i]
		if i == title {
			u.Role, u.Level = briefs.RoleTitle, 0
			continue
		}
		if !inBody[i] {
			p.outside(u, i)
			continue
		}
		p.inside(u, i, title)
	}
	p.points(func(i int) bool { return inBody[i] })
	p.linkBoxes()
	p.footnotes()
	p.closing()
	if p.meta.title == "" && title >= 0 {
		p.meta.title = oneLine(p.units[title].text)
	}
	p.publisher()
	p.publication()
}

// outside settles a unit that is not in the main content.
func (p *page) outside(u *unit, i int) {
	role := u.Role
	u.Role, u.Level = briefs.RoleChrome, 0
	if u.runes > longest {
		return
	}
	near := i >= p.body-15 && i <= p.tail+15
	if b, ok := parseByline(u.text); ok && near && u.runes <= 160 {
		u.Role = briefs.RoleByline
		if len(p.meta.authors) == 0 && i < p.body+3 {
			p.addAuthors(b.names)
		}
		p.dateFrom(b.rest)
		return
	}
	if near && i < p.body && overlap([]string{oneLine(u.text)}, p.meta.authors) {
		u.Role = briefs.RoleByline
		return
	}
	if near {
		if i < p.body && p.dateUnit(u) {
			return
		}
		if names, _, ok := authorNote(u.text); ok && (overlap(names, p.meta.authors) || i < p.body) {
			u.Role = briefs.RoleAuthorNote
			return
		}
	}
	if role == briefs.RoleCaption || role == briefs.RoleFootnote {
		u.Role = role
	}
}

// inside settles a unit of the main content.
func (p *page) inside(u *unit, i, title int) {
	if u.Role == briefs.RoleHeading || u.Role == briefs.RoleTable || u.Role == briefs.RoleFootnote || u.Role == briefs.RoleCaption {
		if u.Role == briefs.RoleHeading && title >= 0 && sameWords(u.text, p.units[title].text) {
			u.Role, u.Level = briefs.RoleChrome, 0
		}
		return
	}
	head, tail := i < p.body+6, i > p.tail-8
	if c := local(u.content(), u.runes); c != nil && (u.Role != briefs.RoleItem || c.role != briefs.RoleCaption) {
		u.Role, u.Level, u.clue = c.role, 0, c
		return
	}
	if u.Role != briefs.RoleParagraph || u.runes > longest {
		return
	}
	if head || tail {
		if b, ok := parseByline(u.text); ok && u.runes <= 160 {
			u.Role = briefs.RoleByline
			if len(p.meta.authors) == 0 {
				p.addAuthors(b.names)
			}
			return
		}
		if overlap([]string{oneLine(u.text)}, p.meta.authors) {
			u.Role = briefs.RoleByline
			return
		}
		if p.dateUnit(u) {
			return
		}
		if names, starred, ok := authorNote(u.text); ok && (starred || overlap(names, p.meta.authors) || tail && p.stranger(names, i)) {
			u.Role = briefs.RoleAuthorNote
			if len(p.meta.authors) == 0 {
				p.addAuthors(names)
			}
			return
		}
		if tail && inside(u.text) {
			u.Role = briefs.RoleChrome
		}
	}
}

// htmlTitle finds the heading that shows the title: equal to that of the
// metadata, else the first of rank one above or at the start of the content.
func (p *page) htmlTitle(first int) int {
	fallback := -1
	for i := range p.units {
		u := &p.units[i]
		if u.Role != briefs.RoleHeading || u.runes > 300 {
			continue
		}
		if p.meta.title != "" && sameWords(u.text, p.meta.title) {
			return i
		}
		if u.Level == 1 && fallback < 0 && (first < 0 || i <= first+3) {
			fallback = i
		}
	}
	if fallback >= 0 {
		p.meta.title = oneLine(p.units[fallback].text)
	}
	return fallback
}

// document assembles the result.
func (p *page) document(text string) briefs.Document {
	d := briefs.Document{
		Title: p.meta.title, Author: strings.Join(p.meta.authors, ", "), Publisher: p.meta.publisher,
		Published: p.meta.published, URL: p.meta.url, Text: text, Blocks: p.blocks(),
	}
	if d.Published == "" {
		d.Published = p.meta.updated
	}
	return d
}

// mainContent decides for each unit whether it is part of the main content.
// Readability chooses the content; a unit belongs to it when its words do.
func mainContent(root *html.Node, units []unit, chrome []bool) []bool {
	in := make([]bool, len(units))
	found := false
	if countNodes(root, maxNodes) <= maxNodes {
		if art := readable(root); art != nil {
			found = matchUnits(in, units, art)
		}
	}
	if !found {
		for i := range units {
			in[i] = !chrome[i] // the frame as its elements declare it
		}
		return in
	}
	// Lists that the page itself declares to be of its frame are not content;
	// with paragraphs that is too often a mistake.
	for i := range in {
		in[i] = in[i] && !(chrome[i] && units[i].Role == briefs.RoleItem && !endsSentence(units[i].text))
	}
	// A heading directly above content belongs to it.
	for i := len(units) - 2; i >= 0; i-- {
		if units[i].Role == briefs.RoleHeading && in[i+1] && !chrome[i] {
			in[i] = true
		}
	}
	return in
}

// readable returns the main content as readability sees it, nil when it finds
// none.
func readable(root *html.Node) (node *html.Node) {
	// The tree is a stranger's: a fault in the library must not stop the
	// reading of the rest.
	defer func() {
		if recover() != nil {
			node = nil
		}
	}()
	p := readability.NewParser()
	p.DisableJSONLD = true
	art, err := p.ParseDocument(root, nil)
	if err != nil {
		return nil
	}
	return art.Node
}

// shingle is how many words in a row must agree for text to be the same.
const shingle = 4

// matchUnits marks the units whose words stand in the article. It reports
// false when that is less than a paragraph.
func matchUnits(in []bool, units []unit, article *html.Node) bool {
	aw := &walker{}
	aw.walk(article, 0)
	aw.flush()
	exact := map[string]bool{}
	runs := map[string]bool{}
	text := aw.b.text.String()
	for _, b := range aw.b.blocks {
		ws := words(text[b.Body:b.End])
		exact[strings.Join(ws, " ")] = true
		for i := 0; i+shingle <= len(ws); i++ {
			runs[strings.Join(ws[i:i+shingle], " ")] = true
		}
	}
	size := 0
	for i := range units {
		ws := words(units[i].content())
		if len(ws) == 0 {
			continue
		}
		if exact[strings.Join(ws, " ")] {
			in[i] = true
		} else if n := len(ws) - shingle + 1; n > 0 {
			hit := 0
			for k := range n {
				if runs[strings.Join(ws[k:k+shingle], " ")] {
					hit++
				}
			}
			in[i] = hit*2 >= n
		}
		if in[i] {
			size += units[i].runes
		}
	}
	// Exact matches of a word or two far from the content are accidents.
	return size >= 200
}

func countNodes(n *html.Node, most int) int {
	count := 0
	for range n.Descendants() {
		if count++; count > most {
			break
		}
	}
	return count
}

// flatHTML reads a page without a tree: tags part the text, and the rules for
// plain text find its structure.
func flatHTML(name, text string) briefs.Document {
	z := html.NewTokenizer(strings.NewReader(text))
	var b strings.Builder
	skip := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return plain(name, normalize(strings.TrimSpace(b.String())))
		case html.TextToken:
			if skip == 0 {
				b.Write(bytes.ReplaceAll(z.Text(), []byte("\n"), []byte(" ")))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom == atom.Script || t.DataAtom == atom.Style {
				if t.Type == html.StartTagToken {
					skip = 1
				} else {
					skip = 0
				}
			}
			if blockElement[t.DataAtom] || t.DataAtom == atom.Br {
				b.WriteString("\n\n")
			}
		}
	}
}
