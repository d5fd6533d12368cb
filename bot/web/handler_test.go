package web

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
)

// served is a server for the operator whose pages do what a test wants.
func served(t *testing.T, log *slog.Logger, l limits, pages map[string]http.HandlerFunc) http.Handler {
	t.Helper()
	s, err := New(log, Options{Library: openLibrary(t, t.TempDir()+"/l.db"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s.limits = l
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, briefs.ErrNotFound) })
	mux.HandleFunc("GET /fault", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, fmt.Errorf("disk of ana: %w", io.ErrUnexpectedEOF))
	})
	s.healthRoutes(mux)
	for pattern, page := range pages {
		mux.HandleFunc(pattern, page)
	}
	return s.newHandler(mux)
}

func fetch(h http.Handler, method, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, fromHere(httptest.NewRequest(method, target, nil)))
	return w
}

func TestEveryResponseHasTheHeaders(t *testing.T) {
	h := served(t, discard(), usualLimits(), map[string]http.HandlerFunc{
		"GET /d/{id}": func(w http.ResponseWriter, _ *http.Request) { plainly(w, 200, "page") },
		"GET /panic":  func(http.ResponseWriter, *http.Request) { panic("spilled") },
	})
	for _, c := range []struct {
		method, target string
		want           int
	}{
		{"GET", "/d/a", 200},
		{"HEAD", "/d/a", 200},
		{"GET", "/none", 404},
		{"GET", "/healthz", 200},
		{"GET", "/panic", 500},
		{"GET", "/fault", 500},
		{"POST", "/d/a", 405},
		{"PUT", "/", 405},
		{"TRACE", "/", 405},
		{"OPTIONS", "/d/a", 405},
		{"GET", "/gaps/clear", 405},
		{"DELETE", "/healthz", 405},
		{"GET", "/?q=" + strings.Repeat("a", 9000), 414},
	} {
		w := fetch(h, c.method, c.target)
		if w.Code != c.want {
			t.Errorf("%s %.40s: %d, want %d", c.method, c.target, w.Code, c.want)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s %.40s: %s is %q", c.method, c.target, name, got)
			}
		}
		if w.Header().Get("Content-Type") == "" || w.Header().Get("Cache-Control") == "" || w.Header().Get("Permissions-Policy") == "" {
			t.Errorf("%s %.40s: %v", c.method, c.target, w.Header())
		}
		if c.want == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s %.40s: no Allow", c.method, c.target)
		}
	}
	for _, hole := range []string{"unsafe-", "*", "http:", "data:"} {
		if strings.Contains(policy, hole) {
			t.Errorf("the policy has %s", hole)
		}
	}
}

// The log has ids and times; whoever reads it learns no question, no
// signature and no text. The page of a fault names the line of the log.
func TestLogHoldsNoText(t *testing.T) {
	var b bytes.Buffer
	h := served(t, slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})), usualLimits(), map[string]http.HandlerFunc{
		"GET /d/{id}": func(w http.ResponseWriter, _ *http.Request) { plainly(w, 200, "secret text") },
		"GET /panic":  func(http.ResponseWriter, *http.Request) { panic("spilled") },
	})
	fetch(h, "GET", "/d/doc-7?r=1&s=2-3&k=SIGNATURE")
	fetch(h, "GET", "/?q=QUESTION")
	fetch(h, "GET", "/none/PATH?q=QUESTION")
	for _, target := range []string{"/fault?q=QUESTION", "/panic?q=QUESTION"} {
		w := fetch(h, "GET", target)
		_, after, _ := strings.Cut(w.Body.String(), "request ")
		id, _, _ := strings.Cut(after, " ")
		if len(id) != requestIDLength || !strings.Contains(b.String(), "request="+id) {
			t.Errorf("%s: the page names no line of the log: %q", target, id)
		}
		if strings.Contains(w.Body.String(), "ana") || strings.Contains(w.Body.String(), "spilled") {
			t.Errorf("%s: the page shows what went wrong inside: %s", target, w.Body)
		}
	}
	for _, text := range []string{"QUESTION", "SIGNATURE", "secret text", "PATH", "127.0.0.1:40000"} {
		if strings.Contains(b.String(), text) {
			t.Errorf("the log holds %s:\n%s", text, &b)
		}
	}
	for _, want := range []string{`route="GET /d/{id}" status=200 bytes=12`, "doc=doc-7", "route=none status=404", "panic=spilled", "unexpected EOF"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, &b)
		}
	}
}

