package extract

import (
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// builder writes the text of a document whose source is markup, block by
// block.
type builder struct {
	text   strings.Builder
	blocks []briefs.Block
}

// add writes one block: marker, then content. Content that is only space is
// passed over. It returns the index of the block, -1 when there is none.
func (b *builder) add(role briefs.Role, level int, marker, content string) int {
	content = strings.TrimFunc(content, unicode.IsSpace)
	if content == "" {
		return -1
	}
	if n := len(b.blocks); n > 0 {
		last := b.blocks[n-1].Role
		if role == last && (role == briefs.RoleItem || role == briefs.RoleTable) {
			b.text.WriteString("\n")
		} else {
			b.text.WriteString("\n\n")
		}
	}
	if role == briefs.RoleItem && level > 1 {
		b.text.WriteString(strings.Repeat("  ", min(level, 8)-1))
	}
	start := b.text.Len()
	b.text.WriteString(marker)
	body := b.text.Len()
	b.text.WriteString(content)
	b.blocks = append(b.blocks, briefs.Block{
		Role: role, Level: level, Body: body, Span: briefs.Span{Start: start, End: b.text.Len()},
	})
	return len(b.blocks) - 1
}

// units are the blocks with their texts, so that the rules for plain text can
// look at them.
func (b *builder) units() []unit {
	text := b.text.String()
	out := make([]unit, len(b.blocks))
	for i, bl := range b.blocks {
		out[i] = unit{Block: bl, text: text[bl.Start:bl.End], gap: true}
		out[i].runes = len([]rune(out[i].text))
	}
	return out
}

// inline collapses the space of running text as a browser does; "\x00" stands
// for a line break that the author made.
func inline(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space, brk := false, false
	for _, r := range s {
		switch {
		case r == 0:
			brk = true
		case unicode.IsSpace(r):
			space = true
		default:
			if b.Len() > 0 {
				if brk {
					b.WriteByte('\n')
				} else if space {
					b.WriteByte(' ')
				}
			}
			space, brk = false, false
			b.WriteRune(r)
		}
	}
	return b.String()
}
