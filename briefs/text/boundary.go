package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lookBack bounds how far a rule reads back for the word before a stop.
const lookBack = 32

// breaks decides about one candidate: whether the sentence p[start:end) ends
// before p[next:]. Neither part is empty.
func breaks(p string, start, end, next int) bool {
	first, quoted := firstRune(p[next:])
	switch {
	case unicode.IsLower(first) && !marker(p[next:]):
		return false
	case strings.IndexByte(".,;:!?)]}", p[next]) >= 0, strings.HasPrefix(p[next:], "”"), strings.HasPrefix(p[next:], "…") && !quoted:
		return false // the mark goes on
	case !worded(p[start:end]):
		return false // marks alone introduce what follows
	}
	stop := end
	for stop > start {
		r, n := utf8.DecodeLastRuneInString(p[start:stop])
		if !closing(r) && citationEnd(p[start:stop]) == 0 {
			break
		}
		n = max(n, citationEnd(p[start:stop]))
		stop -= n
		stop = trimmed(p, start, stop)
	}
	closed := stop < end
	if stop == start || p[stop-1] != '.' || strings.HasSuffix(p[start:stop], "..") {
		if closed && spoken(p[next:]) {
			return false
		}
		return !(strings.HasSuffix(p[start:stop], "Yahoo!") && !starter(p[next:]))
	}
	word := lastWord(p[start : stop-1])
	whole := strings.TrimLeft(p[start:max(start, stop-1-len(word))], " \t\u00a0(*[•-–—") == ""
	if whole && enumerator(word) {
		return false
	}
	if closed {
		return true
	}
	if isDigitRune(first) && !quoted && missesLetters(word) {
		return false
	}
	return !continues(word, p[start:stop-1-len(word)], p[next:], first)
}

func isDigitRune(r rune) bool { return '0' <= r && r <= '9' }

// missesLetters reports whether word is too short to end a sentence before a
// number: "p. 4", "c. 1900".
func missesLetters(word string) bool {
	return len(word) > 0 && len(word) < 3 && !isDigit(word[0]) && !shortWords[word]
}

// continues reports whether the stop after word belongs to an abbreviation
// and the sentence goes on. before is the text in front of word, rest what
// follows, first its first letter or digit.
func continues(word, before, rest string, first rune) bool {
	kind := abbreviations()[word]
	if kind == none && strings.Contains(word, ".") {
		kind = ambiguous // "U.S", "Ph.D", "J.P"
	}
	switch kind {
	case titles, always:
		return true
	case numbered:
		return isDigitRune(first) || first == '§' || roman(rest)
	case dated:
		return isDigitRune(first)
	case clock:
		return zone(rest)
	case weekday:
		return isDigitRune(first) || !starter(rest)
	case ambiguous:
		return first == '§' || isDigitRune(first) && strings.Contains(word, ".") || !isDigitRune(first) && !starter(rest)
	}
	if len(word) == 1 && isUpper(word[0]) && !isDigitRune(first) { // an initial, unless "Plan B" or "you and I"
		prior := lastWord(strings.TrimRight(before, " "))
		return !starter(rest) && !lettered[prior] && (word != "I" || prior != "and")
	}
	return false
}

// lettered are words that a letter numbers.
var lettered = map[string]bool{
	"Plan": true, "plan": true, "Group": true, "group": true, "Vitamin": true, "vitamin": true, "Hepatitis": true,
	"hepatitis": true, "Annex": true, "annex": true, "Appendix": true, "appendix": true, "Option": true, "option": true,
	"Part": true, "part": true, "Type": true, "type": true, "Schedule": true, "Category": true, "category": true,
	"Title": true, "Grade": true, "Series": true, "Chapter": true, "point": true, "Point": true,
}

// firstRune returns the first letter or digit of s, looking past opening
// marks; any other rune as it is. quoted reports that there were marks.
func firstRune(s string) (first rune, quoted bool) {
	for _, r := range s {
		if !opening(r) && r != '"' && r != '\'' && r != '*' && r != '…' && r != '¿' && r != '¡' {
			return r, quoted
		}
		first, quoted = r, true
	}
	return first, quoted
}

// worded reports whether s holds a letter or digit.
func worded(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

// citationEnd returns the length of a citation mark at the end of s, or 0.
func citationEnd(s string) int {
	if !strings.HasSuffix(s, "]") {
		return 0
	}
	from := max(0, len(s)-lookBack)
	i := strings.LastIndexByte(s[from:], '[')
	if i < 0 || citation(s[from+i:]) != len(s)-from-i {
		return 0
	}
	return len(s) - from - i
}

// lastWord returns the letters, digits and inner dots that s ends with.
func lastWord(s string) string {
	i := len(s)
	for i > 0 && len(s)-i < lookBack {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && (r != '.' || i == len(s)) {
			break
		}
		i -= n
	}
	return strings.TrimLeft(s[i:], ".")
}

// nextWord returns the word at the start of s, after opening marks.
func nextWord(s string) string {
	s = strings.TrimLeft(s, "\"'“‘(["+"«")
	n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && r != '\'' })
	if n < 0 {
		n = len(s)
	}
	return s[:min(n, lookBack)]
}

// starter reports whether s begins with a word that opens sentences and is
// written with a capital for that reason only.
func starter(s string) bool {
	w := nextWord(s)
	if w == "" || !isUpper(w[0]) {
		return false
	}
	if i := strings.IndexAny(w, "'’"); i > 0 {
		w = w[:i]
	}
	return starters()[strings.ToLower(w)]
}

// spoken reports whether s is "Name Name said …": it belongs to the quotation
// before it.
func spoken(s string) bool {
	for range 4 {
		w := nextWord(s)
		if w == "" {
			return false
		}
		if speech[w] {
			return true
		}
		if !isUpper(w[0]) || starters()[strings.ToLower(w)] && w != "The" && !pronouns[w] {
			return false
		}
		s = strings.TrimLeft(strings.TrimPrefix(s, w), " .")
	}
	return false
}

// enumerator reports whether word is what stands before the dot of a numbered
// point: "1", "iv", "b".
func enumerator(word string) bool {
	if word == "" || len(word) > 4 {
		return false
	}
	digits, romans := true, true
	for i := range len(word) {
		digits = digits && isDigit(word[i]) && i < 3
		romans = romans && strings.IndexByte("ivxIVX", word[i]) >= 0
	}
	return digits || romans || len(word) == 1 && word[0] < utf8.RuneSelf
}

// marker reports whether s begins with the mark of a listed point in small
// letters: "(b) ", "b) " or "b. Open".
func marker(s string) bool {
	open := strings.HasPrefix(s, "(")
	if open {
		s = s[1:]
	}
	n := 0
	for n < len(s) && n < 4 && 'a' <= s[n] && s[n] <= 'z' {
		n++
	}
	if n == 0 || n+2 >= len(s) || s[n+1] != ' ' || !enumerator(s[:n]) {
		return false
	}
	return s[n] == ')' || s[n] == '.' && !open && isUpper(s[n+2])
}

// roman reports whether s begins with a roman numeral in capitals.
func roman(s string) bool {
	w := nextWord(s)
	return w != "" && w != "I" && strings.Trim(w, "IVXLC") == ""
}

// zone reports whether s begins with a time zone.
func zone(s string) bool {
	switch nextWord(s) {
	case "EST", "EDT", "ET", "CET", "CEST", "GMT", "UTC", "PST", "PDT", "PT", "BST", "Eastern", "Pacific", "Central", "Moscow", "Beijing", "Brussels", "Greenwich":
		return true
	}
	return false
}
