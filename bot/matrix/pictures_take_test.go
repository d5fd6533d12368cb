//go:build homeserver && goolm

package matrix_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"html/template"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/bot/matrix"
	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
	"briefdesk/briefs/chart"
)

// line is a message as a picture shows it.
type line struct {
	Who   string
	Bot   bool
	Reply bool          // it stands in the thread of the one before
	HTML  template.HTML // as the event has it
	Image template.URL
}

// frame draws messages as clients do: the HTML that events carry, of which they
// show a subset, in a list with names.
var frame = template.Must(template.New("").Parse(`<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #fff; font: 15px/1.45 "Liberation Sans", sans-serif; color: #1b1d22 }
#room { width: 720px; padding: 14px 18px }
.m { display: grid; grid-template-columns: 36px 1fr; gap: 0 10px; margin-bottom: 12px }
.m.reply { margin-left: 30px; padding-left: 12px; border-left: 2px solid #e1e6ec }
.m b.face { width: 32px; height: 32px; border-radius: 50%; background: #7a6ff0; color: #fff; display: grid; place-items: center; font-weight: 600 }
.m.bot b.face { background: #0a7d6c }
.who { font-weight: 600; color: #5b50cf } .bot .who { color: #0a7d6c }
p { margin: 4px 0 } ul { margin: 4px 0; padding-left: 20px } a { color: #0b57c2; text-decoration: none }
blockquote { margin: 4px 0; padding-left: 10px; border-left: 3px solid #c9d1db }
pre { margin: 4px 0; padding: 6px 8px; background: #f3f5f7; border-radius: 4px; white-space: pre-wrap; font: 13px/1.4 monospace }
h1, h2, h3, h4 { font-size: 16px; margin: 8px 0 2px } em { color: #5c6570 }
img { max-width: 560px; border: 1px solid #e1e6ec; border-radius: 6px; margin-top: 4px }
</style><div id="room">{{range .}}<div class="m{{if .Bot}} bot{{end}}{{if .Reply}} reply{{end}}"><b class="face">{{slice .Who 0 1}}</b><div><div class="who">{{.Who}}</div>{{.HTML}}{{if .Image}}<img src="{{.Image}}">{{end}}</div></div>{{end}}</div>`))

// thumb is drawn where the machine may lack letters for it; clients bring their
// own.
func thumb(turned string) string {
	return `<svg width="16" height="16" viewBox="0 0 20 20" style="vertical-align:-3px"><path ` + turned + ` fill="#f2c14e" stroke="#8a6d1f" d="M2.5 9h3v8h-3zM6.5 9l3-6.5c1.3 0 2 .9 2 2V8h4.6c1 0 1.7.9 1.5 1.9l-1.1 5.6c-.2.9-.9 1.5-1.8 1.5H6.5z"/></svg>`
}

