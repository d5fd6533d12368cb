package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// At the end, what is being made is finished; what takes too long is given up.
func TestServeDrains(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, finish := make(chan bool), make(chan bool)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, discard(), l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			begun <- true
			<-finish
			plainly(w, 200, "finished")
		}))
	}()
	got := make(chan string, 1)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	go func() {
		resp, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		got <- string(b)
	}()
	<-begun
	stop()
	select {
	case err := <-ended:
		t.Fatalf("ended before the page was made: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		c.Close()
		if time.Now().After(end) {
			t.Fatal("new connections are taken while it ends")
		}
	}
	close(finish)
	if s := <-got; s != "finished\n" {
		t.Errorf("got %q", s)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Over a real connection: the operator is let in, and a head that is too
// large is not read.
func TestServeOverLoopback(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := "http://" + l.Addr().String()
	s, err := New(discard(), Options{Library: openLibrary(t, t.TempDir()+"/l.db"), Now: time.Now, PublicURL: at})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, discard(), l, s.Handler()) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for name, c := range map[string]struct {
		path   string
		header string
		want   int
	}{
		"library":         {"/library", "", 200},
		"questions":       {"/questions", "", 200},
		"nothing":         {"/d/none", "", 404},
		"a dot":           {"/d/?id=..", "", 404},
		"a large head":    {"/library", strings.Repeat("a", 40<<10), 431},
		"a long question": {"/?q=" + strings.Repeat("a", 10<<10), "", 414},
	} {
		r, err := http.NewRequest("GET", at+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Padding", c.header)
		resp, err := client.Do(r)
		for try := 1; err != nil && c.want == http.StatusRequestHeaderFieldsTooLarge && try < 10; try++ {
			resp, err = client.Do(r) // the server hangs up on a client that does not read soon what it was told
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if resp.Body.Close(); resp.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, resp.StatusCode, c.want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
