package slack

import (
	"context"

	"briefdesk/bot"
)

// reaction is what one envelope of Slack comes to. All of it may be empty.
type reaction struct {
	event string      // what the manifest calls it, where it is one of its events
	heard []bot.Heard // kept before the envelope is acknowledged
	// now is done before that, in less than two seconds, and returns what the
	// acknowledgement carries: nil, or the answer to a form.
	now func(ctx context.Context) (payload any)
	// after is done when it was acknowledged, at once: triggers last for three
	// seconds.
	after func(ctx context.Context)
}

// and is both reactions; one of them may say now.
func (r reaction) and(other reaction) reaction {
	r.heard = append(r.heard, other.heard...)
	if other.now != nil {
		r.now = other.now
	}
	if first, second := r.after, other.after; first == nil || second == nil {
		if first == nil {
			r.after = second
		}
	} else {
		r.after = func(ctx context.Context) { first(ctx); second(ctx) }
	}
	return r
}
