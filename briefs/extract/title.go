package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

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
	above := p.titledAbove(anchor)
	for i := from; i < p.body && i < len(p.units); i++ {
		u := &p.units[i]
		if u.rank == 1 && u.runes <= 200 {
			return i // "# Title"
		}
		if !u.open() || u.runes > 200 || u.runes < 3 || !hasLetter(u.text) {
			continue
		}
		if p.isStatement(i, anchor) {
			continue // a text without a title
		}
		s := p.titleScore(i, anchor, sample)
		switch {
		case above < 0:
		case i > anchor:
			s -= 1.5 // a section below the byline
		case i < above && p.menuBetween(i, above):
			s -= 2 // the motto of the site
		}
		if best < 0 || s > score {
			best, score = i, s
		}
	}
	return best
}

// headRows is how many lines may part a title from the last line on who wrote
// and when: a subtitle, a picture, a label of the page.
const headRows = 3

// isStatement reports whether unit i says something in a full sentence rather
// than naming the text: it ends with a stop and no byline or date line comes
// soon after it.
func (p *page) isStatement(i, anchor int) bool {
	u := &p.units[i]
	if !endsSentence(u.text) {
		return false
	}
	// A title with a stop; what is signed below, with nothing after, has none.
	under := i < anchor && anchor <= i+headRows && p.body < len(p.units)
	if strings.HasSuffix(strings.TrimRight(u.text, "\"'”’»)"), "?") || strings.HasSuffix(u.text, "U.S.") {
		return i == len(p.units)-1 || sentencesAbout(u.text) > 1 && !under
	}
	return !under || len(strings.Fields(u.text)) > 20
}

// menuBetween reports whether a row of buttons stands between units i and j.
func (p *page) menuBetween(i, j int) bool {
	for k := i + 1; k < j; k++ {
		if p.units[k].clue == menuCue && len(strings.Fields(p.units[k].text)) >= 3 {
			return true
		}
	}
	return false
}

// titledAbove returns the line right above the bylines and date lines that
// end at the anchor, -1 when it cannot be a title.
func (p *page) titledAbove(anchor int) int {
	for i := anchor - 1; i >= 0 && i >= anchor-2*headRows; i-- {
		u := &p.units[i]
		if !u.open() || isName(u.text) {
			continue
		}
		if len(strings.Fields(u.text)) >= 4 && u.runes <= 200 && !isSection(u.text) && !looksLikeOutlet(u.text) {
			return i
		}
		break
	}
	return -1
}

// kinds are words that name the kind of a short text, such as "Memo".
var kinds = wordSet(`memo memorandum note notes minutes summary briefing draft letter notice statement addendum appendix abstract`)

// isKind reports whether s is one of those words and nothing else.
func isKind(s string) bool { return kinds[strings.ToLower(strings.Trim(s, ".:# "))] }

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