// More visitors than there are turns wait, and then are told to come again;
// who reads is not held up by who asks.
func TestTurns(t *testing.T) {
	l := usualLimits()
	l.pages, l.questions, l.wait = 3, 1, 20*time.Millisecond
	begun, finish := make(chan bool), make(chan bool)
	slow := func(w http.ResponseWriter, _ *http.Request) {
		begun <- true
		<-finish
		plainly(w, 200, "done")
	}
	h := served(t, discard(), l, map[string]http.HandlerFunc{
		"GET /{$}":    slow,
		"GET /d/{id}": slow,
		"GET /brief":  func(w http.ResponseWriter, _ *http.Request) { plainly(w, 200, "brief") },
		"GET /library": func(w http.ResponseWriter, _ *http.Request) {
			plainly(w, 200, "library")
		},
	})
	var wg sync.WaitGroup
	start := func(target string) {
		wg.Go(func() {
			if w := fetch(h, "GET", target); w.Code != 200 {
				t.Errorf("%s: %d", target, w.Code)
			}
		})
		<-begun
	}
	start("/?q=why")
	if w := fetch(h, "GET", "/brief?topic=x"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a second question: %d %v", w.Code, w.Header())
	}
	if w := fetch(h, "GET", "/library"); w.Code != 200 {
		t.Errorf("a page beside a question: %d", w.Code)
	}
	start("/d/a")
	start("/d/b")
	if w := fetch(h, "GET", "/library"); w.Code != 503 {
		t.Errorf("a fourth page: %d", w.Code)
	}
	if w := fetch(h, "GET", "/healthz"); w.Code != 200 {
		t.Errorf("health: %d", w.Code)
	}
	close(finish)
	wg.Wait()
	for range 3 { // every turn came back
		if w := fetch(h, "GET", "/brief?topic=x"); w.Code != 200 {
			t.Errorf("afterwards: %d", w.Code)
		}
	}
}

// Who waits to ask holds up nobody who reads.
func TestWaitingQuestionsHoldNoPage(t *testing.T) {
	l := usualLimits()
	l.pages, l.questions, l.wait = 3, 1, 500*time.Millisecond
	begun, finish := make(chan bool), make(chan bool)
	h := served(t, discard(), l, map[string]http.HandlerFunc{
		"GET /{$}": func(w http.ResponseWriter, _ *http.Request) {
			begun <- true
			<-finish
		},
		"GET /library": func(w http.ResponseWriter, _ *http.Request) { plainly(w, 200, "library") },
	})
	var first, further sync.WaitGroup
	first.Go(func() { fetch(h, "GET", "/?q=why") })
	<-begun
	for range 4 {
		further.Go(func() {
			if w := fetch(h, "GET", "/?q=why"); w.Code != 503 {
				t.Errorf("a further question: %d", w.Code)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)                    // until they wait
	if w := fetch(h, "GET", "/library"); w.Code != 200 { // 503 where it waits for them
		t.Errorf("a page beside waiting questions: %d", w.Code)
	}
	further.Wait() // until they have given up
	close(finish)
	first.Wait()
}

// Readers who take pages slowly hold up themselves, and no other.
func TestSlowReadersHoldTheirShare(t *testing.T) {
	g := newGated(t, nil)
	g.s.limits.pages, g.s.limits.share, g.s.limits.wait, g.s.limits.request = 4, 2, 20*time.Millisecond, time.Minute
	begun, finish := make(chan bool, 4), make(chan bool)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /d/{id}", func(_ http.ResponseWriter, r *http.Request) {
		begun <- true
		select {
		case <-finish:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("GET /library", func(w http.ResponseWriter, _ *http.Request) { plainly(w, 200, "library") })
	h := g.s.newHandler(mux)
	link := g.link(t, "slack:C1", "kept/1")
	get := func(peer, path, reader string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, from(peer, deskHost, path, "X-User", reader))
		return w
	}
	var wg sync.WaitGroup
	for range g.s.limits.share {
		wg.Go(func() { get(stranger, link, "") })
		<-begun
	}
	if w := get(stranger, link, ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("beyond the share: %d %v", w.Code, w.Header())
	}
	if w := get(proxy, "/library", "ana"); w.Code != 200 {
		t.Errorf("another reader: %d", w.Code)
	}
	close(finish)
	wg.Wait()
	if w := get(stranger, link, ""); w.Code != 200 {
		t.Errorf("afterwards: %d", w.Code)
	}
	if len(h.shares.held) > 0 {
		t.Errorf("still held: %v", h.shares.held)
	}
}

func TestPagesHaveATime(t *testing.T) {
	l := usualLimits()
	l.request = 10 * time.Millisecond
	var s *Server
	h := served(t, discard(), l, map[string]http.HandlerFunc{
		"GET /library": func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			s.fail(w, r, fmt.Errorf("library: %w", r.Context().Err()))
		},
	})
	s = h.(*handler).s
	if w := fetch(h, "GET", "/library"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestSentFromElsewhere(t *testing.T) {
	done := 0
	h := served(t, discard(), usualLimits(), map[string]http.HandlerFunc{
		"POST /gaps/clear": func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				w.WriteHeader(http.StatusRequestEntityTooLarge)
				return
			}
			done++
		},
	})
	for _, c := range []struct {
		header, value string
		want          int
	}{
		{"Sec-Fetch-Site", "same-origin", 200},
		{"Sec-Fetch-Site", "cross-site", 403},
		{"Sec-Fetch-Site", "same-site", 403},
		{"Origin", "http://127.0.0.1:8088", 200},
		{"Origin", "http://127.0.0.1:9999", 403}, // another program of this machine
		{"Origin", "https://evil.example", 403},
		{"Origin", "null", 403},
	} {
		before := done
		r := fromHere(httptest.NewRequest("POST", "/gaps/clear", strings.NewReader("question=why")))
		r.Header.Set(c.header, c.value)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want || (done > before) != (c.want == 200) {
			t.Errorf("%s %s: %d, want %d", c.header, c.value, w.Code, c.want)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, fromHere(httptest.NewRequest("POST", "/gaps/clear", strings.NewReader(strings.Repeat("a", 100<<10)))))
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("100 KiB: %d", w.Code)
	}
}
