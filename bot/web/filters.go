package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"briefdesk/briefs"
)

// choice is one of a form's options.
type choice struct {
	Value, Label string
	Documents    int // 0 where they are not counted
	On           bool
}

// filters say which documents are meant. What cannot be read is kept, with
// its problem beside it.
type filters struct {
	Collections       []choice // those that hold a document the visitor sees
	CollectionProblem string
	From, To          field
	Publishers        []choice
	Publisher         field

	scope    briefs.Scope
	from, to briefs.Date
}

// mostPublishers keeps the list of publishers, and the page, short.
const mostPublishers = 200

// Set reports whether any filter is set.
func (f *filters) Set() bool {
	return f.From.Value != "" || f.To.Value != "" || f.Publisher.Value != "" || f.CollectionProblem != "" ||
		slices.ContainsFunc(f.Collections, func(c choice) bool { return c.On })
}

// ok reports whether every filter could be read.
func (f *filters) ok() bool {
	return f.CollectionProblem == "" && f.From.Problem == "" && f.To.Problem == "" && f.Publisher.Problem == ""
}

// filters reads the parameters collection (repeatable), from, to and
// publisher. To v, a collection or publisher outside its scope is one that
// does not exist.
func (s *Server) filters(ctx context.Context, v visitor, q url.Values) (*filters, error) {
	f := &filters{scope: v.scope, From: field{Value: line(q, "from")}, To: field{Value: line(q, "to")}}
	collections, err := s.o.Library.Collections(ctx, v.scope)
	if err != nil {
		return nil, err
	}
	publishers, err := s.o.Library.Publishers(ctx, v.scope)
	if err != nil {
		return nil, err
	}
	f.collections(collections, q["collection"])
	f.publishers(publishers, line(q, "publisher"))
	f.from, f.to = f.From.date(), f.To.date()
	first, _, since := f.from.Bounds()
	_, last, until := f.to.Bounds()
	if since && until && last.Before(first) {
		f.To.Problem = "This is before the first date: exchange them."
	}
	return f, nil
}

// date reads f and notes when it is none.
func (f *field) date() briefs.Date {
	d, err := briefs.ParseDate(f.Value)
	if err != nil {
		f.Problem = "This is not a date: write 2014, 2014-04 or 2014-04-10."
	}
	return d
}

func (f *filters) collections(counts []briefs.CollectionCount, names []string) {
	wanted := map[string]bool{}
	for _, name := range names {
		if name != "" {
			wanted[name] = true
		}
	}
	var only []string
	for _, c := range counts {
		f.Collections = append(f.Collections, choice{c.Name, c.Name, c.Documents, wanted[c.Name]})
		if wanted[c.Name] {
			only = append(only, c.Name)
		}
	}
	if len(only) < len(wanted) {
		f.CollectionProblem = "There is no such collection here: choose from these."
	}
	if len(only) > 0 {
		f.scope = briefs.Only(only...)
	}
}

// publishers offers the largest ones, by name, and takes a name in any case.
func (f *filters) publishers(counts []briefs.PublisherCount, name string) {
	counts = slices.DeleteFunc(slices.Clone(counts), func(p briefs.PublisherCount) bool { return p.Name == "" })
	slices.SortStableFunc(counts, func(a, b briefs.PublisherCount) int { return cmp.Compare(b.Documents, a.Documents) })
	f.Publisher.Value = name
	chosen := slices.IndexFunc(counts, func(p briefs.PublisherCount) bool { return strings.EqualFold(p.Name, name) })
	if exact := slices.IndexFunc(counts, func(p briefs.PublisherCount) bool { return p.Name == name }); exact >= 0 {
		chosen = exact
	}
	switch {
	case name == "":
	case chosen < 0:
		f.Publisher.Problem = "No document here is by this publisher: choose from these."
	default:
		f.Publisher.Value = counts[chosen].Name
	}
	for i, p := range counts {
		if i < mostPublishers || i == chosen {
			f.Publishers = append(f.Publishers, choice{p.Name, p.Name, p.Documents, i == chosen})
		}
	}
	slices.SortFunc(f.Publishers, func(a, b choice) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Value), strings.ToLower(b.Value)), cmp.Compare(a.Value, b.Value))
	})
}

// query is what an address says of the filters that are set.
func (f *filters) query() url.Values {
	q := url.Values{}
	for _, c := range f.Collections {
		if c.On {
			q.Add("collection", c.Value)
		}
	}
	for name, value := range map[string]string{"from": f.From.Value, "to": f.To.Value, "publisher": f.Publisher.Value} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}
