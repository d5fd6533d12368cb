package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"briefdesk/briefs"
)

// exhibit is an answer as a room shows it, with the numbers of its thread.
type exhibit struct {
	id                 briefs.AnswerID
	question           string
	kind               briefs.Kind
	reason             briefs.Reason // empty when it was answered
	enumerated         bool
	source             *briefs.AskedSource // that the question names; nil for none
	quotes, more, near []briefs.Citation
	seeAlso            []briefs.Document
	parts              []briefs.Answer     // to several questions; their quotes are among quotes
	recorded           bool                // as a gap
	corrected          []briefs.Correction // of a fresh answer
}

// answerID is the id of the answer to the event of a key: the same in every
// attempt.
func answerID(key string) briefs.AnswerID {
	sum := sha256.Sum256([]byte("answer " + key))
	return briefs.AnswerID(hex.EncodeToString(sum[:12]))
}

// thread is what was shown in one thread of a room.
type thread struct {
	shown   []briefs.Shown // oldest first
	numbers map[briefs.DocumentID]int
	next    int // number of a source that is new here
}

// thread reads what was shown where e stands. One without a thread has
// nothing before it.
func (r *Responder) thread(ctx context.Context, e *Event) (*thread, error) {
	t := &thread{numbers: map[briefs.DocumentID]int{}, next: 1}
	if e.Thread == "" || e.Private {
		return t, nil
	}
	var err error
	if t.shown, err = r.o.Answers.ShownIn(ctx, e.Room, e.Thread); err != nil {
		return nil, err
	}
	root, err := r.shownAt(ctx, e.Room, e.Thread) // such as one that was shared to the room
	if err != nil {
		return nil, err
	}
	before := []briefs.Shown{}
	switch {
	case root == nil:
		if before, err = r.briefingAt(ctx, e.Room, e.Thread); err != nil {
			return nil, err
		}
	case len(t.shown) == 0 || t.shown[0].ID != root.ID:
		before = append(before, *root)
	}
	t.shown = append(before, t.shown...)
	t.count()
	return t, nil
}

// count reads the numbers of the sources of t. The topics of a briefing each
// count from 1: a number that two documents have is nobody's from then on.
func (t *thread) count() {
	holder := map[int]briefs.DocumentID{}
	for _, s := range t.shown {
		for _, list := range [][]briefs.ShownQuote{s.Quotes, s.More, s.Near} {
			for _, q := range list {
				if id, ok := holder[q.Source]; ok && id != q.Document {
					delete(t.numbers, id)
				} else {
					holder[q.Source] = q.Document
					t.numbers[q.Document] = q.Source
				}
				t.next = max(t.next, q.Source+1)
			}
		}
	}
}

// shownAt is the answer that a message of a room shows; nil for none.
func (r *Responder) shownAt(ctx context.Context, room briefs.RoomID, receipt string) (*briefs.Shown, error) {
	id, err := r.o.Answers.ShownAt(ctx, room, receipt)
	if err == nil {
		var s briefs.Shown
		if s, err = r.o.Answers.Shown(ctx, id); err == nil && s.Room == room {
			return &s, nil
		}
	}
	if errors.Is(err, briefs.ErrNotFound) {
		err = nil
	}
	return nil, err
}

