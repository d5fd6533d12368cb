package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// What the server that invites adds to an invite is no proof of who invited.
func TestInviterCannotBeFeigned(t *testing.T) {
	const own = id.UserID("@desk:example.org")
	invite := func(by string) *event.Event {
		evt := &event.Event{}
		raw := fmt.Sprintf(`{"type":"m.room.member","state_key":%q,"sender":%q,"content":{"membership":"invite"}}`, own, by)
		if err := json.Unmarshal([]byte(raw), evt); err != nil {
			t.Fatal(err)
		}
		return evt
	}
	for _, test := range []struct {
		events []*event.Event
		want   id.UserID
	}{
		{nil, ""},
		{[]*event.Event{invite("@ana:example.org")}, "@ana:example.org"},
		{[]*event.Event{invite("@ana:example.org"), invite("@ana:example.org")}, "@ana:example.org"},
		{[]*event.Event{invite("@ana:example.org"), invite("@eve:evil.example")}, ""},
		{[]*event.Event{invite("@eve:evil.example"), invite("@ana:example.org")}, ""},
	} {
		if got := inviterIn(test.events, own); got != test.want {
			t.Errorf("invited by %q, want %q", got, test.want)
		}
	}
	list := []string{"@ana:example.org", "*:example.com"}
	for user, want := range map[id.UserID]bool{
		"@ana:example.org": true, "@bob:example.org": false, "@ana:example.org.evil": false, "@x:example.com": true, "@x:evil-example.com": false,
		"@x:example.com.evil": false, "@x:sub.example.com": false, "@x:example.com:8448": false, "x:example.com": false, "": false,
	} {
		if got := allowed(list, user); got != want {
			t.Errorf("%q is allowed: %v", user, got)
		}
	}
}

// broken is a cipher that fails as one does when the process ends.
type broken struct {
	cipher
	err error
}

func (b broken) decrypt(context.Context, *event.Event) (*event.Event, error) {
	return nil, fmt.Errorf("failed to get session: %w", b.err)
}

// A message that was being decrypted when the process was told to end, or the
// file of keys failed, is not passed over.
func TestMessageIsNotLostAtTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := &listener{Chat: &Chat{log: slog.New(slog.DiscardHandler)}, client: &mautrix.Client{UserID: "@desk:example.org"}, cipher: broken{err: context.Canceled}}
	evt := &event.Event{ID: "$1", Sender: "@ana:example.org", Type: event.EventEncrypted}
	if _, err := l.hear(ctx, "!a:example.org", evt); !errors.Is(err, context.Canceled) {
		t.Errorf("heard with %v", err)
	}
	l.cipher = broken{err: errKeys}
	if _, err := l.hear(t.Context(), "!a:example.org", evt); !errors.Is(err, errKeys) {
		t.Errorf("heard without keys with %v", err)
	}
}

// Every event stays below the limit of homeservers also when it is encrypted:
// an edit, which says all twice, and text that must be closed all along.
func TestEventsStaySmall(t *testing.T) {
	const most = 65_536
	turned := strings.Repeat("\u202aword ", 20_000)
	long := strings.Repeat("Wörter <&> \"eines\" Satzes. ", 6000)
	for _, o := range []briefs.Outgoing{
		{Part: part(t, bot.Block{Kind: bot.BlockQuote, N: 1, Text: turned})},
		{Part: part(t, bot.Block{Kind: bot.BlockQuote, N: 1, Text: long}), Replace: "$1"},
		{Part: part(t, bot.Block{Kind: bot.BlockQuote, N: 1, Text: turned}), Replace: "$1"},
	} {
		messages, err := renderWithin(o.Part, limitOf(&o))
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range compose(&o, messages) {
			raw, err := json.Marshal(&event.Content{Parsed: m.content})
			if err != nil {
				t.Fatal(err)
			}
			if n := (len(raw)+400)*4/3 + 1500; n > most {
				t.Errorf("piece %d (edit: %v) takes %d bytes encrypted", i+1, o.Replace != "", n)
			}
		}
	}
}

// In a thread a message that replies to another by its writer's choice does
// so; what clients add for those that know no threads says nothing.
func TestRepliesInThreads(t *testing.T) {
	for raw, want := range map[string]id.EventID{
		`{"m.in_reply_to":{"event_id":"$f"}}`: "$f",
		`{"rel_type":"m.thread","event_id":"$r","is_falling_back":true,"m.in_reply_to":{"event_id":"$f"}}`: "",
		`{"rel_type":"m.thread","event_id":"$r","m.in_reply_to":{"event_id":"$f"}}`:                        "$f",
		`{"rel_type":"m.thread","event_id":"$r"}`:                                                          "",
	} {
		evt := &event.Event{}
		if err := json.Unmarshal([]byte(`{"type":"m.room.message","content":{"msgtype":"m.text","body":"x","m.relates_to":`+raw+`}}`), evt); err != nil {
			t.Fatal(err)
		}
		(&listener{}).prepare("!a:example.org", evt)
		if got := repliedTo(evt); got != want {
			t.Errorf("%s replies to %q", raw, got)
		}
	}
}
