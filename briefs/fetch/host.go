package fetch

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"briefdesk/briefs"
)

const (
	patience     = 5 * time.Second // the longest hold that is waited for
	unsaidHold   = time.Minute     // after a 429 that does not say how long
	maxHosts     = 4096            // remembered; hosts beyond are forgotten when nobody asks them
	rememberHost = time.Hour       // how long at least
)

// host is one server that is asked, by one request at a time. Whoever holds
// its turn owns the fields below.
type host struct {
	turn  chan struct{}
	users int // who hold the turn or wait for it; guarded by Web.mu

	last  time.Time // when the last request ended; zero before the first
	until time.Time // it asked to be left alone until then
	rules rules     // its robots.txt
}

// hostKey names the server of u.
func hostKey(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = u.Scheme
	}
	return u.Scheme + "://" + u.Hostname() + ":" + port
}

// take waits for the turn at a host; leave ends it.
func (w *Web) take(ctx context.Context, key string) (*host, error) {
	w.mu.Lock()
	h := w.hosts[key]
	if h == nil {
		if len(w.hosts) >= maxHosts {
			w.forget()
		}
		h = &host{turn: make(chan struct{}, 1)}
		w.hosts[key] = h
	}
	h.users++
	w.mu.Unlock()
	select {
	case h.turn <- struct{}{}:
		return h, nil
	case <-ctx.Done():
		w.mu.Lock()
		h.users--
		w.mu.Unlock()
		return nil, ctx.Err()
	}
}

func (w *Web) leave(h *host) {
	<-h.turn
	w.mu.Lock()
	h.users--
	w.mu.Unlock()
}

// forget drops the hosts that nobody asks and that asked for nothing. It is
// called under w.mu: without users, nobody else touches a host.
func (w *Web) forget() {
	now := w.o.Now()
	for key, h := range w.hosts {
		if h.users == 0 && now.Sub(h.last) > rememberHost && now.After(h.until) {
			delete(w.hosts, key)
		}
	}
}

// hold notes that the host asked to be left alone: by a 429, or by a 503 that
// says how long.
func (h *host) hold(status int, after time.Duration, now time.Time) {
	switch {
	case status == http.StatusTooManyRequests && after == 0:
		after = unsaidHold
	case status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
		return
	}
	if until := now.Add(after); until.After(h.until) {
		h.until = until
	}
}

// ready waits until u may be asked of h, whose turn the caller holds: what the
// host asked for is over, its robots.txt allows it, and the delay between two
// requests has passed, unless near.
func (w *Web) ready(ctx context.Context, name string, h *host, u *url.URL, private, near bool) error {
	if left := h.until.Sub(w.o.Now()); left > patience {
		e := fail(briefs.ErrUnavailable, "%s: its host asked to be left alone for another %s: it is asked again later", name, left.Round(time.Second))
		e.after = left
		return e
	} else if left > 0 {
		if err := w.o.Sleep(ctx, left); err != nil {
			return err
		}
	}
	if err := w.obey(ctx, name, h, u, private); err != nil {
		return err
	}
	delay := max(w.o.MinDelay, h.rules.delay())
	if near || h.last.IsZero() || delay <= 0 {
		return ctx.Err()
	}
	if left := min(delay, h.last.Add(delay).Sub(w.o.Now())); left > 0 {
		return w.o.Sleep(ctx, left)
	}
	return ctx.Err()
}
