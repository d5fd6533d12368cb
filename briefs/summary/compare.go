package summary

import (
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/dispute"
	"briefdesk/briefs/text"
)

// comparison reads each sentence once, to compare it with others.
type comparison struct {
	names  map[string]bool // terms that are written with a capital wherever they stand
	reader *dispute.Reader
	read   map[*sentence]*dispute.Statement
}

func (p *pool) comparison() *comparison {
	return &comparison{names: p.properNames(), reader: dispute.NewReader(), read: map[*sentence]*dispute.Statement{}}
}

func (c *comparison) of(s *sentence) *dispute.Statement {
	if c.read[s] == nil {
		c.read[s] = c.reader.Read(s.text, func(term string) bool { return c.names[term] })
	}
	return c.read[s]
}

// properNames are the terms that the sentences write with a capital inside of
// a sentence, and never without.
func (p *pool) properNames() map[string]bool {
	names, common := map[string]bool{}, map[string]bool{}
	for _, s := range p.sentences {
		for i, t := range text.Tokens(s.text) {
			first, _ := utf8.DecodeRuneInString(s.text[t.Start:])
			switch {
			case t.Stop:
			case unicode.IsLower(first):
				common[t.Term] = true
			case unicode.IsUpper(first) && i > 0:
				names[t.Term] = true
			}
		}
	}
	for t := range common {
		delete(names, t)
	}
	return names
}

// quoted reports whether most of s is the speech of somebody else than the
// author of its document.
func (s *sentence) quoted() bool {
	var b *briefs.Block
	if i := s.doc.BlockAt(s.span.Start); i >= 0 {
		b = &s.doc.Blocks[i]
	}
	return dispute.Quoted(s.doc.Document, b, s.span)
}
