package bot

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"briefdesk/briefs"
	"briefdesk/briefs/cite"
)

// drawer turns what is quoted into blocks for one room. Its first error stays.
type drawer struct {
	ctx  context.Context
	room briefs.RoomID
	at   func(ctx context.Context, room briefs.RoomID, q briefs.Quote) (string, error)
	now  time.Time
	err  error
}

func (r *Responder) drawer(ctx context.Context, room briefs.RoomID) *drawer {
	return &drawer{ctx: ctx, room: room, at: r.o.Link, now: r.o.Now()}
}

func (d *drawer) link(q briefs.Quote) string {
	address, err := d.at(d.ctx, d.room, q)
	if err != nil && d.err == nil {
		d.err = err
	}
	return address
}

// answer is the whole of x. titled repeats the question above it, for who did
// not see it asked.
func (d *drawer) answer(x *exhibit, titled, private bool) []Block {
	var all []Block
	if titled {
		all = append(all, Block{Kind: BlockHeading, Text: shortened(x.question)})
	}
	if say := SearchedFor(x.corrected); say != "" {
		all = append(all, Block{Kind: BlockNote, Text: say})
	}
	shown := x.quotes
	if x.reason == "" {
		all = append(all, d.answered(x)...)
	} else {
		shown = x.near
		all = append(all, Block{Kind: BlockText, Text: Silent(x.source)})
		if len(x.near) > 0 {
			all = append(all, Block{Kind: BlockText, Text: Nearest})
			all = append(all, d.quotes(x.near)...)
		}
	}
	all = append(all, d.sources(shown)...)
	for _, s := range x.seeAlso {
		all = append(all, Block{Kind: BlockNote, Text: SeeAlso + " " + known(titleOf(&s), s.Author, s.Published.Long(), s.Published.Age(d.now))})
	}
	if x.recorded {
		all = append(all, Block{Kind: BlockNote, Text: "Recorded as a gap."})
	}
	return append(all, Block{Kind: BlockActions, Actions: d.actions(x, shown, private)})
}

// answered are the quotes of x below their framing, those of several questions
// each below its own.
func (d *drawer) answered(x *exhibit) []Block {
	parts := x.parts
	if len(parts) == 0 {
		parts = []briefs.Answer{{Kind: x.kind, Enumerated: x.enumerated, Quotes: x.quotes, Source: x.source}}
	}
	var all []Block
	for i := range parts {
		p := &parts[i]
		if len(x.parts) > 0 {
			all = append(all, Block{Kind: BlockHeading, Text: shortened(p.Question)})
		}
		if !p.Answered() {
			all = append(all, Block{Kind: BlockText, Text: Silent(p.Source)})
		}
		if frame := Framing(p); frame != "" {
			all = append(all, Block{Kind: BlockText, Text: frame})
		}
		all = append(all, d.quotes(p.Quotes)...)
	}
	return all
}

// quotes show citations in their order, what introduces some above them.
func (d *drawer) quotes(all []briefs.Citation) []Block {
	var out []Block
	var lead *briefs.Quote
	for i, c := range all {
		if head := Heading(all, i); head != "" {
			out = append(out, Block{Kind: BlockText, Text: head})
		}
		if c.LeadIn != nil && (lead == nil || c.LeadIn.Span() != lead.Span() || c.LeadIn.Document().ID != lead.Document().ID) {
			out = append(out, Block{Kind: BlockLeadIn, Text: c.LeadIn.Text(), Source: c.Source, Link: d.link(*c.LeadIn)})
		}
		lead = c.LeadIn
		out = append(out, Block{Kind: BlockQuote, Text: c.Quote.Text(), N: c.N, Source: c.Source, Depth: c.Depth, Link: d.link(c.Quote), Note: Disputed(&all[i], d.now)})
	}
	return out
}

