package matrixtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Proxy stands before a Server and spoils what a test tells it to. Its fields
// may be set before requests come; its methods at any time.
type Proxy struct {
	URL  string
	Page int // how many events are given at once at most, as homeservers may have it; 0 for what the server has

	server *Server
	mu     sync.Mutex
	spoil  func(r *http.Request) Fault
	hold   bool              // to-device messages
	held   []json.RawMessage // of those
}

// Fault is what becomes of a request.
type Fault int

// The faults.
const (
	None       Fault = iota
	Lost             // the homeserver does it, and the answer is lost
	Broken           // 500, and the homeserver never sees it
	Limited          // 429 M_LIMIT_EXCEEDED, to try again after 300 ms, as Dendrite says it
	SoftLogout       // 401 M_UNKNOWN_TOKEN with soft_logout, which Dendrite never says
)

// NewProxy starts a proxy that ends with the test.
func NewProxy(t testing.TB, s *Server) *Proxy {
	p := &Proxy{server: s}
	front := httptest.NewServer(p)
	t.Cleanup(front.Close)
	p.URL = front.URL
	return p
}

// Spoil asks f what becomes of each request from now on; nil spoils nothing.
func (p *Proxy) Spoil(f func(r *http.Request) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spoil = f
}

// HoldKeys holds messages to devices, such as keys, back until it is told to
// let them go.
func (p *Proxy) HoldKeys(hold bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = hold
}

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	spoil := p.spoil
	p.mu.Unlock()
	fault := None
	if spoil != nil {
		fault = spoil(r)
	}
	switch fault {
	case Broken:
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	case Limited:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"errcode":"M_LIMIT_EXCEEDED","error":"slow down","retry_after_ms":300}`)
		return
	}
	if fault == SoftLogout {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"errcode":"M_UNKNOWN_TOKEN","error":"sign in again","soft_logout":true}`)
		return
	}
	p.clip(r.URL)
	out, err := http.NewRequestWithContext(r.Context(), r.Method, p.server.URL+r.URL.RequestURI(), r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	out.Header = r.Header.Clone()
	out.ContentLength = r.ContentLength
	resp, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler) // as when the server is gone
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || fault == Lost {
		panic(http.ErrAbortHandler)
	}
	if strings.HasSuffix(r.URL.Path, "/sync") && resp.StatusCode == http.StatusOK {
		body = p.devices(body)
	}
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(body)
}

// devices takes messages to devices out of what a sync says, or puts those
// that were held back into it.
func (p *Proxy) devices(body []byte) []byte {
	var whole map[string]json.RawMessage
	if json.Unmarshal(body, &whole) != nil {
		return body
	}
	var to struct {
		Events []json.RawMessage `json:"events"`
	}
	if raw := whole["to_device"]; len(bytes.TrimSpace(raw)) > 0 {
		_ = json.Unmarshal(raw, &to)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = append(p.held, to.Events...)
	to.Events = nil
	if !p.hold {
		to.Events, p.held = p.held, nil
	}
	whole["to_device"], _ = json.Marshal(map[string]any{"events": append([]json.RawMessage{}, to.Events...)})
	out, err := json.Marshal(whole)
	if err != nil {
		return body
	}
	return out
}

// clip lowers how many events a request asks for.
func (p *Proxy) clip(u *url.URL) {
	if p.Page == 0 {
		return
	}
	query := u.Query()
	if n, err := strconv.Atoi(query.Get("limit")); err == nil && n > p.Page {
		query.Set("limit", strconv.Itoa(p.Page))
	}
	query.Set("filter", limitIn.ReplaceAllString(query.Get("filter"), `"limit":`+strconv.Itoa(p.Page)))
	if query.Get("filter") == "" {
		query.Del("filter")
	}
	u.RawQuery = query.Encode()
}

var limitIn = regexp.MustCompile(`"limit":\d+`)
