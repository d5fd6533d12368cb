package ask

import "briefdesk/briefs/text"

// opposed reports, as 0 or 1, whether a sentence tells of the opposite of what
// q asks about: the predicate denied where q affirms it or the other way
// round, or a turn to the other side in the sentence or, when that tells of
// none, in the title.
func (q *question) opposed(lex *lexicon, terms, title []string) float64 {
	for _, t := range q.terms {
		if !t.verb {
			continue
		}
		same, other := false, false
		for i, w := range terms {
			if w != t.form {
				continue
			}
			if anyOf(terms[max(0, i-negationReach):i], text.Negative) == q.negated {
				same = true
			} else {
				other = true
			}
		}
		if other && !same {
			return 1
		}
	}
	if q.outcome != 0 {
		if p := lex.outcome(terms); p == -q.outcome || p == 0 && lex.outcome(title) == -q.outcome {
			return 1
		}
	}
	return 0
}

// questionOutcome returns the outcome of a question and whether its predicate is
// denied. A negation that stands with the auxiliary, before the subject
// ("why didn't relations …"), belongs to the predicate.
func (l *lexicon) questionOutcome(ts []string) (outcome int, negated bool) {
	for i := 1; i < len(ts); i++ {
		if !text.Negative(ts[i]) {
			continue
		}
		if i <= 2 && (l.support[ts[i-1]] || l.be[ts[i-1]]) {
			return -l.outcome(ts[i+1:]), true
		}
		negated = true
	}
	return l.outcome(ts), negated
}

// outcome returns the pole of a run of terms: the sign of good minus bad
// words, each turned round when a negation or a word of scarcity ("low",
// "lack") stands at most negationReach terms before it, or a word of scarcity
// at most scantReach after it; 0 when they balance or none occurs.
func (l *lexicon) outcome(ts []string) int {
	sum, last := 0, 0
	turned, valued := -negationReach-1, -scantReach-1 // where the last turning and the last good or bad word stand
	for i, t := range ts {
		switch {
		case text.Negative(t):
			turned = i
			if l.nobody[t] {
				turned = i - negationReach + 1 // the verb alone: "that nobody trusted held"
			}
		case l.scant[t] && i-valued <= scantReach:
			sum, last, valued = sum-2*last, -last, -scantReach-1
		case l.scant[t]:
			turned = i
		case l.good[t] || l.bad[t]:
			last = 1
			if l.bad[t] {
				last = -1
			}
			if i-turned <= negationReach {
				last = -last
			}
			sum, valued = sum+last, i
		}
	}
	return min(max(sum, -1), 1)
}

// negationReach is how many terms after a negation it still turns round; in
// questions the subject often stands between ("why did relations not break
// down", "neither strain X nor trigger Y").
const negationReach = 4

// scantReach is how many terms before a word of scarcity it still turns
// round: "trust between two old rivals is low".
const scantReach = 8

// pole compares the outcome that q asks about with those that runs of words
// tell of: 1 when some run tells of the same, -1 when none does and some run
// tells of the opposite, 0 otherwise.
func (q *question) pole(lex *lexicon, runs ...[]string) int {
	against := 0
	for _, run := range runs {
		switch p := lex.outcome(run); {
		case p == 0 || q.outcome == 0 || q.without[Outcome]:
		case p == q.outcome:
			return 1
		default:
			against = -1
		}
	}
	return against
}
