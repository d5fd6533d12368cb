package slack

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
)

// yes answers every call, without a network: what was asked for exists, and is
// ordinary.
type yes struct{}

func (yes) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"ok":true,"user_id":"U0BOT","bot_id":"B0BOT","team_id":"T1","user":{"id":"U1","team_id":"T1"},"channel":{"id":"C1"}}`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// Whatever comes through a door, decoding it ends without a panic, and what is
// heard of it has names that can be kept.
func FuzzEnvelope(f *testing.F) {
	kinds := []string{kindEvent, kindCommand, kindInteraction, "hello", ""}
	for kind, payload := range map[int]string{
		0: `{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"member_joined_channel","user":"U0BOT","channel":"C1","event_ts":"1.2","inviter":"U1"}}`,
		1: `{"team_id":"T1","channel_id":"C1","user_id":"U1","command":"/ask","text":"why <@U1|x> <!here>?","response_url":"https://slack.example/r","trigger_id":"1.2"}`,
		2: `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"container":{"type":"message","message_ts":"1.2","thread_ts":"1.1"},"actions":[{"action_id":"verdict","block_id":"b","type":"feedback_buttons","value":"a good","action_ts":"3.4"}]}`,
	} {
		f.Add(kind, []byte(payload))
	}
	f.Add(2, []byte(`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"briefing-form","private_metadata":"x","state":{"values":{"days":{"days":{"type":"multi_static_select"}}}}}}`))
	f.Add(2, []byte(`{"type":"block_suggestion","team":{"id":"T1"},"user":{"id":"U1"},"action_id":"zone","value":"ber"}`))
	f.Add(2, []byte(`{"type":"message_action","callback_id":"ask_about","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"message":{"ts":"1.2","text":"*a* <b|c>"}}`))
	c, err := New(slog.New(slog.DiscardHandler), Options{
		Tokens: Token("x"), SigningSecret: "s", APIURL: "http://slack.example/api/", Client: &http.Client{Transport: yes{}}, Desk: bot.NewResponder(slog.New(slog.DiscardHandler), bot.Options{}),
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, kind int, payload []byte) {
		clear(c.teams.gone) // what removed the app before
		start := time.Now()
		r, err := c.react(t.Context(), envelope{kind: kinds[max(0, kind)%len(kinds)], payload: payload})
		if err != nil {
			return // it is told again
		}
		for _, h := range r.heard {
			names := append([]string{h.Key, string(h.Event.Room), h.Event.Author}, h.Aliases...)
			if slices.ContainsFunc(names, func(n string) bool { return !strings.HasPrefix(n, Prefix) || len(n) > 1000 }) {
				t.Errorf("%q", names)
			}
			if h.Event.Kind == bot.EventText && h.Event.Author == Prefix+"U0BOT" {
				t.Errorf("it hears itself: %+v", h.Event)
			}
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
