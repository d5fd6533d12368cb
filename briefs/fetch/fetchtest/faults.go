package fetchtest

import (
	"bytes"
	"compress/gzip"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Verdict is what a good reader makes of a fault.
type Verdict string

// The verdicts.
const (
	Fine        Verdict = "fine"        // reads it, whatever is odd about it
	NotFound    Verdict = "not found"   // there is nothing
	Gone        Verdict = "gone"        // there will be nothing again
	Unavailable Verdict = "unavailable" // comes back later
	Invalid     Verdict = "invalid"     // gives up, and says why
)

// Fault is one way to misbehave.
type Fault struct {
	Name, Path string
	Want       Verdict
	Slow       bool          // ends only with the reader's patience
	After      time.Duration // what it asks for with Retry-After, roughly

	serve http.HandlerFunc
}

// Body is what the pages of the server say where they say something.
const Body = `<!DOCTYPE html><html lang="en"><head><title>Grain reserves</title></head><body><article><h1>Grain reserves</h1><p>The reserve holds four months of supply.</p></article></body></html>`

// Faults lists what every server misbehaves in, at /fault/NAME.
func (s *Server) Faults() []Fault { return faults(s) }

// Fault returns the address of the fault of that name.
func (s *Server) Fault(name string) string { return s.URL + "/fault/" + name }

func faults(s *Server) []Fault {
	fs := statusFaults()
	fs = append(fs, redirectFaults()...)
	fs = append(fs, s.bodyFaults()...)
	fs = append(fs, s.rawFaults()...)
	for i := range fs {
		fs[i].Path = "/fault/" + fs[i].Name
	}
	return fs
}

// status answers with a status and pairs of headers.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		if code >= 200 && code != http.StatusNoContent && code != http.StatusNotModified {
			_, _ = w.Write([]byte("nothing of use"))
		}
	}
}

func statusFaults() []Fault {
	return []Fault{
		{Name: "missing", Want: NotFound, serve: status(http.StatusNotFound)},
		{Name: "gone", Want: Gone, serve: status(http.StatusGone)},
		{Name: "limited", Want: Unavailable, After: 2 * time.Minute, serve: status(http.StatusTooManyRequests, "Retry-After", "120")},
		{Name: "limited-unsaid", Want: Unavailable, serve: status(http.StatusTooManyRequests)},
		{Name: "busy", Want: Unavailable, After: time.Hour, serve: func(w http.ResponseWriter, r *http.Request) {
			status(http.StatusServiceUnavailable, "Retry-After", time.Now().UTC().Add(time.Hour).Format(http.TimeFormat))(w, r)
		}},
		{Name: "busy-forever", Want: Unavailable, After: 7 * 24 * time.Hour, serve: status(http.StatusServiceUnavailable, "Retry-After", "99999999999999999999")},
		{Name: "busy-wrongly", Want: Unavailable, serve: status(http.StatusServiceUnavailable, "Retry-After", "soon")},
		{Name: "broken", Want: Unavailable, serve: status(http.StatusInternalServerError)},
		{Name: "login", Want: Invalid, serve: status(http.StatusUnauthorized, "WWW-Authenticate", "Basic")},
		{Name: "forbidden", Want: Unavailable, serve: status(http.StatusForbidden)},
		{Name: "withheld", Want: Invalid, serve: status(http.StatusUnavailableForLegalReasons)},
		{Name: "unasked-304", Want: Unavailable, serve: status(http.StatusNotModified)},
		{Name: "empty", Want: Unavailable, serve: status(http.StatusNoContent)},
		{Name: "part", Want: Unavailable, serve: status(http.StatusPartialContent, "Content-Range", "bytes 0-13/1000")},
	}
}

