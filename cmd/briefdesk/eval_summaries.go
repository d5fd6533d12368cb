package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/eval"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

// evalWords is how long summaries are made when no length is named.
const evalWords = 80

func (a *app) evalSummariesCommand() *cobra.Command {
	var out string
	var words int
	var baselines bool
	cmd := &cobra.Command{
		Use:   "summaries SET.jsonl",
		Short: "Measure how well key points are chosen",
		Long: `Measure how well key points are chosen, with the code that brief uses. Each line
of SET.jsonl is {"id","topic","docs","reference"}; a document is its text, or
{"id","title","published","text"}; without a topic everything is. Prints the F1
of ROUGE-1, ROUGE-2 and ROUGE-L, words stemmed, stop words kept, each with the
reference that fits best. --baselines compares with published methods.`,
		Example:     "  briefdesk eval summaries set.jsonl --words 50\n  briefdesk eval summaries set.jsonl --baselines",
		Args:        exactArgs(1, "the file of sets"),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if words < 1 {
				return usage(cmd, "--words: %d is too few: write a number above 0", words)
			}
			sets, err := readFile(args[0], eval.ReadSets)
			if err != nil {
				return err
			}
			return a.evalSummaries(cmd.Context(), sets, words, out, baselines)
		},
	}
	f := cmd.Flags()
	f.IntVar(&words, "words", evalWords, "at most `N` words a summary")
	f.StringVar(&out, "out", "", "write the summaries to a new file `S.jsonl`")
	f.BoolVar(&baselines, "baselines", false, "compare with lead, LexRank, TextRank, centroid and the topic's own words")
	return cmd
}

func (a *app) evalSummaries(ctx context.Context, sets []eval.Set, words int, out string, baselines bool) error {
	return a.withTemporary(ctx, func(lib store.Backend) error {
		if err := addSets(ctx, lib, sets); err != nil {
			return err
		}
		s := summary.New(a.log, lib)
		measure := func(w io.Writer) error {
			var each func(eval.Summary) error
			if w != nil {
				e := json.NewEncoder(w)
				each = func(s eval.Summary) error { return e.Encode(s) }
			}
			m, all, err := eval.MeasureSummaries(ctx, sets, summarizer(s, words), each)
			if err != nil {
				return err
			}
			if baselines {
				return a.compareSummaries(ctx, sets, words, m, all)
			}
			return writeJSON(a.stdout, struct {
				eval.Summaries
				Intervals map[string]eval.Interval `json:"intervals"`
			}{m, eval.SampleSummaries(all).Intervals()})
		}
		if out == "" {
			return measure(nil)
		}
		return create(out, measure)
	})
}

// addSets puts the documents of sets into lib, each collection once.
func addSets(ctx context.Context, lib store.Backend, sets []eval.Set) error {
	seen := map[string]bool{}
	for i := range sets {
		c := sets[i].Collection()
		if seen[c] {
			continue
		}
		seen[c] = true
		docs, err := sets[i].Documents()
		if err != nil {
			return err
		}
		for batch := range slices.Chunk(docs, batchSize) {
			if _, err := lib.PutDocuments(ctx, batch); err != nil {
				return err
			}
		}
	}
	return nil
}

// summarizer takes the key points of the brief of a set.
func summarizer(s *summary.Summarizer, words int) eval.Summarize {
	return func(ctx context.Context, set *eval.Set) ([]string, error) {
		r := summary.Request{
			Topic: set.Topic, Scope: briefs.Only(set.Collection()), Words: words,
			Sections: []briefs.SectionKind{briefs.SectionKeyPoints},
		}
		if strings.TrimSpace(r.Topic) == "" {
			r.Topic = "collection:" + set.Collection()
		}
		b, err := s.Brief(ctx, r)
		return eval.Sentences(&b), err
	}
}

// compareSummaries prints ours beside the baselines.
func (a *app) compareSummaries(ctx context.Context, sets []eval.Set, words int, m eval.Summaries, ours []eval.Summary) error {
	all := []eval.Compared{eval.Describe("briefdesk", m, sets, ours)}
	for _, b := range eval.Baselines() {
		c, theirs, err := eval.MeasureBaseline(ctx, sets, b, words)
		if err != nil {
			return err
		}
		ahead := eval.AheadOf(ours, theirs)
		c.Ahead = &ahead
		all = append(all, c)
	}
	if a.json {
		return writeJSON(a.stdout, struct {
			Methods []eval.Compared `json:"methods"`
		}{all})
	}
	columns := []column{{title: "method"}}
	for _, t := range []string{"rouge1", "rouge2", "rougeL", "redundant", "verbatim", "words", "ahead in rouge1", "in rouge2", "in rougeL"} {
		columns = append(columns, column{title: t, right: true})
	}
	var rows [][]string
	for _, c := range all {
		row := []string{c.Method, figure(c.Rouge1), figure(c.Rouge2), figure(c.RougeL), figure(c.Redundancy), figure(c.Verbatim), strconv.FormatFloat(c.Words, 'f', 1, 64)}
		if c.Ahead != nil {
			for _, i := range []eval.Interval{c.Ahead.Rouge1, c.Ahead.Rouge2, c.Ahead.RougeL} {
				row = append(row, fmt.Sprintf("%+.3f [%+.3f, %+.3f]", i.Mean, i.Low, i.High))
			}
		} else {
			row = append(row, "", "", "")
		}
		rows = append(rows, row)
	}
	v := a.view
	v.width = max(v.width, 140)
	v.table(a.stdout, columns, rows)
	return nil
}

func figure(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
