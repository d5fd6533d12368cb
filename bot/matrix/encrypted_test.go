//go:build homeserver && goolm

package matrix_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

// peer is an independent client with encryption: matrix-nio on libolm.
type peer struct {
	t    testing.TB
	in   io.WriteCloser
	mu   sync.Mutex
	seen []saw
}

// saw is what a peer tells.
type saw struct {
	Event     string         `json:"event"`
	Room      string         `json:"room"`
	ID        string         `json:"id"`
	Sender    string         `json:"sender"`
	Body      string         `json:"body"`
	Why       string         `json:"why"`
	Encrypted bool           `json:"encrypted"`
	Bytes     int            `json:"bytes"`
	Head      string         `json:"head"`
	Content   map[string]any `json:"content"`
}

// newPeer signs a client in. It needs Debian's python3-matrix-nio, which
// .ci/matrix installs.
func newPeer(t testing.TB, hs *matrixtest.Server, user *matrixtest.User) *peer {
	t.Helper()
	cmd := exec.Command("/usr/bin/python3", "testdata/peer.py", hs.URL, user.ID, matrixtest.Password, t.TempDir())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, in: in}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 10<<20)
		for lines.Scan() {
			var s saw
			if json.Unmarshal(lines.Bytes(), &s) == nil {
				p.mu.Lock()
				p.seen = append(p.seen, s)
				p.mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		in.Close()
		time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		<-ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the peer saw %+v", p.seen)
		}
	})
	p.wait("is ready", func(s saw) bool { return s.Event == "ready" })
	return p
}

func (p *peer) all(ok func(saw) bool) []saw {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []saw
	for _, s := range p.seen {
		if ok(s) {
			out = append(out, s)
		}
	}
	return out
}

func (p *peer) wait(what string, ok func(saw) bool) saw {
	p.t.Helper()
	until(p.t, "the peer "+what, func() bool { return len(p.all(ok)) > 0 })
	return p.all(ok)[0]
}

func (p *peer) order(what map[string]any) {
	p.t.Helper()
	line, err := json.Marshal(what)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		p.t.Fatal(err)
	}
}

// send sends a message and returns its id.
func (p *peer) send(room, body string, content map[string]any) string {
	p.t.Helper()
	before := len(p.all(func(s saw) bool { return s.Event == "sent" }))
	p.order(map[string]any{"do": "send", "room": room, "body": body, "content": content})
	var got []saw
	until(p.t, "the peer sends "+body, func() bool {
		got = p.all(func(s saw) bool { return s.Event == "sent" })
		return len(got) > before
	})
	if last := got[len(got)-1]; last.ID != "" {
		return last.ID
	}
	p.t.Fatalf("the peer cannot send: %+v", got[len(got)-1])
	return ""
}

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
	p := newPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	p.wait("knows the room", func(s saw) bool { return s.Event == "ready" })

	q := p.send(room, "desk: why?", mention(d.o.UserID))
	a := p.wait("reads the answer", func(s saw) bool { return s.Body == "heard : why?" })
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
	chart := p.wait("sees the chart", func(s saw) bool { return s.Event == "picture" })
	if chart.Bytes != len(part.Image) || chart.Head != "89504e470d0a1a0a" || chart.Body != part.Alt || !chart.Encrypted {
		t.Errorf("the chart is %+v", chart)
	}

	d.down()
	var asked []string
	for i := range 3 {
		asked = append(asked, fmt.Sprintf("while down %d?", i))
		p.send(room, "desk: "+asked[i], mention(d.o.UserID))
	}
	p.order(map[string]any{"do": "forget"}) // the keys change while it is down
	p.send(room, "desk: another key?", mention(d.o.UserID))
	d.up()
	for _, q := range append(asked, "another key?") {
		p.wait("reads the answer to "+q, func(s saw) bool { return s.Body == "heard : "+q })
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
func counts(p *peer, by string) map[string]int {
	n := map[string]int{}
	for _, s := range p.all(func(s saw) bool { return s.Event == "message" && s.Sender == by }) {
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
	p := newPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	p.send(room, "desk: one?", mention(d.o.UserID))
	p.wait("reads the answer", func(s saw) bool { return s.Body == "heard : one?" })

	desk := hs.SignIn(t, d.o.UserID)
	if err := desk.Call(t.Context(), http.MethodPost, "/logout/all", nil, nil); err != nil {
		t.Fatal(err)
	}
	until(t, "the bot signs in again", func() bool { return strings.Count(d.logs.String(), "matrix: signed in") == 2 })
	p.order(map[string]any{"do": "forget"})
	time.Sleep(2 * time.Second) // the peer learns of the new device
	p.send(room, "desk: two?", mention(d.o.UserID))
	p.wait("reads the answer of the new device", func(s saw) bool { return s.Body == "heard : two?" && s.Encrypted })
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
	p := newPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	proxy.HoldKeys(true)
	q := p.send(room, "desk: early?", mention(o.UserID))
	p.send(room, "desk: early again?", mention(o.UserID))
	time.Sleep(2 * time.Second)
	d.down()
	d.up()
	past.Add(int64(time.Minute))
	notice := p.wait("is told", func(s saw) bool { return strings.HasPrefix(s.Body, "I cannot read this message") })
	if relation, _ := notice.Content["m.relates_to"].(map[string]any); relation["event_id"] != q || !notice.Encrypted {
		t.Errorf("the notice is %+v", notice)
	}
	proxy.HoldKeys(false)
	p.wait("reads the answer", func(s saw) bool { return s.Body == "heard : early?" })
	p.wait("reads the second answer", func(s saw) bool { return s.Body == "heard : early again?" })
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
