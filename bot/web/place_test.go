package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"briefdesk/briefs"
)

func TestPlaceOf(t *testing.T) {
	for address, want := range map[string]place{
		"/":                               {path: "/", full: "/"},
		"/?q=why":                         {path: "/", full: "/"},
		"/library":                        {area: "library", path: "/library", full: "/library"},
		"/library/search":                 {area: "library", path: "/library/search", full: "/library/search"},
		"/d/a":                            {area: "d", id: "a", path: "/d/-", full: "/d/a"},
		"/d/a%2Fb":                        {area: "d", id: "a/b", path: "/d/-", full: "/d/a%2Fb"},
		"/d/a%2Fb/diff":                   {area: "d", id: "a/b", path: "/d/-/diff", full: "/d/a%2Fb/diff"},
		"/d/%2F":                          {area: "d", id: "/", path: "/d/-", full: "/d/%2F"},
		"/d/%252F":                        {area: "d", id: "%2F", path: "/d/-", full: "/d/%252F"},
		"/d/a%3Fr=1":                      {area: "d", id: "a?r=1", path: "/d/-", full: "/d/a%3Fr=1"},
		"/d/a%23q?r=2":                    {area: "d", id: "a#q", path: "/d/-", full: "/d/a%23q"},
		"/d/%D1%84%20%F0%9F%98%80":        {area: "d", id: "ф 😀", path: "/d/-", full: "/d/%D1%84%20%F0%9F%98%80"},
		"/d/a+b":                          {area: "d", id: "a+b", path: "/d/-", full: "/d/a+b"},
		"/d/-":                            {area: "d", id: "-", path: "/d/-", full: "/d/-"},
		"/d/diff":                         {area: "d", id: "diff", path: "/d/-", full: "/d/diff"},
		"/d/..%2F..%2Fetc":                {area: "d", id: "../../etc", path: "/d/-", full: "/d/..%2F..%2Fetc"},
		"/d/?id=..":                       {area: "d", id: "..", path: "/d/-", full: "/d/"},
		"/diff?id=.&from=1":               {area: "d", id: ".", path: "/d/-/diff", full: "/diff"},
		"/briefings":                      {area: "briefings", path: "/briefings", full: "/briefings"},
		"/briefings/weekly%2F2026":        {area: "briefings", id: "weekly/2026", path: "/briefings/-", full: "/briefings/weekly%2F2026"},
		"/briefings.atom":                 {area: "briefings.atom", path: "/briefings.atom", full: "/briefings.atom"},
		"/desk":                           {area: "", path: "/", full: "/"}, // with the base
		"/desk/d/a":                       {area: "d", id: "a", path: "/d/-", full: "/d/a"},
		"/desktop":                        {area: "desktop", path: "/desktop", full: "/desktop"},
		"/d/" + strings.Repeat("a", 9000): {area: "d", id: strings.Repeat("a", 9000), path: "/d/-", full: "/d/" + strings.Repeat("a", 9000)},
	} {
		u, err := url.ParseRequestURI(address)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := placeOf(u, "/desk"); !ok || got != want {
			t.Errorf("%.60s: %v %+v, want %+v", address, ok, got, want)
		}
	}
	for _, address := range []string{
		"/d", "/d/", "/d//", "/d//diff", "/d/a/", "/d/a/b", "/d/a/diff/", "/d/a/b/diff", "//", "//d/a", "/d/.", "/d/..", "/d/%2e%2e", "/d/%2E/diff",
		"/../d/a", "/d/../d/a", "/./", "/diff", "/diff?id=a", "/d/?id=a", "/briefings/", "/briefings/a/b", "/library/",
	} {
		u, err := url.ParseRequestURI(address)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := placeOf(u, ""); ok {
			t.Errorf("%s leads to %+v", address, got)
		}
	}
}

// Every id comes back from its own address, and from no other place.
func TestDocumentAddressProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(rapid.StringN(1, 20, -1), rapid.StringOfN(rapid.SampledFrom([]rune("./%?#&=+ :2Fd-\\")), 1, 8, -1)).Draw(t, "id")
		start := rapid.IntRange(0, 99).Draw(t, "start")
		end := rapid.IntRange(start, 99).Draw(t, "end")
		address := documentAddress("https://desk.example.org/base", briefs.DocumentID(id), 3, briefs.Span{Start: start, End: end}, "tok")
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		request, err := url.ParseRequestURI(u.RequestURI())
		if err != nil {
			t.Fatal(err)
		}
		p, ok := placeOf(request, "/base")
		if !ok || p.id != id || p.path != "/d/-" || p.area != "d" {
			t.Fatalf("%s: %v %+v", address, ok, p)
		}
		if q := request.Query(); q.Get("r") != "3" || q.Get("k") != "tok" || (u.Fragment == "q") != (q.Get("s") != "") {
			t.Fatalf("%s: %v", address, q)
		}
	})
}

// The mux redirects nobody, whatever the id.
func TestIDsReachTheirPage(t *testing.T) {
	s := &Server{limits: usualLimits(), local: true}
	for _, id := range []string{"a/b", "..", ".", "%2F", "?", "/", "//", "ф", "a b", "-", "diff", "a/../b", "\x00", "\xff", `\`, "%", "+"} {
		mux := http.NewServeMux()
		got := ""
		mux.HandleFunc("GET /d/{id}", func(_ http.ResponseWriter, r *http.Request) { got = "document " + pathID(r) })
		mux.HandleFunc("GET /d/{id}/diff", func(_ http.ResponseWriter, r *http.Request) { got = "diff " + pathID(r) })
		h := s.newHandler(mux)
		s.log = discard()
		for what, address := range map[string]string{
			"document ": s.documentHref(visitor{}, briefs.DocumentID(id), 1, briefs.Span{Start: 2, End: 5}),
			"diff ":     s.diffHref(visitor{}, briefs.DocumentID(id), 1, 2),
		} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, fromHere(httptest.NewRequest("GET", address, nil)))
			if got != what+id {
				t.Errorf("%q: %s: %d, reached %q", id, address, w.Code, got)
			}
		}
	}
}
