package fetch_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/fetch/fetchtest"
)

// internet is a small internet: names with their addresses, and what was dialled.
type internet struct {
	mu     sync.Mutex
	names  map[string][]string // addresses by name; the first of several lists is used up by one lookup
	dialed []string
	to     string // where dials end
}

func (n *internet) resolve(_ context.Context, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	lists := n.names[host]
	if len(lists) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(lists) > 1 {
		n.names[host] = lists[1:]
	}
	var ips []netip.Addr
	for s := range strings.FieldsSeq(lists[0]) {
		ips = append(ips, netip.MustParseAddr(s))
	}
	return ips, nil
}

func (n *internet) dial(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	n.dialed = append(n.dialed, address)
	n.mu.Unlock()
	var d net.Dialer
	return d.DialContext(ctx, network, n.to)
}

// refused are addresses that no document may make the machine ask, in the
// forms that have fooled such guards.
var refused = []string{
	"http://127.0.0.1/", "http://127.255.255.254/", "http://localhost/", "http://LOCALHOST./", "http://app.localhost/",
	"http://0.0.0.0/", "http://0/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/",
	"http://0x7f.1/", "http://0X7F.0X0.0X0.0X1/", "http://017700000001/", "http://0177.0.0.1/", "http://127.0.0.01/", "http://127.0.0.1./", "http://00000127.0.0.1/",
	"http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/",
	"http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::127.0.0.1]/",
	"http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:10.0.0.1]/", "http://[::ffff:0:127.0.0.1]/",
	"http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[64:ff9b:1::10.0.0.1]/",
	"http://[2002:7f00:1::]/", "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:7f00:1::]/", "http://[2001:db8::1]/", "http://[100::1]/",
	"http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://100.64.0.1/", "http://100.127.255.254/",
	"http://169.254.169.254/latest/meta-data/", "http://169.254.1.1/", "http://2852039166/", "http://0xA9FEA9FE/", "http://[fd00:ec2::254]/", "http://[fd20:ce::254]/", "http://168.63.129.16/", "http://100.100.100.200/", "http://192.0.0.192/",
	"http://[fe80::1]/", "http://[fe80::1%25lo]/", "http://[fec0::1]/", "http://[fc00::1]/", "http://[fdff::1]/",
	"http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://192.88.99.1/",
	"http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/",
	"http://example.org@127.0.0.1/", "http://127.0.0.1@example.org/", "http://example.org:80@10.0.0.1/", "http://user:pass@example.org/", "http://example.org%40127.0.0.1/",
	"http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/", "http://127.0.0.1%23.example.org/", "http://127%2e0%2e0%2e1/",
	"http://example.org:22/", "http://example.org:25/", "http://example.org:0/", "http://example.org:65536/", "http://example.org:-1/", "http://example.org:080000/",
	"file:///etc/passwd", "FILE:///etc/passwd", "gopher://127.0.0.1:6379/_PING", "ftp://example.org/", "javascript:alert(1)", "data:text/html,x", "jar:http://example.org!/", "unix:///run/docker.sock", "http+unix://%2frun%2fdocker.sock/",
	"http:///etc/passwd", "http:127.0.0.1", "//127.0.0.1/", "127.0.0.1", "", " ", "http://", "http://exa mple.org/", "http://example.org\r\nHost:%20127.0.0.1/", "http://\x00/", "http://[::1", "http://[v1.a]/",
	"http://inside.example/", "http://mapped.example/", "http://metadata.example/",
}

func privateInternet() *internet {
	return &internet{names: map[string][]string{
		"localhost": {"127.0.0.1 ::1"}, "localhost.": {"127.0.0.1"}, "app.localhost": {"::1"},
		"inside.example": {"10.1.2.3"}, "mapped.example": {"::ffff:192.168.0.1"}, "metadata.example": {"169.254.169.254"},
		"public.example": {"93.184.215.14"}, "both.example": {"10.0.0.1 93.184.215.14"}, "example.org": {"93.184.215.14"},
		"turning.example": {"93.184.215.14", "127.0.0.1"},
	}}
}

// TestNoAddressOfAPrivateNetwork: whatever form an address has, what is not of
// the public web is refused before a packet leaves.
func TestNoAddressOfAPrivateNetwork(t *testing.T) {
	s := fetchtest.New(t)
	n := privateInternet()
	n.to = strings.TrimPrefix(s.URL, "http://")
	w := fetch.NewWeb(nil, fetch.WebOptions{MinDelay: -1, Resolve: n.resolve, Dial: n.dial})
	defer w.Close()
	for _, address := range refused {
		_, err := get(t, w, address)
		if !errors.Is(err, briefs.ErrInvalid) || strings.ContainsAny(err.Error(), "\r\n\x00") {
			t.Errorf("%q: got %v, want it refused", address, err)
		}
	}
	if len(n.dialed) != 0 || len(s.Asked()) != 0 {
		t.Errorf("dialled %q", n.dialed)
	}
	s.Page("/", "text/plain", "public")
	for _, address := range []string{"http://public.example/", "http://both.example:8080/", "http://PUBLIC.example:80/#x", "http://93.184.215.14/"} {
		if resp, err := get(t, w, address); err != nil || string(resp.Body) != "public" {
			t.Errorf("%s: got %q, %v", address, resp.Body, err)
		}
	}
	for _, to := range n.dialed {
		if !strings.HasPrefix(to, "93.184.215.14:") {
			t.Errorf("dialled %s", to)
		}
	}
}

