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
	class      class  // of word

	read []seenWord // the rest of the words of s, where they were read before
	seen bool       // they were
}

// seenWord is one word as wordScanner reads it.
type seenWord struct {
	word       string
	start, end int32
	class      class
}

// scan returns a scanner of s.
func scan(s string) wordScanner { return wordScanner{s: s} }

// next moves to the next word.
func (w *wordScanner) next() bool {
	if w.seen {
		if len(w.read) == 0 {
			w.start, w.end = len(w.s), len(w.s)
			return false
		}
		r := &w.read[0]
		w.before, w.word, w.start, w.end, w.class = w.word, r.word, int(r.start), int(r.end), r.class
		w.read = w.read[1:]
		return true
	}
	i := w.end
	for i < len(w.s) {
		if kinds[w.s[i]] == gap {
			i++
			continue
		}
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
		switch kinds[w.s[j]] {
		case small:
			j++
			continue
		case large:
			plain = false
			j++
			continue
		}
		if kinds[w.s[j]] == gap {
			break
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
	w.class = classOf(w.word)
	return true
}

// Kinds of bytes.
const (
	other = iota // one to look closer at
	small        // a small letter or a digit
	large        // a capital
	gap          // ASCII that neither is in a word nor joins one
)

var kinds = func() (t [256]uint8) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			t[c] = small
		case 'A' <= c && c <= 'Z':
			t[c] = large
		case c < utf8.RuneSelf && c != '-' && c != '\'':
			t[c] = gap
		}
	}
	return t
}()

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
