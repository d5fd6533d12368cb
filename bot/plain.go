package bot

import (
	"fmt"
	"strings"
)

// Plain is p in plain words, for places that show nothing else. Quotes stand
// byte for byte between quotation marks.
func (p Post) Plain() string {
	var out strings.Builder
	for i, b := range p.Blocks {
		text := b.plain()
		if text == "" {
			continue
		}
		if out.Len() > 0 {
			out.WriteString("\n")
			if begins(p.Blocks, i) {
				out.WriteString("\n")
			}
		}
		out.WriteString(text)
	}
	return out.String()
}

// begins reports whether a paragraph begins at block i.
func begins(all []Block, i int) bool {
	switch b := all[i]; b.Kind {
	case BlockHeading, BlockLeadIn:
		return true
	case BlockSource, BlockItem, BlockQuote:
		above := all[i-1].Kind
		return above != b.Kind && above != BlockHeading && above != BlockLeadIn
	}
	return all[i-1].Kind != all[i].Kind && all[i].Kind != BlockNote
}

func (b Block) plain() string {
	mark := ""
	if b.Source > 0 {
		mark = fmt.Sprintf(" [%d]", b.Source)
	}
	indent := strings.Repeat("  ", min(max(b.Depth, 0), 20))
	text := b.Text
	switch b.Kind {
	case BlockLeadIn:
		text = "“" + b.Text + "”" + mark
	case BlockQuote:
		bullet := "• "
		if b.N > 0 {
			bullet = fmt.Sprintf("%d  ", b.N)
		}
		text = indent + bullet + "“" + b.Text + "”" + mark
	case BlockItem:
		text = indent + "• " + b.Text
	case BlockSource:
		text = fmt.Sprintf("[%d] %s", b.N, b.Text)
	case BlockActions:
		return ""
	}
	if b.Note != "" {
		text += "\n" + indent + "    " + b.Note
	}
	if b.Link != "" {
		text += "\n" + indent + "    " + b.Link
	}
	return text
}
