package sqlite

import (
	"strings"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// maxPhrases bounds the phrases of one search, whose cost is the sum of
// theirs; questions have about ten. maxPhraseTerms bounds one phrase.
const (
	maxPhrases     = 64
	maxPhraseTerms = 16
)

// phrases quotes the distinct forms of terms for MATCH, so that nothing in
// them is an operator; empty when nothing is left to seek. Where there are too
// many, first forms win over second ones.
func phrases(terms []briefs.Term) []string {
	var all []string
	seen := make(map[string]bool)
	for depth := 0; len(all) < maxPhrases; depth++ {
		deeper := false
		for _, t := range terms {
			if depth >= len(t.Forms) {
				continue
			}
			deeper = true
			p := phrase(t.Forms[depth])
			if p == "" || seen[p] || len(all) == maxPhrases {
				continue
			}
			seen[p] = true
			all = append(all, p)
		}
		if !deeper {
			break
		}
	}
	return all
}

// phrase quotes the index terms of form; empty when it has none. What the
// index cannot hold separates terms, as its tokenizer does it.
func phrase(form string) string {
	terms := strings.FieldsFunc(form, func(r rune) bool {
		return r < 0x80 && r != '_' && !('a' <= r && r <= 'z') && !('A' <= r && r <= 'Z') && !('0' <= r && r <= '9')
	})
	if len(terms) == 0 {
		return ""
	}
	return `"` + strings.Join(terms[:min(len(terms), maxPhraseTerms)], " ") + `"`
}

// clause is what a phrase asks the packed index for. Capitals are made small, as
// the index has them.
func clause(phrase string) packed.Clause {
	small := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.Trim(phrase, `"`))
	return packed.Clause{Terms: strings.FieldsFunc(small, func(r rune) bool { return r == ' ' })}
}
