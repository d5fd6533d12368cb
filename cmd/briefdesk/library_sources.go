package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/follow"
	"briefdesk/store"
)

type sourcesJSON struct {
	Sources []sourceJSON `json:"sources"`
}

type sourceJSON struct {
	Source     string            `json:"source"`
	Kind       briefs.SourceKind `json:"kind"`
	As         briefs.SourceKind `json:"as"` // what it turned out to be
	Title      string            `json:"title"`
	Collection string            `json:"collection"`
	State      string            `json:"state"`      // fine, not read yet, failing, gone, read once
	Configured bool              `json:"configured"` // the configuration has it followed
	By         string            `json:"by"`         // who else has
	Every      string            `json:"every"`
	Read       *time.Time        `json:"read"`      // last
	Succeeded  *time.Time        `json:"succeeded"` // last read without a problem of the source itself
	Next       *time.Time        `json:"next"`
	Failures   int               `json:"failures"` // in turn
	Problem    string            `json:"problem"`
	Moved      string            `json:"moved"`
	Gone       *time.Time        `json:"gone"`
	Items      int               `json:"items"`
	Waiting    int               `json:"waiting"` // of them not read yet
	Failing    int               `json:"failing"` // of them that could not be read last
	Added      int               `json:"added"`   // at the last reading, like those that follow
	Revised    int               `json:"revised"`
	Unchanged  int               `json:"unchanged"`
	Withdrawn  int               `json:"withdrawn"`
	Failed     int               `json:"failed"`
}

// listSources lists the sources of collections, of all when none is named.
func (a *app) listSources(ctx context.Context, lib store.Backend, collections []string) error {
	all, err := a.sources(ctx, lib)
	if err != nil {
		return err
	}
	form := sourcesJSON{Sources: []sourceJSON{}}
	var rows [][]string
	var notes [][2]string
	for _, s := range all {
		if len(collections) > 0 && !slices.Contains(collections, s.Collection) {
			continue
		}
		form.Sources = append(form.Sources, a.sourceForm(s))
		rows = append(rows, []string{s.Address, s.Collection, s.state, countOf(s.Items), a.when(s.Read), a.nextWhen(s)})
		said, err := sourceNotes(ctx, lib, s)
		if err != nil {
			return err
		}
		for _, text := range said {
			notes = append(notes, [2]string{s.Address, text})
		}
	}
	if a.json {
		return writeJSON(a.stdout, form)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(a.stdout, "No source. Name some under collections in the configuration, which is written by: briefdesk init")
		return err
	}
	a.view.table(a.stdout, []column{
		{title: "source", flexible: true},
		{title: "collection", flexible: true},
		{title: "state"},
		{title: "items", right: true},
		{title: "read"},
		{title: "next"},
	}, rows)
	for i, n := range notes {
		if i == 0 {
			fmt.Fprintln(a.stdout)
		}
		fmt.Fprint(a.stdout, a.view.paragraph("", n[0]), a.view.paragraph("  ", n[1]))
	}
	return nil
}

func countOf(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// mostFailing is how many of the documents of a source are named that could not
// be read.
const mostFailing = 10

// sourceNotes are what the operator should know of a source.
func sourceNotes(ctx context.Context, lib store.Backend, s followed) ([]string, error) {
	var out []string
	if s.Problem != "" {
		text := s.Problem
		if s.Failures > 1 {
			text += fmt.Sprintf(" (%d times in turn)", s.Failures)
		}
		out = append(out, text)
	}
	if s.Moved != "" {
		out = append(out, "moved for good to "+s.Moved+": correct the address")
	}
	if s.Failing == 0 {
		return out, nil
	}
	items, err := lib.FailingItems(ctx, s.Key(), mostFailing)
	for _, it := range items {
		if it.Problem == s.Problem { // the source is one page
			continue
		}
		out = append(out, faultLine(follow.Problem{Source: s.Source, Item: cmp.Or(it.Address, it.Name), Err: errors.New(it.Problem)}))
	}
	if more := s.Failing - len(items); more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return out, err
}

func (a *app) nextWhen(s followed) string {
	if s.state == sourceUnfollowed {
		return ""
	}
	if s.Next.IsZero() || s.Next.Before(a.now()) {
		return "due"
	}
	return a.when(s.Next)
}

// when says how far t is off: "5 min ago", "in 3 h"; nothing for never.
func (a *app) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	d := a.now().Sub(t)
	off := d.Abs()
	var text string
	switch {
	case off < time.Minute && d >= 0:
		return "just now"
	case off < time.Minute:
		return "soon"
	case off < 2*time.Hour:
		text = fmt.Sprintf("%d min", int(off.Minutes()))
	case off < 48*time.Hour:
		text = fmt.Sprintf("%d h", int(off.Hours()))
	default:
		text = fmt.Sprintf("%d days", int(off.Hours()/24))
	}
	if d < 0 {
		return "in " + text
	}
	return text + " ago"
}

func (a *app) sourceForm(s followed) sourceJSON {
	return sourceJSON{
		Source: s.Address, Kind: s.Kind, As: s.As, Title: s.Title, Collection: s.Collection, State: s.state, Configured: s.configured, By: s.By,
		Every: cmp.Or(s.Every, follow.DefaultEvery(cmp.Or(s.As, s.Kind))).String(), Read: jsonTime(s.Read), Succeeded: jsonTime(s.Succeeded), Next: jsonTime(s.Next),
		Failures: s.Failures, Problem: s.Problem, Moved: s.Moved, Gone: jsonTime(s.Gone), Items: s.Items, Waiting: s.Waiting, Failing: s.Failing,
		Added: s.Added, Revised: s.Revised, Unchanged: s.Unchanged, Withdrawn: s.Withdrawn, Failed: s.Failed,
	}
}

func (a *app) rereadCommand() *cobra.Command {
	var collections []string
	cmd := &cobra.Command{
		Use:   "reread [ID…]",
		Short: "Read the kept originals again",
		Long: `Read the originals that are kept of web pages and documents again, with the
reader of this version, without fetching them: those of ID, or all that an older
reader read. What it reads differently becomes a further revision; links to
earlier ones open as before.`,
		Example: "  briefdesk library reread\n  briefdesk library reread talks-2014-1a2b3c4d",
		Args:    cobra.ArbitraryArgs,
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			ctx := cmd.Context()
			within, err := scope(ctx, lib, collections)
			if err != nil {
				return err
			}
			ids := make([]briefs.DocumentID, len(args))
			for i, id := range args {
				ids[i] = briefs.DocumentID(id)
			}
			progress, finish := a.followProgress(1)
			f, end := a.follower(lib, nil, nil, follow.Options{Progress: progress})
			defer end()
			report, err := f.Reread(ctx, within, ids...)
			finish()
			return a.tellReading(report, err, a.printReread)
		}),
	}
	cmd.Flags().StringSliceVar(&collections, "collection", nil, "only `COLLECTION` (may be repeated)")
	return cmd
}

func (a *app) printReread(r follow.Report) {
	revised, same := 0, 0
	for i := range r.Read {
		if r.Read[i].Outcome == briefs.Revised {
			revised++
			a.printRead(&r.Read[i])
		} else {
			same++
		}
	}
	for _, s := range r.Sources {
		same += s.Unchanged
	}
	fmt.Fprintf(a.stdout, "%s read again: %d revised.\n", count(revised+same, "document"), revised)
}
