package schedule_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
)

// fault is what a platform does wrong with one request.
type fault string

const (
	works     fault = "works"
	refuses   fault = "refuses"                // says that it takes nothing now
	dropped   fault = "dropped"                // ends the connection without having posted
	postDrop  fault = "posts, drops"           // posts, and ends the connection without an answer
	fails     fault = "fails"                  // answers 500, having posted nothing
	postFails fault = "posts, fails"           // posts, and answers 500
	slow      fault = "posts, answers late"    // begins to answer, and ends later than the client waits
	postLater fault = "drops, posts later"     // ends the connection, and posts a while after
	twice     fault = "posts, answers twice"   // two answers to one request
	garbled   fault = "posts, answers nothing" // says 200 and then breaks off
	gone      fault = "gone"                   // says that there is no such room
)

var faults = []fault{refuses, dropped, postDrop, fails, postFails, slow, postLater, twice, garbled}

// post is one message in a room of the platform.
type post struct {
	Room briefs.RoomID      `json:"room"`
	Key  briefs.DeliveryKey `json:"key"`
	Part briefs.Part        `json:"part"`
	due  time.Time          // shown from then on
}

// platform is a chat server that posts whatever it is sent, the same key twice
// too, and fails in every way that a server can fail. It is a real one: what
// its clients see of it goes over the wire.
type platform struct {
	server *httptest.Server
	next   func() fault // of the next request; called with mu held
	settle time.Duration

	mu    sync.Mutex
	now   time.Time // of its own clock
	posts []post
	seen  map[fault]int

	meanwhile func()           // runs before each request; may be nil
	clock     func() time.Time // instead of now; may be nil
}

func newPlatform(t *testing.T, next func() fault) *platform {
	t.Helper()
	p := &platform{next: next, settle: 30 * time.Second, seen: map[fault]int{}}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	return p
}

// sometimes draws a fault with the probability prob.
func sometimes(rnd *rand.Rand, prob float64) func() fault {
	return func() fault {
		if rnd.Float64() >= prob {
			return works
		}
		return faults[rnd.IntN(len(faults))]
	}
}

func (p *platform) setClock(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = now
}

// shown are the posts that its rooms show.
func (p *platform) shown() []post {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.visible()
}

func (p *platform) visible() []post {
	if p.clock != nil {
		p.now = p.clock()
	}
	return slices.DeleteFunc(slices.Clone(p.posts), func(m post) bool { return m.due.After(p.now) })
}

// all are the posts, and those still to come.
func (p *platform) all() []post {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.posts)
}

func (p *platform) draw() fault {
	f := p.next()
	p.seen[f]++
	return f
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		p.find(w, r)
		return
	}
	var m post
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if p.meanwhile != nil {
		p.meanwhile()
	}
	p.mu.Lock()
	if p.clock != nil {
		p.now = p.clock()
	}
	f := p.draw()
	switch f {
	case refuses, dropped, fails, gone:
	case postLater:
		m.due = p.now.Add(p.settle / 2)
		p.posts = append(p.posts, m)
	default:
		p.posts = append(p.posts, m)
	}
	receipt := fmt.Sprint("m", len(p.posts))
	p.mu.Unlock()
	switch f {
	case works:
		fmt.Fprint(w, receipt)
	case refuses:
		w.WriteHeader(http.StatusTooManyRequests)
	case gone:
		w.WriteHeader(http.StatusGone)
	case fails, postFails:
		w.WriteHeader(http.StatusInternalServerError)
	case slow:
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
		case <-time.After(time.Minute):
		}
	case dropped, postDrop, postLater:
		panic(http.ErrAbortHandler)
	case twice, garbled:
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(receipt), receipt)
		if f == garbled {
			answer = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nm"
		} else {
			answer += answer
		}
		_, _ = io.WriteString(conn, answer)
	}
}

func (p *platform) find(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	f := p.draw()
	posts := p.visible()
	p.mu.Unlock()
	switch f {
	case dropped, postDrop, postLater:
		panic(http.ErrAbortHandler)
	case refuses, fails, postFails:
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	for i, m := range posts {
		if string(m.Key) == r.URL.Query().Get("key") && string(m.Room) == r.URL.Query().Get("room") {
			fmt.Fprint(w, "m", i+1)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// How long a client waits: for an answer to begin, which a busy machine may
// take long for although nothing is wrong, and for it to end.
const (
	clientPatience = 20 * time.Second
	bodyPatience   = 50 * time.Millisecond
)

// client posts to a platform over the wire, and can ask it.
type client struct {
	url  string
	http *http.Client
}

// newClient returns a client whose connections end with the test.
func newClient(t *testing.T, url string) *client {
	transport := &http.Transport{}
	if t != nil {
		t.Cleanup(transport.CloseIdleConnections)
	}
	return &client{url: url, http: &http.Client{Transport: transport, Timeout: clientPatience}}
}

func (c *client) Send(ctx context.Context, room briefs.RoomID, part briefs.Part, key briefs.DeliveryKey) (string, error) {
	body, err := json.Marshal(post{Room: room, Key: key, Part: part})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	return c.do(r)
}

func (c *client) do(r *http.Request) (string, error) {
	answer, err := c.http.Do(r)
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" { // nothing was sent
		return "", briefs.Fault(briefs.ErrUnavailable, "cannot be reached: %v", err)
	}
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	cut := time.AfterFunc(bodyPatience, func() { answer.Body.Close() })
	defer cut.Stop()
	receipt, err := io.ReadAll(answer.Body)
	switch answer.StatusCode {
	case http.StatusOK, http.StatusNoContent:
		return string(receipt), err
	case http.StatusTooManyRequests:
		return "", briefs.Fault(briefs.ErrUnavailable, "too many requests")
	case http.StatusGone:
		return "", briefs.Fault(briefs.ErrNotFound, "the room is gone")
	}
	return "", fmt.Errorf("status %d", answer.StatusCode)
}

// finder is a client that can ask.
type finder struct{ *client }

func (c finder) Find(ctx context.Context, room briefs.RoomID, key briefs.DeliveryKey) (string, bool, error) {
	q := url.Values{"room": {string(room)}, "key": {string(key)}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"?"+q.Encode(), nil)
	if err != nil {
		return "", false, err
	}
	receipt, err := c.do(r)
	return receipt, receipt != "", err
}