// takePictures lets an independent client ask in an encrypted room, and draws
// what it decrypts.
func takePictures(t *testing.T, folder string) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	peer := matrixtest.NewPeer(t, hs, ana)
	o := options(t, hs)
	chat, err := matrix.New(slog.New(slog.DiscardHandler), o)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2031, 3, 3, 8, 0, 0, 0, time.UTC) }
	office := chattest.NewOffice(t, now)
	w, r := office.Worker(chat, bot.WorkerOptions{Platform: "matrix"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = w.Run(ctx) }()
	go func() { _ = chat.Run(ctx, r.Handle) }()
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	name := briefs.RoomID("matrix:" + room)
	office.Grants[name] = bot.Grant{SetUp: true, Manage: true, Scope: briefs.Only("cyber")}
	drawn := func(ok func(matrixtest.Saw) bool, reply bool) (all []line) {
		for _, s := range peer.All(func(s matrixtest.Saw) bool { return s.Sender == o.UserID && s.Encrypted && ok(s) }) {
			l := line{Who: "desk", Bot: true, Reply: reply}
			body, _ := s.Content["formatted_body"].(string)
			l.HTML = template.HTML(strings.NewReplacer("👍", thumb(""), "👎", thumb(`transform="rotate(180 10 10)"`)).Replace(body))
			if s.Event == "picture" {
				data, err := os.ReadFile(s.File)
				if err != nil {
					t.Fatal(err)
				}
				l.Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data))
			}
			all = append(all, l)
		}
		return all
	}
	ask := func(root, words string, more map[string]any) (thread string, lines []line) {
		if root != "" {
			more = map[string]any{"m.relates_to": map[string]any{"rel_type": "m.thread", "event_id": root, "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": root}}}
		}
		seen := 0
		there := func(s matrixtest.Saw) bool {
			relation, _ := s.Content["m.relates_to"].(map[string]any)
			return relation["event_id"] == root
		}
		if root != "" {
			seen = len(drawn(there, true))
		}
		at := peer.Send(room, words, more)
		if root == "" {
			root = at
		}
		until(t, "the answer to "+words, func() bool { return len(drawn(there, true)) > seen })
		said := line{Who: "ana", Reply: at != root, HTML: template.HTML("<p>" + template.HTMLEscapeString(words) + "</p>")}
		return root, append([]line{said}, drawn(there, true)[seen:]...)
	}
	scenes := map[string][]line{}
	root, lines := ask("", "desk: "+chattest.Reason, mention(o.UserID))
	scenes["answer"] = lines
	_, lines = ask(root, "and what did the emergency response teams do?", nil)
	scenes["thread"] = lines
	_, lines = ask(root, "!cite 1 apa", nil)
	scenes["thread"] = append(scenes["thread"], lines...)
	if _, err := office.PutBriefing(t.Context(), bot.Who{Room: name, Author: "matrix:" + ana.ID}, "", briefs.Schedule{Topics: []string{"export controls"}, When: "every monday 09:00", Zone: "Europe/Berlin"}); err != nil {
		t.Fatal(err)
	}
	parts, err := office.PreviewBriefing(t.Context(), bot.Who{Room: name, Author: "matrix:" + ana.ID}, "export controls")
	if err != nil {
		t.Fatal(err)
	}
	part := parts[0]
	listed, err := office.Lib.Documents(t.Context(), briefs.Listing{Scope: briefs.Everything(), Limit: 100})
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
	if part.Image, err = tally.PNG(chart.Light); err != nil {
		t.Fatal(err)
	}
	part.Alt = tally.Alt()
	peer.Discard()
	if _, err := chat.Send(t.Context(), briefs.Outgoing{Place: briefs.Place{Room: name}, Part: part}, "briefing#1"); err != nil {
		t.Fatal(err)
	}
	any := func(matrixtest.Saw) bool { return true }
	until(t, "the briefing", func() bool { return len(drawn(any, false)) == 2 })
	scenes["briefing"] = drawn(any, false)

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("headless", "new"))
	if path := os.Getenv("BRIEFDESK_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	browser, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	browser, stop = chromedp.NewContext(browser)
	defer stop()
	for _, name := range shown {
		var page strings.Builder
		if err := frame.Execute(&page, scenes[name]); err != nil {
			t.Fatal(err)
		}
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page.String())) }))
		if _, err := chromedp.Run(browser, chromedp.EmulateViewport(760, 600, chromedp.EmulateScale(1.25))); err != nil {
			t.Fatal(err)
		}
		if _, err := chromedp.Run(browser, chromedp.Navigate(front.URL)); err != nil {
			t.Fatal(err)
		}
		data, err := chromedp.Run(browser, chromedp.Screenshot(chromedp.CSS("#room")))
		front.Close()
		if err == nil {
			data, err = small(data)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "matrix-"+name+".png"), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// small encodes a PNG again with the 256 colours that most of it has: the
// others are shades between them.
func small(data []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	box, counts := full.Bounds(), map[color.Color]int{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			counts[full.At(x, y)]++
		}
	}
	var few color.Palette = slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int { return counts[b] - counts[a] })
	out := image.NewPaletted(box, few[:min(len(few), 256)])
	draw.Draw(out, box, full, box.Min, draw.Src)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&b, out)
	return b.Bytes(), err
}
