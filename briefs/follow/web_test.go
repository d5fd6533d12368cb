package follow

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/fetch/fetchtest"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// The tests of this file run this test binary again as another process, which
// follows the feed at childFeed into the library at childPath.
const (
	childFeed = "BRIEFDESK_TEST_FEED"
	childPath = "BRIEFDESK_TEST_PATH"
	childHour = "BRIEFDESK_TEST_HOUR"
)

func TestMain(m *testing.M) {
	if os.Getenv(childFeed) == "" {
		goleak.VerifyTestMain(m)
		return
	}
	if err := child(os.Getenv(childFeed), os.Getenv(childPath), os.Getenv(childHour)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// localWeb reads the loopback address, without pauses.
func localWeb(o fetch.WebOptions) *fetch.Web {
	o.MinDelay, o.AllowPrivate = -1, true
	if o.Resolve == nil {
		o.Resolve = func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
	}
	o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
	return fetch.NewWeb(slog.New(slog.DiscardHandler), o)
}

// child reads the feed once, and prints a line after each item.
func child(feed, path, hour string) error {
	ctx := context.Background()
	lib, err := store.Open(ctx, slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer lib.Close()
	after, err := time.ParseDuration(hour)
	if err != nil {
		return err
	}
	web := localWeb(fetch.WebOptions{})
	defer web.Close()
	f := New(slog.New(slog.DiscardHandler), lib, web, func(_ context.Context, in extract.Input) (briefs.Document, error) { return extract.Read(in) }, Options{
		Now:      func() time.Time { return time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC).Add(after) },
		Progress: func(e Event) { fmt.Println("read", e.Done, e.Total) },
	})
	_, err = f.Once(ctx, briefs.Source{Kind: briefs.SourceFeed, Address: feed, Collection: "papers"})
	return err
}

// TestKill kills processes in the middle of reading a feed, at any moment. The
// next one goes on, and in the end every item is there once.
func TestKill(t *testing.T) {
	const items = 60
	s := fetchtest.New(t)
	var entries []entry
	for i := range items {
		path := fmt.Sprintf("/n%d", i)
		s.Page(path, "text/html", story(fmt.Sprintf("City%d", i), 5, "Home"))
		entries = append(entries, entry{guid: fmt.Sprint("g", i), link: path, title: fmt.Sprint("City", i)})
	}
	s.Page("/feed", "application/rss+xml", strings.ReplaceAll(rss("Kill", entries...), site, s.URL))
	path := filepath.Join(t.TempDir(), "l.db")
	rnd := rand.New(rand.NewPCG(2031, 3))
	killed := 0
	for round := 0; ; round++ {
		if round > 60 {
			t.Fatal("it comes to no end")
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childFeed+"="+s.URL+"/feed", childPath+"="+path, fmt.Sprintf("%s=%dm", childHour, 20*round)) // each claim has ended
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 1 + rnd.IntN(8) {
			if !lines.Scan() {
				break
			}
		}
		time.Sleep(time.Duration(rnd.IntN(4000)) * time.Microsecond)
		if round < 6 {
			_ = cmd.Process.Kill() // it may have ended
		}
		_, _ = io.Copy(io.Discard, out)
		err = cmd.Wait()
		if err != nil && !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
			t.Fatalf("child: %v, %s", err, &stderr)
		}
		if err == nil && round >= 6 {
			break
		}
		if err != nil {
			killed++
		}
	}
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if problems, err := lib.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("check: %q, %v", problems, err)
	}
	d := &desk{T: t, lib: lib}
	all := d.listed()
	for _, one := range all {
		if one.Revision != 1 {
			t.Errorf("%s has revision %d", one.ID, one.Revision)
		}
	}
	again := 0
	for i := range items {
		again += s.Count(fmt.Sprintf("/n%d", i)) - 1
	}
	t.Logf("%d killed; %d pages were fetched again", killed, again)
	if len(all) != items || killed < 3 || again > killed {
		t.Errorf("%d documents of %d items; %d killed, %d pages fetched again", len(all), items, killed, again)
	}
}

// twoPatiences waits long for all but the paths that never end.
type twoPatiences struct {
	patient, hasty *fetch.Web
	slow           []string
}

func (w twoPatiences) Get(ctx context.Context, q fetch.Request) (fetch.Response, error) {
	for _, path := range w.slow {
		if strings.HasSuffix(q.URL, path) {
			return w.hasty.Get(ctx, q)
		}
	}
	return w.patient.Get(ctx, q)
}

