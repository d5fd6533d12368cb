//go:build homeserver && goolm

package matrix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

func mention(who string) map[string]any {
	return map[string]any{"m.mentions": map[string]any{"user_ids": []string{who}}}
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An independent client asks in an encrypted room, and decrypts the answers,
// before and after restarts of the bot; nothing of ours is in plain.
func TestEncryptedRoom(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	p := matrixtest.NewPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	p.Wait("knows the room", func(s matrixtest.Saw) bool { return s.Event == "ready" })

	q := p.Send(room, "desk: why?", mention(d.o.UserID))
	a := p.Wait("reads the answer", func(s matrixtest.Saw) bool { return s.Body == "heard : why?" })
	if !a.Encrypted || a.Sender != d.o.UserID {
		t.Errorf("the answer is %+v", a)
	}
	relation, _ := a.Content["m.relates_to"].(map[string]any)
	if relation["event_id"] != q || relation["rel_type"] != "m.thread" {
		t.Errorf("it relates to %v, want the thread of %s", relation, q)
	}

	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	key := briefs.DeliveryKey("weekly/2031").Part(1)
	part := briefs.Part{Text: "The briefing.", Image: picture(t), Alt: "Documents a week: 3, 4, 5"}
	receipt, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: part}, key)
	if err != nil {
		t.Fatal(err)
	}
	chart := p.Wait("sees the chart", func(s matrixtest.Saw) bool { return s.Event == "picture" })
	if chart.Bytes != len(part.Image) || chart.Head != "89504e470d0a1a0a" || chart.Body != part.Alt || !chart.Encrypted {
		t.Errorf("the chart is %+v", chart)
	}

	d.down()
	var asked []string
	for i := range 3 {
		asked = append(asked, fmt.Sprintf("while down %d?", i))
		p.Send(room, "desk: "+asked[i], mention(d.o.UserID))
	}
	p.Forget() // the keys change while it is down
	p.Send(room, "desk: another key?", mention(d.o.UserID))
	d.up()
	for _, q := range append(asked, "another key?") {
		p.Wait("reads the answer to "+q, func(s matrixtest.Saw) bool { return s.Body == "heard : "+q })
	}
	// The restarted bot finds what it posted before.
	until(t, "Find", func() bool {
		got, ok, err := d.chat.Find(t.Context(), at, key)
		return err == nil && ok && got == receipt
	})
	time.Sleep(time.Second)
	for body, n := range counts(p, d.o.UserID) {
		if n != 1 {
			t.Errorf("%q came %d times", body, n)
		}
	}
	for _, e := range ana.Messages(t, room) {
		if e.Type == "m.room.message" && e.Sender == d.o.UserID {
			t.Errorf("plain text in an encrypted room: %v", e.Content)
		}
		raw, _ := json.Marshal(e.Content)
		if strings.Contains(string(raw), "heard") || strings.Contains(string(raw), "briefdesk.key") {
			t.Errorf("something of ours is in plain: %s", raw)
		}
	}
}

// counts are the messages of somebody that a peer read, by their words.
func counts(p *matrixtest.Peer, by string) map[string]int {
	n := map[string]int{}
	for _, s := range p.All(func(s matrixtest.Saw) bool { return s.Event == "message" && s.Sender == by }) {
		n[s.Body]++
	}
	return n
}

// After the device was signed out elsewhere the bot begins with a new one.
func TestSignedOutElsewhere(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	p := matrixtest.NewPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	p.Send(room, "desk: one?", mention(d.o.UserID))
	p.Wait("reads the answer", func(s matrixtest.Saw) bool { return s.Body == "heard : one?" })

	desk := hs.SignIn(t, d.o.UserID)
	if err := desk.Call(t.Context(), http.MethodPost, "/logout/all", nil, nil); err != nil {
		t.Fatal(err)
	}
	until(t, "the bot signs in again", func() bool { return strings.Count(d.logs.String(), "matrix: signed in") == 2 })
	p.Forget()
	p.Learn(d.o.UserID)
	p.Send(room, "desk: two?", mention(d.o.UserID))
	p.Wait("reads the answer of the new device", func(s matrixtest.Saw) bool { return s.Body == "heard : two?" && s.Encrypted })
}

