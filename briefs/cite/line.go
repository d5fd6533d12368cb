package cite

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// oneLine makes s fit into a line of ours: white space becomes single spaces
// and control characters go.
func oneLine(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.IsControl(r), r == utf8.RuneError:
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// The directional characters of Unicode that last until they are ended
// (Unicode Standard Annex 9, section 2).
const (
	leftEmbedding  = '\u202a'
	rightEmbedding = '\u202b'
	popFormatting  = '\u202c'
	leftOverride   = '\u202d'
	rightOverride  = '\u202e'
	leftIsolate    = '\u2066'
	rightIsolate   = '\u2067'
	firstIsolate   = '\u2068'
	popIsolate     = '\u2069'
)

// closers are the characters that end each change of direction that s leaves
// open, so that it cannot turn what stands after it.
func closers(s string) string {
	var open []rune
	for _, r := range s {
		switch r {
		case leftEmbedding, rightEmbedding, leftOverride, rightOverride:
			open = append(open, popFormatting)
		case leftIsolate, rightIsolate, firstIsolate:
			open = append(open, popIsolate)
		case popFormatting:
			if n := len(open); n > 0 && open[n-1] == popFormatting {
				open = open[:n-1]
			}
		case popIsolate: // ends also the embeddings inside
			for i := len(open) - 1; i >= 0; i-- {
				if open[i] == popIsolate {
					open = open[:i]
					break
				}
			}
		}
	}
	for i, j := 0, len(open)-1; i < j; i, j = i+1, j-1 {
		open[i], open[j] = open[j], open[i]
	}
	return string(open)
}

// address is the web address in s, or "" when there is none. A name or
// password in it goes: it is a secret, or looks like another host.
func address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
		return ""
	}
	if s = strings.TrimSpace(s); u.User == nil && strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	u.User = nil
	if s = u.String(); strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	return ""
}

// unprintable reports what may not stand in an address that is shown.
func unprintable(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError || strings.ContainsRune(`<>"`, r)
}

// ended reports whether s ends with a mark that ends a sentence, also where
// closing quotation marks or brackets follow the mark.
func ended(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool {
		return r == '’' || r == '”' || r == '"' || r == '\'' || r == ')' || r == popFormatting || r == popIsolate
	})
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".?!…。？！؟۔", r) && s != ""
}

// quoted puts title between double quotation marks with mark, a comma or a
// full stop, inside of them (Chicago 6.9; MLA chapter 2). A comma stands also
// after a question mark (Chicago 6.125); a full stop does not.
func quoted(title, mark string) string {
	inner, closing := cutClosing(single(title))
	if mark == "." && ended(inner) {
		mark = ""
	}
	return "“" + inner + mark + closing + closers(inner) + "”"
}

// trimmed is title without the mark that would collide with what follows.
func trimmed(title string) string { return strings.TrimRight(title, ",;: ") }

// single makes the double quotation marks of a title single ones, since it
// will stand in double ones (Chicago 14.94; MLA chapter 2).
func single(title string) string {
	var b strings.Builder
	last := ' '
	for _, r := range title {
		switch {
		case r == '“':
			b.WriteRune('‘')
		case r == '”':
			b.WriteRune('’')
		case r == '"' && (unicode.IsSpace(last) || strings.ContainsRune("([—–-‘'", last)):
			b.WriteRune('‘')
		case r == '"':
			b.WriteRune('’')
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// cutClosing cuts the closing quotation mark at the end of title; an
// apostrophe is none.
func cutClosing(title string) (rest, closing string) {
	rest, ok := strings.CutSuffix(title, "’")
	if ok && strings.Count(rest, "‘") > 0 && strings.LastIndex(rest, "‘") >= strings.LastIndex(rest, "’ ") {
		return rest, "’"
	}
	return title, ""
}
