package bot

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"briefdesk/briefs"
)

// Signed writes the value of a feature: what is below 0 speaks against the
// sentence.
func Signed(value float64) string {
	text := strconv.FormatFloat(value, 'f', 2, 64)
	if value >= 0 {
		return "+" + text
	}
	return "−" + text[1:]
}

// strongest are the features that weigh the most, at most three.
func strongest(all []briefs.Feature) []briefs.Feature {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b briefs.Feature) int { return cmp.Compare(math.Abs(b.Value), math.Abs(a.Value)) })
	return all[:min(3, len(all))]
}

// Meaning says what a feature of package ask measures; a new one goes by its
// name.
func Meaning(feature string) string {
	switch feature {
	case "covered":
		return "holds the words of the question, or their kin (1 is all of them)"
	case "sentence":
		return "fits the question, as a sentence"
	case "passage":
		return "stands in a paragraph that fits"
	case "with title and heading":
		return "holds the question together with its title and headings"
	case "with the passage":
		return "holds the question together with its paragraph"
	case "holds what is asked":
		return "has the number, date, name, place or cause that is asked for"
	case "names it lacks":
		return "lacks names or numbers of the question"
	case "rarest word it lacks":
		return "lacks a telling word of the question"
	case "lacks what is asked":
		return "has no number, date, name, place or cause, as asked for"
	case "lacks the predicate":
		return "does not tell of the event that is asked about"
	case "opposite outcome":
		return "tells of the opposite outcome"
	case "same outcome":
		return "tells of the same outcome"
	case "log-odds of an answer":
		return "all in all: an answer from 0 up"
	case "names the author":
		return "is the line that names the author"
	case "announced":
		return "is announced as what is asked for"
	case "introduced as something else":
		return "is introduced as something else"
	case "advises":
		return "gives advice, where reasons are asked for"
	case "holds the best sentence":
		return "belongs to the list with the best single sentence"
	}
	return feature
}
