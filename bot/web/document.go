package web

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/cite"
)

func (s *Server) documentRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /d/{id}", s.document)
	mux.HandleFunc("GET /d/{id}/diff", s.diff)
}

// documentPage is one revision of a document, and what is known about it.
type documentPage struct {
	page
	documentHead
	Article   article
	Misplaced bool    // the address names a span that the revision does not have
	Newer     *newer  // nil when the current revision is read
	Quote     string  // verbatim, what is marked; empty for none and for too much
	Cited     []cited // citations to copy
	Quotation cited   // the quote with its source, to copy
	Used      []usedIn
	Revisions []revision // newest first
}

// documentHead is what the page says of a document above its text.
type documentHead struct {
	tongue
	Document     briefs.Document // metadata only
	Authors      []string
	Canonical    string // address of the page, whole, without span and signature
	Original     string // address of the original, at the quote; empty for none
	OriginalPage string // the same without the quote, for paper
	OriginalHost string
	Collection   string // address of its collection in the library; empty for a visitor by link
	Also         []alsoAt
	Corrections  []string // what the text says was corrected in it, verbatim
}

// alsoAt is another place of the same piece.
type alsoAt struct {
	Name      string // of the publisher, else of the host, else the title
	Published briefs.Date
	Original  string // address there; empty where it is not known
	Href      string // of the copy in the library; empty for a visitor by link
	First     bool   // it is the original
}

// maxCorrections bounds the notices that are shown above a text.
const maxCorrections = 3

// alsoOf lists the other places of the piece.
func (s *Server) alsoOf(v visitor, d *briefs.Document) []alsoAt {
	var out []alsoAt
	for _, c := range d.Also {
		a := alsoAt{Name: oneLine(c.Publisher), Published: c.Published, Original: webAddress(c.URL), First: c.ID == d.CopyOf}
		if u, err := url.Parse(a.Original); a.Name == "" && err == nil {
			a.Name = strings.TrimPrefix(u.Hostname(), "www.")
		}
		if a.Name == "" {
			a.Name = cmp.Or(oneLine(c.Title), string(c.ID))
		}
		if v.link == "" {
			a.Href = s.documentHref(v, c.ID, c.Revision, briefs.Span{})
		}
		out = append(out, a)
	}
	return out
}

// correctionsOf are the notices of corrections in d.
func correctionsOf(d *briefs.Document) []string {
	var out []string
	for _, b := range d.Blocks {
		if b.Role == briefs.RoleCorrection && len(out) < maxCorrections {
			out = append(out, oneLine(d.Text[b.Body:b.End]))
		}
	}
	return out
}

// cited is a citation to copy.
type cited struct {
	ID, Name string        // of the element; what a reader calls the style
	HTML     template.HTML // escaped by cite
	Text     string
}

// usedIn is a question whose answer quoted what is marked.
type usedIn struct {
	Question string
	Href     string // of the answer; empty for a visitor who cannot ask
	Last     time.Time
}

// maxCopied bounds the quotations that the page offers to copy, in bytes. A
// quote is a sentence or a few.
const maxCopied = 4000

// document serves one revision, with the span of the address marked. The
// scope is applied by Revisions, which knows nothing of what lies outside.
func (s *Server) document(w http.ResponseWriter, r *http.Request) {
	v, query := visitorOf(r), r.URL.Query()
	all, d, err := s.revisionOf(r, briefs.DocumentID(pathID(r)), query, "r")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := documentPage{page: s.page(r, titleOf(&d), "library"), Revisions: s.revisionLines(v, d.ID, all, d.Revision)}
	span, ok := spanOf(query)
	shown := number(query.Get("part"))
	if shown > 0 {
		span, ok = briefs.Span{}, true
	}
	quote, err := briefs.NewQuote(&d, span)
	if data.Misplaced = !ok || !span.Empty() && err != nil; data.Misplaced || err != nil {
		span, quote = briefs.Span{}, briefs.Quote{}
	}
	data.documentHead = s.headOf(v, &d, span)
	data.Article = articlePart(&d, span, shown)
	data.Article.Part.addresses(s.documentHref(v, d.ID, d.Revision, briefs.Span{}))
	if span.Len() <= maxCopied {
		data.Quote = quote.Text()
	}
	data.cite(&d, cite.Options{Quote: quote, Accessed: s.o.Now()})
	if !span.Empty() {
		ref := briefs.Ref{Document: d.ID, Revision: d.Revision, Span: span}
		if data.Used, err = s.usedIn(r, ref); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	if data.Newer, err = s.newerOf(r, all, &d, span); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "document.html", data)
}

