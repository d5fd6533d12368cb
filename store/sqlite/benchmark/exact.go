package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
)

// exactness is how often the library gave the same passages in the same order
// as the exhaustive scorer.
type exactness struct {
	Collection  string // empty is the whole library
	Asked, Same int
	Other       string // the first question where it did not; empty when there is none
}

// exactBest is how many passages of each answer are compared.
const exactBest = 50

// exact compares the library with the exhaustive scorer on s.exact questions.
func exact(ctx context.Context, s settings, at string, f map[string]any) error {
	questions, err := readQuestions(s.root, s.exact)
	if err != nil {
		return err
	}
	hidden, err := folded(ctx, at)
	if err != nil {
		return err
	}
	x, err := newExhaustive(termsFile(s.dir, s.passages), questions, hidden)
	if err != nil {
		return err
	}
	b, err := openBriefdesk(ctx, at)
	if err != nil {
		return err
	}
	defer b.Close()
	var all []exactness
	for _, c := range []string{"", one, half} {
		e, in := exactness{Collection: c, Asked: len(questions)}, b
		if c != "" {
			in = b.in(c)
		}
		for _, q := range questions {
			got, err := in.best(ctx, q, exactBest)
			if err != nil {
				return err
			}
			if want := x.best(q, c, exactBest); slices.Equal(got, want) {
				e.Same++
			} else if e.Other == "" {
				e.Other = fmt.Sprintf("%q: %s", q.Text, difference(got, want))
			}
		}
		all = append(all, e)
	}
	f["Exact"] = all
	return nil
}

// difference tells where two lists part.
func difference(got, want []string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	at := func(list []string) string {
		if i < len(list) {
			return list[i]
		}
		return "none"
	}
	return fmt.Sprintf("number %d is %s, want %s", i+1, at(got), at(want))
}

// folded are the documents that a search of their whole collection passes over,
// as copies of others.
func folded(ctx context.Context, at string) (map[string]bool, error) {
	db, err := sql.Open("sqlite", "file:"+libraryFile(at)+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT id FROM documents WHERE original IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ids := make(map[string]bool)
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids[id] = true
	}
	return ids, rows.Err()
}

// exhaustive scores every passage that holds a term of a question. It shares
// nothing with the library but the terms of the passages and the formula,
// BM25: the sum over the terms t of a question of
//
//	idf(t) · tf·(k1+1) / (tf + k1·(1 - b + b·length/average))
//
// where tf adds up the occurrences of t with the weights of their fields,
// length counts the terms of all fields, idf(t) is ln((N-df+½)/(df+½)), but at
// least 10⁻⁶, and N, df and average are those of what the question sees. What
// a term adds is rounded to a multiple of 2⁻³². Equal scores are in the order
// of the ids.
type exhaustive struct {
	lists       map[string]*occurrences
	ids         []string
	lengths     []uint32
	collections []string
	hidden      []bool
	scores      []int64 // by passage; 0 between questions
	seen        map[string]statistics
}

// statistics are those of a collection.
type statistics struct{ passages, tokens float64 }

// occurrences are the passages that hold a term, and what it weighs in each,
// in halves.
type occurrences struct {
	passages []uint32
	halves   []uint32
}

// newExhaustive reads the passages of a file of terms once and gathers what
// the questions need.
func newExhaustive(path string, questions []question, hidden map[string]bool) (*exhaustive, error) {
	x := &exhaustive{lists: make(map[string]*occurrences)}
	for _, q := range questions {
		for _, t := range q.Terms {
			x.lists[t] = &occurrences{}
		}
	}
	err := eachTerms(path, func(t terms) error {
		p, length := uint32(len(x.ids)), uint32(0)
		for _, field := range []struct {
			terms  string
			halves uint32
		}{{t.title, 4}, {t.heading, 3}, {t.byline, 1}, {t.body, 2}} {
			for term := range strings.FieldsSeq(field.terms) {
				length++
				if l := x.lists[term]; l != nil {
					l.add(p, field.halves)
				}
			}
		}
		x.ids = append(x.ids, t.id)
		x.lengths = append(x.lengths, length)
		x.collections = append(x.collections, strings.Clone(t.collection))
		x.hidden = append(x.hidden, hidden[t.document])
		return nil
	})
	x.scores = make([]int64, len(x.ids))
	x.seen = make(map[string]statistics)
	for p, length := range x.lengths {
		for _, c := range []string{"", x.collections[p]} {
			s := x.seen[c]
			x.seen[c] = statistics{s.passages + 1, s.tokens + float64(length)}
		}
	}
	return x, err
}

func (o *occurrences) add(passage, halves uint32) {
	if n := len(o.passages); n > 0 && o.passages[n-1] == passage {
		o.halves[n-1] += halves
		return
	}
	o.passages, o.halves = append(o.passages, passage), append(o.halves, halves)
}

// best is the order of the passages of a collection, of all when it is empty.
func (x *exhaustive) best(q question, collection string, limit int) []string {
	sees := func(p uint32) bool { return collection == "" || x.collections[p] == collection }
	n := x.seen[collection].passages
	average := x.seen[collection].tokens / n
	var touched []uint32
	for _, t := range q.Terms {
		l := x.lists[t]
		df := 0.0
		for _, p := range l.passages {
			if sees(p) {
				df++
			}
		}
		idf := math.Log((n - df + 0.5) / (df + 0.5))
		if idf <= 0 {
			idf = 1e-6
		}
		for i, p := range l.passages {
			if !sees(p) || x.hidden[p] {
				continue
			}
			if x.scores[p] == 0 {
				touched = append(touched, p)
			}
			tf := float64(l.halves[i]) / 2
			norm := 1.2 * (1 - 0.75 + 0.75*float64(x.lengths[p])/average)
			x.scores[p] += int64(idf*(tf*(1.2+1)/(tf+norm))*(1<<32) + 0.5) // never 0: the least idf is thousands of units
		}
	}
	better := func(a, b uint32) int {
		return cmp.Or(cmp.Compare(x.scores[b], x.scores[a]), cmp.Compare(x.ids[a], x.ids[b]))
	}
	var found []uint32 // the best so far, and some more
	cut := false       // the first limit of them are in order
	for _, p := range touched {
		if cut && better(found[limit-1], p) < 0 {
			continue
		}
		if found = append(found, p); len(found) >= 2*limit {
			slices.SortFunc(found, better)
			found, cut = found[:limit], true
		}
	}
	slices.SortFunc(found, better)
	var ids []string
	for _, p := range found[:min(limit, len(found))] {
		ids = append(ids, x.ids[p])
	}
	for _, p := range touched {
		x.scores[p] = 0
	}
	return ids
}
