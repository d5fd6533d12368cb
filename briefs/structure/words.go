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
		n, in := letter(w.s[i:])
		if in {
			break
		}
		i += n
	}
	if i >= len(w.s) {
		w.start, w.end = len(w.s), len(w.s)
		return false
	}
	j, plain := i, true // plain: small ASCII letters and digits only
	for j < len(w.s) {
		if c := w.s[j]; 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			j++
			continue
		}
		n, in := letter(w.s[j:])
		if !in {
			r, _ := utf8.DecodeRuneInString(w.s[j:])
			if r == '-' || r == '\'' || r == '’' || r == '‑' {
				_, in = letter(w.s[j+n:])
			}
			if !in && !unicode.IsMark(r) {
				break
			}
		}
		plain = false
		j += n
	}
	w.before, w.start, w.end = w.word, i, j
	if w.word = w.s[i:j]; !plain {
		w.word = strings.ToLower(w.word)
	}
	return true
}

// letter reports whether s begins with a letter or digit, and the length of
// its first character.
func letter(s string) (int, bool) {
	if s == "" {
		return 0, false
	}
	if c := s[0]; c < utf8.RuneSelf {
		return 1, 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
	}
	r, n := utf8.DecodeRuneInString(s)
	return n, unicode.IsLetter(r) || unicode.IsDigit(r)
}
