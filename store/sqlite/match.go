package sqlite

import (
	"strings"

	"briefdesk/briefs"
)

// maxPhrases bounds the alternatives of one MATCH, whose cost is the sum of
// theirs; questions have about ten. maxPhraseTerms bounds one phrase.
const (
	maxPhrases     = 64
	maxPhraseTerms = 16
)

// matchExpression writes the forms of terms as an FTS5 expression that any of
// them satisfies; empty when nothing is left to seek. Every form is quoted,
// so that nothing in it is an operator. Where there are too many, first forms
// win over second ones.
func matchExpression(terms []briefs.Term) string {
	var b strings.Builder
	seen := make(map[string]bool)
	for depth := 0; len(seen) < maxPhrases; depth++ {
		deeper := false
		for _, t := range terms {
			if depth >= len(t.Forms) {
				continue
			}
			deeper = true
			p := phrase(t.Forms[depth])
			if p == "" || seen[p] || len(seen) == maxPhrases {
				continue
			}
			seen[p] = true
			if b.Len() > 0 {
				b.WriteString(" OR ")
			}
			b.WriteString(p)
		}
		if !deeper {
			break
		}
	}
	return b.String()
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
