package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
	"briefdesk/store"
)

func (a *app) demoCommand() *cobra.Command {
	var once string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try it on the embedded sample library, without any configuration",
		Long: `Ask questions of the embedded sample library. It needs no configuration and no
network, and leaves nothing behind. The sample documents were written for this
program: their authors, outlets and many of their facts are invented.`,
		Example:     "  briefdesk demo\n  briefdesk demo --once \"why did US-China cyber relations not break down?\"",
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			asked := cmd.Flags().Changed("once")
			if asked && strings.TrimSpace(once) == "" {
				return usage(cmd, "the question is empty: write one in quotation marks")
			}
			return a.withTemporary(cmd.Context(), func(lib store.Backend) error {
				if err := addSample(cmd.Context(), lib); err != nil {
					return err
				}
				if asked {
					return a.demoAnswer(cmd.Context(), a.newClerk(lib, nil), once)
				}
				return a.demoBox(cmd.Context(), a.newClerk(lib, nil))
			})
		},
	}
	cmd.Flags().StringVar(&once, "once", "", "answer `QUESTION` and exit")
	return cmd
}

// samplePrefix marks the source of a sample document.
const samplePrefix = "sample:"

// addSample fills lib with the sample documents in one transaction.
func addSample(ctx context.Context, lib store.Backend) error {
	var batch []briefs.Document
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			return fmt.Errorf("sample %s: %w", f.Name, err)
		}
		d.ID = briefs.DocumentID(strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name)))
		d.Collection, d.Source = f.Collection, samplePrefix+f.Name
		structure.Analyze(&d)
		batch = append(batch, d)
	}
	_, err := lib.PutDocuments(ctx, batch)
	return err
}

func (a *app) demoAnswer(ctx context.Context, c *clerk, question string) error {
	ans, _, err := c.ask(ctx, surfaceDemo, "", ask.Request{Question: question, Scope: briefs.Everything()})
	if err != nil {
		return err
	}
	return a.printAnswer(&ans, a.addresses(ctx, a.links(c.lib)), false, false, "Add sources of your own with: briefdesk add …")
}

// demoBox answers questions until the input ends or the reader quits.
func (a *app) demoBox(ctx context.Context, c *clerk) error {
	stats, err := c.lib.Stats(ctx)
	if err != nil {
		return err
	}
	suggested, err := suggestions()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s\n\n%s\n Try, by number or in your own words:\n\n", a.view.bold("briefdesk demo"),
		a.view.paragraph(" ", fmt.Sprintf("%s, written for this demo: authors, outlets and many facts are invented. Ask; the answer is what stands in them, word for word.",
			count(stats.Documents, "sample document"))))
	for i, q := range suggested {
		fmt.Fprintf(a.stdout, " %2d  %s", i+1, strings.TrimPrefix(a.view.paragraph("     ", q), "     "))
	}
	fmt.Fprint(a.stdout, "\n :quit or Ctrl-D ends.\n\n")
	p, err := newPrompt(a.stdin, a.stdout, a.view, "? ")
	if err != nil {
		return err
	}
	defer p.close()
	for {
		line, err := p.read(ctx)
		if errors.Is(err, io.EOF) {
			if a.view.terminal {
				fmt.Fprintln(a.stdout)
			}
			return nil
		}
		if err != nil {
			return err
		}
		question := pick(strings.TrimSpace(line), suggested)
		switch question {
		case "":
			continue
		case ":quit", ":q", ":exit":
			return nil
		}
		if strings.HasPrefix(question, ":") {
			fmt.Fprint(a.stdout, " Type a question, or :quit.\n\n")
			continue
		}
		err = a.demoAnswer(ctx, c, question)
		if err != nil && ctx.Err() == nil && exitCode(err) != exitNotFound {
			fmt.Fprintf(a.stdout, " %s\n", oneLine(err))
		} else if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Fprintln(a.stdout)
	}
}

// pick resolves the number of a suggestion.
func pick(line string, suggested []string) string {
	for i, q := range suggested {
		if line == fmt.Sprint(i+1) {
			return q
		}
	}
	return line
}

// mostSuggestions keeps the list on one small screen.
const mostSuggestions = 6

// suggestions are golden questions of the sample: the first of each
// collection that wants a whole enumeration, then one that has no answer.
func suggestions() ([]string, error) {
	golden, err := sample.Golden()
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var list []string
	unanswered := ""
	for _, q := range golden {
		if !q.Answerable {
			if unanswered == "" {
				unanswered = q.Question
			}
			continue
		}
		collection := path.Dir(q.Required[0].Doc)
		if q.Complete && q.Style == sample.StyleLexical && !seen[collection] && len(list) < mostSuggestions-1 {
			seen[collection] = true
			list = append(list, q.Question)
		}
	}
	if unanswered != "" {
		list = append(list, unanswered)
	}
	return list, nil
}
