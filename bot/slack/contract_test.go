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

// quarter is a channel of the faulty server under the contract of platforms.
type quarter struct{ s *faultserver.Server }

func TestContract(t *testing.T) {
	chattest.Run(t, func(t *testing.T) chattest.Platform {
		return quarter{fault(t, faultserver.Options{Minute: 100 * time.Millisecond})}
	})
}

func (p quarter) Chat(t testing.TB) bot.Chat {
	c, err := New(slog.New(slog.DiscardHandler), Options{Tokens: Token(faultserver.BotToken), AppToken: faultserver.AppToken, APIURL: p.s.API()})
	if err != nil {
		t.Fatal(err)
	}
	c.pace.gap, c.times.backoff = 10*time.Millisecond, 100*time.Millisecond
	return c
}

func (p quarter) Room() briefs.RoomID    { return "slack:" + cyber }
func (p quarter) Nowhere() briefs.RoomID { return "slack:C0NOWHERE" }

func (p quarter) Say(t testing.TB, thread, text string, mention bool) string {
	p.s.Await(t, 5*time.Second, "a socket", func() bool { return p.s.Sockets() > 0 })
	if mention {
		text = faultserver.Mention + " " + text
	}
	return p.s.Say(faultserver.Words{Channel: cyber, User: ana, Thread: thread, Text: text})
}

func (p quarter) Again(t testing.TB, _ string) {
	p.s.Await(t, 5*time.Second, "a socket", func() bool { return p.s.Sockets() > 0 })
	for _, kind := range []string{"message", "app_mention"} {
		for _, d := range p.s.Delivered(kind) { // under its name, and a new one
			p.s.Again(d, false)
			p.s.Again(d, true)
		}
	}
}

func (p quarter) Noise(_ testing.TB, message, text string) {
	p.s.Edit(cyber, message, faultserver.Mention+" "+text)
	p.s.Say(faultserver.Words{Channel: cyber, BotID: "B0ELSE", Subtype: "bot_message", Thread: message, Text: faultserver.Mention + " " + text})
	for _, m := range p.s.Said(cyber) {
		p.s.Event(map[string]any{
			"type": "message", "channel": cyber, "channel_type": "channel", "user": faultserver.Bot, "bot_id": faultserver.BotID,
			"ts": m.TS, "thread_ts": m.Thread, "text": text, "event_ts": m.TS,
		})
	}
}

func (p quarter) Posts(t testing.TB) []chattest.Post {
	var out []chattest.Post
	for _, m := range p.s.Said(cyber) {
		data, err := json.Marshal(m.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		var blocks slack.Blocks
		if err := json.Unmarshal(data, &blocks); err != nil {
			t.Fatal(err)
		}
		post := chattest.Post{Thread: m.Thread, Text: visible(t, blocks.BlockSet)}
		if len(m.Blocks) == 0 {
			post.Text = unescape(m.Text)
		}
		post.Pings = strings.Count(m.Text, "<!") + strings.Count(m.Text, "<@")
		var tree any
		if err := json.Unmarshal(data, &tree); err != nil {
			t.Fatal(err)
		}
		walk(tree, func(o map[string]any) {
			switch text, _ := o["text"].(string); o["type"] {
			case "user", "usergroup", "broadcast", "channel":
				post.Pings++
			case "mrkdwn", "markdown":
				post.Pings += strings.Count(text, "<!") + strings.Count(text, "<@")
			}
		})
		out = append(out, post)
	}
	return out
}

func (p quarter) Mute(testing.TB) bool {
	p.s.Plan(faultserver.Fault{Method: "chat.postMessage", Kind: faultserver.Cut, Times: 1})
	return true
}