// A feed whose items stand at every kind of fault of a server: what can be
// read is, what cannot is told in one line each, and nothing waits for the rest.
func TestServerThatMisbehaves(t *testing.T) {
	s := fetchtest.New(t)
	var entries []entry
	for i := range 5 {
		path := fmt.Sprintf("/good%d", i)
		s.Page(path, "text/html", story(fmt.Sprintf("City%d", i), 5, "Home"))
		entries = append(entries, entry{link: path})
	}
	faults := s.Faults()
	for i, f := range faults {
		// Hosts of their own, so that one that is down does not stand for others.
		entries = append(entries, entry{link: strings.Replace(s.URL, "127.0.0.1", fmt.Sprintf("h%d.test", i), 1) + f.Path})
	}
	s.Page("/feed", "application/rss+xml", strings.ReplaceAll(rss("Faults", entries...), site, s.URL))
	d := newDesk(t, Options{})
	w := twoPatiences{patient: localWeb(fetch.WebOptions{MaxBytes: 1 << 20}), hasty: localWeb(fetch.WebOptions{Timeout: 100 * time.Millisecond, MaxBytes: 1 << 20})}
	defer w.patient.Close()
	defer w.hasty.Close()
	for _, f := range faults {
		if f.Slow {
			w.slow = append(w.slow, f.Path)
		}
	}
	d.f.web = w
	source := briefs.Source{Kind: briefs.SourceFeed, Address: s.URL + "/feed", Collection: "papers"}
	got, r := d.read(source)
	t.Logf("%d faults: %s", len(faults), got)
	good := 0
	for _, read := range r.Read {
		if strings.Contains(read.URL, "/good") {
			good++
		}
	}
	if good != 5 || r.Sources[0].Problem != "" || r.Sources[0].Waiting > 0 {
		t.Errorf("%d of 5 good pages; %+v", good, r.Sources[0])
	}
	for _, p := range r.Problems {
		if strings.Contains(p.Err.Error(), "\n") || !strings.Contains(p.Err.Error(), ": ") {
			t.Errorf("a problem is told as %q", p.Err)
		}
	}
	if r.Sources[0].Failed < len(faults)/2 {
		t.Errorf("%d of %d faults failed", r.Sources[0].Failed, len(faults))
	}
}

// The validators of a server are used, and two sources on one host are read
// one request at a time.
func TestServerThatIsAskedPolitely(t *testing.T) {
	s := fetchtest.New(t)
	s.Page("/a", "text/html", story("Lorem", 5, "Home"))
	s.Page("/b", "text/html", story("Ipsum", 5, "Home"))
	d := newDesk(t, Options{Workers: 4})
	web := localWeb(fetch.WebOptions{})
	defer web.Close()
	d.f.web = web
	sources := []briefs.Source{
		{Kind: briefs.SourcePage, Address: s.URL + "/a", Collection: "papers"}, {Kind: briefs.SourcePage, Address: s.URL + "/b", Collection: "papers"},
	}
	d.want("2 added", sources...)
	d.want("2 unchanged", sources...)
	last := s.Asked()[len(s.Asked())-1]
	if last.Header.Get("If-None-Match") == "" {
		t.Errorf("asked again with %v", last.Header)
	}
	if s.Most() > 1 {
		t.Errorf("%d requests at once", s.Most())
	}
	s.Handle("/a", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "gone", http.StatusGone) })
	d.want("1 unchanged, 1 withdrawn", sources...)
}

// Run reads what is due when it is due, and what is added meanwhile, until it
// is told to end.
func TestRun(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.page("/b", "Ipsum")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	hours := 0
	d.f.o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return d.now }
	d.f.o.Sleep = func(ctx context.Context, w time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		if w <= 0 || w > look {
			t.Errorf("it sleeps for %v", w)
		}
		d.now = d.now.Add(w)
		if hours++; hours == 100 {
			if err := d.lib.KeepSource(ctx, pageSource("/b"), "console:x"); err != nil {
				t.Error(err)
			}
		}
		if hours == 200 {
			cancel()
		}
		return ctx.Err()
	}
	s := pageSource("/a")
	s.Every = time.Hour
	if err := d.f.Run(ctx, []briefs.Source{s}); err != context.Canceled {
		t.Errorf("Run: %v", err)
	}
	if n := d.web.count(site + "/a"); n < 3 || n > 5 {
		t.Errorf("in 200 minutes it was read %d times", n)
	}
	if n := d.web.count(site + "/b"); n != 1 || len(d.listed()) != 2 {
		t.Errorf("what was added meanwhile was read %d times", n)
	}
}
