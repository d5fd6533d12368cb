package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
)

// sourceRow is where documents come from, and how it went last.
type sourceRow struct {
	Name, Title, Collection string
	At, Succeeded, Next     *time.Time // nil for never
	Result                  string
	Notes                   []string // what failed and how to mend it, for the operator
	Failed                  bool
	Ailing                  bool // the source itself failed, not some of its documents
	Followed                bool // it is read again and again
}

// withdrawnRow is a document whose original is gone.
type withdrawnRow struct {
	Title, Href, From, Why string
	Since                  time.Time
}

// mostSources keeps the list short; those that failed come first.
const mostSources = 100

// mostWithdrawn is how many documents are named whose original is gone.
const mostWithdrawn = 20

// sources lists what is followed, and what was added by hand besides.
func (s *Server) sources(ctx context.Context, v visitor, d *libraryData) error {
	states, err := s.o.Library.Sources(ctx, v.scope)
	if err != nil {
		return err
	}
	fetches, err := s.o.Library.Fetches(ctx, v.scope)
	if err != nil {
		return err
	}
	configured := map[briefs.SourceKey]bool{}
	known := map[briefs.SourceKey]bool{}
	for _, f := range s.o.Followed {
		configured[f.Key()] = true
	}
	var rows []sourceRow
	for i := range states {
		known[states[i].Key()] = true
		row := followedRow(&states[i], configured[states[i].Key()], v)
		if v.operator && states[i].Failing > 0 && len(rows) < mostSources {
			if err := s.failing(ctx, &states[i], &row); err != nil {
				return err
			}
		}
		rows = append(rows, row)
	}
	for _, f := range s.o.Followed {
		if !known[f.Key()] && v.scope.Sees(f.Collection) {
			known[f.Key()] = true
			rows = append(rows, followedRow(&briefs.SourceState{Source: f}, true, v))
		}
	}
	for i := range fetches {
		if !known[briefs.SourceKey{Collection: fetches[i].Collection, Address: fetches[i].Source}] {
			rows = append(rows, addedRow(&fetches[i], v))
		}
	}
	slices.SortStableFunc(rows, func(a, b sourceRow) int { // what failed first, then what is followed
		return cmp.Or(later(a.Failed, b.Failed), later(a.Followed, b.Followed))
	})
	d.Sources = rows
	if more := len(d.Sources) - mostSources; more > 0 {
		d.Sources, d.MoreSources = d.Sources[:mostSources], more
	}
	return s.withdrawn(ctx, v, d)
}

// mostFailing is how many of the documents of a source are named that could not
// be read.
const mostFailing = 3

// failing tells what of a source could not be read, and why.
func (s *Server) failing(ctx context.Context, f *briefs.SourceState, row *sourceRow) error {
	items, err := s.o.Library.FailingItems(ctx, f.Key(), mostFailing)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.Problem == f.Problem { // the source is one page
			continue
		}
		text, name := it.Problem, sourceName(cmp.Or(it.Address, it.Name), true)
		if !strings.Contains(text, name) {
			text = name + ": " + text
		}
		row.Notes = append(row.Notes, text)
	}
	if more := f.Failing - len(items); more > 0 {
		row.Notes = append(row.Notes, "And "+plural(more, "other", "others")+".")
	}
	return nil
}

