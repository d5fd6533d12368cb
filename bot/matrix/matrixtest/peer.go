package matrixtest

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Peer is an independent client with encryption: matrix-nio on libolm.
type Peer struct {
	t    testing.TB
	in   io.WriteCloser
	mu   sync.Mutex
	seen []Saw
}

// Saw is what a peer tells.
type Saw struct {
	Event     string         `json:"event"`
	Room      string         `json:"room"`
	ID        string         `json:"id"`
	Sender    string         `json:"sender"`
	Body      string         `json:"body"`
	Why       string         `json:"why"`
	Encrypted bool           `json:"encrypted"`
	Bytes     int            `json:"bytes"`
	Head      string         `json:"head"`
	File      string         `json:"file"` // where a picture is, decrypted
	Content   map[string]any `json:"content"`
}

// NewPeer signs a client in. It needs Debian's python3-matrix-nio, which
// .ci/matrix installs.
func NewPeer(t testing.TB, hs *Server, user *User) *Peer {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	cmd := exec.Command("/usr/bin/python3", filepath.Join(filepath.Dir(here), "testdata", "peer.py"), hs.URL, user.ID, Password, t.TempDir())
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
	p := &Peer{t: t, in: in}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 10<<20)
		for lines.Scan() {
			var s Saw
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
	p.Wait("is ready", func(s Saw) bool { return s.Event == "ready" })
	return p
}

// All lists what the peer saw of a kind.
func (p *Peer) All(ok func(Saw) bool) []Saw {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Saw
	for _, s := range p.seen {
		if ok(s) {
			out = append(out, s)
		}
	}
	return out
}

// Wait waits until the peer saw something, and returns the first of it.
func (p *Peer) Wait(what string, ok func(Saw) bool) Saw {
	p.t.Helper()
	Until(p.t, "the peer "+what, func() bool { return len(p.All(ok)) > 0 })
	return p.All(ok)[0]
}

// Discard forgets what the peer saw until now.
func (p *Peer) Discard() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = nil
}

func (p *Peer) order(what map[string]any) {
	p.t.Helper()
	line, err := json.Marshal(what)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		p.t.Fatal(err)
	}
}

// Send sends a message and returns its id.
func (p *Peer) Send(room, body string, content map[string]any) string {
	p.t.Helper()
	if content == nil {
		content = map[string]any{}
	}
	ended := func(s Saw) bool { return s.Event == "sent" || s.Event == "failed" }
	before := len(p.All(ended))
	p.order(map[string]any{"do": "send", "room": room, "body": body, "content": content})
	var got []Saw
	Until(p.t, "the peer sends "+body, func() bool {
		got = p.All(ended)
		return len(got) > before
	})
	if last := got[len(got)-1]; last.ID != "" {
		return last.ID
	}
	p.t.Fatalf("the peer cannot send: %+v", got[len(got)-1])
	return ""
}

// Forget discards the keys of rooms: the peer makes new ones.
func (p *Peer) Forget() { p.order(map[string]any{"do": "forget"}) }

// Learn asks the homeserver for the devices of a user.
func (p *Peer) Learn(user string) {
	p.t.Helper()
	before := len(p.All(func(s Saw) bool { return s.Event == "learned" }))
	p.order(map[string]any{"do": "learn", "user": user})
	Until(p.t, "the peer learns of devices", func() bool { return len(p.All(func(s Saw) bool { return s.Event == "learned" })) > before })
}

// patience bounds how long a busy machine may take.
const patience = 2 * time.Minute

// Until waits for what is to become true.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
