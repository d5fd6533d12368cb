package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
)

// In a channel without the bot a command is answered to the one who gave it,
// and what cannot be posted there is told.
func TestChannelWithoutBot(t *testing.T) {
	w := newWorkspace(t)
	w.AddChannel(faultserver.Channel{ID: channel, Name: "cyber", Absent: true, Members: []string{userAna}})
	seen := func(words string) (m faultserver.Message) {
		w.await(words, func() bool {
			for _, one := range w.Messages(channel) {
				if strings.Contains(one.Text+jsonOf(one.Blocks), words) {
					m = one
				}
			}
			return m.TS != "" && w.Idle()
		})
		if m.Only != userAna {
			t.Errorf("%q is shown to all", words)
		}
		return m
	}
	w.Run(channel, userAna, "/ask", manyFound)
	w.Press(seen("do:share"), userAna, "do:share", "")
	seen("could not be posted")

	ts := w.Say(faultserver.Words{Channel: channel, User: userAna, Text: "who leads the sale of phones?", Unnoticed: true})
	for _, m := range w.Messages(channel) {
		if m.TS == ts {
			w.Shortcut(m, userAna, shortcutAsk)
		}
	}
	form, before := w.modalOf(userAna, callAsk, "who leads"), len(w.Messages(channel))
	w.Submit(form, userAna, fill(map[string]any{fieldQuestion: typed(manyFound), fieldReaders: chose("radio_buttons", readersAll)}))
	w.await("a line", func() bool { return len(w.Messages(channel)) > before && w.Idle() })
	if m := w.Messages(channel)[before]; m.Only != userAna || !strings.Contains(m.Text, "could not be posted") {
		t.Errorf("%+v", m)
	}
}

// There a long answer, of which Slack takes five messages, does not merely stop.
func TestLongAnswerWithoutBot(t *testing.T) {
	w := newWorkspace(t)
	w.AddChannel(faultserver.Channel{ID: channel, Name: "cyber", Absent: true, Members: []string{userAna}})
	var command struct {
		URL string `json:"response_url"`
	}
	if d := w.Run(channel, userAna, "/nothing", ""); json.Unmarshal(d.Body, &command) != nil || command.URL == "" {
		t.Fatalf("%s", d.Body)
	}
	o := briefs.Outgoing{Place: briefs.Place{Room: testRoom, Only: testUser, Own: w.chat.ownOf(command.URL, "")}, Part: briefs.Part{Text: "part"}}
	for i := range urlUses + 1 {
		_, err := w.chat.Send(t.Context(), o, briefs.DeliveryKey("k").Part(i+1))
		if (err != nil) != (i == urlUses) {
			t.Fatalf("%d: %v", i+1, err)
		}
	}
	for i, m := range w.Messages(channel) {
		if last := i == urlUses-1; strings.Contains(m.Text, lastWords) != last || strings.Contains(jsonOf(m.Blocks), lastWords) != last {
			t.Errorf("%d: %s", i+1, m.Text)
		}
	}
}

// Where Slack does not say who somebody is, a member is not taken to task for
// being a guest, and nothing is shown.
func TestSlackDoesNotSayWho(t *testing.T) {
	w := newWorkspace(t)
	m := w.answer(manyFound)
	w.chat.people.forget()
	w.Plan(faultserver.Fault{Method: "users.info", Kind: faultserver.BrokenBefore})
	before := len(w.Messages(channel))
	w.Run(channel, userAna, "/ask", manyFound)
	w.Press(m, userBen, "do:why", "")
	w.await("two lines", func() bool { return w.Idle() && len(w.Messages(channel)) > before+1 })
	for _, m := range w.Messages(channel)[before:] {
		if m.Only == "" || !strings.Contains(m.Text, "It cannot be told just now whether you are a member") {
			t.Errorf("%+v", m)
		}
	}
}
