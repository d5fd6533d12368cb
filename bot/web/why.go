package web

import (
	"strconv"

	"briefdesk/briefs"
)

// reason is one feature of why a sentence was chosen, in words.
type reason struct {
	Meaning string
	Value   string // signed: what is below 0 speaks against it
}

func reasonOf(f briefs.Feature) reason {
	r := reason{meaning(f.Name), strconv.FormatFloat(f.Value, 'f', 2, 64)}
	if f.Value >= 0 {
		r.Value = "+" + r.Value
	} else {
		r.Value = "−" + r.Value[1:]
	}
	return r
}

// meaning says what a feature of package ask measures; a new one goes by its
// name.
func meaning(feature string) string {
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
