package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

// soon is how long a test waits for what takes no time on a machine that is not slow.
const soon = 2 * time.Minute

// people of the office, and its channels.
const (
	userAna   = "U01ANA"
	userBen   = "U02BEN"
	userGuest = "U09GUEST"
	channel   = "C01CYBER"
	elsewhere = "C02OTHER"
)

// workspace is a Slack in which the whole bot runs: receiver, inbox, worker
// and the sample library.
type workspace struct {
	*faultserver.Server
	*office
	t    *testing.T
	chat *Chat
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	s := fault(t, faultserver.Options{})
	s.AddUser(faultserver.User{ID: userAna, Name: "ana", TZ: "Asia/Kolkata"})
	s.AddUser(faultserver.User{ID: userBen, Name: "ben", TZ: "Europe/Berlin"})
	s.AddUser(faultserver.User{ID: userGuest, Name: "gus", Guest: true})
	s.AddChannel(faultserver.Channel{ID: channel, Name: "cyber", Members: []string{userAna, userBen, userGuest}})
	s.AddChannel(faultserver.Channel{ID: elsewhere, Name: "other", Members: []string{userAna}})
	w := &workspace{Server: s, office: newOffice(t), t: t}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var err error
	w.chat, err = New(log, Options{
		Tokens: Token(faultserver.BotToken), AppToken: faultserver.AppToken, SigningSecret: faultserver.SigningSecret, APIURL: s.API(),
		Desk: w.Responder, Zones: schedule.Zones(),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.chat.pace.gap = 10 * time.Millisecond
	worker := bot.NewWorker(log, w.lib, w.Responder, w.chat, bot.WorkerOptions{Platform: "slack", BusyAfter: time.Minute})
	receiver := bot.NewReceiver(log, w.lib, w.Wants, worker.Wake, time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = worker.Run(ctx) })
	run.Go(func() { _ = w.chat.Run(ctx, receiver.Handle) })
	t.Cleanup(func() { cancel(); run.Wait() })
	w.await("a socket", func() bool { return s.Sockets() > 0 })
	return w
}

func (w *workspace) await(what string, f func() bool) {
	w.t.Helper()
	if !w.Wait(soon, f) {
		for _, user := range []string{userAna, userGuest} {
			v, ok := w.Modal(user)
			w.t.Logf("%s sees %v: %s", user, ok, jsonOf(v.Content))
		}
		w.t.Fatalf("not within %v: %s\n%s", soon, what, w.Story())
	}
}

// answer asks in the channel, and returns the bot's answer.
func (w *workspace) answer(question string) faultserver.Message {
	w.t.Helper()
	ts := w.Say(faultserver.Words{Channel: channel, User: userAna, Text: faultserver.Mention + " " + question})
	w.await("an answer", func() bool { return len(w.Answers(channel, ts)) > 0 && w.Idle() })
	return w.Answers(channel, ts)[0]
}

// modalOf waits for a modal of a user, by what it is called, that holds words.
func (w *workspace) modalOf(user, call, words string) faultserver.View {
	w.t.Helper()
	var v faultserver.View
	w.await("the form "+call+" with "+words, func() bool {
		var ok bool
		v, ok = w.Modal(user)
		return ok && v.Content["callback_id"] == call && strings.Contains(jsonOf(v.Content), words)
	})
	return v
}

func jsonOf(v any) string {
	var b strings.Builder
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	_ = to.Encode(v)
	return b.String()
}

// fill is the state of a form: its fields by their names.
func fill(fields map[string]any) map[string]map[string]any {
	out := map[string]map[string]any{}
	for name, v := range fields {
		out[name] = map[string]any{name: v}
	}
	return out
}

func typed(s string) map[string]any { return map[string]any{"type": "plain_text_input", "value": s} }

func chose(kind, s string) map[string]any {
	return map[string]any{"type": kind, "selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": s}, "value": s}}
}

const manyFound = "Whose companies dominate the business of breaking into phones?"

