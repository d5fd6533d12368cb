package web

import (
	"fmt"
	"io"
	"strings"

	"briefdesk/briefs"
)

// WriteDiff writes what changed between two revisions of a document as plain
// lines: "-" for a sentence that went, "+" for one that came, "<" and ">" for
// one that moved from and to there, "~" for one that was reworded, with
// [-words-] and {+words+}; unchanged ones are left out but for those next to a
// change. show makes what documents say fit for where it is written, a line at
// a time.
func WriteDiff(w io.Writer, from, to *briefs.Document, show func(string) string) error {
	p := &diffPage{}
	p.compare(from, to)
	if p.Same {
		_, err := fmt.Fprintln(w, "The words are the same.")
		return err
	}
	var b strings.Builder
	for _, part := range p.Parts {
		if part.Folded > 0 {
			fmt.Fprintf(&b, "  … %d unchanged\n", part.Folded)
			continue
		}
		for _, words := range part.Lines {
			line := lineOf(words)
			b.WriteString(line[:2] + show(line[2:])) // the sign stays in its column
			b.WriteByte('\n')
		}
	}
	fmt.Fprintf(&b, "\nSentences: %d added, %d removed, %d reworded, %d moved.\n", p.Added, p.Removed, p.Worded, p.Moved)
	if p.Unshown > 0 {
		fmt.Fprintf(&b, "%d more changes are not shown.\n", p.Unshown)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lineOf writes one sentence with its sign.
func lineOf(words []changedWords) string {
	if len(words) == 1 {
		sign := " +-"
		if words[0].Moved {
			sign = " ><"
		}
		return string(sign[words[0].Change]) + " " + words[0].Text
	}
	var b strings.Builder
	b.WriteString("~")
	for _, w := range words {
		switch w.Change {
		case added:
			b.WriteString(" {+" + w.Text + "+}")
		case removed:
			b.WriteString(" [-" + w.Text + "-]")
		default:
			b.WriteString(" " + w.Text)
		}
	}
	return b.String()
}
