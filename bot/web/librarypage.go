package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"briefdesk/briefs"
)

func (s *Server) libraryRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /library", s.forReaders(s.libraryPage))
	mux.HandleFunc("GET /library/search", s.forReaders(s.searchPage))
}

// libraryData is the data of library.html.
type libraryData struct {
	page
	Searched    field // the empty search box
	Longest     int
	Holds       string // how much there is
	Collections []collectionRow
	Find        field
	Filters     *filters // of which one collection, and a publisher
	Orders      []choice
	Listed      bool // some filter is set: the list is not of everything
	Everything  string
	Documents   []documentRow
	Pager       pager
	Sources     []sourceRow
	MoreSources int // that are not shown
	Withdrawn   []withdrawnRow
}

type collectionRow struct {
	entry
	Documents, Passages int
}

type documentRow struct {
	work
	Collection string
	Added      time.Time
}

// documentsPerPage keeps a page short enough to look through.
const documentsPerPage = 50

// libraryPage lists collections, documents and sources.
func (s *Server) libraryPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	if s.tidy(w, r, "") {
		return nil
	}
	q := r.URL.Query()
	n, err := pageOf(q)
	if err != nil {
		return err
	}
	f, err := s.filters(r.Context(), v, url.Values{"collection": first(q["collection"]), "publisher": first(q["publisher"])})
	if err != nil {
		return err
	}
	d := libraryData{page: s.page(r, "Library", "library"), Longest: longestWords, Filters: f, Find: wordsField(q, "find", longestWords), Everything: s.href("/library", nil)}
	order, orders := orderOf(line(q, "order"))
	d.Orders, d.Listed = orders, f.Set() || d.Find.Value != ""
	if err := s.collections(r.Context(), v, &d); err != nil {
		return err
	}
	valid := d.Find.Problem == "" && f.ok()
	if valid {
		l := briefs.Listing{Scope: f.scope, Publisher: f.Publisher.Value, Title: d.Find.Value, Order: order}
		if err := s.documents(r.Context(), v, &d, l, n, q); err != nil {
			return err
		}
	}
	if n == 1 && !d.Listed {
		if err := s.sources(r.Context(), v, &d); err != nil {
			return err
		}
	}
	s.render(w, r, status(valid), "library.html", d)
	return nil
}

func first(values []string) []string { return values[:min(1, len(values))] }

// orderOf reads the order of a list; what is none is that of adding.
func orderOf(name string) (briefs.Order, []choice) {
	orders := []choice{
		{Label: "Newly added first"},
		{Value: string(briefs.ByPublished), Label: "Newly published first"},
		{Value: string(briefs.ByTitle), Label: "By title"},
	}
	for i := range orders[1:] {
		if o := &orders[i+1]; o.Value == name {
			o.On = true
			return briefs.Order(name), orders
		}
	}
	orders[0].On = true
	return briefs.ByAdded, orders
}

func (s *Server) collections(ctx context.Context, v visitor, d *libraryData) error {
	counts, err := s.o.Library.Collections(ctx, v.scope)
	if err != nil {
		return err
	}
	documents := 0
	for _, c := range counts {
		documents += c.Documents
		d.Collections = append(d.Collections, collectionRow{s.collection(c.Name, c.Documents), c.Documents, c.Passages})
	}
	d.Holds = stockWords(documents, len(counts))
	return nil
}

// collection leads to the documents of a collection.
func (s *Server) collection(name string, documents int) entry {
	return entry{Text: name, Href: s.href("/library", url.Values{"collection": {name}}), Note: plural(documents, "document", "documents")}
}

// stockWords says how much a library holds.
func stockWords(documents, collections int) string {
	return plural(documents, "document", "documents") + " in " + plural(collections, "collection", "collections")
}

// documents lists page n of l; past the last one, the last.
func (s *Server) documents(ctx context.Context, v visitor, d *libraryData, l briefs.Listing, n int, q url.Values) error {
	total, err := s.o.Library.CountDocuments(ctx, l)
	if err != nil {
		return err
	}
	n = max(1, min(n, (total+documentsPerPage-1)/documentsPerPage))
	l.Offset, l.Limit = (n-1)*documentsPerPage, documentsPerPage
	list, err := s.o.Library.Documents(ctx, l)
	if err != nil {
		return err
	}
	p := s.quoter(v, "")
	for i := range list {
		o := &list[i].Document
		d.Documents = append(d.Documents, documentRow{p.work(o, p.at(o.ID, 0, briefs.Span{})), o.Collection, o.Added})
	}
	d.Pager = s.pager("/library", q, n, documentsPerPage, len(list), total, false)
	return nil
}
