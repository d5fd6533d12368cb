package ask

import (
	"context"
	"slices"
	"strings"

	"briefdesk/briefs"
)

// Gathering is what a library holds about a topic.
type Gathering struct {
	Passages []Gathered // best first
	// Unmentioned are the words of the topic, as typed, that no passage found
	// holds in any form.
	Unmentioned []string
	// Common is the share of the passages seen that hold a word of the topic
	// itself, as far as they were found: from 0 to 1.
	Common float64
}

// Gathered is one passage about a topic. Its Score is in [0,1).
type Gathered struct {
	briefs.Hit
	// Share is how much of the topic stands in the passage, its title and its
	// headings, synonyms with less credit: from 0 to 1.
	Share float64
	// Coverage tells for each sentence how much of the topic stands in it or,
	// with less credit, in title, headings and what it points back to: from 0
	// to 1.
	Coverage []float64
}

// Gather returns at most limit passages about the topic that r.Question
// names, of the documents in only when there are any, found and ranked as Ask
// does, but smoothed. A topic without a content
// word has none; a blank one is ErrInvalid.
func (a *Asker) Gather(ctx context.Context, r Request, only []briefs.DocumentID, limit int) (Gathering, error) {
	var out Gathering
	if strings.TrimSpace(r.Question) == "" {
		return out, briefs.Fault(briefs.ErrInvalid, "the topic is empty: name one")
	}
	q := a.parse(r.Question)
	if _, err := a.weigh(ctx, &q, r.Scope); err != nil {
		return out, err
	}
	hits, err := a.searchBoth(ctx, &q, r, only, limit)
	if err != nil {
		return out, err
	}
	m := newMatcher(q.terms)
	ranked := a.rank(&q, m, hits)
	if !q.without[Smoothing] {
		smooth(ranked, gatherShare)
	}
	mentioned := make([]float64, len(q.terms))
	for i := range ranked[:min(limit, len(ranked))] {
		r := &ranked[i]
		whole := m.matchLine(r.passage.TitleTerms)
		join(whole, m.matchLine(r.passage.HeadingTerms), 1)
		join(whole, r.body, 1)
		join(mentioned, whole, 1)
		g := Gathered{Hit: *r.hit, Coverage: make([]float64, len(r.sentence))}
		g.Score = r.score
		if q.mass > 0 {
			for t, c := range whole {
				g.Share += c * q.terms[t].weight / q.mass
			}
		}
		if slices.Contains(whole, 1) { // the credit of a word itself
			out.Common += 1 / float64(max(q.passages, 1))
		}
		for k := range g.Coverage {
			g.Coverage[k] = r.sentence[k].covered
		}
		out.Passages = append(out.Passages, g)
	}
	for t, c := range mentioned {
		if c == 0 && !q.terms[t].frame {
			out.Unmentioned = append(out.Unmentioned, q.terms[t].surface)
		}
	}
	return out, nil
}
