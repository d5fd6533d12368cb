package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"briefdesk/briefs"
)

func (s *Server) healthRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	if s.o.Metrics != nil && !s.o.MetricsElsewhere {
		mux.HandleFunc("GET /metrics", s.metrics)
	}
}

// healthz answers as long as the process lives.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { plainly(w, http.StatusOK, "alive") }

// readyTimeout is below the usual patience of probes.
const readyTimeout = 2 * time.Second

// readyz answers when the library does.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if _, err := s.o.Library.Documents(ctx, briefs.Listing{Scope: briefs.Everything(), Limit: 1}); err != nil {
		s.log.WarnContext(ctx, "not ready", "request", requestID(r), "err", err)
		plainly(w, http.StatusServiceUnavailable, "the library does not answer")
		return
	}
	plainly(w, http.StatusOK, "ready")
}

// metrics are served here to this machine only; anywhere else they have a
// listener of their own.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	if !atThisMachine(r) {
		s.fail(w, r, briefs.ErrNotFound)
		return
	}
	s.o.Metrics.Handler().ServeHTTP(w, r)
}

func plainly(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the probe has gone: nobody to tell
}
