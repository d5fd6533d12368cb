package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"briefdesk/briefs"
)

// templates holds layout.html, which every page has, files that begin with an
// underscore, whose definitions every page may use, and the pages.
//
//go:embed templates/*.html
var templates embed.FS

const (
	layoutFile  = "layout.html"
	errorFile   = "error.html"
	partsPrefix = "_"
)

// page is what every page tells the layout; the data of each page embeds it.
// Take it from Server.page.
type page struct {
	Base     string // before every address of ours; empty at the root of a host
	Title    string
	Nav      string // which entry of the menu the page belongs to: "ask", "brief", "library", "briefings", "questions" or ""
	Path     string // of the page itself, with the base, without the query
	Operator bool   // sees questions and gaps
	Name     string // of a signed-in reader
	LinkOnly bool   // came by a link: sees this page, and no menu
	Briefs   bool   // there is a page of briefs
	visitor  visitor
}

// page returns the part of the data that the layout wants.
func (s *Server) page(r *http.Request, title, nav string) page {
	v := visitorOf(r)
	return page{
		Base: s.base, Title: title, Nav: nav, Path: s.base + placeFrom(r).full,
		Operator: v.operator, Name: v.name, LinkOnly: v.linkOnly(), Briefs: s.o.Brief != nil, visitor: v,
	}
}

// parseTemplates returns each page with the layout around it, by file name.
func (s *Server) parseTemplates() (map[string]*template.Template, error) {
	entries, err := templates.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	common := []string{"templates/" + layoutFile}
	var pages []string
	for _, e := range entries {
		switch {
		case e.Name() == layoutFile:
		case strings.HasPrefix(e.Name(), partsPrefix):
			common = append(common, "templates/"+e.Name())
		default:
			pages = append(pages, "templates/"+e.Name())
		}
	}
	layout, err := template.New(layoutFile).Funcs(s.templateFuncs()).ParseFS(templates, common...)
	if err != nil {
		return nil, err
	}
	out := map[string]*template.Template{}
	for _, file := range pages {
		t, err := layout.Clone()
		if err == nil {
			t, err = t.ParseFS(templates, file)
		}
		if err != nil {
			return nil, err
		}
		out[path.Base(file)] = t
	}
	return out, nil
}

// templateFuncs are what every template may call.
func (s *Server) templateFuncs() template.FuncMap {
	return template.FuncMap{
		"asset": s.asset, // the address of an asset by its name, such as "page.css"
		"href":  func(path string) string { return s.base + path },
		"day":   func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"at":    func(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") },
		"add":   func(a, b int) int { return a + b },
	}
}

// render writes the page that the file of templates makes of data, or an
// error page: never half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, file string, data any) {
	var b bytes.Buffer
	t := s.pages[file]
	if t == nil {
		s.fail(w, r, fmt.Errorf("template %s: %w", file, briefs.ErrNotFound))
		return
	}
	if err := t.ExecuteTemplate(&b, "layout", data); err != nil {
		if file == errorFile {
			http.Error(w, http.StatusText(status), status)
			return
		}
		s.fail(w, r, fmt.Errorf("template %s: %v", file, err))
		return
	}
	h, body := w.Header(), b.Bytes()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if len(body) >= leastZipped && takesGzip(r.Header.Get("Accept-Encoding")) {
		body = s.zippers.zip(body)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader has gone: nobody to tell
}

// failure is what the error page says.
type failure struct {
	page
	Status int
	Text   string // what happened, and what to do
	ID     string // of the log entry; empty where there is none to find
}

// fail answers with the page of err's kind. Whatever is not to be found, or
// not for this visitor, gets one and the same page. Other errors are logged
// under an id that the page shows.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errGone):
		s.failPage(w, r, failure{Status: http.StatusGone, Text: "This link has expired. Ask again in the room for a fresh one."})
	case errors.Is(err, errMisdirected):
		s.failPage(w, r, failure{Status: http.StatusMisdirectedRequest, Text: "These pages are not served under this name. Behind a proxy, it must pass the Host header on."})
	case errors.Is(err, errForbidden):
		s.failPage(w, r, failure{Status: http.StatusForbidden, Text: "This reading room is not set up for you. Ask whoever runs it to give you a room."})
	case errors.Is(err, briefs.ErrNotFound):
		s.failPage(w, r, failure{Status: http.StatusNotFound, Text: "There is nothing here, or it is not open to you."})
	case errors.Is(err, briefs.ErrInvalid):
		s.failPage(w, r, failure{Status: http.StatusBadRequest, Text: "This address cannot be understood: check it, or begin at the front page."})
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		// The reader has gone: nobody to tell.
	case errors.Is(err, briefs.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		w.Header().Set("Retry-After", "5")
		s.failPage(w, r, failure{Status: http.StatusServiceUnavailable, Text: "This took too long, or the library is busy. Try again in a moment.", ID: s.logFailure(r, err)})
	default:
		s.failPage(w, r, failure{Status: http.StatusInternalServerError, Text: "Something went wrong here. It has been noted.", ID: s.logFailure(r, err)})
	}
}

// The kinds of refusal that the domain does not have, besides errMisdirected.
var (
	errGone      = errors.New("expired")
	errForbidden = errors.New("no room")
)

// failPage renders f. It says nothing of the address, and a visitor by link
// gets the page that nobody gets.
func (s *Server) failPage(w http.ResponseWriter, r *http.Request, f failure) {
	if visitorOf(r).linkOnly() {
		r = withVisitor(r, visitor{})
	}
	f.page = s.page(r, failureTitle(f.Status), "")
	f.Path = ""
	f.LinkOnly = !f.Operator && f.visitor.room == ""
	s.render(w, r, f.Status, errorFile, f)
}

// failureTitle is the heading of an error page.
func failureTitle(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Not found"
	case http.StatusGone:
		return "This link has expired"
	case http.StatusForbidden:
		return "Not for you"
	case http.StatusServiceUnavailable:
		return "Busy"
	case http.StatusInternalServerError:
		return "A fault on our side"
	}
	return "Not understood"
}

// logFailure notes err and returns the id to find it by.
func (s *Server) logFailure(r *http.Request, err error) string {
	id := requestID(r)
	s.log.LogAttrs(r.Context(), slog.LevelError, "page failed", slog.String("request", id), slog.String("err", err.Error()))
	return id
}
