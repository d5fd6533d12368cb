package text

import (
	"strings"

	"briefdesk/briefs"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Sentences returns the sentences of s in order: trimmed, not empty, not
// overlapping, and together they hold every byte that is not space.
func Sentences(s string) []briefs.Span {
	var out []briefs.Span
	it := sentences.FromString(s)
	for it.Next() {
		v := it.Value()
		start := it.Start() + len(v) - len(strings.TrimLeft(v, " \t\r\n"))
		end := it.Start() + len(strings.TrimRight(v, " \t\r\n"))
		if start < end {
			out = append(out, briefs.Span{Start: start, End: end})
		}
	}
	return out
}
