package bot

import (
	"fmt"
	"strings"
	"time"

	"briefdesk/briefs"
)

// partLength is how long a message may grow before the next one begins, in
// bytes: what Slack takes in one section of text is 3,000 characters
// (https://api.slack.com/reference/block-kit/blocks#section). A quote is never
// cut, so that a longer one makes a longer message.
const partLength = 2900

// Briefing is what is posted for one slot of a schedule.
type Briefing struct {
	Title   string // the name of the schedule
	Due     string // its slot, as people read it
	Heading string // that it is late, or run by hand; empty when it is on time
	Briefs  []briefs.Brief
	Since   time.Time // of the last one; zero for none
	// Link makes the address of a quote; "" where it has none.
	Link func(q briefs.Quote) string
	// Archive is where all of it stands on one page; "" for nowhere.
	Archive string
}

// NoNews is said of a topic of which nothing is new, among others.
const NoNews = "Nothing new about that."

// Nothing reports that there is nothing new to post.
func (b *Briefing) Nothing() bool {
	for i := range b.Briefs {
		if news(&b.Briefs[i]) {
			return false
		}
	}
	return true
}

// news reports whether a brief tells what the one before did not: something
// new, or a document that has changed. The first of a room has no one before.
func news(b *briefs.Brief) bool {
	if len(b.Changes) > 0 {
		return true
	}
	for _, s := range b.Sections {
		if s.Kind == briefs.SectionNew || (b.Since.IsZero() && s.Kind != briefs.SectionGaps) {
			return true
		}
	}
	return false
}

// Parts are the messages of b, at least one. Text of documents stands in them
// byte for byte, between quotation marks.
func (b *Briefing) Parts() []briefs.Part {
	if b.Nothing() {
		return []briefs.Part{{Text: b.nothing()}}
	}
	var lines []string
	if b.Heading != "" {
		lines = append(lines, b.Heading)
	}
	lines = append(lines, b.Title+" · "+b.Due)
	if b.Archive != "" {
		lines = append(lines, b.Archive)
	}
	w := &partWriter{}
	w.add(strings.Join(lines, "\n"))
	for i := range b.Briefs {
		b.brief(w, &b.Briefs[i])
	}
	return w.end()
}

// nothing is the one line of a briefing without news.
func (b *Briefing) nothing() string {
	line := "Nothing new"
	if !b.Since.IsZero() {
		line += " since " + b.Since.UTC().Format("2 January 2006 15:04") + " UTC"
	}
	topics := make([]string, len(b.Briefs))
	for i, brief := range b.Briefs {
		topics[i] = brief.Topic
	}
	line = b.Title + " · " + line + ": " + strings.Join(topics, ", ")
	if b.Heading != "" {
		line = b.Heading + " · " + line
	}
	return line
}

func (b *Briefing) brief(w *partWriter, brief *briefs.Brief) {
	head := []string{brief.Topic}
	for _, line := range []string{Window(brief), Unmentioned(brief)} {
		if line != "" {
			head = append(head, line)
		}
	}
	if !news(brief) {
		head = append(head, map[bool]string{true: EmptyBrief, false: NoNews}[brief.Since.IsZero()])
	}
	w.add(strings.Join(head, "\n"))
	for _, s := range brief.Sections {
		for i, it := range s.Items {
			text := b.item(it)
			if i == 0 {
				text = s.Heading + "\n" + text
			}
			w.more(text, i > 0)
		}
	}
	for i, c := range brief.Changes {
		text := change(&c) + b.quotes(c.Quotes)
		if i == 0 {
			text = Changed + "\n" + text
		}
		w.more(text, i > 0)
	}
	for i, s := range brief.Sources {
		text := fmt.Sprintf("[%d] %s", s.N, known(titleOf(&s.Document), s.Document.Author, s.Document.Publisher, s.Document.Published.Long()))
		if i == 0 {
			text = "Sources\n" + text
		}
		w.more(text, i > 0)
	}
}

func (b *Briefing) item(it briefs.BriefItem) string {
	if len(it.Quotes) == 0 {
		return "• " + it.Label
	}
	text := b.quotes(it.Quotes)
	if it.Label != "" {
		text = it.Label + text
	}
	if len(it.Also) > 0 {
		marks := make([]string, len(it.Also))
		for i, n := range it.Also {
			marks[i] = fmt.Sprintf("[%d]", n)
		}
		text += fmt.Sprintf("\n  %d sources say this; also %s", it.Sources, strings.Join(marks, " "))
	}
	return strings.TrimPrefix(text, "\n")
}

// quotes are lines, each after a line break.
func (b *Briefing) quotes(all []briefs.Citation) string {
	var out strings.Builder
	var lead *briefs.Quote
	for _, c := range all {
		if c.LeadIn != nil && (lead == nil || c.LeadIn.Span() != lead.Span() || c.LeadIn.Document().ID != lead.Document().ID) {
			fmt.Fprintf(&out, "\n“%s” [%d]", c.LeadIn.Text(), c.Source)
		}
		lead = c.LeadIn
		fmt.Fprintf(&out, "\n• “%s” [%d]", c.Quote.Text(), c.Source)
		if at := b.Link(c.Quote); at != "" {
			out.WriteString("\n  " + at)
		}
	}
	return out.String()
}

// change says what became of a document.
func change(c *briefs.BriefChange) string {
	text := "Withdrawn: "
	if c.Kind == briefs.ChangeCorrected {
		text = "Corrected: "
	}
	text += titleOf(&c.Document)
	if !c.At.IsZero() {
		text += " · " + c.At.UTC().Format("2 January 2006")
	}
	if c.Kind == briefs.ChangeCorrected && len(c.Quotes) > 0 {
		text += ". It now says:"
	}
	return text
}

func titleOf(d *briefs.Document) string {
	if d.Title != "" {
		return d.Title
	}
	return string(d.ID)
}

// known joins what is not empty.
func known(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, " · ")
}

// partWriter fills messages with pieces that are not to be cut.
type partWriter struct {
	parts []briefs.Part
	text  strings.Builder
}

// add begins a paragraph.
func (w *partWriter) add(piece string) { w.more(piece, false) }

// more adds a piece, on the next line or as a paragraph of its own.
func (w *partWriter) more(piece string, next bool) {
	switch {
	case w.text.Len() == 0:
	case w.text.Len()+len(piece) > partLength:
		w.flush()
	case next:
		w.text.WriteString("\n")
	default:
		w.text.WriteString("\n\n")
	}
	w.text.WriteString(piece)
}

func (w *partWriter) flush() {
	w.parts = append(w.parts, briefs.Part{Text: w.text.String()})
	w.text.Reset()
}

func (w *partWriter) end() []briefs.Part {
	w.flush()
	return w.parts
}
