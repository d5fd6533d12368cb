package briefs

import (
	"fmt"
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
	Why    []Feature
}

// Feature is one reason why a sentence was chosen.
type Feature struct {
	Name  string
	Value float64
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
	// Expanded lists, for terms of the question as typed, the other forms
	// that were searched.
	Expanded map[string][]string
	// Parts are the answers to the questions that Question asks, in turn, when
	// it asks several; nil for one. Quotes, More, Near and SeeAlso are then
	// theirs, one after the other.
	Parts   []Answer
	Elapsed time.Duration
}

// Gather fills Quotes, More, Near and SeeAlso from the parts, and numbers their
// citations throughout, quotes before what is offered behind them.
func (a *Answer) Gather() {
	a.Quotes, a.More, a.Near, a.SeeAlso = nil, nil, nil, nil
	n := 0
	take := func(to *[]Citation, from []Citation, n *int) {
		for i := range from {
			*n++
			from[i].N = *n
		}
		*to = append(*to, from...)
	}
	for i := range a.Parts {
		take(&a.Quotes, a.Parts[i].Quotes, &n)
	}
	near := 0
	quoted := map[DocumentID]bool{}
	for i := range a.Parts {
		take(&a.More, a.Parts[i].More, &n)
		take(&a.Near, a.Parts[i].Near, &near)
		for _, c := range a.Parts[i].Quotes {
			quoted[c.Quote.doc.ID] = true
		}
	}
	for i := range a.Parts {
		for _, d := range a.Parts[i].SeeAlso {
			if !quoted[d.ID] {
				quoted[d.ID] = true
				a.SeeAlso = append(a.SeeAlso, d)
			}
		}
	}
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
