package ask

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// Limits of one answer.
const (
	maxQuotes    = 5    // single sentences shown first; an enumeration is shown whole
	maxMore      = 10   // further sentences offered
	maxNear      = 2    // near misses shown on silence
	nearPool     = 10   // the best sentences that they are chosen from
	maxSeeAlso   = 3    // other documents offered
	readInFull   = 8    // documents that are loaded with their structure
	alsoShare    = 0.8  // a further sentence is shown at this share of the best score (further sentences of clapnq answers are safe from here on)
	moreShare    = 0.6  // or offered at this share
	alsoDocument = 0.75 // a further document is offered at this share of the best passage score
)

// selection chooses the sentences of one answer.
type selection struct {
	asker     *Asker
	q         *question
	m         *matcher
	ranked    []ranked
	after     *Previous
	scope     briefs.Scope
	publisher string
	docs      map[briefs.DocumentID]*briefs.Document
	pool      []scoredSentence // sentences of the loaded documents, best first
}

// scoredSentence is a sentence that may be quoted.
type scoredSentence struct {
	doc     *briefs.Document
	reading *ranked
	sentence
	total float64
}

// load reads the documents of the best passages and scores their sentences
// with their wording at hand.
func (s *selection) load(ctx context.Context) error {
	s.docs = map[briefs.DocumentID]*briefs.Document{}
	for i := range s.ranked {
		r := &s.ranked[i]
		d, ok := s.docs[r.hit.Document]
		if !ok {
			if len(s.docs) == readInFull {
				continue
			}
			doc, err := s.asker.lib.Document(ctx, r.hit.Document, r.hit.Revision)
			if err != nil {
				return err
			}
			d = &doc
			s.docs[r.hit.Document] = d
		}
		texts := make([]string, len(r.hit.Sentences))
		for j, span := range r.hit.Sentences {
			texts[j] = d.Slice(span)
		}
		document := s.found(r.hit.Document)
		r.reading = s.q.read(s.asker.lex, s.m, &r.hit.Passage, texts)
		r.document = document
		for _, sent := range r.sentence {
			if !s.q.admits(&r.reading, &sent, s.after.quoted(d, sent.span)) || !s.quotable(r.hit.Role, d.Slice(sent.span)) || !s.q.corrections && isCorrection(d, sent.span) || isTableHead(d, sent.span) || s.q.sourceForm == sourceView && s.q.source != nil && !s.q.sourceFound && !s.q.namesSource(&sent) {
				continue
			}
			total := sent.score
			if !s.q.without[PassageScore] {
				total += weightPassage * r.score
			}
			s.pool = append(s.pool, scoredSentence{doc: d, reading: r, sentence: sent, total: total})
		}
	}
	slices.SortStableFunc(s.pool, func(a, b scoredSentence) int {
		return cmp.Or(cmp.Compare(b.total, a.total), cmp.Compare(a.reading.hit.ID, b.reading.hit.ID), cmp.Compare(a.span.Start, b.span.Start))
	})
	seen := map[string]bool{}
	s.pool = slices.DeleteFunc(s.pool, func(c scoredSentence) bool {
		t := c.doc.Slice(c.span)
		if seen[t] {
			return true
		}
		seen[t] = true
		return false
	})
	return nil
}

// quotable reports whether a sentence may answer: notes about authors answer
// only questions about people, what was corrected only questions about that, and
// a question is no answer.
func (s *selection) quotable(role briefs.Role, sentence string) bool {
	if role == briefs.RoleByline || role == briefs.RoleAuthorNote {
		return s.q.kind == briefs.KindWho
	}
	return !strings.HasSuffix(sentence, "?")
}

// isCorrection reports whether span stands in a notice of what was corrected.
func isCorrection(d *briefs.Document, span briefs.Span) bool {
	i := d.BlockAt(span.Start)
	return i >= 0 && d.Blocks[i].Role == briefs.RoleCorrection && d.Blocks[i].Contains(span)
}

