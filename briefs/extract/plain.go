package extract

import (
	"strings"

	"briefdesk/briefs"
)

// plain reads text that may have been copied from a web page.
func plain(text string) briefs.Document {
	d := briefs.Document{Text: text}
	start := 0
	for _, p := range strings.SplitAfter(text, "\n\n") {
		if t := strings.TrimSpace(p); t != "" {
			s := start + strings.Index(p, t)
			d.Blocks = append(d.Blocks, briefs.Block{Role: briefs.RoleParagraph, Span: briefs.Span{Start: s, End: s + len(t)}, Body: s})
		}
		start += len(p)
	}
	return d
}
