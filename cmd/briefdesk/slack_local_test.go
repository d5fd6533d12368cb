package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"briefdesk/bot/slack/faultserver"
)

// localSlack is a Slack that others wrote, which .ci/slack installs. It listens
// on every address, so that it runs in a network of its own.
func localSlack(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", ".bin", "slack", "node_modules", "local-slack-linux-x64", "bin", "local-slack"))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err == nil {
		err = exec.Command("unshare", "-rn", "ip", "link", "set", "lo", "up").Run()
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("local-slack cannot be run: run .ci/slack: %v", err)
		}
		t.Skipf("local-slack cannot be run: run .ci/slack: %v", err)
	}
	return path
}

// TestLocalSlack runs serve at a Slack that we did not write, by socket and by
// HTTP. With BRIEFDESK_PROVE it goes on asking for longer than a socket without
// pings is trusted: that Slack sends none.
func TestLocalSlack(t *testing.T) {
	program := localSlack(t)
	slackReference(t) // which says what is missing
	const inside = "BRIEFDESK_TEST_ALONE"
	if os.Getenv(inside) != t.Name() {
		t.Parallel()
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, "unshare", "-rn", "sh", "-c", `ip link set lo up && exec "$0" -test.run "^$1\$" -test.v`, self, t.Name())
		cmd.Env = append(os.Environ(), inside+"="+t.Name())
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	atOnce(t, true, []scene{
		{"socket", func(t *testing.T) { newLocalDesk(t, program, "socket").day(t) }},
		{"http", func(t *testing.T) { newLocalDesk(t, program, "http").day(t) }},
	})
}

// localDesk is serve at local-slack.
type localDesk struct {
	*slackDesk
	base, mode, port, own string // own is the port of serve
	ui                    *websocket.Conn
	restart               func(t *testing.T)
}

func newLocalDesk(t *testing.T, program, mode string) *localDesk {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	own, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	d := &localDesk{slackDesk: newSlackDesk(t, faultserver.Options{}, mode, `rooms:
  "slack:C01": {collections: [north]}
  "slack:C02": {collections: [south]}
  "slack:dm": {collections: [north]}
admins: ["slack:U01"]
`), base: "http://127.0.0.1:" + port, mode: mode, port: port, own: own}
	d.replace("briefdesk.yaml", d.s.API(), d.base+"/api/")
	d.replace("briefdesk.yaml", "listen: \"127.0.0.1:0\"}\nweb", "listen: \"127.0.0.1:"+own+"\"}\nweb")
	app := fmt.Sprintf("app: { appId: A01APP, botUserId: %s, botName: briefdesk, botToken: %s, appToken: %s, signingSecret: %s, ",
		faultserver.Bot, faultserver.BotToken, faultserver.AppToken, faultserver.SigningSecret)
	if mode == "socket" {
		app += "mode: socket }\n"
	} else {
		app += "mode: events, requestUrl: \"http://127.0.0.1:" + own + "/slack\" }\n"
	}
	d.write("local-slack.yaml", "workspace: { name: Desk, domain: desk, teamId: T01 }\n"+app+`users:
  - { id: U01, name: ana, real_name: Ana, email: ana@example.com }
  - { id: U02, name: bo, real_name: Bo, email: bo@example.com }
channels:
  - { id: C01, name: north, members: [U01, U02, U0BOT] }
  - { id: C02, name: south, members: [U01, U02, U0BOT] }
  - { id: C03, name: unlisted, members: [U01, U02, U0BOT] }
`)
	var cmd *exec.Cmd
	end := func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}
	launch := func(t *testing.T) {
		t.Helper()
		cmd = exec.Command(program, "--config", filepath.Join(d.dir, "local-slack.yaml"), "--port", port, "--base-host", "127.0.0.1", "--files-dir", d.dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		d.until(t, "local-slack listens", func() bool { c, err := net.Dial("tcp", "127.0.0.1:"+port); return err == nil && c.Close() == nil })
	}
	launch(t)
	t.Cleanup(func() { end() })
	d.restart = func(t *testing.T) {
		t.Helper()
		end()
		launch(t)
		d.there(t)
	}
	ui, _, err := websocket.DefaultDialer.Dial("ws://127.0.0.1:"+port+"/ui", nil)
	if err != nil {
		t.Fatal(err)
	}
	d.ui = ui
	t.Cleanup(func() { ui.Close() })
	d.start()
	t.Cleanup(func() {
		if d.cmd.ProcessState == nil {
			d.kill()
		}
		if t.Failed() {
			t.Logf("serve said:\n%s", d.said)
		}
	})
	d.there(t)
	return d
}

