package summary

import (
	"context"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// work is one brief in the making.
type work struct {
	s      *Summarizer
	r      Request
	pool   *pool
	chosen chosen
	left   int // words that may still be quoted
	items  map[briefs.SectionKind][]item
	fresh  map[*source]bool // first seen in the library since r.Since

	changes  []change
	unquoted []*source // that are new, and of which no sentence had room
}

// item is one point of a section in the making.
type item struct {
	label     string
	sentences []*sentence
	sources   int
	also      []*source
}

// part is how a section is filled: in this order, with this share of the
// words. What one leaves over the key points get.
type part struct {
	kind  briefs.SectionKind
	share float64
	fill  func(w *work, words int) []item
}

// Each section is filled by itself, the rarest evidence first. Shares are by
// judgement.
var parts = []part{
	{briefs.SectionDisagreements, 0.20, (*work).disagreements},
	{briefs.SectionKeyPoints, 0.40, (*work).keyPoints},
	{briefs.SectionNew, 0.20, (*work).news},
	{briefs.SectionTimeline, 0.15, (*work).timeline},
	{briefs.SectionWho, 0.20, (*work).who},
	{briefs.SectionNumbers, 0.10, (*work).numbers},
}

// leastWords is the share below which a section is not begun, in words.
const leastWords = 25

func (s *Summarizer) prepare(ctx context.Context, r Request) (*work, error) {
	if r.Words < 0 {
		return nil, briefs.Fault(briefs.ErrInvalid, "%d words: name a number above 0", r.Words)
	}
	if r.Words == 0 {
		r.Words = DefaultWords
	}
	for _, d := range []briefs.Date{r.From, r.To} {
		if _, err := briefs.ParseDate(string(d)); err != nil {
			return nil, err
		}
	}
	about, err := s.subject(ctx, &r)
	if err != nil {
		return nil, err
	}
	w := &work{s: s, r: r, left: r.Words, items: map[briefs.SectionKind][]item{}}
	if about.words == "" {
		w.pool, err = s.readWhole(ctx, about, &r)
	} else {
		w.pool, err = s.readTopic(ctx, ask.Request{Question: about.words, Scope: about.scope, From: r.From, To: r.To, Publisher: about.publisher}, r.Since)
	}
	if err != nil {
		return nil, err
	}
	w.pool.weigh()
	return w, nil
}

// compose fills the sections.
func (w *work) compose(ctx context.Context) error {
	if err := w.findFresh(ctx); err != nil {
		return err
	}
	if err := w.findChanges(ctx); err != nil {
		return err
	}
	for _, p := range parts {
		words := int(p.share * float64(w.r.Words))
		switch {
		case !w.wants(p.kind):
			continue
		case w.alone(p.kind):
			words = w.left
		case p.kind != briefs.SectionKeyPoints && words < leastWords:
			continue
		}
		w.items[p.kind] = w.spend(p.fill(w, min(words, w.left)))
	}
	if w.wants(briefs.SectionKeyPoints) && w.left > 0 && len(w.pool.sentences) > 0 {
		w.items[briefs.SectionKeyPoints] = append(w.items[briefs.SectionKeyPoints], w.spend(w.keyPoints(w.left))...)
	}
	if w.wants(briefs.SectionGaps) {
		w.items[briefs.SectionGaps] = w.gaps()
	}
	w.agree()
	return nil
}

// tooFewWords is a fault when each sentence on the topic is longer than a
// brief may be: to be silent would say that there is none.
func (w *work) tooFewWords() error {
	shortest := 0
	for _, s := range w.pool.sentences {
		if shortest == 0 || s.words < shortest {
			shortest = s.words
		}
	}
	if shortest <= w.r.Words {
		return nil
	}
	return briefs.Fault(briefs.ErrInvalid, "%d words are too few: the shortest sentence on %q has %d", w.r.Words, strings.TrimSpace(w.r.Topic), shortest)
}

func (w *work) wants(kind briefs.SectionKind) bool {
	return len(w.r.Sections) == 0 || slices.Contains(w.r.Sections, kind)
}

// alone reports whether kind is the only section wanted that quotes.
func (w *work) alone(kind briefs.SectionKind) bool {
	return len(w.r.Sections) > 0 && !slices.ContainsFunc(w.r.Sections, func(k briefs.SectionKind) bool { return k != kind && k != briefs.SectionGaps })
}

// spend takes the words of items from what is left.
func (w *work) spend(items []item) []item {
	for _, it := range items {
		for _, s := range it.sentences {
			w.left -= s.words
		}
	}
	return items
}

// headings are the fixed framing words of the sections, in their order.
var headings = []struct {
	kind briefs.SectionKind
	text string
}{
	{briefs.SectionKeyPoints, "Key points"},
	{briefs.SectionNew, "What is new"},
	{briefs.SectionTimeline, "Timeline"},
	{briefs.SectionWho, "Who says what"},
	{briefs.SectionDisagreements, "Where sources disagree"},
	{briefs.SectionNumbers, "Numbers"},
	{briefs.SectionGaps, "Asked here, and not answered by the library"},
}

// brief numbers what was chosen and cuts the quotes.
func (w *work) brief() (briefs.Brief, error) {
	b := briefs.Brief{Topic: w.r.Topic, Unmentioned: w.pool.unmentioned, From: w.r.From, To: w.r.To, Since: w.r.Since}
	n := numbering{sources: map[briefs.DocumentID]int{}}
	for _, h := range headings {
		items := w.items[h.kind]
		if len(items) == 0 {
			continue
		}
		section := briefs.Section{Kind: h.kind, Heading: h.text}
		for _, it := range items {
			out := briefs.BriefItem{Label: it.label, Sources: it.sources}
			for _, s := range it.sentences {
				c, err := n.cite(s.doc.Document, s.span)
				if err != nil {
					return briefs.Brief{}, err
				}
				out.Quotes = append(out.Quotes, c)
			}
			section.Items = append(section.Items, out)
		}
		b.Sections = append(b.Sections, section)
	}
	for _, c := range w.changes {
		out := briefs.BriefChange{Kind: c.kind, Document: c.document, At: c.at}
		for _, span := range c.brought {
			cit, err := n.cite(c.text, span)
			if err != nil {
				return briefs.Brief{}, err
			}
			out.Quotes = append(out.Quotes, cit)
		}
		b.Changes = append(b.Changes, out)
	}
	for i := range b.Sections { // those that are not quoted come last
		for k := range b.Sections[i].Items {
			for _, src := range w.items[b.Sections[i].Kind][k].also {
				b.Sections[i].Items[k].Also = append(b.Sections[i].Items[k].Also, n.source(src.Document))
			}
			slices.Sort(b.Sections[i].Items[k].Also)
		}
	}
	for _, src := range w.unquoted {
		n.source(src.Document)
	}
	b.Sources = n.list
	return b, nil
}

// numbering numbers quotes and documents in the order in which they come.
type numbering struct {
	quotes  int
	sources map[briefs.DocumentID]int
	list    []briefs.BriefSource
}

func (n *numbering) source(d *briefs.Document) int {
	if n.sources[d.ID] == 0 {
		meta := *d
		meta.Text, meta.Blocks, meta.Enumerations, meta.Passages, meta.Acronyms = "", nil, nil, nil, nil
		n.sources[d.ID] = len(n.list) + 1
		n.list = append(n.list, briefs.BriefSource{N: len(n.list) + 1, Document: meta})
	}
	return n.sources[d.ID]
}

func (n *numbering) cite(d *briefs.Document, span briefs.Span) (briefs.Citation, error) {
	q, err := briefs.NewQuote(d, span)
	if err != nil {
		return briefs.Citation{}, err
	}
	n.quotes++
	source := n.source(d)
	n.list[source-1].Quotes = append(n.list[source-1].Quotes, n.quotes)
	return briefs.Citation{N: n.quotes, Source: source, Quote: q}, nil
}
