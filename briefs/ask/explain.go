package ask

import (
	"fmt"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// explain lists what spoke for and against a sentence, and which words did.
func (s *selection) explain(c *scoredSentence) []briefs.Feature {
	r := &c.reading.reading
	own := s.m.found(c.doc.Slice(c.span))
	title, heading := s.m.found(c.doc.Title), s.m.found(r.passage.Heading)
	near := s.m.found(c.doc.Slice(briefs.Span{Start: r.passage.Sentences[0].Start, End: r.passage.Sentences[len(r.passage.Sentences)-1].End}))
	lacking := func(t int) bool { return max(r.body[t], r.around[t]) == 0 }
	notes := map[string]string{
		"covered":                s.q.told(own, nil),
		"with title and heading": joinNotes(named("title", s.q.told(title, own)), named("heading", s.q.told(heading, own, title))),
		"with the passage":       s.q.told(near, own, title, heading),
		"names it lacks":         s.q.lacks(func(t int) bool { return s.q.terms[t].name && lacking(t) }),
		"lacks the predicate":    s.q.lacks(func(t int) bool { return s.q.terms[t].verb && own[t] == "" }),
	}
	heaviest := -1
	for t := range s.q.terms {
		if lacking(t) && (heaviest < 0 || s.q.terms[t].weight > s.q.terms[heaviest].weight) {
			heaviest = t
		}
	}
	notes["rarest word it lacks"] = s.q.lacks(func(t int) bool { return t == heaviest })
	return noted(s.q.explain(c), notes)
}

// explainList is explain for an enumeration.
func (s *selection) explainList(l *ratedEnumeration) []briefs.Feature {
	leadIn, title, heading := s.m.found(l.doc.Slice(l.enum.LeadIn)), s.m.found(l.doc.Title), s.m.found(headingsAbove(l.doc, l.enum))
	items := make([]string, len(l.enum.Items))
	for i, it := range l.enum.Items {
		items[i] = l.doc.Slice(it.Span)
	}
	points := s.m.found(strings.Join(items, "\n"))
	known := make([]bool, len(s.q.terms))
	for t := range known {
		known[t] = leadIn[t]+title[t]+heading[t]+points[t] != ""
	}
	return noted(l.why, map[string]string{
		"covered": joinNotes(named("what introduces it", s.q.told(leadIn, nil)), named("title", s.q.told(title, leadIn)),
			named("heading", s.q.told(heading, leadIn, title)), named("points", s.q.told(points, leadIn, title, heading))),
		"names it lacks":      s.q.lacks(func(t int) bool { return s.q.terms[t].name && !known[t] }),
		"lacks the predicate": s.q.lacks(func(t int) bool { return s.q.terms[t].verb && !known[t] }),
	})
}

// noted is all with its notes.
func noted(all []briefs.Feature, notes map[string]string) []briefs.Feature {
	out := slices.Clone(all)
	for i := range out {
		out[i].Note = notes[out[i].Name]
	}
	return out
}

func joinNotes(notes ...string) string {
	return strings.Join(slices.DeleteFunc(notes, func(n string) bool { return n == "" }), "; ")
}

func named(where, what string) string {
	if what == "" {
		return ""
	}
	return where + ": " + what
}

// found returns for each term the words of a text that are counted as it, as they
// stand there; "" for none.
func (m *matcher) found(s string) []string {
	out, best := make([]string, m.n), make([]float64, m.n)
	toks := text.Tokens(s)
	terms := termsOf(toks)
	for i, t := range terms {
		for _, c := range m.byFirst[t] {
			if c.credit > best[c.term] && follows(terms[i+1:], c.rest) {
				best[c.term] = c.credit
				out[c.term] = strings.Join(strings.Fields(s[toks[i].Start:toks[i+len(c.rest)].End]), " ")
			}
		}
	}
	return out
}

// told lists the words of q that were found, and as what, but those found in
// before.
func (q *question) told(found []string, before ...[]string) string {
	var out []string
	for t, as := range found {
		if as == "" || slices.ContainsFunc(before, func(b []string) bool { return b != nil && b[t] != "" }) {
			continue
		}
		if word := q.terms[t].surface; strings.EqualFold(word, as) {
			out = append(out, word)
		} else {
			out = append(out, fmt.Sprintf("%s as “%s”", word, as))
		}
	}
	return strings.Join(out, ", ")
}

// lacks lists the words of q that are so.
func (q *question) lacks(is func(t int) bool) string {
	var out []string
	for t := range q.terms {
		if is(t) {
			out = append(out, q.terms[t].surface)
		}
	}
	return strings.Join(out, ", ")
}

// weights are the words of q with their shares in what it asks.
func (q *question) weights() []briefs.Weight {
	var out []briefs.Weight
	for _, t := range q.terms {
		if q.mass > 0 {
			out = append(out, briefs.Weight{Word: t.surface, Share: t.weight / q.mass})
		}
	}
	return out
}
