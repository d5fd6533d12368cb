package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Sentences returns the sentences of s in order: trimmed of space, not empty,
// not overlapping, and together they hold every byte that is not space. A
// blank line always ends a sentence, a single line break never does, as text
// may be wrapped. Boundaries are those of Unicode (UAX 29), moved where
// abbreviations, citations and quotations ask for it. The time is linear in
// the length of s.
func Sentences(s string) []briefs.Span {
	var out []briefs.Span
	for start := 0; start < len(s); {
		end, next := paragraphEnd(s, start)
		out = appendSentences(out, s[start:end], start)
		start = next
	}
	return out
}

// paragraphEnd returns where the paragraph that begins at start ends, at a
// blank line or the end of s, and where to go on.
func paragraphEnd(s string, start int) (end, next int) {
	for i := start; ; {
		n := strings.IndexAny(s[i:], "\n\r")
		if n < 0 {
			return len(s), len(s)
		}
		i += n
		end, lines := i, 0
		for i < len(s) && (s[i] == '\n' || s[i] == '\r' || s[i] == ' ' || s[i] == '\t') {
			if s[i] == '\n' || s[i] == '\r' && (i+1 == len(s) || s[i+1] != '\n') {
				lines++
			}
			i++
		}
		if lines > 1 {
			return end, i
		}
	}
}

// appendSentences adds the sentences of one paragraph that begins at offset.
func appendSentences(out []briefs.Span, paragraph string, offset int) []briefs.Span {
	p := unwrap(paragraph)
	add := func(start, end int) {
		for start < end {
			r, n := utf8.DecodeRuneInString(p[start:end])
			if !unicode.IsSpace(r) {
				break
			}
			start += n
		}
		if end = trimmed(p, start, end); start < end {
			out = append(out, briefs.Span{Start: offset + start, End: offset + end})
		}
	}
	start := 0
	decide := func(at int) {
		if at <= start {
			return
		}
		end, next := placeCut(p, start, at)
		if end > start && next < len(p) && breaks(p, start, end, next) {
			add(start, end)
			start = next
		}
	}
	it := sentences.FromString("")
	for at := 0; at < len(p); {
		end := sentenceEnd(it, p, at)
		for _, cut := range missedCuts(p, at, end) {
			decide(cut)
		}
		if end < len(p) {
			decide(end)
		}
		at = end
	}
	add(start, len(p))
	return out
}

// sentenceEnd returns where the Unicode sentence of p that begins at start
// ends. In ASCII without line breaks the rules ask for nothing before a stop
// but for the letter in front of it.
func sentenceEnd(it *sentences.Iterator[string], p string, start int) int {
	i := start
	for i < len(p) && !stopping[p[i]] {
		i++
	}
	if i == len(p) {
		return i
	}
	i = max(start, i-2)
	it.SetText(p[i:])
	if !it.Next() {
		return len(p)
	}
	return i + it.End()
}

// stopping are the bytes that may end a sentence, or be part of what does.
var stopping = func() (t [256]bool) {
	for c := range t {
		t[c] = c < ' ' || c >= 0x7f || strings.IndexByte(".!?", byte(c)) >= 0
	}
	return t
}()

// unwrap turns line breaks into spaces; the length stays.
func unwrap(s string) string {
	if !strings.ContainsAny(s, "\n\r") {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if c == '\n' || c == '\r' {
			b[i] = ' '
		}
	}
	return string(b)
}

