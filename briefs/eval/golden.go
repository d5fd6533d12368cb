package eval

import (
	"context"
	"fmt"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/sample"
)

// Golden holds the measures of whole answers over golden questions. All are
// shares from 0 to 1.
type Golden struct {
	Questions     int     `json:"questions"`
	Recall        float64 `json:"recall"`         // required sentences among those shown, mean over answerable questions
	Complete      float64 `json:"complete"`       // answerable questions with every required sentence shown, in order
	FirstHit      float64 `json:"first_hit"`      // answerable questions whose first quote is required or acceptable
	Precision     float64 `json:"precision"`      // quotes shown for answerable questions that are required or acceptable
	Silent        float64 `json:"silent"`         // unanswerable questions met with silence
	FalseSilences float64 `json:"false_silences"` // answerable questions met with silence
}

// Asked is one golden question with its answer and what it lacks.
type Asked struct {
	Question sample.Question
	Answer   briefs.Answer
	Missing  []sample.Sentence // required, but not shown
	Complete bool
	FirstHit bool
}

// MeasureGolden asks every question and compares. name tells the sample's
// name of a document of the library. each, when not nil, receives every result.
func MeasureGolden(ctx context.Context, questions []sample.Question, name func(briefs.Document) string,
	answer func(ctx context.Context, question string) (briefs.Answer, error), each func(Asked),
) (Sampled, error) {
	s := Sampled{names: []string{"recall", "complete", "first_hit", "precision", "silent", "false_silences"}}
	for _, q := range questions {
		ans, err := answer(ctx, q.Question)
		if err != nil {
			return s, fmt.Errorf("golden %s: %w", q.ID, err)
		}
		a := Asked{Question: q, Answer: ans}
		silent := ratio{share(!ans.Answered()), 1}
		if q.Answerable {
			s.questions = append(s.questions, append(a.compare(name), ratio{}, silent))
		} else {
			s.questions = append(s.questions, append(make([]ratio, 4), silent, ratio{}))
		}
		if each != nil {
			each(a)
		}
	}
	return s, nil
}

// Golden are the measures of a sample of golden questions.
func (s Sampled) Golden() Golden {
	return Golden{
		s.Questions(), s.Value("recall"), s.Value("complete"), s.Value("first_hit"), s.Value("precision"),
		s.Value("silent"), s.Value("false_silences"),
	}
}

// compare completes a for an answerable question and returns what it adds to
// recall, complete, first hit and precision.
func (a *Asked) compare(name func(briefs.Document) string) []ratio {
	q, quotes := a.Question, a.Answer.Quotes
	last, inOrder, right := -1, true, 0.0
	for _, want := range q.Required {
		at := shown(quotes, want, name)
		if at < 0 {
			a.Missing = append(a.Missing, want)
		}
		inOrder = inOrder && at > last
		last = at
	}
	a.Complete = len(a.Missing) == 0 && (inOrder || !q.Complete)
	for i, c := range quotes {
		if isRight(c, q, name) {
			right++
			a.FirstHit = a.FirstHit || i == 0
		}
	}
	return []ratio{
		{1 - float64(len(a.Missing))/float64(len(q.Required)), 1},
		{share(a.Complete), 1},
		{share(a.FirstHit), 1},
		{right, float64(len(quotes))},
	}
}

// share is 1 for what is so, and 0 for what is not.
func share(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func divide(v *float64, n int) {
	if n > 0 {
		*v /= float64(n)
	}
}

// shown returns the index of the quote that holds want, -1 when none does.
func shown(quotes []briefs.Citation, want sample.Sentence, name func(briefs.Document) string) int {
	for i, c := range quotes {
		if holds(c, want, name) {
			return i
		}
	}
	return -1
}

func isRight(c briefs.Citation, q sample.Question, name func(briefs.Document) string) bool {
	for _, want := range q.Required {
		if holds(c, want, name) {
			return true
		}
	}
	for _, want := range q.Acceptable {
		if holds(c, want, name) {
			return true
		}
	}
	return false
}

func holds(c briefs.Citation, want sample.Sentence, name func(briefs.Document) string) bool {
	got := fold(c.Quote.Text())
	w := fold(want.Text)
	return name(c.Quote.Document()) == want.Doc && (strings.Contains(got, w) || strings.Contains(w, got) && len(got)*2 > len(w))
}

// fold makes line breaks and runs of space one space.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
