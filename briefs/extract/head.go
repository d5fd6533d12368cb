package extract

import (
	"regexp"
	"strings"

	"briefdesk/briefs"
)

// label is a line that names a piece of metadata: "Author: Ana Example".
var label = regexp.MustCompile(`^(?i:(title|headline|authors?|written by|date|published|publication date|publisher|source|publication|outlet|url|link))\s*:\s+(.+)$`)

// labels reads labelled lines at the very beginning.
func (p *page) labels() {
	for i := range p.units {
		u := &p.units[i]
		if i >= 12 || u.isProse() && i > 0 {
			return
		}
		m := label.FindStringSubmatch(u.text)
		if m == nil || u.runes > 300 {
			continue
		}
		key, value := strings.ToLower(m[1]), m[2]
		switch key {
		case "title", "headline":
			if p.meta.title == "" {
				u.Role, u.Body, p.meta.title = briefs.RoleTitle, u.End-len(value), oneLine(value)
			}
		case "author", "authors", "written by":
			if names, rest := takeNames(value); len(names) > 0 && closes(rest) {
				u.Role = briefs.RoleByline
				p.addAuthors(names)
			}
		case "date", "published", "publication date":
			if d, ok := looseDate(value); ok {
				u.Role, p.meta.published = briefs.RoleDateline, d
			}
		case "publisher", "source", "publication", "outlet":
			if address.MatchString(value) {
				u.Role, p.meta.url = briefs.RoleChrome, value
			} else if len(strings.Fields(value)) <= 8 && !endsSentence(value) {
				u.Role, p.meta.publisher = briefs.RoleChrome, value
			}
		case "url", "link":
			if address.MatchString(value) {
				u.Role, p.meta.url = briefs.RoleChrome, value
			}
		}
	}
}

func (p *page) addAuthors(names []string) {
	for _, n := range names {
		if !overlap([]string{n}, p.meta.authors) {
			p.meta.authors = append(p.meta.authors, n)
		}
	}
}

// head finds the title, the byline and the date line, and where the content
// begins; what stands before the title is chrome.
func (p *page) head() {
	core := p.core()
	limit := min(len(p.units), p.tail)
	long := limit // the first paragraph that no frame holds
	for i := range limit {
		if p.units[i].isLong() && !p.isNote(i) {
			long = i
			break
		}
	}
	from := 0
	if core.framedHead {
		long, from = max(long, core.start), max(0, core.start-maxHead)
	}
	f := p.findLines(from, long)
	anchor := -1 // the last byline or date line before the content
	if n := len(f.lines); n > 0 {
		anchor = f.lines[n-1]
	}
	p.body = p.firstBody(anchor, long)
	title := p.findTitle(from, anchor)
	f.choose(p, title)
	if title >= 0 {
		p.setTitle(title, f.guest)
		p.body = max(p.body, title+1)
	} else if anchor < 0 {
		p.body = p.firstBody(-1, long)
	}
	p.between(title, anchor, f.named, core.framedHead)
	if core.framedTail {
		p.cutTail(core.end)
	}
}

// dateUnit marks u when it is a date line.
func (p *page) dateUnit(u *unit) bool {
	d, change, ok := dateline(u.text)
	if !ok {
		return false
	}
	u.Role = briefs.RoleDateline
	switch {
	case change:
		if p.meta.updated == "" {
			p.meta.updated = d
		}
	case p.meta.published == "":
		p.meta.published = d
	}
	return true
}

// outletFrom takes the outlet that stands between the names of a byline and
// the date: ", Invented Notes, 9 January 2031".
func (p *page) outletFrom(rest string) {
	d, at, ok := dateIn(rest)
	if !ok || d == "" || p.meta.publisher != "" {
		return
	}
	for _, part := range strings.FieldsFunc(rest[:at], func(r rune) bool { return strings.ContainsRune(",|·•()", r) || r == '—' || r == '–' }) {
		part = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(part), "for "), "in "))
		n := len(strings.Fields(part))
		if n < 2 && !outletNoun.MatchString(part) || n < 1 || n > 6 || !capitalised(part) || hasDigit(part) || office.MatchString(part) || cities[strings.ToLower(part)] || !looksLikeOutlet(part) && isPlace(part) {
			continue
		}
		if _, _, rest, dated := lineDate(part + rest[at:]); dated && rest == "" {
			continue // the day of the week, a label
		}
		p.meta.publisher = part
		return
	}
}

// isPlace reports whether a name of two words is likely that of a town or a
// land rather than of an outlet.
func isPlace(s string) bool {
	switch strings.ToLower(firstOf(s)) {
	case "new", "san", "los", "las", "saint", "st.", "port", "washington", "united", "south", "north", "west", "east":
		return len(strings.Fields(s)) <= 2
	}
	return false
}

// dateFrom takes the date that stands behind the names of a byline.
func (p *page) dateFrom(rest string) {
	if d, _, ok := dateIn(rest); ok && p.meta.published == "" {
		p.meta.published = d
	}
}

// firstBody is the first unit after the anchor that reads as content; without
// an anchor the first prose that more prose follows, since a site's motto can
// be a sentence too.
func (p *page) firstBody(anchor, long int) int {
	for i := anchor + 1; i < len(p.units); i++ {
		u := &p.units[i]
		if i >= long {
			return min(long, len(p.units))
		}
		sentence := anchor >= 0 && u.open() && (len(strings.Fields(u.text)) >= 5 && endsSentence(u.text) || p.leadsIn(i))
		if p.isNote(i) || !u.isProse() && !p.listBegins(i) && !sentence {
			continue
		}
		if anchor >= 0 || p.proseFollows(i) {
			return i
		}
	}
	return len(p.units)
}

