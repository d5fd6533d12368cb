package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/follow"
	"briefdesk/store/sqlite"
)

func (a *app) syncCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sync [SOURCE…]",
		Short: "Read every configured source once",
		Long: `Read the sources of the configuration, and those that rooms have followed, once
and now, whatever their interval; with SOURCE only these. What is new or changed
is added, what is gone is withdrawn: found no more, though links to it open. A
source or document that cannot be read is reported, the rest is read, and the
exit code is 1. briefdesk serve does the same on each source's interval.`,
		Example: "  briefdesk sync\n  briefdesk sync https://example.org/feed.xml --json",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.sync(cmd.Context(), args) },
	}
}

func (a *app) sync(ctx context.Context, only []string) error {
	lib, err := a.openAt(ctx, a.libraryPath(), sqlite.Options{MustExist: len(a.configuredSources()) == 0, Now: a.now})
	if err != nil {
		return err
	}
	defer lib.Close()
	all, err := a.sources(ctx, lib)
	if err != nil {
		return err
	}
	sources, err := a.chosen(toFollow(all), only)
	if err != nil {
		return err
	}
	progress, finish := a.followProgress(len(sources))
	f, end := a.follower(lib, a.privateHosts(), nil, follow.Options{Progress: progress})
	defer end()
	report, err := f.Once(ctx, sources...)
	finish()
	a.fold(ctx, lib)
	return a.tellReading(report, err, a.printSync)
}

// tellReading prints what came of a reading that ended with err, in words by
// show.
func (a *app) tellReading(report follow.Report, err error, show func(follow.Report)) error {
	a.printFaults(report)
	if err != nil {
		return err
	}
	if a.json {
		err = writeJSON(a.stdout, syncForm(report))
	} else {
		show(report)
	}
	if err == nil && failedReport(report) {
		return silent(exitFailed)
	}
	return err
}

// chosen are those of sources that only names, by address or path.
func (a *app) chosen(sources []briefs.Source, only []string) ([]briefs.Source, error) {
	if len(sources) == 0 {
		return nil, briefs.Fault(briefs.ErrNotFound, "no source is configured: name some under collections in the configuration, which is written by: briefdesk init")
	}
	if len(only) == 0 {
		return sources, nil
	}
	var out []briefs.Source
	for _, name := range only {
		want := addedSource(name, "").Address
		found := slices.DeleteFunc(slices.Clone(sources), func(s briefs.Source) bool { return s.Address != want })
		if len(found) == 0 {
			return nil, briefs.Fault(briefs.ErrNotFound, "%s: is no source that is followed: list them with: briefdesk library list --sources", name)
		}
		out = append(out, found...)
	}
	return out, nil
}

// failedReport reports whether something could not be read.
func failedReport(r follow.Report) bool {
	return len(r.Problems) > 0 || slices.ContainsFunc(r.Sources, func(s follow.SourceReport) bool { return s.Problem != "" || s.Failed > 0 })
}

// printFaults tells on standard error what could not be read.
func (a *app) printFaults(r follow.Report) {
	for _, p := range r.Problems {
		fmt.Fprintf(a.stderr, "briefdesk: %s\n", faultLine(p))
	}
}

// faultLine names what could not be read, once.
func faultLine(p follow.Problem) string {
	text, name := oneLine(p.Err), collapse(clean(cmp.Or(p.Item, p.Source.Address)))
	if strings.Contains(text, name) {
		return text
	}
	return name + ": " + text
}

// printSync prints what came of each source, and what was withdrawn.
func (a *app) printSync(r follow.Report) {
	var rows [][]string
	for i := range r.Sources {
		s := &r.Sources[i]
		rows = append(rows, []string{shownAddress(s.Source), s.Source.Collection, cameOf(s)})
	}
	a.view.table(a.stdout, []column{{title: "source", flexible: true}, {title: "collection", flexible: true}, {title: "what came of it"}}, rows)
	for i := range r.Sources {
		a.printNotes(&r.Sources[i])
	}
	a.printWithdrawn(r)
}

