// Package bot is what every surface for people shares, whatever shows it: the
// fixed words around verbatim sentences. It knows answers, not how a room or a
// page draws them.
package bot

import (
	"strings"

	"briefdesk/briefs"
)

// The fixed words of answers.
const (
	Silence = "Nothing in this library answers that."
	Nearest = "Nearest, but not an answer:"
	SeeAlso = "See also:"
)

// The fixed words of briefs, besides the headings of their sections.
const (
	EmptyBrief = "Nothing in this library is about that."
	Changed    = "Corrected or withdrawn" // heading of what became of documents
)

// Framing is the fixed line above an enumeration, or which of several questions
// nothing answers; "" for other answers.
func Framing(ans *briefs.Answer) string {
	var silent []string
	for i := range ans.Parts {
		if !ans.Parts[i].Answered() {
			silent = append(silent, "“"+shortened(ans.Parts[i].Question)+"”")
		}
	}
	if len(silent) > 0 {
		return "Nothing in this library answers " + strings.Join(silent, ", or ") + ". The rest, in turn:"
	}
	if !ans.Enumerated {
		return ""
	}
	if ans.Kind == briefs.KindWhy {
		return "Reasons given, in order:"
	}
	return "Points given, in order:"
}

// SearchedFor says which words of a question were read as others; "" for none.
func SearchedFor(corrected []briefs.Correction) string {
	var read, typed []string
	for _, c := range corrected {
		read, typed = append(read, "“"+c.Read+"”"), append(typed, "“"+c.Typed+"”")
	}
	if len(read) == 0 {
		return ""
	}
	return "Searched for: " + strings.Join(read, ", ") + ". Nothing here has " + strings.Join(typed, " or ") + "."
}

// Window says which time a brief is about; "" for all.
func Window(b *briefs.Brief) string {
	var parts []string
	switch {
	case b.From != "" && b.To != "":
		parts = append(parts, "published "+b.From.Long()+" to "+b.To.Long())
	case b.From != "":
		parts = append(parts, "published "+b.From.Long()+" or later")
	case b.To != "":
		parts = append(parts, "published "+b.To.Long()+" or earlier")
	}
	if !b.Since.IsZero() {
		parts = append(parts, "new since "+b.Since.UTC().Format("2 January 2006 15:04")+" UTC")
	}
	return strings.Join(parts, " · ")
}

// Unmentioned says which words of its topic nothing that a brief found holds;
// "" for none, and where nothing was found at all.
func Unmentioned(b *briefs.Brief) string {
	if len(b.Sources) == 0 || len(b.Unmentioned) == 0 {
		return ""
	}
	return "Not mentioned in what was found: " + strings.Join(b.Unmentioned, ", ")
}
