package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/eval"
	"briefdesk/briefs/ingest"
	"briefdesk/briefs/sample"
	"briefdesk/store"
)

type ablationFlags struct {
	retrieval, answers, without []string
	most                        int
}

func (a *app) evalAblationsCommand() *cobra.Command {
	var f ablationFlags
	cmd := &cobra.Command{
		Use:   "ablations",
		Short: "Measure what each mechanism of answering gives, by leaving it out",
		Long: `Measure what each mechanism of answering gives and costs, by leaving out one
after the other: on the golden questions, and on the sets named. Prints one
table in Markdown: the figures with all mechanisms, then how much higher they
are with a mechanism than without it, and the interval of 95 % of bootstrap
samples of the questions. In bold: the interval holds no 0. A dot: no change.`,
		Example:     "  briefdesk eval ablations\n  briefdesk eval ablations --retrieval cranfield --answers selqa/dev.items.jsonl --most 600",
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "yes"},
		RunE:        func(cmd *cobra.Command, _ []string) error { return a.evalAblations(cmd.Context(), f) },
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&f.retrieval, "retrieval", nil, "a `FOLDER` with docs.jsonl, queries.jsonl and qrels.tsv (may be repeated)")
	fl.StringArrayVar(&f.answers, "answers", nil, "a file of items, `ITEMS.jsonl` (may be repeated)")
	fl.StringArrayVar(&f.without, "without", nil, "only `MECHANISM`, by its name in the table (may be repeated)")
	fl.IntVar(&f.most, "most", 0, "at most `N` questions of each set, taken evenly; 0 is all")
	return cmd
}

// ablatedSet is one set of the table.
type ablatedSet struct {
	Set       string                   `json:"set"`
	Questions int                      `json:"questions"`
	Whole     map[string]eval.Interval `json:"whole"`
	Without   []eval.Ablation          `json:"without"`
	shown     []string                 // measures in the table
	timed     string                   // what the cost is of
}

func (a *app) evalAblations(ctx context.Context, f ablationFlags) error {
	mechanisms := ask.Mechanisms()
	if f.without != nil {
		mechanisms = nil
		for _, m := range f.without {
			mechanisms = append(mechanisms, ask.Mechanism(m))
		}
	}
	var sets []ablatedSet
	measure := func(set ablatedSet, open func(lib store.Backend) (eval.Trial, error)) error {
		return a.withTemporary(ctx, func(lib store.Backend) error {
			trial, err := open(lib)
			if err != nil {
				return err
			}
			whole, without, err := eval.Ablate(ctx, trial, mechanisms, func(m ask.Mechanism) {
				a.log.InfoContext(ctx, "leaving out", "set", set.Set, "mechanism", string(m))
			})
			if err != nil {
				return err
			}
			set.Questions, set.Whole, set.Without = whole.Questions(), whole.Intervals(), without
			sets = append(sets, set)
			return nil
		})
	}
	for _, folder := range f.retrieval {
		set := ablatedSet{Set: filepath.Base(folder), shown: []string{"ndcg10"}, timed: "search"}
		if err := measure(set, func(lib store.Backend) (eval.Trial, error) { return a.retrievalTrial(ctx, lib, folder, f.most) }); err != nil {
			return err
		}
	}
	for _, file := range f.answers {
		set := ablatedSet{Set: filepath.Base(filepath.Dir(filepath.Join("items", file))), shown: []string{"map", "f1"}}
		if err := measure(set, func(lib store.Backend) (eval.Trial, error) { return a.answersTrial(ctx, lib, file, f.most) }); err != nil {
			return err
		}
	}
	set := ablatedSet{Set: "golden", shown: []string{"recall", "complete", "first_hit", "silent"}, timed: "ask"}
	if err := measure(set, func(lib store.Backend) (eval.Trial, error) { return a.goldenTrial(ctx, lib, f.most) }); err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.stdout, struct {
			Sets []ablatedSet `json:"sets"`
		}{sets})
	}
	fmt.Fprint(a.stdout, ablationTable(sets, mechanisms))
	return nil
}

