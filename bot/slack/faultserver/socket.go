package faultserver

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// The reasons of a disconnect (https://docs.slack.dev/apis/events-api/using-socket-mode).
const (
	Warning          = "warning"           // the connection ends in about ten seconds
	RefreshRequested = "refresh_requested" // it ends now, another is to be opened
	LinkDisabled     = "link_disabled"     // Socket Mode was turned off
)

// socketsMost is how many connections an app may have open.
const socketsMost = 10

// ackBytes is how long the answer to an envelope may be, as was measured.
const ackBytes = 20_000

// socket is one connection.
type socket struct {
	ws      *websocket.Conn
	writing sync.Mutex
	gone    chan struct{} // closed when the connection ends
	once    sync.Once
	deaf    atomic.Bool // takes nothing, and sends no pings: a ghost
	ended   bool        // gets no envelope any more; the server's lock
}

func (k *socket) cut() {
	k.once.Do(func() { close(k.gone) })
	_ = k.ws.Close()
}

func (k *socket) send(v any) error {
	if k.deaf.Load() {
		return nil
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	_ = k.ws.SetWriteDeadline(time.Now().Add(5 * time.Second)) // an error shows in the write
	return k.ws.WriteJSON(v)
}

// open serves apps.connections.open.
func (s *Server) open(_ *token, _ arguments) (map[string]any, error) {
	if s.closed {
		return nil, fail("forbidden_team")
	}
	ticket := s.name("ticket-")
	s.tickets[ticket] = true
	return map[string]any{"url": "ws" + strings.TrimPrefix(s.base, "http") + "/link/?ticket=" + ticket + "&app_id=" + App}, nil
}

// link serves a WebSocket.
func (s *Server) link(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	good := false
	s.lock(func() {
		good = s.tickets[ticket]
		delete(s.tickets, ticket)
	})
	if !good {
		http.Error(w, "this address was used", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // clients send Slack's
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has answered
	}
	k := &socket{ws: ws, gone: make(chan struct{})}
	defer k.cut()
	n := 0
	s.lock(func() {
		s.sockets = append(s.sockets, k)
		n = s.openSockets()
	})
	if n > socketsMost {
		_ = k.send(map[string]any{"type": "disconnect", "reason": "too_many_websockets", "num_connections": n - 1, "debug_info": debugInfo, "connection_info": map[string]any{"app_id": App}})
		return
	}
	if k.send(map[string]any{"type": "hello", "num_connections": n, "debug_info": debugInfo, "connection_info": map[string]any{"app_id": App}}) != nil {
		return
	}
	s.busy.Go(func() { s.ping(k) })
	for {
		_, data, err := ws.ReadMessage()
		if err != nil || s.ctx.Err() != nil {
			break
		}
		if !k.deaf.Load() {
			s.acked(data)
		}
	}
	s.lock(func() { k.ended = true })
}

var debugInfo = map[string]any{"host": "applink-fault", "build_number": 10, "approximate_connection_time": 18060}

// ping sends pings until the connection ends.
func (s *Server) ping(k *socket) {
	t := time.NewTicker(s.o.PingEvery)
	defer t.Stop()
	for {
		if !k.deaf.Load() {
			_ = k.ws.WriteControl(websocket.PingMessage, []byte("Ping from applink-fault"), time.Now().Add(time.Second)) // a dead connection shows in the read
		}
		select {
		case <-t.C:
		case <-k.gone:
			return
		}
	}
}

// openSockets counts those that take envelopes. The lock is held.
func (s *Server) openSockets() int {
	n := 0
	for _, k := range s.sockets {
		if !k.ended {
			n++
		}
	}
	return n
}

// Sockets is the number of open connections.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openSockets()
}

// Disconnect tells each open connection to end, for a reason. After a warning
// it ends grace later, and takes envelopes until then; else at once. With
// link_disabled no other can be opened until Enable.
func (s *Server) Disconnect(reason string, grace time.Duration) {
	var all []*socket
	s.lock(func() {
		for _, k := range s.sockets {
			if !k.ended {
				all = append(all, k)
				k.ended = reason != Warning
			}
		}
		s.closed = s.closed || reason == LinkDisabled
	})
	for _, k := range all {
		_ = k.send(map[string]any{"type": "disconnect", "reason": reason, "debug_info": debugInfo}) // a dead one needs no word
		s.busy.Go(func() {
			if reason == Warning && pause(s.ctx, grace) {
				s.lock(func() { k.ended = true })
			}
			pause(s.ctx, grace)
			k.cut()
		})
	}
}

// Enable lets connections be opened again.
func (s *Server) Enable() { s.lock(func() { s.closed = false }) }

// Cut ends each open connection without a word.
func (s *Server) Cut() {
	var all []*socket
	s.lock(func() {
		for _, k := range s.sockets {
			k.ended = true
		}
		all, s.sockets = s.sockets, nil
	})
	for _, k := range all {
		k.cut()
	}
}

// Deafen makes ghosts of the open connections: they stay open, but nothing
// comes and nothing is heard. Envelopes go to them until wary is true, as Slack
// takes a while to see it.
func (s *Server) Deafen(wary bool) {
	s.lock(func() {
		for _, k := range s.sockets {
			k.deaf.Store(true)
			k.ended = k.ended || wary
		}
	})
}

// pick chooses a connection for an envelope; nil where there is none. The lock
// is held.
func (s *Server) pick() *socket {
	var open []*socket
	for _, k := range s.sockets {
		if !k.ended {
			open = append(open, k)
		}
	}
	s.sockets = append([]*socket(nil), open...)
	if len(open) == 0 {
		return nil
	}
	return open[s.random.Intn(len(open))]
}

// acked takes what the app sends over a socket.
func (s *Server) acked(data []byte) {
	var ack struct {
		Envelope string          `json:"envelope_id"`
		Payload  json.RawMessage `json:"payload"`
	}
	now := time.Now()
	s.lock(func() {
		if json.Unmarshal(data, &ack) != nil || ack.Envelope == "" {
			s.violations = append(s.violations, "socket: what came is no acknowledgement")
			return
		}
		if len(data) > ackBytes {
			s.violations = append(s.violations, "socket: an acknowledgement is longer than 20 kB")
		}
		for i := len(s.deliveries) - 1; i >= 0; i-- {
			d := s.deliveries[i]
			for _, a := range d.attempts {
				if a.envelope == ack.Envelope {
					s.accept(d, a, now, ack.Payload)
					return
				}
			}
		}
		s.violations = append(s.violations, "socket: nobody sent the envelope "+ack.Envelope)
	})
}
