// Package fetchtest is a web server that misbehaves in every way that readers
// of the web have met: slow, endless, circular, wrong about itself, full of
// bombs. Tests ask it on the loopback address.
package fetchtest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is one such server. It is safe for concurrent use.
type Server struct {
	URL string // without a slash at its end

	done chan struct{} // closed when the test ends: whoever stalls lets go

	mu     sync.Mutex
	pages  map[string]page
	robots http.HandlerFunc
	asked  []Asked
	open   map[string]int // requests under way, by path
	most   int            // that were under way at once
}

// Asked is one request that came.
type Asked struct {
	Path   string // with its query
	Header http.Header
	At     time.Time
}

type page struct {
	handler http.HandlerFunc
}

// New starts a server that serves the Faults and lets every program read it.
// It stops when the test ends.
func New(t testing.TB) *Server {
	s := &Server{done: make(chan struct{}), pages: map[string]page{}, open: map[string]int{}}
	for _, f := range faults(s) {
		s.pages[f.Path] = page{f.serve}
	}
	srv := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = srv.URL
	t.Cleanup(func() {
		close(s.done)
		srv.CloseClientConnections()
		srv.Close()
	})
	return s
}

// Page serves body at path as a good server does: with an ETag, a time of the
// last change, and 304 for who has it. Serving another body changes both.
func (s *Server) Page(path, contentType, body string) {
	changed := time.Now().UTC().Truncate(time.Second)
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))[:18] + `"`
	s.Handle(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		w.Header().Set("Content-Type", contentType)
		http.ServeContent(w, r, "", changed, strings.NewReader(body))
	})
}

// Handle serves path with h, over whatever was there; nil takes it away.
func (s *Server) Handle(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h == nil {
		delete(s.pages, path)
		return
	}
	s.pages[path] = page{h}
}

// Robots serves text as robots.txt.
func (s *Server) Robots(text string) {
	s.RobotsWith(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}

// RobotsWith serves robots.txt with h.
func (s *Server) RobotsWith(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.robots = h
}

// Asked returns the requests that came for pages, in order; not those for
// robots.txt.
func (s *Server) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Count returns how often path was asked.
func (s *Server) Count(path string) int {
	n := 0
	for _, a := range s.Asked() {
		if a.Path == path {
			n++
		}
	}
	return n
}

// Most returns how many requests were under way at once, at most.
func (s *Server) Most() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	path := r.URL.RequestURI()
	s.mu.Lock()
	h := s.pages[r.URL.Path].handler
	if r.URL.Path == "/robots.txt" && h == nil {
		h = s.robots
	} else {
		s.asked = append(s.asked, Asked{Path: path, Header: r.Header.Clone(), At: time.Now()})
	}
	s.open[path]++
	total := 0
	for n := range maps.Values(s.open) {
		total += n
	}
	s.most = max(s.most, total)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.open[path]--
		s.mu.Unlock()
	}()
	if h == nil {
		http.NotFound(w, r)
		return
	}
	h(w, r)
}
