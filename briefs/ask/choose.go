package ask

import (
	"context"
	"sort"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Excerpt is a passage given by its sentences, to choose from.
type Excerpt struct {
	Title, Heading string // may be empty
	Sentences      []string
}

// Choice is what the answer code makes of one excerpt.
type Choice struct {
	Scores   []float64 // one a sentence, the higher the better
	Answered bool
	Chosen   []int // indexes of the sentences of the answer, the best first; empty on silence
}

// Choose ranks the sentences of x for a question and decides whether they
// answer it, with the sentence score and the evidence of Ask. What needs a
// document around the passage takes no part: the score of the passage,
// enumerations, roles of blocks. The rarity of terms comes from the library.
func (a *Asker) Choose(ctx context.Context, questionText string, x Excerpt) (Choice, error) {
	q := a.parse(questionText)
	if _, err := a.weigh(ctx, &q, briefs.Everything()); err != nil {
		return Choice{}, err
	}
	p := briefs.Passage{TitleTerms: text.Terms(x.Title), HeadingTerms: text.Terms(x.Heading)}
	at := 0
	for _, s := range x.Sentences {
		p.Sentences = append(p.Sentences, briefs.Span{Start: at, End: at + len(s)})
		p.Terms = append(p.Terms, text.Terms(s))
		at += len(s) + 1
	}
	r := q.read(a.lex, newMatcher(q.terms), &p, x.Sentences)
	c := Choice{Scores: make([]float64, len(r.sentence)), Chosen: []int{}}
	order := make([]int, len(r.sentence))
	for i, s := range r.sentence {
		c.Scores[i], order[i] = s.score, i
	}
	sort.SliceStable(order, func(i, j int) bool { return c.Scores[order[i]] > c.Scores[order[j]] })
	if len(order) == 0 || !answers(&q, &r, &r.sentence[order[0]]) {
		return c, nil
	}
	c.Answered = true
	for _, i := range order {
		if len(c.Chosen) == maxQuotes || c.Scores[i] < alsoShare*c.Scores[order[0]] {
			break
		}
		c.Chosen = append(c.Chosen, i)
	}
	return c, nil
}
