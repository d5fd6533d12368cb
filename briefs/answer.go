package briefs

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// Kind is what sort of answer a question wants.
type Kind string

// The kinds of question.
const (
	KindWhy     Kind = "why"
	KindWhat    Kind = "what"
	KindWho     Kind = "who"
	KindWhen    Kind = "when"
	KindWhere   Kind = "where"
	KindHow     Kind = "how"
	KindHowMany Kind = "how_many"
	KindList    Kind = "list"
	KindCompare Kind = "compare"
	KindYesNo   Kind = "yes_no"
	KindTopic   Kind = "topic"
)

// Reason says why the library stayed silent; empty when it answered.
type Reason string

// The reasons for silence.
const (
	NoHits      Reason = "no_hits"      // no passage holds any word of the question
	LowCoverage Reason = "low_coverage" // passages exist, but too little of the question is in them
	NoSentence  Reason = "no_sentence"  // the passages fit, but no sentence answers
)

// Quote is a verbatim span of one document revision. NewQuote is the only
// way to make one, so an invented quotation cannot be built.
type Quote struct {
	text string
	span Span
	doc  Document // metadata only: no Text, Blocks, Enumerations or Passages
	page int
}

// NewQuote slices span out of d. It returns ErrInvalid when the span is
// empty, outside the text, or cuts a UTF-8 sequence.
func NewQuote(d *Document, span Span) (Quote, error) {
	if span.Start < 0 || span.Empty() || span.End > len(d.Text) {
		return Quote{}, fmt.Errorf("quote %s [%d,%d): %w", d.ID, span.Start, span.End, ErrInvalid)
	}
	text := d.Text[span.Start:span.End]
	if !utf8.RuneStart(text[0]) || (span.End < len(d.Text) && !utf8.RuneStart(d.Text[span.End])) {
		return Quote{}, fmt.Errorf("quote %s [%d,%d) cuts a character: %w", d.ID, span.Start, span.End, ErrInvalid)
	}
	meta := *d
	meta.Text, meta.Blocks, meta.Enumerations, meta.Pages, meta.Passages, meta.Acronyms = "", nil, nil, nil, nil, nil
	return Quote{text: text, span: span, doc: meta, page: d.Page(span.Start)}, nil
}

// Text is the quoted bytes, unescaped.
func (q Quote) Text() string { return q.text }

// Span is where the quote stands in the text of its revision.
func (q Quote) Span() Span { return q.span }

// Document is the metadata of the quoted revision, without its text.
func (q Quote) Document() Document { return q.doc }

// Page is the page of the original, from 1; 0 when it has none.
func (q Quote) Page() int { return q.page }

// Citation is a quote at its place in an answer.
type Citation struct {
	N      int // from 1, in the order shown
	Source int // numbers the documents of the answer, from 1
	Quote  Quote
	LeadIn *Quote // what introduces an enumeration; nil when the quote stands alone
	Depth  int    // nesting depth inside its enumeration, 0 outermost
	// Dispute numbers the disagreement of sources that it is part of, from 1 in
	// each answer to one question; 0 for none. Those of one stand together, the
	// newest last.
	Dispute int
	Why     []Feature
}

// Feature is one reason why a sentence was chosen.
type Feature struct {
	Name  string
	Value float64
	Note  string `json:",omitempty"` // which words it is about; empty where that says nothing
}

// Weight is a word of a question with its share in what is asked, all of them 1.
type Weight struct {
	Word  string
	Share float64
}

