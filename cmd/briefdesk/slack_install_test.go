package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
)

// The program serves several workspaces: one is installed by OAuth while it
// runs, asks, is answered, and removes the app; its token is in no file.
func TestServeInstalls(t *testing.T) {
	s := faultserver.New(t, faultserver.Options{Reference: slackMethods(t), Minute: 50 * time.Millisecond})
	s.AddUser(faultserver.User{ID: "U1", Name: "ana"})
	s.AddChannel(faultserver.Channel{ID: "C1", Name: "north", Members: []string{"U1"}})
	program, dir := programPath(t), t.TempDir()
	environment := append(os.Environ(), "BRIEFDESK_SLACK_SIGNING_SECRET="+faultserver.SigningSecret, "BRIEFDESK_SECRET_KEY=a secret of the tests that is long enough",
		"BRIEFDESK_SLACK_CLIENT_ID="+faultserver.ClientID, "BRIEFDESK_SLACK_CLIENT_SECRET="+faultserver.ClientSecret, "BRIEFDESK_SLACK_API_URL="+s.API())
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("docs.jsonl", crossing["north"])
	write("briefdesk.yaml", `slack: {mode: http, listen: "127.0.0.1:0", public_url: "http://127.0.0.1:1", workspaces: [`+faultserver.Team+`]}
web: {listen: "127.0.0.1:0"}
rooms: {"slack:`+faultserver.Team+`/C1": {collections: [north]}}
`)
	run := func(args ...string) *exec.Cmd {
		cmd := exec.Command(program, args...)
		cmd.Dir, cmd.Env = dir, environment
		return cmd
	}
	if out, err := run("add", "--collection", "north", "docs.jsonl").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	serve := run("serve", "--json")
	var errs bytes.Buffer
	serve.Stderr = &errs
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = serve.Process.Kill() // it has ended where all is well
		if t.Failed() {
			t.Logf("serve said:\n%s\n%s", errs.String(), s.Story())
		}
	}()
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	var serving servingJSON
	if err == nil {
		err = json.Unmarshal(line, &serving)
	}
	if err != nil || !strings.HasSuffix(serving.Slack, "/slack") {
		t.Fatalf("%q, %v", line, err)
	}
	s.SetRequestURL(serving.Slack)

	// Nobody is answered before the install.
	s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: faultserver.Mention + " is anybody there?"})

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	fetch := func(address string) (*http.Response, string) {
		resp, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp, string(body)
	}
	resp, _ := fetch(serving.Slack + "/install")
	asked, err := resp.Location()
	if err != nil || !strings.HasPrefix(asked.String(), strings.TrimSuffix(s.API(), "api/")+"oauth/v2/authorize?") || asked.Query().Get("redirect_uri") != "http://127.0.0.1:1/slack/oauth" {
		t.Fatalf("leads to %v, %v", asked, err)
	}
	back := serving.Slack + "/oauth?" + url.Values{"code": {s.Code()}, "state": {asked.Query().Get("state")}}.Encode()
	if resp, page := fetch(back); resp.StatusCode != http.StatusOK || !strings.Contains(page, "Installed in Fault") {
		t.Fatalf("%d %s", resp.StatusCode, page)
	}

	answered := func() bool {
		return slices.ContainsFunc(s.Said("C1"), func(m faultserver.Message) bool { return m.Thread != "" && m.Only == "" })
	}
	for asking := time.Now(); !answered(); s.Wait(3*time.Second, answered) { // the list of installs is read anew from time to time
		if time.Since(asking) > patience {
			t.Fatal("nobody is answered")
		}
		s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: faultserver.Mention + " why was the quince levy dropped?"})
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if data, err := os.ReadFile(path); err != nil || bytes.Contains(data, []byte("fault-0")) || bytes.Contains(data, []byte("xoxe")) {
			t.Errorf("%s holds a token, %v", path, err)
		}
	}

	s.Await(t, "doctor says what came", func() bool {
		out, _ := run("doctor").CombinedOutput()
		return strings.Contains(strings.Join(strings.Fields(string(out)), " "), "events came of app_mention")
	})
	s.Event(map[string]any{"type": "app_uninstalled"})
	s.Await(t, "the token is forgotten", func() bool {
		out, _ := run("doctor").CombinedOutput()
		return strings.Contains(string(out), "is installed in no workspace yet")
	})
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("serve ended with %v", err)
	}
	if v := s.Violations(); len(v) > 0 {
		t.Errorf("against the reference: %v", v)
	}
	if strings.Contains(errs.String(), "xoxe") {
		t.Error("serve prints a token")
	}
}

// slackMethods is the folder of the reference of Slack's methods.
func slackMethods(t *testing.T) string {
	t.Helper()
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "slack", "methods")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is absent: set BRIEFDESK_SHARED", dir)
		}
		t.Skipf("%s is absent: set BRIEFDESK_SHARED", dir)
	}
	return dir
}
