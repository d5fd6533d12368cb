package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
)

// dropped are Tokens that tell what was dropped.
type dropped struct {
	teamTokens
	mu    sync.Mutex
	teams []string
}

func (d *dropped) Drop(_ context.Context, team string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.teams = append(d.teams, team)
	return nil
}

// A workspace that removes the app is left alone.
func TestUninstalled(t *testing.T) {
	s := fault(t, faultserver.Options{})
	tokens := &dropped{teamTokens: teamTokens{faultserver.Team: faultserver.BotToken}}
	c, e := connected(t, s, func(c *Chat) { c.o.Tokens = tokens })
	s.Event(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{ana}, "bot": []string{}}})
	s.Await(t, "taken", s.Idle)
	if err := c.Check(t.Context(), "slack:"+cyber); err != nil {
		t.Error(err)
	}
	s.Event(map[string]any{"type": "app_uninstalled"})
	s.Await(t, "taken", s.Idle)
	if len(tokens.teams) != 1 {
		t.Errorf("dropped %q", tokens.teams)
	}
	calls := len(s.Calls("chat.postMessage"))
	_, err := c.Send(t.Context(), briefs.Outgoing{Place: briefs.Place{Room: "slack:" + cyber}, Part: briefs.Part{Text: "x"}}, "k")
	if !errors.Is(err, briefs.ErrUnavailable) || len(s.Calls("chat.postMessage")) != calls {
		t.Error(err)
	}
	if len(e.heard()) > 0 {
		t.Error("it was taken for something to answer")
	}
}

// The workspace stands in the names of rooms where there may be several.
func TestQualifiedRooms(t *testing.T) {
	s := fault(t, faultserver.Options{})
	c, e := connected(t, s, func(c *Chat) {
		c.o.Qualify = true
		c.o.Tokens = teamTokens{faultserver.Team: faultserver.BotToken, "T0GONE": "xoxb-none"}
	})
	s.Say(faultserver.Words{Channel: cyber, User: ana, Text: faultserver.Mention + " hello"})
	s.Await(t, "a question", func() bool { return len(e.heard()) == 1 })
	room := e.heard()[0].Room
	if room != "slack:"+faultserver.Team+"/"+cyber {
		t.Error(room)
	}
	if err := c.Check(t.Context(), room); err != nil {
		t.Error(err)
	}
	for _, room := range []briefs.RoomID{"slack:" + cyber, "slack:T0NONE/" + cyber, "slack:", "matrix:!a:b", "slack:T0A/C/D"} {
		if err := c.Check(t.Context(), room); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("%s: %v", room, err)
		}
	}
}

type teamTokens map[string]string

func (m teamTokens) Teams(context.Context) ([]string, error) {
	var all []string
	for id := range m {
		all = append(all, id)
	}
	slices.Sort(all)
	return all, nil
}

func (m teamTokens) Token(_ context.Context, team string) (string, error) {
	if m[team] == "" {
		return "", briefs.Fault(briefs.ErrNotFound, "%s: not installed", team)
	}
	return m[team], nil
}

func (m teamTokens) Drop(context.Context, string) error { return nil }

// A scope that is missing is named to the person who asked, not to the room.
func TestTellsScope(t *testing.T) {
	shared(t) // the scopes of the methods
	s := fault(t, faultserver.Options{})
	s.Forbid("users:read")
	_, e := connected(t, s, nil)
	s.Say(faultserver.Words{Channel: cyber, User: ana, Text: faultserver.Mention + " why?"})
	s.Run(cyber, ana, "/ask", "why?")
	s.Await(t, "two lines", func() bool { return len(s.Said(cyber)) == 2 && s.Idle() })
	for _, m := range s.Said(cyber) {
		if m.Only != ana || !strings.Contains(m.Text, "users:read") {
			t.Errorf("%+v", m)
		}
	}
	if len(e.heard()) > 0 {
		t.Errorf("%+v", e.heard())
	}
}

// An app that is installed again goes on at once.
func TestInstalledAgain(t *testing.T) {
	s := fault(t, faultserver.Options{})
	tokens := teamTokens{faultserver.Team: "xoxb-of-old"}
	c, _ := connected(t, s, func(c *Chat) { c.o.Tokens = tokens; c.o.AppToken = "" })
	for range 2 {
		if err := c.Check(t.Context(), "slack:"+cyber); !errors.Is(err, briefs.ErrUnavailable) {
			t.Error(err)
		}
	}
	if n := len(s.Calls("auth.test")); n > 2 {
		t.Errorf("%d calls", n)
	}
	tokens[faultserver.Team] = faultserver.BotToken
	if err := c.Check(t.Context(), "slack:"+cyber); err != nil {
		t.Error(err)
	}
}

// A link to a reading page gets a quiet card where the room may see it; every
// other link is left alone.
func TestUnfurl(t *testing.T) {
	s := fault(t, faultserver.Options{})
	o := newOffice(t)
	connected(t, s, func(c *Chat) { c.o.Desk = o })
	s.AddChannel(faultserver.Channel{ID: "C01CYBER", Name: "cyber", Members: []string{ana}})
	s.AddChannel(faultserver.Channel{ID: "C09NEW", Name: "new", Members: []string{ana}})
	answer, err := o.Respond(t.Context(), "k", bot.Event{Kind: bot.EventCommand, Command: "ask", Room: testRoom, Addressed: true, Author: "slack:" + ana, Text: "why did US-China cyber relations not break down?"})
	if err != nil || answer.Shown == nil {
		t.Fatal(err, answer)
	}
	link := ""
	for _, r := range answer.Replies {
		post, err := bot.PostOf(r.Part)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range post.Blocks {
			if b.Kind == bot.BlockQuote && link == "" {
				link = b.Link
			}
		}
	}
	if link == "" {
		t.Fatal("the answer has no link")
	}
	share := func(channel string, more map[string]any) {
		ts := s.Say(faultserver.Words{Channel: channel, User: ana, Text: link, Unnoticed: true})
		event := map[string]any{
			"type": "link_shared", "user": ana, "channel": channel, "message_ts": ts, "source": "conversations_history", "is_bot_user_member": true,
			"links": []any{map[string]any{"url": link}, map[string]any{"url": "https://elsewhere.example/"}},
		}
		for k, v := range more {
			event[k] = v
		}
		s.Event(event)
	}
	share("C09NEW", nil)
	share("C01CYBER", map[string]any{"source": "composer"})
	share("C01CYBER", map[string]any{"is_bot_user_member": false})
	share("C01CYBER", nil)
	s.Await(t, "a card", func() bool { return len(s.Said("C01CYBER")) == 1 && s.Idle() })
	if got := s.Said("C01CYBER"); len(got) != 1 || got[0].Text != link || got[0].Blocks == nil {
		t.Errorf("%+v", got)
	}
	if got := s.Said("C09NEW"); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}
