package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"
)

// limits bound what one visitor, or all together, can make the server do.
type limits struct {
	address   int           // bytes of path and query; a question and its filters are far below
	body      int64         // bytes; forms of ours hold one question
	pages     int           // pages made at the same time: about 10 MB each for the largest documents
	share     int           // of those, how many one reader may hold, or the links of one room: who reads slowly holds a page until it is sent
	questions int           // of all, how many search or answer: they keep a core busy
	wait      time.Duration // for a turn, before a visitor is sent away
	request   time.Duration // for one page from its turn on
}

func usualLimits() limits {
	return limits{
		address: 8 << 10, body: 64 << 10, pages: 64, share: 16, questions: max(4, 2*runtime.GOMAXPROCS(0)),
		wait: 5 * time.Second, request: 30 * time.Second,
	}
}

// turns hands out turns, so many at the same time.
type turns chan struct{}

// take waits for a turn and returns the function that gives it back; false
// when none came up in time.
func (t turns) take(ctx context.Context, wait time.Duration) (giveBack func(), ok bool) {
	giveBack = func() { <-t }
	select {
	case t <- struct{}{}:
		return giveBack, true
	default:
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case t <- struct{}{}:
		return giveBack, true
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil, false
}

// shares count who holds how many turns. The zero value is ready, and it is
// safe for concurrent use.
type shares struct {
	mu   sync.Mutex
	held map[string]int // by name or room; nobody is kept at 0
}

// take returns the function that gives a turn of who back; false when they
// hold most of them.
func (s *shares) take(who string, most int) (giveBack func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[who] >= most {
		return nil, false
	}
	if s.held == nil {
		s.held = map[string]int{}
	}
	s.held[who]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.held[who]--; s.held[who] == 0 {
			delete(s.held, who)
		}
	}, true
}

// Timeouts of a connection. A reader who is slower to ask holds a connection
// for nothing; a page takes at most limits.wait and limits.request to make.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 16 << 10
	drainTimeout      = 10 * time.Second // for pages that are being made when the end comes
)

// Serve answers on l by h until ctx ends. Then it takes no more connections,
// finishes what it is doing for at most 10 s, and returns nil. It closes l.
func Serve(ctx context.Context, log *slog.Logger, l net.Listener, h http.Handler) error {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return working },
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	draining, done := context.WithTimeout(working, drainTimeout)
	defer done()
	err := server.Shutdown(draining)
	if err != nil { // what is still being made is given up
		cancel()
		err = server.Close()
		log.Warn("web: closed before every page was made")
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
