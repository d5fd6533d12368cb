package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes document text harmless for a terminal: control characters
// become visible signs, direction overrides and other invisible formatting
// go. Newlines and tabs stay.
func clean(s string) string {
	if !strings.ContainsFunc(s, dangerous) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !dangerous(r):
			b.WriteRune(r)
		case r == '\r':
			b.WriteByte('\n')
		case r < 0x20:
			b.WriteRune(0x2400 + r) // the Unicode block Control Pictures
		case r == 0x7f:
			b.WriteRune(0x2421)
		case r < 0xa0:
			b.WriteRune(utf8.RuneError)
		}
	}
	return b.String()
}

// dangerous reports whether a terminal may act on r instead of showing it.
// Joiners and variation selectors, which scripts and emoji need, are not.
func dangerous(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d' || r == '\u00ad':
		return false
	case unicode.IsControl(r):
		return true
	}
	return r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Cf, r)
}

// collapse makes every run of white space one space, and trims.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }
