package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/briefs"
)

var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

const (
	room  = briefs.RoomID("test:C1")
	ana   = "test:ana"
	other = "test:ben"
)

// scene is an office in which things are said and replied to at once.
type scene struct {
	*chattest.Office
	t *testing.T
	n int
}

func newScene(t *testing.T) *scene {
	t.Helper()
	return &scene{Office: chattest.NewOffice(t, func() time.Time { return noon }), t: t}
}

// reply is a reply and the platform's name for it.
type reply struct {
	briefs.Outgoing
	receipt string
}

func (r reply) post(t *testing.T) bot.Post {
	t.Helper()
	p, err := bot.PostOf(r.Part)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// do takes e the whole way, and returns what is posted.
func (s *scene) do(e bot.Event) []reply {
	s.t.Helper()
	ctx := s.t.Context()
	s.n++
	key := fmt.Sprintf("test:%d", s.n)
	if e.Room == "" {
		e.Room = room
	}
	if e.Author == "" {
		e.Author = ana
	}
	var out []reply
	again, err := s.Respond(ctx, key, e)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := s.Respond(ctx, key, e) // a crash makes it happen twice
	if err != nil {
		s.t.Fatal(err)
	}
	if strings.HasPrefix(e.Text, "briefings delete ") { // which then says that there is none
		resp = again
	}
	if fmt.Sprint(again) != fmt.Sprint(resp) && (resp.Shown == nil || again.Shown.ID != resp.Shown.ID) {
		s.t.Errorf("the second time:\n%v\nthe first:\n%v", resp, again)
	}
	if _, err := s.Lib.Receive(ctx, []briefs.Incoming{{Key: key, Lane: key, Body: []byte("{}"), At: noon}}); err != nil {
		s.t.Fatal(err)
	}
	taken, ok, err := s.Lib.Take(ctx, "test", "one", noon, time.Minute)
	if err != nil || !ok {
		s.t.Fatal(ok, err)
	}
	if taken, err = s.Lib.Compose(ctx, taken, resp.Replies, resp.Shown); err != nil {
		s.t.Fatal(err)
	}
	for i, o := range resp.Replies {
		receipt := fmt.Sprintf("%s-%d", key, i+1)
		if err := errors.Join(s.Lib.BeginReply(ctx, taken, i+1), s.Lib.SentReply(ctx, taken, i+1, receipt, noon)); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, reply{o, receipt})
	}
	if len(resp.Replies) == 0 {
		if err := s.Lib.End(ctx, taken, briefs.Answered, "", noon); err != nil {
			s.t.Fatal(err)
		}
	}
	return out
}

// one is the only reply.
func (s *scene) one(e bot.Event) reply {
	s.t.Helper()
	all := s.do(e)
	if len(all) != 1 {
		s.t.Fatalf("%d replies to %+v", len(all), e)
	}
	return all[0]
}

func (s *scene) silent(e bot.Event) {
	s.t.Helper()
	if all := s.do(e); len(all) > 0 {
		s.t.Errorf("%+v is replied to: %s", e, all[0].Part.Text)
	}
}

// mention is a question to the bot in the room.
func mention(message, text string) bot.Event {
	return bot.Event{Kind: bot.EventText, Message: message, Text: text, Addressed: true}
}

// inThread is a message in a thread that nobody addressed to the bot.
func inThread(thread, message, text string) bot.Event {
	return bot.Event{Kind: bot.EventText, Thread: thread, Message: message, Text: text}
}

func action(p bot.Post, id bot.ActionID) (bot.Action, bool) {
	for _, b := range p.Blocks {
		for _, a := range b.Actions {
			if a.ID == id {
				return a, true
			}
		}
	}
	return bot.Action{}, false
}

func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	at := 0
	for _, want := range wants {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("no %q, in this order, in:\n%s", want, text)
		}
		at += i + len(want)
	}
}
