package matrix

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// typingFor is how long the homeserver shows that the bot types, unless it is
// told again.
const typingFor = 30 * time.Second

// Busy implements bot.Busy: clients show that the bot types; they know no
// words for it.
func (c *Chat) Busy(ctx context.Context, at briefs.Place, _ string) (done func()) {
	ctx, stop := context.WithCancel(ctx)
	go func() {
		client, _, err := c.connected()
		if err != nil || at.Only != "" {
			return
		}
		v, err := c.current(ctx, at.Room)
		if err != nil {
			return
		}
		for {
			if _, err := client.UserTyping(ctx, v.ID, true, typingFor); err != nil {
				break
			}
			if sleep(ctx, typingFor-5*time.Second) != nil {
				break
			}
		}
		off, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_, _ = client.UserTyping(off, v.ID, false, 0)
	}()
	return stop
}
