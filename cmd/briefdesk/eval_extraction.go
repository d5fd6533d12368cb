package main

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/eval"
	"briefdesk/briefs/extract"
)

// extractionSet is one kind of set that `eval extraction` measures. A further
// kind is a further row of extractionSets: measure reads the folder and
// returns what is printed as JSON; each, when not nil, takes one JSON value for
// every page, file or feed, which --out writes.
type extractionSet struct {
	kind    string // its name on the command line
	mark    string // the file or folder by which a folder is known to hold such a set
	measure func(ctx context.Context, dir string, each func(any) error) (any, error)
}

func (a *app) extractionSets() []extractionSet {
	return []extractionSet{
		{"html", "gold.jsonl", a.measurePages},
		{"feeds", "gofeed", a.measureFeeds},
		{"pdf", "rfc.jsonl", a.measurePDFs},
	}
}

func (a *app) evalExtractionCommand() *cobra.Command {
	var out string
	sets := a.extractionSets()
	var kinds []string
	for _, s := range sets {
		kinds = append(kinds, s.kind)
	}
	cmd := &cobra.Command{
		Use:   "extraction [" + strings.Join(kinds, "|") + "] DIR",
		Short: "Measure how well documents are read",
		Long: `Measure how well documents are read, with the code that add uses, beside other
systems whose output is kept with the set. Without a kind it is told by what is
in DIR, or in the folders of DIR.

html: gold.jsonl, one {"id","url","html","expected"} a line, the page in the file
"html", the article as a reader marked it in "expected"; other_systems/NAME.json
with {"output":{ID:{"articleBody"}}}. Prints F1, precision and recall of four
words in a row, and how many titles, authors and dates are told as the page's
own metadata has them, or as "title", "authors" and "published" of the line do.

feeds: feeds NAME.xml with what is expected of them in NAME.json, or NAME.json
with NAME_expected.json, in the form of gofeed's test cases. Prints how many
come out with every item and every fact as expected, and what does not.

pdf: .jsonl files, one {"id","pdf","txt","pdftotext"} a line, the last two empty
or left out where there are none: files, beside the official text and what
pdftotext made of the file. Prints how much of the words, and of five words in
a row, agrees with the official text, what was refused and why, and the speed.`,
		Example:     "  briefdesk eval extraction html_aeb\n  briefdesk eval extraction html html_aeb --out pages.jsonl",
		Args:        cobra.RangeArgs(1, 2),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[len(args)-1]
			found := map[string]string{} // kind → folder
			if len(args) == 2 {
				for _, s := range sets {
					if s.kind == args[0] {
						found[s.kind] = dir
					}
				}
				if len(found) == 0 {
					return usage(cmd, "%q is unknown: write one of %s", args[0], strings.Join(kinds, ", "))
				}
			} else if found = setsIn(sets, dir); len(found) == 0 {
				return briefs.Fault(briefs.ErrInvalid, "%s: holds no set that is known: name the folder of a gold.jsonl or of feeds", dir)
			}
			measure := func(w io.Writer) error {
				var each func(any) error
				if w != nil {
					e := json.NewEncoder(w)
					each = func(v any) error { return e.Encode(v) }
				}
				results := map[string]any{}
				for _, s := range sets {
					if found[s.kind] == "" {
						continue
					}
					m, err := s.measure(cmd.Context(), found[s.kind], each)
					if err != nil {
						return err
					}
					results[s.kind] = m
				}
				if len(results) == 1 {
					for _, m := range results {
						return writeJSON(a.stdout, m)
					}
				}
				return writeJSON(a.stdout, results)
			}
			if out == "" {
				return measure(nil)
			}
			return create(out, measure)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write what was read of each page or file to a new file `R.jsonl`")
	return cmd
}

// setsIn finds the sets in dir, or in the folders of dir.
func setsIn(sets []extractionSet, dir string) map[string]string {
	found := map[string]string{}
	within, _ := fs.Glob(os.DirFS(dir), "*")
	for _, sub := range append([]string{"."}, within...) {
		for _, s := range sets {
			if _, err := os.Stat(filepath.Join(dir, sub, s.mark)); err == nil && found[s.kind] == "" {
				found[s.kind] = filepath.Join(dir, sub)
			}
		}
		if sub == "." && len(found) > 0 {
			break
		}
	}
	return found
}

func (a *app) measurePages(ctx context.Context, dir string, each func(any) error) (any, error) {
	read := func(_ context.Context, in extract.Input) (briefs.Document, error) { return extract.Read(in) }
	var one func(eval.PageResult) error
	if each != nil {
		one = func(r eval.PageResult) error { return each(r) }
	}
	return eval.MeasurePages(ctx, dir, read, one)
}

func (a *app) measureFeeds(_ context.Context, dir string, each func(any) error) (any, error) {
	m, err := eval.MeasureFeeds(dir)
	if err != nil || each == nil {
		return m, err
	}
	for _, r := range m.Results {
		if err := each(r); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (a *app) measurePDFs(ctx context.Context, dir string, each func(any) error) (any, error) {
	r := extract.NewReader(extract.Options{CacheDir: cacheFolder()})
	defer r.Close()
	var one func(eval.PDFAgreement) error
	if each != nil {
		one = func(r eval.PDFAgreement) error { return each(r) }
	}
	return eval.MeasurePDFs(ctx, dir, r.Read, one)
}
