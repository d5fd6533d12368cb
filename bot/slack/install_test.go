package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// oauthServer answers oauth.v2.access and auth.revoke as their references say:
// a code and a refresh token are good once.
type oauthServer struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	reply    map[string]any // what the next code gives
	codes    map[string]bool
	refresh  string // the one refresh token that is good
	renewed  int
	revoked  []string
	down     bool
	received []string // the bodies of all calls
}

const (
	testClient = "111.222"
	testSecret = "client-secret-value"
)

func newOAuthServer(t *testing.T) *oauthServer {
	s := &oauthServer{t: t, codes: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth/v2/authorize", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("client_id") != testClient {
			http.Error(w, "who?", http.StatusBadRequest)
			return
		}
		back := r.FormValue("redirect_uri") + "?" + url.Values{"code": {s.code()}, "state": {r.FormValue("state")}}.Encode()
		http.Redirect(w, r, back, http.StatusFound)
	})
	mux.HandleFunc("POST /api/oauth.v2.access", s.access)
	mux.HandleFunc("POST /api/auth.revoke", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.revoked = append(s.revoked, r.FormValue("token"))
		fmt.Fprint(w, `{"ok":true,"revoked":true}`)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *oauthServer) code() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := fmt.Sprintf("code-%d", len(s.codes))
	s.codes[code] = true
	return code
}

func (s *oauthServer) access(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	_ = r.ParseForm()
	s.received = append(s.received, r.PostForm.Encode())
	say := func(v map[string]any) { _ = json.NewEncoder(w).Encode(v) }
	fail := func(what string) { say(map[string]any{"ok": false, "error": what}) }
	code := r.PostForm.Get("code")
	switch {
	case r.PostForm.Get("client_id") != testClient:
		fail("invalid_client_id")
	case r.PostForm.Get("client_secret") != testSecret:
		fail("bad_client_secret")
	case r.PostForm.Get("grant_type") == "refresh_token":
		if r.PostForm.Get("refresh_token") != s.refresh {
			fail("invalid_refresh_token")
			return
		}
		s.renewed++
		s.refresh = fmt.Sprintf("xoxe-1-r%d", s.renewed)
		say(map[string]any{"ok": true, "access_token": fmt.Sprintf("xoxe.xoxb-%d", s.renewed), "token_type": "bot", "refresh_token": s.refresh, "expires_in": 43200})
	case !s.codes[code]:
		fail("invalid_code")
	default:
		s.codes[code] = false
		if token, ok := s.reply["refresh_token"].(string); ok {
			s.refresh = token
		}
		say(s.reply)
	}
}

// granted is what a workspace's install gives.
func granted(team, enterprise string) map[string]any {
	m := map[string]any{
		"ok": true, "access_token": "xoxe.xoxb-0", "token_type": "bot", "scope": "chat:write,commands", "bot_user_id": "U0KRQLJ9H", "app_id": "A0KRD7HC3",
		"team": map[string]any{"id": team, "name": "Slack <Softball> Team"}, "enterprise": nil, "is_enterprise_install": false,
		"authed_user": map[string]any{"id": "U1234"}, "expires_in": 43200, "refresh_token": "xoxe-1-r0",
	}
	if enterprise != "" {
		m["enterprise"] = map[string]any{"id": enterprise, "name": "slack-sports"}
	}
	if team == "" {
		m["team"], m["is_enterprise_install"] = nil, true
	}
	return m
}

// installing is an installer behind a server, over a library.
type installing struct {
	*Installs
	site  *httptest.Server
	slack *oauthServer
	lib   store.Backend

	mu sync.Mutex
	at time.Time
}

func (i *installing) now() time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.at
}

func (i *installing) pass(d time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.at = i.at.Add(d)
}

func newInstalling(t *testing.T, workspaces ...string) *installing {
	i := &installing{slack: newOAuthServer(t), at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var err error
	if i.lib, err = store.Open(t.Context(), log, filepath.Join(t.TempDir(), "l.db"), sqlite.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.lib.Close() })
	i.Installs, err = NewInstalls(log, i.options("sixteen bytes and more"))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	i.site = httptest.NewServer(mux)
	t.Cleanup(i.site.Close)
	installer, err := NewInstaller(log, i.Installs, InstallerOptions{PublicURL: i.site.URL, Scopes: []string{"chat:write", "commands"}, Workspaces: workspaces})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/slack/", installer.Handler())
	return i
}

func (i *installing) options(secret string) InstallOptions {
	return InstallOptions{
		Keeper: i.lib, Secret: []byte(secret), ClientID: testClient, ClientSecret: testSecret, APIURL: i.slack.URL + "/api/", Now: i.now,
	}
}

