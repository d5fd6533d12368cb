package eval

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"briefdesk/briefs"
)

// Perturbation writes a question otherwise than its author did, in a way that
// should change nothing. rare is the word of the question that the fewest
// documents hold. It returns the question as it is where it does not apply.
type Perturbation struct {
	Name  string
	Write func(r *rand.Rand, question, rare string) string
}

// Perturbations lists all of them.
func Perturbations() []Perturbation {
	return []Perturbation{
		{"a letter left out", typo(func(r *rand.Rand, w string) string {
			i := r.IntN(len(w))
			return w[:i] + w[i+1:]
		})},
		{"a letter too many", typo(func(r *rand.Rand, w string) string {
			i := r.IntN(len(w) + 1)
			return w[:i] + anyLetter(r) + w[i:]
		})},
		{"a wrong letter", typo(func(r *rand.Rand, w string) string {
			i := r.IntN(len(w))
			return w[:i] + anyLetter(r) + w[i+1:]
		})},
		{"two letters exchanged", typo(func(r *rand.Rand, w string) string {
			i := r.IntN(len(w) - 1)
			return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
		})},
		{"all capitals", func(_ *rand.Rand, q, _ string) string { return strings.ToUpper(q) }},
		{"no capitals", func(_ *rand.Rand, q, _ string) string { return strings.ToLower(q) }},
		{"no question mark", func(_ *rand.Rand, q, _ string) string { return strings.TrimRight(q, "?") }},
		{"doubled spaces", func(_ *rand.Rand, q, _ string) string { return "  " + strings.ReplaceAll(q, " ", "  ") + " " }},
		{"curly quotes", curly},
		{"in quotation marks", func(_ *rand.Rand, q, rare string) string { return strings.Replace(q, rare, "“"+rare+"”", 1) }},
		{"please", func(_ *rand.Rand, q, _ string) string { return strings.TrimRight(q, "?") + ", please?" }},
		{"hi, can you tell me", func(_ *rand.Rand, q, _ string) string { return "Hi, can you tell me " + lowerFirst(q) }},
		{"hello! I would like to know", func(_ *rand.Rand, q, _ string) string {
			return "Hello! I would like to know " + lowerFirst(strings.TrimRight(q, "?")) + ". Thanks!"
		}},
		{"the other English", otherEnglish},
		{"singular or plural", otherNumber},
	}
}

// typo mistypes the rare word, where it has five letters or more.
func typo(mistype func(*rand.Rand, string) string) func(*rand.Rand, string, string) string {
	return func(r *rand.Rand, question, rare string) string {
		if len(rare) < 5 || strings.Trim(strings.ToLower(rare), "abcdefghijklmnopqrstuvwxyz") != "" {
			return question
		}
		for range 100 {
			if w := mistype(r, rare); w != rare {
				return strings.Replace(question, rare, w, 1)
			}
		}
		return question
	}
}

func anyLetter(r *rand.Rand) string { return string(rune('a' + r.IntN(26))) }

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// curly writes typographic apostrophes and quotation marks.
func curly(_ *rand.Rand, q, _ string) string {
	var b strings.Builder
	open := false
	for _, c := range q {
		switch {
		case c == '\'':
			c = '’'
		case c == '"' && !open:
			c, open = '“', true
		case c == '"':
			c, open = '”', false
		}
		b.WriteRune(c)
	}
	return b.String()
}

// otherEnglish writes British words in the American way, and the other way round.
func otherEnglish(_ *rand.Rand, q, _ string) string {
	for _, p := range [...][2]string{
		{"arbour", "arbor"},
		{"abour", "abor"},
		{"avour", "avor"},
		{"olour", "olor"},
		{"efence", "efense"},
		{"icence", "icense"},
		{"entre", "enter"},
		{"rganis", "rganiz"},
		{"ecognis", "ecogniz"},
		{"uthoris", "uthoriz"},
		{"riticis", "riticiz"},
		{"ealis", "ealiz"},
		{"rogramme", "rogram"},
		{"nalyse", "nalyze"},
	} {
		switch {
		case strings.Contains(q, p[0]):
			q = strings.ReplaceAll(q, p[0], p[1])
		case strings.Contains(q, p[1]):
			q = strings.ReplaceAll(q, p[1], p[0])
		}
	}
	return q
}

// otherNumber gives the rare word another number, where it is no name.
func otherNumber(_ *rand.Rand, q, rare string) string {
	if len(rare) < 4 || rare != strings.ToLower(rare) {
		return q
	}
	other := rare + "s"
	switch {
	case strings.HasSuffix(rare, "ies"):
		other = rare[:len(rare)-3] + "y"
	case strings.HasSuffix(rare, "ss"), strings.HasSuffix(rare, "ed"), strings.HasSuffix(rare, "ing"):
		return q
	case strings.HasSuffix(rare, "s"):
		other = rare[:len(rare)-1]
	case strings.HasSuffix(rare, "y"):
		other = rare[:len(rare)-1] + "ies"
	}
	return strings.Replace(q, rare, other, 1)
}

// Perturbed tells how answers bear a perturbation.
type Perturbed struct {
	Name      string `json:"name"`
	Questions int    `json:"questions"` // that were answered as they stand, and are written otherwise by it
	Same      int    `json:"same"`      // of these, answered with the same first quote
	Silences  int    `json:"silences"`  // questions met with silence as they stand, and written otherwise by it
	Silent    int    `json:"silent"`    // of these, met with silence again
}

// Moved is a question that is answered otherwise when it is written otherwise.
type Moved struct{ Name, Question, Written, Was, Is string }

// MeasurePerturbed asks every question as it stands and perturbed, with a seed
// for each so that it is the same each time. rarest returns the word of a question
// that the fewest documents hold. each, when not nil, is told what moves.
func MeasurePerturbed(ctx context.Context, questions []string, rarest func(context.Context, string) (string, error),
	answer func(ctx context.Context, question string) (briefs.Answer, error), each func(Moved),
) ([]Perturbed, error) {
	all := Perturbations()
	out := make([]Perturbed, len(all))
	for k, p := range all {
		out[k].Name = p.Name
	}
	for i, question := range questions {
		before, err := answer(ctx, question)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", question, err)
		}
		rare, err := rarest(ctx, question)
		if err != nil {
			return nil, err
		}
		for k, p := range all {
			written := p.Write(rand.New(rand.NewPCG(bootstrapSeed, uint64(i*len(all)+k))), question, rare)
			if written == question {
				continue
			}
			after, err := answer(ctx, written)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", written, err)
			}
			was, is := firstQuote(&before), firstQuote(&after)
			switch {
			case !before.Answered():
				out[k].Silences++
				if !after.Answered() {
					out[k].Silent++
				}
			default:
				out[k].Questions++
				if was == is {
					out[k].Same++
				}
			}
			if was != is && each != nil {
				each(Moved{p.Name, question, written, was, is})
			}
		}
	}
	return out, nil
}

// firstQuote names the first quote of an answer and where it stands; empty for
// silence.
func firstQuote(ans *briefs.Answer) string {
	if !ans.Answered() {
		return ""
	}
	q := ans.Quotes[0].Quote
	return fmt.Sprintf("%s at %d: %s", q.Document().ID, q.Span().Start, q.Text())
}
