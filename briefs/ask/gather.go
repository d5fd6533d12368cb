package ask

import (
	"context"
	"strings"

	"briefdesk/briefs"
)

// Gathered is one passage about a topic. Its Score is in [0,1).
type Gathered struct {
	briefs.Hit
	// Coverage tells for each sentence how much of the topic stands in it or,
	// with less credit, in title, headings and what it points back to: from 0
	// to 1.
	Coverage []float64
}

// Gather returns at most limit passages about the topic that r.Question
// names, best first, found and ranked as Ask does, but smoothed. A topic
// without a content word has none; a blank one is ErrInvalid.
func (a *Asker) Gather(ctx context.Context, r Request, limit int) ([]Gathered, error) {
	if strings.TrimSpace(r.Question) == "" {
		return nil, briefs.Fault(briefs.ErrInvalid, "the topic is empty: name one")
	}
	q := parse(r.Question, a.lex)
	if _, err := a.weigh(ctx, &q, r.Scope); err != nil {
		return nil, err
	}
	hits, err := a.searchBoth(ctx, &q, r, nil, limit)
	if err != nil {
		return nil, err
	}
	ranked := a.rank(&q, newMatcher(q.terms), hits)
	smooth(ranked)
	out := make([]Gathered, min(limit, len(ranked)))
	for i := range out {
		g := Gathered{Hit: *ranked[i].hit, Coverage: make([]float64, len(ranked[i].sentence))}
		g.Score = ranked[i].score
		for k := range g.Coverage {
			g.Coverage[k] = ranked[i].sentence[k].covered
		}
		out[i] = g
	}
	return out, nil
}
