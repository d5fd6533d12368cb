package faultserver_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/bot/slack/faultserver"
)

// referenceDir is the folder of the methods' reference.
func referenceDir(t testing.TB) string {
	t.Helper()
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
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

// packages is the folder that .ci/slack fills.
func packages(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", ".bin", "slack"))
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "node_modules", "@slack", "web-api"))
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("Slack's clients for Node.js are absent: run .ci/slack")
		}
		t.Skip("Slack's clients for Node.js are absent: run .ci/slack")
	}
	return dir
}

// Slack's own clients take the server for Slack.
func TestOfficialClients(t *testing.T) {
	t.Parallel()
	s := faultserver.New(t, faultserver.Options{Reference: referenceDir(t), Minute: 300 * time.Millisecond, Patience: 5 * time.Second, Unlimited: true})
	s.AddUser(faultserver.User{ID: "U1", Name: "ana"})
	s.AddChannel(faultserver.Channel{ID: "C1", Name: "desk", Members: []string{"U1"}})
	s.Plan(faultserver.Fault{Method: "team.info", Kind: faultserver.Limited, Times: 1, Wait: time.Second})
	cmd := exec.Command("node", filepath.Join("testdata", "sdk.mjs"), s.API(), packages(t))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the clients say %q\n%s", lines.Text(), s.Story())
	}

	s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: "hello"})
	s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: "once more"})
	s.Run("C1", "U1", "/ask", "what?")
	s.Await(t, "a modal and a late answer", func() bool {
		_, open := s.Modal("U1")
		return open && strings.Contains(text(s.Said("C1")), "later")
	})
	v, _ := s.Modal("U1")
	submitted := s.Submit(v, "U1", map[string]map[string]any{"b": {"a": map[string]any{"type": "plain_text_input", "value": "why"}}})
	s.Await(t, "all is taken", func() bool { return s.Taken(submitted) && s.Idle() })
	for i, reason := range []string{faultserver.Warning, faultserver.RefreshRequested} {
		s.Disconnect(reason, 100*time.Millisecond)
		s.Await(t, "the client is back after "+reason, func() bool { return s.Sockets() == 1 && len(s.Calls("apps.connections.open")) == i+2 })
	}
	s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: "still there?"})
	s.Await(t, "what is said afterwards is taken", s.Idle)

	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	lines.Scan()
	var seen map[string]any
	if err := json.Unmarshal(lines.Bytes(), &seen); err != nil {
		t.Fatalf("%v: %q", err, lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"auth": faultserver.Bot, "thread": []any{"root", "reply"}, "key": "k1", "replies": 1.0, "changed": "changed", "pages": 2.0, "file": true,
		"tooLong": "msg_too_long", "badBlocks": "invalid_blocks", "nowhere": "channel_not_found", "limited": 1.0, "afterwards": faultserver.Team, "unauthorized": "invalid_auth",
		"connected": 3.0, "view": "modal", "submitted": "why", "again": []any{1.0},
		"heard": []any{"hello", "later", "once more", "still there?"},
	}
	heard, _ := seen["heard"].([]any)
	for _, said := range want["heard"].([]any) {
		if strings.Count(text2(heard), said.(string)) != 1 {
			t.Errorf("%q was not heard once: %q", said, heard)
		}
	}
	delete(seen, "heard")
	delete(want, "heard")
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	if got := text(s.Said("C1")); !strings.Contains(got, "answer to what?") {
		t.Errorf("the answer with the acknowledgement is not there: %q", got)
	}
	if m := s.Said("C1")[2]; len(m.Files) != 1 || string(m.Files[0].Content) != "picture" || m.Files[0].Title != "A chart" {
		t.Errorf("the file is %+v", m)
	}
	for _, v := range s.Violations() {
		t.Error(v)
	}
	if lost := s.Lost(); len(lost) > 0 {
		t.Errorf("lost: %q", lost)
	}
}

func text(all []faultserver.Message) string {
	var parts []string
	for _, m := range all {
		parts = append(parts, m.Text)
	}
	return strings.Join(parts, "\n")
}

func text2(all []any) string {
	data, _ := json.Marshal(all)
	return string(data)
}
