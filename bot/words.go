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
	return known(cmp.Or(d.Author, d.Publisher), d.Published.Long(), d.Published.Age(now))
}

// Framing is the fixed line above an enumeration; "" for other answers.
func Framing(ans *briefs.Answer) string {
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