// trimmed returns end moved left over space, not beyond start.
func trimmed(p string, start, end int) int {
	for start < end {
		r, n := utf8.DecodeLastRuneInString(p[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		end -= n
	}
	return end
}

func skipSpace(p string, i int) int {
	for i < len(p) {
		r, n := utf8.DecodeRuneInString(p[i:])
		if !unicode.IsSpace(r) {
			break
		}
		i += n
	}
	return i
}

// placeCut moves a boundary at p[at] to where the marks around it belong: the
// sentence p[start:end) keeps its citations ("[1]"), p[next:] its opening
// brackets and quotes.
func placeCut(p string, start, at int) (end, next int) {
	end = trimmed(p, start, at)
	next = skipSpace(p, at)
	if end == at { // nothing between: an opening mark was taken for a closing one
		for end > start {
			r, n := utf8.DecodeLastRuneInString(p[start:end])
			if !opening(r) {
				break
			}
			end -= n
			next = end
		}
		end = trimmed(p, start, end)
	}
	for {
		n := citation(p[next:])
		if n == 0 {
			return end, next
		}
		end = next + n
		next = skipSpace(p, end)
	}
}

// citation returns the length of a mark such as "[1]", "[2, 5–7]" or "[a]" at
// the start of s, or 0.
func citation(s string) int {
	if len(s) < 3 || s[0] != '[' {
		return 0
	}
	digits, letters := 0, 0
	for i, r := range s[1:] {
		switch {
		case r == ']':
			if digits > 0 && letters == 0 || digits == 0 && letters == 1 {
				return i + 2
			}
			return 0
		case '0' <= r && r <= '9':
			digits++
		case 'a' <= r && r <= 'z':
			letters++
		case r == ',', r == ' ', r == '-', r == '–':
		default:
			return 0
		}
		if i > 24 {
			return 0
		}
	}
	return 0
}

// missedCuts returns boundaries inside p[start:end), one Unicode sentence,
// that its rules do not see: a stop before a number ("ended. 20 states"), a
// citation or a listed point, a stop without a space ("ended.The"), a note
// number ("ended.12 The"), an ellipsis in one character.
func missedCuts(p string, start, end int) []int {
	var cuts []int
	for i := start; i < end; i++ {
		dot := p[i] == '.'
		if !dot && (p[i] != "…"[0] || !strings.HasPrefix(p[i:], "…")) {
			continue
		}
		j := i + 1
		if !dot {
			j = i + len("…")
		}
		for j < end {
			r, n := utf8.DecodeRuneInString(p[j:])
			if !closing(r) {
				break
			}
			j += n
		}
		if j >= end {
			break
		}
		k := skipSpace(p, j)
		switch {
		case k >= end:
			return cuts
		case !dot:
			if first, _ := firstRune(p[k:end]); k > j && unicode.IsUpper(first) {
				cuts = append(cuts, k)
			}
		case k > j && (isDigit(p[k]) || marker(p[k:])), citation(p[k:]) > 0:
			cuts = append(cuts, k)
		case k == j && isDigit(p[j]) && lowerRun(p, start, i) >= 4:
			for k < end && k < j+3 && isDigit(p[k]) {
				k++
			}
			if sp := skipSpace(p, k); sp > k && sp < end && isUpper(p[sp]) {
				cuts = append(cuts, k)
			}
		case k == j && isUpper(p[j]) && lowerRun(p, start, i) >= 3 && proseWord(p[j:end]):
			cuts = append(cuts, j)
		}
	}
	return cuts
}

// lowerRun counts the lower-case letters before p[i], at most 4.
func lowerRun(p string, start, i int) (n int) {
	for n < 4 && i > start && 'a' <= p[i-1] && p[i-1] <= 'z' {
		i--
		n++
	}
	return n
}

// proseWord reports whether s begins with a word of running text and not with
// a piece of an address or a file name.
func proseWord(s string) bool {
	i := 1
	for i < len(s) && ('a' <= s[i] && s[i] <= 'z' || s[i] == '\'') {
		i++
	}
	return i < len(s) && (s[i] == ' ' || s[i] == ',')
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func opening(r rune) bool {
	switch r {
	case '(', '[', '{', '“', '‘', '«', '„', '‹':
		return true
	}
	return false
}

func closing(r rune) bool {
	switch r {
	case ')', ']', '}', '”', '’', '»', '›', '"', '\'':
		return true
	}
	return false
}