// sources list each source of citations once, read at its first quote.
func (d *drawer) sources(all []briefs.Citation) []Block {
	var out []Block
	seen := map[int]bool{}
	for _, c := range all {
		if seen[c.Source] {
			continue
		}
		seen[c.Source] = true
		doc := c.Quote.Document()
		b := d.source(c.Source, &doc, d.link(c.Quote))
		b.Note = known(b.Note, briefs.PageNote(all, c.Source))
		b.URL = briefs.PageAddress(b.URL, c.Quote.Page())
		out = append(out, b)
	}
	return out
}

func (d *drawer) source(n int, doc *briefs.Document, link string) Block {
	return Block{
		Kind: BlockSource, N: n, Text: titleOf(doc), Link: link, URL: webAddress(doc.URL),
		Note: known(doc.Author, doc.Publisher, doc.Published.Long(), doc.Published.Age(d.now), doc.AlsoNote()),
	}
}

// citable is how many sources of a post the menu of footnotes offers.
const citable = 8

// actions are what can be done with x.
func (d *drawer) actions(x *exhibit, shown []briefs.Citation, private bool) []Action {
	var all []Action
	add := func(id ActionID, label, value string) {
		all = append(all, Action{ID: id, Label: label, Answer: x.id, Value: value})
	}
	if x.reason == "" {
		if len(x.more) > 0 {
			add(ActionMore, fmt.Sprintf("%d more", len(x.more)), "")
		}
		if private {
			add(ActionShare, "Share to the room", "")
		}
		add(ActionWhy, "Why this?", "")
	} else {
		add(ActionOwner, "Tell the library's owner", "")
	}
	seen := map[int]bool{}
	for _, c := range shown {
		if seen[c.Source] || len(seen) == citable {
			continue
		}
		seen[c.Source] = true
		for _, style := range cite.Styles() {
			add(ActionCite, fmt.Sprintf("[%d] %s", c.Source, style.Name()), fmt.Sprintf("%d %s", c.Source, style))
		}
	}
	add(ActionGood, "Good", "")
	add(ActionWrong, "Wrong", "")
	add(ActionIncomplete, "Incomplete", "")
	add(ActionOutdated, "Outdated", "")
	return all
}

// A message holds at most so much, so that every platform can show it in a few
// pieces of its own: Slack takes 50 blocks and about 13,000 characters. A
// quote is never cut: a longer one makes a longer message.
const (
	postBytes  = 8000
	postBlocks = 40
)

// posts cuts blocks into messages, between blocks.
func posts(all []Block) []Post {
	var out []Post
	var p Post
	size := 0
	for _, b := range all {
		n := len(b.plain())
		if len(p.Blocks) > 0 && b.Kind != BlockActions && (size+n > postBytes || len(p.Blocks) >= postBlocks) {
			out = append(out, p)
			p, size = Post{}, 0
		}
		p.Blocks = append(p.Blocks, b)
		size += n
	}
	return append(out, p)
}

// replies sends blocks to a place.
func replies(at briefs.Place, all []Block) ([]briefs.Outgoing, error) {
	var out []briefs.Outgoing
	for _, p := range posts(all) {
		part, err := p.Part()
		if err != nil {
			return nil, err
		}
		out = append(out, briefs.Outgoing{Place: at, Part: part})
	}
	return out, nil
}

// say is one message of lines.
func say(at briefs.Place, kind BlockKind, lines ...string) (Response, error) {
	var all []Block
	for _, line := range lines {
		all = append(all, Block{Kind: kind, Text: line})
	}
	out, err := replies(at, all)
	return Response{Replies: out}, err
}

// longestEcho is how much of what a person wrote is repeated, in characters.
const longestEcho = 140

// shortened is what a person wrote, on one line.
func shortened(text string) string {
	line := []rune(known(text))
	if len(line) > longestEcho {
		return strings.TrimSpace(string(line[:longestEcho])) + "…"
	}
	return string(line)
}

// webAddress is address when it is one of the web, and "" otherwise.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsFunc(address, unprintable) {
		return ""
	}
	return address
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }
