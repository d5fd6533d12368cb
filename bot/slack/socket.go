package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// socketTimes are what sockets wait for. slack-go's own client gives a socket
// up when the server does not ping for 30 seconds, closes it before it has
// another, and forgets what it was about to acknowledge; so sockets are kept
// here.
type socketTimes struct {
	hello   time.Duration // to the first word of a new socket
	ping    time.Duration // between two pings of ours
	silence time.Duration // without a word: it is dead; without a ping of a server that pings: deaf
	rotate  time.Duration // however well it seems: some are deaf (https://github.com/slack-go/slack/issues/1093)
	linger  time.Duration // an old socket goes on beside its successor
	backoff time.Duration // the longest between two attempts to open one
}

func usualTimes() socketTimes {
	return socketTimes{
		hello: 10 * time.Second, ping: 10 * time.Second, silence: 30 * time.Second,
		rotate: 30 * time.Minute, linger: 10 * time.Second, backoff: 30 * time.Second,
	}
}

const (
	frameMost  = 8 << 20 // bytes of one frame
	ackMost    = 20_000  // Slack drops larger acknowledgements (slack-go socketmode.maxResponseSize)
	inHand     = 256     // envelopes dealt with at the same time
	writeWait  = 5 * time.Second
	refusedFor = 5 * time.Minute // between attempts, once Slack refuses the app token
)

// socket is one connection of Socket Mode
// (https://docs.slack.dev/apis/events-api/using-socket-mode).
type socket struct {
	c     *Chat
	conn  *websocket.Conn
	hello chan struct{} // closed at the first word
	done  chan struct{} // closed when it is read no more
	left  chan struct{} // closed when a successor is wanted

	greet, leave sync.Once
	why          string // it is left; read after left is closed

	mu     sync.Mutex // writes
	due    sync.Mutex // guards quits, and the deadline of reads
	quits  bool
	pinged time.Time      // when the server pinged last, or else when the socket was opened
	open   sync.WaitGroup // envelopes in hand
}

// frame is what a server says.
type frame struct {
	Type    string          `json:"type"`
	Reason  string          `json:"reason"`
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload"`
	Retry   int             `json:"retry_attempt"`
}

// sockets keeps one socket open, and a second one while they change: no event
// falls between two.
func (c *Chat) sockets(ctx context.Context) error {
	wait, ever := time.Duration(0), false
	for {
		if sleepUntil(ctx, time.Now().Add(wait)) != nil {
			return nil
		}
		s, err := c.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			refused := refusedApp(err)
			if refused && !ever {
				return err
			}
			wait = min(max(2*wait, 250*time.Millisecond), c.times.backoff)
			var r *refusal
			if errors.As(err, &r) && r.after > 0 {
				wait = r.after
			}
			if refused {
				wait = refusedFor
			}
			wait += rand.N(wait/4 + 1)
			c.log.Warn("no socket to Slack", "error", err, "next_attempt_in", wait.Round(time.Millisecond))
			continue
		}
		ever = true
		start := time.Now()
		select {
		case <-ctx.Done():
			return nil
		case <-s.left:
		case <-time.After(c.times.rotate):
			s.leaves("rotation")
		}
		c.log.Info("another socket to Slack is opened", "why", s.why, "after", time.Since(start).Round(time.Second))
		if time.Since(start) > time.Second {
			wait = 0
		} else if wait > 0 || s.why == "too_many_websockets" { // the second one in a row that did not last
			wait = min(max(2*wait, time.Second), c.times.backoff)
		} else {
			wait = 10 * time.Millisecond
		}
	}
}

// refusedApp reports whether Slack refuses the app token for good.
func refusedApp(err error) bool {
	switch code(err) {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type", missingScope, "no_permission":
		return true
	}
	return false
}

// connect opens a socket and waits until the server has greeted.
func (c *Chat) connect(ctx context.Context) (*socket, error) {
	var address string
	err := c.once(ctx, &team{install: "\x00app", id: "app token"}, "apps.connections.open", c.o.AppToken, func(ctx context.Context) (err error) {
		api := slack.New("", slack.OptionAppLevelToken(c.o.AppToken), slack.OptionAPIURL(c.o.APIURL), slack.OptionHTTPClient(c.http))
		_, address, err = api.StartSocketModeContext(ctx)
		return err
	})
	if refusedApp(err) {
		return nil, fmt.Errorf("%w: check BRIEFDESK_SLACK_APP_TOKEN: a token of the app itself (xapp-…) with the scope connections:write, while Socket Mode is on", err)
	}
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: c.times.hello}
	conn, resp, err := dialer.DialContext(ctx, address, nil)
	if resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
	if err != nil { // its text may hold the address, which is a secret
		return nil, briefs.Fault(briefs.ErrUnavailable, "Slack: the socket could not be opened: %s", short(err))
	}
	s := &socket{c: c, conn: conn, pinged: time.Now(), hello: make(chan struct{}), done: make(chan struct{}), left: make(chan struct{})}
	c.work.Go(func() { s.read(ctx) })
	c.work.Go(func() { s.tend(ctx) })
	timer := time.NewTimer(c.times.hello)
	defer timer.Stop()
	select {
	case <-s.hello:
		return s, nil
	case <-s.done:
	case <-timer.C:
	case <-ctx.Done():
	}
	s.leaves("no greeting")
	return nil, briefs.Fault(briefs.ErrUnavailable, "Slack: a new socket brought no greeting")
}

