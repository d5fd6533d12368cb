package slack

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
)

// TestContract holds Slack to what every platform must do.
func TestContract(t *testing.T) {
	chattest.Run(t, func(t *testing.T) chattest.Platform {
		return &world{s: fault(t, faultserver.Options{Unlimited: true, Minute: 200 * time.Millisecond})}
	})
}

// world is a platform under the contract.
type world struct{ s *faultserver.Server }

func (w *world) Chat(t testing.TB) bot.Chat {
	c, err := New(slog.New(slog.NewTextHandler(t.Output(), nil)), Options{Tokens: Token(faultserver.BotToken), AppToken: faultserver.AppToken, APIURL: w.s.API()})
	if err != nil {
		t.Fatal(err)
	}
	c.pace.gap = 0
	c.times.linger = 50 * time.Millisecond
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

func (w *world) Room() briefs.RoomID { return Prefix + cyber }

func (w *world) Nowhere() briefs.RoomID { return Prefix + "C0NOWHERE" }

func (w *world) Say(t testing.TB, thread, text string, mention bool) string {
	w.s.Await(t, "a socket", func() bool { return w.s.Sockets() > 0 })
	if mention {
		text = faultserver.Mention + " " + text
	}
	return w.s.Say(faultserver.Words{Channel: cyber, User: ana, Thread: thread, Text: text})
}

// Again delivers the message, and the mention, under the same names and under
// new ones.
func (w *world) Again(t testing.TB, message string) {
	w.s.Await(t, "a socket", func() bool { return w.s.Sockets() > 0 })
	for _, d := range w.s.Delivered("") {
		if strings.Contains(string(d.Body), `"ts":"`+message+`"`) {
			w.s.Again(d, false)
			w.s.Again(d, true)
		}
	}
	w.s.Await(t, "all taken", w.s.Idle)
}

func (w *world) Noise(t testing.TB, message, text string) {
	w.s.Edit(cyber, message, faultserver.Mention+" "+text)
	w.s.Say(faultserver.Words{Channel: cyber, User: "U0ROBOT", BotID: "B0ELSE", Thread: message, Text: faultserver.Mention + " " + text})
	for _, m := range w.s.Said(cyber) {
		w.s.Event(map[string]any{"type": "message", "channel": cyber, "user": faultserver.Bot, "bot_id": faultserver.BotID, "ts": m.TS, "thread_ts": m.Thread, "text": faultserver.Mention + " " + text})
	}
	w.s.Await(t, "all taken", w.s.Idle)
}

func (w *world) Posts(t testing.TB) []chattest.Post {
	t.Helper()
	var all []chattest.Post
	for _, m := range w.s.Said(cyber) {
		b, err := json.Marshal(m.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		var blocks slack.Blocks
		if err := json.Unmarshal(b, &blocks); err != nil {
			t.Fatal(err)
		}
		all = append(all, chattest.Post{Thread: m.Thread, Text: visible(t, blocks.BlockSet), Pings: len(m.Pings())})
	}
	return all
}

func (w *world) Mute(testing.TB) bool {
	w.s.Plan(faultserver.Fault{Method: "chat.postMessage", Kind: faultserver.Cut, Times: 1})
	return true
}
