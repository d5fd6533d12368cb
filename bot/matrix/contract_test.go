//go:build homeserver

package matrix_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/bot/matrix"
	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

// square is a room on a homeserver under the contract of platforms.
type square struct {
	hs    *matrixtest.Server
	o     matrix.Options
	proxy *matrixtest.Proxy
	ana   *matrixtest.User
	other *matrixtest.User
	room  string
	n     int
}

func TestContract(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	n := 0
	chattest.Run(t, func(t *testing.T) chattest.Platform {
		n++
		bot := fmt.Sprint("desk", n)
		hs.Register(t, bot)
		s := &square{hs: hs, o: options(t, hs), proxy: matrixtest.NewProxy(t, hs), ana: hs.Register(t, fmt.Sprint("ana", n)), other: hs.Register(t, fmt.Sprint("other", n))}
		s.o.UserID = "@" + bot + ":" + hs.Name
		s.o.Homeserver = s.proxy.URL
		s.room = s.ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{s.o.UserID, s.other.ID}})
		if err := s.other.Call(t.Context(), http.MethodPost, "/join/"+s.room, map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
		s.join(t)
		return s
	})
}

// join lets the bot come into the room, without a word.
func (s *square) join(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var joined atomic.Bool
	ended := make(chan error, 1)
	chat := s.Chat(t)
	go func() {
		ended <- chat.Run(ctx, func(_ context.Context, all ...bot.Heard) error {
			joined.Store(true)
			return nil
		})
	}()
	until(t, "the bot joins", joined.Load)
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func (s *square) Chat(t testing.TB) bot.Chat {
	c, err := matrix.New(slog.New(slog.DiscardHandler), s.o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *square) Room() briefs.RoomID { return briefs.RoomID("matrix:" + s.room) }

func (s *square) Nowhere() briefs.RoomID { return "matrix:!nowhere:desk.example" }

func (s *square) send(t testing.TB, by *matrixtest.User, content map[string]any, thread string) string {
	if thread != "" {
		content["m.relates_to"] = map[string]any{"rel_type": "m.thread", "event_id": thread, "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": thread}}
	}
	s.n++
	return by.Send(t, s.room, "m.room.message", fmt.Sprint("c", s.n), content)
}

func (s *square) Say(t testing.TB, thread, words string, mention bool) string {
	if mention {
		return s.send(t, s.ana, text("desk: "+words, s.o.UserID), thread)
	}
	return s.send(t, s.ana, text(words), thread)
}

// Again does nothing: a homeserver delivers by a token, and again after a
// restart alone.
func (s *square) Again(testing.TB, string) {}

func (s *square) Noise(t testing.TB, message, words string) {
	edit := text("* desk: "+words, s.o.UserID)
	edit["m.new_content"] = text("desk: "+words, s.o.UserID)
	edit["m.relates_to"] = map[string]any{"rel_type": "m.replace", "event_id": message}
	s.send(t, s.ana, edit, "")
	notice := text("desk: "+words, s.o.UserID)
	notice["msgtype"] = "m.notice"
	s.send(t, s.other, notice, message)
}

func (s *square) Posts(t testing.TB) []chattest.Post {
	var out []chattest.Post
	for _, e := range said(t, s.ana, s.room, s.o.UserID) {
		out = append(out, posted(&e))
	}
	return out
}

// posted is a message as people read it.
func posted(e *matrixtest.Event) chattest.Post {
	p := chattest.Post{Thread: e.Thread(), Text: e.Body()}
	if m, ok := e.Content["m.mentions"].(map[string]any); !ok || len(m) > 0 {
		p.Pings++
	}
	html, _ := e.Content["formatted_body"].(string)
	p.Pings += strings.Count(html, `"https://matrix.to/`)
	return p
}

func (s *square) Mute(testing.TB) bool {
	s.loseOne("/send/m.room.message/")
	return true
}

// loseOne loses the answer to one request whose path holds some words.
func (s *square) loseOne(path string) {
	var done atomic.Bool
	s.proxy.Spoil(func(r *http.Request) matrixtest.Fault {
		if r.Method == http.MethodPut && strings.Contains(r.URL.Path, path) && !done.Swap(true) {
			return matrixtest.Lost
		}
		return matrixtest.None
	})
}
