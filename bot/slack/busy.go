package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// What a status may take, and how long it is not tried again where there is
// none.
const (
	busyFor = 3 * time.Second
	muteFor = time.Hour
)

// Busy implements bot.Busy, in threads, where Slack shows the status of a
// thread below it (https://docs.slack.dev/reference/methods/assistant.threads.setStatus).
// The next message there takes it away.
func (c *Chat) Busy(ctx context.Context, at briefs.Place, words string) (done func()) {
	if at.Thread == "" || at.Only != "" || at.Room == "" {
		return func() {}
	}
	at = briefs.Place{Room: at.Room, Thread: at.Thread}
	ctx, cancel := context.WithTimeout(ctx, busyFor)
	var shown sync.WaitGroup
	shown.Go(func() { c.status(ctx, at, words) })
	return func() {
		cancel()
		shown.Wait()
		c.mu.Lock()
		stands := c.busy[at]
		delete(c.busy, at)
		c.mu.Unlock()
		if stands {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), busyFor)
			defer cancel()
			c.status(ctx, at, "")
		}
	}
}

// status shows words at a place, or with none takes them away.
func (c *Chat) status(ctx context.Context, at briefs.Place, words string) {
	t, channel, err := c.at(ctx, at.Room)
	if err != nil {
		return
	}
	surface := t.id + " " + channel[:1]
	c.mu.Lock()
	mute := c.o.Now().Before(c.mute[surface])
	if words != "" && !mute {
		c.busy[at] = true // also while nobody knows whether it stands
	}
	c.mu.Unlock()
	if mute {
		return
	}
	err = c.call(ctx, t, "assistant.threads.setStatus", "", func(ctx context.Context, api *slack.Client) error {
		return api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: channel, ThreadTS: at.Thread, Status: words})
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	if code(err) == "" || code(err) == "lost" || limited(err) {
		if words != "" && err == nil {
			c.busy[at] = true // it may have come after the message that takes it away
		}
		return
	}
	c.mute[surface] = c.o.Now().Add(muteFor)
	delete(c.busy, at)
}

// settled notes that a message took the status of a place away.
func (c *Chat) settled(at briefs.Place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.busy, briefs.Place{Room: at.Room, Thread: at.Thread})
}

// limited reports whether Slack asks to wait.
func limited(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.after > 0
}
