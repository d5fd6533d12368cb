package slack

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
)

// Only what Slack signed just now is taken, each thing by its own decoder.
func TestHTTP(t *testing.T) {
	s := fault(t, faultserver.Options{Minute: 200 * time.Millisecond})
	c, e := connected(t, s, idle)
	door := httptest.NewServer(c)
	t.Cleanup(door.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	post := func(body, secret string, age time.Duration, method string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, door.URL+"/slack", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if secret != "" {
			faultserver.Sign(req.Header, secret, time.Now().Add(-age), []byte(body))
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	challenge := `{"type":"url_verification","challenge":"abc<script>"}`
	secret := faultserver.SigningSecret
	for _, test := range []struct {
		name, body, secret string
		age                time.Duration
		method             string
		status             int
		answer             string
	}{
		{"challenge", challenge, secret, 0, "POST", 200, "abc<script>"},
		{"unsigned", challenge, "", 0, "POST", 401, ""},
		{"by another", challenge, "another secret", 0, "POST", 401, ""},
		{"old", challenge, secret, 6 * time.Minute, "POST", 401, ""},
		{"of the future", challenge, secret, -6 * time.Minute, "POST", 401, ""},
		{"get", challenge, secret, 0, "GET", 405, ""},
		{"no json", `{"type":`, secret, 0, "POST", 400, ""},
		{"no form", `a=b`, secret, 0, "POST", 400, ""},
		{"ssl check", `ssl_check=1&token=x`, secret, 0, "POST", 200, ""},
		{"unknown event", `{"type":"event_callback","team_id":"T0FAULT","event":{"type":"new"}}`, secret, 0, "POST", 200, ""},
		{"unreadable interaction", `payload=%7B`, secret, 0, "POST", 200, ""},
		{"huge", strings.Repeat("x", bodyMost+1), secret, 0, "POST", 413, ""},
	} {
		status, answer := post(test.body, test.secret, test.age, test.method)
		if status != test.status || test.answer != "" && answer != test.answer {
			t.Errorf("%s: %d %q, want %d %q", test.name, status, answer, test.status, test.answer)
		}
	}
	// What could not be kept is told again.
	e.refuse = 1
	s.SetRequestURL(door.URL + "/slack")
	s.Say(faultserver.Words{Channel: ana, User: ana, Text: "in private"})
	s.Await(t, "an event", func() bool { return len(e.heard()) == 1 && s.Idle() })
	s.Run(cyber, ana, "/ask", "why?")
	s.Await(t, "a command", func() bool { return len(e.heard()) == 2 })
	if got := e.heard()[1]; got.Command != "ask" || got.Text != "why?" {
		t.Errorf("%+v", got)
	}
}

// Before Run runs Slack is told to ask again; without a signing secret there
// is nothing to be had.
func TestHTTPClosed(t *testing.T) {
	for secret, want := range map[string]int{"secret": http.StatusServiceUnavailable, "": http.StatusNotFound} {
		c, err := New(slog.New(slog.DiscardHandler), Options{Tokens: Token("x"), AppToken: "xapp", SigningSecret: secret})
		if err != nil {
			t.Fatal(err)
		}
		body := `{"type":"event_callback","event":{"type":"message"}}`
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack", strings.NewReader(body))
		faultserver.Sign(req.Header, "secret", time.Now(), []byte(body))
		w := httptest.NewRecorder()
		c.ServeHTTP(w, req)
		if w.Code != want {
			t.Errorf("with secret %q: %d", secret, w.Code)
		}
	}
}
