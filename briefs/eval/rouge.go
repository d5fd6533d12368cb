package eval

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/porter"
)

// Rouge holds the F1 of one summary against its references (Lin 2004):
// overlap of words, of pairs of words, and the longest common subsequence of
// the whole texts. All are shares from 0 to 1.
type Rouge struct {
	R1, R2, RL float64
}

// MeasureRouge compares a summary with references, each measure with the
// reference that it fits best, as Lin's paper has it. Words are runs of
// letters and digits in lower case, those of more than three letters stemmed
// by Porter's algorithm; stop words count. Without a reference it is nought.
func MeasureRouge(summary string, references []string) Rouge {
	words := rougeWords(summary)
	var best Rouge
	for _, r := range references {
		one := rouge(words, rougeWords(r))
		best.R1, best.R2, best.RL = max(best.R1, one.R1), max(best.R2, one.R2), max(best.RL, one.RL)
	}
	return best
}

func rouge(summary, reference []string) Rouge {
	return Rouge{
		R1: overlapF1(grams(summary, 1), grams(reference, 1)),
		R2: overlapF1(grams(summary, 2), grams(reference, 2)),
		RL: f1(float64(commonSubsequence(summary, reference)), float64(len(summary)), float64(len(reference))),
	}
}

// rougeWords are the words of s as they are compared.
func rougeWords(s string) []string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	env := snowballstem.NewEnv("")
	for i, w := range words {
		if utf8.RuneCountInString(w) <= 3 { // as the original program does
			continue
		}
		env.SetCurrent(w)
		porter.Stem(env)
		words[i] = env.Current()
	}
	return words
}

// grams counts the runs of n words.
func grams(words []string, n int) map[string]int {
	out := map[string]int{}
	for i := 0; i+n <= len(words); i++ {
		out[strings.Join(words[i:i+n], " ")]++
	}
	return out
}

func overlapF1(a, b map[string]int) float64 {
	common, na, nb := 0, 0, 0
	for g, n := range a {
		na += n
		common += min(n, b[g])
	}
	for _, n := range b {
		nb += n
	}
	return f1(float64(common), float64(na), float64(nb))
}

// f1 is the harmonic mean of common/a and common/b.
func f1(common, a, b float64) float64 {
	if common == 0 {
		return 0
	}
	return 2 * common / (a + b)
}

// commonSubsequence is the length of the longest common subsequence, in time
// len(a)·len(b) and memory len(b).
func commonSubsequence(a, b []string) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			switch {
			case a[i] == b[j]:
				row[j+1] = diagonal + 1
			default:
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
