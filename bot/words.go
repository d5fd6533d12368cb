// Package bot is what every surface for people shares, whatever shows it: the
// fixed words around verbatim sentences. It knows answers, not how a room or a
// page draws them.
package bot

import (
	"cmp"
	"strings"
	"time"

	"briefdesk/briefs"
)

// The fixed words of answers.
const (
	Silence = "Nothing in this library answers that."
	Nearest = "Nearest, but not an answer:"
	SeeAlso = "See also:"

	Disagree = "Sources disagree:" // above quotes that disagree, the newest last
	Besides  = "Besides:"          // above what follows them
)

// The fixed words of briefs, besides the headings of their sections.
const (
	EmptyBrief = "Nothing in this library is about that."
	Changed    = "Corrected or withdrawn" // heading of what became of documents
)

// Heading is the fixed line above quote i of those that are shown in their
// order; "" for none. Quotes that disagree stand under one of their own.
func Heading(quotes []briefs.Citation, i int) string {
	before := 0
	if i > 0 {
		before = quotes[i-1].Dispute
	}
	switch now := quotes[i].Dispute; {
	case now == before:
		return ""
	case now > 0:
		return Disagree
	}
	return Besides
}

// Disputed says beside a quote that others disagree with who says it and when;
// "" for another one.
func Disputed(c *briefs.Citation, now time.Time) string {
	if c.Dispute == 0 {
		return ""
	}
	d := c.Quote.Document()
	return known(cmp.Or(d.Author, d.Publisher, titleOf(&d)), d.Published.Long(), d.Published.Age(now))
}

// Framing is the fixed line above an enumeration, and above what others say when
// the library has nothing by the source that was asked; "" for other answers.
func Framing(ans *briefs.Answer) string {
	line := ""
	switch {
	case !ans.Enumerated:
	case ans.Kind == briefs.KindWhy:
		line = "Reasons given, in order:"
	default:
		line = "Points given, in order:"
	}
	if s := ans.Source; s == nil || s.Found || !ans.Answered() {
		return line
	}
	if line == "" {
		line = "What others say:"
	}
	return "Nothing in this library is by “" + shortened(ans.Source.Name) + "”. " + line
}

// Silent says that nothing answers a question, or nothing by the source that it
// names: what others say was not asked.
func Silent(of *briefs.AskedSource) string {
	switch {
	case of == nil:
		return Silence
	case of.Found:
		return "Nothing by “" + shortened(of.Name) + "” in this library answers that."
	}
	return "Nothing in this library is by “" + shortened(of.Name) + "”, and nothing in it answers that."
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