// leaves notes that a successor is wanted.
func (s *socket) leaves(why string) {
	s.leave.Do(func() {
		s.why = why
		close(s.left)
	})
}

// tend pings, and ends the socket: at once when Run ends, and a while after a
// successor was wanted, so that both listen for a time.
func (s *socket) tend(ctx context.Context) {
	ticker := time.NewTicker(s.c.times.ping)
	defer ticker.Stop()
	var end <-chan time.Time
	left := s.left
	for {
		select {
		case <-s.done:
			s.conn.Close()
			return
		case <-ctx.Done():
			s.quit()
			return
		case <-end:
			s.quit()
			return
		case <-left:
			left, end = nil, time.After(s.c.times.linger)
		case <-ticker.C:
			s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) // a dead one is read no more
			s.due.Lock()
			deaf := s.c.pings.Load() && time.Since(s.pinged) > s.c.times.silence
			s.due.Unlock()
			if deaf {
				s.leaves("no ping")
			}
		}
	}
}

// quit ends the socket when what is in hand was acknowledged.
func (s *socket) quit() {
	s.due.Lock()
	s.quits = true
	s.conn.SetReadDeadline(time.Now()) // wakes read
	s.due.Unlock()
	<-s.done
	s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeWait))
	s.conn.Close()
}

// read takes what the server says until the socket ends.
func (s *socket) read(ctx context.Context) {
	if s.c.o.Metrics.Socket != nil {
		s.c.o.Metrics.Socket(1)
		defer s.c.o.Metrics.Socket(-1)
	}
	defer close(s.done)
	defer s.open.Wait()
	defer s.leaves("closed")
	s.conn.SetReadLimit(frameMost)
	heard := func() {
		s.due.Lock()
		defer s.due.Unlock()
		if !s.quits {
			s.conn.SetReadDeadline(time.Now().Add(s.c.times.silence))
		}
	}
	heard()
	s.conn.SetPongHandler(func(string) error { heard(); return nil })
	pinged := 0
	s.conn.SetPingHandler(func(data string) error {
		heard()
		s.due.Lock()
		s.pinged = time.Now()
		s.due.Unlock()
		if pinged++; pinged == 2 {
			s.c.pings.Store(true)
		}
		s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
		return nil
	})
	slots := make(chan struct{}, inHand)
	for {
		_, b, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		heard()
		var f frame
		if json.Unmarshal(b, &f) != nil {
			continue
		}
		switch {
		case f.Type == "hello":
			s.greet.Do(func() { close(s.hello) })
		case f.Type == "disconnect":
			s.leaves(f.Reason)
		case f.ID != "":
			slots <- struct{}{}
			s.open.Go(func() {
				defer func() { <-slots }()
				s.take(context.WithoutCancel(ctx), f)
			})
		}
	}
}

// take deals with one envelope.
func (s *socket) take(ctx context.Context, f frame) {
	err := s.c.deliver(ctx, envelope{kind: f.Type, payload: f.Payload, retry: f.Retry}, func(payload any) error { return s.ack(f.ID, payload) })
	if err != nil && !errors.Is(err, errStopped) {
		s.c.log.Warn("an envelope of Slack was not acknowledged", "kind", f.Type, "envelope", f.ID, "error", err)
	}
}

// ack tells that an envelope was taken.
func (s *socket) ack(id string, payload any) error {
	b, err := json.Marshal(struct {
		ID      string `json:"envelope_id"`
		Payload any    `json:"payload,omitempty"`
	}{id, payload})
	if err != nil {
		return err
	}
	if len(b) >= ackMost {
		s.c.log.Error("an answer to Slack is too large: it is left out", "bytes", len(b))
		return s.ack(id, nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn.SetWriteDeadline(time.Now().Add(writeWait))
	return s.conn.WriteMessage(websocket.TextMessage, b)
}
