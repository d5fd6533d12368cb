package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// particles are the small words inside names; honorifics stand before them.
var (
	particles  = wordSet(`de da di do du del della der den des dos van von vom zu zum zur la le el al bin ibn bint ten ter af av y e op 't`)
	honorifics = wordSet(`dr dr. prof prof. professor sir dame lord lady mr mr. mrs mrs. ms ms. ambassador amb. gen. general brig. brigadier lt. lt col. col colonel maj. sgt. cmdr. (ret.) (ret) (retd) (retd.) (rtd) ret. gov. governor
		adm. admiral capt. captain sen. senator rep. rev. hon. judge justice dean baroness baron`)
	suffixes = wordSet(`jr jr. sr sr. ii iii iv phd ph.d. ph.d md m.d. esq esq. mp mep cbe obe`)
)

// notNames are capitalised words that are never part of a person's name:
// words of offices, outlets, places on a page, days and months.
var notNames = wordSet(`the a an and or for from in on at to with of by how why what when where who this that these those is are not no
	staff guest blogger bloggers blog editor editors editorial board team desk admin administrator writer writers contributor contributors
	correspondent correspondents reporter reporters author authors news newsroom press agency agencies wire
	institute institution university college school center centre council foundation association society department ministry office bureau
	committee commission forum network group project program programme initiative alliance union bank fund company corporation
	times post herald tribune gazette review journal magazine daily weekly quarterly globe observer guardian telegraph chronicle
	opinion analysis commentary feature report research policy politics world home about contact read more comments share print search
	january february march april june july august september october november december
	monday tuesday wednesday thursday friday saturday sunday
	united states kingdom nations european republic north south east west new national international global foreign security
	relations affairs studies development economic government public media online photo photos image video updated published posted
	senior fellow director president minister secretary chairman chairwoman professor`)

// cities are places of two words, which date lines begin with.
var cities = nameSet("Hong Kong", "San Francisco", "Los Angeles", "San Diego", "Las Vegas", "Tel Aviv", "Kuala Lumpur", "Abu Dhabi",
	"Addis Ababa", "Phnom Penh", "Buenos Aires", "São Paulo", "Sao Paulo", "Santiago de Chile", "San José", "San Jose", "San Juan",
	"Cape Town", "Mexico City", "Panama City", "Kuwait City", "Vatican City", "Rio de Janeiro", "La Paz", "St. Petersburg", "Saint Petersburg",
	"Port Moresby", "Port Louis", "Ho Chi Minh", "Saudi Arabia", "Sri Lanka", "Costa Rica", "Puerto Rico", "El Salvador", "Burkina Faso",
	"Sierra Leone", "Silicon Valley", "Middle East", "Latin America", "The Hague", "Den Haag", "Frankfurt am Main", "Chiang Mai", "Da Nang")

func nameSet(names ...string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[strings.ToLower(n)] = true
	}
	return out
}

// takeName reads the name of a person at the beginning of s and returns it
// without honorifics, and what follows. The name is empty when s begins with
// none. Names in capitals are given in mixed case.
func takeName(s string) (name, rest string) {
	rest = strings.TrimLeftFunc(s, unicode.IsSpace)
	for {
		w, after := cutWord(rest)
		if !honorifics[strings.ToLower(w)] {
			break
		}
		rest = after
	}
	var words []string
	full := 0 // words that are not initials or particles
	for len(words) < 6 {
		w, after := cutWord(rest)
		bare := strings.TrimRight(w, ",;:|")
		lower := strings.ToLower(bare)
		last := bare != w
		switch {
		case bare == "":
		case len(words) > 0 && suffixes[lower]:
			rest = after
			if last {
				rest = w[len(bare):] + " " + after
			}
			return finishName(words, full, rest, s)
		case len(words) > 0 && particles[lower] && bare == lower && !last && (startsUpper(after) || particles[firstOf(after)]):
			words, rest = append(words, bare), after
			continue
		case isInitials(bare):
			words, rest = append(words, bare), after
			if last {
				return finishName(words, full, w[len(bare):]+" "+after, s)
			}
			continue
		case isNameWord(bare) && !notNames[lower] && months[lower] == 0 || bare == "May" && len(words) > 0:
			words, full = append(words, bare), full+1
			if strings.HasSuffix(bare, ".") && !last && len(words) > 1 && bare != "St." {
				words[len(words)-1] = strings.TrimRight(bare, ".")
				return finishName(words, full, "."+after, s)
			}
			rest = after
			if last {
				return finishName(words, full, w[len(bare):]+" "+after, s)
			}
			continue
		}
		break
	}
	return finishName(words, full, rest, s)
}

