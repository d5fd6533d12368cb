package ask

import (
	"context"
	"errors"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// authorRoles are the blocks that may tell who wrote a document, the most
// telling first.
var authorRoles = []briefs.Role{briefs.RoleAuthorNote, briefs.RoleByline, briefs.RoleTitle, briefs.RoleHeading, briefs.RoleParagraph, briefs.RoleChrome}

// author answers who wrote a document: with the note about the author, else
// with the line that names the author. The document is the best for the other words
// of the question, or the one that the answer before quoted first. It stays
// silent when no author is known.
func (s *selection) author(ctx context.Context, ans *briefs.Answer) error {
	d, err := s.aboutDocument(ctx)
	ans.Reason = briefs.NoSentence
	if err != nil || d == nil || d.Author == "" {
		return err
	}
	first, _, _ := strings.Cut(d.Author, ",")
	for _, role := range authorRoles {
		for _, b := range d.Blocks {
			if b.Role != role || !strings.Contains(d.Slice(b.Span), first) {
				continue
			}
			spans := b.Sentences
			if len(spans) == 0 {
				spans = []briefs.Span{{Start: b.Body, End: b.End}}
			}
			for _, span := range spans {
				if !strings.Contains(d.Slice(span), first) {
					continue
				}
				q, err := briefs.NewQuote(d, span)
				if err != nil {
					return err
				}
				ans.Reason = ""
				ans.Quotes = []briefs.Citation{{N: 1, Source: 1, Quote: q, Why: []briefs.Feature{{Name: "names the author", Value: 1}}}}
				return nil
			}
		}
	}
	ans.SeeAlso = []briefs.Document{metadata(d)} // its author is known, but the text does not say so
	return nil
}

// aboutDocument returns the document that a question about authorship means, nil
// when the question tells too little.
func (s *selection) aboutDocument(ctx context.Context) (*briefs.Document, error) {
	topic := 0.0
	for _, t := range s.q.terms {
		if !t.frame && !t.inherited {
			topic += t.weight
		}
	}
	if topic == 0 && s.after != nil && len(s.after.Documents) > 0 {
		return s.earlier(ctx, s.after.Documents[0])
	}
	if topic == 0 || len(s.ranked) == 0 {
		return nil, nil
	}
	var other *briefs.Document // fits but for its outcome
	for i := range s.ranked {
		r := &s.ranked[i]
		known := 0.0
		for t, term := range s.q.terms {
			if !term.frame && !term.inherited {
				known += term.weight * max(r.body[t], r.around[t]/creditTitle)
			}
		}
		d := s.docs[r.hit.Document]
		if known < coveredEnough*topic || d == nil {
			continue
		}
		if s.q.pole(s.asker.lex, strings.Fields(text.Terms(d.Title))) >= 0 {
			return d, nil
		}
		if other == nil {
			other = d
		}
	}
	return other, nil
}

// earlier returns a document that an earlier answer quoted, nil when it is
// gone, of another publisher than asked for, or not in the scope of this
// question any more.
func (s *selection) earlier(ctx context.Context, id briefs.DocumentID) (*briefs.Document, error) {
	d, err := s.asker.lib.Document(ctx, id, 0)
	if errors.Is(err, briefs.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	q := briefs.Query{Scope: s.scope, Publisher: s.publisher, Documents: []briefs.DocumentID{id}, Limit: 1}
	for _, t := range text.Tokens(clip(d.Title+" "+d.Text, visibleBytes)) {
		q.Terms = append(q.Terms, briefs.Term{Forms: []string{t.Term}, Weight: 1})
	}
	hits, err := s.asker.lib.Search(ctx, q)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	return &d, nil
}

// visibleBytes is how much of a document is sought to see whether it is there.
const visibleBytes = 400