// isTableHead reports whether span stands in the first row of a table.
func isTableHead(d *briefs.Document, span briefs.Span) bool {
	i := d.BlockAt(span.Start)
	return i >= 0 && d.Blocks[i].Role == briefs.RoleTable && (i == 0 || d.Blocks[i-1].Role != briefs.RoleTable)
}

// fill writes the answer, or the reason for silence with what came nearest.
func (s *selection) fill(ctx context.Context, ans *briefs.Answer) error {
	if s.q.authorship {
		return s.author(ctx, ans)
	}
	if len(s.pool) == 0 {
		ans.Reason = briefs.NoSentence
		return nil
	}
	best := &s.pool[0]
	if l, ok := s.enumeration(best); ok {
		ans.Reason, ans.Enumerated = "", true
		if err := s.quoteEnumeration(ans, l); err != nil {
			return err
		}
		return s.seeAlso(ans, l.doc.ID)
	}
	if !answers(s.q, &best.reading.reading, &best.sentence) {
		ans.Reason = silence(s.q, s.ranked)
		return s.near(ans)
	}
	ans.Reason = ""
	return s.quoteSentences(ans)
}

// enumeration returns the best fitting enumeration of the loaded documents,
// when the question may be answered by one and it fits better than the best
// single sentence.
func (s *selection) enumeration(best *scoredSentence) (ratedEnumeration, bool) {
	var top ratedEnumeration
	if !s.q.wantsEnumeration() || s.q.mass == 0 || s.q.without[Enumerations] {
		return top, false
	}
	var led ratedEnumeration // the best sentence leads it in
	var ids []briefs.DocumentID
	for i := range s.ranked {
		id := s.ranked[i].hit.Document
		if d := s.docs[id]; d != nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
			found := s.found(id)
			for j := range d.Enumerations {
				if !s.q.admitsList(s.m, d, &d.Enumerations[j], s.after) {
					continue
				}
				l := s.q.readEnumeration(s.asker.lex, s.m, d, &d.Enumerations[j], found, spanIn(best, d))
				if top.enum == nil || l.fit > top.fit {
					top = l
				}
				if !s.q.without[LedIn] && d == best.doc && l.ledBy(best.span) {
					led = l
				}
			}
		}
	}
	if top.enum != nil && s.q.kind == briefs.KindWhy && led.enum == nil && s.q.asksOfPoint(best, &top) {
		return top, false
	}
	enough := fitEnough
	if s.q.kind == briefs.KindWhy && best.typed == 0 {
		enough = fitEnoughAlone // the best sentence gives no reason itself
	} else if top.fit < best.covered {
		top.enum = nil
	}
	if top.enum != nil && top.fit >= enough {
		return top, true
	}
	return led, led.enum != nil && answers(s.q, &best.reading.reading, &best.sentence)
}

// found returns the best credit of each term in the passages of a document.
func (s *selection) found(id briefs.DocumentID) []float64 {
	out := make([]float64, s.m.n)
	for i := range s.ranked {
		if s.ranked[i].hit.Document == id {
			join(out, s.ranked[i].body, 1)
		}
	}
	return out
}

func spanIn(c *scoredSentence, d *briefs.Document) briefs.Span {
	if c.doc == d {
		return c.span
	}
	return briefs.Span{Start: -1, End: -1}
}

func (s *selection) quoteEnumeration(ans *briefs.Answer, l ratedEnumeration) error {
	var leadIn *briefs.Quote
	if !l.enum.LeadIn.Empty() {
		q, err := briefs.NewQuote(l.doc, l.enum.LeadIn)
		if err != nil {
			return err
		}
		leadIn = &q
	}
	why := s.explainList(&l)
	for i, it := range l.enum.Items {
		q, err := briefs.NewQuote(l.doc, it.Span)
		if err != nil {
			return err
		}
		c := briefs.Citation{N: i + 1, Source: 1, Quote: q, Depth: it.Depth, Why: why}
		if i == 0 {
			c.LeadIn = leadIn
		}
		ans.Quotes = append(ans.Quotes, c)
	}
	return nil
}

