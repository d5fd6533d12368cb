package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordScanner walks over the words of s: runs of letters, digits, apostrophes
// and inner hyphens, in lower case.
type wordScanner struct {
	s          string
	word       string
	before     string // the word before
	start, end int    // of word in s
}

// next moves to the next word.
func (w *wordScanner) next() bool {
	i := w.end
	for i < len(w.s) {
		r, n := utf8.DecodeRuneInString(w.s[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		i += n
	}
	if i >= len(w.s) {
		w.start, w.end = len(w.s), len(w.s)
		return false
	}
	j := i
	for j < len(w.s) {
		r, n := utf8.DecodeRuneInString(w.s[j:])
		inner := r == '-' || r == '\'' || r == '’' || r == '‑'
		if inner {
			after, _ := utf8.DecodeRuneInString(w.s[j+n:])
			inner = unicode.IsLetter(after) || unicode.IsDigit(after)
		}
		if !inner && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			break
		}
		j += n
	}
	w.before, w.start, w.end = w.word, i, j
	w.word = strings.ToLower(w.s[i:j])
	return true
}
