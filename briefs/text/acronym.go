package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// Limits of a short form and of the words that can stand for it, after
// Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation
// Definitions in Biomedical Text" (2003): at most min(n+5, 2n) words.
const (
	minShort = 2
	maxShort = 10
)

// Acronyms returns the pairs that s defines, "Long Form (LF)" or "LF (Long
// Form)", each once, in order of appearance. The letters of the short form
// must be the initials of the long one, small words aside. Both forms are as
// written, white space in the long form made single.
func Acronyms(s string) []briefs.Acronym {
	var out []briefs.Acronym
	seen := map[[2]string]bool{}
	for i := 0; i < len(s); {
		n := strings.IndexByte(s[i:], '(')
		if n < 0 {
			break
		}
		open := i + n
		i = open + 1
		n = strings.IndexAny(s[i:min(len(s), i+maxInner)], "()")
		if n < 0 || s[i+n] == '(' {
			continue
		}
		inner := s[i : i+n]
		before := s[max(0, open-maxInner):open]
		short, long := innerShort(inner), ""
		if short != "" {
			long = longBefore(before, short)
		} else if short = shortBefore(before); short != "" {
			long = longInside(inner, short)
		}
		if long == "" || seen[[2]string{short, long}] {
			continue
		}
		seen[[2]string{short, long}] = true
		out = append(out, briefs.Acronym{Short: short, Long: long, ShortTerms: Terms(short), LongTerms: Terms(long)})
	}
	return out
}

// maxInner bounds how many bytes around a bracket are looked at.
const maxInner = 200

// innerShort returns the short form that a bracket holds: "OPM", "“OPM”",
// "OPM, or the Office", "the OPM".
func innerShort(inner string) string {
	inner = strings.TrimSpace(inner)
	if head, _, ok := strings.Cut(inner, ","); ok {
		inner = head
	}
	if head, _, ok := strings.Cut(inner, ";"); ok {
		inner = head
	}
	for _, lead := range [...]string{"the ", "or ", "hereafter ", "hereinafter ", "henceforth ", "abbreviated ", "known as ", "also "} {
		inner = strings.TrimPrefix(inner, lead)
	}
	inner = strings.Trim(inner, " \t\n\r\"'“”‘’")
	if isShort(inner) {
		return inner
	}
	return ""
}

// isShort reports whether w can be an acronym: one word, two to ten letters
// and digits, at least two of them capitals, dots allowed.
func isShort(w string) bool {
	n, capitals := 0, 0
	for _, r := range w {
		switch {
		case unicode.IsUpper(r):
			n++
			capitals++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n++
		case r != '.' && r != '-' && r != '&' && r != '/':
			return false
		}
	}
	return n >= minShort && n <= maxShort && capitals >= 2 && 2*capitals >= n
}

// shortBefore returns the acronym that before ends with, or "".
func shortBefore(before string) string {
	before = strings.TrimRight(before, " \t\n\r\"”’'")
	i := strings.LastIndexAny(before, " \t\n\r(\"“‘,;:—–")
	if i >= 0 {
		_, n := utf8.DecodeRuneInString(before[i:])
		before = before[i+n:]
	}
	if isShort(before) {
		return before
	}
	return ""
}

// part is one word of a long form.
type part struct {
	text       string
	start, end int
	small      bool // may be left out of the short form
}

// parts cuts s at what is neither letter, digit nor apostrophe.
func parts(s string) []part {
	var out []part
	start := -1
	add := func(end int) {
		if start >= 0 {
			w := s[start:end]
			out = append(out, part{w, start, end, smallWords[strings.ToLower(w)]})
			start = -1
		}
	}
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’' || unicode.IsMark(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		add(i)
	}
	add(len(s))
	return out
}

var smallWords = map[string]bool{
	"of": true, "the": true, "and": true, "for": true, "on": true, "in": true, "to": true, "a": true, "an": true, "de": true,
	"des": true, "du": true, "la": true, "le": true, "les": true, "der": true, "die": true, "und": true, "with": true, "by": true,
	"at": true, "against": true, "from": true, "et": true, "del": true, "y": true, "or": true,
}

// letters returns the letters and digits of a short form in lower case, a
// plural s left out.
func letters(short string) []rune {
	var out []rune
	rs := []rune(short)
	if n := len(rs); n > 2 && rs[n-1] == 's' && unicode.IsUpper(rs[n-2]) {
		rs = rs[:n-1]
	}
	for _, r := range rs {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// longBefore returns the long form of short that before ends with, or "".
func longBefore(before, short string) string {
	if i := strings.LastIndexAny(before, ".!?;:)"); i >= 0 && i+1 < len(before) && (before[i] != '.' || before[i+1] == ' ' && i > 1 && before[i-2] != '.') {
		before = before[i+1:]
	}
	if i := strings.LastIndex(before, "\n\n"); i >= 0 {
		before = before[i:]
	}
	ps, ls := parts(before), letters(short)
	if len(ps) == 0 || strings.Trim(before[ps[len(ps)-1].end:], " \t\n\r\"”’'*") != "" {
		return ""
	}
	last := len(ps) - min(len(ls)+5, 2*len(ls))
	for first := len(ps) - 1; first >= max(0, last); first-- {
		if !ps[first].small && initials(ps[first:], ls) {
			return strings.Join(strings.Fields(before[ps[first].start:ps[len(ps)-1].end]), " ")
		}
	}
	return ""
}

// longInside returns the long form of short that a bracket begins with, or
// "".
func longInside(inner, short string) string {
	ps, ls := parts(inner), letters(short)
	if len(ps) > 0 && strings.EqualFold(ps[0].text, "the") {
		ps = ps[1:]
	}
	for n := 1; n <= len(ps); n++ {
		if ps[n-1].small || !initials(ps[:n], ls) {
			continue
		}
		rest := inner[ps[n-1].end:]
		if rest == "" || strings.IndexByte(",;\"'", rest[0]) >= 0 || strings.HasPrefix(rest, "”") {
			return strings.Join(strings.Fields(inner[ps[0].start:ps[n-1].end]), " ")
		}
	}
	return ""
}

// initials reports whether ls are the initials of ps in order. Small words may
// be left out or counted; another word may give letters from its inside too
// ("cybersecurity", "CS"), if it begins with one. Every word that is not small
// must give a letter, and one word alone is no long form.
func initials(ps []part, ls []rune) bool {
	if len(ps) < 2 {
		return false
	}
	type place struct{ p, l int }
	dead := map[place]bool{}
	var walk func(p, l int) bool
	walk = func(p, l int) bool {
		if p == len(ps) {
			return l == len(ls)
		}
		if len(ls)-l > 3*(len(ps)-p) || dead[place{p, l}] {
			return false
		}
		if ps[p].small && walk(p+1, l) {
			return true
		}
		for _, n := range taken(ps[p].text, ls[l:]) {
			if walk(p+1, l+n) {
				return true
			}
		}
		dead[place{p, l}] = true
		return false
	}
	return walk(0, 0)
}

// taken returns how many of the next letters the word w can give: one, its
// first; or two or three, when the others follow inside it in order.
func taken(w string, ls []rune) []int {
	var counts []int
	n := 0
	for i, r := range w {
		if n == len(ls) || n == 3 || (i == 0 && unicode.ToLower(r) != ls[0]) {
			break
		}
		if unicode.ToLower(r) == ls[n] {
			n++
			counts = append(counts, n)
		}
	}
	return counts
}