// quoteSentences shows the best sentence and those nearly as good, and offers
// the next ones as more.
func (s *selection) quoteSentences(ans *briefs.Answer) error {
	most := maxQuotes
	if s.q.without[FurtherQuotes] {
		most = 1
	}
	c := s.choose(most)
	if len(c.disputed) == 0 {
		c.shown = s.complete(c.shown)
	}
	c.more = slices.DeleteFunc(c.more, func(x *scoredSentence) bool { return slices.Contains(c.shown, x) })
	number := map[briefs.DocumentID]int{}
	for i, x := range slices.Concat(c.shown, c.more) {
		cit, err := s.cite(x, i+1, number)
		if err != nil {
			return err
		}
		if slices.Contains(c.disputed, x) {
			cit.Dispute = 1
		}
		if i < len(c.shown) {
			ans.Quotes = append(ans.Quotes, cit)
		} else {
			ans.More = append(ans.More, cit)
		}
	}
	return s.seeAlso(ans, "")
}

// near shows the best of what was read, whole sentences before the points of
// lists and other fragments, which tell little by themselves.
func (s *selection) near(ans *briefs.Answer) error {
	var best []*scoredSentence
	for _, whole := range []bool{true, false} {
		for i := range s.pool[:min(nearPool, len(s.pool))] {
			c := &s.pool[i]
			if len(best) > 0 && c.total < alsoShare*best[0].total {
				break
			}
			if len(best) < maxNear && wholeSentence(c.doc.Text[c.span.Start:c.span.End]) == whole {
				best = append(best, c)
			}
		}
		if len(best) > 0 {
			break
		}
	}
	number := map[briefs.DocumentID]int{}
	for i, c := range best {
		cit, err := s.cite(c, i+1, number)
		if err != nil {
			return err
		}
		ans.Near = append(ans.Near, cit)
	}
	return nil
}

// wholeSentence reports whether text begins and ends as a sentence does. A
// script without capitals begins as it likes.
func wholeSentence(text string) bool {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	first, _ := utf8.DecodeRuneInString(text)
	end, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi) || r == '"' || r == '\'' || unicode.IsSpace(r)
	}))
	return text != "" && !unicode.IsLower(first) && unicode.Is(unicode.Sentence_Terminal, end)
}

func (s *selection) cite(c *scoredSentence, n int, number map[briefs.DocumentID]int) (briefs.Citation, error) {
	q, err := briefs.NewQuote(c.doc, c.span)
	if err != nil {
		return briefs.Citation{}, err
	}
	if number[c.doc.ID] == 0 {
		number[c.doc.ID] = len(number) + 1
	}
	return briefs.Citation{N: n, Source: number[c.doc.ID], Quote: q, Why: s.explain(c)}, nil
}

// seeAlso offers documents that are not quoted but come near the best.
func (s *selection) seeAlso(ans *briefs.Answer, quoted briefs.DocumentID) error {
	done := map[briefs.DocumentID]bool{quoted: true}
	for _, c := range ans.Quotes {
		done[c.Quote.Document().ID] = true
	}
	for _, c := range ans.More {
		done[c.Quote.Document().ID] = true
	}
	for i := range s.ranked {
		r := &s.ranked[i]
		d := s.docs[r.hit.Document]
		if d == nil || done[d.ID] || len(ans.SeeAlso) == maxSeeAlso || r.score < alsoDocument*s.ranked[0].score {
			continue
		}
		done[d.ID] = true
		ans.SeeAlso = append(ans.SeeAlso, metadata(d))
	}
	return nil
}

// metadata is d without text and structure.
func metadata(d *briefs.Document) briefs.Document {
	m := *d
	m.Text, m.Blocks, m.Enumerations, m.Passages, m.Acronyms = "", nil, nil, nil, nil
	return m
}
