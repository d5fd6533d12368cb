package structure

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// sanitise returns the blocks of s in order, inside s, on character
// boundaries, not overlapping and not blank; the paragraphs of s when none is
// left. It does not change in.
func sanitise(s string, in []briefs.Block) []briefs.Block {
	blocks := append([]briefs.Block(nil), in...)
	sort.SliceStable(blocks, func(i, j int) bool { return blocks[i].Start < blocks[j].Start })
	out, pos := blocks[:0], 0
	for _, b := range blocks {
		b.Start = boundary(s, max(b.Start, pos))
		b.End = boundary(s, min(b.End, len(s)))
		if b.Empty() || blank(s[b.Start:b.End]) {
			continue
		}
		if b.Body < b.Start || b.Body > b.End {
			b.Body = b.Start
		}
		b.Body = boundary(s, b.Body)
		if b.Role == "" {
			b.Role = briefs.RoleParagraph
		}
		b.Level = max(b.Level, 0)
		if b.Role == briefs.RoleItem {
			b.Level = max(b.Level, 1)
		}
		b.Sentences = nil
		out, pos = append(out, b), b.End
	}
	if len(out) == 0 {
		return paragraphs(s)
	}
	return out
}

// boundary moves i, not below 0, forward to the start of a character of s or
// to its end.
func boundary(s string, i int) int {
	i = min(max(i, 0), len(s))
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return i
}

// blank reports whether s holds only white space.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}

// trim shrinks span so that it neither begins nor ends with white space.
func trim(s string, span briefs.Span) briefs.Span {
	t := strings.TrimLeftFunc(s[span.Start:span.End], unicode.IsSpace)
	span.Start = span.End - len(t)
	span.End = span.Start + len(strings.TrimRightFunc(t, unicode.IsSpace))
	return span
}

// paragraphs cuts s at blank lines.
func paragraphs(s string) []briefs.Block {
	var blocks []briefs.Block
	add := func(start, end int) {
		if span := trim(s, briefs.Span{Start: start, End: end}); !span.Empty() {
			blocks = append(blocks, briefs.Block{Role: briefs.RoleParagraph, Span: span, Body: span.Start})
		}
	}
	start := 0
	for pos := 0; pos < len(s); {
		end := len(s)
		if i := strings.IndexByte(s[pos:], '\n'); i >= 0 {
			end = pos + i + 1
		}
		if blank(s[pos:end]) {
			add(start, pos)
			start = end
		}
		pos = end
	}
	add(start, len(s))
	return blocks
}

// sentences returns the sentences of b as offsets into s; none for titles,
// headings and chrome. Where b is spoken, the name of the speaker is no part
// of them.
func sentences(s string, b briefs.Block, spoken bool) []briefs.Span {
	switch b.Role {
	case briefs.RoleTitle, briefs.RoleHeading, briefs.RoleChrome:
		return nil
	}
	if spoken {
		if label := speaker(s[b.Body:b.End], b.Role); label != "" {
			b.Body += strings.Index(s[b.Body:b.End], label) + len(label) + 1
		}
	}
	body := s[b.Body:b.End]
	found := text.Sentences(body)
	out := make([]briefs.Span, 0, len(found))
	pos := 0
	for _, span := range found {
		if span.Start < pos || span.Empty() || span.End > len(body) {
			continue
		}
		pos = span.End
		span = trim(s, briefs.Span{Start: b.Body + span.Start, End: b.Body + span.End})
		if !span.Empty() {
			out = append(out, span)
		}
	}
	if len(out) == 0 {
		return nil
	}
	if strings.Contains(body, "1.") {
		return resign(s, out)
	}
	return out
}

// content returns the trimmed content of b, without its list marker; empty
// when there is none.
func content(s string, b briefs.Block) briefs.Span {
	return trim(s, briefs.Span{Start: b.Body, End: b.End})
}

// wordCount counts the runs of characters between white space, and stops
// at limit.
func wordCount(s string, limit int) int {
	n, in := 0, false
	for _, r := range s {
		space := r == ' ' || r < '!' && unicode.IsSpace(r) || r >= utf8.RuneSelf && unicode.IsSpace(r)
		if !space && !in {
			if n++; n >= limit {
				return n
			}
		}
		in = !space
	}
	return n
}
