package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/chart"
)

var pictures = flag.String("pictures", "", "folder to write the pictures of docs/slack.md into; needs local-slack and Chromium")

var remake = flag.Bool("remake", false, "ask the library again for the posts of testdata/posts")

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
	drawn := func(name string, how look, chart string, make func() []briefs.Part) []message {
		var all []message
		for _, p := range stored(t, name, make) {
			m, err := render(p, how, chart)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, m...)
		}
		return all
	}
	ask := func(name, question string) scene {
		return scene{name: name, said: question, messages: drawn(name, lookFull, "", func() []briefs.Part { return o.asked(t, name, question) })}
	}
	said := func(name, said string, e func() bot.Event) scene {
		return scene{name: name, said: said, messages: drawn(name, lookPlain, "", func() []briefs.Part { return o.say(t, name, e()) })}
	}
	command := func(name, text string) func() bot.Event {
		return func() bot.Event {
			return bot.Event{Kind: bot.EventCommand, Command: name, Room: testRoom, Addressed: true, Author: testUser, Text: text}
		}
	}
	ctx := t.Context()
	all := []scene{
		ask("answer", "why did US-China cyber relations not break down?"),
		ask("silence", "what did the minister tell the committee about submarines?"),
		ask("long", "on what conditions is a tariff justified?"),
		ask("more", "Whose companies dominate the business of breaking into phones?"),
		said("private", "", command("ask", "has China taken part in the Counter Ransomware Initiative?")),
		said("cite", "", func() bot.Event {
			e := o.press(t, "answer", bot.ActionCite)
			e.Value = "1 chicago"
			return e
		}),
		said("brief", "brief tariffs", command("brief", "tariffs")),
		said("why", "", func() bot.Event { return o.press(t, "answer", bot.ActionWhy) }),
	}
	parts := stored(t, "briefing", func() []briefs.Part {
		b, err := o.briefing(ctx, []string{"tariffs"})
		if err != nil {
			t.Fatal(err)
		}
		return b.Parts()[:1]
	})
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
	briefing, err := render(parts[0], lookFull, "F01CHART")
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, scene{name: "briefing", messages: briefing, images: map[string][]byte{"F01CHART": parts[0].Image}})

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
	preview := stored(t, "preview", func() []briefs.Part {
		parts, err := o.PreviewBriefing(ctx, who, "tariffs")
		if err != nil {
			t.Fatal(err)
		}
		return parts
	})
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

// stored are the posts of testdata/posts, which the library made once: how
// they are drawn is looked at here, not what is found.
func stored(t testing.TB, name string, make func() []briefs.Part) (parts []briefs.Part) {
	t.Helper()
	file := filepath.Join("testdata", "posts", name+".json")
	var bodies []json.RawMessage
	if *remake {
		for _, p := range make() {
			bodies = append(bodies, p.Body)
		}
		data, err := json.MarshalIndent(bodies, "", " ")
		if err == nil {
			err = os.WriteFile(file, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &bodies)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies {
		post, err := bot.PostOf(briefs.Part{Body: b})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, briefs.Part{Text: post.Plain(), Body: b})
	}
	return parts
}

// whoIn is the member in a room.
func whoIn(room briefs.RoomID) bot.Who {
	return bot.Who{Room: room, Author: testUser, Direct: room == testDM}
}