// finishName accepts a name of two to five words, one with a surname.
func finishName(words []string, full int, rest, whole string) (string, string) {
	if len(words) < 2 || len(words) > 5 || full == 0 || full+countInitials(words) < 2 || isInitials(words[len(words)-1]) || particles[words[len(words)-1]] {
		return "", whole
	}
	for i, w := range words {
		if len([]rune(w)) > 2 && w == strings.ToUpper(w) && !isInitials(w) {
			words[i] = mixedCase(w)
		}
	}
	name := strings.TrimRight(strings.Join(words, " "), ",")
	if cities[strings.ToLower(name)] {
		return "", whole
	}
	return name, strings.TrimLeftFunc(rest, unicode.IsSpace)
}

func countInitials(words []string) int {
	n := 0
	for _, w := range words {
		if isInitials(w) {
			n++
		}
	}
	return n
}

func cutWord(s string) (word, rest string) {
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimLeftFunc(s[i:], unicode.IsSpace)
	}
	return s, ""
}

var (
	initials = regexp.MustCompile(`^(?:\p{Lu}\.-?){1,4}$|^\p{Lu}$`)
	nameWord = regexp.MustCompile(`^(?:\p{Lu}[\p{Ll}\p{M}]+|\p{Lu}[\p{L}\p{M}]*['’-]?\p{Lu}?[\p{L}\p{M}]+(?:-\p{Lu}[\p{L}\p{M}]+)*)\.?$`)
)

