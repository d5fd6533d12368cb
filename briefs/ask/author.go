package ask

import (
	"context"
	"strings"

	"briefdesk/briefs"
)

// authorRoles are the blocks that may tell who wrote a document, the most
// telling first.
var authorRoles = []briefs.Role{briefs.RoleAuthorNote, briefs.RoleByline, briefs.RoleTitle, briefs.RoleHeading, briefs.RoleParagraph, briefs.RoleChrome}

// author answers who wrote a document: with the note about the author, else
// with the line that names him. The document is the best for the other words
// of the question, or the one that the answer before quoted first. It stays
// silent when no author is known.
func (s *selection) author(ctx context.Context, ans *briefs.Answer) error {
	d, err := s.asked(ctx)
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

// asked returns the document that a question about authorship means, nil
// when the question tells too little.
func (s *selection) asked(ctx context.Context) (*briefs.Document, error) {
	topic := 0.0
	for _, t := range s.q.terms {
		if !t.frame && !t.inherited {
			topic += t.weight
		}
	}
	if topic == 0 && s.after != nil && len(s.after.Documents) > 0 {
		d, err := s.asker.lib.Document(ctx, s.after.Documents[0], 0)
		return &d, err
	}
	if topic == 0 || len(s.ranked) == 0 {
		return nil, nil
	}
	for i := range s.ranked {
		r := &s.ranked[i]
		known := 0.0
		for t, term := range s.q.terms {
			if !term.frame && !term.inherited {
				known += term.weight * max(r.body[t], r.around[t]/creditTitle)
			}
		}
		if known >= coveredEnough*topic {
			return s.docs[r.hit.Document], nil
		}
	}
	return nil, nil
}
