package extract

import (
	"regexp"
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// capitalName is a name of words in capitals, with small words inside.
const capitalName = `((?:[Tt]he )?\p{Lu}[\pL\d&’'.-]*(?: (?:(?:of|on|for|and|the|in|to|&) ){0,2}\p{Lu}[\pL\d&’'-]*){0,7})`

// sayPublisher are the sentences of a page in which it names who publishes
// it, the surer first.
var sayPublisher = []*regexp.Regexp{
	regexp.MustCompile(`(?:©|\(c\)|[Cc]opyright)(?: ?©)?[ ,]*(?:\d{4}(?: ?[-–] ?\d{4})?)?[ ,]*(?:[Bb]y )?` + capitalName),
	regexp.MustCompile(`(?:necessarily|of the authors?(?:[^.]{0,40}?)?(?:,| and)) (?:(?:do )?not )?(?:(?:those |the views |the opinions |the positions? )?of|reflect(?:ing)?(?: the)? (?:views|opinions?|positions?|policy|policies) of|represent(?:ing)?(?: the)? (?:views|opinions?|positions?) of)(?: the)? ` + capitalName),
	regexp.MustCompile(`(?:reflect|represent)(?:s)?(?: the)?(?: official)? (?:views?|opinions?|positions?|policy|policies)(?: or [a-z]+)? of(?: the)? ` + capitalName),
	regexp.MustCompile(`not (?:necessarily )?(?:those )?of(?: the)? ` + capitalName),
	regexp.MustCompile(`[Ee]xpressed (?:on|in) ` + capitalName + ` (?:blogs?|articles?|publications?|commentar)`),
}

// theName is the name of an outlet as the first line of a page shows it.
var theName = regexp.MustCompile(`^(?:The|THE)(?: \p{Lu}[\pL’'-]+){1,3}$`)

var presents = regexp.MustCompile(`^` + capitalName + ` (?:[Pp]resents|[Bb]logs?)$`)

// publisher looks for who published the text where no label said so: in the
// lines of rights and disclaimers, then in a site's name before the title.
// An acronym is written out when the page itself does so.
func (p *page) publisher() {
	if p.meta.publisher == "" {
		said, site := p.sayPublisher(), p.siteLine()
		if said == "" || site != "" && owner.MatchString(said) && kin(said, site) {
			said = site // the outlet rather than who owns it
		}
		p.meta.publisher = said
	}
	if s := p.meta.publisher; isAcronym(s) {
		if long := p.spellOut(s); long != "" {
			p.meta.publisher = long
		}
	}
}

// owner is the end of the name of a company that owns outlets.
var owner = regexp.MustCompile(`(?i)\b(?:media|group|holdings?|corporation|corp|company|inc|ltd|llc|limited|gmbh|publishing|publications|communications)\.?$`)

// kin reports whether two names share a word that few outlets have.
func kin(a, b string) bool {
	for _, w := range words(a) {
		if len(w) >= 4 && !outletNoun.MatchString(w) && common([]string{w}, words(b)) > 0 {
			return true
		}
	}
	return false
}

// siteLine is the name of the site in the lines above the title, empty when
// none of them is known to be one.
func (p *page) siteLine() string {
	title := -1
	for i := range p.units {
		if p.units[i].Role == briefs.RoleTitle {
			title = i
			break
		}
	}
	for i := 0; i < p.body && i < len(p.units); i++ {
		u := &p.units[i]
		if u.Role == briefs.RoleTitle || u.Role == briefs.RoleByline {
			break
		}
		if u.Role != briefs.RoleChrome || u.clue != nil || u.style != "" || u.Body > u.Start {
			continue // of a menu
		}
		text := strings.TrimSpace(u.content())
		if site := firstCrumb(text); site != "" && i <= headRows {
			return site
		}
		if isSection(text) || hasDigit(text) {
			continue
		}
		if m := presents.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		if looksLikeOutlet(text) || i == 0 && (theName.MatchString(text) || title > 0 && title <= siteRows && p.masthead(text, title)) {
			return text
		}
	}
	return ""
}

// siteRows is how many lines may stand between a site's name and the title
// when nothing but its place shows that it is one.
const siteRows = 8

// firstCrumb is the name of a site at the head of a trail such as
// "Invented Notebook » Posts » Rivers".
func firstCrumb(s string) string {
	for _, sep := range []string{" » ", " › ", " > "} {
		first, rest, ok := strings.Cut(s, sep)
		n := len(strings.Fields(first))
		if ok && rest != "" && n >= 2 && n <= 5 && capitalised(first) && !isSection(first) && !allButtons(strings.ToLower(first)) {
			return first
		}
	}
	return ""
}

// capitalised reports whether all words of s but small ones begin with a
// capital.
func capitalised(s string) bool {
	for _, w := range strings.Fields(s) {
		if !startsUpper(w) && !smallWord[w] {
			return false
		}
	}
	return true
}

// masthead reports whether a first line is worded like the name of a site
// rather than of a subject: two to four words in capitals, of which the title
// and the text hardly speak.
func (p *page) masthead(s string, title int) bool {
	ws := strings.Fields(s)
	if len(ws) < 2 || len(ws) > 4 || !capitalised(s) || endsSentence(s) || strings.ContainsAny(s, ":?!,;|/0123456789") || overlap([]string{s}, p.meta.authors) || allButtons(strings.ToLower(s)) {
		return false
	}
	named := false // who wrote or when stands below the title
	for i := title + 1; i < len(p.units) && i <= title+2*headRows; i++ {
		named = named || p.units[i].Role == briefs.RoleByline || p.units[i].Role == briefs.RoleDateline
	}
	spoken := p.bodyWords()
	for _, w := range words(p.units[title].text) {
		spoken[strings.ToLower(w)] = true
	}
	for _, w := range ws {
		if w = strings.ToLower(w); len(w) >= 4 && (spoken[w] || sections[w]) {
			return false
		}
	}
	return named
}

func (p *page) sayPublisher() string {
	for n, re := range sayPublisher {
		for i := range p.units {
			u := &p.units[i]
			if n == 0 && u.Role == briefs.RoleCaption {
				continue // the rights of a picture
			}
			if u.Role != briefs.RoleChrome && u.Role != briefs.RoleAuthorNote && u.Role != briefs.RoleCaption || u.runes > longest {
				continue
			}
			if !mayName(u.text) {
				continue
			}
			for _, m := range re.FindAllStringSubmatch(u.text, -1) {
				if name := outletName(m[1]); name != "" {
					return name
				}
			}
		}
	}
	return ""
}

// mayName is a cheap test before the patterns of sayPublisher.
func mayName(s string) bool {
	for _, w := range []string{"©", "(c)", "opyright", "uthor", " of ", "eflect", "epresent", "xpressed"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// outletName trims what is no name off a match and refuses what names nobody.
func outletName(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ".,")
	for _, tail := range []string{" All Rights Reserved", " All rights", " All", " Inc", " Ltd", " LLC", " Privacy", " Terms"} {
		s = strings.TrimSuffix(s, tail)
	}
	if i := strings.Index(s, ". The "); i > 0 {
		s = s[:i] // the next sentence
	}
	s = strings.TrimRight(s, ".,")
	first := strings.ToLower(firstOf(s))
	switch first {
	case "all", "the", "privacy", "terms", "rights", "his", "her", "their", "our", "this", "any":
		if len(strings.Fields(s)) == 1 || first != "the" {
			return ""
		}
	}
	if isName(s) && !outletNoun.MatchString(s) && !strings.Contains(strings.ToLower(s), "media") {
		return "" // the rights of a person
	}
	return s
}

func firstOf(s string) string { w, _ := cutWord(s); return w }

// isAcronym reports whether s is one word of two to eight capitals.
func isAcronym(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n >= 2 && n <= 8
}

var smallWord = wordSet(`of on for and the in to at & de la du des für und von`)

// spellOut finds words in capitals on the page whose initials are the letters
// of short, small words apart; empty when there are none.
func (p *page) spellOut(short string) string {
	for _, role := range []briefs.Role{briefs.RoleAuthorNote, briefs.RoleChrome, briefs.RoleByline, ""} {
		for i := range p.units {
			u := &p.units[i]
			if u.Role == role && u.runes <= 2000 {
				if s := spelled(u.text, short); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

func spelled(text, short string) string {
	ws := strings.Fields(text)
	for i := range ws {
		if !strings.HasPrefix(ws[i], short[:1]) {
			continue
		}
		k, j := 0, i
		for ; j < len(ws) && k < len(short); j++ {
			w := strings.TrimLeft(ws[j], "(“\"'")
			if k > 0 && smallWord[w] {
				continue
			}
			if len(strings.Trim(w, ".,;)")) < 2 || w[0] != short[k] {
				break
			}
			k++
			if k < len(short) && strings.ContainsAny(w[len(w)-1:], ".,;:)") {
				break
			}
		}
		if k == len(short) && j > i+1 {
			return strings.Trim(strings.Join(ws[i:j], " "), ".,;:()“”\"'’")
		}
	}
	return ""
}

// publication dates a text that has no date line by a note on where it first
// appeared. Dates in running prose are what the text is about, and the year
// of the rights is that of the page: no date is better than either.
func (p *page) publication() {
	if p.meta.published != "" || p.meta.updated != "" {
		return
	}
	for i := range p.units {
		u := &p.units[i]
		if u.Role != briefs.RoleChrome || u.runes > 400 {
			continue
		}
		lower := strings.ToLower(u.text)
		if strings.Contains(lower, "appeared") || strings.Contains(lower, "published") {
			if d, _, ok := dateIn(u.text); ok {
				p.meta.published = d
				return
			}
		}
	}
}