// Buttons do what they say: more in the thread, the rest to the one who
// pressed alone.
func TestButtons(t *testing.T) {
	w := newWorkspace(t)
	m := w.answer(manyFound)
	before := len(w.Answers(channel, m.Thread))
	w.Press(m, userBen, "do:more", "")
	w.await("more", func() bool { return len(w.Answers(channel, m.Thread)) > before && w.Idle() })
	last := func() faultserver.Message {
		all := w.Answers(channel, m.Thread)
		return all[len(all)-1]
	}
	if got := last(); got.Only != "" || !strings.Contains(jsonOf(got.Blocks), "rich_text_quote") {
		t.Errorf("more: %+v", got)
	}
	for _, press := range [][3]string{{"do:why", "", "Why these sentences"}, {actCite, "apa", "APA"}, {actFeedback, "good", "Noted: good"}} {
		before = len(w.Answers(channel, m.Thread))
		value := press[1]
		if value != "" {
			value = valueOf(t, m, press[0], value)
		}
		w.Press(m, userBen, press[0], value)
		w.await(press[2], func() bool { return len(w.Answers(channel, m.Thread)) > before && w.Idle() })
		if got := last(); got.Only != userBen || !strings.Contains(jsonOf(got.Blocks), press[2]) {
			t.Errorf("%s: %+v", press[0], got)
		}
	}
}

// valueOf finds the value of a button or option of m that holds words.
func valueOf(t *testing.T, m faultserver.Message, action, words string) (value string) {
	t.Helper()
	walk(any(m.Blocks), func(o map[string]any) {
		if o["action_id"] != action {
			return
		}
		walk(o, func(o map[string]any) {
			if s, ok := o["value"].(string); ok && strings.HasSuffix(s, words) && value == "" {
				value = s
			}
		})
	})
	if value == "" {
		t.Fatalf("%s has no %q", action, words)
	}
	return value
}

// A verdict that is not good is asked for in a form, and kept with its reason.
func TestVerdictForm(t *testing.T) {
	w := newWorkspace(t)
	m := w.answer(manyFound)
	w.Press(m, userBen, actFeedback, valueOf(t, m, actFeedback, bad))
	v := w.modalOf(userBen, callVerdict, "incomplete")
	d := w.Submit(v, userBen, fill(map[string]any{fieldVerdict: chose("radio_buttons", "incomplete"), fieldNote: typed(" the <2023> report & more ")}))
	w.await("the verdict", func() bool { return w.Taken(d) && w.Idle() && len(w.verdicts()) > 0 })
	got := w.verdicts()[0]
	if got.Verdict != briefs.Incomplete || got.Note != "the <2023> report & more" || got.Who != Prefix+userBen || got.Room != testRoom || got.Question != manyFound {
		t.Errorf("%+v", got)
	}
	// Another member's form is not theirs to send.
	w.Press(m, userBen, actFeedback, valueOf(t, m, actFeedback, bad))
	v = w.modalOf(userBen, callVerdict, "incomplete")
	d = w.Submit(v, userAna, fill(map[string]any{fieldVerdict: chose("radio_buttons", "wrong")}))
	w.await("a refusal", func() bool { return w.Taken(d) && w.Idle() })
	if all := w.verdicts(); len(all) != 1 || !strings.Contains(string(w.Response(d)), "out of date") {
		t.Errorf("%d verdicts, %s", len(all), w.Response(d))
	}
}

func (w *workspace) verdicts() []briefs.Feedback {
	all, err := w.lib.Feedback(context.Background(), 10)
	if err != nil {
		w.t.Error(err)
	}
	return all
}

// A question about a message is answered below it, or to the asker alone.
func TestAskAboutMessage(t *testing.T) {
	w := newWorkspace(t)
	ts := w.Say(faultserver.Words{Channel: channel, User: userBen, Text: "who leads the sale of *tools* for <https://x.example|phones> &amp; cameras?", Unnoticed: true})
	var m faultserver.Message
	for _, one := range w.Messages(channel) {
		if one.TS == ts {
			m = one
		}
	}
	for _, readers := range []string{readersAll, readersMe} {
		d := w.Shortcut(m, userAna, shortcutAsk)
		w.await("the shortcut", func() bool { return w.Taken(d) })
		v := w.modalOf(userAna, callAsk, "who leads the sale of *tools* for phones & cameras?")
		before := len(w.Messages(channel))
		if d = w.Submit(v, userAna, fill(map[string]any{fieldQuestion: typed(manyFound), fieldReaders: chose("radio_buttons", readers)})); d == nil {
			t.Fatal("not sent")
		}
		w.await("an answer", func() bool { return len(w.Messages(channel)) > before && w.Idle() })
		all := w.Messages(channel)
		got := all[len(all)-1]
		if private := readers == readersMe; (got.Only == userAna) != private || !private && got.Thread != ts {
			t.Errorf("%s: %+v", readers, got)
		}
	}
}

