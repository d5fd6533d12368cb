package eval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/structure"
)

// Set is some documents with summaries that people wrote of them.
type Set struct {
	ID         string        `json:"id"`
	Topic      string        `json:"topic"` // what the summary is about; empty for everything
	Docs       []SetDocument `json:"docs"`
	References []string      `json:"reference"`
}

// SetDocument is one document of a set: a JSON string, or an object.
type SetDocument struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Text      string `json:"text"`
}

// UnmarshalJSON reads both forms.
func (d *SetDocument) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &d.Text); err == nil {
		return nil
	}
	type object SetDocument
	return json.Unmarshal(b, (*object)(d))
}

// Collection names the documents of s in a library: sets of the same
// documents share it.
func (s *Set) Collection() string {
	h := sha256.New()
	for _, d := range s.Docs {
		fmt.Fprintf(h, "%q %q %q %q\n", d.ID, d.Title, d.Published, d.Text)
	}
	return "set-" + hex.EncodeToString(h.Sum(nil))[:16]
}

// Documents are the documents of s as they would be added.
func (s *Set) Documents() ([]briefs.Document, error) {
	collection := s.Collection()
	out := make([]briefs.Document, 0, len(s.Docs))
	for i, d := range s.Docs {
		line, err := json.Marshal(map[string]string{
			"id": fmt.Sprintf("%s-%04d", collection, i+1), "title": d.Title, "published": d.Published, "text": d.Text, "collection": collection,
		})
		if err != nil {
			return nil, err
		}
		doc, err := extract.Record(line)
		if err != nil {
			return nil, fmt.Errorf("set %s, document %d: %w", s.ID, i+1, err)
		}
		doc.Source = "eval"
		structure.Analyze(&doc)
		out = append(out, doc)
	}
	return out, nil
}

// ReadSets reads one JSON object a line.
func ReadSets(r io.Reader) ([]Set, error) {
	var out []Set
	err := eachLine(r, func(n int, line []byte) error {
		var s Set
		if err := json.Unmarshal(line, &s); err != nil {
			return briefs.Fault(briefs.ErrInvalid, "line %d is not a set: write {\"id\",\"topic\",\"docs\",\"reference\"}", n)
		}
		if len(s.Docs) == 0 || len(s.References) == 0 {
			return briefs.Fault(briefs.ErrInvalid, "line %d: %d documents and %d references: give one of each at least", n, len(s.Docs), len(s.References))
		}
		out = append(out, s)
		return nil
	})
	return out, err
}

// Summaries holds the means over the sets.
type Summaries struct {
	Sets   int     `json:"sets"`
	Rouge1 float64 `json:"rouge1"`
	Rouge2 float64 `json:"rouge2"`
	RougeL float64 `json:"rougeL"`
}

// Summary is what was chosen for one set.
type Summary struct {
	ID        string   `json:"id"`
	Text      string   `json:"summary"` // the sentences, a line each
	Sentences []string `json:"-"`
	Rouge     Rouge    `json:"-"`
}

// SampleSummaries are the measures of summaries, set by set.
func SampleSummaries(all []Summary) Sampled {
	s := Sampled{names: []string{"rouge1", "rouge2", "rougeL"}}
	for _, one := range all {
		s.questions = append(s.questions, []ratio{{one.Rouge.R1, 1}, {one.Rouge.R2, 1}, {one.Rouge.RL, 1}})
	}
	return s
}

// Summarize chooses the sentences of a set's summary, in the order shown.
type Summarize func(ctx context.Context, s *Set) ([]string, error)

// MeasureSummaries summarises every set and compares. The summaries come in
// the order of the sets; out, when not nil, receives each.
func MeasureSummaries(ctx context.Context, sets []Set, summarize Summarize, out func(Summary) error) (Summaries, []Summary, error) {
	m := Summaries{Sets: len(sets)}
	all := make([]Summary, 0, len(sets))
	for i := range sets {
		sentences, err := summarize(ctx, &sets[i])
		if err != nil {
			return m, nil, fmt.Errorf("set %s: %w", sets[i].ID, err)
		}
		s := Summary{ID: sets[i].ID, Text: strings.Join(sentences, "\n"), Sentences: sentences}
		s.Rouge = MeasureRouge(s.Text, sets[i].References)
		m.Rouge1 += s.Rouge.R1
		m.Rouge2 += s.Rouge.R2
		m.RougeL += s.Rouge.RL
		if out != nil {
			if err := out(s); err != nil {
				return m, nil, err
			}
		}
		all = append(all, s)
	}
	divide(&m.Rouge1, m.Sets)
	divide(&m.Rouge2, m.Sets)
	divide(&m.RougeL, m.Sets)
	return m, all, nil
}
