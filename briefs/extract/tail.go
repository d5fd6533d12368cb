package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// noteZone is how many units from either end of the content a note on the
// author may stand.
const noteZone = 12

// notes marks what tells of the author. Where no author is known yet the note
// names one, provided that the text itself does not speak of that person.
func (p *page) notes() {
	last := p.lastContent()
	after := -1 // under a heading such as "About the author"
	for i := range p.units {
		u := &p.units[i]
		if u.Role == briefs.RoleCaption || u.runes > maxNote || i > p.body+noteZone && i < last-noteZone {
			continue
		}
		if aboutAuthor.MatchString(u.text) && u.runes < 60 {
			u.Role, after = briefs.RoleChrome, i
			continue
		}
		if u.Role != "" && u.Role != briefs.RoleItem && u.Role != briefs.RoleChrome || u.clue != nil {
			continue
		}
		names, starred, ok := authorNote(u.text)
		if !ok {
			if after >= 0 && i == after+1 && u.Role == "" && u.isProse() {
				u.Role = briefs.RoleAuthorNote
			}
			continue
		}
		known := overlap(names, p.meta.authors)
		told := after >= 0 && i <= after+3
		if !known && !told && !p.stranger(names, i) {
			continue
		}
		if i > p.body+noteZone && i < p.tail && u.Role == briefs.RoleItem && !known && !starred {
			continue
		}
		u.Role, u.Level = briefs.RoleAuthorNote, 0
		u.Body = u.Start + len(u.text) - len(strings.TrimLeft(u.text, "*†‡_ \u00a0"))
		if len(p.meta.authors) == 0 || starred && !known && len(p.meta.authors) == 0 {
			p.addAuthors(names)
		}
		if i == p.body {
			p.body++
		}
	}
}

// stranger reports whether no content but unit i speaks of any of names.
func (p *page) stranger(names []string, i int) bool {
	for j := range p.units {
		u := &p.units[j]
		if j == i || !u.isContent() || p.isNote(j) {
			continue
		}
		for _, n := range names {
			if strings.Contains(u.text, lastName(n)) {
				return false
			}
		}
	}
	// A note at the start of the content is one sentence or two.
	return i > p.body+2 || sentencesAbout(p.units[i].text) <= 2
}

// lastContent is the last unit before the end that is running text or a list.
func (p *page) lastContent() int {
	last := p.body
	for i := p.body; i < min(p.tail, len(p.units)); i++ {
		if u := &p.units[i]; u.isProse() || u.Role == briefs.RoleItem {
			last = i
		}
	}
	return last
}

var (
	footnoteMark    = regexp.MustCompile(`^(?:\[\d{1,3}\]|\d{1,3}\s*↩|\^\s*\d{0,3}|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})\s*`)
	footnoteHeading = regexp.MustCompile(`(?i)^(?:foot|end)?notes?$|^(?:references|bibliography|works cited|sources|citations|further reading)$`)
)

// isFootnote reports whether a unit begins with the mark of a footnote.
func (u *unit) isFootnote() bool {
	if c := u.text[0]; c != '[' && c != '^' && c < 0x80 && (c < '0' || c > '9') {
		return false
	}
	m := footnoteMark.FindString(u.text)
	return m != "" && len(m) < len(u.text) && (u.Role == "" || u.Role == briefs.RoleFootnote)
}

// footnotes marks notes: by their mark, or below a heading that says so.
func (p *page) footnotes() {
	below := false
	for i := p.body; i < len(p.units); i++ {
		u := &p.units[i]
		if u.runes < 30 && footnoteHeading.MatchString(strings.TrimRight(u.content(), ":")) && p.mostlyNotes(i+1) {
			u.Role, below = briefs.RoleHeading, true
			u.Level = max(u.rank, 2)
			continue
		}
		switch {
		case u.isFootnote():
			u.Role, u.Body = briefs.RoleFootnote, u.Start+len(footnoteMark.FindString(u.text))
		case below && (u.Role == "" || u.Role == briefs.RoleItem):
			u.Role, u.Level = briefs.RoleFootnote, 0
		case u.Role == briefs.RoleHeading:
			below = false
		}
	}
}

// mostlyNotes reports whether what follows looks like a list of notes: items
// or marked notes, or near the end of the text.
func (p *page) mostlyNotes(i int) bool {
	if i >= len(p.units) {
		return false
	}
	u := &p.units[i]
	return u.isFootnote() || u.Role == briefs.RoleItem || i*10 > len(p.units)*8
}

