package extract

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// maxOfficeText is how long the text of one document may be, in bytes: the
// longest books are a tenth of it.
const maxOfficeText = 32 << 20

var errTooLong = errors.New("holds more than 32 MB of text: split it")

// para is one paragraph of an office document, before its text is settled.
type para struct {
	role   briefs.Role
	level  int
	marker string // of an item or a heading
	text   string // "\x00" stands for a line break
	bold   bool   // all of it
}

// sink takes the paragraphs of a document, a cell or a text box, in order.
type sink func(para)

// officeText gathers what the readers of office documents have in common.
type officeText struct {
	b     builder
	bold  []bool // of each block
	notes []para // in the order of the text
	size  int    // of all paragraphs so far, in bytes
	props properties
}

// properties are what a file says of itself, beside its text.
type properties struct {
	title, publisher, url string
	authors               []string
	created, modified     briefs.Date
}

// add writes a paragraph into the document.
func (o *officeText) add(p para) {
	lines := strings.Split(p.text, "\x00")
	for i := range lines {
		lines[i] = normalize(lines[i])
	}
	content := inline(strings.Join(lines, "\x00"))
	if p.role == briefs.RoleTable {
		content = normalize(p.text) // its tabs part cells
	}
	if p.role == "" {
		p.role = briefs.RoleParagraph
	}
	if o.b.add(p.role, p.level, p.marker, content) >= 0 {
		o.bold = append(o.bold, p.bold)
	}
}

// grow counts text; it reports errTooLong once there is too much.
func (o *officeText) grow(x *xmlStream, n int) {
	if o.size += n; o.size > maxOfficeText && x.err == nil {
		x.err = errTooLong
	}
}

// note remembers a footnote that the text refers to, and returns the sign in
// the text.
func (o *officeText) note(mark string, body []para) string {
	sign := "[" + mark + "]"
	for i, p := range body {
		p.role, p.level, p.marker = briefs.RoleFootnote, 0, ""
		if i == 0 {
			p.marker = sign + " "
		}
		o.notes = append(o.notes, p)
	}
	return sign
}

// maxCell is the longest cell of a table of data, in bytes; longer ones lay
// out a page.
const maxCell = 1200

// table hands a table on: each row as a block, its cells parted by tabs; the
// paragraphs themselves where the table only frames or lays out text.
func table(rows [][][]para, out sink) {
	wide, layout := false, false
	for _, row := range rows {
		filled := 0
		for _, cell := range row {
			n := 0
			for _, p := range cell {
				n += len(p.text)
				layout = layout || p.role == briefs.RoleTitle
			}
			if n > 0 {
				filled++
			}
			layout = layout || n > maxCell
		}
		wide = wide || filled > 1
	}
	for _, row := range rows {
		if !wide || layout {
			for _, cell := range row {
				for _, p := range cell {
					out(p)
				}
			}
			continue
		}
		cells := make([]string, len(row))
		for i, cell := range row {
			var words []string
			for _, p := range cell {
				if s := strings.Join(strings.Fields(strings.ReplaceAll(p.text, "\x00", " ")), " "); s != "" {
					words = append(words, strings.TrimPrefix(p.marker, "• ")+s)
				}
			}
			cells[i] = strings.Join(words, " ")
		}
		if s := strings.Join(cells, "\t"); strings.TrimSpace(s) != "" {
			out(para{role: briefs.RoleTable, text: s})
		}
	}
}

// document settles the roles that no style tells, and the metadata.
func (o *officeText) document(base string) briefs.Document {
	for _, n := range o.notes {
		o.add(n)
	}
	p := &page{name: base, units: o.b.units()}
	p.fakeHeadings(o.bold)
	p.officeTitle(o.props.title, base)
	for i := range p.units {
		u := &p.units[i]
		switch u.Role {
		case briefs.RoleByline:
			names, rest := takeNames(strings.TrimPrefix(strings.TrimPrefix(u.text, "By "), "by "))
			if len(names) == 0 && u.runes <= 80 && !hasDigit(u.text) {
				names = namesOf(u.text)
			}
			p.addAuthors(names)
			p.dateFrom(rest)
		case briefs.RoleDateline:
			if d, ok := looseDate(u.text); ok && p.meta.published == "" {
				p.meta.published = d
			}
		}
	}
	p.markdown()
	if len(p.meta.authors) == 0 {
		p.meta.authors = o.props.authors
	}
	if p.meta.published == "" {
		p.meta.published = o.props.date()
	}
	p.meta.publisher = first(p.meta.publisher, o.props.publisher)
	p.meta.url = first(p.meta.url, o.props.url)
	return p.document(o.b.text.String())
}

