package dispute

import (
	"slices"
	"strings"

	"briefdesk/briefs/text"
)

// frame is what a statement says something of: the content terms of the clause
// that a place stands in and of those before it, without that place.
type frame struct {
	terms     []string
	modifiers map[string]string // terms right before another of the frame, and that
}

// frameAt is the frame of the tokens [from,to) of s, without the tokens that
// leave tells.
func (s *Statement) frameAt(from, to int, leave func(i int) bool) frame {
	end := len(s.tokens)
	for i := to; i < len(s.tokens); i++ {
		if i > 0 && (s.r.words.breaks[s.tokens[i].Term] || strings.ContainsAny(s.text[s.tokens[i-1].End:s.tokens[i].Start], ",;:()–—") && !s.limits(i)) {
			end = i
			break
		}
	}
	f := frame{modifiers: map[string]string{}}
	for i, t := range s.tokens[:end] {
		if t.Stop || i >= from && i < to || leave(i) {
			continue
		}
		if !slices.Contains(f.terms, t.Term) {
			f.terms = append(f.terms, t.Term)
		}
		if i+1 < end && !s.tokens[i+1].Stop && strings.TrimSpace(s.text[t.End:s.tokens[i+1].Start]) == "" {
			f.modifiers[t.Term] = s.tokens[i+1].Term
		}
	}
	return f
}

// limits reports whether what begins at token i says where or for whom the
// statement before it holds.
func (s *Statement) limits(i int) bool {
	switch s.tokens[i].Term {
	case "in", "for", "at", "on", "among", "if", "when", "unless", "where", "under", "with", "without", "except", "by", "of", "from":
		return true
	}
	return false
}

// alike reports whether two frames say something of the same thing: they share
// at least half of about, nothing of which one has alone, at least least terms
// in all, and beyond these have only words by which things are reported.
func (r *Reader) alike(a, b frame, about map[string]bool, least int) bool {
	common := 0
	for _, t := range a.terms {
		if b.holds(t) {
			common++
		} else if !r.harmless(a, b, t) {
			return false
		}
	}
	for _, t := range b.terms {
		if !a.holds(t) && !r.harmless(b, a, t) {
			return false
		}
	}
	shared := 0
	for t := range about {
		if a.holds(t) != b.holds(t) {
			return false
		}
		if a.holds(t) {
			shared++
		}
	}
	return common >= least && 2*shared >= len(about)
}

// holds reports whether t or what names the same stands in f.
func (f *frame) holds(t string) bool {
	return slices.Contains(f.terms, t) || slices.ContainsFunc(text.Synonyms(t), func(o string) bool { return slices.Contains(f.terms, o) })
}

// harmless reports whether t, which stands in a alone, makes no other thing of
// it.
func (r *Reader) harmless(a, b frame, t string) bool {
	before, modifies := a.modifiers[t]
	return r.words.reporting[t] && !(modifies && b.holds(before) && !r.words.reporting[before])
}
