package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// look is how much of what Slack can show is used.
type look int

const (
	lookFull  look = iota // everything: for messages to all
	lookPlain             // nothing younger than rich text: for messages to one, and where the first was refused
	lookWords             // no blocks: where those were refused too
)

// message is one message to Slack. Text is escaped; beside blocks it is what
// notifications and readers of screens say.
type message struct {
	Text   string
	Blocks []slack.Block
}

// render draws a part as the messages that Slack takes, at least one, in their
// order: more than one where a limit demands it. Nothing is left out, no
// sentence of a document cut but one that fills a block, which goes on in the
// next. chart is the id of the part's image once it is with Slack; without one
// its words stand for it.
func render(part briefs.Part, how look, chart string) ([]message, error) {
	post, err := bot.PostOf(part)
	if err != nil {
		return nil, fmt.Errorf("read the blocks of a message: %w: %w", err, briefs.ErrInvalid)
	}
	if how == lookWords {
		words := post.Plain()
		if part.Image != nil && part.Alt != "" {
			words += "\n\n" + part.Alt
		}
		return wordsOnly(words), nil
	}
	var all []piece
	head := part.Image != nil
	for i, b := range post.Blocks {
		if head && i > 0 && b.Kind != bot.BlockNote { // below the title and its notes
			head, all = false, append(all, picture(part.Alt, chart)...)
		}
		all = append(all, pieces(b, how)...)
	}
	if head {
		all = append(all, picture(part.Alt, chart)...)
	}
	messages := pack(all)
	if len(messages) == 0 {
		return wordsOnly(part.Text), nil
	}
	return messages, nil
}

// picture is an image with its words, or its words.
func picture(alt, id string) []piece {
	if id == "" {
		return pieces(bot.Block{Kind: bot.BlockNote, Text: alt}, lookFull)
	}
	label := shorten(alt, imageAlt)
	return []piece{{block: slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: id}, label, "", nil), words: label}}
}

// wordsOnly are messages of words.
func wordsOnly(words string) []message {
	var all []message
	for _, s := range cut(words, wordsText) {
		for s != "" { // what escaping makes too long is halved
			half := s
			for units(escape(half)) > wordsText {
				half = half[:cutAt(half, units(half)/2)]
			}
			if strings.TrimSpace(half) != "" {
				all = append(all, message{Text: escape(half)})
			}
			s = s[len(half):]
		}
	}
	if len(all) == 0 {
		return []message{{Text: "(nothing to show)"}}
	}
	return all
}

// pack fills messages with pieces, in their order.
func pack(all []piece) []message {
	var messages []message
	var now packing
	for _, p := range all {
		if !now.add(p) {
			messages = append(messages, now.message())
			now = packing{}
			now.add(p)
		}
	}
	if len(now.blocks) > 0 {
		messages = append(messages, now.message())
	}
	return messages
}

// packing is a message that is being filled.
type packing struct {
	blocks []slack.Block
	words  []string
	size   int                  // of the blocks, in bytes of JSON
	rich   *slack.RichTextBlock // the last block, while it may grow
	units  int                  // of rich
}

// add takes p in, unless it does not fit; an empty message takes everything.
func (m *packing) add(p piece) bool {
	if p.block != nil {
		return m.block(p.block, p.words, nil, 0)
	}
	if m.rich == nil || p.gap || m.units+p.units > richText {
		return m.block(slack.NewRichTextBlock("", p.rich...), p.words, p.rich, p.units)
	}
	size := sizeOf(p.rich)
	if m.size+size > messageSize {
		return false
	}
	m.rich.Elements = append(m.rich.Elements, p.rich...)
	m.size += size
	m.units += p.units
	m.say(p.words)
	return true
}

func (m *packing) block(b slack.Block, words string, rich []slack.RichTextElement, n int) bool {
	size := sizeOf(b)
	if len(m.blocks) > 0 && (len(m.blocks) == messageBlocks || m.size+size > messageSize) {
		return false
	}
	m.blocks = append(m.blocks, b)
	m.size += size
	m.rich, m.units = nil, 0
	if rich != nil {
		m.rich, _ = b.(*slack.RichTextBlock)
		m.units = n
	}
	m.say(words)
	return true
}

func (m *packing) say(words string) {
	if words != "" {
		m.words = append(m.words, words)
	}
}

// message is what was packed, with as many of its words as fit: whole pieces
// while they do.
func (m *packing) message() message {
	const rest = "… (the rest is in the message)"
	words := escape(strings.Join(m.words, "\n"))
	if units(words) > wordsText {
		words = ""
		for i, w := range m.words {
			next := escape(w)
			if units(words)+units(next)+units(rest)+2 > wordsText {
				if i == 0 {
					next = wordsOnly(w[:cutAt(w, wordsText/6)])[0].Text
					words += next + "\n"
				}
				break
			}
			words += next + "\n"
		}
		words += rest
	}
	if words == "" {
		words = "(to be seen in Slack)"
	}
	return message{Text: words, Blocks: m.blocks}
}

// sizeOf is the size of v as Slack gets it, with what stands between it and
// the next, in bytes.
func sizeOf(v any) int {
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	if to.Encode(v) != nil {
		return messageSize
	}
	return out.Len() // with a line break, which stands for a comma
}
