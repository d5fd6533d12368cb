package summary

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// comparison tells what sentences cannot both mean. It reads each once.
type comparison struct {
	opposites map[string][]string
	names     map[string]bool // terms that are written with a capital wherever they stand
	read      map[*sentence]*particulars
}

// particulars are what of a sentence must agree with another that says the
// same.
type particulars struct {
	terms, opposites map[string]bool
	numbers, names   map[string]bool
	years            map[string]bool
}

func (p *pool) comparison() *comparison {
	return &comparison{opposites: oppositeTerms(), names: p.properNames(), read: map[*sentence]*particulars{}}
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

var (
	numberWord = regexp.MustCompile(`\d[\d,.]*`)
	yearWord   = regexp.MustCompile(`^(?:1[5-9]|20|21)\d\d$`)
)

func (c *comparison) of(s *sentence) *particulars {
	if p := c.read[s]; p != nil {
		return p
	}
	p := &particulars{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, t := range text.Tokens(s.text) {
		p.terms[t.Term] = true
		if c.names[t.Term] {
			p.names[t.Term] = true
		}
		for _, o := range c.opposites[t.Term] {
			p.opposites[o] = true
		}
	}
	for _, n := range numberWord.FindAllString(s.text, -1) {
		n = strings.TrimRight(n, ",.")
		p.numbers[n] = true
		if yearWord.MatchString(n) {
			p.years[n] = true
		}
	}
	c.read[s] = p
	return p
}

// conflict reports whether a and b hold opposites, or each a number or a name
// that the other lacks: they may be alike, but do not say the same.
func (c *comparison) conflict(a, b *sentence) bool {
	x, y := c.of(a), c.of(b)
	for t := range x.opposites {
		if y.terms[t] && !x.terms[t] {
			return true
		}
	}
	return apart(x.numbers, y.numbers) || apart(x.names, y.names)
}

// apart reports whether each of a and b holds something that the other lacks.
func apart(a, b map[string]bool) bool { return beyond(a, b) && beyond(b, a) }

// beyond reports whether a holds something that b lacks.
func beyond(a, b map[string]bool) bool {
	for k := range a {
		if !b[k] {
			return true
		}
	}
	return false
}

// elsewhere reports whether a and b are of different years, or name different
// persons, places or bodies: what one says of one, and the other denies of
// another, is no contradiction.
func (c *comparison) elsewhere(a, b *sentence) bool {
	x, y := c.of(a), c.of(b)
	return disjoint(x.years, y.years) || disjoint(x.names, y.names)
}

// disjoint reports whether a and b hold something, and nothing in common.
func disjoint(a, b map[string]bool) bool {
	for k := range a {
		if b[k] {
			return false
		}
	}
	return len(a) > 0 && len(b) > 0
}

// quoted reports whether most of s is the speech of somebody else than the
// author of its document: a block quotation, or words between quotation marks,
// which may have been opened in an earlier sentence.
func (s *sentence) quoted() bool {
	if s.role == briefs.RoleQuotation {
		return true
	}
	b := block(s.doc.Document, s.span.Start)
	if b == nil {
		return false
	}
	letters, inside := 0, 0 // of s, and those between quotation marks
	open, low := false, false
	for i, r := range s.doc.Slice(b.Span) {
		switch {
		case r == '“':
			open = !low // „such is the German form“
			low = false
		case r == '„' || r == '«':
			open, low = true, r == '„'
		case r == '”' || r == '»':
			open = false
		case r == '"':
			open = !open
		}
		if at := b.Start + i; unicode.IsLetter(r) && at >= s.span.Start && at < s.span.End {
			letters++
			if open {
				inside++
			}
		}
	}
	return 2*inside > letters
}
