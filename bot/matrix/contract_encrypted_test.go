//go:build homeserver && goolm

package matrix_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"briefdesk/bot/chattest"
	"briefdesk/bot/matrix/matrixtest"
)

// vault is a square whose room is encrypted: an independent client writes and
// reads there.
type vault struct {
	square
	peer  *matrixtest.Peer
	noise *matrixtest.Peer
}

func TestEncryptedContract(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	n := 0
	chattest.Run(t, func(t *testing.T) chattest.Platform {
		n++
		bot := fmt.Sprint("desk", n)
		hs.Register(t, bot)
		v := &vault{square: square{hs: hs, o: options(t, hs), proxy: matrixtest.NewProxy(t, hs), ana: hs.Register(t, fmt.Sprint("ana", n)), other: hs.Register(t, fmt.Sprint("other", n))}}
		v.o.UserID = "@" + bot + ":" + hs.Name
		v.o.Homeserver = v.proxy.URL
		v.peer = matrixtest.NewPeer(t, hs, v.ana)
		v.room = v.ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{v.o.UserID, v.other.ID}})
		if err := v.other.Call(t.Context(), http.MethodPost, "/join/"+v.room, map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
		v.join(t)
		return v
	})
}

func (v *vault) Say(t testing.TB, thread, words string, mention bool) string {
	content := map[string]any{}
	if mention {
		words = "desk: " + words
		content["m.mentions"] = map[string]any{"user_ids": []string{v.o.UserID}}
	}
	if thread != "" {
		content["m.relates_to"] = map[string]any{"rel_type": "m.thread", "event_id": thread, "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": thread}}
	}
	return v.peer.Send(v.room, words, content)
}

func (v *vault) Noise(t testing.TB, message, words string) {
	edit := map[string]any{"m.new_content": text("desk: "+words, v.o.UserID), "m.relates_to": map[string]any{"rel_type": "m.replace", "event_id": message}}
	v.peer.Send(v.room, "* desk: "+words, edit)
	if v.noise == nil {
		v.noise = matrixtest.NewPeer(t, v.hs, v.other)
	}
	notice := map[string]any{"msgtype": "m.notice", "m.mentions": map[string]any{"user_ids": []string{v.o.UserID}}}
	v.noise.Send(v.room, "desk: "+words, notice)
}

// Posts are in the order in which they came, also where a key came after its
// message; up to the first that cannot be read yet.
func (v *vault) Posts(t testing.TB) []chattest.Post {
	var order []string
	read := map[string]matrixtest.Saw{}
	for _, s := range v.peer.All(func(s matrixtest.Saw) bool { return s.Sender == v.o.UserID }) {
		if !slices.Contains(order, s.ID) {
			order = append(order, s.ID)
		}
		if s.Event == "message" {
			read[s.ID] = s
		}
	}
	var out []chattest.Post
	for _, id := range order {
		s, ok := read[id]
		if !ok {
			break
		}
		if !s.Encrypted {
			t.Errorf("in an encrypted room: %+v", s)
		}
		out = append(out, posted(&matrixtest.Event{Content: s.Content}))
	}
	return out
}

func (v *vault) Mute(testing.TB) bool {
	v.loseOne("/send/m.room.encrypted/")
	return true
}
