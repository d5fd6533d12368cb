package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
)

func say(place briefs.Place, words string) briefs.Outgoing {
	return briefs.Outgoing{Place: place, Part: briefs.Part{Text: words}}
}

// idle runs without sockets, to post only.
func idle(c *Chat) { c.o.AppToken = "" }

// What is posted is quiet, literal, bears its key, and is found again.
func TestSendAndFind(t *testing.T) {
	s := fault(t, faultserver.Options{})
	c, _ := connected(t, s, idle)
	root := s.Say(faultserver.Words{Channel: cyber, User: ana, Text: "a question", Unnoticed: true})
	for _, at := range []briefs.Place{{Room: "slack:" + cyber}, {Room: "slack:" + cyber, Thread: root}, {Only: "slack:" + ana}} {
		key := briefs.DeliveryKey(fmt.Sprintf("k %v#1", at))
		receipt, err := c.Send(t.Context(), say(at, "<!channel> <@U0ANA> & https://x.org/a"), key)
		if err != nil {
			t.Fatal(err)
		}
		got, found, err := c.Find(t.Context(), at, key)
		if err != nil || !found || got != receipt {
			t.Errorf("%v: found %q %v %v, posted %q", at, got, found, err, receipt)
		}
		if _, found, err := c.Find(t.Context(), at, key+"0"); found || err != nil {
			t.Errorf("%v: another key: %v %v", at, found, err)
		}
	}
	said := s.Said(cyber)
	if len(said) != 2 || said[0].Thread != "" || said[1].Thread != root {
		t.Fatalf("%+v", said)
	}
	for _, m := range said {
		if m.Unfurl || len(m.Pings()) > 0 || m.Text == "" {
			t.Errorf("%+v", m)
		}
	}
	// The place of an earlier message is taken.
	o := say(briefs.Place{Room: "slack:" + cyber, Thread: root}, "changed")
	o.Replace = said[1].TS
	if receipt, err := c.Send(t.Context(), o, "k2#1"); err != nil || receipt != o.Replace {
		t.Error(receipt, err)
	}
	if said := s.Said(cyber); len(said) != 2 || !strings.Contains(said[1].Text, "changed") {
		t.Errorf("%+v", said)
	}
}

// Each way in which a post can fail is told as what it is: certainly not
// posted, or nobody knows. Nothing but 429 is tried again.
func TestSendFails(t *testing.T) {
	s := fault(t, faultserver.Options{})
	s.AddChannel(faultserver.Channel{ID: "C0OLD", Name: "old", Archived: true})
	s.AddChannel(faultserver.Channel{ID: "C0OUT", Name: "out", Absent: true})
	c, _ := connected(t, s, idle)
	for _, test := range []struct {
		name  string
		room  briefs.RoomID
		fault faultserver.Fault
		kind  error // nil for unknown
		calls int
		found bool
	}{
		{name: "archived", room: "slack:C0OLD", kind: briefs.ErrNotFound, calls: 1},
		{name: "not in it", room: "slack:C0OUT", kind: briefs.ErrNotFound, calls: 1},
		{name: "none", room: "slack:C0NONE", kind: briefs.ErrNotFound, calls: 1},
		{name: "503 before", fault: faultserver.Fault{Kind: faultserver.BrokenBefore}, calls: 1},
		{name: "503 after", fault: faultserver.Fault{Kind: faultserver.BrokenAfter}, calls: 1, found: true},
		{name: "cut", fault: faultserver.Fault{Kind: faultserver.Cut}, calls: 1, found: true},
		{name: "cut before", fault: faultserver.Fault{Kind: faultserver.CutBefore}, calls: 1},
		{name: "internal", fault: faultserver.Fault{Kind: faultserver.Refused, Error: "internal_error"}, calls: 1},
		{name: "down", fault: faultserver.Fault{Kind: faultserver.Refused, Error: "service_unavailable"}, kind: briefs.ErrUnavailable, calls: 1},
		{name: "metadata", fault: faultserver.Fault{Kind: faultserver.Refused, Error: "metadata_too_large"}, kind: briefs.ErrInvalid, calls: 1},
		{name: "scope", fault: faultserver.Fault{Kind: faultserver.Refused, Error: "missing_scope"}, kind: briefs.ErrUnavailable, calls: 1},
		{name: "limited for long", fault: faultserver.Fault{Kind: faultserver.Limited, Wait: time.Minute}, kind: briefs.ErrUnavailable, calls: 1},
		{name: "too long", fault: faultserver.Fault{Kind: faultserver.Refused, Error: "msg_blocks_too_long", Times: 3}, kind: briefs.ErrInvalid, calls: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.pace = newPace()
			c.pace.gap = 0
			if test.room == "" {
				test.room = "slack:" + cyber
			}
			if test.fault.Kind != "" {
				test.fault.Method = "chat.postMessage"
				s.Plan(test.fault)
			}
			before := len(s.Calls("chat.postMessage"))
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			key := briefs.DeliveryKey(test.name + "#1")
			_, err := c.Send(ctx, say(briefs.Place{Room: test.room}, "private words"), key)
			if err == nil {
				t.Fatal("no error")
			}
			for _, kind := range []error{briefs.ErrUnavailable, briefs.ErrNotFound, briefs.ErrInvalid} {
				if errors.Is(err, kind) != (kind == test.kind) {
					t.Errorf("%v: %v is not %v", err, kind, test.kind)
				}
			}
			if strings.Contains(err.Error(), "private words") || strings.Contains(err.Error(), "xoxb") {
				t.Error(err)
			}
			if n := len(s.Calls("chat.postMessage")) - before; n != test.calls {
				t.Errorf("%d calls, want %d", n, test.calls)
			}
			s.Heal()
			if test.kind == nil {
				if _, found, err := c.Find(t.Context(), briefs.Place{Room: test.room}, key); found != test.found || err != nil {
					t.Error(found, err)
				}
			}
		})
	}
	s.Close()
	c.http.CloseIdleConnections()
	if _, err := c.Send(t.Context(), say(briefs.Place{Room: "slack:" + cyber}, "x"), "closed#1"); !errors.Is(err, briefs.ErrUnavailable) {
		t.Error("a server that is not there:", err)
	}
}

