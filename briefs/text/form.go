package text

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// dottedEnd returns the end of an abbreviation of single letters with dots
// ("U.S.", "e.g", "U. N.") that begins at start, or 0.
func dottedEnd(s string, start int) int {
	i, n := start, 0
	for i < len(s) && s[i] < utf8.RuneSelf && asciiClass[s[i]] == letter {
		if i+1 < len(s) && s[i+1] == '.' {
			n++
			i += 2
			if n == 1 && spacedState(s[start:]) {
				i++
			}
			continue
		}
		if n > 0 && (i+1 == len(s) || s[i+1] >= utf8.RuneSelf || asciiClass[s[i+1]] != letter && asciiClass[s[i+1]] != digit) {
			return i + 1 // "e.g" without the last dot
		}
		if n < 2 {
			return 0
		}
		return i // "U.S.China": the word that follows is its own
	}
	if n < 2 {
		return 0
	}
	return i
}

// spacedState reports whether s begins with a state's dotted short form that
// is written with a space. Other initials ("J. B.") stay apart.
func spacedState(s string) bool {
	return strings.HasPrefix(s, "U. S.") || strings.HasPrefix(s, "U. K.") || strings.HasPrefix(s, "U. N.")
}

// abbreviation emits the letters of s[start:end] as one word.
func (sc *scanner) abbreviation(start, end int) {
	sc.buf = sc.buf[:0]
	sh := dotted
	for i := start; i < end; i++ {
		if c := sc.s[i]; c != '.' && c != ' ' {
			if c < 'a' {
				sh |= capital
			}
			sc.buf = append(sc.buf, c|0x20)
		}
	}
	sc.i = end
	// "US" and "us" are told apart by dots, not by a different word.
	if strings.HasPrefix(sc.s[end:], "'s") || strings.HasPrefix(sc.s[end:], "’s") {
		sc.i = end + strings.IndexByte(sc.s[end:], 's') + 1
	}
	sc.emit(start, end, sh, false)
}

// joined reports whether the hyphen between head and tail is one that many
// writers leave out: "co-operate", "e-mail".
func joined(head []byte, tail string) bool {
	switch string(head) {
	case "co":
		return hasFold(tail, "oper") || hasFold(tail, "ordin")
	case "e":
		return hasFold(tail, "mail")
	case "pre", "re":
		return hasFold(tail, "emp") || hasFold(tail, "elect") || hasFold(tail, "exam")
	}
	return false
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// contraction emits the word in buf, s[start:end], whose last apostrophe
// stands at s[at]: the possessive and short verbs go, "n't" becomes "not".
func (sc *scanner) contraction(start, end, at int, sh shape, foreign bool) {
	cut := bytes.LastIndexByte(sc.buf, '\'')
	head, tail := sc.buf[:cut], string(sc.buf[cut+1:])
	switch tail {
	case "s", "re", "ve", "ll", "m", "d":
		sc.buf, end = head, at
	case "t":
		if n := len(head) - 1; n > 0 && head[n] == 'n' && !foreign {
			verb := strings.ReplaceAll(string(head[:n]), "'", "")
			switch verb {
			case "ca":
				verb = "can"
			case "wo":
				verb = "will"
			case "sha":
				verb = "shall"
			}
			sc.put(verb, start, at-1, sh)
			sc.put("not", at-1, end, 0)
			return
		}
	}
	sc.buf = bytes.ReplaceAll(sc.buf, []byte("'"), nil)
	sc.emit(start, end, sh, foreign)
}

// compound emits the word in buf; "cyberattack" becomes the two words that
// others write apart.
func (sc *scanner) compound(start, end int, sh shape, foreign, clean bool) {
	const cyber = "cyber"
	if clean && len(sc.buf) > len(cyber)+2 && string(sc.buf[:len(cyber)]) == cyber && apart(string(sc.buf[len(cyber):])) {
		rest := string(sc.buf[len(cyber):])
		sc.put(cyber, start, start+len(cyber), sh)
		sc.put(rest, start+len(cyber), end, sh&upper)
		return
	}
	if clean && string(sc.buf) == "cannot" {
		sc.put("can", start, start+3, sh)
		sc.put("not", start+3, end, 0)
		return
	}
	sc.emit(start, end, sh, foreign)
}

func apart(rest string) bool {
	return !strings.HasPrefix(rest, "net") && !strings.HasPrefix(rest, "space") && !strings.HasPrefix(rest, "punk")
}

// number reads digits with thousands commas and decimal points, and what is
// written against them: "1,000", "3.5", "5bn", "19th", "1990s".
func (sc *scanner) number() {
	s, start := sc.s, sc.i
	sc.buf = sc.buf[:0]
	i := start
	for i < len(s) {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			sc.buf = append(sc.buf, c)
			i++
			continue
		case c == ',' && i-start >= 1 && thousands(s[i+1:]) && (i-start <= 3 || s[i-4] == ','):
			i++
			continue
		case c == '.' && i+1 < len(s) && '0' <= s[i+1] && s[i+1] <= '9':
			sc.buf = append(sc.buf, '_')
			i++
			continue
		}
		break
	}
	end := i
	for i < len(s) && s[i] < utf8.RuneSelf && (asciiClass[s[i]] == letter || i > end && asciiClass[s[i]] == digit) {
		i++
	}
	suffix := strings.ToLower(s[end:i])
	switch {
	case suffix == "":
		if rest := s[end:]; strings.HasPrefix(rest, "'s") || strings.HasPrefix(rest, "’s") {
			if n := strings.IndexByte(rest, 's') + 1; !letterAt(s, end+n) {
				sc.buf, i = append(sc.buf, 's'), end+n
			}
		}
	case units[suffix]:
		i = end // the unit is a word of its own
	default:
		sc.buf = append(sc.buf, suffix...)
	}
	sc.i = i
	sc.emit(start, i, 0, false)
}

// thousands reports whether s begins with exactly three digits.
func thousands(s string) bool {
	n := 0
	for n < len(s) && n < 4 && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n == 3
}

// units are written against a number but are words of their own.
var units = func() map[string]bool {
	m := make(map[string]bool)
	for u := range strings.FieldsSeq(`b bn billion m mn mln million tn trn trillion k thousand
		km kg kw mw gw tw kwh mwh gwh twh kt mt gt cm mm ha lb lbs ft ms mbps gbps gb tb mb kb
		pc pct percent usd eur gbp am pm bps year years month months day days hour hours`) {
		m[u] = true
	}
	return m
}()
