package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/fetch/fetchtest"
)

// clock is a time that passes only while somebody sleeps.
type clock struct {
	mu    sync.Mutex
	t     time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{t: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	c.slept = append(c.slept, d)
	c.mu.Unlock()
	c.pass(d)
	return ctx.Err()
}

// newWeb returns a Web that may read this machine, and whose clock passes by
// sleeping.
func newWeb(t *testing.T, o fetch.WebOptions) (*fetch.Web, *clock) {
	t.Helper()
	c := newClock()
	o.Now, o.Sleep, o.AllowPrivate = c.now, c.sleep, true
	w := fetch.NewWeb(nil, o)
	t.Cleanup(w.Close)
	return w, c
}

func get(t *testing.T, w *fetch.Web, address string) (fetch.Response, error) {
	t.Helper()
	return w.Get(t.Context(), fetch.Request{URL: address})
}

func must(t *testing.T, w *fetch.Web, r fetch.Request) fetch.Response {
	t.Helper()
	resp, err := w.Get(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// kinds says which error belongs to which verdict.
var kinds = map[fetchtest.Verdict]error{
	fetchtest.NotFound: briefs.ErrNotFound, fetchtest.Gone: fetch.ErrGone,
	fetchtest.Unavailable: briefs.ErrUnavailable, fetchtest.Invalid: briefs.ErrInvalid,
}

// TestEveryFault asks for everything the server misbehaves in: each ends with
// the verdict it should, in one line that names the address, and none brings
// more than the limit or a request that nobody asked for.
func TestEveryFault(t *testing.T) {
	s := fetchtest.New(t)
	for _, f := range s.Faults() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			o := fetch.WebOptions{MaxBytes: 1 << 20}
			if f.Slow {
				o.Timeout = 200 * time.Millisecond
			}
			w, _ := newWeb(t, o)
			resp, err := get(t, w, s.URL+f.Path)
			if f.Want == fetchtest.Fine {
				if err != nil || len(resp.Body) == 0 || len(resp.Body) > 1<<20 {
					t.Fatalf("got %d bytes, %v", len(resp.Body), err)
				}
				return
			}
			if !errors.Is(err, kinds[f.Want]) {
				t.Fatalf("got %d bytes and the error %v, want one of kind %v", len(resp.Body), err, kinds[f.Want])
			}
			if len(resp.Body) > 0 {
				t.Error("a body came with the error")
			}
			text := err.Error()
			if !strings.HasPrefix(text, s.URL+f.Path) || !strings.Contains(text, ": ") || strings.ContainsAny(text, "\n\r\x00\x1b") || len(text) > 2000 {
				t.Errorf("the error is %q", text)
			}
			if after := fetch.RetryAfter(err); !f.Slow && (after < f.After-5*time.Minute || after > f.After || f.After > 0 && after == 0) {
				t.Errorf("retry after %v, want %v", after, f.After)
			}
		})
	}
	t.Cleanup(func() {
		for _, a := range s.Asked() {
			if a.Header.Get("Cookie") != "" || a.Header.Get("Authorization") != "" || a.Header.Get("Referer") != "" {
				t.Errorf("%s was asked with %v", a.Path, a.Header)
			}
		}
	})
}

func TestRetryAfterAsADate(t *testing.T) {
	s := fetchtest.New(t)
	w, _ := newWeb(t, fetch.WebOptions{})
	_, err := get(t, w, s.Fault("busy"))
	if after := fetch.RetryAfter(err); after < 55*time.Minute || after > 65*time.Minute {
		t.Errorf("retry after %v (%v), want an hour", after, err)
	}
	if fetch.RetryAfter(nil) != 0 || fetch.RetryAfter(errors.New("other")) != 0 {
		t.Error("other errors ask for nothing")
	}
}

