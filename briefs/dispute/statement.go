// Package dispute compares sentences of different documents: whether they say
// nearly the same, or disagree about one thing. It judges by words, numbers
// and dates alone, and when in doubt finds that two do not disagree. Briefs and
// answers show what it finds side by side.
package dispute

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Reader reads sentences. It is made once, never changes, and is safe for
// concurrent use.
type Reader struct {
	opposites map[string][]string
	objecting map[string]bool
	words     *lexicon
}

// NewReader returns a Reader.
func NewReader() *Reader {
	return &Reader{opposites: oppositeTerms(), objecting: objectingTerms(), words: newLexicon()}
}

// Statement is a sentence with what it affirms and denies.
type Statement struct {
	r      *Reader
	text   string
	tokens []text.Token
	terms  map[string]bool // all of them, stop words too

	affirmed  map[string]bool // content terms outside a negation
	denied    map[string]bool // and behind one
	opposites map[string]bool // terms that stand for the opposite of one of its own
	opposed   map[string]bool // and of one of its content terms

	numbers, years, names map[string]bool

	objects   bool // holds a word of objection
	negations int
}

// What a negation reaches, and where an objection to an author stands. By
// judgement over the sample library: few and right rather than many.
const (
	deniedReach   = 4 // terms behind a negation that it denies
	withoutReach  = 1 // and behind "without", which denies one thing, not what is said
	objectedReach = 6 // words behind an author's name within which a negation objects to him
)

var (
	numberWord = regexp.MustCompile(`\d[\d,.]*`)
	yearWord   = regexp.MustCompile(`^(?:1[5-9]|20|21)\d\d$`)
)

// Read reads a sentence. isName tells which terms are names; nil takes those
// that are written with a capital inside of the sentence.
func (r *Reader) Read(sentence string, isName func(term string) bool) *Statement {
	s := &Statement{
		r: r, text: sentence, tokens: text.Tokens(sentence), terms: map[string]bool{}, affirmed: map[string]bool{}, denied: map[string]bool{},
		opposites: map[string]bool{}, opposed: map[string]bool{}, numbers: map[string]bool{}, years: map[string]bool{}, names: map[string]bool{},
	}
	since, reach := 1, 0
	for i, t := range s.tokens {
		s.terms[t.Term] = true
		if isName != nil && isName(t.Term) || isName == nil && !t.Stop && i > 0 && (t.Term[0] == '_' || capital(sentence[t.Start:])) {
			s.names[t.Term] = true
		}
		for _, o := range r.opposites[t.Term] {
			s.opposites[o] = true
		}
		since++
		if text.Negative(t.Term) {
			s.negations++
			since, reach = 0, deniedReach
			if t.Term == "without" {
				reach = withoutReach
			}
		}
		s.objects = s.objects || r.objecting[t.Term]
		if t.Stop {
			continue
		}
		if since <= reach {
			s.denied[t.Term] = true
		} else {
			s.affirmed[t.Term] = true
		}
		for _, o := range r.opposites[t.Term] {
			s.opposed[o] = true
		}
	}
	for _, n := range numberWord.FindAllString(sentence, -1) {
		n = strings.TrimRight(n, ",.")
		s.numbers[n] = true
		if yearWord.MatchString(n) {
			s.years[n] = true
		}
	}
	return s
}

func capital(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(first)
}

// Denies reports whether an odd number of negations stands in s.
func (s *Statement) Denies() bool { return s.negations%2 == 1 }

// Contradicts reports whether s denies what o affirms, or affirms the opposite,
// as far as single words tell. Two that both deny something may well agree.
func (s *Statement) Contradicts(o *Statement) bool {
	for t := range s.denied {
		if o.affirmed[t] && !o.denied[t] && !s.affirmed[t] && !o.Denies() {
			return true
		}
	}
	for t := range s.opposed {
		if o.affirmed[t] && !s.affirmed[t] {
			return true
		}
	}
	return false
}

// ObjectsTo reports whether s names one of authors and objects: anywhere by a
// word of objection, or by a negation soon after the name.
func (s *Statement) ObjectsTo(authors []string) bool {
	return slices.ContainsFunc(authors, func(name string) bool {
		_, behind, found := strings.Cut(s.text, name)
		if !found || s.objects {
			return found
		}
		tokens := text.Tokens(behind)
		return slices.ContainsFunc(tokens[:min(objectedReach, len(tokens))], func(t text.Token) bool { return text.Negative(t.Term) })
	})
}

// Differ reports whether s and o hold opposites, or each a number or a name
// that the other lacks: they may be alike, but do not say the same.
func (s *Statement) Differ(o *Statement) bool {
	for t := range s.opposites {
		if o.terms[t] && !s.terms[t] {
			return true
		}
	}
	return apart(s.numbers, o.numbers) || apart(s.names, o.names)
}

// Elsewhere reports whether s and o are of different years, or name different
// persons, places or bodies: what one says of one, and the other denies of
// another, is no contradiction.
func (s *Statement) Elsewhere(o *Statement) bool {
	return disjoint(s.years, o.years) || disjoint(s.names, o.names)
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

// disjoint reports whether a and b hold something, and nothing in common.
func disjoint(a, b map[string]bool) bool {
	for k := range a {
		if b[k] {
			return false
		}
	}
	return len(a) > 0 && len(b) > 0
}

// Quoted reports whether most of span, which stands in block b of d, is the
// speech of somebody else than the author: a block quotation, or words between
// quotation marks, which may have been opened in an earlier sentence.
func Quoted(d *briefs.Document, b *briefs.Block, span briefs.Span) bool {
	if b == nil {
		return false
	}
	if b.Role == briefs.RoleQuotation {
		return true
	}
	letters, inside := 0, 0 // of span, and those between quotation marks
	open, low := false, false
	for i, r := range d.Slice(b.Span) {
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
		if at := b.Start + i; unicode.IsLetter(r) && at >= span.Start && at < span.End {
			letters++
			if open {
				inside++
			}
		}
	}
	return 2*inside > letters
}
