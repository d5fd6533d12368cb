package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/eval"
	"briefdesk/store"
)

type searchFlags struct {
	collections []string
	limit       int
	queries     string
	trec        bool
}

// passagesPerDocument is how many passages are sought for each document that
// a ranking of documents wants: enough where long documents crowd the top.
const passagesPerDocument = 3

func (a *app) searchCommand() *cobra.Command {
	var f searchFlags
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "List the passages that fit a question best",
		Example: `  briefdesk search "export controls"
  briefdesk search --json --limit 50 "export controls"
  briefdesk search --queries queries.jsonl --trec --limit 1000 > run.trec`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.limit < 1:
				return usage(cmd, "--limit %d is too few: write 1 or more", f.limit)
			case (f.queries != "") != f.trec:
				return usage(cmd, "--queries and --trec belong together: give both or none")
			case f.trec && len(args) > 0:
				return usage(cmd, "%q is too much beside --queries", args[0])
			case f.trec:
				return a.searchAll(cmd.Context(), f)
			case strings.TrimSpace(strings.Join(args, " ")) == "":
				return usage(cmd, "the query is missing")
			}
			return a.search(cmd.Context(), f, strings.Join(args, " "))
		},
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.collections, "collection", nil, "search only `COLLECTION` (may be repeated)")
	fl.IntVar(&f.limit, "limit", 10, "print at most `K` passages, or documents of each query")
	fl.StringVar(&f.queries, "queries", "", "run every query of `Q.jsonl`: {\"id\",\"text\"} a line")
	fl.BoolVar(&f.trec, "trec", false, "print a TREC run over documents: qid Q0 docid rank score briefdesk")
	return cmd
}

func (a *app) search(ctx context.Context, f searchFlags, query string) error {
	lib, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer lib.Close()
	s, err := scope(ctx, lib, f.collections)
	if err != nil {
		return err
	}
	asker, log := a.watched(lib)
	hits, err := asker.Search(ctx, query, s, f.limit)
	if err != nil {
		return err
	}
	log.found(ctx, query, hits)
	form, err := hitForms(ctx, lib, hits)
	if err != nil {
		return err
	}
	if a.json {
		err = writeJSON(a.stdout, form)
	} else {
		a.printHits(hits, form)
	}
	if err == nil && len(hits) == 0 {
		return silent(exitNotFound)
	}
	return err
}

// hitForms adds the text of each passage, as its revision has it.
func hitForms(ctx context.Context, lib store.Backend, hits []briefs.Hit) (hitsJSON, error) {
	type revision struct {
		id briefs.DocumentID
		n  int
	}
	texts := map[revision]*briefs.Document{}
	form := hitsJSON{Hits: []hitJSON{}}
	for _, h := range hits {
		key := revision{h.Document, h.Revision}
		if texts[key] == nil {
			d, err := lib.Document(ctx, h.Document, h.Revision)
			if err != nil {
				return form, err
			}
			texts[key] = &d
		}
		form.Hits = append(form.Hits, hitJSON{
			Document: h.Document, Passage: h.ID, Title: h.Title, Text: texts[key].Slice(h.Span), Score: h.Score,
			Start: h.Start, End: h.End, Collection: h.Collection,
		})
	}
	return form, nil
}

func (a *app) printHits(hits []briefs.Hit, form hitsJSON) {
	if len(hits) == 0 {
		fmt.Fprintln(a.stdout, "No passage fits.")
		return
	}
	var rows [][]string
	for i, h := range hits {
		rows = append(rows, []string{
			strconv.Itoa(i + 1), strconv.FormatFloat(h.Score, 'f', 2, 64), string(h.Document), h.Title, form.Hits[i].Text,
		})
	}
	a.view.table(a.stdout, []column{
		{title: "#", right: true},
		{title: "score", right: true},
		{title: "document", flexible: true},
		{title: "title", flexible: true},
		{title: "passage", flexible: true},
	}, rows)
}

// searchAll prints a TREC run of every query in the file.
func (a *app) searchAll(ctx context.Context, f searchFlags) error {
	queries, err := readFile(f.queries, eval.ReadQueries)
	if err != nil {
		return err
	}
	lib, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer lib.Close()
	s, err := scope(ctx, lib, f.collections)
	if err != nil {
		return err
	}
	rank, err := ranker(ctx, ask.New(a.log, lib), lib, s)
	if err != nil {
		return err
	}
	for _, q := range queries {
		ranked, err := rank(ctx, q.Text, f.limit)
		if err != nil {
			return fmt.Errorf("query %s: %w", q.ID, err)
		}
		if err := eval.WriteRun(a.stdout, q.ID, ranked); err != nil {
			return err
		}
	}
	return nil
}

// ranker ranks documents by their best passage, each followed by its copies:
// who judges documents knows nothing of pieces.
func ranker(ctx context.Context, asker *ask.Asker, lib store.Backend, s briefs.Scope) (eval.Ranker, error) {
	all, err := lib.Documents(ctx, briefs.Listing{Scope: s})
	if err != nil {
		return nil, err
	}
	also := map[briefs.DocumentID][]briefs.Copy{}
	for _, d := range all {
		if d.CopyOf == "" && len(d.Also) > 0 {
			also[d.ID] = d.Also
		}
	}
	return func(ctx context.Context, question string, limit int) ([]eval.Ranked, error) {
		hits, err := asker.Search(ctx, question, s, limit*passagesPerDocument)
		if err != nil {
			return nil, err
		}
		var ranked []eval.Ranked
		seen := map[briefs.DocumentID]bool{}
		for _, h := range hits {
			if seen[h.Document] {
				continue
			}
			seen[h.Document] = true
			ranked = append(ranked, eval.Ranked{Document: h.Document, Score: h.Score})
			for _, c := range also[h.Document] {
				ranked = append(ranked, eval.Ranked{Document: c.ID, Score: h.Score})
			}
		}
		return ranked[:min(limit, len(ranked))], nil
	}, nil
}

// readFile reads path with read and names it in every error.
func readFile[T any](path string, read func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(path)
	if err != nil {
		var none T
		return none, fmt.Errorf("%s: %w: name a file that can be read", path, reason(err))
	}
	defer f.Close()
	v, err := read(f)
	if err != nil {
		return v, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}
