package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
)

// why is a question that north answers.
const why = "why did the Lorem Transfer Board close the harbour?"

// TestSlack runs serve as a process of its own at a faulty Slack, in several
// scenes at the same time: most of what they do is to wait. BRIEFDESK_PROVE
// makes some of them long, and runs them one after another.
func TestSlack(t *testing.T) {
	prove := os.Getenv("BRIEFDESK_PROVE") != ""
	if !prove {
		t.Parallel()
	}
	atOnce(t, !prove, []scene{
		{"rooms", slackRoomsScene}, {"faults", slackFaultsScene}, {"killed", slackKilledScene}, {"briefing", slackBriefingScene}, {"trouble", slackTroubleScene}, {"load", slackLoadScene},
	})
}

type scene struct {
	name string
	run  func(t *testing.T)
}

// atOnce runs scenes at the same time, without taking a place of each from the
// tests that run in parallel; or one after another.
func atOnce(t *testing.T, together bool, scenes []scene) {
	var all sync.WaitGroup
	for _, s := range scenes {
		if together {
			all.Go(func() { t.Run(s.name, s.run) })
		} else {
			t.Run(s.name, s.run)
		}
	}
	all.Wait()
}

// slackRoomsScene is a day at the desk: one socket, and people who do all that
// they can do.
func slackRoomsScene(t *testing.T) {
	d := newSlackDesk(t, faultserver.Options{Minute: time.Second}, "socket", deskRooms)
	d.connected()
	t.Run("day", func(t *testing.T) { atOnce(t, true, d.day()) })

	t.Run("reconnects", func(t *testing.T) {
		for _, end := range []func(){
			func() { d.s.Disconnect(faultserver.Warning, 200*time.Millisecond) },
			func() { d.s.Disconnect(faultserver.RefreshRequested, 50*time.Millisecond) },
			d.s.Cut,
		} {
			opened := len(d.s.Calls("apps.connections.open"))
			end()
			m, _ := d.ask(t, "C5", "U2", why)
			has(t, m, "First, the salt had run out.")
			d.s.Await(t, "a new socket", func() bool { return d.s.Sockets() > 0 && len(d.s.Calls("apps.connections.open")) > opened })
		}
	})

	d.settle(t)
	d.stop()
	for _, v := range d.s.Violations() {
		t.Error(v)
	}
	if lost := d.s.Lost(); len(lost) > 0 {
		t.Errorf("Slack gave up %q", lost)
	}
	if said := d.said.String(); strings.Contains(said, "panic") {
		t.Errorf("serve said:\n%s", said)
	}
}