// there waits until serve hears local-slack.
func (d *localDesk) there(t *testing.T) {
	t.Helper()
	d.until(t, "serve is there", func() bool {
		if d.mode == "socket" {
			return strings.Contains(d.log(t), "socket connected")
		}
		c, err := net.Dial("tcp", "127.0.0.1:"+d.own)
		return err == nil && c.Close() == nil
	})
}

func (d *localDesk) until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !f(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within "+patience.String()+": %s\n%s\n%s", what, d.tail(), d.said)
		}
	}
}

// tail is the end of the log, where there is one.
func (d *localDesk) tail() string {
	resp, err := http.Get(d.base + "/_control/log")
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		return err.Error()
	}
	return body.String()[max(0, body.Len()-6000):]
}

func (d *localDesk) get(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Get(d.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return body.String()
}

// log is all that was called in both directions.
func (d *localDesk) log(t *testing.T) string { return d.get(t, "/_control/log") }

// post does what a person does; path is that of the control API.
func (d *localDesk) post(t *testing.T, path string, args any) map[string]any {
	t.Helper()
	resp, err := http.Post(d.base+path, "application/json", strings.NewReader(mustJSON(t, args)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out["ok"] != true {
		t.Fatalf("%s: %v %v", path, out, err)
	}
	return out
}

// say writes a message, and returns its name.
func (d *localDesk) say(t *testing.T, channel, user, text, thread string) string {
	t.Helper()
	args := map[string]any{"channel": channel, "user": user, "text": text}
	if thread != "" {
		args["thread_ts"] = thread
	}
	m, _ := d.post(t, "/_control/message", args)["message"].(map[string]any)
	ts, _ := m["ts"].(string)
	return ts
}

// said are the messages of the bot in a channel, those for one alone too.
func (d *localDesk) messages(t *testing.T, channel string) []map[string]any {
	t.Helper()
	var all struct{ Messages []map[string]any }
	if err := json.Unmarshal([]byte(d.get(t, "/_control/messages/"+channel)), &all); err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for _, m := range all.Messages {
		if m["user"] == faultserver.Bot || m["bot_id"] != nil {
			out = append(out, m)
		}
	}
	return out
}

// next waits for one more message than before, and returns it as JSON.
func (d *localDesk) next(t *testing.T, channel string, before int, words ...string) map[string]any {
	t.Helper()
	d.until(t, fmt.Sprintf("message %d in %s with %q", before+1, channel, words), func() bool { return len(d.messages(t, channel)) > before })
	m := d.messages(t, channel)[before]
	all := strings.Join(jsonStrings([]byte(mustJSON(t, m))), "\n")
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("%q is not in the message:\n%s", w, all)
		}
	}
	return m
}

// day is what people do.
func (d *localDesk) day(t *testing.T) {
	ts := d.say(t, "C01", "U02", faultserver.Mention+" "+why, "")
	m := d.next(t, "C01", 0, "First, the salt had run out.", "Second, the envoys had lost the key.", "The Harbour Fund", "/d/n1?")
	if m["thread_ts"] != ts {
		t.Errorf("thread %v, want %v", m["thread_ts"], ts)
	}
	d.say(t, "C01", "U02", "when did the ministers sign the pact?", ts)
	d.next(t, "C01", 1, "signed the pact in May")
	d.say(t, "C03", "U02", faultserver.Mention+" "+why, "")
	d.next(t, "C03", 0)

	direct, _ := d.post(t, "/api/conversations.open", map[string]any{"users": "U02"})["channel"].(map[string]any)
	dm, _ := direct["id"].(string)
	d.say(t, dm, "U02", why, "")
	d.next(t, dm, 0, "First, the salt had run out.")

	command := func(name, text string, words ...string) map[string]any {
		t.Helper()
		before := len(d.messages(t, "C02"))
		d.post(t, "/_control/command", map[string]any{"channel": "C02", "user": "U01", "command": name, "text": text})
		return d.next(t, "C02", before, words...)
	}
	private := command("/ask", "why did the Dolor Quarantine Committee open the harbour?", "First, the salt had arrived.")
	command("/brief", "the pact of Ipsum", "Why the Pact Broke")
	command("/sources", "", "south")
	command("/briefings", "add the pact every monday 09:00 Europe/Berlin", "the pact")
	d.press(t, "C02", "U01", private, "do:share")
	d.until(t, "the answer is shared", func() bool {
		for _, m := range d.messages(t, "C02") {
			if m["ephemeral_to"] == nil && strings.Contains(mustJSON(t, m), "the salt had arrived") {
				return true
			}
		}
		return false
	})
	before := len(d.messages(t, "C01"))
	d.press(t, "C01", "U02", m, "do:why")
	d.next(t, "C01", before, "holds the words of the question")
	d.press(t, "C01", "U02", m, "verdict") // good

	d.post(t, "/_control/open-home", map[string]any{"user": "U01"})
	d.until(t, "a home", func() bool { return strings.Contains(d.log(t), "views.publish") })
	d.form(t, m)
	if os.Getenv("BRIEFDESK_PROVE") != "" && d.mode == "socket" {
		for range 35 { // it hears no ping and leaves, every 30 seconds
			before := len(d.messages(t, dm))
			d.say(t, dm, "U02", why, "")
			d.next(t, dm, before, "First, the salt had run out.")
			time.Sleep(2 * time.Second)
		}
		t.Logf("%d sockets", strings.Count(d.log(t), "socket connected"))
	}
	d.restart(t) // which forgets all, and ends the socket
	d.say(t, "C01", "U02", faultserver.Mention+" "+why, "")
	d.next(t, "C01", 0, "First, the salt had run out.")
	d.stop()
	if got := d.run(t, "feedback", "--json"); !strings.Contains(got, `"good"`) || !strings.Contains(got, `"outdated"`) {
		t.Errorf("feedback: %s", got)
	}
}

// press presses a button of a message: of several of one name the first.
func (d *localDesk) press(t *testing.T, channel, user string, m map[string]any, action string) {
	t.Helper()
	blocks, _ := m["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			element, _ := e.(map[string]any)
			if element["action_id"] != action {
				continue
			}
			value := element["value"]
			if yes, ok := element["positive_button"].(map[string]any); ok {
				value = yes["value"]
			}
			d.post(t, "/_control/interact", map[string]any{"channel": channel, "messageTs": m["ts"], "user": user, "action": map[string]any{
				"action_id": action, "block_id": "as-slack-gives-it", "type": element["type"], "value": value,
			}})
			return
		}
	}
	t.Fatalf("the message has no %s:\n%s", action, mustJSON(t, m))
}

// form says what is wrong with an answer, in the form that asks, as the web page
// of local-slack sends it.
func (d *localDesk) form(t *testing.T, m map[string]any) {
	t.Helper()
	blocks := mustJSON(t, m["blocks"])
	var bad string
	for _, s := range jsonStrings([]byte(blocks)) {
		if strings.HasSuffix(s, " bad") {
			bad = s
		}
	}
	d.post(t, "/_control/interact", map[string]any{"channel": "C01", "messageTs": m["ts"], "user": "U01", "action": map[string]any{
		"action_id": "verdict", "block_id": "as-slack-gives-it", "type": "feedback_buttons", "value": bad,
	}})
	d.until(t, "a form", func() bool { return strings.Contains(d.log(t), "views.open") })
	err := d.ui.WriteJSON(map[string]any{"t": "view_submit", "user": "U01", "values": map[string]any{
		"verdict": map[string]any{"verdict": map[string]any{"type": "radio_buttons", "selected_option": map[string]any{"value": "outdated"}}},
		"note":    map[string]any{"note": map[string]any{"type": "plain_text_input", "value": "There is a newer one."}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	d.until(t, "a word of thanks", func() bool { return strings.Contains(mustJSON(t, d.messages(t, "C01")), "Noted: outdated") })
}