// Faults of keys end in a clear line to the operator.
func TestFaultsOfKeys(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	o := options(t, hs)
	d := start(t, o)
	until(t, "the bot signs in", func() bool { return strings.Contains(d.logs.String(), "matrix: signed in") })
	d.down()

	d.o.PickleKey = "another key"
	d.up()
	until(t, "the wrong pickle key is told", func() bool {
		return strings.Contains(d.logs.String(), "cannot be opened with BRIEFDESK_MATRIX_PICKLE_KEY")
	})
	d.down()

	if err := os.Rename(o.CryptoFile, o.CryptoFile+".old"); err != nil {
		t.Fatal(err)
	}
	d.o = o
	d.up()
	until(t, "a new device begins", func() bool {
		_, after, ok := strings.Cut(d.logs.String(), "beginning with a new one")
		return ok && strings.Contains(after, "matrix: signed in")
	})
	d.down()

	d.o = o
	d.o.RecoveryKey = "EsTX xxxx"
	d.up()
	until(t, "the recovery key without keys is told", func() bool { return strings.Contains(d.logs.String(), "has no cross-signing keys") })
	d.down()

	d.o = o
	d.o.Password = "wrong"
	d.o.Secret = "another secret" // so that the kept token cannot be read
	d.up()
	until(t, "the wrong password is told", func() bool {
		return strings.Contains(d.logs.String(), "refuses the password")
	})
}

// A message whose key comes late is told about once, also across a restart,
// and answered when the key has come.
func TestKeyComesLate(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	o := options(t, hs)
	proxy := matrixtest.NewProxy(t, hs)
	o.Homeserver = proxy.URL
	var past atomic.Int64 // tells the bot that time goes by
	o.Now = func() time.Time { return time.Now().Add(time.Duration(past.Load())) }
	d := start(t, o)
	p := matrixtest.NewPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	proxy.HoldKeys(true)
	q := p.Send(room, "desk: early?", mention(o.UserID))
	p.Send(room, "desk: early again?", mention(o.UserID))
	until(t, "both are kept", func() bool {
		kept, err := o.Keep.KeptNames(t.Context(), "matrix/"+o.UserID+"/late/")
		return err == nil && len(kept) == 2
	})
	d.down()
	d.up()
	past.Add(int64(time.Minute))
	notice := p.Wait("is told", func(s matrixtest.Saw) bool { return strings.HasPrefix(s.Body, "I cannot read this message") })
	if relation, _ := notice.Content["m.relates_to"].(map[string]any); relation["event_id"] != q || !notice.Encrypted {
		t.Errorf("the notice is %+v", notice)
	}
	proxy.HoldKeys(false)
	ana.Send(t, room, "m.room.message", "wake", text("something new")) // a sync that waits knows nothing of what was held
	p.Wait("reads the answer", func(s matrixtest.Saw) bool { return s.Body == "heard : early?" })
	p.Wait("reads the second answer", func(s matrixtest.Saw) bool { return s.Body == "heard : early again?" })
	time.Sleep(2 * time.Second)
	for body, n := range counts(p, o.UserID) {
		if n != 1 {
			t.Errorf("%q came %d times", body, n)
		}
	}
	kept, err := o.Keep.KeptNames(t.Context(), "matrix/"+o.UserID+"/late/")
	if err != nil || len(kept) > 0 {
		t.Errorf("kept for ever: %q, %v", kept, err)
	}
}

// Hostile words come in and go out as words, and what is too long for one
// event is several, all in the thread, each within the limits when encrypted.
func TestHostileWords(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	long := strings.Repeat("A long sentence of a document, with <b>tags</b> & \"quotes\". ", 2500)
	d.reply = func(h bot.Heard) (briefs.Outgoing, bool) {
		if h.Event.Kind != bot.EventText {
			return briefs.Outgoing{}, false
		}
		said := h.Event.Text
		if said == "all of it" {
			said = long
		}
		p, err := bot.Post{Blocks: []bot.Block{{Kind: bot.BlockQuote, N: 1, Source: 1, Text: said, Link: "https://matrix.to/#/@ana:" + hs.Name}}}.Part()
		return briefs.Outgoing{Place: h.Event.Home(), Part: p}, err == nil
	}
	p := matrixtest.NewPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	for _, words := range []string{
		"<script>alert(1)</script>", "@room all of you", ana.ID + " look", "\u202eturned", "a <a href='https://matrix.to/#/" + ana.ID + "'>pill</a>", "\u202e\u2067x",
	} {
		q := p.Send(room, "desk: "+words, mention(d.o.UserID))
		a := p.Wait("reads "+words, func(s matrixtest.Saw) bool {
			relation, _ := s.Content["m.relates_to"].(map[string]any)
			return s.Sender == d.o.UserID && relation["event_id"] == q
		})
		html, _ := a.Content["formatted_body"].(string)
		if !strings.Contains(a.Body, words) || strings.Contains(html, "<script") || strings.Contains(html, "<a ") || strings.Contains(html, "<img") {
			t.Errorf("%q became %q, %q", words, a.Body, html)
		}
		if m, ok := a.Content["m.mentions"].(map[string]any); !ok || len(m) != 0 {
			t.Errorf("%q mentions %v", words, a.Content["m.mentions"])
		}
	}

	q := p.Send(room, "desk: "+strings.Repeat("why ", 9000), mention(d.o.UserID)) // 36 kB, encrypted almost 50
	p.Wait("reads the answer to a long question", func(s matrixtest.Saw) bool {
		relation, _ := s.Content["m.relates_to"].(map[string]any)
		return s.Sender == d.o.UserID && relation["event_id"] == q
	})

	q = p.Send(room, "desk: all of it", mention(d.o.UserID))
	var pieces []matrixtest.Saw
	var all string
	until(t, "the peer reads all of a long answer", func() bool {
		pieces = p.All(func(s matrixtest.Saw) bool {
			relation, _ := s.Content["m.relates_to"].(map[string]any)
			return s.Sender == d.o.UserID && relation["event_id"] == q
		})
		all = ""
		for _, s := range pieces {
			_, quoted, _ := strings.Cut(s.Body, "“")
			quoted, _, _ = strings.Cut(quoted, "”")
			all += quoted
		}
		return len(all) >= len(long)
	})
	if len(pieces) < 3 || all != long {
		t.Errorf("%d pieces of %d bytes, want %d in order", len(pieces), len(all), len(long))
	}
}

