package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// A line for people begins with a capital, unless it begins with an address.
func TestErrorLine(t *testing.T) {
	for text, want := range map[string]string{
		"name a topic": "Name a topic", "https://x.example: is away": "https://x.example: is away", "éclair is no topic": "éclair is no topic", "": "",
	} {
		if got := bot.ErrorLine(briefs.Fault(briefs.ErrInvalid, "%s", text), "id"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What a press of a button failed of is told to the one who pressed.
func TestPressThatFails(t *testing.T) {
	s := newScene(t)
	r := s.Failed("test:9", bot.Event{Kind: bot.EventAction, Action: bot.ActionMore, Answer: "a", Room: room, Thread: "m1", Message: "m2", Author: ana}, context.DeadlineExceeded)
	if len(r.Replies) != 1 || r.Replies[0].Place != (briefs.Place{Room: room, Thread: "m1", Only: ana}) {
		t.Errorf("%+v", r)
	}
}

// strict is a square in which some places are gone.
type strict struct {
	*square
	gone func(at briefs.Place) bool
}

func (s strict) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	if s.gone(o.Place) {
		return "", briefs.Fault(briefs.ErrNotFound, "nobody is there")
	}
	return s.square.Send(ctx, o, key)
}

// to replies at places.
type to []briefs.Place

func (all to) Respond(context.Context, string, bot.Event) (r bot.Response, err error) {
	for i, at := range all {
		r.Replies = append(r.Replies, briefs.Outgoing{Place: at, Part: briefs.Part{Text: fmt.Sprint(i + 1)}})
	}
	return r, nil
}

func (all to) Failed(string, bot.Event, error) bot.Response { return bot.Response{} }

// A place that is gone takes none of the replies to others with it, and who
// waits is told when nothing could be posted.
func TestAPlaceIsGone(t *testing.T) {
	me := briefs.Place{Room: "test:C0", Only: ana}
	first, second := briefs.Place{Only: "test:first"}, briefs.Place{Only: "test:second"}
	for _, test := range []struct {
		name    string
		to      to
		gone    []briefs.Place
		private bool
		want    []string // a piece of each post
	}{
		{"one owner of two", to{first, second, me}, []briefs.Place{first}, false, []string{"2", "3"}},
		{"both", to{first, second, me}, []briefs.Place{first, second}, false, []string{"could not be posted"}},
		{"the only one", to{first, me}, []briefs.Place{first}, false, []string{"could not be posted"}},
		{"what was to be shared", to{{Room: "test:C0"}}, []briefs.Place{{Room: "test:C0"}}, true, []string{"could not be posted"}},
		{"the room", to{{Room: "test:C0", Thread: "t"}, {Room: "test:C0", Thread: "t"}}, []briefs.Place{{Room: "test:C0", Thread: "t"}}, false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			lib, s := openLibrary(t), &square{}
			h := bot.Heard{Key: "test:1", Event: bot.Event{Kind: bot.EventAction, Room: "test:C0", Author: ana, Message: "m", Private: test.private}}
			chat := strict{s, func(at briefs.Place) bool { return slices.Contains(test.gone, at) }}
			work(t, lib, test.to, chat, hasty(), []bot.Heard{h}, func() bool { return counts(t, lib)[briefs.GivenUp] == 1 })
			if len(s.posts) != len(test.want) {
				t.Fatalf("%+v, want %q", s.posts, test.want)
			}
			for i, p := range s.posts {
				if !strings.Contains(p.Part.Text, test.want[i]) || p.Room != "" && p.Only != ana {
					t.Errorf("%+v, want %q", p, test.want[i])
				}
			}
		})
	}
}

// The rest of an answer is shown to all once, however often it is asked for.
func TestMoreIsShownOnce(t *testing.T) {
	lib, s := openLibrary(t), &square{}
	var all []bot.Heard
	for i, private := range []bool{false, false, true, true} {
		all = append(all, bot.Heard{Key: fmt.Sprint("test:", i), Event: bot.Event{Kind: bot.EventAction, Action: bot.ActionMore, Answer: "a1", Room: "test:C0", Author: ana, Message: "m", Private: private}})
	}
	work(t, lib, echo(func(bot.Event) (int, error) { return 1, nil }), s, hasty(), all, func() bool { return counts(t, lib)[briefs.Answered] == 3 })
	if s.count() != 3 {
		t.Errorf("%d posts", s.count())
	}
}
