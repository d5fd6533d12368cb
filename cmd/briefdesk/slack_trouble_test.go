package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
)

// slackTroubleScene meets a process with what goes wrong in a workspace, one
// after another. With BRIEFDESK_PROVE it also waits for a socket that stays
// open, and hears and says nothing.
func slackTroubleScene(t *testing.T) {
	rooms := strings.ReplaceAll(deskRooms, `  "slack:dm"`, `  "slack:C8": {collections: [north]}
  "slack:dm"`)
	d := newSlackDesk(t, faultserver.Options{Minute: time.Second, PingEvery: 2 * time.Second}, "socket", rooms)
	d.s.AddChannel(faultserver.Channel{ID: "C8", Name: "elsewhere", Members: []string{"U1", "U2"}, Absent: true})
	d.connected()

	t.Run("a deleted question", func(t *testing.T) {
		question := faultserver.Mention + " " + why
		ts := d.s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: question, Unnoticed: true})
		d.s.Delete("C1", ts)
		d.s.Event(map[string]any{"type": "app_mention", "channel": "C1", "user": "U1", "text": question, "ts": ts, "event_ts": ts})
		d.s.Await(t, "the question is given up", func() bool {
			return strings.Contains(d.said.String(), "an answer ended without being posted") && d.s.Idle()
		})
		if said := d.s.Said("C1"); len(said) > 0 {
			t.Errorf("it answers in the channel itself: %s\n%s", whole(said[0]), d.s.Story())
		}
	})

	t.Run("a command where the bot is not", func(t *testing.T) {
		d.s.Run("C8", "U2", "/ask", why)
		d.s.Await(t, "an answer", func() bool { return len(d.s.Said("C8")) > 0 })
		if m := d.s.Said("C8")[0]; m.Only != "U2" {
			t.Errorf("%+v", m)
		}
	})

	t.Run("an address that has expired", func(t *testing.T) {
		d.s.Plan(faultserver.Fault{Method: "response_url", Kind: faultserver.Refused, Error: "expired_url"})
		d.s.Plan(faultserver.Fault{Method: "chat.postEphemeral", Kind: faultserver.Limited, Times: 1, Wait: time.Second})
		d.s.Run("C11", "U2", "/ask", why)
		d.s.Await(t, "an answer", func() bool { return len(d.s.Said("C11")) > 0 })
		has(t, d.s.Said("C11")[0], "First, the salt had run out.")
		d.s.Heal()
	})

	t.Run("refused blocks", func(t *testing.T) {
		for channel, code := range map[string]string{"C1": "invalid_blocks", "C21": "msg_blocks_too_long", "C41": "msg_too_long"} {
			d.s.Plan(faultserver.Fault{Method: "chat.postMessage", Channel: channel, Kind: faultserver.Refused, Error: code, Times: 1})
			m, _ := d.ask(t, channel, "U2", why)
			if all := whole(m); !strings.Contains(all, "salt had run out") {
				t.Errorf("%s: %s", code, all)
			}
		}
		d.s.Heal()
	})

	t.Run("an archived channel", func(t *testing.T) {
		d.s.AddChannel(faultserver.Channel{ID: "C31", Name: "old", Members: []string{"U2"}, Archived: true})
		d.s.Say(faultserver.Words{Channel: "C31", User: "U2", Text: faultserver.Mention + " " + why})
		m, _ := d.ask(t, "C41", "U2", why)
		has(t, m, "First, the salt had run out.")
	})

	t.Run("Socket Mode turned off and on", func(t *testing.T) {
		d.s.Disconnect(faultserver.LinkDisabled, 50*time.Millisecond)
		d.s.Await(t, "no socket", func() bool { return d.s.Sockets() == 0 })
		time.Sleep(300 * time.Millisecond)
		d.s.Enable()
		d.s.Await(t, "a socket", func() bool { return d.s.Sockets() > 0 })
		m, _ := d.ask(t, "C5", "U2", why)
		has(t, m, "First, the salt had run out.")
	})

	t.Run("a missing scope", func(t *testing.T) {
		d.s.AddUser(faultserver.User{ID: "U9", Name: "new"})
		d.s.AddChannel(faultserver.Channel{ID: "C1", Name: "north", Members: []string{"U1", "U2", "U9"}})
		d.s.Forbid("users:read")
		before := len(d.s.Said("C1"))
		d.s.Say(faultserver.Words{Channel: "C1", User: "U9", Text: faultserver.Mention + " " + why})
		d.s.Await(t, "a word about it", func() bool { return len(d.s.Said("C1")) > before })
		if m := d.s.Said("C1")[before]; m.Only != "U9" || !strings.Contains(m.Text, "users:read") || strings.Contains(whole(m), "salt") {
			t.Errorf("%+v", m)
		}
		if said := d.said.String(); !strings.Contains(said, "users:read") {
			t.Errorf("the operator does not hear of it:\n%s", said)
		}
	})

	if os.Getenv("BRIEFDESK_PROVE") != "" {
		t.Run("a ghost", func(t *testing.T) {
			opened := len(d.s.Calls("apps.connections.open"))
			d.s.Deafen(false)
			if !d.s.Wait(90*time.Second, func() bool { return len(d.s.Calls("apps.connections.open")) > opened }) {
				t.Fatal("it stays with a socket that is dead")
			}
			d.s.Deafen(true)
			m, _ := d.ask(t, "C5", "U2", why)
			has(t, m, "First, the salt had run out.")
		})
	}

	d.stop()
	for _, v := range d.s.Violations() {
		t.Error(v)
	}
	if said := d.said.String(); strings.Contains(said, "panic") || strings.Contains(said, faultserver.BotToken) || strings.Contains(said, "Lorem") {
		t.Errorf("the log says what it should not:\n%s", said)
	}
}