// briefingAt is the briefing that a message of a room shows, each topic as an
// answer; none for none.
func (r *Responder) briefingAt(ctx context.Context, room briefs.RoomID, receipt string) ([]briefs.Shown, error) {
	if r.o.Briefing == nil {
		return nil, nil
	}
	b, ok, err := r.o.Briefing(ctx, room, receipt)
	if !ok || err != nil {
		return nil, err
	}
	var out []briefs.Shown
	for i := range b.Briefs {
		brief := &b.Briefs[i]
		silent, err := r.unquoted(ctx, brief)
		if err != nil {
			return nil, err
		}
		s := briefs.Shown{Room: room, Thread: receipt, Question: brief.Topic, Kind: briefs.KindTopic, At: b.Posted, Quotes: refs(quotesOf(brief)), Near: refs(silent)}
		if len(s.Quotes) > 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

// unquoted are the sources of b that only say the same as others, each by the
// beginning of its text: their numbers are shown too.
func (r *Responder) unquoted(ctx context.Context, b *briefs.Brief) ([]briefs.Citation, error) {
	var out []briefs.Citation
	for _, s := range b.Sources {
		if len(s.Quotes) > 0 {
			continue
		}
		d, err := r.o.Document(ctx, s.Document.ID, s.Document.Revision)
		if errors.Is(err, briefs.ErrNotFound) || err == nil && len(d.Blocks) == 0 {
			continue
		}
		if err != nil {
			return nil, err
		}
		q, err := briefs.NewQuote(&d, d.Blocks[0].Span)
		if err != nil {
			return nil, err
		}
		out = append(out, briefs.Citation{Source: s.N, Quote: q})
	}
	return out, nil
}

// joined reports whether the bot has posted in the thread of e.
func (r *Responder) joined(ctx context.Context, e *Event) (bool, error) {
	if e.Thread == "" {
		return false, nil
	}
	if posted, err := r.o.Answers.Posted(ctx, e.Room, e.Thread); posted || err != nil {
		return posted, err
	}
	root, err := r.shownAt(ctx, e.Room, e.Thread)
	return root != nil, err
}

// number is the number of a source in the thread.
func (t *thread) number(id briefs.DocumentID) int {
	n, ok := t.numbers[id]
	if !ok {
		n = t.next
		t.numbers[id] = n
		t.next++
	}
	return n
}

// renumber gives citations the numbers that their sources have in the thread.
func (t *thread) renumber(all []briefs.Citation) {
	for i := range all {
		d := all[i].Quote.Document()
		all[i].Source = t.number(d.ID)
	}
}

// last is the latest answer of the thread that fits; nil for none.
func (t *thread) last(fits func(*briefs.Shown) bool) *briefs.Shown {
	for i := len(t.shown) - 1; i >= 0; i-- {
		if fits(&t.shown[i]) {
			return &t.shown[i]
		}
	}
	return nil
}

// previous is what a question in the thread follows up on; nil for nothing.
func (t *thread) previous() *Previous {
	var p *Previous
	for i := max(0, len(t.shown)-maxPrevious); i < len(t.shown); i++ {
		s := &t.shown[i]
		p = &Previous{Question: s.Question, Before: p}
		for _, q := range s.Quotes {
			p.Quotes = append(p.Quotes, q.Ref)
			if !slices.Contains(p.Documents, q.Document) {
				p.Documents = append(p.Documents, q.Document)
			}
		}
	}
	return p
}

// maxPrevious is how many answers of a thread a question may look back to.
const maxPrevious = 6

// record is x as it is kept.
func (r *Responder) record(x *exhibit, at briefs.Place, asker string) *briefs.Shown {
	s := &briefs.Shown{
		ID: x.id, Room: at.Room, Thread: at.Thread, Asker: asker, Question: x.question, Kind: x.kind, Reason: x.reason, Enumerated: x.enumerated, Source: x.source,
		At: r.o.Now().UTC(), Quotes: refs(x.quotes), More: refs(x.more), Near: refs(x.near),
	}
	for i := range x.parts {
		p := &x.parts[i]
		s.Parts = append(s.Parts, briefs.ShownPart{Question: p.Question, Kind: p.Kind, Reason: p.Reason, Enumerated: p.Enumerated, Source: p.Source, Quotes: numbersOf(p.Quotes)})
	}
	if at.Only != "" { // others in the thread do not see it
		s.Thread = ""
	}
	return s
}

func numbersOf(all []briefs.Citation) []int {
	var out []int
	for _, c := range all {
		out = append(out, c.N)
	}
	return out
}

func refs(all []briefs.Citation) []briefs.ShownQuote {
	var out []briefs.ShownQuote
	for _, c := range all {
		d := c.Quote.Document()
		q := briefs.ShownQuote{N: c.N, Source: c.Source, Ref: briefs.Ref{Document: d.ID, Revision: d.Revision, Span: c.Quote.Span()}, Depth: c.Depth, Dispute: c.Dispute, Why: c.Why}
		if c.LeadIn != nil {
			span := c.LeadIn.Span()
			q.LeadIn = &span
		}
		out = append(out, q)
	}
	return out
}

// exhibit reads what was shown again, as far as g still sees it.
func (r *Responder) exhibit(ctx context.Context, s *briefs.Shown, g *Grant) (*exhibit, error) {
	x := &exhibit{id: s.ID, question: s.Question, kind: s.Kind, reason: s.Reason, enumerated: s.Enumerated, source: s.Source}
	read := reader{document: r.o.Document, scope: g.Scope}
	var err error
	for _, list := range []struct {
		from []briefs.ShownQuote
		to   *[]briefs.Citation
	}{{s.Quotes, &x.quotes}, {s.More, &x.more}, {s.Near, &x.near}} {
		if *list.to, err = read.citations(ctx, list.from); err != nil {
			return nil, err
		}
	}
	for _, p := range s.Parts {
		part := briefs.Answer{Question: p.Question, Kind: p.Kind, Reason: p.Reason, Enumerated: p.Enumerated, Source: p.Source}
		for _, c := range x.quotes {
			if slices.Contains(p.Quotes, c.N) {
				part.Quotes = append(part.Quotes, c)
			}
		}
		x.parts = append(x.parts, part)
	}
	return x, nil
}

// reader reads quotes by reference, each document once.
type reader struct {
	document func(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
	scope    briefs.Scope
	have     map[briefs.Ref]*briefs.Document // by id and revision; nil for one that may not be shown
}

func (r *reader) citations(ctx context.Context, all []briefs.ShownQuote) ([]briefs.Citation, error) {
	var out []briefs.Citation
	for _, s := range all {
		d, err := r.read(ctx, s.Ref)
		if err != nil {
			return nil, err
		}
		if d == nil {
			continue
		}
		c := briefs.Citation{N: s.N, Source: s.Source, Depth: s.Depth, Dispute: s.Dispute, Why: s.Why}
		if c.Quote, err = briefs.NewQuote(d, s.Span); err != nil {
			return nil, err
		}
		if s.LeadIn != nil {
			lead, err := briefs.NewQuote(d, *s.LeadIn)
			if err != nil {
				return nil, err
			}
			c.LeadIn = &lead
		}
		out = append(out, c)
	}
	return out, nil
}

// read returns the document of ref, or nil for one that is gone, or that the
// scope does not see.
func (r *reader) read(ctx context.Context, ref briefs.Ref) (*briefs.Document, error) {
	key := briefs.Ref{Document: ref.Document, Revision: ref.Revision}
	if d, ok := r.have[key]; ok {
		return d, nil
	}
	if r.have == nil {
		r.have = map[briefs.Ref]*briefs.Document{}
	}
	d, err := r.document(ctx, ref.Document, ref.Revision)
	switch {
	case errors.Is(err, briefs.ErrNotFound):
	case err != nil:
		return nil, err
	case !d.Withdrawn && r.scope.Sees(d.Collection):
		r.have[key] = &d
		return &d, nil
	}
	r.have[key] = nil
	return nil, nil
}