func redirectFaults() []Fault {
	to := func(code int, location string) http.HandlerFunc { return status(code, "Location", location) }
	return []Fault{
		{Name: "fine", Want: Fine, serve: page200},
		{Name: "moved", Want: Fine, serve: to(http.StatusMovedPermanently, "/fault/fine")},
		{Name: "moved-308", Want: Fine, serve: to(http.StatusPermanentRedirect, "fine#part")},
		{Name: "found", Want: Fine, serve: to(http.StatusFound, "/fault/fine")},
		{Name: "circle", Want: Unavailable, serve: to(http.StatusFound, "/fault/circle-back")},
		{Name: "circle-back", Want: Unavailable, serve: to(http.StatusFound, "/fault/circle")},
		{Name: "cookie", Want: Unavailable, serve: func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Cookie") != "" {
				page200(w, r)
				return
			}
			status(http.StatusFound, "Location", "/fault/cookie", "Set-Cookie", "track=1; Path=/")(w, r)
		}},
		{Name: "far", Want: Unavailable, serve: func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.URL.Query().Get("n"))
			status(http.StatusMovedPermanently, "Location", "/fault/far?n="+strconv.Itoa(n+1))(w, r)
		}},
		{Name: "nowhere", Want: Unavailable, serve: status(http.StatusFound)},
		{Name: "to-no-address", Want: Unavailable, serve: to(http.StatusFound, "http://[::1")},
		{Name: "to-file", Want: Invalid, serve: to(http.StatusFound, "file:///etc/passwd")},
		{Name: "to-script", Want: Invalid, serve: to(http.StatusFound, "javascript:alert(1)")},
		{Name: "to-user", Want: Invalid, serve: to(http.StatusFound, "http://example.org@127.0.0.1/")},
		{Name: "to-metadata", Want: Invalid, serve: to(http.StatusFound, "http://169.254.169.254/latest/meta-data/")},
		{Name: "to-mapped", Want: Invalid, serve: to(http.StatusMovedPermanently, "http://[::ffff:169.254.169.254]/")},
		{Name: "to-decimal", Want: Invalid, serve: to(http.StatusFound, "http://2852039166/")},
		{Name: "to-mail", Want: Invalid, serve: to(http.StatusFound, "http://127.0.0.1:25/")},
	}
}

func page200(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(Body))
}

// typed serves body as of a type, packed as encoding says.
func typed(contentType, encoding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		_, _ = w.Write(body)
	}
}

