package slack

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"briefdesk/bot"
	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
)

const (
	ana    = "U0ANA"
	guest  = "U0GUEST"
	other  = "U0OTHER" // of another organisation
	cyber  = "C0CYBER"
	abroad = "C0ABROAD" // shared with another organisation
)

// ear hears what a Chat hands over, and may be made to fail.
type ear struct {
	mu     sync.Mutex
	all    []bot.Heard
	keys   map[string]bool
	refuse int // how many calls fail before one goes well
}

func (e *ear) handle(_ context.Context, all ...bot.Heard) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse > 0 {
		e.refuse--
		return errors.New("the disk is full")
	}
	if e.keys == nil {
		e.keys = map[string]bool{}
	}
	for _, h := range all {
		names := append([]string{h.Key}, h.Aliases...)
		if !slices.ContainsFunc(names, func(k string) bool { return e.keys[k] }) {
			e.all = append(e.all, h)
		}
		for _, k := range names {
			e.keys[k] = true
		}
	}
	return nil
}

// heard are the events that an inbox would keep, in order.
func (e *ear) heard() []bot.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []bot.Event
	for _, h := range e.all {
		all = append(all, h.Event)
	}
	return all
}

func (e *ear) texts() (all []string) {
	for _, h := range e.heard() {
		all = append(all, h.Text)
	}
	return all
}

// reference is the folder of the methods' reference; "" where it is absent.
func reference() string {
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "slack", "methods")
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// fault is a server with a few people and channels.
func fault(t *testing.T, o faultserver.Options) *faultserver.Server {
	t.Helper()
	t.Cleanup(func() { goleak.VerifyNone(t, goleak.IgnoreCurrent()) })
	o.Reference = reference()
	if o.Patience == 0 {
		o.Patience = 30 * time.Second // of a slow machine nobody asks for Slack's 3 s
	}
	s := faultserver.New(t, o)
	s.AddUser(faultserver.User{ID: ana, Name: "ana"})
	s.AddUser(faultserver.User{ID: guest, Name: "gus", Guest: true})
	s.AddUser(faultserver.User{ID: other, Name: "olga", Team: "T0ELSE"})
	s.AddChannel(faultserver.Channel{ID: cyber, Name: "cyber", Members: []string{ana, guest}})
	s.AddChannel(faultserver.Channel{ID: abroad, Name: "abroad", Members: []string{ana, other}, Shared: true})
	t.Cleanup(func() {
		for _, v := range s.Violations() {
			t.Error(v)
		}
	})
	return s
}

// connected is a Chat that runs, and what it hears.
func connected(t *testing.T, s *faultserver.Server, change func(c *Chat)) (*Chat, *ear) {
	t.Helper()
	c, err := New(slog.New(slog.NewTextHandler(t.Output(), nil)), Options{
		Tokens: Token(faultserver.BotToken), AppToken: faultserver.AppToken, SigningSecret: faultserver.SigningSecret, APIURL: s.API(),
	})
	if err != nil {
		t.Fatal(err)
	}
	c.pace.gap = 10 * time.Millisecond
	c.times.backoff = 100 * time.Millisecond
	if change != nil {
		change(c)
	}
	e := &ear{}
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() {
		if err := c.Run(ctx, e.handle); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); run.Wait() })
	if c.o.AppToken != "" {
		s.Await(t, "a socket", func() bool { return s.Sockets() > 0 })
	} else {
		s.Await(t, "Run", func() bool {
			c.run.RLock()
			defer c.run.RUnlock()
			return c.run.handler != nil
		})
		if _, one := c.o.Tokens.(Token); one {
			_, _ = c.team(t.Context(), "") // what Run asks ahead is asked: from now on the test alone uses c
		}
	}
	return c, e
}