func later(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// withdrawn names to the operator what was withdrawn because its original is
// gone.
func (s *Server) withdrawn(ctx context.Context, v visitor, d *libraryData) error {
	if !v.operator {
		return nil
	}
	gone, err := s.o.Library.GoneItems(ctx, v.scope, mostWithdrawn)
	if err != nil {
		return err
	}
	p := s.quoter(v, "")
	for _, it := range gone {
		d.Withdrawn = append(d.Withdrawn, withdrawnRow{
			Title: cmp.Or(strings.TrimSpace(it.Title), string(it.Document)), Href: p.at(it.Document, 0, briefs.Span{}),
			From: sourceName(cmp.Or(it.Address, it.Name), true), Why: goneWords(it.Address), Since: it.Missing,
		})
	}
	return nil
}

// goneWords say what became of an original.
func goneWords(address string) string {
	if isWeb(address) {
		return "the page is gone"
	}
	return "the file was deleted"
}

// followedRow shows a source that is followed, or was read once, to v. What
// names files of this machine, may hold a password, or says what failed, is for
// the operator alone.
func followedRow(f *briefs.SourceState, configured bool, v visitor) sourceRow {
	row := sourceRow{
		Name: sourceName(f.Address, v.operator), Title: f.Title, Collection: f.Collection, At: timeOf(f.Read), Succeeded: timeOf(f.Succeeded), Ailing: f.Problem != "" || !f.Gone.IsZero(),
		Failed: f.Problem != "" || !f.Gone.IsZero() || v.operator && f.Failing > 0, Followed: configured || f.By != "",
	}
	if row.Followed {
		row.Next = timeOf(f.Next)
	}
	row.Result = cameOf([]figure{{f.Added, "new"}, {f.Revised, "changed"}, {f.Unchanged, "as before"}, {f.Withdrawn, "withdrawn"}}, "nothing new")
	switch {
	case f.Read.IsZero():
		row.Result = "not read yet"
	case !f.Gone.IsZero():
		row.Result = "gone"
	case f.Problem != "":
		row.Result = "cannot be read"
	case v.operator && f.Failing > 0:
		row.Result += ", " + plural(f.Failing, "problem", "problems")
	}
	if !v.operator {
		return row
	}
	if waiting := f.Waiting - f.Failing; waiting > 0 {
		row.Notes = append(row.Notes, plural(waiting, "document is", "documents are")+" still to be read.")
	}
	if f.Problem != "" {
		row.Notes = append(row.Notes, f.Problem)
	}
	if f.Moved != "" {
		row.Notes = append(row.Notes, "Moved for good to "+sourceName(f.Moved, true)+": correct the address in the configuration.")
	}
	return row
}

// addedRow shows f, which was added by hand, to v.
func addedRow(f *briefs.Fetch, v visitor) sourceRow {
	row := sourceRow{Name: sourceName(f.Source, v.operator), Collection: f.Collection, At: timeOf(f.At), Succeeded: timeOf(f.Succeeded), Failed: f.Problem != "" || f.Failed > 0}
	row.Ailing = row.Failed
	figures := []figure{{f.Added, "new"}, {f.Revised, "changed"}, {f.Unchanged, "as before"}}
	row.Result = cameOf(figures, "nothing found")
	if row.Failed {
		problems := plural(max(1, f.Failed), "problem", "problems")
		if f.Added+f.Revised+f.Unchanged == 0 {
			row.Result = problems
		} else {
			row.Result += ", " + problems
		}
	}
	if v.operator && f.Problem != "" {
		row.Notes = []string{f.Problem}
	}
	return row
}

// figure counts something.
type figure struct {
	n    int
	what string
}

// cameOf says how many of what there are; none where there are none.
func cameOf(figures []figure, none string) string {
	var parts []string
	for _, f := range figures {
		if f.n > 0 {
			parts = append(parts, plural(f.n, f.what, f.what))
		}
	}
	if len(parts) == 0 {
		return none
	}
	return strings.Join(parts, ", ")
}

// timeOf is t for a template: nil for never.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// sourceName is how a source is called: an address without a password, and
// for readers only what stands before its query, or the last part of a path.
func sourceName(source string, operator bool) string {
	u, err := url.Parse(source)
	web := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	switch {
	case web && operator:
		return u.Redacted()
	case web:
		return u.Host + u.Path
	case operator:
		return source
	}
	source = strings.TrimRight(source, `/\`)
	return source[strings.LastIndexAny(source, `/\`)+1:]
}
