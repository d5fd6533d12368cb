package ask

import (
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Limits on what is added to the best sentences to make an answer whole.
const (
	maxBehind   = 3   // sentences behind one that tells the outcome but no reason
	topicBehind = 2   // sentences behind one that only says what a paragraph is about
	topicTerms  = 8   // which has so many index terms at most
	tellsAll    = 0.6 // share of the question that the passage of such a sentence covers
	namedWeight = 0.5 // share of the best score that a sentence about another of several things has
)

// complete adds to the sentences to be shown, the best first, what makes them a
// whole answer: before them the notice that corrects the best, else behind it what
// it announces, what came after, the reasons of an outcome or further advice,
// else a sentence for each of several things that the question names side by side.
func (s *selection) complete(shown []*scoredSentence) []*scoredSentence {
	best := shown[0]
	if notice := s.notice(best); notice != nil {
		return append(notice, shown...)[:min(len(notice)+len(shown), maxQuotes)]
	}
	announced := s.q.announces(&best.sentence, s.asker.lex)
	switch {
	case s.q.without[Behind]:
	case announced > 0:
		return follow(shown, s.behind(best, announced, nil))
	case s.q.aftermath:
		return follow(shown, s.behind(best, 1, nil))
	case s.q.kind == briefs.KindWhy && best.typed == 0 && s.q.share(best.reading.body) >= tellsAll:
		return follow(shown, s.behind(best, maxBehind, nil))
	case len(best.terms) <= topicTerms && opens(best) && (s.q.kind == briefs.KindHow || anyOf(best.terms, s.q.typedPlural)):
		return follow(shown, s.behind(best, topicBehind, nil))
	case s.q.advice && anyOf(best.terms, s.asker.lex.advises):
		return follow(shown, s.behind(best, maxBehind, s.asker.lex.advises))
	}
	if s.q.without[SideBySide] {
		return shown
	}
	for _, t := range s.q.abreast {
		if s.unsaid(shown, t) {
			if c := s.about(best, t); c != nil && len(shown) < maxQuotes {
				shown = append(shown, c)
			}
		}
	}
	return shown
}

// follow puts more right behind the first of the sentences to be shown, and
// leaves out the last of the others where there are too many.
func follow(shown, more []*scoredSentence) []*scoredSentence {
	out := append([]*scoredSentence{shown[0]}, more...)
	for _, c := range shown[1:] {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out[:min(len(out), maxQuotes)]
}

// notice returns the sentences of the notice, in the document of best, that
// corrects a number that best gives; nil when there is none, and for questions
// about corrections, which find such notices by themselves.
func (s *selection) notice(best *scoredSentence) []*scoredSentence {
	if s.q.corrections || s.q.without[SeveralSources] {
		return nil
	}
	for _, b := range best.doc.Blocks {
		if b.Role != briefs.RoleCorrection || b.Contains(best.span) {
			continue
		}
		terms := strings.Fields(text.Terms(best.doc.Slice(b.Span)))
		if !anyOf(terms, func(t string) bool { return isNumber(t) && slices.Contains(best.terms, t) }) || s.q.share(s.m.match(terms)) < coveredEnough/2 {
			continue
		}
		var out []*scoredSentence
		for _, span := range b.Sentences {
			own := strings.Fields(text.Terms(best.doc.Slice(span)))
			out = append(out, &scoredSentence{doc: best.doc, reading: best.reading, total: best.total, sentence: sentence{
				span: span, terms: own, credits: s.m.match(own), context: slices.Clone(best.context), typed: best.typed,
			}})
		}
		return out
	}
	return nil
}

// opens reports whether c is the first sentence of its paragraph.
func opens(c *scoredSentence) bool {
	return slices.ContainsFunc(c.doc.Blocks, func(b briefs.Block) bool { return len(b.Sentences) > 1 && b.Sentences[0] == c.span })
}

// behind returns up to n sentences that follow c in its paragraph or list, as
// long as they hold a term that like accepts, when it is not nil.
func (s *selection) behind(c *scoredSentence, n int, like func(term string) bool) []*scoredSentence {
	var out []*scoredSentence
	inside := false
	for _, b := range c.doc.Blocks {
		if b.Contains(c.span) {
			inside = true
		} else if inside && b.Role != briefs.RoleItem {
			break
		}
		for _, span := range b.Sentences {
			if !inside || span.Start <= c.span.Start || len(out) == n {
				continue
			}
			i := slices.IndexFunc(s.pool, func(p scoredSentence) bool { return p.doc == c.doc && p.span == span })
			if i < 0 || like != nil && !anyOf(s.pool[i].terms, like) {
				return out
			}
			out = append(out, &s.pool[i])
		}
	}
	return out
}

// announces returns how many points a sentence says that it has of what q asks
// for, at most maxBehind: "sets four benchmarks", "gives several reasons"; 0 when
// it says nothing of them.
func (q *question) announces(s *sentence, lex *lexicon) int {
	if !q.wantsEnumeration() {
		return 0
	}
	for i, t := range s.terms[:max(0, len(s.terms)-1)] {
		next := s.terms[i+1]
		if next == "of" && i+2 < len(s.terms) && lex.several[t] { // "a mix of reasons"
			next = s.terms[i+2]
		}
		if lex.listing[next] && (q.lists || len(s.terms) <= topicTerms || q.kind == briefs.KindWhy && lex.cause[next]) || q.plural[next] {
			switch {
			case t == "two":
				return 2
			case lex.numbers[t], lex.several[t]:
				return maxBehind
			}
		}
	}
	return 0
}

// typedPlural reports whether a term of q was typed in the plural.
func (q *question) typedPlural(term string) bool { return q.plural[term] }

// unsaid reports whether no sentence to be shown holds term t of the question.
func (s *selection) unsaid(shown []*scoredSentence, t int) bool {
	return !slices.ContainsFunc(shown, func(c *scoredSentence) bool { return c.credits[t] > 0 })
}

// about returns the best sentence of best's document that holds term t and what
// the kind of question wants, nil when there is none that is nearly as good.
func (s *selection) about(best *scoredSentence, t int) *scoredSentence {
	for i := range s.pool {
		c := &s.pool[i]
		if c.total < namedWeight*best.total {
			break
		}
		if c.doc == best.doc && c.credits[t] > 0 && c.typed >= best.typed && anyOf(c.terms, isNumber) == anyOf(best.terms, isNumber) {
			return c
		}
	}
	return nil
}

// asksAfter reports whether the words of a question ask what came of something:
// "what happened after …", "what was the result of …".
func asksAfter(w []string) bool {
	s := " " + strings.Join(w, " ") + " "
	for _, p := range []string{" what happened after ", " what happened when ", " what happened once ", " what came of ", " what became of ", " what followed "} {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// sideBySide returns the terms of q that a question names side by side: the
// heads of the parts of "A, B and C", by number, in order; nil for fewer than
// two. toks are its tokens.
func (q *question) sideBySide(wording string, toks []text.Token) []int {
	var out []int
	last := -1 // token of the last content word
	for i, t := range toks {
		if !t.Stop {
			last = i
			continue
		}
		if t.Term != "and" && t.Term != "or" || last < 0 || last != i-1 || i+1 >= len(toks) {
			continue
		}
		left := []int{last}
		for j := last; j > 0 && !toks[j-1].Stop; j-- { // "A, B": commas between content words
			if strings.Contains(wording[toks[j-1].End:toks[j].Start], ",") {
				left = append([]int{j - 1}, left...)
			}
		}
		right := -1
		for j := i + 1; j < len(toks) && !toks[j].Stop; j++ {
			right = j
			if len(left) > 1 || q.nameAt(toks[last].Term) {
				break // one word each
			}
		}
		if right < 0 {
			continue
		}
		for _, k := range append(left, right) {
			if n := slices.IndexFunc(q.terms, func(x term) bool { return x.form == toks[k].Term && !x.frame && !x.verb }); n >= 0 && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// nameAt reports whether a term of q is a name.
func (q *question) nameAt(form string) bool {
	return slices.ContainsFunc(q.terms, func(t term) bool { return t.form == form && t.name })
}
