package bot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

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

// strongest are the words that were found, and the features that weigh the most:
// at most four.
func strongest(all []briefs.Feature) []briefs.Feature {
	all = slices.Clone(all)
	first := func(f briefs.Feature) int {
		if f.Name == "covered" {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b briefs.Feature) int {
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(math.Abs(b.Value), math.Abs(a.Value)))
	})
	return all[:min(4, len(all))]
}

// ReadAs says what sort of question one is taken for.
func ReadAs(k briefs.Kind) string {
	switch k {
	case briefs.KindWhy:
		return "a question for reasons"
	case briefs.KindWho:
		return "a question for a person or body"
	case briefs.KindWhen:
		return "a question for a date"
	case briefs.KindWhere:
		return "a question for a place"
	case briefs.KindHow:
		return "a question for a way or means"
	case briefs.KindHowMany:
		return "a question for a number"
	case briefs.KindList:
		return "a question for a list"
	case briefs.KindCompare:
		return "a question that compares"
	case briefs.KindYesNo:
		return "a question for yes or no"
	case briefs.KindTopic:
		return "a topic"
	}
	return "a question for a fact"
}

// Because says why the library stayed silent.
func Because(r briefs.Reason) string {
	switch r {
	case briefs.NoHits:
		return "No document here has any of these words."
	case briefs.LowCoverage:
		return "Some documents touch on a part of the question, none on enough of it."
	case briefs.NoSentence:
		return "There are documents on this, but no sentence of theirs answers it."
	}
	return ""
}

// SameReasons reports whether two sentences were chosen together, as points of
// one list are.
func SameReasons(a, b briefs.Citation) bool { return slices.Equal(a.Why, b.Why) }

// Weighed lists the words of a question with their shares in what it asks.
func Weighed(all []briefs.Weight) string {
	var out []string
	for _, w := range all {
		out = append(out, fmt.Sprintf("%s %.0f %%", w.Word, 100*w.Share))
	}
	return strings.Join(out, ", ")
}

// Reason says what spoke for or against a sentence, and which words did.
func Reason(f briefs.Feature) string {
	if f.Note == "" {
		return Meaning(f.Name)
	}
	return Meaning(f.Name) + ": " + f.Note
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