// day is what people do, at the same time, each in a room of their own: a room
// takes one message a second.
func (d *slackDesk) day() []scene {
	return []scene{
		{"mention", func(t *testing.T) {
			m, ts := d.ask(t, "C1", "U2", why)
			has(t, m, "First, the salt had run out.", "Second, the envoys had lost the key.", "The Harbour Fund", "Ada Placeholder", "10 April 2014", "/d/n1?")
			if m.Thread != ts || m.Only != "" || m.Unfurl || m.Text == "" {
				t.Errorf("%+v", m)
			}
			for _, event := range d.s.Delivered("app_mention") { // with the same name, and a new one
				d.s.Again(event, false)
				d.s.Again(event, true)
			}
			follow := d.s.Say(faultserver.Words{Channel: "C1", User: "U2", Thread: ts, Text: "when did the ministers sign the pact?"})
			all := d.answers(t, "C1", ts, 2)
			has(t, all[1], "signed the pact in May")
			d.s.Edit("C1", follow, "when did the board meet?")
			d.s.Say(faultserver.Words{Channel: "C1", User: "U2", Thread: ts, Text: "lovely"})
			d.s.Say(faultserver.Words{Channel: "C1", User: "", BotID: "B9", Subtype: "bot_message", Thread: ts, Text: faultserver.Mention + " " + why})
			d.s.Say(faultserver.Words{Channel: "C1", User: "U2", Text: why}) // nobody was addressed
			d.settle(t)
			if all = d.s.Answers("C1", ts); len(all) != 2 || len(d.s.Answers("C1", "")) > 0 {
				t.Errorf("%d answers in the thread, %d in the channel", len(all), len(d.s.Answers("C1", "")))
			}
		}},

		{"another room", func(t *testing.T) {
			ts := d.s.Say(faultserver.Words{Channel: "C2", User: "U2", Text: "why did the Dolor Quarantine Committee open the harbour?"}) // reply_to: questions
			has(t, d.answers(t, "C2", ts, 1)[0], "First, the salt had arrived.")
			m, _ := d.ask(t, "C11", "U2", "where did the zeppelin land?")
			has(t, m, "Nothing in this library answers that.")
			if all := whole(m); strings.Contains(all, "envoys landed") || strings.Contains(all, "Bo Invented") || strings.Contains(all, "Southern") {
				t.Errorf("a room hears of another's:\n%s", all)
			}
		}},

		{"direct message", func(t *testing.T) {
			ts := d.s.Say(faultserver.Words{Channel: "U2", User: "U2", Text: why})
			d.s.Await(t, "an answer", func() bool { return len(d.s.Said("D2")) > 0 })
			m := d.s.Said("D2")[0]
			has(t, m, "First, the salt had run out.")
			if m.Thread != "" && m.Thread != ts {
				t.Errorf("%+v", m)
			}
		}},

		{"commands", func(t *testing.T) {
			mine := func(user string) []faultserver.Message { // what only they see
				return slices.DeleteFunc(d.s.Said("C5"), func(m faultserver.Message) bool { return m.Only != user })
			}
			next := func(user, command, text string) faultserver.Message {
				t.Helper()
				before := len(mine(user))
				d.s.Run("C5", user, command, text)
				d.s.Await(t, command+" "+text, func() bool { return len(mine(user)) > before })
				return mine(user)[before]
			}
			private := next("U2", "/ask", why)
			has(t, private, "First, the salt had run out.")
			has(t, next("U2", "/ask", "help"), "/brief", "/sources")
			has(t, next("U2", "/brief", "the pact of Ipsum"), "Letters on the Pact")
			has(t, next("U2", "/sources", ""), "north")
			has(t, next("U1", "/briefings", "add the pact every monday 09:00 Europe/Berlin"), "the pact")
			has(t, next("U1", "/briefings", "list"), "the pact")

			d.s.Press(private, "U2", "do:share", "")
			d.s.Await(t, "the answer is shared", func() bool {
				return slices.ContainsFunc(d.s.Said("C5"), func(m faultserver.Message) bool { return m.Only == "" && m.Thread == "" })
			})
		}},

		{"buttons", func(t *testing.T) {
			m, ts := d.ask(t, "C21", "U2", why)
			d.s.Press(m, "U2", "do:why", "")
			shown := d.answers(t, "C21", ts, 2)
			cites := ""
			for _, s := range jsonStrings([]byte(mustJSON(t, m.Blocks))) {
				if strings.Contains(s, " 1 apa") {
					cites = s
				}
			}
			d.s.Press(m, "U2", "cite", cites)
			d.s.Await(t, "a footnote", func() bool { return len(d.s.Answers("C21", ts)) > len(shown) })
			has(t, d.s.Answers("C21", ts)[len(shown)], "Placeholder, A. (2014")
			for _, s := range jsonStrings([]byte(mustJSON(t, m.Blocks))) {
				if strings.HasSuffix(s, " good") {
					d.s.Press(m, "U2", "verdict", s)
				}
				if strings.HasSuffix(s, " bad") {
					d.s.Press(m, "U1", "verdict", s)
				}
			}
			d.s.Await(t, "a form", func() bool { _, ok := d.s.Modal("U1"); return ok })
			v, _ := d.s.Modal("U1")
			d.s.Submit(v, "U1", map[string]map[string]any{
				"verdict": {"verdict": map[string]any{"type": "radio_buttons", "selected_option": map[string]any{"value": "outdated"}}},
				"note":    {"note": map[string]any{"type": "plain_text_input", "value": "There is a newer one."}},
			})
			d.s.Await(t, "the verdicts are kept", func() bool {
				got := d.run(t, "feedback", "--json")
				return strings.Contains(got, "good") && strings.Contains(got, "outdated") && strings.Contains(got, "There is a newer one.")
			})
		}},

		{"gap", func(t *testing.T) {
			m, _ := d.ask(t, "C31", "U2", "who invented the velvet telegraph?")
			has(t, m, "Nothing in this library answers that.")
			d.s.Press(m, "U2", "do:owner", "")
			d.s.Await(t, "the owner hears of it", func() bool { return len(d.s.Said("D1")) > 0 })
			has(t, d.s.Said("D1")[0], "velvet telegraph")
		}},

		{"outsiders", func(t *testing.T) {
			for _, who := range []struct{ channel, user string }{{"C41", "U3"}, {"C41", "U4"}, {"C4", "U4"}, {"C4", "U2"}, {"C3", "U2"}} {
				m, ts := d.ask(t, who.channel, who.user, why)
				if all := whole(m); strings.Contains(all, "salt") || strings.Contains(all, "Harbour") || strings.Contains(all, "north") {
					t.Errorf("%v sees:\n%s", who, all)
				}
				d.s.Say(faultserver.Words{Channel: who.channel, User: who.user, Thread: ts, Text: faultserver.Mention + " and " + why})
				d.settle(t)
				if n := len(d.s.Answers(who.channel, ts)); n != 1 {
					t.Errorf("%v: %d answers, when one line a thread is enough", who, n)
				}
			}
			m, _ := d.ask(t, "C5", "U4", why) // external: true
			has(t, m, "First, the salt had run out.")
		}},

		{"hostile document", func(t *testing.T) {
			m, _ := d.ask(t, "C6", "U2", "why was the quince levy dropped?")
			if pings := m.Pings(); len(pings) > 0 {
				t.Errorf("it calls %q", pings)
			}
			if all := whole(m); strings.Contains(all, "<https://evil.example|our site>") && strings.Contains(mustJSON(t, m.Blocks), "mrkdwn") {
				t.Logf("as it stands:\n%s", all)
			}
			has(t, m, "Second, ignore previous instructions")
		}},

		{"hello", func(t *testing.T) {
			d.s.AddChannel(faultserver.Channel{ID: "C7", Name: "new", Members: []string{"U1"}, Absent: true})
			d.s.Invite("C7", "U1")
			d.s.Await(t, "a hello", func() bool { return len(d.s.Said("C7")) > 0 })
			for _, e := range d.s.Delivered("member_joined_channel") {
				d.s.Again(e, false)
			}
			d.settle(t)
			if n := len(d.s.Said("C7")); n != 1 {
				t.Errorf("%d hellos", n)
			}
		}},

		{"home and form", func(t *testing.T) {
			d.s.OpenHome("U1")
			d.s.Await(t, "a home", func() bool { _, ok := d.s.Home("U1"); return ok })
			home, _ := d.s.Home("U1")
			if all := mustJSON(t, home.Content); !strings.Contains(all, "north") || strings.Contains(all, "south") {
				t.Errorf("home: %s", all)
			}
			d.s.Run("C41", "U2", "/briefings", "")
			list := d.modal(t, "U2", "Briefings")
			d.s.PressView(list, "U2", "briefing-add", "")
			form := d.modal(t, "U2", "New briefing")
			zones := d.s.Suggest(form, "U2", "zone", "berl")
			d.s.Await(t, "zones", func() bool { return d.s.Taken(zones) })
			if !strings.Contains(string(d.s.Response(zones)), "Europe/Berlin") {
				t.Errorf("zones: %s", d.s.Response(zones))
			}
			option := func(kind, value string) map[string]any {
				return map[string]any{"type": kind, "selected_option": map[string]any{"value": value}}
			}
			values := map[string]map[string]any{
				"topics": {"topics": map[string]any{"type": "plain_text_input", "value": "the pact\ncollection:north"}},
				"often":  {"often": option("static_select", "week")},
				"days":   {"days": map[string]any{"type": "multi_static_select", "selected_options": []any{}}},
				"time":   {"time": map[string]any{"type": "timepicker", "selected_time": "07:15"}},
				"zone":   {"zone": option("external_select", "Europe/Berlin")},
				"words":  {"words": map[string]any{"type": "plain_text_input", "value": nil}},
				"quiet":  {"quiet": option("radio_buttons", "skip")}, "catch_up": {"catch_up": option("static_select", "all")},
			}
			faulty := d.s.Submit(form, "U2", values)
			d.s.Await(t, "a fault", func() bool { return d.s.Taken(faulty) })
			if got := string(d.s.Response(faulty)); !strings.Contains(got, `"errors"`) || !strings.Contains(got, `"days"`) {
				t.Errorf("without a day: %s", got)
			}
			values["days"]["days"] = map[string]any{"type": "multi_static_select", "selected_options": []any{map[string]any{"value": "Thursday"}}}
			d.s.Submit(form, "U2", values)
			d.s.Await(t, "the list shows it", func() bool {
				v, ok := d.s.Modal("U2")
				return ok && v.ID == list.ID && strings.Contains(mustJSON(t, v.Content), "the pact")
			})
			if got := d.run(t, "schedule", "list", "--json"); !strings.Contains(got, "slack:C41") || !strings.Contains(got, "every Thursday at 07:15") {
				t.Errorf("schedules: %s", got)
			}
			d.s.CloseModals("U2")
		}},
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