// listBegins reports whether unit i is an item of the text rather than of a
// menu: as long as a sentence, or introduced.
func (p *page) listBegins(i int) bool {
	u := &p.units[i]
	if u.Role != briefs.RoleItem {
		return false
	}
	return u.runes >= 60 || endsSentence(u.text) && u.runes >= 25 || i > 0 && strings.HasSuffix(p.units[i-1].text, ":")
}

// leadsIn reports whether unit i introduces the list that follows it.
func (p *page) leadsIn(i int) bool {
	return strings.HasSuffix(p.units[i].text, ":") && i+1 < len(p.units) && p.units[i+1].Role == briefs.RoleItem
}

// proseFollows reports whether the next open unit is running text too.
func (p *page) proseFollows(i int) bool {
	for j := i + 1; j < len(p.units) && j < i+4; j++ {
		if u := &p.units[j]; u.isProse() || u.Role == briefs.RoleItem {
			return true
		} else if u.Role == "" {
			return false
		}
	}
	return false
}

// isNote reports whether unit i is a note on an author in form.
func (p *page) isNote(i int) bool {
	u := &p.units[i]
	if u.runes > maxNote {
		return false
	}
	names, starred, ok := authorNote(u.text)
	return ok && (starred || overlap(names, p.meta.authors) || p.titleBegins(names))
}

// titleBegins reports whether a line of the frame begins with one of names
// and a colon, as titles of guests' posts do.
func (p *page) titleBegins(names []string) bool {
	for i := 0; i < len(p.units) && i < p.body+maxHead; i++ {
		for _, n := range names {
			if strings.HasPrefix(p.units[i].text, n+": ") {
				return true
			}
		}
	}
	return false
}

// between settles the units before the content that are still open.
func (p *page) between(title, anchor, named int, framed bool) {
	first := title
	if first < 0 {
		first = anchor
	}
	if first < 0 && framed {
		first = p.body
	}
	for i := 0; i < p.body && i < len(p.units); i++ {
		u := &p.units[i]
		if !u.open() && u.Role != briefs.RoleItem {
			continue
		}
		near := i > first && i <= max(anchor, first)+2
		switch {
		case i < first && title < 0 && p.body == len(p.units) && endsSentence(u.text):
			// the text itself, signed below
		case i < first:
			u.Role = briefs.RoleChrome
			if isKind(u.text) && i <= headRows {
				u.Role, u.Level = briefs.RoleHeading, 1
			}
			if isName(u.text) && named < 0 && i == first-1 && len(p.meta.authors) == 0 && anchor > title {
				u.Role = briefs.RoleByline
				p.addNames(u.text)
				named = i
			}
		case p.isNote(i):
			// left to notes
		case near && named < 0 && p.nameLine(u):
			named = i
		case near && named >= 0 && i == named+1 && (looksLikeOutlet(u.text) || office.MatchString(u.text) && u.runes <= 120) && !endsSentence(u.text):
			u.Role = briefs.RoleByline // the office of the author, or the periodical
			if p.meta.publisher == "" && looksLikeOutlet(u.text) && periodical.MatchString(u.text) {
				p.meta.publisher = u.text
			}
		case u.isProse(), u.Role == briefs.RoleItem && anchor < 0, title < 0 && anchor < 0 && endsSentence(u.text):
			// a standfirst, or a text of a few short sentences
		case !p.headingText(u):
			u.Role = briefs.RoleChrome
			if i > first && (endsSentence(u.text) || p.leadsIn(i)) {
				u.Role = ""
			}
		case i+1 == p.body && i > anchor || i == title+1 && title >= 0 && len(words(u.text)) >= 4 && !isSection(u.text):
			u.Role, u.Level = briefs.RoleHeading, 2 // a first heading, or the subtitle
		default:
			u.Role = briefs.RoleChrome
		}
	}
}

// periodical is the end of the name of a paper rather than of an institute.
var periodical = regexp.MustCompile(`(?i)\b(?:review|journal|times|post|herald|tribune|gazette|magazine|quarterly|weekly|daily|observer|chronicle|ledger|courier|dispatch|bulletin|news)$`)

// nameLine marks a line that names the author without a "by".
func (p *page) nameLine(u *unit) bool {
	if u.runes > 160 || endsSentence(u.text) {
		return false
	}
	names, rest := takeNames(u.text)
	if len(names) == 0 {
		return false
	}
	rest = strings.TrimSpace(rest)
	if rest != "" && !strings.ContainsAny(rest[:1], ",|-(/") && !strings.HasPrefix(rest, "–") && !strings.HasPrefix(rest, "—") && !strings.HasPrefix(rest, "·") && !strings.HasPrefix(rest, "•") {
		return false
	}
	if rest != "" && !office.MatchString(rest) && !outletNoun.MatchString(rest) {
		if _, _, dated := dateIn(rest); !dated {
			return false
		}
	}
	u.Role = briefs.RoleByline
	if len(p.meta.authors) == 0 {
		p.addAuthors(names)
	}
	p.dateFrom(rest)
	return true
}

func (p *page) addNames(s string) {
	names, _ := takeNames(s)
	p.addAuthors(names)
}