func TestConditionalGet(t *testing.T) {
	s := fetchtest.New(t)
	w, _ := newWeb(t, fetch.WebOptions{})
	s.Page("/feed.xml", "application/rss+xml", "<rss/>")
	first := must(t, w, fetch.Request{URL: s.URL + "/feed.xml#top"})
	if first.Status != 200 || first.NotModified || first.ETag == "" || first.LastModified == "" || first.Type != "application/rss+xml" || first.URL != s.URL+"/feed.xml" || first.Moved != "" {
		t.Fatalf("got %+v", first)
	}
	again := must(t, w, fetch.Request{URL: first.URL, ETag: first.ETag, LastModified: first.LastModified})
	if again.Status != 304 || !again.NotModified || len(again.Body) != 0 || again.ETag != first.ETag || again.LastModified != first.LastModified {
		t.Errorf("got %+v", again)
	}
	s.Page("/feed.xml", "application/rss+xml", "<rss>new</rss>")
	changed := must(t, w, fetch.Request{URL: first.URL, ETag: first.ETag})
	if changed.NotModified || string(changed.Body) != "<rss>new</rss>" || changed.ETag == first.ETag {
		t.Errorf("got %+v", changed)
	}
	// A 304 without marks leaves those of the request standing.
	s.Handle("/bare", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) })
	bare := must(t, w, fetch.Request{URL: s.URL + "/bare", ETag: `W/"1"`, LastModified: "yesterday"})
	if !bare.NotModified || bare.ETag != `W/"1"` || bare.LastModified != "yesterday" {
		t.Errorf("got %+v", bare)
	}
	s.Handle("/odd", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", strings.Repeat("x", 5000))
		_, _ = w.Write([]byte("body"))
	})
	if odd := must(t, w, fetch.Request{URL: s.URL + "/odd"}); odd.ETag != "" {
		t.Errorf("a mark of %d bytes is kept", len(odd.ETag))
	}
}

func TestRedirectsTellWhereItMoved(t *testing.T) {
	s := fetchtest.New(t)
	w, _ := newWeb(t, fetch.WebOptions{})
	redirect := func(path, to string, code int) {
		s.Handle(path, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, code) })
	}
	redirect("/a", "/b", 301)
	redirect("/b", "/c", 308)
	redirect("/c", "/d", 302)
	redirect("/d", "/fault/fine", 301)
	for path, moved := range map[string]string{"/a": "/c", "/c": "", "/d": "/fault/fine", "/fault/moved-308": "/fault/fine"} {
		resp := must(t, w, fetch.Request{URL: s.URL + path})
		if moved != "" {
			moved = s.URL + moved
		}
		if resp.URL != s.URL+"/fault/fine" || resp.Moved != moved {
			t.Errorf("%s: answered by %s, moved to %q; want %q", path, resp.URL, resp.Moved, moved)
		}
	}
	_, err := get(t, w, s.Fault("circle"))
	if want := s.URL + "/fault/circle → " + s.URL + "/fault/circle-back → " + s.URL + "/fault/circle"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error %v does not name the circle %s", err, want)
	}
	if _, err = get(t, w, s.Fault("far")); err == nil || !strings.Contains(err.Error(), "more than 10 times") {
		t.Errorf("got %v", err)
	}
	if n := s.Count("/fault/far") + s.Count("/fault/far?n=10"); n != 2 || s.Count("/fault/far?n=11") != 0 {
		t.Errorf("asked the first and the last of 11 addresses %d times, or one more", n)
	}
	// An error behind a redirect names both addresses.
	redirect("/old", "/fault/gone", 301)
	if _, err = get(t, w, s.URL+"/old"); !errors.Is(err, fetch.ErrGone) || !strings.HasPrefix(err.Error(), s.URL+"/old (redirected to "+s.Fault("gone")+"): ") {
		t.Errorf("got %v", err)
	}
}

