package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/eval"
	"briefdesk/briefs/sample"
	"briefdesk/store"
)

// everyRow names what a row does not narrow.
const everyRow = "all"

func (a *app) evalGoldenCommand() *cobra.Command {
	var split string
	var misses, perturb bool
	cmd := &cobra.Command{
		Use:   "golden",
		Short: "Measure whole answers on the golden questions of the sample library",
		Long: `Ask every golden question of the embedded sample library and compare the answers
with the sentences that a reader marked. Prints, for each split and style of
question: recall of the required sentences; complete, the share of questions
with all of them; first right, the share whose first quote is right; precision
of the quotes; silent, the share of unanswerable questions met with silence;
false silence, the share of answerable ones.`,
		Example:     "  briefdesk eval golden\n  briefdesk eval golden --split tune --misses",
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch split {
			case "", sample.SplitTune, sample.SplitHeldOut:
			default:
				return usage(cmd, "--split: %q is unknown: write %s or %s", split, sample.SplitTune, sample.SplitHeldOut)
			}
			return a.withTemporary(cmd.Context(), func(lib store.Backend) error {
				if err := addSample(cmd.Context(), lib); err != nil {
					return err
				}
				if perturb {
					return a.evalPerturbed(cmd.Context(), lib, split, misses)
				}
				form, err := measureGolden(cmd.Context(), ask.New(a.log, lib), split)
				if err != nil {
					return err
				}
				if !misses {
					form.Misses = nil
				}
				return a.printGolden(form)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&split, "split", "", "only the questions of `SPLIT`: tune or held_out")
	f.BoolVar(&misses, "misses", false, "show the questions that are answered badly, or, with --perturb, otherwise")
	f.BoolVar(&perturb, "perturb", false, "ask each question mistyped, in other case, spelling and number, and tell how often the answer is the same")
	return cmd
}

type goldenJSON struct {
	Rows   []goldenRow  `json:"rows"`
	Misses []goldenMiss `json:"misses,omitempty"`
}

// goldenRow holds the measures of the questions of one split and one style.
type goldenRow struct {
	Split      string `json:"split"`
	Style      string `json:"style"`
	Answerable int    `json:"answerable"`
	eval.Golden
	Intervals map[string]eval.Interval `json:"intervals"` // of 95 % of bootstrap samples
}

// goldenMiss is a golden question that is not answered as it should be.
type goldenMiss struct {
	ID       string            `json:"qid"`
	Split    string            `json:"split"`
	Style    string            `json:"style"`
	Question string            `json:"question"`
	Fault    string            `json:"fault"` // in words
	Missing  []sample.Sentence `json:"missing"`
	Shown    []string          `json:"shown"`
}

// measureGolden asks the golden questions of one split, of all when it is
// empty, each once.
func measureGolden(ctx context.Context, asker *ask.Asker, split string) (goldenJSON, error) {
	questions, err := sample.Golden()
	if err != nil {
		return goldenJSON{}, err
	}
	var form goldenJSON
	known := map[string]briefs.Answer{}
	answer := func(ctx context.Context, question string) (briefs.Answer, error) {
		if ans, ok := known[question]; ok {
			return ans, nil
		}
		ans, err := asker.Ask(ctx, ask.Request{Question: question, Scope: briefs.Everything()})
		known[question] = ans
		return ans, err
	}
	splits := []string{sample.SplitTune, sample.SplitHeldOut, everyRow}
	if split != "" {
		splits = []string{split}
	}
	for _, split := range splits {
		for _, style := range []string{everyRow, sample.StyleLexical, sample.StyleParaphrase, sample.StyleNear} {
			row := goldenRow{Split: split, Style: style}
			var of []sample.Question
			for _, q := range questions {
				if (split == everyRow || q.Split == split) && (style == everyRow || q.Style == style) {
					of = append(of, q)
					if q.Answerable {
						row.Answerable++
					}
				}
			}
			each := func(x eval.Asked) {
				if fault := faultOf(x); fault != "" && style == everyRow && split != everyRow {
					form.Misses = append(form.Misses, missOf(x, fault))
				}
			}
			measured, err := eval.MeasureGolden(ctx, of, sampleName, answer, each)
			if err != nil {
				return goldenJSON{}, err
			}
			row.Golden, row.Intervals = measured.Golden(), measured.Intervals()
			form.Rows = append(form.Rows, row)
		}
	}
	return form, nil
}

// sampleName is the file name of a document that addSample has added.
func sampleName(d briefs.Document) string { return strings.TrimPrefix(d.Source, samplePrefix) }

// faultOf tells what is wrong with an answer; empty when nothing is.
func faultOf(x eval.Asked) string {
	switch {
	case !x.Question.Answerable && !x.Answer.Answered():
		return ""
	case !x.Question.Answerable:
		return "answered, though no document answers it"
	case !x.Answer.Answered():
		return "silent"
	case len(x.Missing) > 0:
		return fmt.Sprintf("shows %d of %d required sentences", len(x.Question.Required)-len(x.Missing), len(x.Question.Required))
	case !x.Complete:
		return "out of order"
	case !x.FirstHit:
		return "first quote is wrong"
	}
	return ""
}

func missOf(x eval.Asked, fault string) goldenMiss {
	q := x.Question
	m := goldenMiss{ID: q.ID, Split: q.Split, Style: q.Style, Question: q.Question, Fault: fault, Missing: []sample.Sentence{}, Shown: []string{}}
	m.Missing = append(m.Missing, x.Missing...)
	for _, c := range x.Answer.Quotes {
		m.Shown = append(m.Shown, c.Quote.Text())
	}
	return m
}

func (a *app) printGolden(form goldenJSON) error {
	if a.json {
		return writeJSON(a.stdout, form)
	}
	goldenTable(a.stdout, a.view, form.Rows)
	for _, m := range form.Misses {
		fmt.Fprintf(a.stdout, "\n%s", a.view.paragraph(" ", fmt.Sprintf("%s (%s, %s) %s", m.ID, m.Split, m.Style, m.Question)))
		fmt.Fprint(a.stdout, a.view.paragraph("   ", m.Fault))
		for _, s := range m.Missing {
			fmt.Fprint(a.stdout, a.view.paragraph("   lacks  ", "“"+s.Text+"”"))
		}
		for _, s := range m.Shown {
			fmt.Fprint(a.stdout, a.view.paragraph("   shown  ", "“"+s+"”"))
		}
	}
	return nil
}

// goldenColumns are the measures in the order they are printed; answerable
// tells which questions a measure is over: a row without any has no figure.
var goldenColumns = []struct {
	title      string
	answerable bool
	of         func(eval.Golden) float64
}{
	{"recall", true, func(g eval.Golden) float64 { return g.Recall }},
	{"complete", true, func(g eval.Golden) float64 { return g.Complete }},
	{"first right", true, func(g eval.Golden) float64 { return g.FirstHit }},
	{"precision", true, func(g eval.Golden) float64 { return g.Precision }},
	{"silent", false, func(g eval.Golden) float64 { return g.Silent }},
	{"false silence", true, func(g eval.Golden) float64 { return g.FalseSilences }},
}

func goldenTable(w io.Writer, v view, list []goldenRow) {
	columns := []column{{title: "split"}, {title: "style"}, {title: "n", right: true}}
	for _, c := range goldenColumns {
		columns = append(columns, column{title: c.title, right: true})
	}
	rows := make([][]string, 0, len(list))
	for _, r := range list {
		row := []string{r.Split, r.Style, strconv.Itoa(r.Questions)}
		for _, c := range goldenColumns {
			over := r.Questions - r.Answerable
			if c.answerable {
				over = r.Answerable
			}
			figure := "-"
			if over > 0 {
				figure = strconv.FormatFloat(c.of(r.Golden), 'f', 3, 64)
			}
			row = append(row, figure)
		}
		rows = append(rows, row)
	}
	v.table(w, columns, rows)
}