// What people write comes once, as the event that it is.
func TestHears(t *testing.T) {
	s := fault(t, faultserver.Options{Minute: 100 * time.Millisecond})
	_, e := connected(t, s, nil)
	s.Say(faultserver.Words{Channel: cyber, User: ana, Text: faultserver.Mention + " why did the <https://x.org/a|talks> fail &amp; when?"})
	s.Await(t, "one event", func() bool { return len(e.heard()) == 1 && s.Idle() })
	got := e.heard()[0]
	if got.Text != "why did the talks fail & when?" || !got.Addressed || got.External || got.Direct || got.Thread != "" || got.Message == "" || got.Author != "slack:"+ana || got.Room != "slack:"+cyber || got.Kind != bot.EventText {
		t.Errorf("%+v", got)
	}
	root := got.Message
	s.Say(faultserver.Words{Channel: cyber, User: guest, Text: "and then?", Thread: root})
	s.Say(faultserver.Words{Channel: abroad, User: other, Text: faultserver.Mention + " hello"})
	s.Await(t, "three events", func() bool { return len(e.heard()) == 3 && s.Idle() })
	for _, got := range e.heard()[1:] {
		if !got.External || got.Addressed != (got.Room == "slack:"+abroad) || (got.Thread == root) != (got.Room == "slack:"+cyber) {
			t.Errorf("%+v", got)
		}
	}
	ts := s.Say(faultserver.Words{Channel: ana, User: ana, Text: "in private"})
	s.Await(t, "a direct message", func() bool { return len(e.heard()) == 4 && s.Idle() })
	if got := e.heard()[3]; !got.Direct || !got.Addressed || got.Message != ts || got.Room.Platform() != "slack" {
		t.Errorf("%+v", got)
	}
	d := s.Run(cyber, ana, "/ask", "what &lt;now&gt;?")
	s.Await(t, "a command", func() bool { return len(e.heard()) == 5 && s.Taken(d) })
	if got := e.heard()[4]; got.Kind != bot.EventCommand || got.Command != "ask" || got.Text != "what <now>?" || readOwn(got.Own).URL == "" {
		t.Errorf("%+v", got)
	}
	if lost := s.Lost(); len(lost) > 0 {
		t.Error(lost)
	}
}

// What is no new message of a person comes to nothing, and is acknowledged.
func TestPassesOver(t *testing.T) {
	s := fault(t, faultserver.Options{})
	_, e := connected(t, s, nil)
	s.AddUser(faultserver.User{ID: "U0ROBOT", Name: "robot", Bot: true})
	ts := s.Say(faultserver.Words{Channel: cyber, User: ana, Text: "nothing", Unnoticed: true})
	s.Edit(cyber, ts, faultserver.Mention+" something")
	s.Delete(cyber, ts)
	s.Say(faultserver.Words{Channel: cyber, User: faultserver.Bot, BotID: faultserver.BotID, Text: faultserver.Mention + " me"})
	s.Say(faultserver.Words{Channel: cyber, User: "U0ROBOT", BotID: "B0ELSE", Text: faultserver.Mention + " another bot"})
	s.Say(faultserver.Words{Channel: cyber, User: "U0ROBOT", Text: faultserver.Mention + " a bot that says so nowhere"})
	s.Say(faultserver.Words{Channel: cyber, User: ana, Subtype: "channel_topic", Text: faultserver.Mention + " topic"})
	for _, event := range []map[string]any{
		{"type": "app_mention", "user": ana, "text": faultserver.Mention + " edited", "edited": map[string]any{"user": ana}, "ts": "1.2", "channel": cyber},
		{"type": "message", "user": ana, "text": "hidden", "hidden": true, "ts": "1.3", "channel": cyber},
		{"type": "message", "user": "USLACKBOT", "text": "a reminder", "ts": "1.4", "channel": "D01"},
		{"type": "message", "user": ana, "text": "no sane channel", "ts": "1.5", "channel": "C1/../x"},
		{"type": "member_joined_channel", "user": ana, "channel": cyber, "event_ts": "1.6"},
		{"type": "agent_session_stopped", "user": ana, "channel": cyber, "event_ts": "1.7"},
		{"type": "app_context_changed", "user": ana, "channel": "D01", "event_ts": "1.8"},
		{"type": "something_new", "user": 7, "channel": []any{}, "event_ts": "1.9"},
	} {
		s.Event(event)
	}
	s.Await(t, "all taken", s.Idle)
	if got := e.heard(); len(got) > 0 {
		t.Errorf("heard %+v", got)
	}
	if lost := s.Lost(); len(lost) > 0 {
		t.Error(lost)
	}
	s.AddChannel(faultserver.Channel{ID: "C0NEW", Name: "new", Absent: true})
	s.Invite("C0NEW", ana)
	s.Await(t, "hello", func() bool { return len(e.heard()) == 1 })
	if got := e.heard()[0]; got.Kind != bot.EventJoined || got.Room != "slack:C0NEW" || got.Author != "slack:"+ana {
		t.Errorf("%+v", got)
	}
}

