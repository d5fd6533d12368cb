package slack

import (
	"context"

	"github.com/slack-go/slack"

	"briefdesk/bot"
)

// reaction is what one envelope of Slack comes to. All of it may be empty.
type reaction struct {
	heard []bot.Heard // kept before the envelope is acknowledged
	// now is done before that, in less than two seconds, and returns what the
	// acknowledgement carries: nil, or the answer to a form.
	now func(ctx context.Context) (payload any)
	// after is done when it was acknowledged, at once: triggers last for three
	// seconds.
	after func(ctx context.Context)
}

// team is one workspace that the app is installed in.
type team struct {
	install string // its name in Tokens
	id      string // "T0AB"; of an organisation "E0AB"
	user    string // the bot's own, "U0AB"
	bot     string // "B0AB"
	name    string
}

// client speaks for the app in a workspace.
func (c *Chat) client(ctx context.Context, t *team) (*slack.Client, error) { return nil, nil }
