package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"briefdesk/bot"
)

var redraw = flag.Bool("redraw", false, "write what is drawn to testdata/golden")

// What is sent for each kind of message, form and page stays what was looked
// at: see the pictures.
func TestGolden(t *testing.T) {
	o := newOffice(t)
	all := scenes(t)
	for _, s := range all {
		var sent any = s.messages
		switch {
		case s.home != nil:
			sent = s.home
			checkViewBlocks(t, s.home.Blocks.BlockSet)
		case s.modal != nil:
			sent = s.modal
			checkView(t, *s.modal)
		default:
			for _, m := range s.messages {
				checkMessage(t, m)
			}
		}
		golden(t, s.name, sent)
	}
	// A card for a link to a reading page.
	var first bot.Post
	if err := json.Unmarshal(o.asked(t, "card", "why did US-China cyber relations not break down?")[0].Body, &first); err != nil {
		t.Fatal(err)
	}
	for _, b := range first.Blocks {
		if b.Kind != bot.BlockQuote {
			continue
		}
		post, ok, err := o.Unfurl(t.Context(), whoIn(testRoom), b.Link)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		part, err := post.Part()
		if err != nil {
			t.Fatal(err)
		}
		card, err := render(part, lookPlain, "")
		if err != nil || len(card) != 1 {
			t.Fatalf("%d messages, %v", len(card), err)
		}
		checkMessage(t, card[0])
		golden(t, "card", card)
		break
	}
	if _, ok, err := o.Unfurl(t.Context(), whoIn(testOther), first.Blocks[len(first.Blocks)-2].Link); ok || err != nil {
		t.Errorf("a card for a room that does not see the document: %v, %v", ok, err)
	}
}

// golden compares what is sent with what was.
func golden(t *testing.T, name string, sent any) {
	t.Helper()
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	to.SetIndent("", " ")
	if err := to.Encode(sent); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "golden", name+".json")
	if *redraw {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("%s (- was, + is; when it should be so: go test ./bot/slack -run TestGolden -redraw)\n%s", name, d)
	}
}
