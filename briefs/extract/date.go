package extract

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"briefdesk/briefs"
)

// months maps the names and usual short forms of months, in lower case and
// without a stop, in English, German, French, Spanish, Portuguese, Italian and
// Dutch.
var months = map[string]int{
	"january": 1, "jan": 1, "januar": 1, "janvier": 1, "janv": 1, "enero": 1, "ene": 1, "janeiro": 1, "gennaio": 1, "januari": 1,
	"february": 2, "feb": 2, "februar": 2, "février": 2, "fevrier": 2, "févr": 2, "febrero": 2, "fevereiro": 2, "febbraio": 2, "februari": 2,
	"march": 3, "mar": 3, "märz": 3, "maerz": 3, "mars": 3, "marzo": 3, "março": 3, "marco": 3, "maart": 3,
	"april": 4, "apr": 4, "avril": 4, "avr": 4, "abril": 4, "abr": 4, "aprile": 4,
	"may": 5, "mai": 5, "mayo": 5, "maio": 5, "maggio": 5, "mei": 5,
	"june": 6, "jun": 6, "juni": 6, "juin": 6, "junio": 6, "junho": 6, "giugno": 6,
	"july": 7, "jul": 7, "juli": 7, "juillet": 7, "juil": 7, "julio": 7, "julho": 7, "luglio": 7,
	"august": 8, "aug": 8, "août": 8, "aout": 8, "agosto": 8, "ago": 8, "augustus": 8,
	"september": 9, "sep": 9, "sept": 9, "septembre": 9, "septiembre": 9, "setembro": 9, "settembre": 9,
	"october": 10, "oct": 10, "oktober": 10, "okt": 10, "octobre": 10, "octubre": 10, "outubro": 10, "ottobre": 10,
	"november": 11, "nov": 11, "novembre": 11, "novembro": 11, "noviembre": 11,
	"december": 12, "dec": 12, "dezember": 12, "dez": 12, "décembre": 12, "decembre": 12, "diciembre": 12, "dic": 12, "dezembro": 12, "dicembre": 12,
}

const monthWord = `([\pL]{3,10})\.?`

// dateLayouts are the ways a date is written, the more precise first. The
// groups are named by the letters of order: y, m, d; n is the name of a
// month, and a and b are two numbers whose order is not known.
var dateLayouts = []struct {
	re    *regexp.Regexp
	order string
}{
	{regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}[\d:.,]*)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?\b`), "ymd"},
	{regexp.MustCompile(`^(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b`), "ymd"},
	{regexp.MustCompile(`^((?:19|20)\d{2})([01]\d)([0-3]\d)\b`), "ymd"},
	{regexp.MustCompile(`^` + monthWord + ` (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b`), "ndy"},
	{regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er|\.)?(?: of| de)?[ -]` + monthWord + `,?(?: de)?[ -](\d{4})\b`), "dny"},
	{regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4})\b`), "dmy"},
	{regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b`), "aby"},
	{regexp.MustCompile(`^(\d{4})-(\d{2})\b`), "ym"},
	{regexp.MustCompile(`^` + monthWord + `,? (\d{4})\b`), "ny"},
	{regexp.MustCompile(`^(\d{4})\b`), "y"},
}

// earliest is the first year that is taken for a year of publication: the
// first printed periodicals. It keeps numbers from being read as years.
const earliest = 1600

// dateAt reads the date that s begins with and how many bytes it takes.
func dateAt(s string) (d briefs.Date, size int, ok bool) {
	for _, l := range dateLayouts {
		m := l.re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		var y, mon, day, a, b int
		for i, c := range l.order {
			n, _ := strconv.Atoi(m[i+1])
			switch c {
			case 'y':
				y = n
			case 'm':
				mon = n
			case 'd':
				day = n
			case 'a':
				a = n
			case 'b':
				b = n
			case 'n':
				mon = months[strings.ToLower(m[i+1])]
				if mon == 0 {
					mon = -1
				}
			}
		}
		switch {
		case a > 12:
			day, mon = a, b
		case b > 12:
			mon, day = a, b
		case a > 0 && a == b:
			mon, day = a, b
		} // else either order is possible: only the year is known
		if d, ok = newDate(y, mon, day); ok {
			return d, len(m[0]), true
		}
	}
	return "", 0, false
}

// newDate builds a date; mon and day are 0 where unknown.
func newDate(y, mon, day int) (briefs.Date, bool) {
	var s string
	switch {
	case y < earliest || y > 2999 || mon < 0 || mon > 12:
		return "", false
	case mon == 0:
		s = fmt.Sprintf("%04d", y)
	case day == 0:
		s = fmt.Sprintf("%04d-%02d", y, mon)
	default:
		s = fmt.Sprintf("%04d-%02d-%02d", y, mon, day)
	}
	d, err := briefs.ParseDate(s)
	return d, err == nil
}

var (
	weekday = regexp.MustCompile(`(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +`)
	// clock is all that may follow a date on its line: a time of day and a zone.
	clock = regexp.MustCompile(`(?i)^[\s,|·•–—-]*(?:(?:at|@|um)\s+)?(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?)?[\s,]*(?:\(?(?:[A-Z]{2,5}|[+-]\d{2}:?\d{2})\)?)?[\s,]*$`)
)

