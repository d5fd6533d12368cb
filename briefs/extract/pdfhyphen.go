package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// learn counts the words of line i that no line end cuts.
func (d *pdfDoc) learn(lines []line, i int) {
	ws := strings.Fields(lines[i].text)
	for k, w := range ws {
		if k == len(ws)-1 && endsHyphen(w) || k == 0 && i > 0 && endsHyphen(lines[i-1].text) {
			continue
		}
		if w = bareWord(w); w != "" {
			d.words[w]++
		}
	}
}

// bareWord is a word in lower case without the signs around it; empty when
// it has no letter.
func bareWord(w string) string {
	return strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))
}

// endsHyphen reports whether a line ends with a hyphen that cuts a word.
func endsHyphen(s string) bool {
	cut, ok := cutHyphen(s)
	r, _ := utf8.DecodeLastRuneInString(cut)
	return ok && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func cutHyphen(s string) (string, bool) {
	for _, h := range []string{"-", string(softHyphen)} {
		if cut, ok := strings.CutSuffix(s, h); ok {
			return cut, true
		}
	}
	return s, false
}

// closed are the first parts of words that are written in one although both
// parts are words themselves; apart those that a hyphen mostly follows.
var (
	closed = wordSet(`over under out up down with there where here how some any every in on for fore back after be hand head house work land life
		time after before mean more further never none not no al so to an pre re sub inter super trans counter mis dis un non`)
	apart = wordSet(`self well ill ex all half cross high low long short mid quasi so-called vice pro anti policy decision full part large small
		first second third one two three four five six seven eight nine ten`)
)

// keeps reports whether the hyphen between a and b, which a line end parts,
// belongs to the word: by what the document writes elsewhere, then by the
// look of the parts.
func (d *pdfDoc) keeps(a, b string) bool {
	a, b = lastWord(a), bareWord(firstOf(b))
	r, _ := utf8.DecodeLastRuneInString(a)
	if !unicode.IsLetter(r) || b == "" {
		return true // numbers, ranges
	}
	word := bareWord(a)
	joined, hyphened := d.words[word+b], d.words[word+"-"+b]
	switch {
	case hyphened != joined:
		return hyphened > joined
	case strings.Contains(word, "-"), strings.ContainsAny(a, "/@_"):
		return true
	case apart[word]:
		return d.words[b] > 0
	case closed[word], len(word) < 3, len(b) < 4:
		return false
	}
	return d.words[word] > 0 && d.words[b] > 0
}

func lastWord(s string) string {
	return s[strings.LastIndexFunc(s, unicode.IsSpace)+1:]
}

// linkEnd is an address that a line end cuts, after a sign within it.
var linkEnd = regexp.MustCompile(`(?:https?://|www\.)\S*[/_=?&#%-]$`)

// join appends the text of the next line of a paragraph to text.
func (d *pdfDoc) join(text, next string) string {
	if text == "" {
		return next
	}
	if linkEnd.MatchString(lastWord(text)) {
		return text + next
	}
	cut, ok := cutHyphen(text)
	first, _ := utf8.DecodeRuneInString(next)
	if ok && endsHyphen(text) && (unicode.IsLetter(first) || unicode.IsDigit(first)) {
		switch {
		case lastWord(text) == next || strings.HasPrefix(next, "and ") || strings.HasPrefix(next, "or ") || strings.HasPrefix(next, "und "):
			return cut + "- " + next // "short- and long-term"
		case unicode.IsUpper(first) || d.keeps(cut, next):
			return cut + "-" + next
		}
		return cut + next
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	if isUnspaced(last) && isUnspaced(first) {
		return text + next
	}
	return text + " " + next
}

// isUnspaced reports whether r is of a script that parts no words.
func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) || r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xff61
}

// lineHyphens writes the hyphens inside a line; the one that a line ends with
// stays to be judged.
func lineHyphens(s string) string {
	if !strings.ContainsAny(s, "\u0002\u00ad") {
		return s
	}
	cut, ok := strings.CutSuffix(s, "\u00ad")
	if !ok {
		cut, ok = strings.CutSuffix(s, string(softHyphen))
	}
	cut = strings.NewReplacer("\u0002", "-", "\u00ad", "").Replace(cut)
	if ok {
		cut += string(softHyphen)
	}
	return cut
}

// hyphens writes those that no line went on after.
func hyphens(s string) string { return strings.ReplaceAll(s, string(softHyphen), "-") }

// text writes a block: its lines joined, hyphens at their ends undone. breaks
// are the offsets at which the pages after the first begin.
func (d *pdfDoc) text(b *pdfBlock) (text string, breaks []int) {
	if b.row != "" {
		return hyphens(b.row), nil
	}
	page := b.page
	listing := !d.mono && b.first().mono && len(b.lines) > 1
	var parts strings.Builder // what no later line changes
	tail := ""
	for i := range b.lines {
		l := &b.lines[i]
		line := l.text()
		if l.page != page {
			page = l.page
			tail = d.join(tail, line)
			at := max(len(tail)-len(line), 0)
			if at > 0 && tail[at-1] != ' ' { // a word that the page cuts is of the page on which it begins
				if n := strings.IndexByte(tail[at:], ' '); n >= 0 {
					at += n + 1
				} else {
					at = len(tail)
				}
			}
			breaks = append(breaks, parts.Len()+at)
			continue
		}
		if listing && i > 0 {
			parts.WriteString(tail)
			tail = "\n" + line
			continue
		}
		if joined := d.join(tail, line); strings.HasPrefix(joined, tail) {
			parts.WriteString(tail)
			tail = joined[len(tail):]
		} else {
			tail = joined
		}
	}
	parts.WriteString(tail)
	return hyphens(parts.String()), breaks
}
