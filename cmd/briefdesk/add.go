package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"briefdesk/briefs"
	"briefdesk/briefs/follow"
	"briefdesk/briefs/ingest"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

func (a *app) addCommand() *cobra.Command {
	var collection string
	var keep, private bool
	cmd := &cobra.Command{
		Use:   "add SRC…",
		Short: "Add files, folders, web pages, feeds or JSONL documents to the library",
		Long: `Add documents to the library: files (.txt, .md, .html, .pdf, .docx, .odt,
.epub), folders with all in them, web addresses (a page or document, an RSS, Atom
or JSON feed, a sitemap), .jsonl (one document a line: id, title, text, author,
publisher, published, url, collection) or - for standard input. Of what comes
from the web it is printed what was understood and what was not. Adding the same
again changes nothing; changed content becomes a further revision. Nothing is
withdrawn. What is bad is reported, the rest is added, and the exit code is 1.`,
		Example: `  briefdesk add ./papers
  briefdesk add --collection cyber report.pdf notes.md https://example.org/paper
  briefdesk add --follow https://example.org/feed.xml
  briefdesk library export | briefdesk add --library copy.db -`,
		Args: minArgs(1, "the source"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.add(cmd.Context(), adding{collection, keep, private}, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&collection, "collection", "", "put everything into `COLLECTION`, whatever it says itself")
	f.BoolVar(&keep, "follow", false, "read the web addresses again and again, as briefdesk sync and serve do with configured ones")
	f.BoolVar(&private, "private", false, "the web addresses may be on this machine or a private network")
	return cmd
}

// adding is how sources are added.
type adding struct {
	collection      string // for everything; empty: where it says, else the usual one
	follow, private bool   // the addresses of the web
}

func (a *app) add(ctx context.Context, how adding, sources []string) error {
	var files, addresses []string
	for _, s := range sources {
		if isAddress(s) {
			addresses = append(addresses, s)
		} else {
			files = append(files, s)
		}
	}
	lib := &lateLibrary{open: func(ctx context.Context) (store.Backend, error) {
		return a.openAt(ctx, a.libraryPath(), sqlite.Options{Now: a.now})
	}}
	defer lib.close()
	if _, err := os.Stat(a.libraryPath()); err == nil {
		if err := lib.need(ctx); err != nil { // a library with a fault is told before the work
			return err
		}
	}
	var report ingest.Report
	var web follow.Report
	var err error
	if len(files) > 0 {
		report, err = a.addFiles(ctx, lib, how.collection, files)
	}
	if err == nil && len(addresses) > 0 {
		if err = lib.need(ctx); err == nil {
			web, err = a.addAddresses(ctx, lib.lib, how, addresses)
		}
	}
	if err = cmp.Or(lib.failed, err); err != nil {
		return err
	}
	if lib.lib != nil {
		a.fold(ctx, lib.lib)
	}
	for i := range web.Sources {
		s := &web.Sources[i]
		report.Added, report.Revised, report.Unchanged = report.Added+s.Added, report.Revised+s.Revised, report.Unchanged+s.Unchanged
	}
	report.Failed += len(web.Problems)
	if a.json {
		err = writeJSON(a.stdout, addForm(report, web))
	} else {
		a.printUnderstood(web)
		_, err = fmt.Fprintln(a.stdout, reported(report))
	}
	if err == nil && (report.Failed > 0 || failedReport(web)) {
		return silent(exitFailed)
	}
	return err
}

// addFiles adds what is not of the web.
func (a *app) addFiles(ctx context.Context, lib *lateLibrary, collection string, files []string) (ingest.Report, error) {
	progress, finish := a.progress()
	readers := a.readers()
	defer readers.Close()
	in := ingest.New(a.log, lib, ingest.Options{Collection: collection, Stdin: a.stdin, Progress: progress, Read: readers.Read})
	report, err := in.Add(ctx, files...)
	finish()
	for _, p := range report.Problems {
		fmt.Fprintf(a.stderr, "briefdesk: %s\n", problemLine(p))
	}
	if err == nil && lib.lib != nil { // else nothing was added, and there is none to be kept
		a.recordFetches(ctx, lib.lib, report.Sources)
	}
	return report, err
}

// lateLibrary opens a library with the first documents that it is given, so
// that sources which hold none leave no library behind.
type lateLibrary struct {
	open   func(ctx context.Context) (store.Backend, error)
	lib    store.Backend // nil until it is needed
	failed error         // of open
}

// errNotOpened stops an add; its kind is that of no document.
var errNotOpened = errors.New("library was not opened")

func (l *lateLibrary) need(ctx context.Context) error {
	if l.lib == nil && l.failed == nil {
		l.lib, l.failed = l.open(ctx)
	}
	return l.failed
}

// PutDocuments implements ingest.Library.
func (l *lateLibrary) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	if l.need(ctx) != nil {
		return nil, errNotOpened
	}
	return l.lib.PutDocuments(ctx, batch)
}

func (l *lateLibrary) close() {
	if l.lib != nil {
		l.lib.Close()
	}
}

// problemLine names the source and line of a problem once.
func problemLine(p ingest.Problem) string {
	place := p.Source
	if p.Line > 0 {
		place = fmt.Sprintf("%s:%d", p.Source, p.Line)
	}
	text := strings.TrimPrefix(oneLine(p.Err), collapse(clean(p.Source))+": ")
	if p.Line > 0 {
		text = strings.TrimPrefix(text, fmt.Sprintf("line %d: ", p.Line))
	}
	return collapse(clean(place)) + ": " + text
}

// reported says what an add did: "3 documents added, 1 unchanged."
func reported(r ingest.Report) string {
	parts := []string{count(r.Added, "document") + " added"}
	for _, p := range []struct {
		n    int
		what string
	}{{r.Revised, "revised"}, {r.Unchanged, "unchanged"}, {r.Failed, "failed"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	text := strings.Join(parts, ", ") + "."
	if r.Skipped > 0 {
		text += fmt.Sprintf(" %s of other kinds left out.", count(r.Skipped, "file"))
	}
	return text
}

// progress returns what ingest calls as it goes, and what ends the bar. It
// draws only on a terminal.
func (a *app) progress() (func(ingest.Event), func()) {
	if !viewOf(a.stderr, a.getenv).terminal || a.json {
		return nil, func() {}
	}
	bars := mpb.New(mpb.WithOutput(a.stderr), mpb.WithWidth(40))
	var documents int
	bar := bars.AddBar(0,
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return count(documents, "document") + " " })),
		mpb.AppendDecorators(decor.CountersKibiByte("% .1f of % .1f")),
		mpb.BarRemoveOnComplete(),
	)
	update := func(e ingest.Event) {
		documents = e.Documents
		if e.BytesTotal > 0 {
			bar.SetTotal(e.BytesTotal+1, false) // never complete before the end
		}
		bar.SetCurrent(e.BytesDone)
	}
	return update, func() {
		bar.SetTotal(-1, true)
		bars.Wait()
	}
}