// browser follows redirects with cookies, and keeps the addresses it was at.
func browser() (*http.Client, *[]string) {
	jar, _ := cookiejar.New(nil)
	var visited []string
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		visited = append(visited, r.URL.String())
		return nil
	}}, &visited
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func TestInstall(t *testing.T) {
	i := newInstalling(t, "T9TK3CUKW", "E12345678")
	i.slack.reply = granted("T9TK3CUKW", "")
	c, visited := browser()
	status, page := get(t, c, i.site.URL+InstallPath)
	if status != http.StatusOK || !strings.Contains(page, "slack:T9TK3CUKW/") || !strings.Contains(page, "Slack &lt;Softball&gt; Team") {
		t.Fatalf("%d %s", status, page)
	}
	if q := (*visited)[0]; !strings.Contains(q, "scope=chat%3Awrite%2Ccommands") || strings.Contains(q, testSecret) {
		t.Errorf("Slack is asked at %s", q)
	}
	if token, err := i.Token(t.Context(), "T9TK3CUKW"); err != nil || token != "xoxe.xoxb-0" {
		t.Errorf("token %q, %v", token, err)
	}
	if _, err := i.Token(t.Context(), "T0OTHER"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("another workspace has a token: %v", err)
	}

	t.Run("the same reply again", func(t *testing.T) {
		if status, page := get(t, c, (*visited)[1]); status != http.StatusBadRequest {
			t.Errorf("%d %s", status, page)
		}
	})
	t.Run("an organisation", func(t *testing.T) {
		i.slack.reply = granted("", "E12345678")
		if status, page := get(t, c, i.site.URL+InstallPath); status != http.StatusOK {
			t.Fatalf("%d %s", status, page)
		}
		for _, team := range []string{"E12345678", "T0ANYOFTHEM"} {
			if token, err := i.Token(t.Context(), team); err != nil || token != "xoxe.xoxb-0" {
				t.Errorf("%s: token %q, %v", team, token, err)
			}
		}
		if teams, err := i.Teams(t.Context()); err != nil || fmt.Sprint(teams) != "[E12345678 T9TK3CUKW]" {
			t.Errorf("installed in %v, %v", teams, err)
		}
		if err := i.Drop(t.Context(), "E12345678"); err != nil {
			t.Fatal(err)
		}
		if _, err := i.Token(t.Context(), "T0ANYOFTHEM"); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("forgotten, but %v", err)
		}
	})
}

// Whoever finds the address installs nothing in a workspace of their own.
func TestInstallElsewhere(t *testing.T) {
	i := newInstalling(t, "T9TK3CUKW")
	i.slack.reply = granted("T0STRANGER", "")
	c, _ := browser()
	status, page := get(t, c, i.site.URL+InstallPath)
	if status != http.StatusForbidden || !strings.Contains(page, "T0STRANGER") {
		t.Errorf("%d %s", status, page)
	}
	if teams, _ := i.Teams(t.Context()); len(teams) != 0 {
		t.Errorf("installed in %v", teams)
	}
	if len(i.slack.revoked) != 1 || i.slack.revoked[0] != "xoxe.xoxb-0" {
		t.Errorf("revoked: %v", i.slack.revoked)
	}
}

// A reply that another browser asked for, an old one and an invented one
// install nothing: their code is not even traded.
func TestInstallStates(t *testing.T) {
	i := newInstalling(t, "T9TK3CUKW")
	i.slack.reply = granted("T9TK3CUKW", "")
	begun := func() (*http.Client, string) {
		c, _ := browser()
		c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		resp, err := c.Get(i.site.URL + InstallPath)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		at, _ := resp.Location()
		return c, i.site.URL + oauthPath + "?code=" + i.slack.code() + "&state=" + url.QueryEscape(at.Query().Get("state"))
	}
	one, atOne := begun()
	two, _ := begun()
	if status, _ := get(t, two, atOne); status != http.StatusBadRequest {
		t.Errorf("another browser's reply: %d", status)
	}
	if status, _ := get(t, one, i.site.URL+oauthPath+"?code=x&state=AAAA"); status != http.StatusBadRequest {
		t.Errorf("an invented reply: %d", status)
	}
	if status, page := get(t, one, strings.Replace(atOne, "code=", "error=access_denied&no=", 1)); status != http.StatusOK || !strings.Contains(page, "cancelled") {
		t.Errorf("cancelled: %d %s", status, page)
	}
	late, atLate := begun()
	i.pass(stateLasts + time.Second)
	if status, _ := get(t, late, atLate); status != http.StatusBadRequest {
		t.Errorf("a late reply: %d", status)
	}
	if len(i.slack.received) != 0 {
		t.Errorf("codes were traded: %v", i.slack.received)
	}
}
