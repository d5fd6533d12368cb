package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
)

// handler is what stands before the pages: it gives every response its
// headers, keeps within the limits, lets in whom the gate admits, and notes
// what was served.
type handler struct {
	s         *Server
	mux       *http.ServeMux
	pages     turns
	questions turns
	shares    shares
	origins   *http.CrossOriginProtection
}

func (s *Server) newHandler(mux *http.ServeMux) *handler {
	return &handler{
		s: s, mux: mux, origins: http.NewCrossOriginProtection(),
		pages: make(turns, s.limits.pages), questions: make(turns, s.limits.questions),
	}
}

type requestKey struct{}

// requestID is the name of r in the log.
func requestID(r *http.Request) string {
	id, _ := r.Context().Value(requestKey{}).(string)
	return id
}

// requestIDLength makes ids of 50 random bits: to find a line in a log.
const requestIDLength = 10

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	answer := &response{ResponseWriter: w}
	r = r.WithContext(context.WithValue(r.Context(), requestKey{}, rand.Text()[:requestIDLength]))
	p, found := placeOf(r.URL, h.s.base)
	r = withPlace(r, p)
	inner := r // with what is found out about it on the way
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			h.s.log.ErrorContext(r.Context(), "page panicked", "request", requestID(r), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			if answer.status == 0 {
				h.s.fail(answer, r, errPanic)
			}
		}
		h.served(inner, p, answer, time.Since(started))
	}()
	h.s.setHeaders(answer.Header())
	h.serve(answer, &inner, p, found)
}

// errPanic is what a reader sees of a fault in a page.
var errPanic = errors.New("panic")

// serve takes r from one check to the next.
func (h *handler) serve(w http.ResponseWriter, inner **http.Request, p place, found bool) {
	r, s := *inner, h.s
	switch {
	case !allowed(r, p):
		w.Header().Set("Allow", methods(p))
		s.failPage(w, r, failure{Status: http.StatusMethodNotAllowed, Text: "This address is not asked in this way. Begin at the front page."})
		return
	case len(r.RequestURI) > s.limits.address:
		s.failPage(w, r, failure{Status: http.StatusRequestURITooLong, Text: "This address is too long. Ask a shorter question."})
		return
	}
	if found && probe(p) { // under any name: probes know addresses only
		h.mux.ServeHTTP(w, s.inside(inner, r, p))
		return
	}
	if err := s.addressed(r); err != nil {
		s.log.WarnContext(r.Context(), "request for another host", "request", requestID(r), "host", hostname(r.Host))
		s.fail(w, r, err)
		return
	}
	if err := h.origins.Check(r); err != nil {
		s.failPage(w, r, failure{Status: http.StatusForbidden, Text: "This was sent from another site, and nothing was done."})
		return
	}
	if !found {
		s.fail(w, r, briefs.ErrNotFound)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.limits.body)
	if p.area == "assets" {
		h.mux.ServeHTTP(w, s.inside(inner, r, p))
		return
	}
	busy := func(text string) {
		w.Header().Set("Retry-After", "5")
		s.failPage(w, r, failure{Status: http.StatusServiceUnavailable, Text: text})
	}
	giveBack, ok := h.turn(r, p)
	if !ok {
		busy("Too many people are reading at this moment. Try again in a few seconds.")
		return
	}
	defer giveBack()
	ctx, cancel := context.WithTimeout(r.Context(), s.limits.request)
	defer cancel()
	r = r.WithContext(ctx)
	v, err := s.admit(r, p)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !v.operator {
		who := v.room
		if v.name != "" {
			who = readerPrefix + v.name
		}
		leave, ok := h.shares.take(who, s.limits.share)
		if !ok {
			busy("Too many pages are being sent to you at this moment. Try again in a few seconds.")
			return
		}
		defer leave()
	}
	h.mux.ServeHTTP(w, s.inside(inner, withVisitor(r, v), p))
}

// methods are what p may be asked by, as an Allow header says it.
func methods(p place) string {
	if p.path == "/gaps/clear" {
		return http.MethodPost
	}
	return http.MethodGet + ", " + http.MethodHead
}

func allowed(r *http.Request, p place) bool {
	return slices.Contains(strings.Split(methods(p), ", "), r.Method)
}

// probe reports whether p is asked by machines that watch: it says the same
// to everyone, or looks for itself who asks.
func probe(p place) bool { return p.area == "healthz" || p.area == "readyz" || p.area == "metrics" }

// turn waits until r may be worked on. Who waits to ask has no turn of those
// who read.
func (h *handler) turn(r *http.Request, p place) (giveBack func(), ok bool) {
	question := func() {}
	if asks(r, p) {
		if question, ok = h.questions.take(r.Context(), h.s.limits.wait); !ok {
			return nil, false
		}
	}
	page, ok := h.pages.take(r.Context(), h.s.limits.wait)
	if !ok {
		question()
		return nil, false
	}
	return func() { page(); question() }, true
}

// asks reports whether r searches the library or asks it.
func asks(r *http.Request, p place) bool {
	return p.path == "/" && r.URL.Query().Get("q") != "" || p.area == "brief" || p.path == "/library/search"
}

// inside makes r known as the request that the mux has, which finds the page
// of p by a path without id.
func (s *Server) inside(inner **http.Request, r *http.Request, p place) *http.Request {
	u := *r.URL
	u.Path, u.RawPath = p.path, ""
	r = r.WithContext(r.Context()) // a copy
	r.URL = &u
	*inner = r
	return r
}

// served notes one response: by ids and figures, never by its address.
func (h *handler) served(r *http.Request, p place, answer *response, took time.Duration) {
	route := r.Pattern
	if route == "" || route == "/" {
		route = "none"
	}
	status := answer.status
	if status == 0 { // nothing was written: the reader has gone
		status = statusGone
	}
	h.s.o.Metrics.page(route, status, took)
	attrs := []slog.Attr{
		slog.String("request", requestID(r)), slog.String("route", route), slog.Int("status", status),
		slog.Int("bytes", answer.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if status == http.StatusOK && p.area == "d" {
		attrs = append(attrs, slog.String("doc", p.id))
	}
	if v := visitorOf(r); v.room != "" {
		attrs = append(attrs, slog.String("room", v.room))
	}
	h.s.log.LogAttrs(r.Context(), slog.LevelInfo, "page", attrs...)
}

// statusGone is what logs commonly say of a reader who did not wait (nginx).
const statusGone = 499

// response remembers what was written.
type response struct {
	http.ResponseWriter
	status, bytes int
}

func (a *response) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *response) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (a *response) Unwrap() http.ResponseWriter { return a.ResponseWriter }