// What Slack says about waiting is kept to, and holds up no other channel.
func TestLimited(t *testing.T) {
	s := fault(t, faultserver.Options{})
	s.AddChannel(faultserver.Channel{ID: "C0CALM", Name: "calm"})
	s.AddChannel(faultserver.Channel{ID: "C0SHUT", Name: "shut"})
	c, _ := connected(t, s, idle)
	s.Plan(faultserver.Fault{Method: "chat.postMessage", Channel: cyber, Kind: faultserver.Limited, Wait: time.Second, Times: 1})
	s.Plan(faultserver.Fault{Method: "chat.postMessage", Channel: "C0SHUT", Kind: faultserver.Limited, Wait: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := c.Send(ctx, say(briefs.Place{Room: "slack:C0SHUT"}, "x"), "k#1")
		done <- err
	}()
	waits := func() bool {
		c.pace.mu.Lock()
		defer c.pace.mu.Unlock()
		for line := range c.pace.paused {
			if strings.HasSuffix(line, "C0SHUT") {
				return true
			}
		}
		return false
	}
	for start := time.Now(); !waits(); time.Sleep(time.Millisecond) {
		if time.Since(start) > 2*time.Minute {
			t.Fatal("what Slack said about waiting is not heard")
		}
	}
	if _, err := c.Send(t.Context(), say(briefs.Place{Room: "slack:C0CALM"}, "x"), "k2#1"); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, briefs.ErrUnavailable) {
		t.Error("the first waits no more:", err)
	}
	start := time.Now()
	if _, err := c.Send(t.Context(), say(briefs.Place{Room: "slack:" + cyber}, "x"), "k3#1"); err != nil || time.Since(start) < time.Second || len(s.Said(cyber)) != 1 {
		t.Error(err, time.Since(start), len(s.Said(cyber)))
	}
}

