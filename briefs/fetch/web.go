package fetch

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"briefdesk/briefs"
)

// The limits of a Web that is told no others.
const (
	defaultAgent   = "briefdesk"
	defaultTimeout = time.Minute
	defaultDelay   = time.Second
	maxRedirects   = 10
	maxHeader      = 256 << 10 // bytes of the header of an answer
)

// Request asks for one address of the web.
type Request struct {
	URL          string // http or https
	ETag         string // what the last Response had, to be told when nothing changed
	LastModified string // likewise
	Accept       string // media types in the form of the Accept header; empty takes any
	MaxBytes     int64  // cap of the body, before and after unpacking; 0 is that of the Web
	From         string // the address of the feed, sitemap or page that named URL; empty when a person did
	Private      bool   // as WebOptions.AllowPrivate, for this request
}

// Response is what an address answered.
type Response struct {
	URL          string        // the address that answered, after every redirect
	Moved        string        // where permanent redirects lead; empty without any
	Status       int           // 200, 203 or 304
	NotModified  bool          // nothing changed since the ETag and LastModified of the Request; there is no Body
	ETag         string        // for the next Request; kept from this one when the answer to it has none
	LastModified string        // likewise
	Type         string        // the Content-Type, as sent
	RetryAfter   time.Duration // how long the server asks to be left alone; 0 when it does not
	Body         []byte        // decompressed
	Date         time.Time     // when it came, by the clock of the Web; UTC
}

