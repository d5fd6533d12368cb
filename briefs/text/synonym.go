package text

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// synonymTable is a thesaurus written for this project; its head explains
// the form.
//
//go:embed synonyms.txt
var synonymTable string

// thesaurus is the table in index terms; immutable.
type thesaurus struct {
	groups [][]string        // members, in the order of the table, each once
	of     map[string][]int  // member → its groups
	words  map[string]string // member → the word as the table first has it
}

var theThesaurus = sync.OnceValue(func() *thesaurus {
	th := &thesaurus{of: map[string][]int{}, words: map[string]string{}}
	for line := range tableLines(synonymTable) {
		var group []string
		for member := range strings.SplitSeq(line, ",") {
			if t := Terms(member); t != "" && !slices.Contains(group, t) {
				group = append(group, t)
				if th.words[t] == "" {
					th.words[t] = strings.TrimSpace(member)
				}
			}
		}
		for _, t := range group {
			th.of[t] = append(th.of[t], len(th.groups))
		}
		th.groups = append(th.groups, group)
	}
	return th
})

// Synonyms returns the other members of the thesaurus groups that hold terms,
// one index term or several joined by a space, each once, in the order of the
// table; nil when there are none. Close derivations that the stemmer leaves
// apart ("decide", "decision") count as synonyms.
func Synonyms(terms string) []string {
	th := theThesaurus()
	var out []string
	for _, g := range th.of[terms] {
		for _, t := range th.groups[g] {
			if t != terms && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}
