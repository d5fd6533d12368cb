package matrix

import (
	"fmt"
	"html"
	"net/url"
	"strings"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// most of an event: homeservers refuse more than 65,536 bytes
// (https://spec.matrix.org/v1.16/client-server-api/#size-limits), encryption
// makes 4 bytes of 3, and what stands around the words takes some. JSON writes
// some characters longer, which length counts.
const pieceLength = 40_000

// longLink is how much of a message an address may take; longer ones are no
// use to anybody.
const longLink = 4000

// message is one m.notice: the same words plain and as HTML of the subset that
// clients show (https://spec.matrix.org/v1.16/client-server-api/#mroommessage-msgtypes).
type message struct {
	body string
	html string
}

// render is a part as messages, at least one. All text in it is literal. What
// is too long for one message goes on in the next; nothing is left out.
func render(part briefs.Part) ([]message, error) { return renderWithin(part, pieceLength) }

// renderWithin is render with messages of at most limit bytes, as length
// counts.
func renderWithin(part briefs.Part, limit int) ([]message, error) {
	post, err := bot.PostOf(part)
	if err != nil {
		return nil, briefs.Fault(briefs.ErrInvalid, "matrix: a message cannot be read: %v", err)
	}
	var all []message
	var page []bot.Block
	size := 0
	flush := func() {
		if len(page) > 0 {
			all = append(all, draw(page))
			page, size = nil, 0
		}
	}
	for _, b := range post.Blocks {
		for _, b := range divide(b, limit) {
			n := blockLength(&b)
			if size+n > limit {
				flush()
			}
			page, size = append(page, b), size+n
		}
	}
	flush()
	if len(all) == 0 {
		all = []message{{body: part.Text, html: paragraph(part.Text)}}
	}
	return all, nil
}

// divide cuts a block that is too long for one message.
func divide(b bot.Block, limit int) []bot.Block {
	b.Note = clipNote(b.Note)
	if length(b.Link) > longLink {
		b.Link = ""
	}
	if length(b.URL) > longLink {
		b.URL = ""
	}
	if blockLength(&b) <= limit {
		return []bot.Block{b}
	}
	var out []bot.Block
	for _, text := range cut(b.Text, limit-300-length(b.Note)-3*length(b.Link)-length(b.URL)) {
		piece := b
		piece.Text = text
		out = append(out, piece)
	}
	return out
}

// clipNote bounds what stands in small below a block: names of authors.
func clipNote(s string) string {
	const most = 2000
	if length(s) <= most {
		return s
	}
	return cut(s, most)[0] + "…"
}

// blockLength is how much of a message b takes at most, plain and as HTML.
func blockLength(b *bot.Block) int {
	return 300 + length(b.Text) + length(b.Note) + 3*length(b.Link) + length(b.URL)
}

// length is how much of a message s takes, in bytes.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += runeLength(r)
	}
	return n
}

// runeLength is how long r is, plain and escaped for HTML, both as JSON writes
// them, in bytes.
func runeLength(r rune) int {
	switch r {
	case '<', '>', '&', '\n':
		return 6 + len(`\u003cbr\u003e`)
	case '"', '\'':
		return 2 + len(`\u0026#34;`)
	case '\\':
		return 4
	}
	if turns(r) { // closed puts another behind the text
		return 4 * len(string(r))
	}
	if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
		return 12
	}
	return 2 * len(string(r))
}

// cut divides text into pieces of at most limit bytes, as length counts, at
// a space where there is one in the last third. The pieces joined are text.
func cut(text string, limit int) []string {
	var pieces []string
	for {
		n, space, end := 0, 0, -1
		for i, r := range text {
			if n += runeLength(r); n > limit {
				end = i
				break
			}
			if (r == ' ' || r == '\n') && n > limit*2/3 {
				space = i + 1
			}
		}
		if end < 0 {
			return append(pieces, text)
		}
		if space > 0 {
			end = space
		}
		pieces = append(pieces, text[:end])
		text = text[end:]
	}
}

// draw is blocks as one message.
func draw(blocks []bot.Block) message {
	body := isolated(blocks).Plain()
	var out strings.Builder
	for i := 0; i < len(blocks); i++ {
		b := &blocks[i]
		if b.Kind == bot.BlockItem {
			out.WriteString("<ul>")
			for ; i < len(blocks) && blocks[i].Kind == bot.BlockItem; i++ {
				out.WriteString("<li>" + linked(blocks[i].Link, literal(blocks[i].Text)) + "</li>")
			}
			out.WriteString("</ul>")
			i--
			continue
		}
		drawBlock(&out, b)
		if b.Kind == bot.BlockActions {
			if hint := hints(b.Actions); hint != "" {
				if body != "" {
					body += "\n\n"
				}
				body += hint
				out.WriteString("<p><em>" + literal(hint) + "</em></p>")
			}
		}
	}
	return message{body: body, html: out.String()}
}

