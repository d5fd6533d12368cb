package text

import (
	"unicode"
	"unicode/utf8"
)

// shape is how a word was written.
type shape uint8

const (
	capital shape = 1 << iota // begins with a capital
	upper                     // two or more letters, all capitals
	dotted                    // letters with dots: "U.S."
)

// word is one word of the text, before names are recognised.
type word struct {
	lex        *lexeme
	start, end int
	shape      shape
}

// scanner cuts a text into words. buf holds the word being read, in lower
// case with ASCII apostrophes.
type scanner struct {
	s     string
	i     int
	buf   []byte
	words []word
	lex   *lexicon
}

const (
	other = iota
	letter
	digit
	special // has a meaning of its own: % and &
)

var asciiClass = func() (t [utf8.RuneSelf]uint8) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			t[c] = letter
		case '0' <= c && c <= '9':
			t[c] = digit
		case c == '%', c == '&':
			t[c] = special
		}
	}
	return t
}()

// scan appends the words of s, in order. buf is room for one of them, which it
// returns for the next text.
func (x *lexicon) scan(s string, into []word, buf []byte) (all []word, room []byte) {
	sc := scanner{s: s, buf: buf, lex: x, words: into}
	for sc.i < len(s) {
		c := s[sc.i]
		if c < utf8.RuneSelf {
			switch asciiClass[c] {
			case letter:
				sc.word()
			case digit:
				sc.number()
			case special:
				sc.symbol(c)
			default:
				sc.i++
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[sc.i:])
		switch {
		case r == utf8.RuneError && n == 1:
			sc.i++
		case r == 'ʼ': // a letter to Unicode, an apostrophe to us: it begins no word
			sc.i += n
		case isolated(r):
			sc.buf = utf8.AppendRune(sc.buf[:0], r)
			sc.emit(sc.i, sc.i+n, 0, true)
			sc.i += n
		case unicode.IsLetter(r):
			sc.word()
		case unicode.IsDigit(r):
			sc.word()
		default:
			sc.i += n
		}
	}
	return sc.words, sc.buf
}

// isolated reports whether r belongs to a script that is written without
// spaces, where each rune is a term.
func isolated(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

func (sc *scanner) emit(start, end int, sh shape, foreign bool) {
	if l := sc.lex.lookup(sc.buf, foreign); l != nil {
		sc.words = append(sc.words, word{lex: l, start: start, end: end, shape: sh})
	}
}

func (sc *scanner) put(text string, start, end int, sh shape) {
	sc.buf = append(sc.buf[:0], text...)
	sc.emit(start, end, sh, false)
}

func (sc *scanner) symbol(c byte) {
	if c == '%' {
		sc.put("percent", sc.i, sc.i+1, 0)
	} else {
		sc.put("and", sc.i, sc.i+1, 0)
	}
	sc.i++
}

// word reads a word that begins with a letter.
func (sc *scanner) word() {
	s, start := sc.s, sc.i
	if end := dottedEnd(s, start); end > 0 {
		sc.abbreviation(start, end)
		return
	}
	sc.buf = sc.buf[:0]
	var sh shape
	if c := s[start]; c >= utf8.RuneSelf {
		if r, _ := utf8.DecodeRuneInString(s[start:]); unicode.IsUpper(r) {
			sh |= capital
		}
	} else if c < 'a' {
		sh |= capital
	}
	lower, upperCount, foreign, clean, apostrophe := false, 0, false, true, -1
	i := start
loop:
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			switch asciiClass[c] {
			case letter:
				if c < 'a' {
					upperCount++
					c |= 0x20
				} else {
					lower = true
				}
				sc.buf = append(sc.buf, c)
				i++
				continue
			case digit:
				sc.buf = append(sc.buf, c)
				i++
				continue
			}
			if c == '\'' && letterAt(s, i+1) {
				apostrophe = i
				sc.buf = append(sc.buf, '\'')
				i++
				continue
			}
			if c == '-' && joined(sc.buf, s[i+1:]) {
				clean = false
				i++
				continue
			}
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '’' || r == 'ʼ' || r == '‘' || r == '＇':
			if !letterAt(s, i+n) {
				break loop
			}
			apostrophe = i
			sc.buf = append(sc.buf, '\'')
		case r == '\u00AD' || r == '\u200C' || r == '\u200D' || r == '\u2060':
			clean = false // invisible inside a word
		case isolated(r):
			break loop
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			foreign, clean = true, false
			if unicode.IsUpper(r) {
				upperCount++
			} else {
				lower = true
			}
			sc.buf = utf8.AppendRune(sc.buf, r)
		default:
			break loop
		}
		i += n
	}
	sc.i = i
	if !lower && upperCount > 1 {
		sh |= upper
	}
	if apostrophe >= 0 {
		sc.contraction(start, i, apostrophe, sh, foreign)
		return
	}
	sc.compound(start, i, sh, foreign, clean)
}

// letterAt reports whether a letter stands at s[i].
func letterAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	if s[i] < utf8.RuneSelf {
		return asciiClass[s[i]] == letter
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r) && !isolated(r)
}
