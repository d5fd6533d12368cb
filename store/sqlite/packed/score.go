package packed

import "math"

// The fields of a passage, in the order in which they are given.
const (
	Title = iota
	Heading
	Byline
	Body
	fields
)

// halves are the weights of the fields, times two: a word in the title counts
// double, as it names what the whole document is about; the byline is there to
// find authors and must not drown the rest.
var halves = [fields]int{Title: 4, Heading: 3, Byline: 1, Body: 2}

// Constants of BM25 (Robertson and Zaragoza 2009), those of SQLite's FTS5.
const (
	k1 = 1.2
	b  = 0.75

	// idfFloor is the weight of a term that more than half of the passages
	// hold, as in FTS5: it still counts, a little.
	idfFloor = 1e-6
)

// Score is a score in fixed point, 2^-32 a unit. Scores add up exactly.
type Score int64

const unit = 1 << 32

// Float is s as a number.
func (s Score) Float() float64 { return float64(s) / unit }

// Stats are the statistics of what is searched.
type Stats struct {
	Passages int
	Tokens   int64 // occurrences of terms, in all fields
}

// idf is the inverse document frequency of a term that df passages hold.
func (s Stats) idf(df int) float64 {
	n := float64(s.Passages)
	idf := math.Log((n - float64(df) + 0.5) / (float64(df) + 0.5))
	if idf <= 0 || math.IsNaN(idf) {
		return idfFloor
	}
	return idf
}

// average is the mean length of a passage, in tokens.
func (s Stats) average() float64 {
	if s.Tokens <= 0 || s.Passages <= 0 {
		return 1
	}
	return float64(s.Tokens) / float64(s.Passages)
}

// norm is how the length of a passage dampens what its terms add.
func norm(length uint32, average float64) float64 {
	// The conversions keep compilers from fusing operations, which would round
	// otherwise on some machines.
	return k1 * (1 - b + float64(float64(b*float64(length))/average))
}

// impact is what a term adds to the score of a passage, but for its idf:
// weight is the sum of the weights of its occurrences, in halves. It is in
// [0, k1+1).
func impact(weight uint32, norm float64) float64 {
	tf := float64(weight) / 2
	return float64(tf*(k1+1)) / (tf + norm)
}

// fixed rounds idf times impact to a Score.
func fixed(idf, impact float64) Score {
	return Score(float64(float64(idf*impact)*unit) + 0.5)
}
