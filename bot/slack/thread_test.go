package slack

import (
	"errors"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
)

// A reply to a deleted message does not stand before the whole channel.
func TestDeletedParent(t *testing.T) {
	s := fault(t, faultserver.Options{})
	c, _ := connected(t, s, idle)
	for _, old := range []bool{false, true} {
		root := s.Say(faultserver.Words{Channel: cyber, User: ana, Text: "a question", Unnoticed: true})
		s.Delete(cyber, root)
		if old {
			c.o.Now = func() time.Time { return time.Now().Add(time.Hour) }
		}
		before := len(s.Calls("chat.postMessage"))
		_, err := c.Send(t.Context(), say(briefs.Place{Room: "slack:" + cyber, Thread: root}, "x"), "k#1")
		if !errors.Is(err, briefs.ErrNotFound) || len(s.Said(cyber)) > 0 {
			t.Errorf("%v; said %+v", err, s.Said(cyber))
		}
		if posted := len(s.Calls("chat.postMessage")) > before; posted == old {
			t.Errorf("old %v: posted %v", old, posted)
		}
	}
}

// One of which the deletion was told is not replied to at all.
func TestDeletionIsHeard(t *testing.T) {
	s := fault(t, faultserver.Options{})
	c, _ := connected(t, s, nil)
	root := s.Say(faultserver.Words{Channel: cyber, User: ana, Text: "a question", Unnoticed: true})
	s.Delete(cyber, root)
	s.Await(t, "the deletion is taken", s.Idle)
	_, err := c.Send(t.Context(), say(briefs.Place{Room: "slack:" + cyber, Thread: root}, "x"), "k#1")
	if !errors.Is(err, briefs.ErrNotFound) || len(s.Calls("chat.postMessage")) > 0 {
		t.Errorf("%v; %s", err, s.Story())
	}
}

// A reply that landed in the channel is taken back also where that does not go
// well at first, or the process is killed between: Find makes sure.
func TestAstray(t *testing.T) {
	for _, f := range []faultserver.Fault{
		{Method: "chat.postMessage", Kind: faultserver.Cut},
		{Method: "chat.postMessage", Kind: faultserver.BrokenAfter},
		{Method: "conversations.replies", Kind: faultserver.CutBefore},
		{Method: "conversations.replies", Kind: faultserver.Refused, Error: "service_unavailable"},
		{Method: "chat.delete", Kind: faultserver.CutBefore},
		{Method: "chat.delete", Kind: faultserver.Cut},
	} {
		t.Run(f.Method+" "+string(f.Kind), func(t *testing.T) {
			s := fault(t, faultserver.Options{})
			c, _ := connected(t, s, idle)
			at := briefs.Place{Room: "slack:" + cyber, Thread: s.Say(faultserver.Words{Channel: cyber, User: ana, Text: "a question", Unnoticed: true})}
			s.Delete(cyber, at.Thread)
			f.Times = 1
			s.Plan(f)
			_, err := c.Send(t.Context(), say(at, "x"), "k#1")
			for _, kind := range []error{nil, briefs.ErrUnavailable, briefs.ErrNotFound, briefs.ErrInvalid} {
				if errors.Is(err, kind) {
					t.Fatalf("%v: who sends it takes it for settled\n%s", err, s.Story())
				}
			}
			if receipt, found, err := c.Find(t.Context(), at, "k#1"); found || err != nil || len(s.Said(cyber)) > 0 {
				t.Errorf("found %q %v %v; said %+v\n%s", receipt, found, err, s.Said(cyber), s.Story())
			}
			posted := len(s.Calls("chat.postMessage"))
			if _, err := c.Send(t.Context(), say(at, "x"), "k#1"); !errors.Is(err, briefs.ErrNotFound) || len(s.Said(cyber)) > 0 {
				t.Errorf("%v; said %+v", err, s.Said(cyber))
			}
			if again := len(s.Calls("chat.postMessage")) > posted; again && f.Method != "chat.delete" {
				t.Errorf("it is posted again\n%s", s.Story())
			}
		})
	}
}
