package fetch

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"briefdesk/briefs"
)

// answer is what one request brought, redirects not followed.
type answer struct {
	status int
	header http.Header
	body   []byte // of the statuses 200 and 203 only
}

// ask is what one request asks for.
type ask struct {
	name    string // of the address in errors
	u       *url.URL
	header  http.Header
	limit   int64 // of the body, in bytes; 0 is that of its type
	part    bool  // a body above the limit is cut there
	private bool  // a private address will do
}

// exchange sends one request and reads its answer, all within the timeout.
func (w *Web) exchange(ctx context.Context, q ask) (answer, error) {
	name, u := q.name, q.u
	within, cancel := context.WithTimeout(ctx, w.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(within, http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, fail(briefs.ErrInvalid, "%s: is no address: check it", name)
	}
	if q.header != nil {
		req.Header = q.header
	}
	req.Header.Set("User-Agent", w.o.Agent)
	req.Header.Set("Accept-Encoding", "gzip")
	transport := w.public
	if q.private {
		transport = w.private
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return answer{}, w.explainRequest(ctx, name, u, err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	if a.status != http.StatusOK && a.status != http.StatusNonAuthoritativeInfo {
		_, _ = io.CopyN(io.Discard, resp.Body, 16<<10) // so that the connection serves again
		return a, nil
	}
	limit := q.limit
	if limit <= 0 {
		limit = limitOf(u, resp.Header)
	}
	if resp.ContentLength > limit && !q.part {
		return a, fail(briefs.ErrInvalid, "%s: %s is above the %s limit: save it in parts and add the files", name, Megabytes(resp.ContentLength), Megabytes(limit))
	}
	a.body, err = unpack(resp.Body, resp.Header.Get("Content-Encoding"), limit)
	var (
		odd     *encodingError
		corrupt flate.CorruptInputError
	)
	switch {
	case err == nil || q.part && errors.Is(err, errLarge):
		return a, nil
	case errors.Is(err, errLarge):
		return a, fail(briefs.ErrInvalid, "%s: is above the %s limit: save it in parts and add the files", name, Megabytes(limit))
	case errors.As(err, &odd):
		return a, fail(briefs.ErrInvalid, "%s: comes packed as %q, which it was not asked for: save it and add the file", name, short(odd.name))
	case errors.Is(err, io.ErrUnexpectedEOF) && within.Err() == nil:
		return a, fail(briefs.ErrUnavailable, "%s: ended before it was complete: try again later", name)
	case errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt):
		return a, fail(briefs.ErrUnavailable, "%s: was packed wrongly: try again later", name)
	}
	return a, w.explainRequest(ctx, name, u, err)
}

// limitOf is the cap of a body where none is set: by its type, or the name in
// its address.
func limitOf(u *url.URL, h http.Header) int64 {
	limit := MaxBytes(path.Base(u.Path))
	kind, _, _ := strings.Cut(strings.ToLower(h.Get("Content-Type")), ";")
	switch kind = strings.TrimSpace(kind); {
	case kind == "application/pdf", kind == "application/epub+zip", strings.HasPrefix(kind, "application/vnd."):
		limit = max(limit, picturedMaxBytes)
	}
	return limit
}

var errLarge = errors.New("above the limit")

// encodingError is a way of packing that was not asked for.
type encodingError struct{ name string }

func (e *encodingError) Error() string { return "packed as " + e.name }

// unpack reads a body that is packed as encoding says, within limit both
// before and after. Servers that say gzip and send none are understood.
func unpack(r io.Reader, encoding string, limit int64) ([]byte, error) {
	raw := &capped{r: r, left: limit}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity", "none", "utf-8":
		return io.ReadAll(raw)
	case "gzip", "x-gzip":
	default:
		return nil, &encodingError{encoding}
	}
	buffered := bufio.NewReader(raw)
	magic, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if string(magic) != "\x1f\x8b" {
		return io.ReadAll(buffered)
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(&capped{r: z, left: limit})
	if errors.Is(err, gzip.ErrHeader) && len(body) > 0 { // something unpacked follows, which browsers pass over
		err = nil
	}
	return body, err
}

// capped reads at most left bytes of r; it fails with errLarge when there are
// more.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errLarge
	}
	return n, err
}