// fakeHeadings makes headings of short bold paragraphs, in a document whose
// author used no style for them.
func (p *page) fakeHeadings(bold []bool) {
	styled := 0
	for i := range p.units {
		if p.units[i].Role == briefs.RoleHeading {
			styled++
		}
	}
	if styled > 1 {
		return
	}
	for i := range p.units {
		u := &p.units[i]
		if u.Role != briefs.RoleParagraph || !bold[i] || !p.headingText(u) {
			continue
		}
		if i+1 < len(p.units) && p.units[i+1].Role != briefs.RoleHeading && p.units[i+1].Role != briefs.RoleFootnote {
			u.Role, u.Level = briefs.RoleHeading, 2
		}
	}
}

// titleZone is how many units from the start the title of a document stands
// in: below letterheads, series and dates.
const titleZone = 12

var noteSigns = regexp.MustCompile(`\s*\[(?:\d+|[ivxl]+)\]`)

// officeTitle finds the title: by its style; else as the properties say it
// where the text does not speak against them; else the heading that stands
// alone at the top, or the first line.
func (p *page) officeTitle(said, base string) {
	settle := func(title string) {
		p.meta.title = oneLine(noteSigns.ReplaceAllString(title, ""))
	}
	for i := range p.units {
		if p.units[i].Role != briefs.RoleTitle {
			continue
		}
		whole := p.units[i].content()
		for j := i + 1; j < len(p.units) && p.units[j].Role == briefs.RoleTitle; j++ { // one title on two lines
			whole += " " + p.units[j].content()
		}
		settle(whole)
		return
	}
	head := min(titleZone, len(p.units))
	top, firsts := -1, 0 // the first heading of the first rank; how many there are
	for i := range p.units {
		if u := &p.units[i]; u.Role == briefs.RoleHeading && u.Level == 1 {
			if firsts++; top < 0 {
				top = i
			}
		}
	}
	choose := func(i int) {
		u := &p.units[i]
		u.Role, u.Level = briefs.RoleTitle, 0
		settle(u.content())
	}
	if said != "" {
		for i := range head {
			if u := &p.units[i]; (u.Role == briefs.RoleParagraph || u.Role == briefs.RoleHeading) && sameWords(noteSigns.ReplaceAllString(u.content(), ""), said) {
				choose(i)
				return
			}
		}
	}
	alone := firsts == 1 && top >= 0 && top < head && !generic(p.units[top].content())
	switch {
	case alone && (said == "" || !p.speaksOf(said)):
		choose(top)
	case said != "":
		settle(said)
	case len(p.units) > 1 && (p.units[0].Role == briefs.RoleParagraph || p.units[0].Role == briefs.RoleHeading && p.units[0].Level > 1 || firsts == 1 && top == 0) &&
		p.headingText(&p.units[0]) && !endsSentence(noteSigns.ReplaceAllString(p.units[0].text, "")) && !generic(p.units[0].content()):
		if _, byline := parseByline(p.units[0].text); byline || p.dateUnit(&unit{text: p.units[0].text, runes: p.units[0].runes}) {
			break
		}
		choose(0)
	}
	if p.meta.title == "" {
		p.meta.title = titleFromName(base)
	}
}

// speaksOf reports whether most of the longer words of a title occur in the
// first part of the text: a title left over from another document has none.
func (p *page) speaksOf(title string) bool {
	seen := map[string]bool{}
	for i := 0; i < len(p.units) && i < 40; i++ {
		for _, w := range words(p.units[i].text) {
			seen[strings.ToLower(w)] = true
		}
	}
	all, there := 0, 0
	for _, w := range words(title) {
		if utf8.RuneCountInString(w) < 4 {
			continue
		}
		all++
		if seen[strings.ToLower(w)] {
			there++
		}
	}
	return there*2 > all
}

var genericHeading = wordSet(`introduction summary abstract contents overview background foreword preface acknowledgements acknowledgments
	executive einleitung zusammenfassung inhalt inhaltsverzeichnis résumé sommaire resumen introducción`)

// generic reports whether a heading names a part that any document has.
func generic(s string) bool {
	ws := words(s)
	n := 0
	for _, w := range ws {
		if genericHeading[strings.ToLower(w)] {
			n++
		}
	}
	return n > 0 && len(ws)-n <= 2
}