// No question is lost while sockets change, break, fall silent, or while the
// library refuses.
func TestSocketsOverlap(t *testing.T) {
	s := fault(t, faultserver.Options{Minute: time.Second, Patience: 400 * time.Millisecond, PingEvery: 50 * time.Millisecond})
	_, e := connected(t, s, func(c *Chat) {
		c.times = socketTimes{hello: 2 * time.Second, ping: 50 * time.Millisecond, silence: 300 * time.Millisecond, rotate: time.Hour, linger: 200 * time.Millisecond, backoff: 100 * time.Millisecond}
	})
	want := []string{}
	ask := func(words string) {
		want = append(want, words)
		s.Say(faultserver.Words{Channel: cyber, User: ana, Text: faultserver.Mention + " " + words})
	}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"warning", func() { s.Disconnect(faultserver.Warning, 300*time.Millisecond) }},
		{"refresh", func() { s.Disconnect(faultserver.RefreshRequested, 10*time.Millisecond) }},
		{"cut", s.Cut},
		{"deaf", func() { s.Deafen(false) }},
		{"off and on", func() {
			s.Disconnect(faultserver.LinkDisabled, 10*time.Millisecond)
			time.Sleep(150 * time.Millisecond)
			s.Enable()
		}},
		{"refusing", func() { e.mu.Lock(); e.refuse = 2; e.mu.Unlock() }},
	} {
		ask("before " + step.name)
		step.do()
		ask("after " + step.name)
		s.Await(t, step.name, func() bool { return len(e.heard()) == len(want) })
	}
	s.Await(t, "all taken", s.Idle)
	got := e.texts()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if lost := s.Lost(); len(lost) > 0 {
		t.Error(lost)
	}
}

// A server that never pings, but answers, keeps its one socket.
func TestServerWithoutPings(t *testing.T) {
	const silence = 2 * time.Second // longer than a busy machine holds a process up
	s := fault(t, faultserver.Options{PingEvery: time.Hour})
	opened := 0
	var mu sync.Mutex
	connected(t, s, func(c *Chat) {
		c.times.ping, c.times.silence = 30*time.Millisecond, silence
		c.o.Metrics.Socket = func(change int) {
			mu.Lock()
			defer mu.Unlock()
			opened += max(change, 0)
		}
	})
	time.Sleep(silence * 3 / 2)
	mu.Lock()
	defer mu.Unlock()
	if opened != 1 {
		t.Errorf("%d sockets were opened", opened)
	}
}

// A token that Slack refuses is told at the start, by name.
func TestRefusedAppToken(t *testing.T) {
	s := fault(t, faultserver.Options{})
	s.Revoke(faultserver.AppToken, "invalid_auth")
	c, err := New(slog.New(slog.DiscardHandler), Options{Tokens: Token(faultserver.BotToken), AppToken: faultserver.AppToken, APIURL: s.API()})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Run(t.Context(), (&ear{}).handle)
	if !errors.Is(err, briefs.ErrUnavailable) || !strings.Contains(err.Error(), "BRIEFDESK_SLACK_APP_TOKEN") || strings.Contains(err.Error(), faultserver.AppToken) {
		t.Error(err)
	}
}

// The decoder survives anything.
func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message","user":"U1","channel":"C1","ts":"1.2","text":"<@U0BOT> hi"}}`))
	f.Add([]byte(`{"event":{"type":"app_mention","user":{"id":"U1"},"channel":{"id":"C1"},"ts":"1.2","text":"<!here|"}}`))
	c, err := New(slog.New(slog.DiscardHandler), Options{Tokens: Token("x"), SigningSecret: "s"})
	if err != nil {
		f.Fatal(err)
	}
	t := &team{id: "T1", user: "U0BOT"}
	c.teams.known[""] = t
	f.Fuzz(func(tt *testing.T, b []byte) {
		var cb callback
		if json.Unmarshal(b, &cb) != nil || cb.Event.Type == "app_uninstalled" || cb.Event.Type == "tokens_revoked" {
			return
		}
		c.people.users["T1 "+string(cb.Event.User)] = person{until: time.Now().Add(time.Hour)}
		r, err := c.event(tt.Context(), &cb)
		if err != nil {
			tt.Fatal(err)
		}
		for _, h := range r.heard {
			if !strings.HasPrefix(h.Key, "slack:T1:") || h.Event.Room == "" || strings.ContainsAny(string(h.Event.Room), " /\n") || h.Event.Author == "slack:U0BOT" && h.Event.Kind == bot.EventText {
				tt.Errorf("%+v", h)
			}
		}
	})
}