// ending settles what comes after the last running text: date lines, stray
// lines of the frame.
func (p *page) ending() {
	last := p.lastContent()
	for i := last + 1; i < len(p.units); i++ {
		u := &p.units[i]
		if !u.open() {
			continue
		}
		if p.dateUnit(u) {
			continue
		}
		if b, ok := parseByline(u.text); ok && u.runes <= 160 {
			u.Role = briefs.RoleByline
			if len(p.meta.authors) == 0 {
				p.addAuthors(b.names)
			}
			continue
		}
		if name, ok := strings.CutPrefix(strings.Replace(u.text, "–", "—", 1), "—"); ok && isName(name) && len(p.meta.authors) == 0 {
			u.Role = briefs.RoleByline // signed
			p.addNames(strings.TrimSpace(name))
			continue
		}
		if !endsSentence(u.text) || i >= p.tail || inside(u.text) {
			u.Role = briefs.RoleChrome
		}
	}
	// Sentences of the frame that passed for content.
	for i := len(p.units) - 1; i > p.body && i > last-6; i-- {
		if u := &p.units[i]; u.Role == "" && u.runes <= longest && inside(u.text) {
			u.Role = briefs.RoleChrome
		}
	}
	for i := 0; i < len(p.units) && i < p.body; i++ {
		if u := &p.units[i]; u.Role == "" && u.runes <= longest && inside(u.text) {
			u.Role = briefs.RoleChrome
		}
	}
}

func inside(s string) bool {
	lower := strings.ToLower(s)
	for _, c := range chromeInside {
		if strings.Contains(lower, c) {
			return true
		}
	}
	return false
}

// maxHeading is the longest heading, in runes: about a line and a half.
const maxHeading = 110

// headings tells headings from stray lines between paragraphs.
func (p *page) headings() {
	end := min(p.tail, len(p.units))
	gaps := 0
	for i := range p.units {
		if p.units[i].gap {
			gaps++
		}
	}
	spaced := gaps*2 > len(p.units) // blank lines part the paragraphs, and so the headings
	for i := p.body; i < end; i++ {
		u := &p.units[i]
		switch {
		case u.Role == briefs.RoleHeading:
			u.Level = max(u.Level, 1)
		case u.Role == briefs.RoleItem && u.style != "" && p.numberedHeading(i):
			u.Role, u.Level = briefs.RoleHeading, 2
		case u.Role == "" && (u.gap || !spaced) && p.headingText(u) && p.leads(i):
			u.Role, u.Level = briefs.RoleHeading, 2
		}
	}
	p.boxes()
}

// headingText reports whether a unit is worded like a heading.
func (p *page) headingText(u *unit) bool {
	if u.runes > maxHeading || u.runes < 2 || strings.Contains(u.text, "\n") || !hasLetter(u.text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(u.text, "\"'“‘«(¿"))
	if !unicode.IsUpper(r) && !unicode.IsDigit(r) && !unicode.In(r, unicode.Lo) {
		return false
	}
	end, _ := utf8.DecodeLastRuneInString(strings.TrimRight(u.text, "\"'”’»)"))
	if strings.ContainsRune(".;,:!…", end) && !strings.HasSuffix(u.text, "U.S.") {
		return false
	}
	return len(strings.Fields(u.text)) <= 16
}

// leads reports whether content follows unit i that it can be the heading of.
func (p *page) leads(i int) bool {
	for j := i + 1; j < len(p.units) && j <= i+2; j++ {
		u := &p.units[j]
		switch {
		case u.Role == briefs.RoleItem, u.Role == briefs.RoleQuotation, u.Role == briefs.RoleTable:
			return true
		case u.Role == "" && (u.isProse() || endsSentence(u.text) && u.runes > 30 || strings.HasSuffix(u.text, ":")):
			return true
		case u.Role == "" && (p.headingText(u) || u.runes < 40 && strings.HasSuffix(u.text, ",")), u.Role == briefs.RoleCaption, u.Role == briefs.RoleHeading:
			continue
		}
		return false
	}
	return false
}

// numberedHeading tells "2. What comes next" above paragraphs from an item:
// it is short, ends without a stop, and no item stands beside it.
func (p *page) numberedHeading(i int) bool {
	u := &p.units[i]
	if strings.ContainsAny(u.style, bullets) || u.runes > maxHeading || endsSentence(u.text) || strings.HasSuffix(u.text, ":") || strings.HasSuffix(u.text, ";") || strings.HasSuffix(u.text, ",") {
		return false
	}
	beside := func(j int) bool {
		return j >= 0 && j < len(p.units) && (p.units[j].Role == briefs.RoleItem || p.units[j].Role == briefs.RoleHeading && p.units[j].style != "")
	}
	if beside(i-1) || beside(i+1) || i+1 >= len(p.units) {
		return false
	}
	return p.units[i+1].isProse() && startsUpper(u.content())
}

// boxes finds three and more short lines in a row inside the content: the
// lines of a menu or a box, not headings.
func (p *page) boxes() {
	end := min(p.tail, len(p.units))
	for i := p.body; i < end; {
		j := i
		for j < end && p.units[j].style == "" && p.units[j].rank == 0 && (p.units[j].Role == "" || p.units[j].Role == briefs.RoleHeading) &&
			p.units[j].runes <= 60 && !endsSentence(p.units[j].text) && !strings.HasSuffix(p.units[j].text, ":") && !strings.HasSuffix(p.units[j].text, ",") && !strings.Contains(p.units[j].text, "\n") {
			j++
		}
		if j-i >= 4 || j-i == 3 && !p.units[j-1].gap {
			keep := j
			if j < end && p.units[j-1].gap && p.units[j].isProse() {
				keep-- // the last may be the heading of what follows
			}
			for k := i; k < keep; k++ {
				p.units[k].Role, p.units[k].Level = briefs.RoleChrome, 0
			}
		}
		i = max(j, i+1)
	}
}
