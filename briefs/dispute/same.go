package dispute

import "math"

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

// NearDuplicate reports whether one of two sentences says nearly what the other
// says, as far as their words tell; see SaySame.
func (s *Statement) NearDuplicate(o *Statement) bool {
	x, y := s.counts(), o.counts()
	common, dot, aa, bb := 0, 0.0, 0.0, 0.0
	for t, n := range x {
		aa += n * n
		if m := y[t]; m > 0 {
			common++
			dot += n * m
		}
	}
	for _, m := range y {
		bb += m * m
	}
	return SaySame(common, min(len(x), len(y)), dot, aa, bb)
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