// TestRedirectsIntoAPrivateNetwork are refused in every form too, also when a
// private source is allowed, unless one redirects to another.
func TestRedirectsIntoAPrivateNetwork(t *testing.T) {
	s := fetchtest.New(t)
	n := privateInternet()
	n.to = strings.TrimPrefix(s.URL, "http://")
	for _, allowed := range []bool{false, true} {
		w := fetch.NewWeb(nil, fetch.WebOptions{MinDelay: -1, Resolve: n.resolve, Dial: n.dial, AllowPrivate: allowed})
		defer w.Close()
		for _, address := range refused {
			if strings.TrimSpace(address) == "" || strings.ContainsAny(address, "\r\n\x00") || !strings.Contains(address, ":") || address == "http:127.0.0.1" {
				continue // what the server cannot send, and relative addresses
			}
			s.Handle("/out", redirectTo(address))
			before := len(n.dialed)
			if _, err := get(t, w, "http://public.example/out"); !errors.Is(err, briefs.ErrInvalid) && !errors.Is(err, briefs.ErrUnavailable) {
				t.Errorf("%q (allowed: %v): got %v, want it refused", address, allowed, err)
			}
			for _, to := range n.dialed[before:] {
				if to != "93.184.215.14:80" {
					t.Errorf("%q: dialled %s", address, to)
				}
			}
		}
	}
}

func TestPrivateSourcesByConfigurationOnly(t *testing.T) {
	s := fetchtest.New(t)
	n := privateInternet()
	n.to = strings.TrimPrefix(s.URL, "http://")
	s.Page("/page", "text/plain", "page")
	s.Handle("/in", redirectTo("http://inside.example/page"))
	s.Handle("/out", redirectTo("http://public.example/back"))
	s.Handle("/back", redirectTo("http://inside.example/page"))
	w := fetch.NewWeb(nil, fetch.WebOptions{MinDelay: -1, Resolve: n.resolve, Dial: n.dial})
	defer w.Close()
	for _, tt := range []struct {
		name    string
		r       fetch.Request
		allowed bool
	}{
		{"not configured", fetch.Request{URL: "http://inside.example/page"}, false},
		{"configured", fetch.Request{URL: "http://inside.example/page", Private: true}, true},
		{"redirects within", fetch.Request{URL: "http://localhost/in", Private: true}, true},
		{"redirects out", fetch.Request{URL: "http://localhost/out", Private: true}, false},
		{"named from within", fetch.Request{URL: "http://inside.example/page", From: "http://localhost/feed", Private: true}, true},
		{"named by itself", fetch.Request{URL: "http://inside.example/page", From: "http://inside.example/feed", Private: true}, true},
		{"named by the public web", fetch.Request{URL: "http://inside.example/page", From: "http://public.example/feed", Private: true}, false},
		{"public, named by the public web", fetch.Request{URL: "http://public.example/page", From: "http://public.example/feed", Private: true}, true},
		{"never", fetch.Request{URL: "http://metadata.example/page", Private: true}, false},
		{"never for Azure", fetch.Request{URL: "http://168.63.129.16/page", Private: true}, false},
		{"never link-local", fetch.Request{URL: "http://[fe80::1]/page", Private: true}, false},
		{"never everything", fetch.Request{URL: "http://0.0.0.0/page", Private: true}, false},
	} {
		resp, err := w.Get(t.Context(), tt.r)
		if never := strings.HasPrefix(tt.name, "never"); never && !strings.Contains(err.Error(), "no document is ever read") || !never && !tt.allowed && !strings.Contains(err.Error(), "private: true") {
			t.Errorf("%s: the error is %q", tt.name, err)
		}
		if tt.allowed && (err != nil || string(resp.Body) != "page") || !tt.allowed && !errors.Is(err, fetch.ErrPrivate) {
			t.Errorf("%s: got %q, %v", tt.name, resp.Body, err)
		}
	}
}

// TestANameThatTurns: what a name led to when it was checked is what is dialled.
func TestANameThatTurns(t *testing.T) {
	s := fetchtest.New(t)
	n := privateInternet()
	n.to = strings.TrimPrefix(s.URL, "http://")
	s.Handle("/page", redirectTo("http://turning.example:8081/secret"))
	w := fetch.NewWeb(nil, fetch.WebOptions{MinDelay: -1, Resolve: n.resolve, Dial: n.dial})
	defer w.Close()
	if _, err := get(t, w, "http://turning.example:8080/page"); !errors.Is(err, fetch.ErrPrivate) {
		t.Errorf("got %v", err)
	}
	if len(n.dialed) != 1 || n.dialed[0] != "93.184.215.14:8080" || s.Count("/secret") != 0 {
		t.Errorf("dialled %q", n.dialed)
	}
}

// TestTheRealDialerRefusesToo asks this machine without leave and without the
// doubles of the other tests.
func TestTheRealDialerRefusesToo(t *testing.T) {
	s := fetchtest.New(t)
	w := fetch.NewWeb(nil, fetch.WebOptions{MinDelay: -1})
	defer w.Close()
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		if _, err := get(t, w, "http://"+host+port+"/"); !errors.Is(err, fetch.ErrPrivate) || !strings.Contains(err.Error(), "private: true") {
			t.Errorf("%s: got %v", host, err)
		}
	}
	if len(s.Asked()) != 0 {
		t.Errorf("asked %v", s.Asked())
	}
}

func redirectTo(address string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", address)
		w.WriteHeader(http.StatusFound)
	}
}