// Nothing plain goes to a room that becomes encrypted while the homeserver
// makes the bot wait.
func TestNeverPlainAfterWaiting(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	o := options(t, hs)
	proxy := matrixtest.NewProxy(t, hs)
	o.Homeserver = proxy.URL
	d := start(t, o)
	p := matrixtest.NewPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	until(t, "the bot knows the room", func() bool { return d.chat.Check(t.Context(), briefs.RoomID("matrix:"+room)) == nil })
	var turned atomic.Bool
	proxy.Spoil(func(r *http.Request) matrixtest.Fault {
		switch {
		case strings.HasSuffix(r.URL.Path, "/sync"):
			return matrixtest.Broken
		case strings.Contains(r.URL.Path, "/send/m.room.message/") && turned.CompareAndSwap(false, true):
			if err := ana.Call(context.WithoutCancel(r.Context()), http.MethodPut, "/rooms/"+room+"/state/m.room.encryption/", map[string]any{"algorithm": "m.megolm.v1.aes-sha2"}, nil); err != nil {
				t.Error(err)
			}
			return matrixtest.Limited
		}
		return matrixtest.None
	})
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	part := briefs.Part{Text: "The briefing.", Image: picture(t), Alt: "Documents a week"}
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: part}, "w#1"); err != nil {
		t.Fatal(err)
	}
	p.Wait("decrypts it", func(s matrixtest.Saw) bool { return s.Body == "The briefing." && s.Encrypted })
	p.Wait("sees the picture", func(s matrixtest.Saw) bool { return s.Event == "picture" && s.Bytes == len(part.Image) })
	for _, e := range ana.Messages(t, room) {
		if e.Sender == o.UserID && e.Type == "m.room.message" {
			t.Errorf("plain: %v", e.Content)
		}
	}
}

// Nothing plain goes to a room that has become encrypted while the bot hears
// nothing, nor to an encrypted room where the bot cannot encrypt.
func TestNeverPlain(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	o := options(t, hs)
	proxy := matrixtest.NewProxy(t, hs)
	o.Homeserver = proxy.URL
	d := start(t, o)
	p := matrixtest.NewPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "in plain"}}, "a#1"); err != nil {
		t.Fatal(err)
	}
	proxy.Spoil(func(r *http.Request) matrixtest.Fault {
		if strings.HasSuffix(r.URL.Path, "/sync") {
			return matrixtest.Broken
		}
		return matrixtest.None
	})
	time.Sleep(time.Second)
	if err := ana.Call(t.Context(), http.MethodPut, "/rooms/"+room+"/state/m.room.encryption/", map[string]any{"algorithm": "m.megolm.v1.aes-sha2"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "encrypted"}}, "b#1"); err != nil {
		t.Fatal(err)
	}
	p.Wait("decrypts it", func(s matrixtest.Saw) bool { return s.Body == "encrypted" && s.Encrypted })
	d.down()

	proxy.Spoil(nil)
	d.o.PickleKey = ""
	d.up()
	until(t, "the bot signs in", func() bool { return strings.Count(d.logs.String(), "matrix: signed in") == 2 })
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "never"}}, "c#1"); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("without keys: %v", err)
	}
	if err := d.chat.Check(t.Context(), at.Room); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("Check without keys: %v", err)
	}
	p.Send(room, "desk: can you read this?", mention(o.UserID))
	until(t, "the operator is told", func() bool { return strings.Contains(d.logs.String(), "can neither read it nor answer there") })
	plain := 0
	for _, e := range ana.Messages(t, room) {
		if e.Sender == o.UserID && e.Type == "m.room.message" {
			plain++
		}
	}
	if plain != 1 {
		t.Errorf("%d plain messages", plain)
	}
}
