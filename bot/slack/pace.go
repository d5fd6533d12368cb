package slack

import (
	"context"
	"sync"
	"time"

	"briefdesk/briefs"
)

// postGap is between two posts to one channel: Slack takes one a second
// (https://docs.slack.dev/apis/web-api/rate-limits).
const postGap = time.Second

// pace lets every channel have its turn: posts to one go out one after the
// other, in the order in which they came, and hold up no other channel. What
// Slack said about waiting is kept to. It is safe for concurrent use.
type pace struct {
	gap time.Duration

	mu     sync.Mutex
	next   map[string]time.Time // when the next one that comes may go
	paused map[string]time.Time // nothing before then, whoever waits already
}

func newPace() *pace {
	return &pace{gap: postGap, next: map[string]time.Time{}, paused: map[string]time.Time{}}
}

// turn waits until line may move on. It returns ErrUnavailable at once when
// that will be too late for ctx.
func (p *pace) turn(ctx context.Context, line string, gap time.Duration) error {
	for {
		at, err := p.reserve(ctx, line, gap)
		if err != nil {
			return err
		}
		if err := sleepUntil(ctx, at); err != nil {
			return err
		}
		p.mu.Lock()
		held := p.paused[line].After(time.Now())
		p.mu.Unlock()
		if !held {
			return nil
		}
	}
}

func (p *pace) reserve(ctx context.Context, line string, gap time.Duration) (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	at := now
	for _, t := range []time.Time{p.next[line], p.paused[line]} {
		if t.After(at) {
			at = t
		}
	}
	if end, ok := ctx.Deadline(); ok && at.After(end) {
		return at, briefs.Fault(briefs.ErrUnavailable, "Slack: too much is waiting to be posted there: its turn comes in %s", at.Sub(now).Round(time.Second))
	}
	if gap > 0 {
		p.tidy(now)
		p.next[line] = at.Add(gap)
	}
	return at, nil
}

// tidy drops lines where nobody waits, once there are many.
func (p *pace) tidy(now time.Time) {
	if len(p.next)+len(p.paused) < 4096 {
		return
	}
	for _, m := range []map[string]time.Time{p.next, p.paused} {
		for line, t := range m {
			if t.Before(now) {
				delete(m, line)
			}
		}
	}
}

// pause holds line up for d, as Slack asked.
func (p *pace) pause(line string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := time.Now().Add(d); t.After(p.paused[line]) {
		p.paused[line] = t
	}
}

// sleepUntil returns ErrUnavailable when ctx ends before.
func sleepUntil(ctx context.Context, at time.Time) error {
	d := time.Until(at)
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return briefs.Fault(briefs.ErrUnavailable, "Slack: %v while waiting for its turn", ctx.Err())
	}
}
