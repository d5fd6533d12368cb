package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"briefdesk/briefs"

	"github.com/temoto/robotstxt"
)

const (
	robotsBytes     = 512 << 10          // what is read of a robots.txt
	robotsRedirects = 5                  // the number that RFC 9309 names
	robotsFor       = 24 * time.Hour     // how long a robots.txt is believed
	robotsStale     = 7 * 24 * time.Hour // how long when it cannot be read again
	robotsFault     = 10 * time.Minute   // how long a host with a fault is left alone
	robotsAway      = time.Minute        // how long one that cannot be reached is
	maxCrawlDelay   = 30 * time.Second   // the longest delay that is honoured
)

// rules are what the robots.txt of a host asks for. The zero value has not
// been read.
type rules struct {
	group *robotstxt.Group // nil allows everything
	read  time.Time        // when it was
	until time.Time        // believed until then
	fault error            // why nothing is allowed until then: a webError named robotsName; nil when it could be read
}

// delay is the delay between two requests that the host asks for, bounded.
func (r *rules) delay() time.Duration {
	if r.group == nil {
		return 0
	}
	return min(max(r.group.CrawlDelay, 0), maxCrawlDelay)
}

// obey returns an error when the robots.txt of h excludes u. It reads it when
// it has not been read today. A host whose robots.txt has a fault is left
// alone for a while.
func (w *Web) obey(ctx context.Context, name string, h *host, u *url.URL, private bool) error {
	now := w.o.Now()
	if !now.Before(h.rules.until) {
		if err := w.readRobots(ctx, name, h, u, private); err != nil {
			return err
		}
	}
	r := &h.rules
	if r.fault != nil {
		return nameIt(r.fault, name, max(r.until.Sub(now), 0))
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if r.group != nil && !r.group.Test(path) {
		return fail(briefs.ErrInvalid, "%s: its robots.txt does not let programs read it: save the page and add the file, or ask its owner", name)
	}
	return nil
}

// robotsName stands for the address asked in the text of a rules.fault.
const robotsName = "\x00"

// readRobots reads the robots.txt beside u into h.rules. Its error is that of
// ctx, or that u may not be asked at all.
func (w *Web) readRobots(ctx context.Context, name string, h *host, u *url.URL, private bool) error {
	now := w.o.Now()
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	a, err := w.askRobots(ctx, at, private)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, ErrPrivate) {
		return nameIt(err, name, 0)
	}
	fresh := rules{read: now, until: now.Add(robotsFor)}
	switch {
	case err != nil || a.status >= 500 || a.status == http.StatusTooManyRequests:
		if old := h.rules; old.fault == nil && !old.read.IsZero() && now.Sub(old.read) < robotsStale {
			old.until = now.Add(robotsFault)
			h.rules = old
			return nil
		}
		fresh.fault = err
		fresh.until = now.Add(robotsAway)
		if err == nil {
			fresh.until = now.Add(max(robotsFault, retryAfter(a.header.Get("Retry-After"), now)))
			fresh.fault = fail(briefs.ErrUnavailable, robotsName+": its robots.txt cannot be read (%d), so nothing there is: it is asked again later", a.status)
		}
	case a.status < 300:
		if data, err := robotstxt.FromBytes(a.body); err == nil { // a wrong one asks for nothing
			agent, _, _ := strings.Cut(w.o.Agent, "/")
			fresh.group = data.FindGroup(agent)
		}
	}
	h.rules = fresh
	return nil
}

// nameIt gives an error of robots.txt the name of the address that was asked.
func nameIt(err error, name string, after time.Duration) error {
	var e *webError
	if !errors.As(err, &e) {
		return err
	}
	return &webError{text: name + strings.TrimPrefix(e.text, robotsName), kind: e.kind, after: after}
}

// askRobots asks for the robots.txt at, following redirects. What leads
// nowhere counts as absent.
func (w *Web) askRobots(ctx context.Context, at *url.URL, private bool) (answer, error) {
	for n := range robotsRedirects + 1 {
		private = private && w.isPrivate(ctx, at.Hostname())
		a, err := w.exchange(ctx, ask{name: robotsName, u: at, limit: robotsBytes, part: true, private: private})
		switch {
		case errors.Is(err, briefs.ErrInvalid) && (n > 0 || !errors.Is(err, ErrPrivate)):
			return answer{status: http.StatusNotFound}, nil
		case err != nil || !isRedirect(a.status):
			return a, err
		}
		next, err := at.Parse(a.header.Get("Location"))
		if err != nil {
			break
		}
		if next, err = parseAddress(next.String()); err != nil {
			break
		}
		at = next
	}
	return answer{status: http.StatusNotFound}, nil
}