// What one member sees is posted to them, through the response_url where the
// bot is no member, and cannot be read back.
func TestSendOnly(t *testing.T) {
	s := fault(t, faultserver.Options{})
	s.AddChannel(faultserver.Channel{ID: "C0OUT", Name: "out", Absent: true, Members: []string{ana}})
	c, e := connected(t, s, nil)
	for i, channel := range []string{cyber, "C0OUT"} {
		s.Run(channel, ana, "/ask", "why?")
		s.Await(t, "a command", func() bool { return len(e.heard()) == i+1 })
		got := e.heard()[i]
		at := got.Home()
		if _, err := c.Send(t.Context(), say(at, "an answer"), "k#1"); err != nil {
			t.Error(err)
		}
		said := s.Said(channel)
		if len(said) != 1 || said[0].Only != ana {
			t.Errorf("%+v", said)
		}
		if _, _, err := c.Find(t.Context(), at, "k#1"); !errors.Is(err, errors.ErrUnsupported) {
			t.Error(err)
		}
	}
	at := e.heard()[1].Home()
	for range urlUses - 1 {
		if _, err := c.Send(t.Context(), say(at, "more"), "k#1"); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.Send(t.Context(), say(at, "too much"), "k#1"); !errors.Is(err, briefs.ErrNotFound) {
		t.Error(err)
	}
	if c.trusted("https://evil.example/respond") || c.trusted("http://hooks.slack.com/x") || c.trusted("https://slack.com.evil.example/") || !c.trusted("https://hooks.slack.com/x") {
		t.Error("trusts the wrong addresses")
	}
}

// A part in several messages of which some were posted goes on where it ended.
func TestSeveralMessages(t *testing.T) {
	s := fault(t, faultserver.Options{})
	c, _ := connected(t, s, idle)
	post := bot.Post{}
	for range 60 {
		post.Blocks = append(post.Blocks, bot.Block{Kind: bot.BlockQuote, Text: strings.Repeat("A sentence of a document. ", 20), N: 1})
	}
	part, err := post.Part()
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := render(part, lookFull, "")
	if err != nil || len(drawn) < 3 {
		t.Fatal(len(drawn), err)
	}
	at := briefs.Place{Room: "slack:" + cyber}
	o := briefs.Outgoing{Place: at, Part: part}
	s.Plan(faultserver.Fault{Method: "chat.postMessage", Kind: faultserver.Cut, Skip: 1, Times: 1})
	if _, err := c.Send(t.Context(), o, "k#1"); err == nil || errors.Is(err, briefs.ErrUnavailable) {
		t.Fatal(err)
	}
	c.halves = map[briefs.DeliveryKey][]string{} // another process goes on
	if _, found, err := c.Find(t.Context(), at, "k#1"); found || err != nil {
		t.Fatal(found, err)
	}
	receipt, err := c.Send(t.Context(), o, "k#1")
	if err != nil {
		t.Fatal(err)
	}
	if said := s.Said(cyber); len(said) != len(drawn) || said[0].TS != receipt {
		t.Errorf("%d messages, want %d", len(said), len(drawn))
	}
	if got, found, err := c.Find(t.Context(), at, "k#1"); !found || got != receipt || err != nil {
		t.Error(got, found, err)
	}
}

// A chart is shown with its words; without the scope the words stand alone.
// A later message that Slack does not take as it is drawn is drawn plainer, and
// does not keep the rest.
func TestLaterMessageIsRefused(t *testing.T) {
	var blocks []bot.Block
	for range 30 {
		blocks = append(blocks, bot.Block{Kind: bot.BlockQuote, Text: strings.Repeat("all of it is said. ", 40)})
	}
	blocks = append(blocks, bot.Block{Kind: bot.BlockActions, Actions: []bot.Action{{ID: bot.ActionGood, Label: "Good", Answer: "a"}, {ID: bot.ActionWrong, Label: "Wrong", Answer: "a"}}})
	part, err := bot.Post{Blocks: blocks}.Part()
	if err != nil {
		t.Fatal(err)
	}
	for refusals, want := range []string{"context_actions", "static_select", ""} {
		s := fault(t, faultserver.Options{})
		c, _ := connected(t, s, idle)
		o := briefs.Outgoing{Place: briefs.Place{Room: "slack:" + cyber}, Part: part}
		drawn, err := render(part, lookFull, "")
		if err != nil || len(drawn) < 3 {
			t.Fatal(len(drawn), err)
		}
		s.Plan(faultserver.Fault{Method: "chat.postMessage", Kind: faultserver.Refused, Error: "invalid_blocks", Skip: len(drawn) - 1, Times: refusals})
		if refusals == 0 {
			s.Heal()
		}
		first, err := c.Send(t.Context(), o, "k#1")
		said := s.Said(cyber)
		if err != nil || len(said) != len(drawn) || first != said[0].TS {
			t.Fatalf("%d refusals: %d messages, want %d: %v", refusals, len(said), len(drawn), err)
		}
		if last := said[len(said)-1]; want == "" && len(last.Blocks) > 0 || !strings.Contains(jsonOf(last.Blocks), want) || !strings.Contains(last.Text, "all of it is said.") {
			t.Errorf("%d refusals: %s", refusals, jsonOf(last.Blocks))
		}
		if receipt, found, err := c.Find(t.Context(), o.Place, "k#1"); !found || receipt != first || err != nil {
			t.Errorf("%d refusals: found %v %s %v", refusals, found, receipt, err)
		}
	}
}

func TestChart(t *testing.T) {
	shared(t) // the scopes of the methods
	s := fault(t, faultserver.Options{})
	c, _ := connected(t, s, idle)
	o := say(briefs.Place{Room: "slack:" + cyber}, "a briefing")
	o.Part.Image, o.Part.Alt = []byte("\x89PNG\r\n\x1a\n"), "Documents per week: 1, 2, 3"
	if _, err := c.Send(t.Context(), o, "k#1"); err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprint(s.Said(cyber)[0].Blocks); !strings.Contains(all, "slack_file") || !strings.Contains(all, o.Part.Alt) {
		t.Error(all)
	}
	s.Forbid("files:write")
	if _, err := c.Send(t.Context(), o, "k#2"); err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprint(s.Said(cyber)[1].Blocks); strings.Contains(all, "slack_file") || !strings.Contains(all, "files:write") {
		t.Error(all)
	}
}

// Rooms are judged without posting.
func TestCheck(t *testing.T) {
	s := fault(t, faultserver.Options{})
	s.AddChannel(faultserver.Channel{ID: "C0OLD", Name: "old", Archived: true})
	s.AddChannel(faultserver.Channel{ID: "C0OUT", Name: "out", Absent: true})
	c, _ := connected(t, s, idle)
	for room, want := range map[briefs.RoomID]error{"slack:" + cyber: nil, "slack:C0OLD": briefs.ErrNotFound, "slack:C0OUT": briefs.ErrNotFound, "slack:C0NONE": briefs.ErrNotFound} {
		if err := c.Check(t.Context(), room); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%s: %v, want %v", room, err, want)
		}
	}
	if len(s.Calls("chat.postMessage")) > 0 {
		t.Error("it posted")
	}
}

