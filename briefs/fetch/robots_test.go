package fetch_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/fetch/fetchtest"
)

func TestRobots(t *testing.T) {
	s := fetchtest.New(t)
	s.Page("/public/a", "text/plain", "a")
	s.Page("/secret/b", "text/plain", "b")
	reads := 0
	serve := func(h http.HandlerFunc) {
		reads = 0
		s.RobotsWith(func(w http.ResponseWriter, r *http.Request) { reads++; h(w, r) })
	}
	text := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	code := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for _, tt := range []struct {
		name   string
		robots http.HandlerFunc
		public error
		secret error
	}{
		{"none", code(404), nil, nil},
		{"closed", code(403), nil, nil},
		{"for all", text("User-agent: *\nDisallow: /secret/\n"), nil, briefs.ErrInvalid},
		{"for us", text("User-agent: *\nDisallow: /\n\nUser-agent: Briefdesk\nDisallow: /secret/\n"), nil, briefs.ErrInvalid},
		{"for another", text("User-agent: other\nDisallow: /\n"), nil, nil},
		{"everything", text("User-agent: *\nDisallow: /\n"), briefs.ErrInvalid, briefs.ErrInvalid},
		{"wildcard", text("User-agent: *\nDisallow: /*/b$\n"), nil, briefs.ErrInvalid},
		{"a page", text("<!DOCTYPE html><html><body>Welcome</body></html>"), nil, nil},
		{"garbage", text("\x00\xff\xfe:::\nDisallow: /\n"), nil, nil},
		{"endless", text("User-agent: *\nDisallow: /secret/\n" + strings.Repeat("# and on\n", 1<<20)), nil, briefs.ErrInvalid},
		{"broken", code(500), briefs.ErrUnavailable, briefs.ErrUnavailable},
		{"busy", code(503), briefs.ErrUnavailable, briefs.ErrUnavailable},
		{"limited", code(429), briefs.ErrUnavailable, briefs.ErrUnavailable},
		{"a circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, nil, nil},
		{"to a private address", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		}, nil, nil},
		{"to another file", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "" {
				http.Redirect(w, r, "/robots.txt?v=2", http.StatusMovedPermanently)
				return
			}
			text("User-agent: *\nDisallow: /secret/\n")(w, r)
		}, nil, briefs.ErrInvalid},
	} {
		serve(tt.robots)
		w, c := newWeb(t, fetch.WebOptions{Agent: "briefdesk/1.2 (+https://example.org)", MinDelay: -1})
		for path, want := range map[string]error{"/public/a": tt.public, "/secret/b": tt.secret} {
			_, err := get(t, w, s.URL+path)
			if (err == nil) != (want == nil) || !errors.Is(err, want) {
				t.Errorf("%s: %s: got %v, want %v", tt.name, path, err, want)
			}
			if want != nil && err != nil && !strings.HasPrefix(err.Error(), s.URL+path+": ") {
				t.Errorf("%s: the error is %q", tt.name, err)
			}
			if want == briefs.ErrUnavailable && fetch.RetryAfter(err) <= 0 {
				t.Errorf("%s: no time to retry in %v", tt.name, err)
			}
		}
		if once := reads; once > 6 {
			t.Errorf("%s: robots.txt was read %d times", tt.name, once)
		}
		// A fault is over some day.
		if tt.public == briefs.ErrUnavailable {
			serve(code(404))
			c.pass(11 * time.Minute)
			if _, err := get(t, w, s.URL+"/public/a"); err != nil {
				t.Errorf("%s: still %v when robots.txt was mended", tt.name, err)
			}
		}
	}
}

func TestRobotsAreBelievedForADay(t *testing.T) {
	s := fetchtest.New(t)
	s.Page("/a", "text/plain", "a")
	s.Robots("User-agent: *\nDisallow: /secret\nCrawl-delay: 7\n")
	w, c := newWeb(t, fetch.WebOptions{})
	for range 3 {
		must(t, w, fetch.Request{URL: s.URL + "/a"})
	}
	if len(c.slept) != 2 || c.slept[0] <= 6*time.Second || c.slept[0] > 7*time.Second {
		t.Errorf("slept %v, want 7 s twice", c.slept)
	}
	c.pass(25 * time.Hour)
	// What it said is believed on while it has a fault.
	s.RobotsWith(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	must(t, w, fetch.Request{URL: s.URL + "/a"})
	if _, err := get(t, w, s.URL+"/secret"); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	s.Robots("User-agent: *\nCrawl-delay: 100000\n")
	c.pass(time.Hour)
	c.slept = nil
	must(t, w, fetch.Request{URL: s.URL + "/a"})
	must(t, w, fetch.Request{URL: s.URL + "/a"})
	if n := len(c.slept); n == 0 || c.slept[n-1] > 30*time.Second {
		t.Errorf("slept %v, want 30 s at most", c.slept)
	}
}
