package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/eval"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/text"
	"briefdesk/store"
)

// measurePerturbed asks the golden questions of one split, of all when it is
// empty, as they stand and written otherwise.
func measurePerturbed(ctx context.Context, asker *ask.Asker, lib store.Backend, split string, each func(eval.Moved)) ([]eval.Perturbed, error) {
	golden, err := sample.Golden()
	if err != nil {
		return nil, err
	}
	var questions []string
	for _, q := range golden {
		if split == "" || q.Split == split {
			questions = append(questions, q.Question)
		}
	}
	rarest := func(ctx context.Context, question string) (string, error) { return rarestWord(ctx, lib, question) }
	answer := func(ctx context.Context, question string) (briefs.Answer, error) {
		return asker.Ask(ctx, ask.Request{Question: question, Scope: briefs.Everything()})
	}
	return eval.MeasurePerturbed(ctx, questions, rarest, answer, each)
}

// rarestWord returns the word of a question that the fewest passages of lib
// hold, but some; ties go to the first.
func rarestWord(ctx context.Context, lib store.Backend, question string) (string, error) {
	var words, terms []string
	for _, t := range text.QueryTokens(question) {
		word := strings.TrimSuffix(strings.TrimSuffix(question[t.Start:t.End], "'s"), "’s")
		if !t.Stop && len(word) > 3 && !strings.Contains(word, " ") {
			words, terms = append(words, word), append(terms, t.Term)
		}
	}
	df, _, err := lib.DocFreq(ctx, briefs.Everything(), terms)
	if err != nil {
		return "", err
	}
	best, least := "", 0
	for i, n := range df {
		if n > 0 && (best == "" || n < least) {
			best, least = words[i], n
		}
	}
	return best, nil
}

func (a *app) evalPerturbed(ctx context.Context, lib store.Backend, split string, misses bool) error {
	var moved []eval.Moved
	all, err := measurePerturbed(ctx, ask.New(a.log, lib), lib, split, func(m eval.Moved) { moved = append(moved, m) })
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.stdout, struct {
			Perturbed []eval.Perturbed `json:"perturbed"`
		}{all})
	}
	perturbedTable(a, all)
	for _, m := range moved {
		if misses {
			fmt.Fprintf(a.stdout, "\n%s", a.view.paragraph(" ", m.Name+": "+m.Question))
			fmt.Fprint(a.stdout, a.view.paragraph("   written  ", m.Written), a.view.paragraph("   was      ", m.Was), a.view.paragraph("   is       ", m.Is))
		}
	}
	return nil
}

func perturbedTable(a *app, all []eval.Perturbed) {
	columns := []column{{title: "written with"}, {title: "answered", right: true}, {title: "same first quote", right: true}, {title: "silent", right: true}, {title: "silent again", right: true}}
	rows := make([][]string, 0, len(all))
	for _, p := range all {
		rows = append(rows, []string{p.Name, strconv.Itoa(p.Questions), partOf(p.Same, p.Questions), strconv.Itoa(p.Silences), partOf(p.Silent, p.Silences)})
	}
	a.view.table(a.stdout, columns, rows)
}

func partOf(n, all int) string {
	if all == 0 {
		return "-"
	}
	return strconv.FormatFloat(float64(n)/float64(all), 'f', 3, 64)
}
