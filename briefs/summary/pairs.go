package summary

import (
	"math"
	"slices"

	"briefdesk/briefs/text"
)

// pairsOf numbers the pairs of neighbouring terms of which one at least is a
// content term, as the concepts of Gillick and Favre 2009, and returns those of
// each sentence with what each is worth to a summary: how often sentences near
// the topic hold it. One that a single sentence holds is worth nothing. The sum
// of all is 1.
func pairsOf(ss []*sentence) (pairs [][]int, worth []float64) {
	ids := map[[2]string]int{}
	pairs = make([][]int, len(ss))
	var in []int // sentences that hold the pair
	for i, s := range ss {
		tokens := text.Tokens(s.text)
		for k := 1; k < len(tokens); k++ {
			a, b := tokens[k-1], tokens[k]
			if a.Stop && b.Stop {
				continue
			}
			pair := [2]string{a.Term, b.Term}
			id, ok := ids[pair]
			if !ok {
				id = len(ids)
				ids[pair] = id
				in, worth = append(in, 0), append(worth, 0)
			}
			if slices.Contains(pairs[i], id) {
				continue
			}
			pairs[i] = append(pairs[i], id)
			in[id]++
			worth[id] += s.weight
		}
	}
	sum := 0.0
	for id := range worth {
		if in[id] < 2 {
			worth[id] = 0
		}
		worth[id] = math.Pow(worth[id], mentionPower)
		sum += worth[id]
	}
	for id := range worth {
		if sum > 0 {
			worth[id] /= sum
		}
	}
	return pairs, worth
}
