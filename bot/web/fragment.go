package web

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

const (
	// maxExact is the longest sentence that is named whole, in characters: a
	// longer one is named by its first and last words. It is where Chromium's
	// generator of such links draws the line.
	maxExact  = 300
	edgeWords = 6 // of a long sentence, at each end
	// maxSought bounds the text in which a sentence is counted, in bytes; in a
	// longer one it is taken to occur again.
	maxSought = 1 << 20
	// usualContext is how many words tell a sentence from its like where that
	// was not counted.
	usualContext = 8
)

// originalAddress is the address of the original of d, and there of the
// sentence in span: of its page where the original has pages, else with a text
// directive as the specification of text fragments has it
// (https://wicg.github.io/scroll-to-text-fragment/). It is empty when d has no
// web address.
func originalAddress(d *briefs.Document, span briefs.Span) string {
	u, err := url.Parse(strings.TrimSpace(d.URL))
	if err != nil || u.Host == "" || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
		return ""
	}
	fragment, _, _ := strings.Cut(u.EscapedFragment(), ":~:")
	u.User, u.Fragment, u.RawFragment = nil, "", "" // see webAddress
	if page := d.Page(span.Start); page > 0 && !span.Empty() {
		return briefs.PageAddress(u.String(), page)
	}
	if directive := textDirective(d, span); directive != "" {
		fragment += ":~:" + directive
	}
	if fragment == "" {
		return u.String()
	}
	return u.String() + "#" + fragment
}

// textDirective is "text=[prefix-,]start[,end][,-suffix]" for span, with as
// much of what stands before and after as tells it from its like in d. It is
// empty for a span without a word.
func textDirective(d *briefs.Document, span briefs.Span) string {
	if span.Empty() {
		return ""
	}
	s := stretchesOf(d)
	at := s.trim(span)
	if at.Empty() {
		return ""
	}
	first, last := s.from(at.Start), s.to(at.End)
	part := directive{start: collapse(d.Slice(at))}
	begin, end := notesApart(d.Text[at.Start:min(at.End, first.End)], d.Text[max(at.Start, last.Start):at.End])
	noted := noteMark.MatchString(part.start)
	if len(begin) == 0 || len(end) == 0 {
		noted = false
		begin, end = strings.Fields(d.Text[at.Start:min(at.End, first.End)]), strings.Fields(d.Text[max(at.Start, last.Start):at.End])
	}
	if at.End > first.End || noted || utf8.RuneCountInString(part.start) > maxExact {
		part.start = strings.Join(begin[:min(edgeWords, len(begin))], " ")
		part.end = strings.Join(end[max(0, len(end)-edgeWords):], " ")
	}
	left, right := d.Text[first.Start:at.Start], d.Text[at.End:last.End]
	if strings.TrimSpace(left) == "" {
		left = d.Slice(s.to(first.Start))
	}
	if strings.TrimSpace(right) == "" {
		right = d.Slice(s.from(last.End))
	}
	_, before := notesApart("", left)
	after, _ := notesApart(right, "")
	context := func(left, right int) {
		part.prefix = strings.Join(before[max(0, len(before)-left):], " ")
		part.suffix = strings.Join(after[:min(right, len(after))], " ")
	}
	if len(d.Text) <= maxSought {
		text, length := strings.ToLower(collapse(d.Text)), len(strings.ToLower(collapse(d.Slice(at))))
		for _, n := range []int{0, usualContext / 2, usualContext, 2 * usualContext, 4 * usualContext} {
			for _, sides := range [][2]int{{n, 0}, {0, n}, {n, n}} { // the less is named, the less can have changed
				if context(sides[0], sides[1]); part.only(text, length) {
					return part.String()
				}
			}
		}
	}
	context(usualContext, usualContext)
	return part.String()
}

// directive is a text directive; its parts are not encoded.
type directive struct{ prefix, start, end, suffix string }

// String encodes what the syntax of the directive and of addresses takes for
// itself: everything but letters and digits.
func (p directive) String() string {
	var b strings.Builder
	part := func(before, s, after string) {
		if s == "" {
			return
		}
		b.WriteString(before)
		for i := 0; i < len(s); i++ {
			if c := s[i]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
				b.WriteByte(c)
			} else {
				const hex = "0123456789ABCDEF"
				b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			}
		}
		b.WriteString(after)
	}
	b.WriteString("text=")
	part("", p.prefix, "-,")
	part("", p.start, "")
	part(",", p.end, "")
	part(",-", p.suffix, "")
	return b.String()
}

