package slack

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// alone runs the test in a process that has its network to itself, where
// servers that listen on every address reach nobody. It reports whether this
// is that process.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv("BRIEFDESK_TEST_ALONE") == t.Name() {
		return true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "unshare", "-rn", "sh", "-c", `ip link set lo up && exec "$0" -test.run "^$1\$" -test.v`, self, t.Name())
	cmd.Env = append(os.Environ(), "BRIEFDESK_TEST_ALONE="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("%v\n%s", err, out)
	}
	return false
}

// emulateFolder is emulate, which .ci/slack installs.
func emulateFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", ".bin", "slack", "node_modules", "emulate", "dist")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("emulate is absent: run .ci/slack")
		}
		t.Skip("emulate is absent: run .ci/slack")
	}
	return dir
}

// A Slack that others wrote installs the app as an admin does it, and refuses
// what the scopes that were asked for do not cover.
func TestEmulate(t *testing.T) {
	dir := emulateFolder(t)
	if !alone(t) {
		return
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	lib, err := store.Open(t.Context(), log, filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	defer site.Close()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(address)
	seed := filepath.Join(t.TempDir(), "seed.yaml")
	err = os.WriteFile(seed, fmt.Appendf(nil, `slack:
  strict_scopes: true
  team: {name: My Workspace, domain: my-workspace}
  users: [{name: developer, real_name: Developer, email: dev@example.com}]
  channels: [{name: general, topic: General}]
  oauth_apps:
    - {client_id: %q, client_secret: %q, app_id: A000000001, name: Briefdesk, redirect_uris: [%q], scopes: ["chat:write", "channels:read", "users:read"]}
`, testClient, testSecret, site.URL+oauthPath), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("node", filepath.Join(dir, "index.js"), "start", "--service", "slack", "--port", port, "--seed", seed)
	var said strings.Builder
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	}()
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			break
		} else if time.Since(start) > 2*time.Minute {
			t.Fatal(err)
		}
	}

	api := "http://" + address + "/api/"
	installs, err := NewInstalls(log, InstallOptions{
		Keeper: lib, Secret: []byte("sixteen bytes and more"), ClientID: testClient, ClientSecret: testSecret, APIURL: api, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	installer, err := NewInstaller(log, installs, InstallerOptions{PublicURL: site.URL, Scopes: []string{"chat:write", "users:read"}, Workspaces: []string{"T000000001"}})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/slack/", installer.Handler())

	// The admin is asked, and says yes.
	c, _ := browser()
	status, page := get(t, c, site.URL+InstallPath)
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	if status != http.StatusOK || form.Get("scope") != "chat:write,users:read" || form.Get("state") == "" {
		t.Fatalf("%d %v\n%s", status, form, page)
	}
	resp, err := c.PostForm("http://"+address+"/oauth/v2/authorize/callback", form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK || !strings.Contains(string(body), "Installed in My Workspace") {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}

	probe := Probe{Tokens: installs, APIURL: api, Client: http.DefaultClient}
	teams, err := installs.Teams(t.Context())
	if err != nil || len(teams) != 1 {
		t.Fatalf("installed in %v, %v", teams, err)
	}
	in, err := installs.Install(t.Context(), teams[0])
	if err != nil || in.Scopes != "chat:write,users:read" || in.BotUser == "" {
		t.Errorf("%s %s %s, %v", in.ID(), in.Scopes, in.BotUser, err)
	}
	if s, err := probe.Standing(t.Context(), teams[0]); err != nil || s.Team != teams[0] || s.Name != "My Workspace" {
		t.Errorf("%+v, %v", s, err)
	}

	// channels:read was not asked for.
	_, err = probe.Room(t.Context(), teams[0], "C000000001")
	if err == nil || !strings.Contains(err.Error(), missingScope) || !strings.Contains(err.Error(), "channels:read") {
		t.Errorf("a scope is missing: %v", err)
	}
	chat, err := New(log, Options{Tokens: installs, SigningSecret: "x", APIURL: api, Qualify: true})
	if err != nil {
		t.Fatal(err)
	}
	err = chat.Check(t.Context(), briefs.RoomID(Prefix+teams[0]+"/C000000001"))
	if err == nil || !strings.Contains(err.Error(), "channels:read") {
		t.Errorf("a scope is missing: %v", err)
	}
}
