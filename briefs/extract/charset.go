package extract

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
)

const bomUTF8 = "\xef\xbb\xbf"

// decode turns the bytes of a file into text: by its byte order mark; else
// as UTF-8 where it is valid or nearly so; else as its own declaration says
// (declared, empty when there is none); else by statistics. ok is false for
// binary content. Line breaks become "\n", control characters spaces.
func decode(data []byte, declared string) (text string, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte(bomUTF8)):
		text = string(data[len(bomUTF8):])
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		text = decodeUTF16(data[2:], false)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		text = decodeUTF16(data[2:], true)
	default:
		if big, is := looksUTF16(data); is {
			text = decodeUTF16(data, big)
			break
		}
		if bytes.IndexByte(data, 0) >= 0 {
			return "", false
		}
		text = decode8(data, declared)
	}
	if looksBinary(text) {
		return "", false
	}
	return normalize(text), true
}

// decode8 decodes text in an encoding of bytes without a mark. What says that
// it is UTF-8 and is not was declared wrongly.
func decode8(data []byte, declared string) string {
	if utf8.Valid(data) || mostlyUTF8(data) {
		return string(data)
	}
	if declared != "" && !isUTF8(declared) {
		if s, ok := decodeAs(data, declared); ok {
			return s
		}
	}
	if s, ok := decodeAs(data, likeliest(sample(data))); ok {
		return s
	}
	s, _ := decodeAs(data, "windows-1252")
	return s
}

// likeliest names the encoding that the statistics of data speak for, empty
// when they are silent. The detector gathers its verdicts in no fixed order:
// of equally likely ones, Western European wins, then the first by name.
func likeliest(data []byte) string {
	const western = "windows-1252" // a superset of ISO-8859-1 as far as text goes
	all, _ := chardet.NewTextDetector().DetectAll(data)
	best, confidence := "", 0
	for _, r := range all {
		name := r.Charset
		if strings.EqualFold(name, "ISO-8859-1") {
			name = western
		}
		if r.Confidence > confidence || r.Confidence == confidence && best != western && (name == western || name < best) {
			best, confidence = name, r.Confidence
		}
	}
	return best
}

// sample bounds what the statistics look at: detection is linear but slow,
// and more text does not change its mind.
func sample(data []byte) []byte { return data[:min(len(data), 64<<10)] }

// mostlyUTF8 reports whether data is UTF-8 with little damage: among its
// bytes beyond ASCII, well-formed sequences far outnumber stray bytes.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	// A stray byte of another encoding rarely forms a sequence by chance, so
	// a majority of sequences is strong evidence.
	return good > bad
}

// isUTF8 reports whether name, as a declaration has it, is one of UTF-8.
func isUTF8(name string) bool {
	_, canonical := charset.Lookup(name)
	return canonical == "utf-8"
}

func decodeAs(data []byte, name string) (string, bool) {
	enc, canonical := charset.Lookup(name)
	if enc == nil || canonical == "replacement" {
		return "", false
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return "", false
	}
	return string(out), true
}

// looksUTF16 recognises UTF-16 without a mark: text in Latin script has a
// zero in every second byte.
func looksUTF16(data []byte) (bigEndian, ok bool) {
	head := sample(data)
	if len(head) < 4 || len(data)%2 != 0 {
		return false, false
	}
	even, odd := 0, 0
	for i := 0; i+1 < len(head); i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	pairs := len(head) / 2
	switch {
	case odd*10 >= pairs*7 && even*20 <= pairs:
		return false, true
	case even*10 >= pairs*7 && odd*20 <= pairs:
		return true, true
	}
	return false, false
}

func decodeUTF16(data []byte, bigEndian bool) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		lo, hi := data[2*i], data[2*i+1]
		if bigEndian {
			lo, hi = hi, lo
		}
		units[i] = uint16(hi)<<8 | uint16(lo)
	}
	s := string(utf16.Decode(units))
	if len(data)%2 != 0 {
		s += "\uFFFD"
	}
	return s
}

// looksBinary reports whether text holds a NUL or is so full of control
// characters or of broken sequences that nobody wrote it.
func looksBinary(text string) bool {
	head := text[:min(len(text), 64<<10)]
	total, odd := 0, 0
	for _, r := range head {
		total++
		switch {
		case r == 0:
			return true
		case r == '\n' || r == '\r' || r == '\t' || r == '\f':
		case r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == utf8.RuneError:
			odd++
		}
	}
	return odd*10 > total*3 || strings.IndexByte(text, 0) >= 0
}

// normalize makes text valid UTF-8 with "\n" as its only line break and no
// other control character but the tab. Only broken bytes become U+FFFD.
func normalize(text string) string {
	if normal(text) {
		return text
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	if strings.IndexFunc(text, func(r rune) bool { return r != '\n' && isControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' }) < 0 {
		return text
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\v", "\n", "\u2028", "\n", "\u2029", "\n\n", "\ufeff", "").Replace(text)
	return strings.Map(func(r rune) rune {
		if r != '\n' && isControl(r) {
			return ' '
		}
		return r
	}, text)
}

// normal reports whether normalize leaves text as it is.
func normal(text string) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if n == 1 || isControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return false
		}
		i += n
	}
	return true
}

func isControl(r rune) bool {
	return r != '\t' && r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0)
}
