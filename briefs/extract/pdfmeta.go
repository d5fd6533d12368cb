package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// pdfInfo is what a file says of itself in the document information.
type pdfInfo struct{ title, author, created string }

func (f *pdfFile) info() pdfInfo {
	return pdfInfo{title: f.property("Title"), author: f.property("Author"), created: f.property("CreationDate")}
}

var (
	// fileTitle is a title that a program made of a file's name or of nothing.
	fileTitle = regexp.MustCompile(`(?i)^(?:microsoft (?:word|powerpoint|excel)\b|untitled|layout ?\d|slide ?\d|document ?\d*$|title$|no title|powerpoint presentation|presentation$|template|draft$|print$|scan)|\.(?:docx?|pdf|pptx?|xlsx?|indd|qxd|qxp|tex|dvi|ps|rtf|odt|txt|html?|pages|pub|wpd|cdr|ai|p65|md|xml|fm|book)$|^https?://`)
	// programAuthor is an author that names a login or a program.
	programAuthor = regexp.MustCompile(`(?i)^(?:administrator|admin|user|owner|author|unknown|anonymous|microsoft|windows|default|guest|scanner|adobe|acrobat|office|pc|hp|dell|test|root)\b`)
	infoDate      = regexp.MustCompile(`^(?:D:)?(\d{4})(\d{2})?(\d{2})?`)
)

// saneTitle returns the title that the information holds when somebody wrote
// it: it has words, and no program made it of the name of a file.
func saneTitle(s, base string) string {
	s = strings.TrimSpace(s)
	n := utf8.RuneCountInString(s)
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if n < 4 || n > 300 || letters*2 < n || fileTitle.MatchString(s) || strings.EqualFold(s, base) {
		return ""
	}
	if !strings.Contains(s, " ") && strings.ContainsAny(s, "_-.0123456789/\\") {
		return ""
	}
	return s
}

// Bounds of where a document says what it is.
const (
	headPages  = 3 // title and authors stand on one of these
	headBlocks = 60
	tailBlocks = 30
)

// head reads title, authors, date and publisher: of the information where it
// makes sense, else of the first pages. It marks the blocks that say so.
func (d *pdfDoc) head(base string, blocks []*pdfBlock, info pdfInfo) meta {
	title := d.title(base, blocks, info)
	p := d.asPage(base, blocks, title)
	m := p.meta
	if title != "" {
		m.title = title
	}
	if names, rest := takeNames(info.author); len(names) > 0 && closes(rest) && !programAuthor.MatchString(info.author) && (len(m.authors) == 0 || d.mentions(blocks, names)) {
		m.authors = names
	}
	if m.published == "" {
		m.published = d.dateOn(blocks)
	}
	if m.published == "" {
		if g := infoDate.FindStringSubmatch(info.created); g != nil && g[1] >= "1990" {
			if date, ok := looseDate(strings.Trim(g[1]+"-"+g[2]+"-"+g[3], "-")); ok {
				m.published = date
			}
		}
	}
	return m
}

// title chooses the title, and marks the block that shows it.
func (d *pdfDoc) title(base string, blocks []*pdfBlock, info pdfInfo) string {
	said := saneTitle(info.title, base)
	var shown *pdfBlock // in the largest type
	for i, b := range blocks {
		if b.page >= headPages || i > headBlocks {
			break
		}
		if len(b.lines) == 0 || b.role == briefs.RoleFootnote || b.role == briefs.RoleChrome {
			continue
		}
		text, _ := d.text(b)
		if said != "" && (sameWords(text, said) || len(words(text)) >= 3 && b.page == 0 && within(text, said)) {
			b.role, b.level, b.marker = briefs.RoleTitle, 0, ""
			return said
		}
		if !d.mayTitle(b, text) || shown != nil && b.page > shown.page && b.first().size < 1.5*shown.first().size {
			continue
		}
		if shown == nil || b.first().size > shown.first().size {
			shown = b
		}
	}
	if shown == nil {
		return said
	}
	text, _ := d.text(shown)
	if said != "" && (shown.first().size < 1.25*d.body || len(words(text)) < 3) {
		return said
	}
	shown.role, shown.level, shown.marker = briefs.RoleTitle, 0, ""
	if text == strings.ToUpper(text) && said != "" && strings.Contains(strings.ToLower(said), strings.ToLower(text)) {
		return said
	}
	return text
}

