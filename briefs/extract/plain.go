package extract

import (
	"strings"

	"briefdesk/briefs"
)

// page is a plain text while its units are given their roles. The steps run
// in the order of plain; each decides only units that are still open.
type page struct {
	name  string // of the file, for a title of last resort
	units []unit
	meta  meta
	body  int // first unit of the content
	tail  int // first unit after the content

	origins []origin // of the units of a web page; nil for text without markup
}

// meta is what a text says of itself.
type meta struct {
	title, publisher, url string
	authors               []string
	published             briefs.Date
	updated               briefs.Date // when only a change is dated
}

// plain reads text that was perhaps copied from a web page, with all that
// stands around an article there.
func plain(name, text string) briefs.Document {
	p := &page{name: name, units: split(text)}
	p.locals()
	p.terminal()
	p.labels()
	p.head()
	p.notes()
	p.footnotes()
	p.ending()
	p.linkBoxes()
	p.headings()
	p.closing()
	p.publisher()
	p.publication()
	return p.document(text)
}

// clean splits text that needs no cleaning: a field of a record. Only lines
// that are chrome beyond doubt are marked; title and author are known.
func clean(text, title, author string) []briefs.Block {
	p := &page{units: split(text)}
	if len(p.units) == 1 && (hasLetter(text) || hasDigit(text)) {
		return p.blocks() // a snippet
	}
	p.locals()
	for i := range p.units {
		u := &p.units[i]
		switch {
		case u.Role != "":
		case i == 0 && title != "" && sameWords(u.text, title):
			u.Role = briefs.RoleTitle
		case author != "" && u.runes <= maxNote:
			if names, _, ok := authorNote(u.text); ok && overlap(names, strings.Split(author, ", ")) {
				u.Role = briefs.RoleAuthorNote
			}
		}
	}
	p.body, p.tail = 0, len(p.units)
	p.headings()
	return p.blocks()
}

// blocks returns the units as blocks; what is still open is a paragraph.
func (p *page) blocks() []briefs.Block {
	out := make([]briefs.Block, len(p.units))
	for i, u := range p.units {
		if u.Role == "" {
			u.Role = briefs.RoleParagraph
		}
		if u.Role != briefs.RoleHeading && u.Role != briefs.RoleItem {
			u.Level = 0
		}
		switch u.Role {
		case briefs.RoleItem, briefs.RoleHeading, briefs.RoleQuotation, briefs.RoleFootnote, briefs.RoleTitle, briefs.RoleAuthorNote:
		default:
			u.Body = u.Start
		}
		out[i] = u.Block
	}
	return out
}

// open reports whether a unit has no role yet and is no list item.
func (u *unit) open() bool { return u.Role == "" }

// content reports whether a unit may be part of the text proper.
func (u *unit) isContent() bool {
	switch u.Role {
	case "", briefs.RoleParagraph, briefs.RoleItem, briefs.RoleQuotation, briefs.RoleTable, briefs.RoleHeading:
		return true
	}
	return false
}

// isProse reports whether a unit reads as a paragraph of running text.
func (u *unit) isProse() bool {
	if u.Role != "" && u.Role != briefs.RoleParagraph {
		return false
	}
	return u.runes >= 140 || u.runes >= 60 && endsSentence(u.text) && len(strings.Fields(u.text)) >= 9
}

// isLong reports whether a unit is prose that no page shows in its frame.
func (u *unit) isLong() bool {
	return u.isProse() && (u.runes >= 200 || u.runes >= 120 && sentencesAbout(u.text) > 1)
}

// locals applies the cues that a line shows by itself, and finds repetition:
// a short line that stands twice in a row was copied with its picture.
func (p *page) locals() {
	for i := range p.units {
		u := &p.units[i]
		if u.Role == briefs.RoleHeading || u.Role == briefs.RoleTable {
			continue
		}
		c := local(u.content(), u.runes)
		if c == nil {
			continue
		}
		if u.Role == briefs.RoleItem && c.role == briefs.RoleCaption { // an item that ends with a source
			continue
		}
		u.clue, u.Role = c, c.role
	}
}

// terminal finds the first cue of the last part of the page and marks what
// follows it, when hardly any running text comes after.
func (p *page) terminal() {
	after := make([]int, len(p.units)+1) // runes of long prose from i on
	for i := len(p.units) - 1; i >= 0; i-- {
		after[i] = after[i+1]
		if p.units[i].isLong() {
			after[i] += p.units[i].runes
		}
	}
	p.tail = len(p.units)
	for i := range p.units {
		u := &p.units[i]
		if u.clue == nil || !u.clue.ends {
			continue
		}
		// Comments may be a third as long as what they comment on.
		if before := after[0] - after[i]; before > 0 && after[i]*3 <= before {
			p.tail = i
			for j := i; j < len(p.units); j++ {
				t := &p.units[j]
				if t.Role == briefs.RoleCaption || t.isFootnote() || p.keepNote(t) {
					continue
				}
				t.Role, t.clue = briefs.RoleChrome, u.clue
			}
			return
		}
		// A box inside the text: its short lines go with it.
		for j := i + 1; j < len(p.units) && p.units[j].Role != briefs.RoleHeading && p.units[j].runes <= 120 && !endsSentence(p.units[j].text); j++ {
			if j+1 < len(p.units) && p.units[j+1].isLong() && p.units[j].style == "" && p.units[j].gap {
				break // perhaps the heading of what follows
			}
			p.units[j].Role = briefs.RoleChrome
		}
	}
}

// keepNote reports whether a unit of the last part tells of the author.
func (p *page) keepNote(u *unit) bool {
	if u.runes > maxNote || u.clue != nil {
		return false
	}
	_, _, ok := authorNote(u.text)
	return ok
}

func overlap(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if strings.EqualFold(x, strings.TrimSpace(y)) {
				return true
			}
		}
	}
	return false
}

// sameWords reports whether a and b are equal but for case, space and signs.
func sameWords(a, b string) bool {
	if len(a) > 2*len(b)+40 || len(b) > 2*len(a)+40 {
		return false
	}
	return strings.EqualFold(strings.Join(words(a), " "), strings.Join(words(b), " "))
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r < 0x80 && !isWordByte(byte(r)) || r == '’' || r == '“' || r == '”' || r == '–' || r == '—' || r == '\u00a0'
	})
}
