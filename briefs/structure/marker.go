package structure

import (
	"strconv"
	"strings"
)

// marker is what stands before a point: a bullet, a number, a letter.
type marker struct {
	style string // equal for the markers of one list: "*", "1.", "(a)"; empty when there is none
	rank  int    // from 1; 0 for bullets
	alt   int    // rank as a letter where rank is that of a roman numeral; else 0
}

// maxRank bounds the ranks of markers, so that "(2014)" is none.
const maxRank = 40

// readMarker reads a list marker with the white space around it.
func readMarker(s string) marker {
	s = strings.TrimSpace(s)
	if s == "" {
		return marker{}
	}
	core := strings.Trim(s, "().:")
	last := core[strings.LastIndexByte(core, '.')+1:] // "2" of "1.2"
	m, ok := readRank(last)
	if !ok || core == s && m.style != "1" { // "o" alone is a bullet
		return marker{style: s}
	}
	at := strings.Index(s, core)
	m.style = s[:at] + strings.Repeat("1.", strings.Count(core, ".")) + m.style + s[at+len(core):]
	return m
}

// readRank reads "3", "c", "iii", "C" or "III". The style is the first of its
// kind; a numeral that can also be a letter has both ranks.
func readRank(s string) (marker, bool) {
	if s == "" || len(s) > 5 {
		return marker{}, false
	}
	if n, err := strconv.Atoi(s); err == nil && s[0] != '+' && s[0] != '-' {
		return marker{style: "1", rank: n}, n >= 1 && n <= maxRank
	}
	style, lower := "a", s
	if up := strings.ToUpper(s); up == s {
		style, lower = "A", strings.ToLower(s)
	}
	letter := 0
	if len(s) == 1 && lower[0] >= 'a' && lower[0] <= 'z' {
		letter = int(lower[0]-'a') + 1
	}
	if n := roman(lower); n > 0 {
		return marker{style: style, rank: n, alt: letter}, true
	}
	return marker{style: style, rank: letter}, letter > 0
}

// roman returns the value of a lower-case numeral up to 39, or 0.
func roman(s string) int {
	n := 0
	for strings.HasPrefix(s, "x") && n < 30 {
		n, s = n+10, s[1:]
	}
	switch s {
	case "":
		return n
	case "i":
		return n + 1
	case "ii":
		return n + 2
	case "iii":
		return n + 3
	case "iv":
		return n + 4
	case "v":
		return n + 5
	case "vi":
		return n + 6
	case "vii":
		return n + 7
	case "viii":
		return n + 8
	case "ix":
		return n + 9
	}
	return 0
}

// follows returns the rank of m when it can come right after prev in one
// list, else 0. Bullets have no rank: they follow as 1.
func (m marker) follows(prev marker, rank int) int {
	if m.style != prev.style {
		return 0
	}
	switch {
	case m.rank == 0:
		return 1
	case m.alt == rank+1:
		return m.alt
	case m.rank == rank+1:
		return m.rank
	}
	return 0
}
