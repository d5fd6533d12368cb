package text

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// conceptTable lists states, blocs and bodies; facts gathered for this
// project. Its head explains the form.
//
//go:embed concepts.txt
var conceptTable string

// rule says how a name must be written to count.
type rule uint8

const (
	needCapital rule = 1 << iota // begins with a capital
	needUpper                    // all capitals, or dotted
	needContext                  // without capitals, only where it must be the state
	exact                        // as written, in questions too
)

// node is a place in the tree of names, word by word in lower case.
type node struct {
	next map[string]*node
	ends bool   // a name ends here
	term string // its concept; empty for a name that merely contains another
	rule rule
}

func (n *node) child(w string) *node {
	c := n.next[w]
	if c == nil {
		c = &node{next: map[string]*node{}}
		n.next[w] = c
	}
	return c
}

// entry is one line of the table.
type entry struct {
	code, label    string // empty where names merely contain another one
	names, related []string
}

func conceptEntries() []entry {
	var all []entry
	for line := range tableLines(conceptTable) {
		if names, ok := strings.CutPrefix(line, "- "); ok {
			all = append(all, entry{names: splitTrim(names, ";")})
			continue
		}
		f := append(splitTrim(line, "|"), "", "", "", "")
		all = append(all, entry{f[0], f[1], splitTrim(f[2], ";"), splitTrim(f[3], ";")})
	}
	return all
}

// splitTrim cuts s at sep and leaves out empty parts at the end.
func splitTrim(s, sep string) []string {
	parts := strings.Split(s, sep)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts
}

// nameTable builds the tree of names. words cuts a name into word forms.
func nameTable(words func(string) []string) *node {
	root := &node{next: map[string]*node{}}
	for _, e := range conceptEntries() {
		for _, name := range e.names {
			name, r := nameRule(name)
			at := root
			for _, w := range words(name) {
				at = at.child(w)
			}
			if at.ends || at == root {
				continue // the first line wins
			}
			at.ends, at.rule = true, r
			if e.code != "" {
				at.term = "_" + e.code
			}
		}
	}
	return root
}

// nameRule takes the marks off a name of the table.
func nameRule(name string) (string, rule) {
	var r rule
	for {
		switch name[0] {
		case '^':
			r |= needCapital
		case '!':
			r |= needUpper
		case '?':
			r |= needContext
		case '=':
			r |= exact
		default:
			return name, r
		}
		name = name[1:]
	}
}

// kinship is what Label and Related look up; immutable.
type kinship struct {
	label   map[string]string   // concept term, or terms of kin → display form
	related map[string][]string // terms → kin, in the order of the table
}

var theKinship = sync.OnceValue(func() *kinship {
	k := &kinship{label: map[string]string{}, related: map[string][]string{}}
	for _, e := range conceptEntries() {
		if e.code == "" {
			continue
		}
		concept := "_" + e.code
		k.label[concept] = e.label
		for _, r := range e.related {
			if r[0] != '_' {
				name := r
				r = Terms(name)
				if k.label[r] == "" {
					k.label[r] = name
				}
			}
			k.related[concept] = append(k.related[concept], r)
			k.related[r] = append(k.related[r], concept)
		}
	}
	return k
})

// Label returns the display form of a concept term ("_us" → "United
// States"), or of what Related ("westminst" → "Westminster") or Synonyms
// ("replac" → "replace") returned, phrases included, and any other term as it
// is.
func Label(term string) string {
	if l, ok := theKinship().label[term]; ok {
		return l
	}
	if w, ok := theThesaurus().words[term]; ok {
		return w
	}
	return term
}

// Related returns weaker kin of a term: the state that a capital or a seat of
// government stands for ("beijing" → "_cn"), and back. Members of several
// words are terms joined by a space. In the order of the table, nil when there
// are none.
func Related(term string) []string { return slices.Clone(theKinship().related[term]) }
