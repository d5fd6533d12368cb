package main

import (
	"strings"

	"github.com/rivo/uniseg"
)

// wrap breaks s into lines of at most width columns, the first after first
// columns already used. It breaks where Unicode (UAX 14) allows; a stretch
// longer than a line is left whole when it has no such place.
func wrap(s string, width, first int) []string {
	var lines []string
	var line strings.Builder
	used, state := first, -1
	for len(s) > 0 {
		var part string
		part, s, _, state = uniseg.FirstLineSegmentInString(s, state)
		wide := uniseg.StringWidth(strings.TrimRight(part, " "))
		if line.Len() > 0 && used+wide > width {
			lines = append(lines, strings.TrimRight(line.String(), " "))
			line.Reset()
			used = 0
		}
		line.WriteString(part)
		used += uniseg.StringWidth(part)
	}
	return append(lines, strings.TrimRight(line.String(), " "))
}

// paragraph is text cleaned, collapsed and wrapped under lead: the lead before
// the first line, as many spaces before the others.
func (v view) paragraph(lead, text string) string {
	indent := uniseg.StringWidth(lead)
	lines := wrap(collapse(clean(text)), v.width-indent, 0)
	return lead + strings.Join(lines, "\n"+strings.Repeat(" ", indent)) + "\n"
}

// cell fits s into width columns, cut with an ellipsis, padded with spaces.
func cell(s string, width int) string {
	s = collapse(clean(s))
	if uniseg.StringWidth(s) > width {
		var b strings.Builder
		used := 0
		for g := uniseg.NewGraphemes(s); g.Next() && used+g.Width() <= width-1; used += g.Width() {
			b.WriteString(g.Str())
		}
		s = strings.TrimRight(b.String(), " ") + "…"
	}
	return s + strings.Repeat(" ", max(0, width-uniseg.StringWidth(s)))
}
