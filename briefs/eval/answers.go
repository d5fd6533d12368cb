package eval

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sort"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/structure"
)

// Item is one question with the sentences of one passage and, for each
// sentence, whether it answers.
type Item struct {
	ID        string   `json:"qid"`
	Question  string   `json:"question"`
	Title     string   `json:"doc"`     // optional: the title of the document
	Heading   string   `json:"section"` // optional: the heading above the passage
	Sentences []string `json:"sentences"`
	Labels    []int    `json:"labels"`
}

// Answers holds the measures of sentence selection and of silence.
type Answers struct {
	Items     int     `json:"items"`
	MAP       float64 `json:"map"` // over items with a positive label, as MRR
	MRR       float64 `json:"mrr"`
	Precision float64 `json:"precision"` // right first sentences among answered items
	Recall    float64 `json:"recall"`    // right first sentences among items with a positive label
	F1        float64 `json:"f1"`
	Answered  int     `json:"answered"`
}

// Scored is what the product made of one item.
type Scored struct {
	ID       string    `json:"qid"`
	Scores   []float64 `json:"scores"` // one a sentence; ties rank the earlier first
	Answered bool      `json:"answered"`
	Chosen   []int     `json:"chosen"` // indexes of the sentences of the answer, in order shown
}

// ReadItems reads one JSON object a line.
func ReadItems(r io.Reader) ([]Item, error) {
	var out []Item
	err := eachLine(r, func(n int, line []byte) error {
		var it Item
		if err := json.Unmarshal(line, &it); err != nil {
			return briefs.Fault(briefs.ErrInvalid, "line %d is not an item: write {\"qid\",\"question\",\"sentences\",\"labels\"}", n)
		}
		if len(it.Labels) != len(it.Sentences) || len(it.Sentences) == 0 {
			return briefs.Fault(briefs.ErrInvalid, "line %d: %d sentences and %d labels: give one label a sentence", n, len(it.Sentences), len(it.Labels))
		}
		out = append(out, it)
		return nil
	})
	return out, err
}

// Documents turns the passages of items into documents, each passage once,
// so that a library of them gives the term statistics that asking uses.
func Documents(items []Item) []briefs.Document {
	seen := map[string]bool{}
	var out []briefs.Document
	for _, it := range items {
		d := it.document(fmt.Sprintf("item-%06d", len(out)))
		if seen[d.Title+"\x00"+d.Text] {
			continue
		}
		seen[d.Title+"\x00"+d.Text] = true
		structure.Analyze(&d)
		out = append(out, d)
	}
	return out
}

// document is the passage of it as a document of one paragraph.
func (it *Item) document(id string) briefs.Document {
	d := briefs.Document{ID: briefs.DocumentID(id), Title: it.Title, Collection: briefs.DefaultCollection, Source: "eval"}
	if it.Heading != "" {
		d.Title += " " + it.Heading
	}
	for i, s := range it.Sentences {
		if i > 0 {
			d.Text += " "
		}
		d.Text += s
	}
	d.Blocks = []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(d.Text)}}}
	return d
}

// MeasureAnswers ranks the sentences of every item with a's own selection and
// returns the measures. out, when not nil, receives each result in order.
func MeasureAnswers(ctx context.Context, a *ask.Asker, items []Item, out func(Scored) error) (Sampled, error) {
	return measure(items, func(it Item) (Scored, error) {
		c, err := a.Choose(ctx, it.Question, ask.Excerpt{Title: it.Title, Heading: it.Heading, Sentences: it.Sentences})
		s := Scored{it.ID, c.Scores, c.Answered, c.Chosen}
		if err == nil && out != nil {
			err = out(s)
		}
		return s, err
	})
}

// MeasureScores measures a ranking of sentences that always answers with its
// best sentence, for baselines.
func MeasureScores(items []Item, scores func(Item) ([]float64, error)) (Sampled, error) {
	return measure(items, func(it Item) (Scored, error) {
		v, err := scores(it)
		if err != nil {
			return Scored{}, err
		}
		best := 0
		for i := range v {
			if v[i] > v[best] {
				best = i
			}
		}
		return Scored{it.ID, v, true, []int{best}}, nil
	})
}

// Answers are the means of a sample of items.
func (s Sampled) Answers() Answers {
	answered := 0
	for _, q := range s.questions {
		answered += int(q[2].over)
	}
	return Answers{s.Questions(), s.Value("map"), s.Value("mrr"), s.Value("precision"), s.Value("recall"), s.Value("f1"), answered}
}

func measure(items []Item, score func(Item) (Scored, error)) (Sampled, error) {
	m := Sampled{names: []string{"map", "mrr", "precision", "recall", "f1"}}
	for _, it := range items {
		s, err := score(it)
		if err != nil {
			return m, fmt.Errorf("item %s: %w", it.ID, err)
		}
		var positive, answered, right float64
		ap, rr, ok := rankMeasures(s.Scores, it.Labels)
		if ok {
			positive = 1
		}
		if s.Answered {
			answered = 1
			if it.Labels[s.Chosen[0]] > 0 {
				right = 1
			}
		}
		m.questions = append(m.questions, []ratio{{ap, positive}, {rr, positive}, {right, answered}, {right, positive}, {2 * right, answered + positive}})
	}
	return m, nil
}

// rankMeasures returns average precision and reciprocal rank of one item;
// ok is false when no sentence is labelled.
func rankMeasures(scores []float64, labels []int) (ap, rr float64, ok bool) {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return scores[order[i]] > scores[order[j]] })
	found := 0
	for i, s := range order {
		if labels[s] > 0 {
			found++
			ap += float64(found) / float64(i+1)
			if found == 1 {
				rr = 1 / float64(i+1)
			}
		}
	}
	if found == 0 {
		return 0, 0, false
	}
	return ap / float64(found), rr, true
}
