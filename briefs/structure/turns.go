package structure

import (
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// speakerWords is how many words the name of a speaker has at most before its
// colon, and fewestTurns how often it must begin a paragraph: a heading or
// term in capitals does so once.
const (
	speakerWords = 3
	fewestTurns  = 2
)

// asker are the labels of questions and answers, which need not come again.
var asker = words("q a question answer")

// conversation reports whether paragraphs of d begin with the names of
// speakers: the same one comes again, or there are questions and answers.
func conversation(d *briefs.Document) bool {
	turns := make(map[string]int)
	for _, b := range d.Blocks {
		if label := speaker(d.Text[b.Body:b.End], b.Role); label != "" {
			if turns[label]++; turns[label] == fewestTurns || asking(label) {
				return true
			}
		}
	}
	return false
}

// asking reports whether label marks a question or an answer: "Q", "A2".
func asking(label string) bool {
	return asker[strings.ToLower(strings.TrimRight(label, "0123456789"))] && unicode.IsUpper(rune(label[0]))
}

// speaker returns what stands before a colon at the beginning of paragraph s
// when it may name a speaker: "Q", "MS SAMPLE", "Answer"; else "".
func speaker(s string, role briefs.Role) string {
	if role != briefs.RoleParagraph && role != briefs.RoleQuotation {
		return ""
	}
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	i := strings.IndexByte(s[:min(len(s), 80)], ':')
	if i < 1 || i+1 >= len(s) || s[i+1] != ' ' && s[i+1] != '\n' && !strings.HasPrefix(s[i+1:], "\u00a0") {
		return ""
	}
	label := s[:i]
	if wordCount(label, speakerWords+1) > speakerWords || blank(s[i+1:]) {
		return ""
	}
	if asking(label) {
		return label
	}
	letters := 0
	for _, r := range label {
		switch {
		case unicode.IsUpper(r):
			letters++
		case unicode.IsLetter(r):
			return ""
		case !unicode.IsSpace(r) && !strings.ContainsRune(".-'’", r):
			return ""
		}
	}
	if letters < 2 {
		return ""
	}
	return label
}

// turn reports whether b begins with the name of its speaker, which is no
// part of its first sentence.
func turn(s string, b briefs.Block) bool {
	return len(b.Sentences) > 0 && content(s, b).Start < b.Sentences[0].Start
}

// resign moves the numbers of a list that was flattened into one paragraph
// from the ends of sentences to the beginnings of those they belong to:
// "Steps: 1. | Dig. 2. | Sow." becomes "Steps: | 1. Dig. | 2. Sow." Others
// are left alone.
func resign(s string, spans []briefs.Span) []briefs.Span {
	rank := 1
	moves := make(map[int]int) // sentence to where its last number begins
	for i, span := range spans {
		t := s[span.Start:span.End]
		if n, _ := leadingSign(t); n == rank {
			rank++
		}
		if n, at := trailingSign(t); n == rank && i+1 < len(spans) && !(n == 1 && !opensList(t[:at])) {
			moves[i] = span.Start + at
			rank++
		}
	}
	if rank < 3 || len(moves) == 0 {
		return spans
	}
	var out []briefs.Span
	for i, span := range spans {
		if at, ok := moves[i-1]; ok {
			span.Start = at
		}
		if at, ok := moves[i]; ok {
			if span = trim(s, briefs.Span{Start: span.Start, End: at}); span.Empty() {
				continue
			}
		}
		out = append(out, span)
	}
	return out
}

// opensList reports whether a list may begin behind s: nothing, or a colon.
func opensList(s string) bool {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	return s == "" || strings.ContainsRune(":;—–", lastRune(s))
}

// leadingSign returns the number in "1. Dig", and where its text begins, or 0.
func leadingSign(s string) (n, body int) {
	sign, rest, ok := strings.Cut(s, ". ")
	if m, isRank := readRank(sign); ok && isRank && m.style == "1" && !blank(rest) {
		return m.rank, len(sign) + 2
	}
	return 0, 0
}

// trailingSign returns the number in "Dig the field 2.", and where it begins,
// or 0. It is 0 where the number belongs to the word before: "No. 2."
func trailingSign(s string) (n, at int) {
	t, ok := strings.CutSuffix(s, ".")
	if !ok {
		return 0, 0
	}
	at = strings.LastIndexFunc(t, unicode.IsSpace) + 1
	m, ok := readRank(t[at:])
	before := strings.TrimRight(t[:at], " \t\n.\u00a0")
	last := strings.ToLower(before[strings.LastIndexFunc(before, unicode.IsSpace)+1:])
	if !ok || m.style != "1" || references[last] || last == "no" || last == "number" || listing[last] {
		return 0, 0
	}
	return m.rank, at
}
