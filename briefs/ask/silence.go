package ask

import "briefdesk/briefs"

// coveredEnough is the share of the question that must stand in a sentence,
// with title and heading around it, for the sentence to count as an answer.
const coveredEnough = 0.5

// answers reports whether s, a sentence of r, answers q.
func answers(q *question, r *reading, s *sentence) bool {
	return q.mass > 0 && s.covered >= coveredEnough
}

// silence tells why nothing was chosen.
func silence(q *question, rs []ranked) briefs.Reason {
	best := 0.0
	for i := range rs {
		covered := 0.0
		for t := range q.terms {
			covered += q.terms[t].weight * max(rs[i].body[t], rs[i].around[t])
		}
		best = max(best, covered/q.mass)
	}
	if best < coveredEnough {
		return briefs.LowCoverage
	}
	return briefs.NoSentence
}
