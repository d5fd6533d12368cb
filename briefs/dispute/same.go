package dispute

import (
	"math"
	"slices"
	"strconv"

	"briefdesk/briefs/text"
)

// Two sentences say nearly the same when they share this much of the content
// terms of the shorter one, or their terms point this nearly the same way.
const (
	sameTerms  = 0.75
	sameCosine = 0.6
)

// SaySame reports whether two sentences say nearly the same: common is how
// many distinct content terms they share, shorter how many the shorter one
// has, and dot, aa and bb are the products of their vectors of term counts.
// Sentences without a common term do not.
func SaySame(common, shorter int, dot, aa, bb float64) bool {
	return common > 0 && (float64(common) >= sameTerms*float64(shorter) || dot >= sameCosine*math.Sqrt(aa*bb))
}

// Restates reports whether s and o say the same: but for words by which things
// are reported, and those that name the same, they have the same content terms,
// numbers and names, and deny alike.
func (s *Statement) Restates(o *Statement) bool {
	x, y := s.said(), o.said()
	return len(x) > 0 && len(y) > 0 && s.Denies() == o.Denies() && !s.adds(x, y) && !s.adds(y, x)
}

// said are the content terms of s, its numbers by what they mean.
func (s *Statement) said() map[string]float64 {
	out := map[string]float64{}
	for i, t := range s.tokens {
		if value, _, ok := s.numberAt(i); ok {
			out[strconv.FormatFloat(value, 'g', -1, 64)]++
		} else if !t.Stop {
			out[t.Term]++
		}
	}
	return out
}

// adds reports whether a has a term that b lacks in any form, and that says
// something.
func (s *Statement) adds(a, b map[string]float64) bool {
	for t := range a {
		if b[t] == 0 && !s.r.words.reporting[t] && !slices.ContainsFunc(text.Synonyms(t), func(o string) bool { return b[o] > 0 }) {
			return true
		}
	}
	return false
}

// Repeats reports whether s says among else what o says, word by word: it holds
// three quarters of its content terms and every number.
func (s *Statement) Repeats(o *Statement) bool {
	x, y := s.counts(), o.counts()
	common := 0
	for t := range y {
		if x[t] > 0 {
			common++
		}
	}
	return len(y) > 0 && float64(common) >= sameTerms*float64(len(y)) && !beyond(o.numbers, s.numbers)
}

// counts are how often each content term stands in s.
func (s *Statement) counts() map[string]float64 {
	out := map[string]float64{}
	for _, t := range s.tokens {
		if !t.Stop {
			out[t.Term]++
		}
	}
	return out
}