// evenly takes at most n of all, evenly; all when n is 0.
func evenly[T any](all []T, n int) []T {
	if n <= 0 || len(all) <= n {
		return all
	}
	out := make([]T, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}

// Searches are timed with so many queries of a set, for so many passages each;
// whole answers with so many questions.
const (
	timedQueries   = 40
	timedHits      = 10
	timedQuestions = 94
)

func (a *app) retrievalTrial(ctx context.Context, lib store.Backend, folder string, most int) (eval.Trial, error) {
	var t eval.Trial
	queries, err := readFile(filepath.Join(folder, "queries.jsonl"), eval.ReadQueries)
	if err != nil {
		return t, err
	}
	qrels, err := readFile(filepath.Join(folder, "qrels.tsv"), eval.ReadQrels)
	if err != nil {
		return t, err
	}
	docs := filepath.Join(folder, "docs.jsonl")
	switch report, err := ingest.New(a.log, lib, ingest.Options{}).Add(ctx, docs); {
	case err != nil:
		return t, err
	case report.Added == 0:
		return t, briefs.Fault(briefs.ErrInvalid, "%s: holds no document: name the folder of a set", docs)
	}
	queries = evenly(queries, most)
	t.Asker = ask.New(a.log, lib)
	t.Measure = func(ctx context.Context, asker *ask.Asker) (eval.Sampled, error) {
		rank, err := ranker(ctx, asker, lib, briefs.Everything())
		if err != nil {
			return eval.Sampled{}, err
		}
		return eval.MeasureRetrieval(ctx, queries, qrels, rank, nil)
	}
	timed := evenly(queries, timedQueries)
	t.Timed = len(timed)
	t.Once = func(ctx context.Context, asker *ask.Asker, i int) error {
		_, err := asker.Search(ctx, timed[i].Text, briefs.Everything(), timedHits)
		return err
	}
	return t, nil
}

func (a *app) answersTrial(ctx context.Context, lib store.Backend, file string, most int) (eval.Trial, error) {
	items, err := readFile(file, eval.ReadItems)
	if err != nil {
		return eval.Trial{}, err
	}
	if err := addItems(ctx, lib, items); err != nil {
		return eval.Trial{}, err
	}
	items = evenly(items, most)
	return eval.Trial{Asker: ask.New(a.log, lib), Measure: func(ctx context.Context, asker *ask.Asker) (eval.Sampled, error) {
		return eval.MeasureAnswers(ctx, asker, items, nil)
	}}, nil
}

func (a *app) goldenTrial(ctx context.Context, lib store.Backend, most int) (eval.Trial, error) {
	questions, err := sample.Golden()
	if err != nil {
		return eval.Trial{}, err
	}
	if err := addSample(ctx, lib); err != nil {
		return eval.Trial{}, err
	}
	questions = evenly(questions, most)
	timed := evenly(questions, timedQuestions)
	answer := func(ctx context.Context, asker *ask.Asker, question string) (briefs.Answer, error) {
		return asker.Ask(ctx, ask.Request{Question: question, Scope: briefs.Everything()})
	}
	return eval.Trial{
		Asker: ask.New(a.log, lib),
		Measure: func(ctx context.Context, asker *ask.Asker) (eval.Sampled, error) {
			return eval.MeasureGolden(ctx, questions, sampleName, func(ctx context.Context, question string) (briefs.Answer, error) {
				return answer(ctx, asker, question)
			}, nil)
		},
		Once: func(ctx context.Context, asker *ask.Asker, i int) error {
			_, err := answer(ctx, asker, timed[i].Question)
			return err
		},
		Timed: len(timed),
	}, nil
}

// ablationTable is the table in Markdown, a row for each mechanism.
func ablationTable(sets []ablatedSet, mechanisms []ask.Mechanism) string {
	head, rule, whole := []string{"without"}, []string{"---"}, []string{"–"}
	for _, set := range sets {
		for _, m := range set.shown {
			head = append(head, set.Set+" "+strings.ReplaceAll(m, "_", " "))
			whole = append(whole, intervalCell(set.Whole[m], false))
		}
		if set.timed != "" {
			head, whole = append(head, "ms of "+set.timed), append(whole, "")
		}
	}
	for len(rule) < len(head) {
		rule = append(rule, "--:")
	}
	rows := [][]string{head, rule, whole}
	for i, m := range mechanisms {
		row := []string{string(m)}
		for _, set := range sets {
			for _, name := range set.shown {
				row = append(row, intervalCell(set.Without[i].Gives[name], true))
			}
			if set.timed != "" {
				row = append(row, fmt.Sprintf("%.2f", set.Without[i].Cost))
			}
		}
		rows = append(rows, row)
	}
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	return b.String()
}

// intervalCell is a figure with its interval; of a gain, a dot for none, and in
// bold when all of the interval is on one side of 0.
func intervalCell(i eval.Interval, gain bool) string {
	decimals := func(v float64) string { return strings.Replace(fmt.Sprintf("%.3f", v), "0.", ".", 1) }
	if !gain {
		return fmt.Sprintf("%s [%s, %s]", decimals(i.Mean), decimals(i.Low), decimals(i.High))
	}
	if i == (eval.Interval{}) {
		return "·"
	}
	mean := decimals(i.Mean)
	if i.Mean > 0 {
		mean = "+" + mean
	}
	if i.Low > 0 || i.High < 0 {
		mean = "**" + mean + "**"
	}
	return fmt.Sprintf("%s [%s, %s]", mean, decimals(i.Low), decimals(i.High))
}