// The forms of briefings, from the first to the last.
func TestBriefingForms(t *testing.T) {
	w := newWorkspace(t)
	w.Run(channel, userAna, "/briefings", "")
	list := w.modalOf(userAna, callList, "No briefing yet")
	w.PressView(list, userAna, actAdd, "")
	form := w.modalOf(userAna, callForm, "Asia/Kolkata")

	d := w.Suggest(form, userAna, fieldZone, "berl")
	w.await("zones", func() bool { return w.Taken(d) })
	if got := string(w.Response(d)); !strings.Contains(got, `"Europe/Berlin"`) || strings.Contains(got, "Paris") {
		t.Errorf("zones: %s", got)
	}
	fields := map[string]any{
		fieldTopics: typed("tariffs\n<!channel> *x*"), fieldOften: chose("static_select", oftenWeek), fieldTime: map[string]any{"type": "timepicker", "selected_time": "08:30"},
		fieldDays: map[string]any{"type": "multi_static_select", "selected_options": []any{}}, fieldZone: chose("external_select", "Europe/Berlin"), fieldWords: typed(""),
		fieldQuiet: chose("radio_buttons", "skip"), fieldCatchUp: chose("static_select", "all"),
	}
	d = w.Submit(form, userAna, fill(fields))
	w.await("a fault", func() bool { return w.Taken(d) })
	if got := string(w.Response(d)); !strings.Contains(got, `"errors":{"days":`) {
		t.Errorf("no day: %s", got)
	}
	fields[fieldWords] = typed("every blursday 09:00")
	d = w.Submit(form, userAna, fill(fields))
	w.await("a fault", func() bool { return w.Taken(d) })
	if got := string(w.Response(d)); !strings.Contains(got, `"errors":{"words":`) || !strings.Contains(got, "blursday") {
		t.Errorf("words: %s", got)
	}
	fields[fieldWords] = typed("every 5 minutes")
	d = w.Submit(form, userAna, fill(fields))
	w.await("a fault", func() bool { return w.Taken(d) })
	if got := string(w.Response(d)); !strings.Contains(got, "15 minutes") {
		t.Errorf("too often: %s", got)
	}
	fields[fieldWords] = typed("monday, thursday 08:30")
	w.Submit(form, userAna, fill(fields))
	list = w.modalOf(userAna, callList, "tariffs, <!channel> *x*")
	all := w.schedules(testRoom)
	if len(all) != 1 || all[0].When != "every Monday and Thursday at 08:30" || all[0].Zone != "Europe/Berlin" || all[0].Quiet != briefs.QuietSkip || all[0].CatchUp != briefs.CatchUpAll {
		t.Fatalf("%+v", all)
	}
	mark := nameMark(schedule.Name(all[0]))

	w.PressView(list, userAna, actOnePick, pickPause+" "+mark)
	list = w.modalOf(userAna, callList, "paused by a member")
	w.PressView(list, userAna, actOnePick, pickResume+" "+mark)
	list = w.modalOf(userAna, callList, "next Thu 19 November 2026 08:30")
	w.PressView(list, userAna, actOnePick, pickShow+" "+mark)
	w.modalOf(userAna, callPreview, "rich_text_quote")
	w.CloseModals(userAna)

	w.Run(channel, userAna, "/briefings", "")
	list = w.modalOf(userAna, callList, "tariffs")
	w.PressView(list, userAna, actOnePick, pickEdit+" "+mark)
	form = w.modalOf(userAna, callForm, `"initial_value":"tariffs\n<!channel> *x*"`)
	fields[fieldTopics], fields[fieldWords] = typed("export controls"), typed("")
	fields[fieldDays] = map[string]any{"type": "multi_static_select", "selected_options": []any{chose("", "Friday")["selected_option"]}}
	fields[fieldOften] = chose("static_select", oftenLast)
	w.Submit(form, userAna, fill(fields))
	list = w.modalOf(userAna, callList, "export controls")
	if all = w.schedules(testRoom); len(all) != 1 || all[0].When != "last Friday of the month at 08:30" {
		t.Fatalf("%+v", all)
	}
	w.PressView(list, userAna, actOnePick, pickDelete+" "+nameMark("export controls"))
	sure := w.modalOf(userAna, callDelete, "export controls")
	w.Submit(sure, userAna, nil)
	w.modalOf(userAna, callList, "No briefing yet")
	if all = w.schedules(testRoom); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

func (w *workspace) schedules(room briefs.RoomID) []briefs.Schedule {
	all, err := w.lib.Schedules(context.Background())
	if err != nil {
		w.t.Error(err)
	}
	return slices.DeleteFunc(all, func(s briefs.Schedule) bool { return s.Room != room })
}

// Nobody manages a room but those who may, whatever they send.
func TestFormsAreTheirOwn(t *testing.T) {
	w := newWorkspace(t)
	w.Run(channel, userAna, "/briefings", "")
	w.PressView(w.modalOf(userAna, callList, "No briefing yet"), userAna, actAdd, "")
	form := w.modalOf(userAna, callForm, "Topics")
	fields := fill(map[string]any{fieldTopics: typed("mine"), fieldWords: typed("every monday 09:00"), fieldZone: chose("external_select", "UTC")})
	signed := form.Content["private_metadata"].(string)
	for name, forged := range map[string]string{
		"another room": strings.ReplaceAll(signed, channel, elsewhere), "nothing": "", "no signature": signed[strings.Index(signed, ".")+1:],
		"an answer of their own": fmt.Sprintf(`.{"t":%q,"w":{"Room":%q,"Author":%q}}`, faultserver.Team, testOther, testUser),
	} {
		form.Content["private_metadata"] = forged
		d := w.Submit(form, userAna, fields)
		w.await("a refusal", func() bool { return w.Taken(d) && w.Idle() })
		if got := string(w.Response(d)); !strings.Contains(got, "out of date") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if all, err := w.lib.Schedules(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	w.Run(channel, userGuest, "/briefings", "")
	v := w.modalOf(userGuest, callTold, "guests")
	if got := jsonOf(v.Content); strings.Contains(got, actAdd) || strings.Contains(got, "tariffs") {
		t.Errorf("a guest is shown %s", got)
	}
}

// App Home shows what its member can ask and nothing of other rooms, and is
// drawn anew when a form that was begun there has changed something.
func TestHome(t *testing.T) {
	w := newWorkspace(t)
	if _, err := w.PutBriefing(t.Context(), bot.Who{Room: testOther, Author: testUser}, "", briefs.Schedule{Topics: []string{"secret plans"}, When: "daily 09:00"}); err != nil {
		t.Fatal(err)
	}
	w.OpenHome(userAna)
	w.await("App Home", func() bool { _, ok := w.Home(userAna); return ok && w.Idle() })
	v, _ := w.Home(userAna)
	got := jsonOf(v.Content)
	if !strings.Contains(got, "cyber: 6 documents") || strings.Contains(got, "health") || strings.Contains(got, "secret") || !strings.Contains(got, "None yet") {
		t.Errorf("%s", got)
	}
	w.PressView(v, userAna, actAdd, "")
	form := w.modalOf(userAna, callForm, "Comes to this direct message")
	w.Submit(form, userAna, fill(map[string]any{
		fieldTopics: typed("export controls"), fieldOften: chose("static_select", oftenWeek), fieldTime: map[string]any{"type": "timepicker", "selected_time": "09:00"},
		fieldDays: map[string]any{"type": "multi_static_select", "selected_options": []any{chose("", "Monday")["selected_option"]}}, fieldZone: chose("external_select", "UTC"),
	}))
	w.await("App Home anew", func() bool {
		v, _ := w.Home(userAna)
		return strings.Contains(jsonOf(v.Content), "export controls") && strings.Contains(jsonOf(v.Content), "every Monday at 09:00 UTC")
	})
}
