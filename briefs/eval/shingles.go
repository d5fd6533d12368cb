package eval

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// shingleSize is how many words make a shingle.
const shingleSize = 4

// Overlap tells how much of two texts is the same, in shares of their union
// that add up to 1; all are 0 when both texts are empty.
type Overlap struct {
	Both  float64 // stands in both
	Extra float64 // stands in the text that is judged alone
	Lost  float64 // stands in the reference alone
}

// Shingles compares got with want by their multisets of four words in a row,
// as the article extraction benchmark of Zyte does: words are runs of letters,
// digits and underscores, case counts, and a text of fewer than four words is
// one shingle.
func Shingles(got, want string) Overlap {
	counts := map[string][2]float64{}
	for side, text := range []string{got, want} {
		ws := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' })
		for i := range max(1, len(ws)-shingleSize+1) {
			if s := strings.Join(ws[i:min(i+shingleSize, len(ws))], " "); s != "" {
				c := counts[s]
				c[side]++
				counts[s] = c
			}
		}
	}
	var o Overlap
	for _, c := range counts {
		o.Both += min(c[0], c[1])
		o.Extra += max(0, c[0]-c[1])
		o.Lost += max(0, c[1]-c[0])
	}
	if all := o.Both + o.Extra + o.Lost; all > 0 {
		o.Both, o.Extra, o.Lost = o.Both/all, o.Extra/all, o.Lost/all
	}
	return o
}

// Precision is the share of what was judged that the reference holds.
func (o Overlap) Precision() float64 { return part(o.Both, o.Extra, o.Lost) }

// Recall is the share of the reference that was found.
func (o Overlap) Recall() float64 { return part(o.Both, o.Lost, o.Extra) }

func part(both, own, other float64) float64 {
	if own == 0 && other == 0 {
		return 1
	}
	if both == 0 {
		return 0
	}
	return both / (both + own)
}

// Texts holds the measures of many texts: means of precision and recall, the
// texts weighing the same, and the harmonic mean of the two.
type Texts struct {
	F1        float64 `json:"f1"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

// MeasureTexts sums overlaps up. Empty texts take no part in precision, empty
// references none in recall.
func MeasureTexts(all []Overlap) Texts {
	var t Texts
	judged, wanted := 0, 0
	for _, o := range all {
		if o.Both+o.Extra > 0 {
			t.Precision += o.Precision()
			judged++
		}
		if o.Both+o.Lost > 0 {
			t.Recall += o.Recall()
			wanted++
		}
	}
	t.Precision /= float64(max(judged, 1))
	t.Recall /= float64(max(wanted, 1))
	if t.Precision+t.Recall > 0 {
		t.F1 = 2 * t.Precision * t.Recall / (t.Precision + t.Recall)
	}
	return t
}

// Lead is how much the F1 of a is ahead of that of b, the same texts in the
// same order, with the interval of bootstrap samples drawn with a fixed seed.
func Lead(a, b []Overlap) Interval {
	n := min(len(a), len(b))
	if n == 0 {
		return Interval{}
	}
	rnd := rand.New(rand.NewPCG(bootstrapSeed, uint64(n)))
	diffs := make([]float64, bootstrapSamples)
	as, bs := make([]Overlap, n), make([]Overlap, n)
	for d := range diffs {
		for i := range n {
			k := rnd.IntN(n)
			as[i], bs[i] = a[k], b[k]
		}
		diffs[d] = MeasureTexts(as).F1 - MeasureTexts(bs).F1
	}
	slices.Sort(diffs)
	return Interval{
		MeasureTexts(a[:n]).F1 - MeasureTexts(b[:n]).F1,
		diffs[bootstrapSamples*25/1000], diffs[bootstrapSamples*975/1000],
	}
}