// isolated is a post of blocks in which no text turns the direction of what
// stands behind it.
func isolated(blocks []bot.Block) bot.Post {
	p := bot.Post{Blocks: make([]bot.Block, len(blocks))}
	for i, b := range blocks {
		b.Text, b.Note = closed(b.Text), closed(b.Note)
		if harmful(b.Link) {
			b.Link = ""
		}
		p.Blocks[i] = b
	}
	return p
}

func drawBlock(out *strings.Builder, b *bot.Block) {
	mark := ""
	if b.Source > 0 {
		mark = " " + linked(b.Link, fmt.Sprintf("[%d]", b.Source))
	}
	note := ""
	if b.Note != "" {
		note = "<br><em>" + literal(b.Note) + "</em>"
	}
	switch b.Kind {
	case bot.BlockHeading:
		out.WriteString("<h4>" + linked(b.Link, literal(b.Text)) + "</h4>")
	case bot.BlockText:
		out.WriteString("<p>" + linked(b.Link, literal(b.Text)) + note + "</p>")
	case bot.BlockNote:
		out.WriteString("<p><em>" + linked(b.Link, literal(b.Text)) + "</em>" + note + "</p>")
	case bot.BlockLeadIn:
		out.WriteString("<blockquote>“" + literal(b.Text) + "”" + mark + note + "</blockquote>")
	case bot.BlockQuote:
		if b.Source == 0 && b.Link != "" {
			mark = " " + linked(b.Link, "[source]")
		}
		number := ""
		if b.N > 0 {
			number = fmt.Sprintf("<strong>%d</strong> ", b.N)
		}
		nest := min(b.Depth, 4)
		out.WriteString(strings.Repeat("<blockquote>", nest+1) + number + "“" + literal(b.Text) + "”" + mark + note + strings.Repeat("</blockquote>", nest+1))
	case bot.BlockSource:
		out.WriteString("<p>" + fmt.Sprintf("[%d] ", b.N) + linked(b.Link, literal(b.Text)) + note)
		if b.URL != "" && !harmful(b.URL) {
			out.WriteString(" · " + linked(b.URL, "original"))
		}
		out.WriteString("</p>")
	case bot.BlockLiteral:
		out.WriteString("<pre><code>" + html.EscapeString(printable(b.Text)) + "</code></pre>")
	}
}

func paragraph(text string) string { return "<p>" + literal(text) + "</p>" }

// literal is text in HTML: nothing in it is a tag, and lines stay lines.
func literal(text string) string {
	return strings.ReplaceAll(html.EscapeString(printable(closed(text))), "\n", "<br>")
}

// printable leaves out what HTML knows no form for.
func printable(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// linked is a link around HTML, or the HTML where the address is none that may
// be followed.
func linked(address, inner string) string {
	if address == "" || harmful(address) {
		return inner
	}
	return `<a href="` + html.EscapeString(address) + `">` + inner + "</a>"
}

// harmful reports an address that is no page of the Web, or that clients take
// for a person or a room: a link to matrix.to is a mention.
func harmful(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return true
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	return host == "matrix.to" || strings.HasSuffix(host, ".matrix.to")
}

// hints says in words what can be done with an answer.
func hints(actions []bot.Action) string {
	have := map[bot.ActionID]bool{}
	for _, a := range actions {
		have[a.ID] = true
	}
	var parts []string
	if have[bot.ActionMore] {
		parts = append(parts, "“more” in this thread shows the rest")
	}
	if have[bot.ActionWhy] {
		parts = append(parts, "“why this” tells why")
	}
	if have[bot.ActionCite] {
		parts = append(parts, "!cite 1 makes a footnote")
	}
	if have[bot.ActionGood] || have[bot.ActionWrong] {
		parts = append(parts, "👍 or 👎 tells whether it is right")
	}
	return strings.Join(parts, " · ")
}

// closed ends, behind text, what turns the direction of writing within it: so
// that it cannot turn what stands behind (https://www.unicode.org/reports/tr9/).
func closed(text string) string {
	if !strings.ContainsFunc(text, turns) {
		return text
	}
	var open []rune
	for _, r := range text {
		switch {
		case r == '\n':
			open = nil
		case r == '\u202c':
			if n := len(open); n > 0 && open[n-1] == '\u202c' {
				open = open[:n-1]
			}
		case r == '\u2069':
			for i := len(open) - 1; i >= 0; i-- {
				if open[i] == '\u2069' {
					open = open[:i]
					break
				}
			}
		case r >= '\u2066' && r <= '\u2068':
			open = append(open, '\u2069')
		case turns(r):
			open = append(open, '\u202c')
		}
	}
	var out strings.Builder
	out.WriteString(text)
	for i := len(open) - 1; i >= 0; i-- {
		out.WriteRune(open[i])
	}
	return out.String()
}

// turns reports a character that turns the direction until another ends it.
func turns(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' && r != '\u202c' || r >= '\u2066' && r <= '\u2068'
}
