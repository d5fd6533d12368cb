package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// quoted is one quote as pages show it.
type quoted struct {
	N        int    // 0 for a lead-in
	ID       string // of its element; empty for a lead-in
	Source   int
	SourceID string // of the element of its source
	Text     string // verbatim
	Href     string // of the reading page, at the quote
	By       []fact // who says it and when, where others disagree
	Why      []reason
	Within   []quoted // one level deeper in the enumeration
}

// group is a run of quotes that one sentence introduces, or none.
type group struct {
	Heading  string // fixed line above it; empty for none
	Disputed bool   // they disagree
	LeadIn   *quoted
	Quotes   []quoted
}

// source is one document that is quoted.
type source struct {
	N  int
	ID string // of its element
	work
	Quotes []anchor // its quotes, ascending
}

// anchor is a place on the same page.
type anchor struct {
	N  int
	ID string
}

// work is a document as pages name it.
type work struct {
	Title    string
	Href     string // of its reading page
	Original string // address of the original; empty when it has none that a reader may open
	By       []fact // author, publisher, date and age, as far as they are known
}

// fact is one of the short texts of a line.
type fact struct {
	Text string
	Date briefs.Date // the same for machines; empty where the text is no date
}

// quoter shows quotes and the documents that they stand in.
type quoter struct {
	at     func(id briefs.DocumentID, revision int, span briefs.Span) string // makes addresses
	now    time.Time
	prefix string // of the ids of elements, where a page has several answers
	alone  bool   // the reader has this page and no other
}

// quoter is one that shows quotes to v.
func (s *Server) quoter(v visitor, prefix string) quoter {
	return quoter{now: s.o.Now(), prefix: prefix, alone: v.linkOnly(), at: func(id briefs.DocumentID, revision int, span briefs.Span) string {
		return s.documentHref(v, id, revision, span)
	}}
}

func (p quoter) quoteAnchor(n int) anchor { return anchor{n, p.prefix + "quote-" + strconv.Itoa(n)} }

func (p quoter) sourceID(n int) string { return p.prefix + "source-" + strconv.Itoa(n) }

func (p quoter) quote(q *briefs.Quote, source int) quoted {
	d := q.Document()
	return quoted{Source: source, SourceID: p.sourceID(source), Text: q.Text(), Href: p.at(d.ID, d.Revision, q.Span())}
}

// deepest is how many levels of an enumeration are shown as such; what lies
// deeper stands on the last one.
const deepest = 4

// groups shows citations in their order, numbers and levels kept.
func (p quoter) groups(citations []briefs.Citation) []group {
	var out []group
	var lead briefs.Span // of the group being filled; empty for none
	var of briefs.DocumentID
	for i, c := range citations {
		var span briefs.Span
		if c.LeadIn != nil {
			span = c.LeadIn.Span()
		}
		head := bot.Heading(citations, i)
		if id := c.Quote.Document().ID; len(out) == 0 || head != "" || span != lead || !span.Empty() && id != of {
			lead, of = span, id
			out = append(out, group{Heading: head, Disputed: c.Dispute > 0})
			if c.LeadIn != nil {
				q := p.quote(c.LeadIn, c.Source)
				out[len(out)-1].LeadIn = &q
			}
		}
		q := p.quote(&c.Quote, c.Source)
		q.N, q.ID = c.N, p.quoteAnchor(c.N).ID
		if c.Dispute > 0 {
			d := c.Quote.Document()
			q.By = p.said(&d)
		}
		for _, f := range c.Why {
			q.Why = append(q.Why, reasonOf(f))
		}
		level := &out[len(out)-1].Quotes
		for depth := 0; depth < min(c.Depth, deepest) && len(*level) > 0; depth++ {
			level = &(*level)[len(*level)-1].Within
		}
		*level = append(*level, q)
	}
	return out
}

// sources lists each source of citations once, by its number, read at its
// first quote.
func (p quoter) sources(citations []briefs.Citation) []source {
	var out []source
	place := map[int]int{} // in out, by number
	for _, c := range citations {
		i, known := place[c.Source]
		if !known {
			d := c.Quote.Document()
			i = len(out)
			place[c.Source] = i
			out = append(out, source{N: c.Source, ID: p.sourceID(c.Source), work: p.work(&d, p.at(d.ID, d.Revision, c.Quote.Span())).onPages(briefs.PageNote(citations, c.Source), c.Quote.Page())})
		}
		out[i].Quotes = append(out[i].Quotes, p.quoteAnchor(c.N))
	}
	slices.SortFunc(out, func(a, b source) int { return a.N - b.N })
	return out
}

// work names d, read at href.
func (p quoter) work(d *briefs.Document, href string) work {
	w := work{Title: oneLine(d.Title), Href: href, Original: webAddress(d.URL)}
	if w.Title == "" {
		w.Title = string(d.ID)
	}
	for _, f := range []fact{{Text: d.Author}, {Text: d.Publisher}, {d.Published.Long(), d.Published}, {Text: d.Published.Age(p.now)}, {Text: d.AlsoNote()}} {
		if f.Text = oneLine(f.Text); f.Text != "" {
			w.By = append(w.By, f)
		}
	}
	return w
}

// said tells who says a quote of d, and when.
func (p quoter) said(d *briefs.Document) (by []fact) {
	for _, f := range []fact{{Text: cmp.Or(d.Author, d.Publisher, d.Title, string(d.ID))}, {d.Published.Long(), d.Published}, {Text: d.Published.Age(p.now)}} {
		if f.Text = oneLine(f.Text); f.Text != "" {
			by = append(by, f)
		}
	}
	return by
}

// onPages is w with the pages of its original that quotes stand on, the first
// of which its address opens.
func (w work) onPages(note string, first int) work {
	if note != "" {
		w.By = append(w.By, fact{Text: note})
		w.Original = briefs.PageAddress(w.Original, first)
	}
	return w
}

// oneLine is s with every run of white space as one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// webAddress is address when it is one of the web, else empty: nothing else
// becomes a link. A name or password in it goes: it is a secret, or looks like
// the host that the link does not lead to.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if u.User != nil {
		u.User = nil
		return u.String()
	}
	return address
}
