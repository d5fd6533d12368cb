package summary

import (
	"cmp"
	"slices"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// mostGaps is how many open questions a brief names.
const mostGaps = 5

// gaps are the questions of the room that bear on the topic, asked most often
// first; for a whole collection those asked since the last briefing.
func (w *work) gaps() []item {
	var open []briefs.Gap
	for _, g := range w.r.Gaps {
		bears := w.pool.whole && !g.Last.Before(w.r.Since)
		for _, t := range text.QueryTokens(g.Question) {
			bears = bears || !t.Stop && w.pool.about[t.Term]
		}
		if bears {
			open = append(open, g)
		}
	}
	slices.SortStableFunc(open, func(a, b briefs.Gap) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), b.Last.Compare(a.Last), cmp.Compare(a.Question, b.Question))
	})
	var out []item
	for _, g := range open[:min(len(open), mostGaps)] {
		out = append(out, item{label: g.Question})
	}
	return out
}
