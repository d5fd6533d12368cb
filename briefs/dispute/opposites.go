package dispute

import (
	"strings"

	"briefdesk/briefs/text"
)

func objectingTerms() map[string]bool {
	return termsOf(`wrong mistaken mistake disagree dispute reject deny doubt object objection contradict overstate exaggerate ignore overlook
		misread misleading flawed nonsense`)
}

// oppositeTerms maps terms to those of their opposites.
func oppositeTerms() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(oppositeList) {
		left, right, ok := strings.Cut(strings.TrimSpace(line), " | ")
		if !ok {
			continue
		}
		l, r := strings.Fields(text.Terms(left)), strings.Fields(text.Terms(right))
		for _, a := range l {
			out[a] = append(out[a], r...)
		}
		for _, b := range r {
			out[b] = append(out[b], l...)
		}
	}
	return out
}

func termsOf(words string) map[string]bool {
	out := map[string]bool{}
	for t := range strings.FieldsSeq(text.Terms(words)) {
		out[t] = true
	}
	return out
}

// oppositeList holds words that contradict each other when said of one thing.
const oppositeList = `
rise rose increase grow grew gain climb | fall fell decrease decline drop shrink shrank
succeed success successful work worked effective | fail failure unsuccessful ineffective useless
support favour back endorse approve accept | oppose reject refuse condemn resist
strengthen reinforce bolster | weaken undermine erode
help benefit | harm hurt damage
improve better | worsen worse deteriorate
cheap cheaper inexpensive affordable | expensive dear costly
safe secure | dangerous unsafe risky
likely probable | unlikely improbable
possible feasible | impossible unfeasible
legal lawful | illegal unlawful
necessary needed essential | unnecessary needless superfluous
agree agreed | disagree disagreed dispute
true right correct | false wrong mistaken
fast faster quick quickly | slow slower slowly
many most majority | few fewest minority
expand extend widen | reduce cut narrow limit
start begin began open | end stop halt close
allow permit | forbid ban prohibit prevent
justified | unjustified unfair
temporary | permanent
strong stronger | weak weaker
high higher | low lower
trust | distrust mistrust
enough sufficient adequate | insufficient inadequate
`
