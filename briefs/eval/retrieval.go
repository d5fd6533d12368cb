// Package eval measures the quality of retrieval and answers on labelled
// sets, with the product's own code: it has no ranking of its own.
package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// Query is one line of a query file.
type Query struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Ranked is one document of a ranking.
type Ranked struct {
	Document briefs.DocumentID
	Score    float64
}

// Ranker ranks the documents of a library for a question, best first, each
// document once.
type Ranker func(ctx context.Context, question string, limit int) ([]Ranked, error)

// RunDepth is how many documents a run holds for each query, the depth of
// R@100 and of TREC's usual MAP cut.
const RunDepth = 1000

// Retrieval holds the means over the queries that have a relevant document.
type Retrieval struct {
	Queries int     `json:"queries"`
	NDCG10  float64 `json:"ndcg10"` // linear gain, discount log2(rank+1)
	MAP     float64 `json:"map"`
	R100    float64 `json:"r100"`
	MRR     float64 `json:"mrr"`
}

// Qrels maps query id to document id to gain; only gains above 0 are relevant.
type Qrels map[string]map[briefs.DocumentID]float64

// ReadQueries reads one JSON object a line.
func ReadQueries(r io.Reader) ([]Query, error) {
	var out []Query
	err := eachLine(r, func(n int, line []byte) error {
		var q Query
		if err := json.Unmarshal(line, &q); err != nil {
			return briefs.Fault(briefs.ErrInvalid, "line %d is not a query: write {\"id\":…,\"text\":…}", n)
		}
		if q.ID == "" || strings.ContainsAny(q.ID, " \t\r\n") {
			return briefs.Fault(briefs.ErrInvalid, "line %d: the id %q: it must be one word", n, q.ID)
		}
		out = append(out, q)
		return nil
	})
	return out, err
}

// ReadQrels reads tab-separated lines of query id, document id and gain.
func ReadQrels(r io.Reader) (Qrels, error) {
	out := Qrels{}
	err := eachLine(r, func(n int, line []byte) error {
		f := strings.Split(string(line), "\t")
		if len(f) != 3 {
			return briefs.Fault(briefs.ErrInvalid, "line %d has %d fields, not 3: write query, document and gain, separated by tabs", n, len(f))
		}
		gain, err := strconv.ParseFloat(strings.TrimSpace(f[2]), 64)
		if err != nil {
			return briefs.Fault(briefs.ErrInvalid, "line %d: the gain %q: write a number", n, f[2])
		}
		if out[f[0]] == nil {
			out[f[0]] = map[briefs.DocumentID]float64{}
		}
		out[f[0]][briefs.DocumentID(f[1])] = gain
		return nil
	})
	return out, err
}

// Retrieval are the means of a sample of rankings.
func (s Sampled) Retrieval() Retrieval {
	return Retrieval{s.Questions(), s.Value("ndcg10"), s.Value("map"), s.Value("r100"), s.Value("mrr")}
}

// MeasureRetrieval ranks every query that has a relevant document and
// returns the means. run, when not nil, receives each ranking in the order of
// the queries.
func MeasureRetrieval(ctx context.Context, queries []Query, qrels Qrels, rank Ranker, run func(q Query, r []Ranked) error) (Sampled, error) {
	s := Sampled{names: []string{"ndcg10", "map", "r100", "mrr"}}
	for _, q := range queries {
		gains := qrels[q.ID]
		if !anyRelevant(gains) {
			continue
		}
		ranked, err := rank(ctx, q.Text, RunDepth)
		if err != nil {
			return Sampled{}, fmt.Errorf("query %s: %w", q.ID, err)
		}
		if run != nil {
			if err := run(q, ranked); err != nil {
				return Sampled{}, err
			}
		}
		one := measureQuery(ranked, gains)
		s.questions = append(s.questions, []ratio{{one.NDCG10, 1}, {one.MAP, 1}, {one.R100, 1}, {one.MRR, 1}})
	}
	if s.Questions() == 0 {
		return s, briefs.Fault(briefs.ErrInvalid, "no query has a relevant document: check that queries and qrels belong together")
	}
	return s, nil
}

func anyRelevant(gains map[briefs.DocumentID]float64) bool {
	for _, g := range gains {
		if g > 0 {
			return true
		}
	}
	return false
}

// measureQuery computes the measures of one ranking (Järvelin and Kekäläinen
// 2002 for nDCG with linear gain; trec_eval for the others).
func measureQuery(ranked []Ranked, gains map[briefs.DocumentID]float64) Retrieval {
	ideal := make([]float64, 0, len(gains))
	for _, g := range gains {
		if g > 0 {
			ideal = append(ideal, g)
		}
	}
	sort.Sort(sort.Reverse(sort.Float64Slice(ideal)))
	var idcg float64
	for i, g := range ideal {
		if i == 10 {
			break
		}
		idcg += g / math.Log2(float64(i)+2)
	}
	var m Retrieval
	var dcg, precisions float64
	found := 0
	for i, r := range ranked {
		g := gains[r.Document]
		if g <= 0 {
			continue
		}
		found++
		precisions += float64(found) / float64(i+1)
		if i < 10 {
			dcg += g / math.Log2(float64(i)+2)
		}
		if i < 100 {
			m.R100++
		}
		if found == 1 {
			m.MRR = 1 / float64(i+1)
		}
	}
	m.NDCG10 = dcg / idcg
	m.MAP = precisions / float64(len(ideal))
	m.R100 /= float64(len(ideal))
	return m
}

// WriteRun writes one ranking in TREC's form: qid Q0 docid rank score tag.
func WriteRun(w io.Writer, query string, ranked []Ranked) error {
	for i, r := range ranked {
		if _, err := fmt.Fprintf(w, "%s Q0 %s %d %.6f briefdesk\n", query, r.Document, i+1, r.Score); err != nil {
			return err
		}
	}
	return nil
}

// maxLine bounds one line of a labelled set, 64 MiB as for documents.
const maxLine = 64 << 20

func eachLine(r io.Reader, fn func(n int, line []byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; sc.Scan(); n++ {
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		if err := fn(n, sc.Bytes()); err != nil {
			return err
		}
	}
	return sc.Err()
}