// WebOptions adjust a Web. The zero value reads the public web politely.
type WebOptions struct {
	Agent    string           // how it introduces itself to servers and to robots.txt; empty is "briefdesk"
	Timeout  time.Duration    // of one request from dialling to the last byte; 0 is a minute
	MaxBytes int64            // cap of a body; 0 is that of files of its type, see MaxBytes
	MinDelay time.Duration    // between two requests to a host; 0 is 1 s, below 0 is none
	Now      func() time.Time // nil is time.Now
	// Sleep waits, for delays between requests. nil is a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// AllowPrivate lets addresses of this machine and of private networks be
	// read: those that a person named, and what is named there. Never what
	// the public web names or redirects to, and never link-local addresses.
	AllowPrivate bool
	// Resolve looks up the addresses of a host. nil asks the system.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Dial connects to an address that was found fit; for tests. nil is a
	// net.Dialer that checks the address once more as it connects.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Web reads addresses of the web, one at a time from each host. It keeps no
// cookies, sends no names or passwords, and asks for nothing that it was not
// asked for but robots.txt. It uses no proxy: it could not know where that
// leads. It is safe for concurrent use.
type Web struct {
	o       WebOptions
	log     *slog.Logger
	public  *http.Transport // refuses private addresses as it connects
	private *http.Transport // refuses those that are never right

	mu    sync.Mutex
	hosts map[string]*host // by scheme, name and port
}

// NewWeb returns a Web. Close lets go of its idle connections.
func NewWeb(log *slog.Logger, o WebOptions) *Web {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	o.Agent = cmp.Or(o.Agent, defaultAgent)
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	o.MinDelay = cmp.Or(o.MinDelay, defaultDelay)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Resolve == nil {
		o.Resolve = lookup
	}
	w := &Web{o: o, log: log, hosts: map[string]*host{}}
	w.public, w.private = w.transport(false), w.transport(true)
	return w
}

// Close lets go of idle connections.
func (w *Web) Close() {
	w.public.CloseIdleConnections()
	w.private.CloseIdleConnections()
}

// Get reads one address, following its redirects. It waits for its turn at the
// host. Its errors are one line that names the address and the mend, and wrap
//
//   - briefs.ErrNotFound where there is nothing (404), ErrGone where there will
//     be nothing again (410);
//   - briefs.ErrUnavailable where a later request may succeed, RetryAfter says
//     when;
//   - briefs.ErrInvalid where no later request will: an address that is not
//     http or https, that leads into a private network, that robots.txt
//     excludes, or a body above the limit.
//
// When ctx ends, the error is its own.
func (w *Web) Get(ctx context.Context, r Request) (Response, error) {
	asked := strings.TrimSpace(r.URL)
	u, err := parseAddress(asked)
	if err != nil {
		return Response{}, err
	}
	private, err := w.mayBePrivate(ctx, r, u)
	if err != nil {
		return Response{}, err
	}
	c := chain{asked: asked, private: private, permanent: true}
	for last := (*url.URL)(nil); ; {
		resp, next, err := w.hop(ctx, r, u, &c, last != nil && hostKey(last) == hostKey(u))
		if err != nil {
			return Response{}, err
		}
		if next == nil {
			return resp, nil
		}
		last, u = u, next
	}
}

// chain is what a request knows of the redirects behind it.
type chain struct {
	asked     string
	seen      []string // the addresses that redirected, in order
	moved     string   // where the permanent redirects lead
	permanent bool     // all redirects so far were
	private   bool     // whether a private address may come next
}

// name is how errors name the address u of the chain.
func (c *chain) name(u *url.URL) string {
	if len(c.seen) == 0 {
		return short(c.asked)
	}
	return short(c.asked) + " (redirected to " + short(u.String()) + ")"
}

// hop asks u. It returns an answer or the address to ask next. near says that
// the hop before this one was to the same host, which needs no delay.
func (w *Web) hop(ctx context.Context, r Request, u *url.URL, c *chain, near bool) (Response, *url.URL, error) {
	name := c.name(u)
	c.private = c.private && w.isPrivate(ctx, u.Hostname())
	h, err := w.take(ctx, hostKey(u))
	if err != nil {
		return Response{}, nil, err
	}
	defer w.leave(h)
	if err := w.ready(ctx, name, h, u, c.private, near); err != nil {
		return Response{}, nil, err
	}
	header := http.Header{"Accept": {cmp.Or(r.Accept, "*/*")}}
	if r.ETag != "" {
		header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		header.Set("If-Modified-Since", r.LastModified)
	}
	a, err := w.exchange(ctx, ask{name: name, u: u, header: header, limit: cmp.Or(r.MaxBytes, w.o.MaxBytes), private: c.private})
	h.last = w.o.Now()
	if err != nil {
		return Response{}, nil, err
	}
	w.log.Debug("read an address", "url", u.String(), "status", a.status, "bytes", len(a.body))
	if isRedirect(a.status) {
		next, err := w.redirect(u, a, c)
		return Response{}, next, err
	}
	now := w.o.Now().UTC()
	after := retryAfter(a.header.Get("Retry-After"), now)
	h.hold(a.status, after, now)
	if err := w.judge(name, a, after, r.ETag+r.LastModified != ""); err != nil {
		return Response{}, nil, err
	}
	return Response{
		URL: u.String(), Moved: c.moved, Status: a.status, NotModified: a.status == http.StatusNotModified,
		ETag:         cmp.Or(sane(a.header.Get("ETag")), kept(a.status, r.ETag)),
		LastModified: cmp.Or(sane(a.header.Get("Last-Modified")), kept(a.status, r.LastModified)),
		Type:         sane(a.header.Get("Content-Type")), RetryAfter: after, Body: a.body, Date: now,
	}, nil, nil
}

// redirect says where the answer a of u leads, and notes it in c.
func (w *Web) redirect(u *url.URL, a answer, c *chain) (*url.URL, error) {
	name := c.name(u)
	location := a.header.Get("Location")
	if location == "" {
		return nil, fail(briefs.ErrUnavailable, "%s: redirects to nowhere (%d without an address): open it in a browser and add the address that it ends at", name, a.status)
	}
	next, err := u.Parse(location)
	if err != nil {
		return nil, fail(briefs.ErrUnavailable, "%s: redirects to %q, which is no address: open it in a browser and add the address that it ends at", name, short(location))
	}
	next.Fragment, next.RawFragment = "", ""
	if next, err = parseAddress(next.String()); err != nil {
		return nil, fail(briefs.ErrInvalid, "%s: redirects where no document is: %v", name, err)
	}
	c.seen = append(c.seen, u.String())
	if i := slices.Index(c.seen, next.String()); i >= 0 {
		circle := append(slices.Clone(c.seen[i:]), next.String())
		for i := range circle {
			circle[i] = short(circle[i])
		}
		return nil, fail(briefs.ErrUnavailable, "%s: redirects in a circle, as pages do that want a cookie or a login: %s", short(c.asked), strings.Join(circle, " → "))
	}
	if len(c.seen) > maxRedirects {
		return nil, fail(briefs.ErrUnavailable, "%s: redirects more than %d times, at last to %s: add the address that it ends at", short(c.asked), maxRedirects, short(next.String()))
	}
	c.permanent = c.permanent && (a.status == http.StatusMovedPermanently || a.status == http.StatusPermanentRedirect)
	if c.permanent {
		c.moved = next.String()
	}
	return next, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// kept is a mark of the request that an answer without one leaves standing.
func kept(status int, mark string) string {
	if status == http.StatusNotModified {
		return mark
	}
	return ""
}

// sane drops a value of a header that nobody would send in good faith: it is
// stored and may be sent back.
func sane(v string) string {
	if len(v) > 1024 || strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r == 0x7f || r == '\uFFFD' }) {
		return ""
	}
	return v
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
