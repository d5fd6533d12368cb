package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// Every asset is served under an address that changes with its content, with
// its type, for good, and compressed to those who take it so.
func TestAssets(t *testing.T) {
	a, err := loadAssets(assetFiles)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	(&Server{assets: a}).assetRoutes(mux)
	get := func(method, address, encoding, etag string) *http.Response {
		r := httptest.NewRequest(method, address, nil)
		r.Header.Set("Accept-Encoding", encoding)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Result()
	}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
	address := regexp.MustCompile(`^[a-z0-9-]+\.[0-9a-f]{16}(\.[a-z0-9]+)$`)
	if len(a.named) < 4 {
		t.Fatalf("only %d assets", len(a.named))
	}
	for name, served := range a.named {
		m := address.FindStringSubmatch(served)
		if m == nil {
			t.Errorf("%s is served as %s", name, served)
			continue
		}
		plain, zipped := get("GET", "/assets/"+served, "identity", ""), get("GET", "/assets/"+served, "br, gzip;q=0.8", "")
		for _, r := range []*http.Response{plain, zipped} {
			h := r.Header
			if r.StatusCode != 200 || h.Get("Content-Type") != kinds[m[1]] || h.Get("X-Content-Type-Options") != "nosniff" ||
				!strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("ETag") == "" {
				t.Errorf("%s: %d %v", served, r.StatusCode, h)
			}
			if got := get("GET", "/assets/"+served, "gzip;q=0", `W/"x", `+h.Get("ETag")).StatusCode; r == plain && got != 304 {
				t.Errorf("%s again: %d", served, got)
			}
		}
		want, _ := io.ReadAll(plain.Body)
		got, _ := io.ReadAll(zipped.Body)
		if zipped.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			got, _ = io.ReadAll(z)
		}
		if len(want) == 0 || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, unpacked %d", served, len(want), len(got))
		}
		head, _ := io.ReadAll(get("HEAD", "/assets/"+served, "", "").Body)
		if len(head) != 0 {
			t.Errorf("%s: HEAD has a body", served)
		}
	}
	for _, name := range []string{styleName, scriptName} {
		if a.files[a.named[name]].zipped == nil {
			t.Errorf("%s is not compressed", name)
		}
	}
	style := string(a.files[a.named[styleName]].plain)
	for _, m := range cssURL.FindAllStringSubmatch(style, -1) {
		if _, ok := a.files[m[1]]; !ok {
			t.Errorf("%s wants %s", styleName, m[1])
		}
	}
	if strings.Contains(style, "@import") || strings.Contains(style, "//") {
		t.Errorf("%s reaches outside", styleName)
	}
}

func TestAssetsChange(t *testing.T) {
	file := func(css string) fstest.MapFS {
		return fstest.MapFS{"a/10.css": {Data: []byte(css)}, "a/x.svg": {Data: []byte("<svg/>")}, "a/20.css": {Data: []byte("b{}")}}
	}
	one, err := loadAssets(file("a{background:url(x.svg)}"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := loadAssets(file("a{background: url(x.svg)}"))
	if err != nil {
		t.Fatal(err)
	}
	if one.named[styleName] == two.named[styleName] {
		t.Error("another content has the same address")
	}
	if got := string(one.files[one.named[styleName]].plain); got != "a{background:url("+one.named["x.svg"]+")}b{}" {
		t.Errorf("style sheet is %q", got)
	}
	if _, err := loadAssets(file("a{background:url(y.svg)}")); err == nil {
		t.Error("a file that is not there is taken")
	}
	if _, err := (&Server{assets: one}).asset("nothing.css"); err == nil {
		t.Error("an asset that is not there has an address")
	}
}
