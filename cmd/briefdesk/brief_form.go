package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

type briefJSON struct {
	Topic       string            `json:"topic"`
	Window      windowJSON        `json:"window"`
	Since       *time.Time        `json:"since,omitempty"`
	Unmentioned []string          `json:"unmentioned"` // words of the topic that nothing found holds
	Sections    []sectionJSON     `json:"sections"`
	Changes     []changeJSON      `json:"changes"`
	Sources     []briefSourceJSON `json:"sources"`
}

type windowJSON struct {
	From briefs.Date `json:"from"`
	To   briefs.Date `json:"to"`
}

type sectionJSON struct {
	Kind    briefs.SectionKind `json:"kind"`
	Heading string             `json:"heading"`
	Items   []itemJSON         `json:"items"`
}

type itemJSON struct {
	Label   string      `json:"label"`
	Sources int         `json:"sources"` // how many say it; 0 where that is not counted
	Also    []int       `json:"also"`    // numbers of those that are not quoted here
	Quotes  []quoteJSON `json:"quotes"`
}

type changeJSON struct {
	Kind     briefs.ChangeKind `json:"kind"`
	Document briefs.DocumentID `json:"document"`
	Title    string            `json:"title"`
	At       *time.Time        `json:"at"`
	Quotes   []quoteJSON       `json:"quotes"`
}

type briefSourceJSON struct {
	N          int               `json:"n"`
	Document   briefs.DocumentID `json:"document"`
	Revision   int               `json:"revision"`
	Title      string            `json:"title"`
	Author     string            `json:"author"`
	Publisher  string            `json:"publisher"`
	Published  briefs.Date       `json:"published"`
	URL        string            `json:"url"`
	Collection string            `json:"collection"`
	Quotes     []int             `json:"quotes"`
}

func briefForm(b *briefs.Brief, at address) briefJSON {
	form := briefJSON{
		Topic: b.Topic, Window: windowJSON{b.From, b.To}, Since: known(b.Since), Unmentioned: append([]string{}, b.Unmentioned...),
		Sections: []sectionJSON{}, Changes: []changeJSON{}, Sources: []briefSourceJSON{},
	}
	for _, s := range b.Sections {
		section := sectionJSON{Kind: s.Kind, Heading: s.Heading, Items: []itemJSON{}}
		for _, it := range s.Items {
			section.Items = append(section.Items, itemJSON{it.Label, it.Sources, append([]int{}, it.Also...), quoteForms(it.Quotes, at, false)})
		}
		form.Sections = append(form.Sections, section)
	}
	for _, c := range b.Changes {
		form.Changes = append(form.Changes, changeJSON{c.Kind, c.Document.ID, c.Document.Title, known(c.At), quoteForms(c.Quotes, at, false)})
	}
	for _, s := range b.Sources {
		d := &s.Document
		form.Sources = append(form.Sources, briefSourceJSON{
			N: s.N, Document: d.ID, Revision: d.Revision, Title: d.Title, Author: d.Author, Publisher: d.Publisher,
			Published: d.Published, URL: d.URL, Collection: d.Collection, Quotes: append([]int{}, s.Quotes...),
		})
	}
	return form
}

// known is t in UTC, nil when it is zero.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// markdownBrief writes b in Markdown. Text of documents is escaped so that a
// renderer shows it as it stands.
func markdownBrief(out io.Writer, b *briefs.Brief, at address) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# %s\n", escapeMarkdown(b.Topic))
	if words := bot.Window(b); words != "" {
		fmt.Fprintf(w, "\n%s\n", words)
	}
	if len(b.Sources) == 0 {
		fmt.Fprintf(w, "\n%s\n", bot.EmptyBrief)
	}
	if words := bot.Unmentioned(b); words != "" {
		fmt.Fprintf(w, "\n%s\n", escapeMarkdown(words))
	}
	quotes := func(cs []briefs.Citation) {
		for _, c := range cs {
			fmt.Fprintf(w, "- “%s” [\\[%d\\]](%s)\n", escapeMarkdown(c.Quote.Text()), c.Source, at(c.Quote))
		}
	}
	for _, s := range b.Sections {
		fmt.Fprintf(w, "\n## %s\n\n", s.Heading)
		for i, it := range s.Items {
			switch {
			case len(it.Quotes) == 0:
				fmt.Fprintf(w, "- %s\n", escapeMarkdown(it.Label))
			case it.Label != "":
				if i > 0 {
					fmt.Fprintln(w)
				}
				fmt.Fprintf(w, "**%s**\n\n", escapeMarkdown(it.Label))
			}
			quotes(it.Quotes)
			if also := alsoWords(&it); also != "" {
				fmt.Fprintf(w, "  (%s)\n", escapeMarkdown(also))
			}
		}
	}
	if len(b.Changes) > 0 {
		fmt.Fprintf(w, "\n## %s\n", bot.Changed)
		for _, c := range b.Changes {
			fmt.Fprintf(w, "\n%s\n\n", escapeMarkdown(changeWords(&c)))
			quotes(c.Quotes)
		}
	}
	if len(b.Sources) > 0 {
		fmt.Fprint(w, "\n## Sources\n\n")
	}
	for _, s := range b.Sources {
		d := &s.Document
		fmt.Fprintf(w, "%d. %s", s.N, escapeMarkdown(joined(title(d), d.Author, d.Publisher, d.Published.Long(), b.PageNote(s.N))))
		if d.URL != "" {
			fmt.Fprintf(w, " · <%s>", strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20").Replace(collapse(clean(d.URL))))
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// escapeMarkdown makes text of others plain text in Markdown, on one line.
func escapeMarkdown(s string) string {
	s = collapse(clean(s))
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>~|&$", r), i == 0 && strings.ContainsRune("#+-=:", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
