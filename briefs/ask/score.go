package ask

import (
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Constants of the sentence score, chosen on the dev sets and the golden
// questions for tuning; docs/quality.md tells what each mechanism gives.
const (
	creditTitle   = 0.3  // a term of the question that only the title holds
	creditHeading = 0.3  // or only the heading
	commonness    = 1.05 // a term that every sentence of the passage holds keeps .05 of its weight
	typedBonus    = 0.25 // the sentence holds what the kind of question wants
	creditAsked   = 0.8  // or only the heading, when that asks the same sort of question
	askedReach    = 3    // sentences below such a heading that are its answer
	creditBefore  = 0.35 // a term that only the sentence before holds, when this one opens with a pronoun for it
	opposedMalus  = 0.2  // it tells of the opposite of what a why-question asks about
	definedBonus  = 0.1  // the sentence defines what is asked
)

// reading is one passage read against a question.
type reading struct {
	passage  *briefs.Passage
	around   []float64 // credit of each term in title and heading, scaled
	body     []float64 // credit of each term anywhere in the passage
	count    []float64 // occurrences in the passage of each term itself and its acronyms
	byline   []float64
	document []float64 // credit of each term in all passages found of the document; nil when only this one is known
	sentence []sentence
}

// sentence is one sentence read against a question.
type sentence struct {
	span    briefs.Span
	terms   []string
	credits []float64 // credit of each term of the question in the sentence itself
	context []float64 // credit that title, heading and the sentence before lend it
	score   float64   // the higher the better; comparable across passages for one question
	covered float64   // share of the question's mass in the sentence, title and heading, 0 to 1
	typed   float64   // 1 when what the kind of question wants stands in it
	opposed float64   // 1 when it tells of the opposite of what a why-question asks about
	speaks  bool      // it tells somebody saying or thinking something
	rival   float64   // 1 when it lacks a name of the question and tells of another
	redated float64   // 1 when it lacks a year of the question and tells of another
}

// read matches and scores every sentence of p. texts, when not nil, holds the
// wording of each sentence, which tells more about names than index terms do.
func (q *question) read(lex *lexicon, m *matcher, p *briefs.Passage, texts []string) reading {
	r := reading{passage: p, around: m.matchLine(p.TitleTerms), body: make([]float64, m.n), count: make([]float64, m.n), byline: m.matchLine(p.BylineTerms)}
	scale(r.around, creditTitle)
	heading := m.matchLine(p.HeadingTerms)
	join(r.around, heading, creditHeading)
	sameQuestion := !q.without[AskedThere] && q.asksSame(lastHeading(p.Heading)) && q.share(heading) >= coveredEnough
	share, title := make([]float64, m.n), strings.Split(p.TitleTerms, " ")
	r.sentence = make([]sentence, len(p.Sentences))
	for i := range p.Sentences {
		s := &r.sentence[i]
		s.span = p.Sentences[i]
		s.terms = strings.Split(p.Terms[i], " ")
		s.credits = m.count(s.terms, r.count)
		join(r.body, s.credits, 1)
		s.context = slices.Clone(r.around)
		if q.without[SentenceTitles] {
			clear(s.context)
		}
		if sameQuestion && i < askedReach {
			join(s.context, heading, creditAsked)
		}
		if i > 0 && lex.backward[s.terms[0]] && !q.without[Before] {
			join(s.context, r.sentence[i-1].credits, creditBefore)
		}
		for t, c := range s.credits {
			if c > 0 && !q.without[Commonness] {
				share[t] += 1 / float64(len(p.Sentences))
			}
		}
	}
	for i := range r.sentence {
		s := &r.sentence[i]
		wording := ""
		if texts != nil {
			wording = texts[i]
		}
		asked := q.askedBefore(&r, i, texts)
		if asked >= 0 {
			join(s.context, r.sentence[asked].credits, creditAsked)
		}
		s.typed = q.typed(lex, s.terms, wording)
		s.speaks = anyOf(s.terms, func(t string) bool { return lex.speech[t] || lex.opinion[t] })
		s.rival, s.redated = q.strays(s, wording)
		if (asked >= 0 || sameQuestion && i < askedReach) && q.kind == briefs.KindWhy {
			s.typed = 1 // the author's answer to the same question is a reason
		}
		if q.kind == briefs.KindWhy && !q.without[Outcome] {
			s.opposed = q.opposed(lex, s.terms, title)
		}
		for t := range q.terms {
			w := q.terms[t].weight
			c := max(s.credits[t], s.context[t])
			s.covered += w * c
			s.score += w * c * (commonness - share[t])
		}
		if q.mass > 0 {
			s.covered /= q.mass
			s.score /= q.mass
		}
		if !q.without[Wanted] {
			s.score += typedBonus * s.typed
		}
		s.score -= opposedMalus * s.opposed
		if q.kind == briefs.KindWhat && !q.without[Definitions] && q.defines(s) {
			s.score += definedBonus
		}
	}
	return r
}

// lastHeading is the nearest of headings joined by " › ".
func lastHeading(headings string) string {
	if i := strings.LastIndex(headings, " › "); i >= 0 {
		return headings[i+len(" › "):]
	}
	return headings
}

// asksSame reports whether wording is a question of the kind of q.
func (q *question) asksSame(wording string) bool {
	wording = strings.TrimSpace(wording)
	return strings.HasSuffix(wording, "?") && kindOf(wording, text.QueryTokens(wording)) == q.kind
}

// askedBefore returns the number of the sentence of r, at most askedReach before
// sentence i, in which the author asks the question of q, or -1. texts are the
// sentences; nil where only index terms are known.
func (q *question) askedBefore(r *reading, i int, texts []string) int {
	if texts == nil || q.without[AskedThere] {
		return -1
	}
	for j := i - 1; j >= max(0, i-askedReach); j-- {
		if strings.HasSuffix(texts[j], "?") && q.asksSame(texts[j]) {
			known := slices.Clone(r.sentence[j].credits)
			join(known, r.around, 1/creditTitle)
			if q.share(known) >= coveredEnough {
				return j
			}
		}
	}
	return -1
}

// defines reports whether s is a definition of what q asks: its first words
// are terms of the question and "is" or "are" follows.
func (q *question) defines(s *sentence) bool {
	if len(q.terms) == 0 || len(q.terms) > definedTerms {
		return false
	}
	for i, t := range s.terms[:min(len(s.terms), definedReach)] {
		if t == "is" || t == "are" || t == "mean" || t == "refer" {
			for _, c := range s.credits {
				if c < 1 {
					return false
				}
			}
			return !slices.ContainsFunc(q.terms, func(t term) bool { return !slices.Contains(s.terms[:i], t.form) })
		}
	}
	return false
}

// Definitions are sought for questions of few terms, within the first words
// of a sentence.
const (
	definedTerms = 4
	definedReach = 14
)

func scale(v []float64, f float64) {
	for i := range v {
		v[i] *= f
	}
}
