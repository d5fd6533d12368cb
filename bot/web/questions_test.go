package web

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

// newQuestioned serves a small library that has left n gaps and answered one
// question.
func newQuestioned(t testing.TB, n int) *desk {
	d := newDesk(t, manyDocuments(3))
	d.rooms["web:ana"] = briefs.Only("many")
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	for i := range n {
		g := briefs.Gap{Question: fmt.Sprintf("who paid for harbour %03d?", i), Reason: briefs.NoSentence, Room: "slack:C1", Last: at.Add(time.Duration(i) * time.Minute)}
		times := 1
		if i == 3 {
			g.Room, g.Reason, times = "", briefs.NoHits, 4
		}
		for range times {
			if err := d.lib.RecordGap(t.Context(), g); err != nil {
				t.Fatal(err)
			}
		}
	}
	err := d.lib.RecordAsked(t.Context(), briefs.Asked{
		Question: "which harbour is <closed>?", Room: "slack:C1", Last: at,
		Quotes: []briefs.Ref{{Document: "d/000", Revision: 1, Span: briefs.Span{End: 27}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestQuestionsPage(t *testing.T) {
	d := newQuestioned(t, 5)
	golden(t, "questions.txt", textOf(d.page(t, 200, root, "/questions")))
	page := textOf(d.page(t, 200, root, "/questions?order=often"))
	if i, j := strings.Index(page, "harbour 003"), strings.Index(page, "harbour 004"); i < 0 || i > j {
		t.Errorf("the question that was asked most does not come first:\n%s", page)
	}
	golden(t, "questions-none.txt", textOf(newDesk(t, nil).page(t, 200, root, "/questions")))
	for _, reader := range []string{"ana", "nobody"} {
		for _, address := range []string{"/questions", "/questions?page=x"} {
			if w := d.get(reader, address); w.Code == 200 || strings.Contains(w.Body.String(), "harbour") {
				t.Errorf("%s opens %s: %d", reader, address, w.Code)
			}
		}
	}
}

func TestGapsInPages(t *testing.T) {
	d := newQuestioned(t, 120)
	row := regexp.MustCompile(`<button>Forget`)
	for page, want := range map[string]int{"1": 50, "2": 50, "3": 20, "99": 20} {
		body := d.page(t, 200, root, "/questions?order=often&page="+page)
		if n := len(row.FindAllString(body, -1)); n != want || !strings.Contains(body, "120 questions") {
			t.Errorf("page %s: %d gaps, want %d", page, n, want)
		}
		if page == "2" && !strings.Contains(html.UnescapeString(body), "/questions?order=often&page=3") {
			t.Error("the pager forgets the order")
		}
	}
}

// post sends a form as the reader whom the proxy names.
func (d *desk) post(reader, address string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := from(proxy, deskHost, address, append([]string{"X-User", reader, "Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
	body := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Method, r.Body, r.ContentLength = body.Method, body.Body, body.ContentLength
	return d.serve(r)
}

func TestForget(t *testing.T) {
	d := newQuestioned(t, 5)
	count := func() int {
		t.Helper()
		gaps, err := d.lib.Gaps(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(gaps)
	}
	form := url.Values{"question": {"who paid for harbour 002?"}, "room": {"slack:C1"}, "order": {"often"}}
	own := []string{"Sec-Fetch-Site", "same-origin", "Origin", publicURL}
	for name, c := range map[string]struct {
		reader  string
		headers []string
		want    int
	}{
		"another site":     {root, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		"an older browser": {root, []string{"Origin", "https://evil.example"}, 403},
		"no operator":      {"ana", own, 404},
		"nobody":           {"nobody", own, 403},
	} {
		if w := d.post(c.reader, "/gaps/clear", form, c.headers...); w.Code != c.want || count() != 5 {
			t.Errorf("%s: status %d, want %d; %d gaps", name, w.Code, c.want, count())
		}
	}
	if w := d.get(root, "/gaps/clear?"+form.Encode()); w.Code != http.StatusMethodNotAllowed || count() != 5 {
		t.Errorf("by an address: status %d, %d gaps", w.Code, count())
	}
	for range 2 { // the second time it is forgotten already
		w := d.post(root, "/gaps/clear", form, own...)
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/questions?forgot=1&order=often" || count() != 4 {
			t.Errorf("status %d, leads to %s, %d gaps", w.Code, to, count())
		}
	}
	if page := d.page(t, 200, root, "/questions?forgot=1"); !strings.Contains(page, "Forgotten.") || strings.Contains(page, "harbour 002") {
		t.Errorf("the page does not say that the gap is gone:\n%s", textOf(page))
	}
	if w := d.post(root, "/gaps/clear", url.Values{"question": {"who paid for harbour 003?"}, "room": {""}}, own...); w.Code != http.StatusSeeOther || count() != 3 {
		t.Errorf("a gap of the command line: status %d, %d gaps", w.Code, count())
	}
}
