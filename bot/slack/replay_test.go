package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/bot"
	"briefdesk/bot/slack"
	"briefdesk/bot/slack/faultserver"
)

var update = flag.Bool("update", false, "write testdata/replay.txt anew")

// payloads is the folder of Slack's payloads.
func payloads(t testing.TB) string {
	t.Helper()
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "slack")
	if _, err := os.Stat(filepath.Join(dir, "methods")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is absent: set BRIEFDESK_SHARED", dir)
		}
		t.Skipf("%s is absent: set BRIEFDESK_SHARED", dir)
	}
	return dir
}

// payload is one file, as it comes through a door.
type payload struct {
	file, kind string
	body       map[string]any
	user       string // the bot's own, as the payload has it
}

// readPayloads reads all files that Slack might send, those that throw the app
// out last. What is no event, command or interaction comes as an event, which
// it is to be taken for nothing.
func readPayloads(t testing.TB) []payload {
	t.Helper()
	var all, last []payload
	root := payloads(t)
	for _, part := range []string{"recorded", "sdk", "shapes"} {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			p := payload{file: filepath.ToSlash(name), kind: faultserver.Events, body: map[string]any{}}
			if strings.HasSuffix(path, ".urlencoded") {
				raw := strings.TrimSpace(string(data))
				if strings.HasPrefix(raw, "payload%3D") { // encoded twice
					if raw, err = url.QueryUnescape(raw); err != nil {
						return err
					}
				}
				form, err := url.ParseQuery(raw)
				if err != nil {
					return err
				}
				p.kind = faultserver.Command
				for name, v := range form {
					p.body[name] = v[0]
				}
				if raw := form.Get("payload"); raw != "" {
					p.body = map[string]any{}
					data, p.kind = []byte(raw), faultserver.Interactive
				}
			}
			if len(p.body) == 0 && json.Unmarshal(data, &p.body) != nil {
				p.body = map[string]any{"list": json.RawMessage(data)} // of answers to calls
			}
			p.unwrap()
			if strings.Contains(string(data), "app_uninstalled") || strings.Contains(string(data), "tokens_revoked") {
				last = append(last, p)
			} else {
				all = append(all, p)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if all = append(all, last...); len(all) < 150 {
		t.Fatalf("%d payloads are there", len(all))
	}
	return all
}

// unwrap finds what a body is.
func (p *payload) unwrap() {
	if inner, ok := p.body["payload"].(map[string]any); ok && p.body["envelope_id"] != nil {
		p.kind, p.body = p.body["type"].(string), inner
	}
	kind, _ := p.body["type"].(string)
	switch {
	case p.body["command"] != nil && p.body["event"] == nil:
		p.kind = faultserver.Command
	case slices.Contains([]string{"block_actions", "block_suggestion", "view_submission", "view_closed", "shortcut", "message_action", "interactive_message"}, kind):
		p.kind = faultserver.Interactive
	case p.kind == faultserver.Events && p.body["event"] == nil && kind != "url_verification" && kind != "app_rate_limited":
		p.body = map[string]any{"type": "event_callback", "event_id": "Ev" + p.file, "team_id": faultserver.Team, "event": p.body} // the inside of an event
	}
	if all, _ := p.body["authorizations"].([]any); len(all) > 0 {
		first, _ := all[0].(map[string]any)
		p.user, _ = first["user_id"].(string)
	}
	event, _ := p.body["event"].(map[string]any)
	if m := mention.FindStringSubmatch(fmt.Sprint(event["text"])); m != nil && event["type"] == "app_mention" {
		p.user = m[1]
	} else if p.user == event["user"] && event["type"] == "message" && event["bot_id"] == nil {
		p.user = "" // ids that were blanked alike: a person wrote
	}
}

var mention = regexp.MustCompile(`<@([A-Z0-9]+)>`)

// door is a Chat that is connected, and what it heard.
type door struct {
	s    *faultserver.Server
	chat *slack.Chat
	logs *syncBuffer
	mu   sync.Mutex
	all  []bot.Heard
}

// openDoor connects a Chat, by socket or by HTTP.
func openDoor(t *testing.T, byHTTP bool) *door {
	t.Helper()
	d := &door{logs: &syncBuffer{}}
	d.s = faultserver.New(t, faultserver.Options{Reference: filepath.Join(payloads(t), "methods"), Unlimited: true, Minute: 10 * time.Millisecond, Patience: 30 * time.Second})
	o := slack.Options{Tokens: slack.Token(faultserver.BotToken), APIURL: d.s.API(), AppToken: faultserver.AppToken}
	if byHTTP {
		o.AppToken, o.SigningSecret = "", faultserver.SigningSecret
	}
	var err error
	if d.chat, err = slack.New(slog.New(slog.NewTextHandler(d.logs, nil)), o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- d.chat.Run(ctx, func(_ context.Context, all ...bot.Heard) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.all = append(d.all, all...)
			return nil
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if byHTTP {
		app := httptest.NewServer(d.chat)
		t.Cleanup(app.Close)
		d.s.SetRequestURL(app.URL + "/slack")
	} else {
		d.s.Await(t, "a socket", func() bool { return d.s.Sockets() > 0 })
	}
	return d
}

// take returns what was heard since it was last called.
func (d *door) take() []bot.Heard {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.all
	d.all = nil
	return all
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// id is how Slack names users and channels.
var id = regexp.MustCompile(`"([UWCDG][A-Z0-9]{3,12})"`)

// through sends a payload through the door, and returns what was heard. The
// bot of the payload is made the one of the server, and whom it names is known
// there.
func (d *door) through(t *testing.T, p payload) []bot.Heard {
	t.Helper()
	data, err := json.Marshal(p.body)
	if err != nil {
		t.Fatal(err)
	}
	if p.user != "" {
		data = bytes.ReplaceAll(data, []byte(p.user), []byte(faultserver.Bot))
	}
	for _, m := range id.FindAllSubmatch(data, -1) {
		switch name := string(m[1]); name[0] {
		case 'U', 'W':
			if name != faultserver.Bot {
				d.s.AddUser(faultserver.User{ID: name, Name: strings.ToLower(name)})
			}
		default:
			d.s.AddChannel(faultserver.Channel{ID: name, Name: strings.ToLower(name)})
		}
	}
	var body any
	if err := json.Unmarshal(data, &body); err != nil {
		t.Fatal(err)
	}
	sent := d.s.Deliver(p.kind, "", body)
	d.s.Await(t, p.file+" is taken", d.s.Idle)
	if !d.s.Taken(sent) && !strings.HasPrefix(p.file, "shapes/") { // a command without a name may be refused
		t.Errorf("%s was refused", p.file)
	}
	return d.take()
}

// TestReplay sends each of Slack's payloads through both doors. What comes of
// them is listed in testdata/replay.txt; of the rest comes nothing.
func TestReplay(t *testing.T) {
	t.Parallel()
	all := readPayloads(t)
	const golden = "testdata/replay.txt"
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			d := openDoor(t, way == "http")
			var lines []string
			for _, p := range all {
				for _, h := range d.through(t, p) {
					e := h.Event
					line := fmt.Sprintf("%s: %s", p.file, e.Kind)
					for mark, on := range map[string]bool{"addressed": e.Addressed, "direct": e.Direct, "external": e.External, "in a thread": e.Thread != "", "with text": e.Text != "", string(e.Action): e.Action != "", e.Command: e.Command != ""} {
						if on {
							line += ", " + mark
						}
					}
					words := strings.Split(line, ", ")
					slices.Sort(words[1:])
					lines = append(lines, strings.Join(words, ", "))
					if h.Key == "" || !strings.HasPrefix(h.Key, slack.Prefix) || !strings.HasPrefix(string(e.Room), slack.Prefix) || !strings.HasPrefix(e.Author, slack.Prefix) {
						t.Errorf("%s: key %q, room %q, author %q", p.file, h.Key, e.Room, e.Author)
					}
				}
			}
			slices.Sort(lines)
			got := strings.Join(lines, "\n") + "\n"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Error(diff)
			}
			if logs := d.logs.String(); strings.Contains(logs, "panic") || strings.Contains(logs, "level=ERROR") {
				t.Errorf("the log says:\n%s", logs)
			}
			for _, v := range d.s.Violations() {
				t.Error(v)
			}
			for _, c := range d.s.Calls("chat.postMessage") {
				t.Errorf("something was posted: %v", c.Args)
			}
		})
	}
}