// only reports whether p finds one place in text, length bytes long. Case
// does not count for browsers; text is in lower case.
func (p directive) only(text string, length int) bool {
	prefix, start, end, suffix := strings.ToLower(p.prefix), strings.ToLower(p.start), strings.ToLower(p.end), strings.ToLower(p.suffix)
	found := 0
	for at := 0; ; {
		i := strings.Index(text[at:], start)
		if i < 0 {
			return found == 1
		}
		i += at
		at = i + 1
		if !strings.HasSuffix(strings.TrimRight(text[:i], " "), prefix) {
			continue
		}
		stop := i + len(start)
		if end != "" {
			if stop = followed(text, stop, end, suffix); stop < 0 {
				return found == 1
			}
		} else if !strings.HasPrefix(strings.TrimLeft(text[stop:], " "), suffix) {
			continue
		}
		if found++; found > 1 || stop-i != length {
			return false
		}
	}
}

// followed is the end of the first end in text after at that suffix follows;
// -1 for none.
func followed(text string, at int, end, suffix string) int {
	for {
		i := strings.Index(text[at:], end)
		if i < 0 {
			return -1
		}
		if stop := at + i + len(end); strings.HasPrefix(strings.TrimLeft(text[stop:], " "), suffix) {
			return stop
		}
		at += i + 1
	}
}

// noteMark is the number of a note, as documents are read: the original may
// show it as "[2]", as a small 2 or not at all, so no directive names it.
var (
	noteMark = regexp.MustCompile(`\[\d{1,3}\]`)
	endMarks = regexp.MustCompile(`(?:\s*\[\d{1,3}\])+$`)
)

// notesApart is the words of left before its first number of a note, and those
// of right after its last. A word that runs into the number is left out: in
// the original it may be one with it.
func notesApart(left, right string) (begin, end []string) {
	i := noteMark.FindStringIndex(left)
	if i == nil {
		begin = strings.Fields(left)
	} else if begin = strings.Fields(left[:i[0]]); i[0] > 0 && len(begin) > 0 {
		if r, _ := utf8.DecodeLastRuneInString(left[:i[0]]); wordRune(r) {
			begin = begin[:len(begin)-1]
		}
	}
	if all := noteMark.FindAllStringIndex(right, -1); len(all) > 0 {
		right = right[all[len(all)-1][1]:]
	}
	return begin, strings.Fields(right)
}

func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

// stretches are the parts of a text that a reader of the original sees in one
// line of text, in order: a directive names words of one such part. List
// markers belong to none.
type stretches struct {
	text string
	all  []briefs.Span
}

func stretchesOf(d *briefs.Document) stretches {
	s := stretches{text: d.Text}
	for _, b := range blocksOf(d) {
		for at := b.Body; at < b.End; {
			end := b.End
			if i := strings.IndexAny(d.Text[at:b.End], "\n\t"); i >= 0 {
				end = at + i
			}
			if line := strings.TrimLeftFunc(d.Text[at:end], unicode.IsSpace); line != "" {
				start := end - len(line)
				s.all = append(s.all, briefs.Span{Start: start, End: start + len(strings.TrimRightFunc(line, unicode.IsSpace))})
			}
			at = end + 1
		}
	}
	return s
}

// from is the first stretch that ends after at; empty when none does.
func (s stretches) from(at int) briefs.Span {
	for _, x := range s.all {
		if x.End > at {
			return x
		}
	}
	return briefs.Span{}
}

// to is the last stretch that begins before at; empty when none does.
func (s stretches) to(at int) briefs.Span {
	var last briefs.Span
	for _, x := range s.all {
		if x.Start >= at {
			break
		}
		last = x
	}
	return last
}

// trim is what of span stretches hold, without space at its ends and with
// words whole, since browsers find no part of a word, and without the numbers
// of notes at its end.
func (s stretches) trim(span briefs.Span) briefs.Span {
	first, last := s.from(span.Start), s.to(span.End)
	at := briefs.Span{Start: max(span.Start, first.Start), End: min(span.End, last.End)}
	if first.Empty() || last.Empty() || at.Empty() {
		return briefs.Span{}
	}
	at.Start = at.End - len(strings.TrimLeftFunc(s.text[at.Start:at.End], unicode.IsSpace))
	at.End = at.Start + len(strings.TrimRightFunc(s.text[at.Start:at.End], unicode.IsSpace))
	for n := 0; n < maxWord && at.Start > first.Start && splitsWord(s.text, at.Start); n++ {
		_, size := utf8.DecodeLastRuneInString(s.text[:at.Start])
		at.Start -= size
	}
	for n := 0; n < maxWord && at.End < last.End && splitsWord(s.text, at.End); n++ {
		_, size := utf8.DecodeRuneInString(s.text[at.End:])
		at.End += size
	}
	if marks := endMarks.FindStringIndex(s.text[at.Start:at.End]); marks != nil && marks[0] > 0 {
		at.End = at.Start + marks[0]
	}
	return at
}

// maxWord bounds the search for the end of a word, in characters.
const maxWord = 64

// splitsWord reports whether at stands inside a word of s, which is not empty
// on either side of it.
func splitsWord(s string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	after, _ := utf8.DecodeRuneInString(s[at:])
	return wordRune(before) && wordRune(after)
}

func wordRune(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
