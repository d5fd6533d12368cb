package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/bot/web"
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
		Long: `Ask questions of the embedded sample library, here or in a browser at the
address that is printed. It needs no configuration and no network, and leaves
nothing behind. The sample documents were written for this program: their
authors, outlets and many of their facts are invented.`,
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
					return a.demoOnce(cmd.Context(), lib, once)
				}
				return a.demo(cmd.Context(), lib)
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
	ans, _, err := c.ask(ctx, surfaceDemo, "", ask.Request{Question: question, Scope: briefs.Everything()}, false)
	if err != nil {
		return err
	}
	return a.printAnswer(&ans, nil, a.addresses(ctx, a.links(c.lib)), false, false, "Add sources of your own with: briefdesk add …")
}

// demoOnce answers one question. Its links open while a demo runs: the sample
// documents have the same ids and revisions in each.
func (a *app) demoOnce(ctx context.Context, lib store.Backend, question string) error {
	err := a.demoAnswer(ctx, a.newClerk(lib, nil), question)
	if !a.json {
		fmt.Fprint(a.stdout, a.view.dim("\n The links open while this runs: briefdesk demo"), "\n")
	}
	return err
}

// demo answers questions here and in the browser until the input ends or the
// reader quits.
func (a *app) demo(ctx context.Context, lib store.Backend) error {
	suggested, err := suggestions()
	if err != nil {
		return err
	}
	metrics := web.NewMetrics(a.log, lib)
	stop, err := a.demoPage(ctx, lib, metrics, suggested)
	if err != nil {
		return err
	}
	return errors.Join(a.demoBox(ctx, a.newClerk(lib, metrics), suggested), stop())
}

// demoPorts is how many ports are tried, from the usual one on, before any.
const demoPorts = 20

// demoPage serves the pages on the usual port or, where that is taken, on the
// next free one, until stop is called.
func (a *app) demoPage(ctx context.Context, lib store.Backend, metrics *web.Metrics, suggested []string) (stop func() error, err error) {
	usual, err := netip.ParseAddrPort(a.cfg.Web.Listen)
	if err != nil {
		return nil, err
	}
	var l net.Listener
	for i := range demoPorts + 1 {
		at := netip.AddrPortFrom(usual.Addr(), usual.Port()+uint16(i))
		if i == demoPorts {
			at = netip.AddrPortFrom(usual.Addr(), 0)
		}
		if l, err = listen("web.listen", at.String()); err == nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	a.cfg.Web.Listen = l.Addr().String()
	site, err := a.site(lib, metrics, suggested)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(ctx, a.log, l, site.Handler()) }()
	return func() error { cancel(); return <-ended }, nil
}

// demoBox answers what is typed.
func (a *app) demoBox(ctx context.Context, c *clerk, suggested []string) error {
	stats, err := c.lib.Stats(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s\n\n%s\n Try, by number or in your own words:\n\n", a.view.bold("briefdesk demo"),
		a.view.paragraph(" ", fmt.Sprintf("%s, written for this demo: authors, outlets and many facts are invented. Ask; the answer is what stands in them, word for word.",
			count(stats.Documents, "sample document"))))
	for i, q := range suggested {
		fmt.Fprintf(a.stdout, " %2d  %s", i+1, strings.TrimPrefix(a.view.paragraph("     ", q), "     "))
	}
	fmt.Fprintf(a.stdout, "\n Or in a browser: %s\n :quit or Ctrl-D ends.\n\n", a.view.cyan(a.cfg.PublicURL()))
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
