package eval

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// The expected figures are worked out by hand from the definitions.
func TestMeasureQuery(t *testing.T) {
	ranked := func(ids ...string) (out []Ranked) {
		for _, id := range ids {
			out = append(out, Ranked{Document: briefs.DocumentID(id)})
		}
		return out
	}
	gains := map[briefs.DocumentID]float64{"a": 3, "b": 2, "c": 0, "d": -1}
	idcg := 3 + 2/math.Log2(3)
	for _, c := range []struct {
		name   string
		ranked []Ranked
		want   Retrieval
	}{
		{"perfect", ranked("a", "b"), Retrieval{NDCG10: 1, MAP: 1, R100: 1, MRR: 1}},
		{"swapped", ranked("b", "a"), Retrieval{NDCG10: (2 + 3/math.Log2(3)) / idcg, MAP: 1, R100: 1, MRR: 1}},
		{"gain zero and below are not relevant", ranked("c", "d", "a"), Retrieval{NDCG10: 1.5 / idcg, MAP: 1.0 / 6, R100: 0.5, MRR: 1.0 / 3}},
		{"nothing found", nil, Retrieval{}},
	} {
		got := measureQuery(c.ranked, gains)
		for _, d := range [][2]float64{{got.NDCG10, c.want.NDCG10}, {got.MAP, c.want.MAP}, {got.R100, c.want.R100}, {got.MRR, c.want.MRR}} {
			if math.Abs(d[0]-d[1]) > 1e-12 {
				t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
				break
			}
		}
	}
}

func TestMeasureRetrievalLeavesOutQueriesWithoutRelevant(t *testing.T) {
	qrels, err := ReadQrels(strings.NewReader("q1\ta\t1\nq2\ta\t0\n"))
	if err != nil {
		t.Fatal(err)
	}
	queries, err := ReadQueries(strings.NewReader("{\"id\":\"q1\",\"text\":\"x\"}\n\n{\"id\":\"q2\",\"text\":\"y\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	rank := func(context.Context, string, int) ([]Ranked, error) {
		return []Ranked{{Document: "b"}, {Document: "a"}}, nil
	}
	var run strings.Builder
	got, err := MeasureRetrieval(t.Context(), queries, qrels, rank, func(q Query, r []Ranked) error { return WriteRun(&run, q.ID, r) })
	if err != nil || got.Retrieval().Queries != 1 || got.Retrieval().MRR != 0.5 {
		t.Errorf("got %+v, %v", got, err)
	}
	if want := "q1 Q0 b 1 0.000000 briefdesk\nq1 Q0 a 2 0.000000 briefdesk\n"; run.String() != want {
		t.Errorf("run %q, want %q", run.String(), want)
	}
	if _, err := MeasureRetrieval(t.Context(), queries[1:], qrels, rank, nil); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("no relevant document at all: %v", err)
	}
}

func TestReadersNameTheLine(t *testing.T) {
	for name, err := range map[string]error{
		"query": second(ReadQueries(strings.NewReader("{\"id\":\"a\",\"text\":\"b\"}\nnonsense\n"))),
		"qrel":  second(ReadQrels(strings.NewReader("a\tb\t1\na b 1\n"))),
		"gain":  second(ReadQrels(strings.NewReader("a\tb\t1\na\tb\tx\n"))),
		"item":  second(ReadItems(strings.NewReader("{\"qid\":\"a\",\"sentences\":[\"s\"],\"labels\":[1]}\n{\"qid\":\"b\",\"sentences\":[\"s\"],\"labels\":[]}\n"))),
	} {
		if !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v does not name line 2", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestRankMeasures(t *testing.T) {
	ap, rr, ok := rankMeasures([]float64{0.2, 0.9, 0.9}, []int{0, 0, 1})
	if !ok || ap != 0.5 || rr != 0.5 {
		t.Errorf("a tie must rank the earlier sentence first: ap %v, rr %v", ap, rr)
	}
	ap, rr, _ = rankMeasures([]float64{3, 2, 1}, []int{1, 0, 1})
	if math.Abs(ap-(1+2.0/3)/2) > 1e-12 || rr != 1 {
		t.Errorf("ap %v, rr %v", ap, rr)
	}
	if _, _, ok := rankMeasures([]float64{1}, []int{0}); ok {
		t.Error("an item without a positive label is not measured")
	}
}
