package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// date is when a document was made, as far as its properties are to be
// believed: not later than it was changed.
func (m properties) date() briefs.Date {
	if m.created == "" || m.modified != "" && m.modified < m.created {
		return m.modified
	}
	return m.created
}

// setDates takes the dates of properties; those of before the web are the
// zeros of some program.
func (m *properties) setDates(created, modified string) {
	read := func(s string) briefs.Date {
		d, ok := looseDate(s)
		if !ok {
			if at := strings.IndexByte(s, 'T'); at > 0 {
				d, ok = looseDate(s[:at])
			}
		}
		if !ok || d < "1985" {
			return ""
		}
		return d
	}
	m.created, m.modified = read(created), read(modified)
}

var (
	templateTitle = regexp.MustCompile(`(?i)^(?:untitled.*|document ?\d*|dokument ?\d*|documento ?\d*|title|titel|titre|\[?(?:document|report|type the document) title\]?|new .* document|` +
		`(?:blank|empty) (?:document|template)|powerpoint presentation|presentation ?\d*|word document|microsoft word.*|no title|none|draft|template|normal(?:\.dotm?)?|memo|letter|report|slide \d+|` +
		`.*\.(?:docx?|dotx?|dotm|odt|pdf|indd|qxd|rtf|txt|wpd|tmp|pages))$`)
	// noPerson are the names that programs and offices put in for people.
	noPerson = wordSet(`user admin administrator owner author autor auteur unknown test guest windows microsoft office default preinstalled word
		python-docx anonymous root customer computer pc laptop desktop staff home hp dell lenovo asus acer toshiba samsung openoffice libreoffice calibre pandoc kobo various name none
		benutzer utilisateur usuario utente gebruiker`)
)

// setTitle takes a title that is no program's.
func (m *properties) setTitle(s string) {
	s = oneLine(normalize(s))
	s = strings.TrimSpace(strings.TrimPrefix(s, "Microsoft Word - "))
	if s == "" || utf8.RuneCountInString(s) > 300 || templateTitle.MatchString(s) || !hasLetter(s) || strings.Contains(s, `\`) || strings.HasPrefix(s, "/") {
		return
	}
	m.title = s
}

// addAuthors takes the names of people in s, several parted by signs.
func (m *properties) addAuthors(s string) {
	for _, name := range namesOf(oneLine(normalize(s))) {
		if !slices.Contains(m.authors, name) && len(m.authors) < maxAuthors {
			m.authors = append(m.authors, name)
		}
	}
}

// maxAuthors is how many authors are kept.
const maxAuthors = 50

// namesOf parts names that stand in one field, and leaves out what no
// person is called.
func namesOf(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '|' || r == '/' })
	if len(parts) == 1 {
		if names, rest := takeNames(s); len(names) > 0 && strings.TrimSpace(rest) == "" {
			parts = names
		} else if f := strings.Split(s, ", "); len(f) == 2 && !strings.Contains(f[0], " ") { // "Example, Ana"
			parts = []string{f[1] + " " + f[0]}
		}
	}
	var out []string
	for _, p := range parts {
		if p = oneLine(p); isPerson(p) {
			out = append(out, p)
		}
	}
	return out
}

func isPerson(s string) bool {
	if n := utf8.RuneCountInString(s); n < 3 || n > 100 || !hasLetter(s) || strings.ContainsAny(s, `@\<>[]{}=`) || hasDigit(s) {
		return false
	}
	for _, w := range strings.Fields(strings.ToLower(s)) {
		if noPerson[strings.Trim(w, ".,()")] {
			return false
		}
	}
	return true
}

// publisherName is a property that names an institution, empty when a program
// or a shop put it there.
func publisherName(s string) string {
	s = oneLine(normalize(s))
	if utf8.RuneCountInString(s) < 3 || utf8.RuneCountInString(s) > 120 || !hasLetter(s) || strings.ContainsAny(s, `@\<>[]{}`) {
		return ""
	}
	for _, w := range strings.Fields(strings.ToLower(s)) {
		if noPerson[strings.Trim(w, ".,()")] && w != "office" {
			return ""
		}
	}
	return s
}

// numeral writes n as lists do: "decimal", "lowerLetter", "upperLetter",
// "lowerRoman" or "upperRoman".
func numeral(style string, n int) string {
	switch style {
	case "lowerLetter", "upperLetter":
		if n < 1 || n > 26*20 {
			break
		}
		s := strings.Repeat(string(rune('a'+(n-1)%26)), (n-1)/26+1)
		if style == "upperLetter" {
			s = strings.ToUpper(s)
		}
		return s
	case "lowerRoman", "upperRoman":
		if n < 1 || n > 3999 {
			break
		}
		s := romanNumeral(n)
		if style == "upperRoman" {
			s = strings.ToUpper(s)
		}
		return s
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	}
	return strconv.Itoa(n)
}

func romanNumeral(n int) string {
	var b strings.Builder
	for _, p := range []struct {
		v int
		s string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for n >= p.v {
			b.WriteString(p.s)
			n -= p.v
		}
	}
	return b.String()
}
