package bot

import (
	"fmt"
	"strings"
	"time"
	"unicode"

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
	w := &partWriter{}
	if b.Nothing() {
		line := b.nothing()
		w.add(line, Block{Kind: BlockText, Text: line})
		return w.end()
	}
	var lines []string
	var blocks []Block
	if b.Heading != "" {
		lines = append(lines, b.Heading)
		blocks = append(blocks, Block{Kind: BlockNote, Text: b.Heading})
	}
	title := b.Title + " · " + b.Due
	lines = append(lines, title)
	blocks = append(blocks, Block{Kind: BlockHeading, Text: title})
	if b.Archive != "" {
		lines = append(lines, b.Archive)
		blocks = append(blocks, Block{Kind: BlockNote, Text: "All of it on one page", Link: b.Archive})
	}
	w.add(strings.Join(lines, "\n"), blocks...)
	for i := range b.Briefs {
		b.brief(w, &b.Briefs[i])
	}
	return w.end()
}

// BriefParts are the messages of a brief that a room asked for, at least one.
// link makes the address of a quote; "" where it has none.
func BriefParts(brief *briefs.Brief, link func(q briefs.Quote) string) []briefs.Part {
	w := &partWriter{}
	b := &Briefing{Link: link}
	b.brief(w, brief)
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
	blocks := []Block{{Kind: BlockHeading, Text: brief.Topic}}
	for _, line := range []string{Window(brief), Unmentioned(brief)} {
		if line != "" {
			head = append(head, line)
			blocks = append(blocks, Block{Kind: BlockNote, Text: line})
		}
	}
	if !news(brief) {
		line := map[bool]string{true: EmptyBrief, false: NoNews}[brief.Since.IsZero()]
		head = append(head, line)
		blocks = append(blocks, Block{Kind: BlockText, Text: line})
	}
	w.add(strings.Join(head, "\n"), blocks...)
	read := map[int]reading{} // by the number of a source
	for _, s := range brief.Sections {
		for i, it := range s.Items {
			text, blocks := b.item(it, read)
			if i == 0 {
				text = s.Heading + "\n" + text
				blocks = append([]Block{{Kind: BlockHeading, Text: s.Heading}}, blocks...)
			}
			w.more(text, i > 0, blocks...)
		}
	}
	for i, c := range brief.Changes {
		quotes, blocks := b.quotes(c.Quotes, read)
		line := change(&c)
		text := line + quotes
		blocks = append([]Block{{Kind: BlockText, Text: line}}, blocks...)
		if i == 0 {
			text = Changed + "\n" + text
			blocks = append([]Block{{Kind: BlockHeading, Text: Changed}}, blocks...)
		}
		w.more(text, i > 0, blocks...)
	}
	for i, s := range brief.Sources {
		d := &s.Document
		pages := brief.PageNote(s.N)
		text := fmt.Sprintf("[%d] %s", s.N, known(titleOf(d), d.Author, d.Publisher, d.Published.Long(), pages))
		blocks := []Block{{Kind: BlockSource, N: s.N, Text: titleOf(d), Note: known(d.Author, d.Publisher, d.Published.Long(), pages), Link: read[s.N].link, URL: briefs.PageAddress(webAddress(d.URL), read[s.N].page)}}
		if i == 0 {
			text = "Sources\n" + text
			blocks = append([]Block{{Kind: BlockHeading, Text: "Sources"}}, blocks...)
		}
		w.more(text, i > 0, blocks...)
	}
}

// reading is where a source is read: at its first quote.
type reading struct {
	link string
	page int // of the original; 0 for none
}

// item is a point in words and in blocks. It notes in read where sources are
// read.
func (b *Briefing) item(it briefs.BriefItem, read map[int]reading) (string, []Block) {
	if len(it.Quotes) == 0 {
		return "• " + it.Label, []Block{{Kind: BlockItem, Text: it.Label}}
	}
	text, blocks := b.quotes(it.Quotes, read)
	if it.Label != "" {
		text = it.Label + text
		blocks = append([]Block{{Kind: BlockText, Text: it.Label}}, blocks...)
	}
	if len(it.Also) > 0 {
		marks := make([]string, len(it.Also))
		for i, n := range it.Also {
			marks[i] = fmt.Sprintf("[%d]", n)
		}
		note := fmt.Sprintf("%d sources say this; also %s", it.Sources, strings.Join(marks, " "))
		text += "\n  " + note
		blocks[len(blocks)-1].Note = note
	}
	return strings.TrimPrefix(text, "\n"), blocks
}

// quotes are lines, each after a line break, and the same in blocks.
func (b *Briefing) quotes(all []briefs.Citation, read map[int]reading) (string, []Block) {
	var out strings.Builder
	var blocks []Block
	var lead *briefs.Quote
	for _, c := range all {
		if c.LeadIn != nil && (lead == nil || c.LeadIn.Span() != lead.Span() || c.LeadIn.Document().ID != lead.Document().ID) {
			fmt.Fprintf(&out, "\n“%s” [%d]", c.LeadIn.Text(), c.Source)
			blocks = append(blocks, Block{Kind: BlockLeadIn, Text: c.LeadIn.Text(), Source: c.Source})
		}
		lead = c.LeadIn
		fmt.Fprintf(&out, "\n• “%s” [%d]", c.Quote.Text(), c.Source)
		at := b.Link(c.Quote)
		if at != "" {
			out.WriteString("\n  " + at)
		}
		if read[c.Source].link == "" {
			read[c.Source] = reading{at, c.Quote.Page()}
		}
		blocks = append(blocks, Block{Kind: BlockQuote, Text: c.Quote.Text(), Source: c.Source, Link: at})
	}
	return out.String(), blocks
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

// titleOf is the title of d on one line, or its id where it has none.
func titleOf(d *briefs.Document) string {
	if title := known(d.Title); title != "" {
		return title
	}
	return known(string(d.ID))
}

// known joins what is not empty, without what could steer a reader's screen:
// it is about documents, and no text of theirs.
func known(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p = strings.Join(strings.Fields(strings.Map(harmless, p)), " "); p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, " · ")
}

// harmless drops control characters and the marks that turn the direction of
// text (UAX #9, explicit formatting).
func harmless(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return -1
	}
	return r
}

// partWriter fills messages with pieces that are not to be cut.
type partWriter struct {
	parts []briefs.Part
	text  strings.Builder
	post  Post
}

// add begins a paragraph.
func (w *partWriter) add(piece string, blocks ...Block) { w.more(piece, false, blocks...) }

// more adds a piece, on the next line or as a paragraph of its own; blocks are
// the same for platforms that show more than words.
func (w *partWriter) more(piece string, next bool, blocks ...Block) {
	switch {
	case w.text.Len() == 0:
	case w.text.Len()+len(piece) > partLength || len(w.post.Blocks)+len(blocks) > postBlocks:
		w.flush()
	case next:
		w.text.WriteString("\n")
	default:
		w.text.WriteString("\n\n")
	}
	w.text.WriteString(piece)
	w.post.Blocks = append(w.post.Blocks, blocks...)
}

func (w *partWriter) flush() {
	part, _ := w.post.Part() // strings and numbers always have a JSON form
	part.Text = w.text.String()
	w.parts = append(w.parts, part)
	w.text.Reset()
	w.post = Post{}
}

func (w *partWriter) end() []briefs.Part {
	w.flush()
	return w.parts
}
