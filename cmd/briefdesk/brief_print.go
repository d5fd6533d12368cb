package main

import (
	"fmt"
	"io"
	"strings"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/cite"
)

func (a *app) printBrief(b *briefs.Brief, at address, format string) error {
	switch format {
	case formatJSON:
		return writeJSON(a.stdout, briefForm(b, at))
	case formatMD:
		return markdownBrief(a.stdout, b, at)
	case formatRIS:
		for _, s := range b.Sources {
			if _, err := io.WriteString(a.stdout, cite.RIS(&s.Document, cite.Options{Accessed: a.now()})); err != nil {
				return err
			}
		}
		return nil
	}
	p := printer{view: a.view, w: a.stdout, address: at, now: a.now()}
	p.brief(b)
	return nil
}

// brief prints b for a person, with the marks and the source list of answer.
func (p *printer) brief(b *briefs.Brief) {
	topic := p.paragraph("", strings.TrimRight(cell(b.Topic, longestQuestion), " "))
	fmt.Fprint(p.w, "\n", p.bold(strings.TrimSuffix(topic, "\n")), "\n")
	if w := bot.Window(b); w != "" {
		fmt.Fprint(p.w, p.paragraph(" ", w))
	}
	if len(b.Sources) == 0 {
		fmt.Fprintf(p.w, "\n %s\n", bot.EmptyBrief)
	}
	if words := bot.Unmentioned(b); words != "" {
		fmt.Fprint(p.w, p.paragraph(" ", words))
	}
	for _, s := range b.Sections {
		fmt.Fprintf(p.w, "\n %s\n", p.bold(s.Heading))
		for i, it := range s.Items {
			p.item(s.Kind, &it, i == 0)
		}
	}
	if len(b.Changes) > 0 {
		fmt.Fprintf(p.w, "\n %s\n", p.bold(bot.Changed))
		for _, c := range b.Changes {
			fmt.Fprint(p.w, "\n", p.paragraph("     ", changeWords(&c)))
			p.quotes(c.Quotes)
		}
	}
	var shown []briefs.Citation
	for _, s := range b.Sections {
		for _, it := range s.Items {
			shown = append(shown, it.Quotes...)
		}
	}
	for _, c := range b.Changes {
		shown = append(shown, c.Quotes...)
	}
	p.sources(shown)
	for _, s := range b.Sources {
		if len(s.Quotes) == 0 {
			fmt.Fprint(p.w, "\n", p.paragraph(fmt.Sprintf(" [%d] ", s.N), title(&s.Document)))
			if by := p.byline(&s.Document); by != "" {
				fmt.Fprint(p.w, p.paragraph("     ", by))
			}
		}
	}
}

// item prints one point: its label above its quotes, what else says it below.
func (p *printer) item(kind briefs.SectionKind, it *briefs.BriefItem, first bool) {
	if first || it.Label != "" && len(it.Quotes) > 0 {
		fmt.Fprintln(p.w)
	}
	if it.Label != "" {
		fmt.Fprint(p.w, p.paragraph("     ", it.Label))
	}
	p.quotes(it.Quotes)
	if also := alsoWords(it); also != "" && kind == briefs.SectionKeyPoints {
		fmt.Fprint(p.w, p.dim(p.paragraph("     ", also)))
	}
}

// changeWords tell what became of a document.
func changeWords(c *briefs.BriefChange) string {
	what := "Withdrawn:"
	if c.Kind == briefs.ChangeCorrected {
		what = "Corrected:"
	}
	words := what + " " + title(&c.Document)
	if !c.At.IsZero() {
		words += " · " + c.At.UTC().Format("2 January 2006")
	}
	if c.Kind == briefs.ChangeCorrected && len(c.Quotes) > 0 {
		words += ". It now says:"
	}
	return words
}

// alsoWords tell who else says a point; empty for one source.
func alsoWords(it *briefs.BriefItem) string {
	if len(it.Also) == 0 {
		return ""
	}
	marks := make([]string, len(it.Also))
	for i, n := range it.Also {
		marks[i] = fmt.Sprintf("[%d]", n)
	}
	return fmt.Sprintf("%s say this; also %s", count(it.Sources, "source"), strings.Join(marks, " "))
}