// Answer is the result of a question: quotes, or a reason for silence with
// the nearest sentences. Silence is a result, not an error.
type Answer struct {
	Question string
	Kind     Kind
	Reason   Reason     // empty when answered
	Quotes   []Citation // what is shown first; empty when Reason is set
	More     []Citation // further sentences, offered behind "more"; numbered after Quotes
	Near     []Citation // on silence: nearest, but not an answer; numbered from 1
	SeeAlso  []Document // offered, never mixed in; metadata only
	// Enumerated reports that Quotes are one document's enumeration, whole
	// and in order.
	Enumerated bool
	// Source is the one that the question names ("according to X"); nil for
	// none. Of one that the library has something of, only that answers.
	Source *AskedSource
	// Expanded lists, for terms of the question as typed, the other forms
	// that were searched.
	Expanded map[string][]string
	// Weights are the words of the question that were searched, in order.
	Weights []Weight
	// Corrected are the words of the question that were read as others.
	Corrected []Correction
	// Parts are the answers to the questions that Question asks, in turn, when
	// it asks several; nil for one. Quotes, More, Near and SeeAlso are then
	// theirs, one after the other.
	Parts   []Answer
	Elapsed time.Duration
}

// AskedSource is a source that a question names.
type AskedSource struct {
	Name  string // as typed
	Found bool   // the library has something written or published by it
}

// Gather fills Quotes, More, Near and SeeAlso from the parts, and numbers their
// citations and sources throughout, quotes before what is offered behind them.
// What several parts quote has one number, and stands in Quotes or More once.
// Near is empty when any part has an answer.
func (a *Answer) Gather() {
	a.Quotes, a.More, a.Near, a.SeeAlso = nil, nil, nil, nil
	shown, near := newNumbering(), newNumbering()
	disputes := 0
	for i := range a.Parts {
		p := &a.Parts[i]
		most := 0 // disagreements of each part are numbered after those before it
		for k := range p.Quotes {
			if c := &p.Quotes[k]; c.Dispute > 0 {
				most = max(most, c.Dispute)
				c.Dispute += disputes
			}
		}
		disputes += most
		a.Quotes = shown.take(a.Quotes, p.Quotes)
		if p.Answered() {
			a.Reason = ""
		}
	}
	for i := range a.Parts {
		p := &a.Parts[i]
		p.More = shown.fresh(p.More)
		a.More = shown.take(a.More, p.More)
		if a.Answered() {
			newNumbering().take(nil, p.Near)
		} else {
			a.Near = near.take(a.Near, p.Near)
		}
	}
	for i := range a.Parts {
		for _, d := range a.Parts[i].SeeAlso {
			seen := func(other Document) bool { return other.ID == d.ID }
			if shown.sources[d.ID] == 0 && !slices.ContainsFunc(a.SeeAlso, seen) {
				a.SeeAlso = append(a.SeeAlso, d)
			}
		}
	}
}

// numbering numbers the citations and the documents of one list.
type numbering struct {
	quotes  map[numbered]int
	sources map[DocumentID]int
}

// numbered is what tells two quotes apart.
type numbered struct {
	document DocumentID
	revision int
	span     Span
}

func newNumbering() *numbering {
	return &numbering{map[numbered]int{}, map[DocumentID]int{}}
}

func (n *numbering) key(c *Citation) numbered {
	return numbered{c.Quote.doc.ID, c.Quote.doc.Revision, c.Quote.span}
}

// take numbers the citations of from, and appends to to those that had no
// number yet.
func (n *numbering) take(to, from []Citation) []Citation {
	for i := range from {
		c := &from[i]
		key := n.key(c)
		known := n.quotes[key] > 0
		if !known {
			n.quotes[key] = len(n.quotes) + 1
		}
		if n.sources[key.document] == 0 {
			n.sources[key.document] = len(n.sources) + 1
		}
		c.N, c.Source = n.quotes[key], n.sources[key.document]
		if !known {
			to = append(to, *c)
		}
	}
	return to
}

// fresh returns the citations of from that have no number yet.
func (n *numbering) fresh(from []Citation) []Citation {
	return slices.DeleteFunc(from, func(c Citation) bool { return n.quotes[n.key(&c)] > 0 })
}

// Correction is a word of a question that no document in its scope holds, read
// as the nearest that one does.
type Correction struct {
	Typed, Read string
}

// Answered reports whether the library answered.
func (a *Answer) Answered() bool { return a.Reason == "" }

// Gap is a question that the library could not answer.
type Gap struct {
	Question string
	Reason   Reason
	Room     string // empty for the command line
	First    time.Time
	Last     time.Time
	Count    int // how often it was asked
}
