package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/eval"
	"briefdesk/briefs/ingest"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

func (a *app) evalCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "eval",
		Short:   "Measure the quality of search, answers, briefs and reading on labelled sets",
		Example: "  briefdesk eval retrieval --docs docs.jsonl --queries queries.jsonl --qrels qrels.tsv\n  briefdesk eval answers items.jsonl\n  briefdesk eval summaries set.jsonl",
		Args:    cobra.ArbitraryArgs,
		RunE:    group,
	}
	cmd.AddCommand(a.evalRetrievalCommand(), a.evalAnswersCommand(), a.evalSummariesCommand(), a.evalGoldenCommand(), a.evalAblationsCommand(), a.evalExtractionCommand())
	return cmd
}

func (a *app) evalRetrievalCommand() *cobra.Command {
	var docs, queries, qrels, run string
	cmd := &cobra.Command{
		Use:   "retrieval --docs D.jsonl --queries Q.jsonl --qrels R.tsv",
		Short: "Measure how well documents are ranked",
		Long: `Measure how well documents are ranked, with the ranking of search. Prints
nDCG@10 (linear gain), MAP, recall at 100 and MRR, over the queries that have a
relevant document. Qrels are tab-separated: qid, docid, gain.`,
		Example:     "  briefdesk eval retrieval --docs docs.jsonl --queries queries.jsonl --qrels qrels.tsv --run out.trec",
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, f := range [][2]string{{"docs", docs}, {"queries", queries}, {"qrels", qrels}} {
				if f[1] == "" {
					return usage(cmd, "--%s is missing", f[0])
				}
			}
			qs, err := readFile(queries, eval.ReadQueries)
			if err != nil {
				return err
			}
			rels, err := readFile(qrels, eval.ReadQrels)
			if err != nil {
				return err
			}
			return a.evalRetrieval(cmd.Context(), docs, qs, rels, run)
		},
	}
	f := cmd.Flags()
	f.StringVar(&docs, "docs", "", "the documents, `D.jsonl`")
	f.StringVar(&queries, "queries", "", "the queries, `Q.jsonl`: {\"id\",\"text\"} a line")
	f.StringVar(&qrels, "qrels", "", "the judgements, `R.tsv`")
	f.StringVar(&run, "run", "", "write the ranking to a new file `OUT.trec`")
	return cmd
}

func (a *app) evalRetrieval(ctx context.Context, docs string, queries []eval.Query, qrels eval.Qrels, run string) error {
	return a.withTemporary(ctx, func(lib store.Backend) error {
		progress, finish := a.progress()
		report, err := ingest.New(a.log, lib, ingest.Options{Progress: progress}).Add(ctx, docs)
		finish()
		if err != nil {
			return err
		}
		switch {
		case report.Added == 0 && report.Failed == 1:
			return briefs.Fault(briefs.ErrInvalid, "%s", problemLine(report.Problems[0]))
		case report.Added == 0:
			return briefs.Fault(briefs.ErrInvalid, "%s: holds no document: name a file of documents", docs)
		}
		for _, p := range report.Problems { // sets in use have documents without text
			fmt.Fprintf(a.stderr, "briefdesk: %s\n", problemLine(p))
		}
		measure := func(w io.Writer) error {
			var out func(eval.Query, []eval.Ranked) error
			if w != nil {
				out = func(q eval.Query, r []eval.Ranked) error { return eval.WriteRun(w, q.ID, r) }
			}
			rank, err := ranker(ctx, ask.New(a.log, lib), lib, briefs.Everything())
			if err != nil {
				return err
			}
			m, err := eval.MeasureRetrieval(ctx, queries, qrels, rank, out)
			if err != nil {
				return err
			}
			return writeJSON(a.stdout, struct {
				eval.Retrieval
				Intervals map[string]eval.Interval `json:"intervals"`
			}{m.Retrieval(), m.Intervals()})
		}
		if run == "" {
			return measure(nil)
		}
		return create(run, measure)
	})
}

func (a *app) evalAnswersCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "answers ITEMS.jsonl",
		Short: "Measure how well sentences are chosen",
		Long: `Measure how well sentences are chosen and silence is kept, with the code that
ask uses. Each line of ITEMS.jsonl is {"qid","question","sentences","labels"}.`,
		Example:     "  briefdesk eval answers items.jsonl --out scores.jsonl",
		Args:        exactArgs(1, "the file of items"),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			items, err := readFile(args[0], eval.ReadItems)
			if err != nil {
				return err
			}
			return a.evalAnswers(cmd.Context(), items, out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write the scores of each item to a new file `S.jsonl`")
	return cmd
}

// batchSize is how many documents a transaction takes.
const batchSize = 500

func (a *app) evalAnswers(ctx context.Context, items []eval.Item, out string) error {
	return a.withTemporary(ctx, func(lib store.Backend) error {
		if err := addItems(ctx, lib, items); err != nil {
			return err
		}
		measure := func(w io.Writer) error {
			var each func(eval.Scored) error
			if w != nil {
				e := json.NewEncoder(w)
				each = func(s eval.Scored) error { return e.Encode(s) }
			}
			m, err := eval.MeasureAnswers(ctx, ask.New(a.log, lib), items, each)
			if err != nil {
				return err
			}
			return writeJSON(a.stdout, struct {
				eval.Answers
				Intervals map[string]eval.Interval `json:"intervals"`
			}{m.Answers(), m.Intervals()})
		}
		if out == "" {
			return measure(nil)
		}
		return create(out, measure)
	})
}

// addItems puts the passages of items into lib.
func addItems(ctx context.Context, lib store.Backend, items []eval.Item) error {
	for batch := range slices.Chunk(eval.Documents(items), batchSize) {
		if _, err := lib.PutDocuments(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// withTemporary gives fn a library that is gone afterwards.
func (a *app) withTemporary(ctx context.Context, fn func(lib store.Backend) error) error {
	dir, err := os.MkdirTemp("", "briefdesk-")
	if err != nil {
		return fmt.Errorf("temporary folder: %w: set TMPDIR to a folder with free space", reason(err))
	}
	defer os.RemoveAll(dir)
	lib, err := a.openAt(ctx, filepath.Join(dir, "library.db"), sqlite.Options{Now: a.now})
	if err != nil {
		return err
	}
	defer lib.Close()
	return fn(lib)
}
