package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// scrape returns the lines of our own figures.
func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var lines []string
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "briefdesk_") {
			lines = append(lines, line)
		}
	}
	return "\n" + strings.Join(lines, "")
}

func TestMetrics(t *testing.T) {
	lib := openLibrary(t, t.TempDir()+"/l.db")
	m := NewMetrics(discard(), lib)
	want := func(lines ...string) {
		t.Helper()
		got := scrape(t, m)
		for _, line := range lines {
			if !strings.Contains(got, "\n"+line+"\n") {
				t.Errorf("no line %q in%s", line, got)
			}
		}
	}
	want("briefdesk_documents 0", "briefdesk_sources 0", "briefdesk_gaps 0", `briefdesk_incoming{state="waiting"} 0`)
	if got := scrape(t, m); strings.Contains(got, "last_added") || strings.Contains(got, "last_fetch") || strings.Contains(got, "waiting_since") {
		t.Errorf("times of what never was:%s", got)
	}

	d := briefs.Document{ID: "a", Source: "a", Collection: "c", Title: "Harbour", Text: "The harbour was closed because of the storm."}
	d.Blocks = []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(d.Text)}}}
	structure.Analyze(&d)
	before := float64(time.Now().Unix())
	if _, err := lib.PutDocuments(t.Context(), []briefs.Document{d}); err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1_760_000_000, 0)
	for source, problem := range map[string]string{"good": "", "bad": "404 Not Found"} {
		if err := lib.RecordFetch(t.Context(), briefs.Fetch{Source: source, Collection: "c", At: at, Problem: problem, Failed: len(problem) / 13}); err != nil {
			t.Fatal(err)
		}
	}
	for i, key := range []string{"slack:1", "slack:2", "slack:3"} {
		if _, err := lib.Receive(t.Context(), []briefs.Incoming{{Key: key, At: at.Add(time.Duration(i) * time.Second)}}); err != nil {
			t.Fatal(err)
		}
	}
	k, _, err := lib.Take(t.Context(), "slack", "one", at, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.End(t.Context(), k, briefs.Unsure, "no answer", at); err != nil {
		t.Fatal(err)
	}
	m.Question("web", &briefs.Answer{Quotes: make([]briefs.Citation, 1)}, nil)
	m.Question("web", &briefs.Answer{Reason: briefs.NoHits}, nil)
	m.Question("cli", nil, context.DeadlineExceeded)
	m.Stage("search", 3*time.Millisecond)
	m.Stage("search", 30*time.Second)
	m.Delivery("done")
	m.Error("slack")
	m.page("GET /d/{id}", 200, time.Millisecond)
	m.page("GET /d/{id}", 503, time.Millisecond)
	want(
		"briefdesk_documents 1", "briefdesk_revisions 1", "briefdesk_passages 1", "briefdesk_documents_withdrawn 0",
		"briefdesk_sources 2", "briefdesk_sources_failing 1", "briefdesk_last_fetch_timestamp_seconds 1.76e+09",
		`briefdesk_incoming{state="waiting"} 2`, `briefdesk_incoming{state="unsure"} 1`, `briefdesk_incoming{state="given_up"} 0`,
		"briefdesk_incoming_waiting_since_timestamp_seconds 1.760000001e+09",
		`briefdesk_questions_total{outcome="answered",surface="web"} 1`, `briefdesk_questions_total{outcome="silent",surface="web"} 1`,
		`briefdesk_questions_total{outcome="failed",surface="cli"} 1`, `briefdesk_silences_total{reason="no_hits"} 1`,
		`briefdesk_stage_seconds_bucket{stage="search",le="0.005"} 1`, `briefdesk_stage_seconds_count{stage="search"} 2`,
		`briefdesk_deliveries_total{outcome="done"} 1`, `briefdesk_errors_total{part="slack"} 1`, `briefdesk_errors_total{part="web"} 1`,
		`briefdesk_pages_total{code="200",route="GET /d/{id}"} 1`, `briefdesk_page_seconds_count{route="GET /d/{id}"} 2`,
	)
	added := 0.0
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "briefdesk_last_added_timestamp_seconds" {
			added = f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	if added < before-1 || added > before+60 {
		t.Errorf("last added %f, put at %f", added, before)
	}

	// A library that does not answer leaves its figures out, and the rest in.
	lib.Close()
	got := scrape(t, m)
	if strings.Contains(got, "briefdesk_documents ") || !strings.Contains(got, "briefdesk_questions_total") {
		t.Errorf("after the library closed:%s", got)
	}

	var none *Metrics
	none.Question("web", nil, nil)
	none.Stage("search", 0)
	none.Delivery("done")
	none.Error("web")
	none.page("", 200, 0)
}

func TestHealth(t *testing.T) {
	lib := openLibrary(t, t.TempDir()+"/l.db")
	make := func(change func(*Options)) http.Handler {
		o := Options{Library: lib, Now: time.Now, PublicURL: publicURL, Metrics: NewMetrics(discard(), lib)}
		if change != nil {
			change(&o)
		}
		s, err := New(discard(), o)
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		s.healthRoutes(mux)
		mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, briefs.ErrNotFound) })
		return s.newHandler(mux)
	}
	here, elsewhere := make(nil), make(func(o *Options) { o.MetricsElsewhere = true })
	get := func(h http.Handler, r *http.Request) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	local := func(path string, headers ...string) *http.Request {
		return from("127.0.0.1:4000", "127.0.0.1:8088", path, headers...)
	}
	for name, c := range map[string]struct {
		h    http.Handler
		r    *http.Request
		want int
	}{
		"alive, a probe by address":  {here, from(stranger, "10.1.1.1:8088", "/healthz"), 200},
		"ready, a probe by address":  {here, from(stranger, "10.1.1.1:8088", "/readyz"), 200},
		"metrics, here":              {here, local("/metrics"), 200},
		"metrics, from elsewhere":    {here, from(stranger, deskHost, "/metrics"), 404},
		"metrics, through a proxy":   {here, local("/metrics", "X-Forwarded-For", "203.0.113.9"), 404},
		"metrics, by the proxy's":    {here, from("127.0.0.1:4000", deskHost, "/metrics"), 404},
		"metrics, by another's name": {here, from("127.0.0.1:4000", "evil.example", "/metrics"), 404},
		"metrics, when elsewhere":    {elsewhere, local("/metrics"), 404},
	} {
		if got := get(c.h, c.r); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	lib.Close()
	if alive, ready := get(here, local("/healthz")), get(here, local("/readyz")); alive != 200 || ready != 503 {
		t.Errorf("without a library: alive %d, ready %d", alive, ready)
	}
}
