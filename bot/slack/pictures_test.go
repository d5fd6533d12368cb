package slack

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/chart"
)

var pictures = flag.String("pictures", "", "folder to write the pictures of docs/slack.md into; needs local-slack and Chromium")

const (
	pictureBytes = 120_000 // at most, each
)

// shown are the scenes that docs/slack.md shows.
var shown = []string{"answer", "silence", "private", "briefing", "home", "briefings", "briefing-form", "verdict", "ask"}

// scene is one picture: messages, App Home or a form.
type scene struct {
	name     string
	said     string // by a member, above the messages
	messages []message
	home     *slack.HomeTabViewRequest
	modal    *slack.ModalViewRequest
	images   map[string][]byte
}

// scenes are what is shown of the sample library.
func scenes(t testing.TB) []scene {
	t.Helper()
	o := newOffice(t)
	drawn := func(parts []briefs.Part, how look, chart string) []message {
		var all []message
		for _, p := range parts {
			m, err := render(p, how, chart)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, m...)
		}
		return all
	}
	ask := func(name, question string) scene {
		return scene{name: name, said: question, messages: drawn(o.asked(t, name, question), lookFull, "")}
	}
	ctx := t.Context()
	all := []scene{
		ask("answer", "why did US-China cyber relations not break down?"),
		ask("silence", "what did the minister tell the committee about submarines?"),
		ask("long", "on what conditions is a tariff justified?"),
		ask("more", "Whose companies dominate the business of breaking into phones?"),
		{name: "private", messages: drawn(o.say(t, "private", bot.Event{Kind: bot.EventCommand, Command: "ask", Room: testRoom, Addressed: true, Author: testUser, Text: "has China taken part in the Counter Ransomware Initiative?"}), lookPlain, "")},
		{name: "cite", messages: drawn(o.say(t, "cite", cited(o.press(t, "answer", bot.ActionCite))), lookPlain, "")},
		{name: "brief", said: "brief tariffs", messages: drawn(o.say(t, "brief", bot.Event{Kind: bot.EventCommand, Command: "brief", Room: testRoom, Addressed: true, Author: testUser, Text: "tariffs"}), lookPlain, "")},
		{name: "why", messages: drawn(o.say(t, "why", o.press(t, "answer", bot.ActionWhy)), lookPlain, "")},
	}
	b, err := o.briefing(ctx, []string{"tariffs"})
	if err != nil {
		t.Fatal(err)
	}
	parts := b.Parts()[:1]
	listed, err := o.lib.Documents(ctx, briefs.Listing{Scope: briefs.Everything(), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var documents []briefs.Document
	for _, l := range listed {
		documents = append(documents, l.Document)
	}
	tally, err := chart.Count(documents, chart.ByCollection, time.Date(2023, 4, 3, 0, 0, 0, 0, time.UTC), time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if parts[0].Image, err = tally.PNG(chart.Light); err != nil {
		t.Fatal(err)
	}
	parts[0].Alt = tally.Alt()
	all = append(all, scene{name: "briefing", messages: drawn(parts, lookFull, "F01CHART")[:1], images: map[string][]byte{"F01CHART": parts[0].Image}})

	key := []byte("k")
	who := whoIn(testRoom)
	k := ticket{Team: "T01DESK", Who: who}
	for _, s := range []briefs.Schedule{
		{Topics: []string{"collection:cyber", "export controls"}, When: "every monday 09:00", Zone: "Europe/Berlin"},
		{Topics: []string{"tariffs"}, When: "first friday of the month 08:30", Zone: "Europe/Berlin", Quiet: briefs.QuietSkip},
	} {
		for _, room := range []briefs.RoomID{testRoom, testDM} {
			if _, err := o.PutBriefing(ctx, whoIn(room), "", s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := o.PauseBriefing(ctx, who, "tariffs"); err != nil {
		t.Fatal(err)
	}
	v, err := o.Home(ctx, whoIn(testDM))
	if err != nil {
		t.Fatal(err)
	}
	home := homeView(v, k.signed(key))
	subs, err := o.Briefings(ctx, who)
	if err != nil {
		t.Fatal(err)
	}
	preview, err := o.PreviewBriefing(ctx, who, "tariffs")
	if err != nil {
		t.Fatal(err)
	}
	form := func(name string, v slack.ModalViewRequest) {
		all = append(all, scene{name: name, modal: &v})
	}
	all = append(all, scene{name: "home", home: &home})
	form("briefings", listView(subs, true, "", k, key))
	form("briefing-form", formView(&subs[0], k, "Europe/Berlin", key))
	form("briefing-delete", deleteView(&subs[0], k, key))
	form("briefing-preview", previewView(&subs[1], preview, "", k, key))
	form("verdict", verdictView(k, key))
	form("ask", askView("Does anyone know why the talks on cyber norms went on after the indictments?", k, key))
	return all
}

// docs/slack.md shows every picture, and each is small. With -pictures they
// are taken anew, from the web page of local-slack.
func TestPictures(t *testing.T) {
	if *pictures != "" {
		takePictures(t, *pictures)
	}
	page, err := os.ReadFile("../../docs/slack.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range shown {
		file := "img/slack-" + name + ".png"
		if !strings.Contains(string(page), "]("+file+")") {
			t.Errorf("docs/slack.md does not show %s", file)
		}
		data, err := os.ReadFile("../../docs/" + file)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || len(data) > pictureBytes {
			t.Errorf("%s: %d bytes, %v: run make screenshots", file, len(data), err)
		}
	}
}

// cited asks for a footnote.
func cited(e bot.Event) bot.Event {
	e.Value = "1 chicago"
	return e
}

// whoIn is the member in a room.
func whoIn(room briefs.RoomID) bot.Who {
	return bot.Who{Room: room, Author: testUser, Direct: room == testDM}
}
