package console_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/bot/console"
	"briefdesk/briefs"
)

// file is a console under the contract of platforms.
type file struct {
	path  string
	n     int
	lines map[string]console.Said
}

func TestContract(t *testing.T) {
	chattest.Run(t, func(t *testing.T) chattest.Platform {
		return &file{path: filepath.Join(t.TempDir(), "posts.jsonl"), lines: map[string]console.Said{}}
	})
}

func (f *file) Chat(t testing.TB) bot.Chat {
	c, err := console.Open(f.path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func (f *file) Room() briefs.RoomID { return "console:desk" }

func (f *file) Nowhere() briefs.RoomID { return "console:" }

func (f *file) write(t testing.TB, line any) {
	t.Helper()
	b, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(append(b, '\n')); err != nil {
		t.Fatal(err)
	}
}

func (f *file) Say(t testing.TB, thread, text string, mention bool) string {
	f.n++
	s := console.Said{Room: f.Room(), From: "ana", ID: "m" + strconv.Itoa(f.n), Thread: thread, Text: text, Aside: !mention}
	f.lines[s.ID] = s
	f.write(t, s)
	return s.ID
}

func (f *file) Again(t testing.TB, message string) { f.write(t, f.lines[message]) }

func (f *file) Noise(t testing.TB, message, text string) {
	edited := f.lines[message]
	edited.Text = text
	f.write(t, edited)
	f.write(t, console.Line{Room: f.Room(), Key: "another:bot", Part: 1, Thread: message, Text: text})
}

func (f *file) Posts(t testing.TB) []chattest.Post {
	var out []chattest.Post
	all, _ := lines(t, f.path)
	for _, l := range all {
		if l.Key != "" && l.Key != "another:bot" {
			out = append(out, chattest.Post{Thread: l.Thread, Text: l.Text})
		}
	}
	return out
}

func (f *file) Mute(testing.TB) bool { return false }
