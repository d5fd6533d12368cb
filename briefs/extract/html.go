package extract

import (
	"bytes"
	"regexp"
	"strings"

	"briefdesk/briefs"

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

// readHTML reads a web page. Relative addresses in it resolve against address.
func readHTML(name, address, text string) briefs.Document {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil { // nested too deeply for a tree
		return flatHTML(name, text)
	}
	m, others := pageMeta(root)
	m.url = first(m.url, webAddress(address))
	w := &walker{}
	for _, a := range []string{m.url, address} {
		if self := onSite(a); self != "" {
			w.self = append(w.self, self)
		}
	}
	w.walk(root, 0)
	units := w.b.units()
	inBody := mainContent(root, units, w.origins, w.texts)
	p := &page{name: name, units: units, meta: m, tail: len(units), origins: w.origins}
	p.arrange(inBody)
	p.addOthers(others)
	if p.meta.published == "" && p.meta.updated == "" {
		p.meta.published = dateInAddress(first(webAddress(address), m.url))
	}
	return p.document(w.b.text.String())
}

// addOthers finds the authors of a page that names no person as such: what it
// calls its authors, an agency or one name alone, else people in what seems to
// be a byline. That it names its publisher says nothing new.
func (p *page) addOthers(s said) {
	if len(p.meta.authors) > 0 {
		return
	}
	for _, n := range s.named {
		if !sameWords(n, p.meta.publisher) {
			p.meta.authors = append(p.meta.authors, n)
		}
	}
	if len(p.meta.authors) == 0 {
		p.addAuthors(s.bylines)
	}
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
