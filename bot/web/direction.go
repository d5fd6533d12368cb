package web

import (
	"strings"
	"unicode"
)

// sampled bounds the letters that decide on direction and language.
const sampled = 20_000

// tongue is the direction and the language of a document, as the attributes
// dir and lang say them. Dir is empty for a text from left to right, Lang
// where the language is not known.
type tongue struct{ Dir, Lang string }

// tongueOf reads the beginning of text: most letters decide on the direction,
// script or the commonest words on the language. Each block and field has a
// direction of its own besides (dir="auto").
func tongueOf(text string) tongue {
	var right, letters, hebrew, arabic, persian, kana, hangul int
	end := len(text)
	for i, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		if letters++; letters > sampled {
			end = i
			break
		}
		switch {
		case r < 0x590: // below are no scripts from right to left
		case unicode.In(r, unicode.Arabic):
			right, arabic = right+1, arabic+1
			if strings.ContainsRune("پچگژکی", r) {
				persian++
			}
		case unicode.In(r, unicode.Hebrew):
			right, hebrew = right+1, hebrew+1
		case unicode.In(r, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam, unicode.Hanifi_Rohingya):
			right++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.In(r, unicode.Hangul):
			hangul++
		}
	}
	t := tongue{}
	if 2*right > letters {
		t.Dir = "rtl"
	}
	switch {
	case 2*hebrew > letters:
		t.Lang = "he"
	case 2*arabic > letters && 20*persian < arabic:
		t.Lang = "ar"
	case 2*arabic > letters: // Persian, Urdu, Kurdish, …
	case 5*kana > letters:
		t.Lang = "ja"
	case 2*hangul > letters:
		t.Lang = "ko"
	case t.Dir == "":
		t.Lang = latin(text[:end])
	}
	return t
}

// latin names the language of a text by words that are frequent in it and
// rare in the others; "" when less than one word in 25 is of any language's.
// In the sample library more than one in 7 is of the English ones, and less
// than one in 65 of any other.
func latin(text string) string {
	counts := map[string]int{}
	total := 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		total++
		if len(w) <= 4 {
			counts[strings.ToLower(w)]++
		}
	}
	best, most := "", total/25
	for _, l := range []struct{ lang, words string }{
		{"en", "the of and to that is was for"},
		{"de", "der die und das den ist nicht von mit"},
		{"fr", "les des est et du une dans que pour"},
		{"es", "los las el y una que del por"},
		{"it", "il di che della gli per sono è"},
		{"nl", "het een van en zijn dat niet op"},
		{"pt", "os da do uma que em não com"},
	} {
		n := 0
		for _, w := range strings.Fields(l.words) {
			n += counts[w]
		}
		if n > most {
			best, most = l.lang, n
		}
	}
	return best
}
