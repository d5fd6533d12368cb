package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The tab notices all that a page of ours may not do.
func TestTabNoticesFaults(t *testing.T) {
	const policy = "default-src 'none'; script-src 'self'"
	for _, test := range []struct {
		name, body, script string
		policy             bool
		want               string // empty for nothing
	}{
		{"quiet", "<p>Nothing.", "document.title = 'quiet'", true, ""},
		{"console", "", "console.error('lost')", false, "console.error"},
		{"warning", "", "console.warn('lost')", false, "console.warning"},
		{"exception", "", "nowhere()", false, "exception"},
		{"promise", "", "Promise.reject(new Error('lost'))", false, "exception"},
		{"dialog", "", "alert('hello')", false, "dialog"},
		{"elsewhere", `<img src="http://elsewhere.test/a.png">`, "", false, "request to elsewhere"},
		{"unknown host", `<img src="http://elsewhere.invalid/a.png">`, "", false, "request to elsewhere"},
		{"inline script", "<script>document.title = 'run'</script>", "", true, "ContentSecurityPolicyIssue"},
		{"inline style", `<p style="color:red">red`, "", true, "ContentSecurityPolicyIssue"},
		{"event handler", `<img src="x" onerror="document.title = 'run'">`, "", true, "ContentSecurityPolicyIssue"},
		{"frame", `<iframe src="/other"></iframe>`, "", true, "ContentSecurityPolicyIssue"},
		{"window", "", "window.open('/other')", false, "window opened"},
		{"absent", `<img src="/absent.png">`, "", false, "log: error network"},
		{"socket", "", "new WebSocket('ws://elsewhere.test/')", false, "connection to"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/":
					if test.policy {
						w.Header().Set("Content-Security-Policy", policy)
					}
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					fmt.Fprintf(w, "<!doctype html><title>t</title>%s<script src=/s.js></script>", test.body)
				case "/s.js":
					w.Header().Set("Content-Type", "text/javascript")
					fmt.Fprint(w, test.script)
				case "/other", "/favicon.ico":
				default:
					http.NotFound(w, r)
				}
			}))
			defer server.Close()
			p := open(t, server.URL)
			if status := p.visit("/"); status != 200 {
				t.Errorf("status %d", status)
			}
			var all []string
			for start := time.Now(); time.Since(start) < pageTime; time.Sleep(20 * time.Millisecond) {
				all = append(all, p.seen()...)
				if test.want == "" && time.Since(start) > 200*time.Millisecond || test.want != "" && strings.Contains(strings.Join(all, "\n"), test.want) {
					break
				}
			}
			if got := strings.Join(all, "\n"); test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("noticed %q, want %q", got, test.want)
			}
			p.expectFaults()
		})
	}
}