// revisionOf returns the revisions of a document that the visitor sees, newest
// first, and the one that the parameter of the query names, the current one
// where it is missing. It returns ErrNotFound for a revision, a document or a
// collection that is not there for this visitor, all alike.
func (s *Server) revisionOf(r *http.Request, id briefs.DocumentID, query url.Values, parameter string) ([]briefs.Revision, briefs.Document, error) {
	scope := visitorOf(r).scope
	all, err := s.o.Library.Revisions(r.Context(), scope, id)
	if err != nil {
		return nil, briefs.Document{}, err
	}
	n := current(all).N
	if query.Has(parameter) {
		n = number(query.Get(parameter))
	}
	if !holdsRevision(all, n) {
		return nil, briefs.Document{}, briefs.ErrNotFound
	}
	d, err := s.o.Library.Document(r.Context(), id, n)
	if err == nil && !scope.Sees(d.Collection) { // moved in between
		err = briefs.ErrNotFound
	}
	return all, d, err
}

// number reads a positive number in its shortest form; 0 for anything else.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || strconv.Itoa(n) != s {
		return 0
	}
	return n
}

// spanOf reads the span "s=START-END" of an address; empty where it names
// none. ok is false for what is no span.
func spanOf(query url.Values) (span briefs.Span, ok bool) {
	if !query.Has("s") {
		return span, true
	}
	from, to, _ := strings.Cut(query.Get("s"), "-")
	span = briefs.Span{Start: number(from), End: number(to)}
	return span, !span.Empty() && (span.Start > 0 || from == "0")
}

// headOf is what the page says above the text of d.
func (s *Server) headOf(v visitor, d *briefs.Document, span briefs.Span) documentHead {
	h := documentHead{
		tongue: tongueOf(d.Text), Document: *d,
		Canonical: documentAddress(s.o.PublicURL, d.ID, d.Revision, briefs.Span{}, ""),
		Original:  originalAddress(d, span), OriginalPage: originalAddress(d, briefs.Span{}),
	}
	h.Also, h.Corrections = s.alsoOf(v, d), correctionsOf(d)
	h.Document.Text, h.Document.Blocks, h.Document.Enumerations, h.Document.Pages = "", nil, nil, nil
	for _, name := range strings.Split(d.Author, ", ") {
		if name = strings.TrimSpace(name); name != "" {
			h.Authors = append(h.Authors, name)
		}
	}
	if u, err := url.Parse(h.Original); err == nil {
		h.OriginalHost = strings.TrimPrefix(u.Hostname(), "www.")
	}
	if v.link == "" {
		h.Collection = s.href("/library", url.Values{"collection": {d.Collection}})
	}
	return h
}

// titleOf is the title of d, or words of ours for a document without one.
func titleOf(d *briefs.Document) string {
	if title := strings.Join(strings.Fields(d.Title), " "); title != "" {
		return title
	}
	return "Untitled document"
}

// cite writes what a reader can copy.
func (p *documentPage) cite(d *briefs.Document, o cite.Options) {
	for _, style := range cite.Styles() {
		note := cite.Note(style, d, o)
		p.Cited = append(p.Cited, cited{
			ID: "cite-" + string(style), Name: style.Name(),
			HTML: template.HTML(note.HTML()), Text: note.String(),
		})
	}
	if p.Quote != "" {
		note := cite.Note(cite.Chicago, d, o)
		p.Quotation = cited{ID: "cite-quotation", HTML: template.HTML(note.HTML()), Text: "“" + p.Quote + "”\n" + note.String()}
	}
}

// usedIn lists the questions of the visitor's rooms whose answers quoted ref.
func (s *Server) usedIn(r *http.Request, ref briefs.Ref) ([]usedIn, error) {
	v := visitorOf(r)
	asked, err := s.o.Library.AskedAbout(r.Context(), ref, v.rooms()...)
	if err != nil {
		return nil, err
	}
	var out []usedIn
	for _, a := range asked {
		u := usedIn{Question: a.Question, Last: a.Last}
		if v.link == "" {
			u.Href = s.href("/", url.Values{"q": {a.Question}})
		}
		out = append(out, u)
	}
	return out, nil
}
