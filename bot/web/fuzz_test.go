package web

import (
	"net/url"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// No query makes a page fail, whoever asks.
func FuzzQuery(f *testing.F) {
	documents, _ := shapes(f)
	d := newDesk(f, documents)
	d.rooms["web:ana"] = briefs.Only("cyber")
	paths := []string{"/", "/brief", "/library", "/library/search", "/briefings", "/briefings.atom", "/questions"}
	for i, query := range []string{
		"", "q=why+did+the+talks+succeed%3F", "q=&q=x", "q=%00%FF%E2%80%AE", "q=a&from=2014&to=2013", "topic=collection:cyber", "topic=collection%3A", "topic=the+talks&from=9999-12-31",
		"collection=cyber&collection=other&page=2", "find=%25_%22&order=published", "order=title&page=18446744073709551616", "publisher=THE+INVENTED+POST", "q=rain&fragment=1",
		"page=-1", "order=often&page=7&forgot=1", "k=AAAA", "%zz&;=1", "q=" + strings.Repeat("(", 300), "q=NEAR(a+b)+OR+*", "from=0000&to=0001-01-01",
	} {
		f.Add(uint8(i), query, i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, path uint8, query string, operator bool) {
		reader := "ana"
		if operator {
			reader = root
		}
		r := from(proxy, deskHost, paths[int(path)%len(paths)], "X-User", reader)
		r.URL.RawQuery = query
		w := d.serve(r)
		switch w.Code {
		case 200, 303, 400, 404:
		default:
			t.Errorf("%s: status %d: %s", r.URL, w.Code, textOf(w.Body.String()))
		}
		if to := w.Header().Get("Location"); w.Code == 303 {
			if u, err := url.Parse(to); err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") {
				t.Errorf("%s leads to %s", r.URL, to)
			}
		}
	})
}