// within reports whether the words of part are part of the title whole.
func within(part, whole string) bool {
	return strings.Contains(" "+strings.ToLower(strings.Join(words(whole), " "))+" ", " "+strings.ToLower(strings.Join(words(part), " "))+" ")
}

// mayTitle reports whether a block can be the title: large type with words,
// no date, name or kind of text.
func (d *pdfDoc) mayTitle(b *pdfBlock, text string) bool {
	n := len(words(text))
	if b.marker != "" || n < 2 || n > 40 || len(b.lines) > 6 || !hasLetter(text) || isKind(text) || isSection(text) || isName(text) {
		return false
	}
	if _, _, dated := dateline(text); dated || captionStart.MatchString(text) || address.MatchString(text) {
		return false
	}
	if b.first().size < headingSize*d.body {
		return d.centred(b) && b.role == briefs.RoleHeading
	}
	return true
}

// centred reports whether a block stands in the middle of its column.
func (d *pdfDoc) centred(b *pdfBlock) bool {
	f := b.first()
	left, right := f.x0-f.left, f.right-f.x1
	return left > 2*f.size && right > 2*f.size && left < 1.5*right && right < 1.5*left
}

// asPage reads bylines, dates, notes on the author and the publisher as on a
// page that was copied from the web.
func (d *pdfDoc) asPage(base string, blocks []*pdfBlock, title string) *page {
	p := &page{name: base}
	p.meta.title = title
	var from []*pdfBlock
	for i, b := range blocks {
		if i >= headBlocks && i < len(blocks)-tailBlocks {
			continue
		}
		text, _ := d.text(b)
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		u := unit{text: text, runes: utf8.RuneCountInString(text), gap: true}
		u.End = len(text)
		switch b.role {
		case briefs.RoleTitle, briefs.RoleHeading, briefs.RoleItem, briefs.RoleTable, briefs.RoleCaption, briefs.RoleFootnote, briefs.RoleChrome:
			u.Role, u.Level, u.style = b.role, b.level, b.style
		}
		p.units, from = append(p.units, u), append(from, b)
	}
	if len(p.units) == 0 {
		return p
	}
	p.tail = len(p.units)
	p.labels()
	p.head()
	p.notes()
	p.publisher()
	p.publication()
	for i := range p.units {
		switch r := p.units[i].Role; r {
		case briefs.RoleByline, briefs.RoleDateline, briefs.RoleAuthorNote, briefs.RoleTitle:
			if r == briefs.RoleTitle && title != "" {
				continue
			}
			if from[i].role == briefs.RoleParagraph || from[i].role == briefs.RoleHeading {
				from[i].role, from[i].marker, from[i].level = r, "", 0
			}
		}
	}
	return p
}

// mentions reports whether the document names one of names near its ends.
func (d *pdfDoc) mentions(blocks []*pdfBlock, names []string) bool {
	for i, b := range blocks {
		if i >= headBlocks && i < len(blocks)-tailBlocks {
			continue
		}
		text, _ := d.text(b)
		for _, n := range names {
			if strings.Contains(text, lastName(n)) {
				return true
			}
		}
	}
	return false
}

// maxDateRunes is the longest line, in runes, that is read for its date.
const maxDateRunes = 80

// dateOn finds the date on a short line of the first page with text, or of the
// one after it.
func (d *pdfDoc) dateOn(blocks []*pdfBlock) briefs.Date {
	for i, b := range blocks {
		if b.page > blocks[0].page+1 || i >= headBlocks {
			break
		}
		text, _ := d.text(b)
		if utf8.RuneCountInString(text) > maxDateRunes || b.role == briefs.RoleFootnote || b.role == briefs.RoleChrome {
			continue
		}
		if date, _, ok := dateIn(text); ok {
			return date
		}
	}
	return ""
}