func TestOnePoliteConnectionAHost(t *testing.T) {
	s := fetchtest.New(t)
	var mu sync.Mutex
	under, most := 0, 0
	s.Handle("/page", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		under++
		most = max(most, under)
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		under--
		mu.Unlock()
		_, _ = w.Write([]byte("page"))
	})
	w, c := newWeb(t, fetch.WebOptions{MinDelay: 3 * time.Second})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := get(t, w, fmt.Sprintf("%s/page?n=%d", s.URL, i)); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if most != 1 {
		t.Errorf("%d requests at once", most)
	}
	if len(c.slept) != 7 {
		t.Errorf("slept %v, want 3 s before all but the first", c.slept)
	}
	for _, d := range c.slept {
		if d <= 0 || d > 3*time.Second {
			t.Errorf("slept %v", c.slept)
		}
	}
}

func TestAHostThatAsksForPeaceGetsIt(t *testing.T) {
	s := fetchtest.New(t)
	w, c := newWeb(t, fetch.WebOptions{MinDelay: -1})
	s.Page("/page", "text/plain", "page")
	if _, err := get(t, w, s.Fault("limited")); fetch.RetryAfter(err) != 2*time.Minute {
		t.Fatalf("got %v", err)
	}
	_, err := get(t, w, s.URL+"/page")
	if !errors.Is(err, briefs.ErrUnavailable) || fetch.RetryAfter(err) <= time.Minute || s.Count("/page") != 0 {
		t.Errorf("got %v after %d requests: another page of the host was asked all the same", err, s.Count("/page"))
	}
	c.pass(2 * time.Minute)
	if _, err := get(t, w, s.URL+"/page"); err != nil {
		t.Error(err)
	}
	// A fault of one page that names no time is no word of the host.
	if _, err := get(t, w, s.Fault("broken")); err == nil {
		t.Error("a fault was read")
	}
	if _, err := get(t, w, s.URL+"/page"); err != nil {
		t.Error(err)
	}
}

func TestEndsWithItsContext(t *testing.T) {
	s := fetchtest.New(t)
	w, _ := newWeb(t, fetch.WebOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan struct{})
	s.Handle("/wait", func(_ http.ResponseWriter, r *http.Request) { close(started); <-r.Context().Done() })
	errs := make(chan error, 2)
	go func() {
		_, err := w.Get(ctx, fetch.Request{URL: s.URL + "/wait"})
		errs <- err
	}()
	<-started
	go func() { // waits for its turn
		_, err := w.Get(ctx, fetch.Request{URL: s.URL + "/other"})
		errs <- err
	}()
	cancel()
	for range 2 {
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	if s.Count("/other") != 0 {
		t.Error("the second request was sent")
	}
}

// TestLimitOfAType: reports with pictures are larger than pages may be.
func TestLimitOfAType(t *testing.T) {
	s := fetchtest.New(t)
	w, _ := newWeb(t, fetch.WebOptions{MinDelay: -1})
	large := strings.Repeat("x", fetch.DefaultMaxBytes+1)
	s.Page("/report", "application/pdf", large)
	s.Page("/page", "text/html", large)
	if resp, err := get(t, w, s.URL+"/report"); err != nil || len(resp.Body) != len(large) {
		t.Errorf("got %d bytes, %v", len(resp.Body), err)
	}
	if _, err := get(t, w, s.URL+"/page"); !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), "32 MB limit") {
		t.Errorf("got %v", err)
	}
}

func TestLimitOfOneRequest(t *testing.T) {
	s := fetchtest.New(t)
	w, _ := newWeb(t, fetch.WebOptions{MinDelay: -1})
	s.Page("/ten", "text/plain", "0123456789")
	if resp := must(t, w, fetch.Request{URL: s.URL + "/ten", MaxBytes: 10}); string(resp.Body) != "0123456789" {
		t.Errorf("got %q", resp.Body)
	}
	if _, err := w.Get(t.Context(), fetch.Request{URL: s.URL + "/ten", MaxBytes: 9}); !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), "10 bytes is above the 9 bytes limit") {
		t.Errorf("got %v", err)
	}
	if a := s.Asked(); a[0].Header.Get("User-Agent") != "briefdesk" || a[0].Header.Get("Accept") != "*/*" {
		t.Errorf("asked with %v", a[0].Header)
	}
}
