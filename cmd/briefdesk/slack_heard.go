package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"briefdesk/bot/slack"
)

const (
	// slackHeardPrefix begins the names under which it is kept when an event
	// came last, RFC 3339: the only sign that the app is subscribed to it.
	slackHeardPrefix = "slack/heard/"
	// slackHeardRest is how long an event is not noted again.
	slackHeardRest = time.Hour
)

// slackHeard notes which events come from Slack. It is safe for concurrent
// use.
type slackHeard struct {
	log  *slog.Logger
	keep slack.Keeper
	now  func() time.Time

	mu    sync.Mutex
	noted map[string]time.Time
}

// note is called when an event came.
func (h *slackHeard) note(event string) {
	now := h.now().UTC()
	h.mu.Lock()
	last, known := h.noted[event]
	rest := known && now.Sub(last) < slackHeardRest
	if !rest {
		h.noted[event] = now
	}
	h.mu.Unlock()
	if rest {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), recordTimeout) // whoever told it waits no more
	defer cancel()
	if err := h.keep.Keep(ctx, slackHeardPrefix+event, []byte(now.Format(time.RFC3339))); err != nil {
		h.log.Warn("an event of Slack is not noted", "event", event, "err", err)
	}
}