func (s *Server) bodyFaults() []Fault {
	packed := pack([]byte(Body))
	wrong := bytes.Clone(packed)
	wrong[len(wrong)/2] ^= 0x55
	const latin = "text/html; charset=iso-8859-1"
	return []Fault{
		{Name: "packed", Want: Fine, serve: typed("text/html", "gzip", packed)},
		{Name: "packed-not", Want: Fine, serve: typed("text/html", "gzip", []byte(Body))},
		{Name: "packed-and-more", Want: Fine, serve: typed("text/html", "gzip", append(bytes.Clone(packed), "and more that is not packed"...))},
		{Name: "packed-cut", Want: Unavailable, serve: typed("text/html", "gzip", packed[:len(packed)/2])},
		{Name: "packed-wrong", Want: Unavailable, serve: typed("text/html", "gzip", wrong)},
		{Name: "packed-twice", Want: Invalid, serve: typed("text/html", "gzip, gzip", pack(packed))},
		{Name: "packed-unasked", Want: Invalid, serve: typed("text/html", "br", []byte("\x0b\x02\x80Hello\x03"))},
		{Name: "bomb", Want: Invalid, serve: typed("text/html", "gzip", bytes.Repeat(pack(make([]byte, 1<<20)), 1<<8))},
		{Name: "bomb-of-nothing", Want: Invalid, serve: s.endless("gzip", bytes.Repeat(pack(nil), 1<<10), 0)},
		{Name: "endless", Want: Invalid, serve: s.endless("", []byte(strings.Repeat("and on ", 1<<12)), 0)},
		{Name: "drip", Want: Unavailable, Slow: true, serve: s.endless("", []byte("."), 10*time.Millisecond)},
		{Name: "huge", Want: Invalid, serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10737418240")
			_, _ = w.Write([]byte("the first of many bytes"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{Name: "short", Want: Unavailable, serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("less than it says"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{Name: "bad-header", Want: Unavailable, serve: typed("text/html; \x01", "", []byte(Body))},
		{Name: "no-type", Want: Fine, serve: typed("", "", []byte(Body))},
		{Name: "wrong-type", Want: Fine, serve: typed("image/png; charset=; ;=\"", "", []byte(Body))},
		{Name: "says-utf8", Want: Fine, serve: typed("text/html; charset=utf-8", "", []byte(strings.ReplaceAll(Body, "four months", "quatre mois \xe0 l'\xe9t\xe9")))},
		{Name: "says-latin1", Want: Fine, serve: typed(latin, "", []byte(strings.ReplaceAll(Body, "four months", "quatre mois à l'été")))},
		{Name: "says-nonsense", Want: Fine, serve: typed("text/html; charset=klingon", "", []byte(Body))},
		{Name: "stall", Want: Unavailable, Slow: true, serve: func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-s.done:
			case <-r.Context().Done():
			}
		}},
	}
}

// endless sends piece again and again, with a pause after each.
func (s *Server) endless(encoding string, piece []byte, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		for r.Context().Err() == nil {
			if _, err := w.Write(piece); err != nil {
				return
			}
			if pause > 0 {
				w.(http.Flusher).Flush()
			}
			select {
			case <-s.done:
				return
			case <-time.After(pause):
			}
		}
	}
}

// raw answers with bytes of its own making, over and over when again is set.
func (s *Server) raw(first, again string, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, err = conn.Write([]byte(first))
		for again != "" && err == nil {
			select {
			case <-s.done:
				return
			case <-time.After(pause):
			}
			_, err = conn.Write([]byte(again))
		}
	}
}

func (s *Server) rawFaults() []Fault {
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	return []Fault{
		{Name: "long", Want: Fine, serve: s.raw(ok+"Content-Length: 10\r\n\r\n"+Body, "", 0)},
		{Name: "garbage", Want: Unavailable, serve: s.raw("220 mail.example.org ready\r\n", "", 0)},
		{Name: "silence", Want: Unavailable, serve: s.raw("", "", 0)},
		{Name: "two-lengths", Want: Unavailable, serve: s.raw(ok+"Content-Length: 10\r\nContent-Length: 20\r\n\r\n"+Body, "", 0)},
		{Name: "negative-length", Want: Unavailable, serve: s.raw(ok+"Content-Length: -5\r\n\r\n"+Body, "", 0)},
		{Name: "bad-chunk", Want: Unavailable, serve: s.raw(ok+"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nx\r\n", "", 0)},
		{Name: "chunk-cut", Want: Unavailable, serve: s.raw(ok+"Transfer-Encoding: chunked\r\n\r\nff\r\nhello", "", 0)},
		{Name: "chunk-huge", Want: Unavailable, serve: s.raw(ok+"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nhello", "", 0)},
		{Name: "header-flood", Want: Unavailable, serve: s.raw(ok, "X-Flood: "+strings.Repeat("x", 4<<10)+"\r\n", 0)},
		{Name: "header-drip", Want: Unavailable, Slow: true, serve: s.raw("HTTP/1.1 200 OK\r\nX-Slow: ", "x", 10*time.Millisecond)},
		{Name: "early-flood", Want: Unavailable, serve: s.raw("", "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n", 0)},
		{Name: "reset", Want: Unavailable, serve: func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte(ok + "Content-Length: 1000\r\n\r\nhello"))
			if tcp, is := conn.(*net.TCPConn); is {
				_ = tcp.SetLinger(0) // closing resets
			}
			_ = conn.Close()
		}},
	}
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}
