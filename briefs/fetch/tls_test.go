package fetch_test

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
)

// TestCertificates asks a server whose certificate, for example.com, this
// process is told to trust. It is the only test of the package that checks
// one: roots are read once.
func TestCertificates(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(r.Proto))
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", roots)
	t.Setenv("SSL_CERT_DIR", t.TempDir())
	w, _ := newWeb(t, fetch.WebOptions{Resolve: func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	if resp, err := get(t, w, "https://example.com"+port+"/page"); err != nil || string(resp.Body) != "HTTP/2.0" {
		t.Errorf("got %q, %v", resp.Body, err)
	}
	_, err := get(t, w, "https://other.test"+port+"/page")
	if !errors.Is(err, briefs.ErrUnavailable) || !strings.Contains(err.Error(), "the certificate of other.test is not valid") {
		t.Errorf("got %v", err)
	}
	if _, err := get(t, w, "http://example.com"+port+"/page"); !errors.Is(err, briefs.ErrInvalid) && !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
