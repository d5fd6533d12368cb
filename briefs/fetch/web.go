package fetch

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"briefdesk/briefs"
)

// Request asks for one address of the web.
type Request struct {
	URL          string // http or https
	ETag         string // what the last Response had, to be told when nothing changed
	LastModified string // likewise
	Accept       string // media types in the form of the Accept header; empty takes any
	MaxBytes     int64  // cap of the body, before and after decompression; 0 is that of the Web
	From         string // the address of the feed, sitemap or page that named URL; empty when a person did
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
	Timeout  time.Duration    // of one request from dialling to the last byte; 0 is 60 s
	MaxBytes int64            // cap of a body; 0 is DefaultMaxBytes
	MinDelay time.Duration    // between two requests to a host; 0 is 1 s, below 0 is none
	Now      func() time.Time // nil is time.Now
	// Sleep waits, for delays between requests. nil is a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// AllowPrivate lets addresses of the private network be read: those that
	// a person named, and what is named there. Never what the public web
	// names or redirects to. Link-local addresses stay refused.
	AllowPrivate bool
	// Resolve looks up the addresses of a host. nil asks the system.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Dial connects to an address that was found fit; for tests. nil is a
	// net.Dialer that checks the address again as it connects.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Web reads addresses of the web, one at a time from each host. It is safe
// for concurrent use.
type Web struct {
	o   WebOptions
	log *slog.Logger
}

// NewWeb returns a Web. Close lets go of its idle connections.
func NewWeb(log *slog.Logger, o WebOptions) *Web { return &Web{o: o, log: log} }

// Close lets go of idle connections.
func (w *Web) Close() {}

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
	return Response{}, &webError{text: r.URL + ": web addresses are not read yet", kind: briefs.ErrInvalid}
}