// A status stands in the thread until the answer, or done, takes it away, and
// where there is none nobody asks again.
func TestBusy(t *testing.T) {
	s := fault(t, faultserver.Options{})
	c, _ := connected(t, s, idle)
	root := s.Say(faultserver.Words{Channel: cyber, User: ana, Text: "a question", Unnoticed: true})
	at := briefs.Place{Room: "slack:" + cyber, Thread: root}
	done := c.Busy(t.Context(), at, bot.Reading)
	s.Await(t, "a status", func() bool { return len(s.Statuses()) == 1 })
	reply := at
	reply.Own = "whatever came with the question"
	if _, err := c.Send(t.Context(), say(reply, "x"), "k#1"); err != nil {
		t.Fatal(err)
	}
	done()
	shown := s.Statuses()
	if len(shown) == 2 && shown[1].Text == "" { // its word of the first came after the message, so that it made sure
		shown = shown[:1]
	}
	if len(shown) != 1 || shown[0].Text != bot.Reading || shown[0].Thread != root {
		t.Errorf("%+v", shown)
	}
	before := len(s.Statuses())
	done = c.Busy(t.Context(), at, bot.Reading)
	s.Await(t, "a status", func() bool { return len(s.Statuses()) == before+1 })
	done()
	if all := s.Statuses(); len(all) != before+2 || all[before+1].Text != "" {
		t.Errorf("%+v", all)
	}
	s.Plan(faultserver.Fault{Method: "assistant.threads.setStatus", Kind: faultserver.Refused, Error: "unknown_method"})
	for range 3 {
		done := c.Busy(t.Context(), at, bot.Reading)
		time.Sleep(50 * time.Millisecond)
		done()
	}
	if n := len(s.Calls("assistant.threads.setStatus")); n != before+3 {
		t.Errorf("%d calls", n)
	}
}
