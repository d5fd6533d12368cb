package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// printer renders answers for a person: the quotes first, each source once.
// Only the framing words are ours.
type printer struct {
	view
	w       io.Writer
	address address
	now     time.Time
	more    bool // show what is behind "more" too
	explain bool
	gap     string // what to say after silence; "" for nothing
}

// longestQuestion is how much of a question is repeated above its answer, in
// columns: some lines.
const longestQuestion = 400

func (p *printer) answer(ans *briefs.Answer) {
	question := p.paragraph("", strings.TrimRight(cell(ans.Question, longestQuestion), " "))
	fmt.Fprint(p.w, "\n", p.bold(strings.TrimSuffix(question, "\n")), "\n\n")
	if say := bot.SearchedFor(ans.Corrected); say != "" {
		fmt.Fprint(p.w, p.paragraph(" ", say), "\n")
	}
	shown := ans.Quotes
	if ans.Answered() {
		if p.more {
			shown = append(shown[:len(shown):len(shown)], ans.More...)
		}
		switch frame := bot.Framing(ans); {
		case len(ans.Parts) > 0:
			p.parts(ans)
		case frame != "":
			fmt.Fprint(p.w, p.paragraph(" ", frame), "\n")
			fallthrough
		default:
			p.quotes(shown)
		}
	} else {
		shown = ans.Near
		p.silence(ans)
	}
	p.sources(shown)
	if ans.Answered() {
		if n := len(ans.More); n > 0 && !p.more {
			fmt.Fprintf(p.w, "\n %s: ask again with --more\n", count(n, "more sentence"))
		}
	}
	p.seeAlso(ans.SeeAlso)
	if p.explain {
		p.explanation(ans, shown)
	}
}

// parts prints the answers to several questions, each under its own.
func (p *printer) parts(ans *briefs.Answer) {
	for i := range ans.Parts {
		part := &ans.Parts[i]
		if i > 0 {
			fmt.Fprintln(p.w)
		}
		question := p.paragraph(" ", strings.TrimRight(cell(part.Question, longestQuestion), " "))
		fmt.Fprint(p.w, p.bold(strings.TrimSuffix(question, "\n")), "\n")
		if !part.Answered() {
			fmt.Fprint(p.w, p.paragraph(" ", bot.Silent(part.Source)))
			continue
		}
		if frame := bot.Framing(part); frame != "" {
			fmt.Fprint(p.w, p.paragraph(" ", frame))
		}
		p.quotes(part.Quotes)
	}
	if p.more && len(ans.More) > 0 {
		fmt.Fprintln(p.w)
		p.quotes(ans.More)
	}
}

func (p *printer) quotes(citations []briefs.Citation) {
	var lead briefs.Span
	var of briefs.DocumentID
	for i, c := range citations {
		if head := bot.Heading(citations, i); head != "" {
			if i > 0 {
				fmt.Fprintln(p.w)
			}
			fmt.Fprintf(p.w, " %s\n\n", head)
		}
		if c.LeadIn != nil && (c.LeadIn.Span() != lead || c.Quote.Document().ID != of) {
			lead, of = c.LeadIn.Span(), c.Quote.Document().ID
			p.quote("     ", c.Source, *c.LeadIn)
		}
		p.quote(fmt.Sprintf("%s%3d  ", strings.Repeat("   ", min(c.Depth, 4)), c.N), c.Source, c.Quote)
		if by := bot.Disputed(&c, p.now); by != "" {
			fmt.Fprint(p.w, p.paragraph("     ", by))
		}
	}
}

// quote prints the whole quote between quotation marks, then its source.
func (p *printer) quote(lead string, source int, q briefs.Quote) {
	mark := fmt.Sprintf("[%d]", source)
	text := p.paragraph(lead, "“"+q.Text()+"” "+mark)
	body := strings.TrimSuffix(text, mark+"\n")
	fmt.Fprint(p.w, body, p.cyan(p.hyperlink(p.address(q), mark)), "\n")
}

func (p *printer) silence(ans *briefs.Answer) {
	fmt.Fprint(p.w, p.paragraph(" ", bot.Silent(ans.Source)))
	if len(ans.Near) > 0 {
		fmt.Fprintf(p.w, " %s\n\n", bot.Nearest)
		p.quotes(ans.Near)
	}
	if p.gap != "" {
		if len(ans.Near) > 0 {
			fmt.Fprintln(p.w)
		}
		fmt.Fprint(p.w, p.paragraph(" ", p.gap))
	}
}

// sources lists each source once, under the number that its quotes carry,
// with the link of the first of them.
func (p *printer) sources(citations []briefs.Citation) {
	seen := map[int]bool{}
	for _, c := range citations {
		if seen[c.Source] {
			continue
		}
		seen[c.Source] = true
		d := c.Quote.Document()
		fmt.Fprint(p.w, "\n", p.paragraph(fmt.Sprintf(" [%d] ", c.Source), title(&d)))
		if by := joined(p.byline(&d), briefs.PageNote(citations, c.Source)); by != "" {
			fmt.Fprint(p.w, p.paragraph("     ", by))
		}
		if address := collapse(clean(briefs.PageAddress(d.URL, c.Quote.Page()))); address != "" {
			fmt.Fprint(p.w, "     ", p.dim(address), "\n")
		}
		fmt.Fprint(p.w, "     ", p.dim(p.address(c.Quote)), "\n")
	}
}

func (p *printer) seeAlso(documents []briefs.Document) {
	for i, d := range documents {
		lead := "           "
		if i == 0 {
			fmt.Fprintln(p.w)
			lead = " " + bot.SeeAlso + " "
		}
		fmt.Fprint(p.w, p.paragraph(lead, joined(title(&d), d.Author, d.Published.Long(), d.Published.Age(p.now))))
	}
}

func (p *printer) byline(d *briefs.Document) string {
	return joined(d.Author, d.Publisher, d.Published.Long(), d.Published.Age(p.now), d.AlsoNote())
}

// title is the title of d, or its id where it has none.
func title(d *briefs.Document) string {
	if t := collapse(clean(d.Title)); t != "" {
		return t
	}
	return collapse(clean(string(d.ID)))
}

// joined writes what is known of parts, separated by a middle dot.
func joined(parts ...string) string {
	var known []string
	for _, p := range parts {
		if p = collapse(clean(p)); p != "" {
			known = append(known, p)
		}
	}
	return strings.Join(known, " · ")
}

// count writes "1 sentence", "2 sentences".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
