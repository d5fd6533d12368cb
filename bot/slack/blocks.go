package slack

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/bot"
)

// piece is what may not be torn from one message into the next: some elements
// of rich text, which join those around them, or a block.
type piece struct {
	rich  []slack.RichTextElement
	block slack.Block
	words string // what it says, for places that show no blocks
	units int    // of the text of rich
	gap   bool   // something begins here
}

// pieces draws one block of a Post. All text stands where Slack takes it
// literally: in rich text and plain_text, never in mrkdwn.
func pieces(b bot.Block, how look) []piece {
	words := func() string { return bot.Post{Blocks: []bot.Block{b}}.Plain() }
	switch b.Kind {
	case bot.BlockHeading:
		if units(b.Text) <= headerText && strings.TrimSpace(b.Text) != "" {
			return []piece{{block: slack.NewHeaderBlock(plain(b.Text)), words: words(), gap: true}}
		}
		return begun(paragraphs(b.Text, "", &slack.RichTextSectionTextStyle{Bold: true}))
	case bot.BlockNote:
		if b.Link == "" && units(b.Text) <= contextText && strings.TrimSpace(b.Text) != "" {
			return []piece{{block: slack.NewContextBlock("", plain(b.Text)), words: words()}}
		}
		if link := webLink(b.Link); link != "" {
			return paragraphs(b.Text, link, nil)
		}
		return paragraphs(b.Text, "", &slack.RichTextSectionTextStyle{Italic: true})
	case bot.BlockLeadIn, bot.BlockQuote:
		return quote(b)
	case bot.BlockItem:
		return item(b)
	case bot.BlockSource:
		line := words()
		if b.Link != "" { // addresses are no words
			b := b
			b.Link = ""
			line = bot.Post{Blocks: []bot.Block{b}}.Plain()
		}
		return source(b, line)
	case bot.BlockLiteral:
		return literal(b.Text)
	case bot.BlockActions:
		return actionPieces(b.Actions, how)
	}
	return paragraphs(b.Text, webLink(b.Link), nil)
}

// plain is text that Slack shows as it stands, without emoji.
func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func begun(all []piece) []piece {
	if len(all) > 0 {
		all[0].gap = true
	}
	return all
}

func text(s string, style *slack.RichTextSectionTextStyle) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(s, style)
}

func section(words string, elements ...slack.RichTextSectionElement) piece {
	return piece{rich: []slack.RichTextElement{slack.NewRichTextSection(elements...)}, words: words, units: units(words)}
}

// paragraphs are words of the bot, as a link where they lead somewhere.
func paragraphs(words, link string, style *slack.RichTextSectionTextStyle) []piece {
	var all []piece
	for _, s := range cut(words, richText) {
		if s == "" {
			continue
		}
		before, after := isolate(s)
		if link != "" {
			all = append(all, section(s+"\n"+link, slack.NewRichTextSectionLinkElement(link, before+s+after, style)))
			continue
		}
		all = append(all, section(s, text(before+s+after, style)))
	}
	return all
}

// quote is a sentence of a document between quotation marks, set off from what
// the bot says: its number before it, the link to it behind it, and below what
// is to be noted. One that is too long for a block goes on in the next.
func quote(b bot.Block) []piece {
	bold := &slack.RichTextSectionTextStyle{Bold: true}
	var own *slack.RichTextSectionTextStyle
	if b.Kind == bot.BlockLeadIn {
		own = &slack.RichTextSectionTextStyle{Italic: true}
	}
	var all []piece
	before, after := isolate(b.Text)
	parts := cut(b.Text, richText)
	for i, s := range parts {
		var line []slack.RichTextSectionElement
		words := s
		if i == 0 {
			if b.N > 0 {
				line = append(line, text(fmt.Sprintf("%d  ", b.N), bold))
				words = fmt.Sprintf("%d  “", b.N) + words
			} else {
				words = "“" + words
			}
			s = "“" + before + s
		}
		if i == len(parts)-1 {
			s += after + "”"
			words += "”"
		}
		line = append(line, text(s, own))
		if i == len(parts)-1 {
			line, words = mark(line, words, b)
		}
		all = append(all, piece{rich: []slack.RichTextElement{setOff(b.Depth, line)}, words: words, units: units(words), gap: i == 0 && b.Kind == bot.BlockLeadIn})
	}
	if b.Note != "" {
		all = append(all, paragraphs(b.Note, "", &slack.RichTextSectionTextStyle{Italic: true})...)
	}
	return all
}

// mark adds which source a quote is from, and the way to it.
func mark(line []slack.RichTextSectionElement, words string, b bot.Block) ([]slack.RichTextSectionElement, string) {
	label := "read"
	if b.Source > 0 {
		label = fmt.Sprintf("[%d]", b.Source)
		words += " " + label
	}
	if link := webLink(b.Link); link != "" {
		line = append(line, text("  ", nil), slack.NewRichTextSectionLinkElement(link, label+" ↗", nil))
		return line, words
	}
	if b.Source > 0 {
		line = append(line, text("  "+label, nil))
	}
	return line, words
}

// setOff is a line of a quotation; one inside another is a point of a list.
func setOff(depth int, line []slack.RichTextSectionElement) slack.RichTextElement {
	if depth <= 0 {
		return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: line}
	}
	list := slack.NewRichTextList(slack.RTEListBullet, indent(depth), slack.NewRichTextSection(line...))
	list.Border = 1
	return list
}

// indent is a depth that lists have: Slack's go nine deep.
func indent(depth int) int { return min(max(depth, 0), 8) }

// item is a point of a list in the words of the bot.
func item(b bot.Block) []piece {
	var all []piece
	for i, p := range paragraphs(b.Text, webLink(b.Link), nil) {
		if i == 0 {
			p.words = strings.Repeat("  ", indent(b.Depth)) + "• " + p.words
			p.rich = []slack.RichTextElement{slack.NewRichTextList(slack.RTEListBullet, indent(b.Depth), p.rich...)}
		}
		all = append(all, p)
	}
	return all
}

// source is where quotes are from: number and title, which lead to the reading
// page, the original, and in small who wrote it and when.
func source(b bot.Block, words string) []piece {
	title := strings.TrimSpace(b.Text)
	if title == "" {
		title = "untitled"
	}
	if shown := cut(title, richText/2); len(shown) > 1 {
		title = shown[0] + "…"
	}
	before, after := isolate(title)
	title = before + title + after
	line := []slack.RichTextSectionElement{text(fmt.Sprintf("[%d]  ", b.N), &slack.RichTextSectionTextStyle{Bold: true})}
	at, original := webLink(b.Link), webLink(b.URL)
	switch {
	case at != "":
		line = append(line, slack.NewRichTextSectionLinkElement(at, title, nil))
	default:
		line = append(line, text(title, nil))
	}
	if original != "" {
		line = append(line, text("  ·  ", nil), slack.NewRichTextSectionLinkElement(original, "original", nil))
	}
	all := begun([]piece{section(words, line...)})
	if note := strings.TrimSpace(b.Note); note != "" {
		if shown := cut(note, contextText); len(shown) > 1 {
			note = shown[0] + "…"
		}
		all = append(all, piece{block: slack.NewContextBlock("", plain(note))})
	}
	return all
}

// literal is text to be copied.
func literal(s string) []piece {
	var all []piece
	for _, s := range cut(s, richText) {
		if s == "" {
			continue
		}
		rich := &slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: []slack.RichTextSectionElement{text(s, nil)}}
		all = append(all, piece{rich: []slack.RichTextElement{rich}, words: s, units: units(s)})
	}
	return all
}
