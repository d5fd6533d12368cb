package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

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

// maxHead is how many units before the content may belong to it: title,
// byline, pictures with captions, buttons. Menus further up do not.
const maxHead = 40

// core is the densest part of a page.
type core struct {
	start, end             int  // units [start,end)
	framedHead, framedTail bool // many short lines stand before, after
}

// frameLines is how many short lines make a frame: more than the headings and
// notes of a text without one.
const frameLines = 15

// core finds the run of units with the most running text and the fewest short
// lines between: the article in a page that was copied whole.
func (p *page) core() core {
	var best core
	sum, top, start := 0, 0, 0
	short := make([]int, len(p.units)+1)
	for i := range p.units {
		u := &p.units[i]
		v := 0
		switch {
		case u.isProse():
			v = min(u.runes, 600)
		case u.Role == briefs.RoleItem && u.runes >= 40:
			v = u.runes / 2
		case u.Role == "" && endsSentence(u.text):
			v = u.runes / 2
		case u.Role == briefs.RoleItem && !endsSentence(u.text):
			v = -10
		case u.Role == briefs.RoleChrome, u.Role == "":
			v = -25 // two dozen lines weigh as much as a paragraph
		}
		short[i+1] = short[i]
		if v < 0 {
			short[i+1]++
		}
		if sum <= 0 {
			sum, start = 0, i
		}
		sum += v
		if sum > top {
			top, best.start, best.end = sum, start, i+1
		}
	}
	best.framedHead = short[best.start] >= frameLines
	best.framedTail = short[len(p.units)]-short[best.end] >= frameLines
	return best
}

// cutTail makes chrome of what follows the core of a framed page, but for
// notes and pictures.
func (p *page) cutTail(end int) {
	for i := end; i < len(p.units); i++ {
		u := &p.units[i]
		if u.Role == briefs.RoleCaption || u.isFootnote() || u.Role == briefs.RoleDateline || i < end+noteZone && p.keepNote(u) {
			continue
		}
		u.Role = briefs.RoleChrome
	}
	p.tail = min(p.tail, end)
}

// headLines are the bylines and date lines before the content.
type headLines struct {
	lines   []int // of either kind, in order
	bylines []foundByline
	dates   []foundDate
	guest   bool
	named   int // the unit of the chosen byline, -1 when there is none
}

type foundByline struct {
	unit int
	byline
}

type foundDate struct {
	unit   int
	date   briefs.Date
	change bool // it tells only of an update
}

// findLines marks the bylines and date lines among units [from,to).
func (p *page) findLines(from, to int) *headLines {
	f := &headLines{named: -1}
	for i := from; i < to; i++ {
		u := &p.units[i]
		if !u.open() && u.Role != briefs.RoleItem {
			if u.Role == briefs.RoleByline || u.Role == briefs.RoleDateline {
				f.lines = append(f.lines, i)
			}
			continue
		}
		if u.runes > 240 {
			continue
		}
		d, change, rest, dated := lineDate(u.content())
		if dated && rest == "" {
			u.Role = briefs.RoleDateline
			f.lines, f.dates = append(f.lines, i), append(f.dates, foundDate{i, d, change})
		} else if u.Role == briefs.RoleItem {
			continue
		} else if b, ok := parseByline(rest); dated && ok {
			u.Role = briefs.RoleByline
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, b})
			f.dates = append(f.dates, foundDate{i, d, change})
		} else if b, ok := parseByline(u.text); ok {
			u.Role = briefs.RoleByline
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, b})
			if d, _, ok := dateIn(b.rest); ok {
				f.dates = append(f.dates, foundDate{i, d, false})
			}
		} else if names, d, ok := datedName(u); ok {
			u.Role = briefs.RoleByline
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, byline{names: names}})
			f.dates = append(f.dates, foundDate{i, d, false})
		} else if dated && isName(rest) {
			u.Role = briefs.RoleByline
			names, _ := takeNames(rest)
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, byline{names: names}})
			f.dates = append(f.dates, foundDate{i, d, change})
		}
	}
	return f
}

// choose takes author and date from the lines nearest to the title: teasers
// in the frame have bylines and dates too.
func (f *headLines) choose(p *page, title int) {
	near := func(unit int) bool { return title < 0 || unit >= title-3 }
	for _, pass := range []bool{true, false} {
		for _, b := range f.bylines {
			if near(b.unit) == pass && f.named < 0 {
				f.named, f.guest = b.unit, b.guest
				if len(p.meta.authors) == 0 {
					p.addAuthors(b.names)
				}
			} else if near(b.unit) && b.guest {
				f.guest = true
			}
		}
		for _, d := range f.dates {
			if near(d.unit) != pass {
				continue
			}
			if d.change && p.meta.updated == "" {
				p.meta.updated = d.date
			} else if !d.change && p.meta.published == "" {
				p.meta.published = d.date
			}
		}
		if p.meta.updated != "" && p.meta.published == "" {
			break // the change of this text, not the date of a teaser
		}
	}
}

var yearAtEnd = regexp.MustCompile(`,\s*((?:19|20)\d{2})$`)

// datedName reads a line that names the author, without a "by", and the date:
// "Ana Example | 3 May 2031", "Ana Example, Invented Desk, 2031".
func datedName(u *unit) ([]string, briefs.Date, bool) {
	if u.runes > 160 || !hasDigit(u.text) || endsSentence(u.text) {
		return nil, "", false
	}
	names, rest := takeNames(u.text)
	if len(names) == 0 || rest == "" || !strings.ContainsRune(",|·•–—-", firstRune(rest)) {
		return nil, "", false
	}
	d, at, ok := dateIn(rest)
	if m := yearAtEnd.FindStringSubmatch(rest); !ok && m != nil {
		d, at, ok = briefs.Date(m[1]), strings.LastIndexByte(rest, ','), true
	}
	return names, d, ok && len(strings.Fields(rest[:at])) <= 8
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
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

// findTitle chooses among the open short lines before the content, -1 when
// there is none.
func (p *page) findTitle(from, anchor int) int {
	if p.meta.title != "" {
		for i := range p.units {
			if p.units[i].Role == briefs.RoleTitle {
				return i
			}
		}
	}
	best, score := -1, 0.0
	sample := p.bodyWords()
	for i := from; i < p.body && i < len(p.units); i++ {
		u := &p.units[i]
		if u.rank == 1 && u.runes <= 200 {
			return i // "# Title"
		}
		if !u.open() || u.runes > 200 || u.runes < 3 || !hasLetter(u.text) {
			continue
		}
		if endsSentence(u.text) && (sentencesAbout(u.text) > 1 || i == len(p.units)-1) {
			continue // a text without a title
		}
		if s := p.titleScore(i, anchor, sample); best < 0 || s > score {
			best, score = i, s
		}
	}
	return best
}

// titleScore weighs the signs of a title. The weights were set by hand on
// invented pages; only their order matters.
func (p *page) titleScore(i, anchor int, body map[string]bool) float64 {
	u := &p.units[i]
	ws := words(u.text)
	s := 0.0
	switch n := len(ws); {
	case n >= 4 && n <= 20:
		s += 3
	case n == 3:
		s += 1
	case n > 20:
		s -= 3
	case n == 1:
		s -= 2
	}
	if strings.HasSuffix(u.text, ".") && !strings.HasSuffix(u.text, "U.S.") {
		s -= 4 // a motto or a subtitle
	}
	known, content := 0, 0
	for _, w := range ws {
		if utf8.RuneCountInString(w) >= 4 {
			content++
			if body[strings.ToLower(w)] {
				known++
			}
		}
	}
	if content > 0 {
		s += 3 * float64(known) / float64(content)
	}
	if isSection(u.text) {
		s -= 5
	}
	if looksLikeOutlet(u.text) {
		s -= 3
	}
	if isName(u.text) {
		s -= 4
	}
	if name, rest := takeName(u.text); name != "" && strings.HasPrefix(rest, ":") || name != "" && strings.Contains(u.text, name+": ") {
		s += 2 // "Ana Example: Title"
	}
	if slug := words(strings.ReplaceAll(p.name, "_", "-")); len(slug) >= 3 {
		s += float64(min(3, common(ws, slug)))
	}
	for j := i + 1; j < p.body && j < len(p.units); j++ { // printed twice
		if sameWords(p.units[j].text, u.text) {
			s += 2
			break
		}
	}
	if anchor > i {
		s -= 0.3 * float64(min(anchor-i, 10))
		if r, _ := utf8.DecodeRuneInString(u.text); unicode.IsLower(r) {
			s -= 2
		}
	} else if anchor >= 0 {
		s -= 1.5 // below the byline
	} else {
		s -= 0.2*float64(min(p.body-i, 10)) + 0.1*float64(min(i, 10))
	}
	return s
}

// bodyWords are the longer words of the first part of the content.
func (p *page) bodyWords() map[string]bool {
	out := map[string]bool{}
	runes := 0
	for i := p.body; i < len(p.units) && runes < 20000; i++ {
		if p.units[i].isContent() {
			runes += p.units[i].runes
			for _, w := range words(p.units[i].text) {
				if len(w) >= 4 {
					out[strings.ToLower(w)] = true
				}
			}
		}
	}
	return out
}

func common(a, b []string) int {
	n := 0
	for _, x := range a {
		for _, y := range b {
			if len(x) > 2 && strings.EqualFold(x, y) {
				n++
				break
			}
		}
	}
	return n
}

// isSection reports whether s names only a kind of text or a part of a site.
func isSection(s string) bool {
	ws := strings.Fields(strings.ToLower(s))
	if len(ws) > 6 {
		return false
	}
	for _, w := range ws {
		if !sections[strings.Trim(w, ",:|")] {
			return false
		}
	}
	return true
}

// outletNoun is a word by which a line is known to name an outlet or an
// organisation.
var outletNoun = regexp.MustCompile(`(?i)\b(?:institute|institution|council|foundation|centre|center|university|college|school|association|society|forum|review|journal|times|post|herald|tribune|gazette|magazine|quarterly|observer|chronicle|ledger|courier|dispatch|bulletin|monitor|network|initiative|project|commission|media|press|news|weekly|daily|blog|think tank|policy lab|presents)\b`)

// looksLikeOutlet reports whether s is a short name in capitals with the noun
// of an outlet in it.
func looksLikeOutlet(s string) bool {
	ws := strings.Fields(s)
	if len(ws) == 0 || len(ws) > 7 || endsSentence(s) || strings.ContainsAny(s, "?:!") || !outletNoun.MatchString(s) {
		return false
	}
	for _, w := range ws {
		if !startsUpper(w) && len(w) > 4 {
			return false
		}
	}
	return true
}

// setTitle makes unit i the title. A name before a colon belongs to the
// author when the byline names no other or a note on that person confirms it;
// an outlet behind a bar is the publisher.
func (p *page) setTitle(i int, guest bool) {
	u := &p.units[i]
	u.Role = briefs.RoleTitle
	title := u.content()
	if name, rest := takeName(title); name != "" && strings.HasPrefix(title, name) {
		after, colon := strings.CutPrefix(rest, ":")
		if colon && strings.TrimSpace(after) != "" && (guest || overlap([]string{name}, p.meta.authors) || p.noteOn(name)) {
			title = strings.TrimSpace(after)
			u.Body = u.End - len(title)
			p.meta.authors = nil
			p.addAuthors([]string{name})
		}
	}
	title, publisher := cutOutlet(title)
	if p.meta.publisher == "" {
		p.meta.publisher = publisher
	}
	if p.meta.title == "" {
		p.meta.title = oneLine(title)
	}
	for j := range p.units { // a second copy
		if j != i && j < p.body+1 && p.units[j].open() && sameWords(p.units[j].text, u.text) {
			p.units[j].Role = briefs.RoleChrome
		}
	}
}

// noteOn reports whether some unit is a note on the named person.
func (p *page) noteOn(name string) bool {
	for i := range p.units {
		if u := &p.units[i]; u.runes <= maxNote && strings.Contains(u.text, name) {
			if names, _, ok := authorNote(u.text); ok && overlap(names, []string{name}) {
				return true
			}
		}
	}
	return false
}

// cutOutlet parts "Title | Outlet" and "Title - The Outlet Review".
func cutOutlet(title string) (string, string) {
	for _, sep := range []string{" | ", " – ", " — ", " - ", " :: ", " » ", " · "} {
		i := strings.LastIndex(title, sep)
		if i < 0 {
			continue
		}
		left, right := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(sep):])
		n := len(strings.Fields(right))
		if len(strings.Fields(left)) >= 2 && n > 0 && (looksLikeOutlet(right) || sep == " | " && n <= 5 && startsUpper(right)) {
			if left2, _ := cutOutlet(left); sep == " | " && left2 != left {
				left = left2
			}
			return left, right
		}
	}
	return title, ""
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
		case i < first:
			u.Role = briefs.RoleChrome
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
			u.Role = briefs.RoleByline // the office of the author
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
