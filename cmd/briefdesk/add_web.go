package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/follow"
	"briefdesk/briefs/ingest"
	"briefdesk/store"
)

// addedSource is what was named on the command line: an address of the web,
// which says itself what it is, else a path.
func addedSource(name, collection string) briefs.Source {
	s := briefs.Source{Kind: briefs.SourcePage, Address: name, Collection: collection}
	if isAddress(name) {
		if address, err := follow.Canonical(name); err == nil {
			s.Address = address
		}
		return s
	}
	s.Kind = briefs.SourcePath
	if path, err := filepath.Abs(name); err == nil {
		s.Address = path
	}
	return s
}

// addAddresses reads addresses of the web into lib, each once. One that the
// configuration names is read as it says there.
func (a *app) addAddresses(ctx context.Context, lib store.Backend, how adding, addresses []string) (follow.Report, error) {
	hosts := a.privateHosts()
	var sources []briefs.Source
	seen := map[briefs.SourceKey]bool{}
	for _, address := range addresses {
		s := addedSource(address, cmp.Or(how.collection, briefs.DefaultCollection))
		for _, c := range a.configuredSources() {
			if c.Address == s.Address && (how.collection == "" || how.collection == c.Collection) {
				s = c
			}
		}
		if how.private {
			hosts[hostOf(s.Address)] = true
		}
		if seen[s.Key()] {
			continue
		}
		seen[s.Key()] = true
		sources = append(sources, s)
		if how.follow {
			if err := lib.KeepSource(ctx, s, keptByHand); err != nil {
				return follow.Report{}, err
			}
		}
	}
	progress, finish := a.followProgress(len(sources))
	f, end := a.follower(lib, hosts, nil, follow.Options{Progress: progress, Revive: true})
	defer end()
	report, err := f.Once(ctx, sources...)
	finish()
	for i := range report.Problems {
		if p := &report.Problems[i]; errors.Is(p.Err, fetch.ErrPrivate) {
			p.Err = fmt.Errorf("%w, or add it with --private", p.Err)
		}
	}
	a.printFaults(report)
	return report, err
}

// keptByHand is who has a source followed that add --follow named.
const keptByHand = "briefdesk add"

// mostUnderstood is how many documents are told in full; of more, the rest is
// counted.
const mostUnderstood = 10

// printUnderstood prints what each source of the web turned out to be, and what
// was understood of its documents.
func (a *app) printUnderstood(r follow.Report) {
	w, v := a.stdout, a.view
	for i := range r.Sources {
		s := &r.Sources[i]
		if s.As != "" && s.As != briefs.SourcePage {
			fmt.Fprint(w, v.paragraph("", joined(s.Source.Address, kindWords(s.As), s.Title, cameOf(s))))
		}
		a.printNotes(s)
		shown := 0
		for j := range r.Read {
			d := &r.Read[j]
			if d.Source.Key() != s.Source.Key() {
				continue
			}
			if shown++; shown <= mostUnderstood {
				a.printRead(d)
			}
		}
		if more := shown - mostUnderstood; more > 0 {
			fmt.Fprintf(w, "  … and %d more: briefdesk library list\n", more)
		}
	}
}

func (a *app) printRead(d *follow.Read) {
	w, v := a.stdout, a.view
	const indent = "  "
	fmt.Fprintf(w, "%s%s\n", indent, v.bold(collapse(clean(cmp.Or(d.Title, string(d.ID))))))
	fmt.Fprint(w, v.paragraph(indent, joined(d.Author, d.Publisher, d.Published.Long(), count(d.Passages, "passage"), string(d.Outcome))))
	fmt.Fprint(w, v.paragraph(indent, joined(string(d.ID), d.URL)))
	if len(d.Notes) > 0 {
		fmt.Fprint(w, v.paragraph(indent+"not understood: ", strings.Join(d.Notes, "; ")))
	}
}

func kindWords(k briefs.SourceKind) string {
	switch k {
	case briefs.SourceFeed:
		return "feed"
	case briefs.SourceSitemap:
		return "sitemap"
	case briefs.SourcePath:
		return "folder"
	}
	return "page"
}

type addJSON struct {
	reportJSON
	Sources []sourceReportJSON `json:"sources"` // of the web
	Read    []readJSON         `json:"read"`    // likewise: what was understood
}

func addForm(r ingest.Report, web follow.Report) any {
	form := reportForm(r)
	if len(web.Sources) == 0 {
		return form
	}
	for _, p := range web.Problems {
		form.Problems = append(form.Problems, problemJSON{Source: cmp.Or(p.Item, p.Source.Address), Error: oneLine(p.Err)})
	}
	sync := syncForm(web)
	return addJSON{form, sync.Sources, sync.Read}
}

// followProgress is progress for reading sources.
func (a *app) followProgress(sources int) (func(follow.Event), func()) {
	if !viewOf(a.stderr, a.getenv).terminal || a.json {
		return nil, func() {}
	}
	bars := mpb.New(mpb.WithOutput(a.stderr), mpb.WithWidth(40))
	type far struct{ done, total int }
	at := map[briefs.SourceKey]far{}
	var documents int
	bar := bars.AddBar(0,
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string {
			return count(documents, "document") + " of " + count(sources, "source") + " "
		})),
		mpb.BarRemoveOnComplete(),
	)
	update := func(e follow.Event) {
		at[e.Source.Key()] = far{e.Done, e.Total}
		done, total := 0, 0
		for _, f := range at {
			done, total = done+f.done, total+f.total
		}
		documents = done
		bar.SetTotal(int64(total)+1, false) // never complete before the end
		bar.SetCurrent(int64(done))
	}
	return update, func() {
		bar.SetTotal(-1, true)
		bars.Wait()
	}
}
