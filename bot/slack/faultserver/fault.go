package faultserver

import (
	"context"
	"time"
)

// Kind says what goes wrong with a call.
type Kind string

// The kinds. Those that say "after" do what was asked for first.
const (
	Limited      Kind = "limited"       // 429, with a Retry-After of Wait
	BrokenBefore Kind = "broken before" // 503, and nothing is done
	BrokenAfter  Kind = "broken after"  // 503
	CutBefore    Kind = "cut before"    // no answer: the connection is cut, and nothing is done
	Cut          Kind = "cut"           // no answer, after: accept, then drop
	Late         Kind = "late"          // the answer comes after Wait
	Refused      Kind = "refused"       // Error
)

// Fault is a plan for some of the calls of a method.
type Fault struct {
	Method  string // "" for any, "response_url" for a response URL
	Channel string // "" for any
	Kind    Kind
	Skip    int // calls that go well before
	Every   int // from then on each so many calls; 0 and 1 for all
	Times   int // how often at most; 0 for always
	Wait    time.Duration
	Error   string
}

type planned struct {
	Fault
	seen, done int
}

// Plan adds a fault. Of several that meet a call the first counts.
func (s *Server) Plan(f Fault) { s.lock(func() { s.faults = append(s.faults, &planned{Fault: f}) }) }

// Heal drops all plans.
func (s *Server) Heal() { s.lock(func() { s.faults = nil }) }

// planned returns the fault that meets a call.
func (s *Server) planned(method, channel string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found Fault
	for _, p := range s.faults {
		if p.Method != "" && p.Method != method || p.Channel != "" && p.Channel != channel {
			continue
		}
		p.seen++
		if found.Kind != "" || p.seen <= p.Skip || p.Times > 0 && p.done >= p.Times || p.Every > 1 && (p.seen-p.Skip-1)%p.Every != 0 {
			continue
		}
		p.done++
		found = p.Fault
	}
	return found
}

// bucket holds the calls that may be made at once; it fills with time.
type bucket struct {
	left float64
	at   time.Time
}

// What may be posted in one channel: "1 per second per channel. Short bursts
// >1 allowed" (https://docs.slack.dev/apis/web-api/rate-limits). Slack does not
// say how long a burst may be; this one is short.
const (
	postBurst  = 3
	postSecond = 1
)

// limit counts a call, and returns how long to wait when it is one too many.
// The lock is held.
func (s *Server) limit(method string, args arguments) time.Duration {
	if s.o.Unlimited {
		return 0
	}
	switch n := s.reference[method].minute; {
	case method == "chat.postMessage":
		return s.draw(method+args.text("channel"), postBurst, postSecond)
	case n > 0:
		return s.draw(method, float64(n), float64(n)/60)
	}
	return 0
}

func (s *Server) draw(key string, most, second float64) time.Duration {
	now := time.Now()
	b := s.buckets[key]
	if b == nil {
		b = &bucket{left: most, at: now}
		s.buckets[key] = b
	}
	b.left, b.at = min(most, b.left+now.Sub(b.at).Seconds()*second), now
	if b.left < 1 {
		return time.Duration((1 - b.left) / second * float64(time.Second))
	}
	b.left--
	return 0
}

// pause waits; less long when ctx ends.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
