package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// Whatever things are called and however many there are: App Home and every
// form stay within the limits, and nothing in them is read as anything but
// text.
func TestViewsStayWithinTheirLimits(t *testing.T) {
	key := []byte("k")
	rapid.Check(t, func(t *rapid.T) {
		v := bot.HomeView{Manage: rapid.Bool().Draw(t, "manage"), Now: today, Examples: []string{"/ask x"}}
		if rapid.IntRange(0, 9).Draw(t, "closed") == 0 {
			v.Closed = textOf(t, "line", 3)
		}
		for range rapid.IntRange(0, 20).Draw(t, "collections") {
			v.Sources.Collections = append(v.Sources.Collections, briefs.CollectionCount{Name: textOf(t, "collection", 2), Documents: 1})
		}
		for range rapid.IntRange(0, 25).Draw(t, "sources") {
			v.Sources.Sources = append(v.Sources.Sources, bot.Source{Name: textOf(t, "source", 2), Link: rapid.SampledFrom([]string{"", "https://x.example/f", "javascript:x"}).Draw(t, "link"), Collection: textOf(t, "collection", 1)})
		}
		for range rapid.IntRange(0, 40).Draw(t, "briefings") {
			s := briefs.Schedule{Topics: []string{textOf(t, "topic", 1)}, When: rapid.SampledFrom([]string{"every Monday at 09:00", "1st and 15th day of the month at 09:00", ""}).Draw(t, "when"), Zone: "Europe/Berlin", Made: rapid.Bool().Draw(t, "made")}
			if rapid.Bool().Draw(t, "paused") {
				s.Paused = textOf(t, "why", 1)
			}
			v.Briefings = append(v.Briefings, bot.Subscription{Schedule: s, Name: textOf(t, "name", 2)})
		}
		home := homeView(v, "m")
		checkViewBlocks(t, home.Blocks.BlockSet)
		if n := sizeOf(home); n > 250_000 {
			t.Errorf("App Home of %d bytes", n)
		}
		k := ticket{Team: "T1", Who: bot.Who{Room: testRoom, Author: testUser}}
		checkView(t, listView(v.Briefings, v.Manage, textOf(t, "line", 2), k, key))
		checkView(t, askView(textOf(t, "message", 4), k, key))
		if len(v.Briefings) > 0 {
			b := &v.Briefings[0]
			checkView(t, formView(b, k, "UTC", key))
			checkView(t, deleteView(b, k, key))
			post := postOf(t)
			part, err := post.Part()
			if err != nil {
				t.Fatal(err)
			}
			checkView(t, previewView(b, []briefs.Part{part, part}, "", k, key))
		}
	})
}

// Whatever stands in the body of a part: it is drawn within the limits, or
// refused.
func FuzzRender(f *testing.F) {
	for _, s := range hostile {
		body, err := json.Marshal(bot.Post{Blocks: []bot.Block{{Kind: bot.BlockQuote, Text: s, N: 1, Link: s, Note: s}, {Kind: bot.BlockSource, Text: s, URL: s}, {Kind: bot.BlockActions, Actions: []bot.Action{{ID: bot.ActionMore, Label: s, Value: s}}}}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, s)
	}
	f.Add([]byte(`{"blocks":[{"kind":"nothing","text":"x"},{"kind":"actions","actions":[{"id":"cite"}]},{"kind":"heading","depth":-3}]}`), "")
	f.Fuzz(func(t *testing.T, body []byte, words string) {
		part := briefs.Part{Text: strings.ToValidUTF8(words, ""), Body: body}
		if len(body) == 0 {
			part.Body = nil
		}
		for _, how := range []look{lookFull, lookPlain, lookWords} {
			messages, err := render(part, how, "")
			if err != nil {
				return
			}
			if len(messages) == 0 {
				t.Fatal("silence")
			}
			for _, m := range messages {
				checkMessage(t, m)
			}
		}
	})
}
