package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// marker is what a list item begins with.
type marker struct {
	style string // "*", "-", "1.", "1)", "(1)", "a.", "A)", "(i)", …: items of one list share it
	n     int    // 1, 2, … of an ordered style; 0 for a bullet
	size  int    // bytes of the marker with the space after it
}

func (m marker) ordered() bool { return m.n > 0 }

// bullets are the signs of unordered lists. Those in loose need no space
// after them; those in weak are also used in running text, so that they
// count only beside another line with the same sign.
const (
	bullets = "*-+•‣◦▪●○■□·–—∙⁃➢➤✓"
	loose   = "•‣◦▪●■∙⁃➢➤✓"
	weak    = "–—+o·"
)

// markers returns the ways in which s can begin with a list marker: none, one
// or, since "i." is a letter and a numeral, two.
func markers(s string) []marker {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return nil
	}
	if strings.ContainsRune(bullets, r) || r == 'o' {
		rest := s[n:]
		gap := len(rest) - len(strings.TrimLeftFunc(rest, isBlank))
		if (gap > 0 || strings.ContainsRune(loose, r)) && hasWord(rest[gap:]) {
			return []marker{{style: string(r), size: n + gap}}
		}
		return nil
	}
	open := r == '('
	if open {
		n = 1
	} else {
		n = 0
	}
	end := n
	for end < len(s) && end < n+6 && isAlnum(s[end]) {
		end++
	}
	label := s[n:end]
	if label == "" || end >= len(s) {
		return nil
	}
	closing := s[end]
	if closing != ')' && (open || closing != '.') {
		return nil
	}
	end++
	rest := s[end:]
	gap := len(rest) - len(strings.TrimLeftFunc(rest, isBlank))
	if gap == 0 || !hasWord(rest[gap:]) {
		return nil
	}
	form := func(kind string) string {
		if open {
			return "(" + kind + ")"
		}
		return kind + string(closing)
	}
	var out []marker
	add := func(kind string, v int) { out = append(out, marker{form(kind), v, end + gap}) }
	lower := strings.ToLower(label)
	switch {
	case len(label) <= 3 && isDigits(label):
		v := 0
		for _, c := range label {
			v = v*10 + int(c-'0')
		}
		if v > 0 {
			add("1", v)
		}
	case label != lower && label != strings.ToUpper(label):
	default:
		upper := label != lower
		if len(label) == 1 && lower[0] >= 'a' && lower[0] <= 'z' {
			add(pick(upper, "A", "a"), int(lower[0]-'a')+1)
		}
		if v := roman(lower); v > 0 {
			add(pick(upper, "I", "i"), v)
		}
	}
	return out
}

func pick(cond bool, a, b string) string {
	if cond {
		return a
	}
	return b
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func isBlank(r rune) bool { return r != '\n' && unicode.IsSpace(r) }

// hasWord reports whether the content after a marker can be an item: it
// begins with a letter, a digit, or a sign that opens words.
func hasWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("\"'“‘«([$€£#§@_*", r) && len(s) > 1
}

// roman reads a numeral below 40, 0 when s is none.
func roman(s string) int {
	n := 0
	for _, p := range []struct {
		digits string
		v      int
	}{{"x", 10}, {"ix", 9}, {"v", 5}, {"iv", 4}, {"i", 1}} {
		for i := 0; strings.HasPrefix(s, p.digits) && i < 3; i++ {
			if len(p.digits) == 2 && i > 0 || p.digits == "v" && i > 0 {
				return 0
			}
			s, n = s[len(p.digits):], n+p.v
		}
	}
	if s != "" {
		return 0
	}
	return n
}

// siblingLines is how far apart two neighbours of one ordered list may stand,
// in lines that are not blank: a point may run over several paragraphs.
const siblingLines = 60

// resolve decides for each line whether it begins with a marker. An ordered
// marker counts when its neighbour (the number before or after) is not far;
// a weak bullet when a line near it has the same. The zero marker is none.
func resolve(lines []line) []marker {
	out := make([]marker, len(lines))
	type key struct {
		style string
		n     int
	}
	options := make([][]marker, len(lines))
	at := map[key][]int{}
	for i, l := range lines {
		options[i] = markers(l.text)
		for _, m := range options[i] {
			k := key{m.style, m.n}
			at[k] = append(at[k], i)
		}
	}
	near := func(k key, i, most int) bool {
		for _, j := range around(at[k], i) {
			if j != i && j-i <= most && i-j <= most {
				return true
			}
		}
		return false
	}
	for i := range lines {
		for _, m := range options[i] {
			ok := true
			switch {
			case m.ordered():
				ok = near(key{m.style, m.n + 1}, i, siblingLines) || near(key{m.style, m.n - 1}, i, siblingLines) && m.n > 1
			case strings.Contains(weak, m.style):
				ok = near(key{m.style, 0}, i, 8)
			}
			if ok {
				out[i] = m
				break
			}
		}
	}
	return out
}

// around returns the elements of the ascending list that stand next to x: at
// most one below it, x itself, and one above.
func around(list []int, x int) []int {
	lo, hi := 0, len(list)
	for lo < hi {
		mid := (lo + hi) / 2
		if list[mid] < x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return list[max(0, lo-1):min(len(list), lo+2)]
}

// nesting gives list items their depth.
type nesting struct {
	open []struct {
		style  string
		indent int
	}
}

// reset forgets the open lists: running text stands between.
func (n *nesting) reset() { n.open = n.open[:0] }

// depth returns the nesting depth, from 1, of an item with the given marker
// style that is indented by so many columns.
func (n *nesting) depth(style string, indent int) int {
	for i := len(n.open) - 1; i >= 0; i-- { // a list that is open goes on
		if o := n.open[i]; o.style == style && o.indent-1 <= indent && indent <= o.indent+1 {
			n.open = n.open[:i+1]
			return i + 1
		}
	}
	for len(n.open) > 0 && n.open[len(n.open)-1].indent > indent+1 {
		n.open = n.open[:len(n.open)-1]
	}
	n.open = append(n.open, struct {
		style  string
		indent int
	}{style, indent})
	return len(n.open)
}
