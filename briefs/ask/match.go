package ask

import "strings"

// matcher finds the terms of a question in runs of index terms.
type matcher struct {
	n       int
	byFirst map[string][]formMatch
}

type formMatch struct {
	term   int
	rest   []string
	credit float64
}

func newMatcher(ts []term) *matcher {
	m := &matcher{n: len(ts), byFirst: map[string][]formMatch{}}
	for i, t := range ts {
		for _, f := range t.forms {
			m.byFirst[f.words[0]] = append(m.byFirst[f.words[0]], formMatch{i, f.words[1:], f.credit})
		}
	}
	return m
}

// match returns for each term of the question the best credit of a form of
// it in terms (index terms in order), 0 where none stands.
func (m *matcher) match(terms []string) []float64 { return m.count(terms, nil) }

// count is match and counts in counts, when not nil, the occurrences of the
// terms themselves and of their acronyms. Synonyms do not count: in the score
// of whole passages they cost more than they bring (docs/quality.md).
func (m *matcher) count(terms []string, counts []float64) []float64 {
	out := make([]float64, m.n)
	for i, t := range terms {
		for _, c := range m.byFirst[t] {
			if !follows(terms[i+1:], c.rest) {
				continue
			}
			out[c.term] = max(out[c.term], c.credit)
			if counts != nil && c.credit == 1 {
				counts[c.term]++
			}
		}
	}
	return out
}

// matchLine is match over terms separated by spaces.
func (m *matcher) matchLine(terms string) []float64 {
	if terms == "" {
		return make([]float64, m.n)
	}
	return m.match(strings.Split(terms, " "))
}

func follows(terms, rest []string) bool {
	if len(rest) > len(terms) {
		return false
	}
	for i, r := range rest {
		if terms[i] != r {
			return false
		}
	}
	return true
}

// join takes the larger credit of a and b into a, b's scaled by factor.
func join(a, b []float64, factor float64) {
	for i := range a {
		a[i] = max(a[i], b[i]*factor)
	}
}