// looseDate reads s as a date and nothing else, in any known layout, with or
// without a day of the week and a time.
func looseDate(s string) (briefs.Date, bool) {
	s = strings.TrimSpace(s)
	s = s[len(weekday.FindString(s)):]
	d, n, ok := dateAt(s)
	if !ok {
		return "", false
	}
	if rest := s[n:]; rest != "" && !clock.MatchString(rest) {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return briefs.Date(t.Format("2006-01-02")), true
		}
		return "", false
	}
	return d, true
}

var (
	// updatedLead tells that a date is of a change.
	updatedLead = regexp.MustCompile(`(?i)(?:updated|modified|revised|edited|changed|reviewed)(?: on| at)?\W*$`)
	// dateWords are what else a date line holds: labels, days, times, zones,
	// the time it takes to read, the number of comments.
	dateWords = regexp.MustCompile(`(?i)\b(?:(?:first|last|originally|original|article|date)\s+)?(?:published|posted|released|issued|created|written|updated|modified|revised|edited|changed|reviewed|publication date|date published|date|dated|original|veröffentlicht|publiziert|erschienen|aktualisiert|mise? à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|geplaatst)\b(?: online)?(?: (?:on|at|am|le|el|il|em|op)\b)?` +
		`|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?` +
		`|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:segunda|terça|quarta|quinta|sexta)-feira|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)\b` +
		`|\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?|\b\d{4}\s+(?:GMT|UTC|HKT)\b` +
		`|\bpubliée?(?: le)?|\b\d{1,3}[ -]?min(?:ute)?s?(?:[ -]read)?\b|\b(?:\d+|no) comments?\b|\b(?:\d+|an?) (?:minute|hour|day)s? ago\b`)
	zones    = regexp.MustCompile(`\b(?:GMT|UTC|[ECMPAH][SD]?T|CES?T|EES?T|BST|HKT|JST|IST|SGT|MSK|AE[SD]T|NZ[SD]T)\b`)
	joiners  = regexp.MustCompile(`(?i)(?:^|\s)(?:on|at|@|um|the|às|à|alle|uhr)(?:[\s,]|$)`)
	nearHour = regexp.MustCompile(`\d[:.]\d\d|\d ?[ap]\.?m\b|[|·•/–—]|(?i:published|posted|updated)`)
	// placeAlone is what may stand before the date: a place or an agency.
	placeAlone = regexp.MustCompile(`^(?:\p{Lu}[\pL.&]*,?\s*){1,3}$`)
)

// dateline reads a line that says when something was published and nothing
// else of weight. change is true when it tells only of an update.
func dateline(s string) (d briefs.Date, change, ok bool) {
	d, change, rest, ok := lineDate(s)
	return d, change, ok && rest == ""
}

// lineDate reads a short line with a date and returns what is left of it
// without dates, times and the words around them. A place before the date is
// taken for part of it. ok is false when the line has no date that says more
// than a year, unless the year stands alone.
func lineDate(s string) (d briefs.Date, change bool, rest string, ok bool) {
	if len(s) > 160 || !hasDigit(s) {
		return "", false, "", false
	}
	if len(s) <= 20 {
		if d, ok := looseDate(s); ok {
			return d, false, "", true
		}
	}
	whole, left := s, ""
	for range 4 { // published, updated, and each in another zone
		next, at, found := dateIn(s)
		if !found {
			break
		}
		_, size, _ := dateAt(s[at:])
		upd := updatedLead.MatchString(weekdayEnd.ReplaceAllString(s[:at], ""))
		if d == "" || change && !upd {
			d, change = next, upd
		}
		left += s[:at] + " "
		s = s[at+size:]
	}
	if d == "" {
		return "", false, "", false
	}
	rest = zones.ReplaceAllString(dateWords.ReplaceAllString(left+s, " "), " ")
	rest = joiners.ReplaceAllString(rest, " ")
	rest = strings.TrimFunc(oneLine(rest), func(r rune) bool { return !unicode.IsLetter(r) && r != ')' && r != '@' })
	if strings.Trim(rest, "()@ ") == "" {
		return d, change, "", true
	}
	if placeAlone.MatchString(rest) && (strings.HasPrefix(whole, rest+",") || len(strings.Fields(rest)) <= 2 && nearHour.MatchString(whole)) && !isName(rest) {
		return d, change, "", true
	}
	return d, change, rest, true
}

var weekdayEnd = regexp.MustCompile(`(?i)\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W*|[\d:.]+\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?\W*)*$`)

// dateIn finds the first full date inside s, of day or month precision.
func dateIn(s string) (d briefs.Date, at int, ok bool) {
	for i := 0; i < len(s); i++ {
		if i > 0 && isWordByte(s[i-1]) || !isWordByte(s[i]) {
			continue
		}
		if d, _, ok := dateAt(s[i:]); ok && len(d) > 4 {
			return d, i, true
		}
	}
	return "", 0, false
}

func isWordByte(c byte) bool {
	return c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
