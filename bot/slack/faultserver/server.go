// Package faultserver is a Slack that goes wrong where it is told to: the Web
// API, Socket Mode, signed HTTP requests and response URLs, over loopback, with
// the channels, people and messages behind them in memory. Tests of others
// drive it; it knows nothing of the bot.
//
// It is strict where Slack is: every call is held against the published
// reference of its method (the folder Options.Reference), against the limits
// of blocks and texts, against the scopes of its token and against the rate of
// its tier. What the reference does not allow is kept as a Violation, so that a
// test can ask that there be none.
package faultserver

import (
	"context"
	"fmt"
	"math/rand"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Options of a Server. The zero value serves Socket Mode at Slack's own pace.
type Options struct {
	// Reference is the folder of the methods' reference, one JSON file each;
	// empty for no such check.
	Reference string
	// Minute is how long a minute lasts where Slack waits for minutes before it
	// delivers again (at once, after 1 and after 5); 0 for a real one.
	Minute time.Duration
	// Patience is how long an acknowledgement may take, and a trigger lasts; 0
	// for Slack's 3 s.
	Patience time.Duration
	// PingEvery is the time between two pings of a socket; 0 for 10 s.
	PingEvery time.Duration
	// RequestURL takes events, commands and interactions over HTTP, signed with
	// SigningSecret; empty for Socket Mode.
	RequestURL string
	// Scopes are those of the bot's token; nil for all.
	Scopes []string
	// Unlimited leaves out the rates of the tiers and of posting.
	Unlimited bool
	// Seed chooses among sockets.
	Seed int64
}

// What the server knows of itself from the start.
const (
	Team          = "T0FAULT"
	App           = "A0FAULT"
	Bot           = "U0BOT"
	BotID         = "B0BOT"
	BotToken      = "xoxb-fault-1"
	AppToken      = "xapp-fault-1"
	SigningSecret = "fault-signing-secret"
	ClientID      = "111.222"
	ClientSecret  = "fault-client-secret"
)

// Server is one workspace. Its methods are safe for concurrent use.
type Server struct {
	o         Options
	reference map[string]reference
	http      *http.Server
	base      string // "http://127.0.0.1:PORT"
	ctx       context.Context
	stop      context.CancelFunc
	busy      sync.WaitGroup

	mu         sync.Mutex
	random     *rand.Rand
	lastTS     int64 // µs
	next       int   // of names
	tokens     map[string]*token
	codes      map[string]bool // of OAuth, not yet used
	users      map[string]*User
	channels   map[string]*Channel
	order      []string // of channels
	files      map[string]*File
	views      map[string]*View
	homes      map[string]*View
	modals     map[string][]*View // of a user, the top one last
	triggers   map[string]*trigger
	urls       map[string]*responseURL
	sockets    []*socket
	tickets    map[string]bool
	closed     bool // apps.connections.open refuses
	buckets    map[string]*bucket
	faults     []*planned
	calls      []Call
	violations []string
	deliveries []*Delivery
	statuses   []Status
	changed    chan struct{} // closed at each change, and made anew
}

// token is what a token may do.
type token struct {
	team    string
	app     bool            // opens sockets, and nothing else
	scopes  map[string]bool // nil for all
	revoked string          // the error it gets; empty while it is good
	refresh string          // of a rotated one
}

// New starts a server that ends with the test.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Start starts a server; Close ends it.
func Start(o Options) (*Server, error) {
	for _, d := range []struct {
		at    *time.Duration
		usual time.Duration
	}{{&o.Minute, time.Minute}, {&o.Patience, 3 * time.Second}, {&o.PingEvery, 10 * time.Second}} {
		if *d.at == 0 {
			*d.at = d.usual
		}
	}
	ref, err := readReference(o.Reference)
	if err != nil {
		return nil, err
	}
	s := &Server{
		o: o, reference: ref, random: rand.New(rand.NewSource(o.Seed)),
		tokens:   map[string]*token{BotToken: {team: Team, scopes: set(o.Scopes)}, AppToken: {team: Team, app: true}},
		codes:    map[string]bool{},
		users:    map[string]*User{Bot: {ID: Bot, Name: "briefdesk", Bot: true}},
		channels: map[string]*Channel{}, files: map[string]*File{}, views: map[string]*View{}, homes: map[string]*View{}, modals: map[string][]*View{},
		triggers: map[string]*trigger{}, urls: map[string]*responseURL{}, tickets: map[string]bool{}, buckets: map[string]*bucket{},
		changed: make(chan struct{}),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.base = "http://" + l.Addr().String()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.call)
	mux.HandleFunc("/link/", s.link)
	mux.HandleFunc("POST /respond/{id}", s.respond)
	mux.HandleFunc("POST /upload/{id}", s.upload)
	mux.HandleFunc("GET /files-pri/{id}/download/{name}", s.download)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.busy.Go(func() { _ = s.http.Serve(l) }) // ends with Close
	return s, nil
}

// Close ends all connections and waits for what is under way.
func (s *Server) Close() {
	s.stop()
	s.mu.Lock()
	open := s.sockets
	s.mu.Unlock()
	for _, k := range open {
		k.cut()
	}
	_ = s.http.Close()
	s.busy.Wait()
}

// API is the base of the Web API, with a slash behind it.
func (s *Server) API() string { return s.base + "/api/" }

// SetRequestURL turns to HTTP; empty turns back to Socket Mode.
func (s *Server) SetRequestURL(url string) { s.lock(func() { s.o.RequestURL = url }) }

// SetMinute changes how long a minute lasts for what is delivered from now on.
func (s *Server) SetMinute(d time.Duration) { s.lock(func() { s.o.Minute = d }) }

// Forbid takes scopes from the bot's token.
func (s *Server) Forbid(scopes ...string) {
	s.lock(func() {
		t := s.tokens[BotToken]
		if t.scopes == nil {
			t.scopes = s.allScopes()
		}
		for _, name := range scopes {
			delete(t.scopes, name)
		}
	})
}

// Revoke makes a token answer with an error: token_revoked, invalid_auth or
// account_inactive. An empty one makes it good again.
func (s *Server) Revoke(name, err string) {
	s.lock(func() {
		if t := s.tokens[name]; t != nil {
			t.revoked = err
		}
	})
}

// Violations are the calls that the reference does not allow, and what was
// amiss with them, in order.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// lock runs f alone, and wakes those who wait for a change.
func (s *Server) lock(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

// awaited is how long Await waits: what must come comes late where a machine is
// slow, and only a test that fails waits to the end.
const awaited = 2 * time.Minute

// Await waits until f is true, which is asked again after each change, or fails
// the test.
func (s *Server) Await(t testing.TB, what string, f func() bool) {
	t.Helper()
	if !s.Wait(awaited, f) {
		t.Fatalf("not within %v: %s\n%s", awaited, what, s.Story())
	}
}

// Wait reports whether f became true in time.
func (s *Server) Wait(limit time.Duration, f func() bool) bool {
	end := time.NewTimer(limit)
	defer end.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if f() {
			return true
		}
		select {
		case <-changed:
		case <-time.After(200 * time.Millisecond): // f may look elsewhere too
		case <-end.C:
			return f()
		}
	}
}

// name makes a name that is used once. The lock is held.
func (s *Server) name(prefix string) string {
	s.next++
	return fmt.Sprintf("%s%04d", prefix, s.next)
}

// ts makes the name of a message: the time, later than any before. The lock is
// held.
func (s *Server) ts() string {
	s.lastTS = max(s.lastTS+1, time.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}

func set(names []string) map[string]bool {
	if names == nil {
		return nil
	}
	all := map[string]bool{}
	for _, n := range names {
		all[n] = true
	}
	return all
}
