package web

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// blocksOf returns the blocks of d so that they can be laid out: in order,
// not overlapping, on characters, and with nothing but white space between
// them. What a document leaves outside its blocks stands as paragraphs, so
// that everything of the text is in the page. A text of white space alone is
// one paragraph.
func blocksOf(d *briefs.Document) []briefs.Block {
	out := make([]briefs.Block, 0, len(d.Blocks))
	at := 0
	for _, b := range d.Blocks {
		b.Start = characterAt(d.Text, max(b.Start, at))
		b.End = characterAt(d.Text, min(b.End, len(d.Text)))
		if b.Empty() {
			continue
		}
		if b.Body = characterAt(d.Text, b.Body); b.Body < b.Start || b.Body > b.End || b.Role == briefs.RoleTable {
			b.Body = b.Start
		}
		out = paragraphs(out, d.Text, at, b.Start)
		out = append(out, b)
		at = b.End
	}
	out = paragraphs(out, d.Text, at, len(d.Text))
	if len(out) == 0 && d.Text != "" {
		out = append(out, briefs.Block{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(d.Text)}})
	}
	return out
}

// paragraphs appends the paragraphs of text in [from,to), which blank lines
// part.
func paragraphs(out []briefs.Block, text string, from, to int) []briefs.Block {
	for from < to {
		skip := strings.IndexFunc(text[from:to], notSpace)
		if skip < 0 {
			return out
		}
		from += skip
		end := to
		if i := strings.Index(text[from:to], "\n\n"); i >= 0 {
			end = from + i
		}
		stop := from + len(strings.TrimRightFunc(text[from:end], unicode.IsSpace))
		out = append(out, briefs.Block{Role: briefs.RoleParagraph, Span: briefs.Span{Start: from, End: stop}, Body: from})
		from = end
	}
	return out
}

func notSpace(r rune) bool { return !unicode.IsSpace(r) }

// characterAt moves i, not below 0, forward to the start of a character of s
// or to its end.
func characterAt(s string, i int) int {
	i = min(max(i, 0), len(s))
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return i
}

// titleBlock is the block that can stand as the heading of the page: the
// first title that says what the metadata say. It is -1 when there is none,
// and when moving it to the top would take a marked span out of order.
func titleBlock(d *briefs.Document, blocks []briefs.Block, span briefs.Span) int {
	title := strings.Fields(d.Title)
	for i, b := range blocks {
		if b.Role != briefs.RoleTitle {
			continue
		}
		if b.Len() > 4*len(d.Title)+64 || !equalWords(strings.Fields(d.Text[b.Start:b.End]), title) {
			continue
		}
		if i > 0 && span.Start < b.Start && b.Start < span.End {
			return -1
		}
		return i
	}
	return -1
}

func equalWords(a, b []string) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if !strings.EqualFold(a[i], b[i]) {
			return false
		}
	}
	return true
}