func isInitials(w string) bool { return initials.MatchString(w) }
func isNameWord(w string) bool { return len(w) <= 40 && nameWord.MatchString(w) }

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// mixedCase writes a word in capitals as a name: "O'NEIL-DOE" → "O'Neil-Doe".
func mixedCase(w string) string {
	up := true
	return strings.Map(func(r rune) rune {
		defer func() { up = !unicode.IsLetter(r) }()
		if up {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, w)
}

// takeNames reads several names joined by commas, "and" or "&".
func takeNames(s string) (names []string, rest string) {
	rest = s
	closed := false // "and" has named the last of them
	for {
		name, after := takeName(rest)
		if name == "" {
			return names, rest
		}
		names, rest = append(names, name), after
		t := strings.TrimLeft(after, ", ;")
		joined, last := t != after, false
		for _, and := range []string{"and ", "und ", "et ", "& ", "AND ", "with ", "WITH "} {
			if t2, ok := strings.CutPrefix(t, and); ok {
				t, joined, last = t2, true, true
				break
			}
		}
		if !joined || closed && !last {
			return names, rest
		}
		if next, _ := takeName(t); next == "" {
			return names, rest
		}
		rest, closed = t, closed || last
	}
}

// isName reports whether s is the name of one or more people and no more.
func isName(s string) bool {
	if len(s) > 120 {
		return false
	}
	names, rest := takeNames(s)
	return len(names) > 0 && strings.Trim(rest, " .,|") == ""
}

var bylineLead = regexp.MustCompile(`(?i)^(?:(?:written|words|posted|story|text|reported|analysis|commentary|opinion|essay|column|article)\s+by|by|authors?(?:\(s\))?|from|von|par|por)\b\s*:?\s+`)

// guests are the words for a writer whom a byline does not name.
var guests = regexp.MustCompile(`(?i)^(?:an? )?(?:guest|contributing|invited|external)\s+(?:blogger|author|writer|contributor|columnist|editor|post)s?\b|^(?:staff|admin|administrator|editors?|the editors|editorial (?:board|team|staff)|guest|contributors?|news desk|newsroom)\b`)

// nobody is a name of metadata that names no person.
var nobody = regexp.MustCompile(`(?i)^(?:the )?(?:(?:site|web|super)?[ -]?(?:admin|administrator|editors?|user|master)|staff(?: (?:writers?|reporters?|reports?))?|editorial|web ?desk|guests?(?: (?:authors?|bloggers?|contributors?|posts?|writers?))?|contributors?|contributing (?:writers?|authors?)|editorial (?:board|staff|team)|news ?(?:desk|room)|anonymous|unknown|n/a|authors?|root)$`)

// byline is what a line says about who wrote a text.
type byline struct {
	names []string // empty when it names nobody
	rest  string   // what follows the names
	guest bool     // it says that a guest wrote, for the owner of the page
}

// parseByline reads a line that begins with "by" or its like. ok is false
// when it does not, or goes on as a sentence.
func parseByline(s string) (b byline, ok bool) {
	if len(s) > 240 {
		return b, false
	}
	lead := bylineLead.FindString(s)
	if lead == "" {
		return b, false
	}
	rest := s[len(lead):]
	if m := guests.FindString(rest); m != "" {
		after := strings.TrimSpace(rest[len(m):])
		b.guest = true
		if names, more := takeNames(strings.TrimLeft(after, ",: ")); len(names) > 0 && !strings.HasPrefix(strings.ToLower(after), "for ") {
			b.names, after = names, more
		}
		b.rest = after
		return b, len(after) < 120 && !endsSentence(after)
	}
	b.names, b.rest = takeNames(rest)
	if len(b.names) == 0 {
		// One word is a pen name, an agency or a desk: a byline, but no author.
		word, more := cutWord(rest)
		return b, more == "" && startsUpper(word) && !endsSentence(word)
	}
	if !closes(b.rest) {
		return b, false
	}
	b.parseOutlet(rest)
	return b, true
}

// parseOutlet moves the second of two names to the rest when only commas part
// the two and a date: "Ana Example, Invented Compass, 3 May 2031". Two authors
// are joined by "and".
func (b *byline) parseOutlet(whole string) {
	if len(b.names) != 2 || !strings.HasPrefix(b.rest, ",") {
		return
	}
	between, date := strings.TrimSuffix(whole, b.rest), strings.TrimLeft(b.rest, ", ")
	_, at, ok := dateIn(date)
	i := strings.IndexByte(between, ',')
	if !ok || at > 0 || i < 0 || len(strings.Fields(between[i+1:])) != len(strings.Fields(b.names[1])) {
		return
	}
	b.names, b.rest = b.names[:1], whole[i:]
}

var bylineRest = regexp.MustCompile(`^(?i:for|at|in|on|of|is|with|updated|published|posted|am|le|el|publiziert|veröffentlicht|publicado|pubblicato)\b|^[,|·•–—/(@\-]|^\d|^(?:\p{Lu}[\pL.]*\s*){1,6}$`)

// closes reports whether rest can follow the names of a byline: nothing, an
// office, an outlet or a date, but not the rest of a sentence.
func closes(rest string) bool {
	rest = strings.TrimSpace(rest)
	if rest == "" || rest == "." {
		return true
	}
	return len(rest) <= 140 && bylineRest.MatchString(rest) && !(endsSentence(rest) && len(strings.Fields(rest)) > 8)
}

var (
	noteLead    = regexp.MustCompile(`(?i)^[*†‡_\s(\[]*(?:about the authors?\s*[:.–—-]?\s*|the authors?,\s+|authors?(?:'s)? (?:bio|note)\s*:\s*|guest (?:post|blogger)\s*:\s*)?`)
	noteVerb    = regexp.MustCompile(`^(?:\([^)]{1,60}\)\s*)?(?:,\s[^.]{2,160}?,\s)?(?:(?i:both)\s)?(?:is|was|are|were|works|work|serves|served|teaches|writes|directs|leads|heads|holds|covers|studies|researches|chairs|edits|has (?:been|served|worked|written|taught))\b`)
	office      = regexp.MustCompile(`(?i)\b(?:fellows?|professors?|interns?|directors?|analysts?|researchers?|authors?|co-?authors?|columnists?|journalists?|reporters?|correspondents?|lecturers?|students?|candidate|editors?|advis[eo]rs?|associates?|scholars?|scientists?|economists?|historians?|lawyers?|attorneys?|consultants?|engineers?|ambassadors?|diplomats?|diplomat|founders?|co-?founders?|president|chair|chief|head|dean|manager|officer|coordinator|specialists?|experts?|writers?|bloggers?|teaches|writes|blogs|studies|works|senior|former|formerly|postdoctoral|doctoral|graduate|reader in|partner)\b`)
	aboutAuthor = regexp.MustCompile(`(?i)^(?:about|meet) (?:the )?(?:authors?|writers?|contributors?)\W*$|^(?:authors?|contributors?|author bio(?:graphy)?|notes? on (?:the )?(?:authors?|contributors?))\W*$`)
)

// maxNote is the longest note on an author, in runes: a short paragraph.
const maxNote = 900

// mayNote is a cheap test before authorNote: a note has a verb and begins
// with a capital, a sign or one of a few words.
func mayNote(s string) bool {
	return len(s) >= 12 && strings.IndexByte(s, ' ') > 0 && (startsUpper(s) || strings.ContainsRune("*†‡_([ agAG", rune(s[0])) || s[0] >= 0x80)
}

// authorNote reads a note on who the author is: a name, a verb of being or
// working, an office. starred tells that a sign of a footnote stands before.
func authorNote(s string) (names []string, starred, ok bool) {
	if !mayNote(s) {
		return nil, false, false
	}
	lead := noteLead.FindString(s)
	starred = strings.ContainsAny(lead, "*†‡")
	names, rest := takeNames(s[len(lead):])
	if len(names) == 0 || !noteVerb.MatchString(rest) {
		return nil, starred, false
	}
	return names, starred, office.MatchString(rest[:min(len(rest), 300)])
}

// lastName is the part of a name by which a text calls the person.
func lastName(name string) string {
	return name[strings.LastIndexByte(name, ' ')+1:]
}