func (a *app) printNotes(s *follow.SourceReport) {
	for _, note := range s.Notes {
		fmt.Fprint(a.stdout, a.view.paragraph("note: ", shownAddress(s.Source)+": "+note))
	}
}

func (a *app) printWithdrawn(r follow.Report) {
	for _, one := range r.Read {
		if one.Outcome != follow.Withdrawn {
			continue
		}
		text := cmp.Or(one.Title, string(one.ID)) + " (" + string(one.ID) + ")"
		if len(one.Notes) > 0 {
			text += ": " + strings.Join(one.Notes, "; ")
		}
		fmt.Fprint(a.stdout, a.view.paragraph("withdrawn: ", text))
	}
}

// cameOf says in words what came of reading a source.
func cameOf(s *follow.SourceReport) string {
	if s.Busy {
		return "another briefdesk is reading it"
	}
	if s.Problem != "" && s.Added+s.Revised+s.Unchanged+s.Withdrawn == 0 {
		return "cannot be read"
	}
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{s.Added, "added"}, {s.Revised, "revised"}, {s.Unchanged, "unchanged"}, {s.Withdrawn, "withdrawn"}, {s.Failed, "failed"}, {s.Waiting, "left for next time"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "nothing new"
	}
	return strings.Join(parts, ", ")
}

// shownAddress is the address of a source without a password.
func shownAddress(s briefs.Source) string { return s.Address }

type syncJSON struct {
	Sources  []sourceReportJSON `json:"sources"`
	Read     []readJSON         `json:"read"`
	Problems []faultJSON        `json:"problems"`
}

type sourceReportJSON struct {
	Source     string            `json:"source"`
	Kind       briefs.SourceKind `json:"kind"`
	As         briefs.SourceKind `json:"as"` // what it turned out to be
	Title      string            `json:"title"`
	Collection string            `json:"collection"`
	Added      int               `json:"added"`
	Revised    int               `json:"revised"`
	Unchanged  int               `json:"unchanged"`
	Withdrawn  int               `json:"withdrawn"`
	Failed     int               `json:"failed"`
	Waiting    int               `json:"waiting"` // left for the next reading
	Busy       bool              `json:"busy"`    // another process was reading it
	Problem    string            `json:"problem"`
	Notes      []string          `json:"notes"`
	Next       *time.Time        `json:"next"`
}

type readJSON struct {
	ID        briefs.DocumentID `json:"id"`
	Title     string            `json:"title"`
	Author    string            `json:"author"`
	Publisher string            `json:"publisher"`
	Published briefs.Date       `json:"published"`
	URL       string            `json:"url"`
	Passages  int               `json:"passages"`
	Outcome   briefs.Outcome    `json:"outcome"` // added, revised, unchanged, withdrawn
	Notes     []string          `json:"notes"`   // what was not understood
}

type faultJSON struct {
	Source string `json:"source"`
	Item   string `json:"item"` // empty for the source itself
	Error  string `json:"error"`
}

func syncForm(r follow.Report) syncJSON {
	form := syncJSON{Sources: []sourceReportJSON{}, Read: readForms(r), Problems: []faultJSON{}}
	for _, s := range r.Sources {
		form.Sources = append(form.Sources, sourceReportJSON{
			s.Source.Address, s.Source.Kind, s.As, s.Title, s.Source.Collection, s.Added, s.Revised, s.Unchanged, s.Withdrawn, s.Failed, s.Waiting, s.Busy,
			s.Problem, list(s.Notes), jsonTime(s.Next),
		})
	}
	for _, p := range r.Problems {
		form.Problems = append(form.Problems, faultJSON{p.Source.Address, p.Item, oneLine(p.Err)})
	}
	return form
}

func readForms(r follow.Report) []readJSON {
	forms := []readJSON{}
	for _, d := range r.Read {
		forms = append(forms, readJSON{d.ID, d.Title, d.Author, d.Publisher, d.Published, d.URL, d.Passages, d.Outcome, list(d.Notes)})
	}
	return forms
}

// list is s, never null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// jsonTime is t for JSON: null for never.
func jsonTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
