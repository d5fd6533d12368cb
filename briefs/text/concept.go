package text

import (
	_ "embed"
	"strings"
)

// concept is a state, bloc or body with all its names.
type concept struct {
	term, label string
	rule        rule
}

// rule says how a name must be written to count.
type rule uint8

const (
	anyCase  rule = iota
	capitals      // capital first letter
	acronym       // all capitals, or dotted
)

// node is a place in the tree of names, word by word.
type node struct {
	next map[string]*node
	ends bool     // a name ends here
	name *concept // nil: a name that only contains another one
	rule rule
}

type matcher struct {
	s     string
	words []word
	query bool
}

// match finds the longest name that begins at words[i]. n is its length in
// words, 0 when there is none; c is nil for a name that is no concept.
func (m *matcher) match(i int) (n int, c *concept) { return 0, nil }

//go:embed concepts.txt
var conceptTable string

func nameTable() *node { return &node{next: map[string]*node{}} }

// Label returns the display form of a concept term ("_us" → "United
// States"), any other term as it is.
func Label(term string) string { return term }

// Related returns weaker kin of a term: the state that a capital or seat of
// government stands for, and back. Phrases are terms joined by a space. nil
// when there are none.
func Related(term string) []string { return nil }

var _ = strings.Cut
