package slack

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// Slack posts a reply to a deleted message to all of the channel. So deletions
// are listened for, old threads are looked at before, and what went astray all
// the same is taken back.

// oldThread is from when on the first message of a thread is looked for before
// a reply is posted: of deletions before the process began nobody told it.
const (
	oldThread = 2 * time.Minute
	standsFor = 10 * time.Minute // it is not looked for again
)

func threadGone(channel string) error {
	return briefs.Fault(briefs.ErrNotFound, "Slack: the message in %s that the thread hangs on was deleted", channel)
}

func deletion(t *team, channel, ts string) string {
	return "deleted " + t.id + " " + channel + " " + ts
}

// noteDeleted remembers that a message was deleted.
func (c *Chat) noteDeleted(t *team, channel, ts string) {
	if sane(channel) && sane(ts) {
		c.first(deletion(t, channel, ts), 0)
	}
}

// deleted reports whether a message is known to be deleted.
func (c *Chat) deleted(t *team, channel, ts string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.told[deletion(t, channel, ts)]
	return ok
}

// threadStands returns ErrNotFound where a thread cannot be replied to. One that
// is young is not looked for.
func (c *Chat) threadStands(ctx context.Context, t *team, channel, thread string) error {
	if c.deleted(t, channel, thread) {
		return threadGone(channel)
	}
	if began, ok := timeOf(thread); ok && c.o.Now().Sub(began) < oldThread {
		return nil
	}
	what := "thread " + t.id + " " + channel + " " + thread
	if !c.first(what, standsFor) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	if err := c.parent(ctx, t, channel, thread); errors.Is(err, briefs.ErrNotFound) {
		c.forget(what)
		return err
	}
	return nil // also where it cannot be told
}

// parent looks for the first message of a thread. It returns ErrNotFound when
// it is gone.
func (c *Chat) parent(ctx context.Context, t *team, channel, thread string) error {
	var first []slack.Message
	err := c.call(ctx, t, "conversations.replies", "", func(ctx context.Context, api *slack.Client) (err error) {
		first, _, _, err = api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: thread, Limit: 1})
		return err
	})
	switch {
	case code(err) == "thread_not_found":
		return threadGone(channel)
	case code(err) == missingScope:
		return err
	case err != nil:
		return briefs.Fault(briefs.ErrUnavailable, "%v", err)
	case len(first) == 0 || first[0].Timestamp != thread || first[0].SubType == "tombstone":
		return threadGone(channel)
	}
	return nil
}

// astray deals with a reply that Slack says stands in no thread. Where it
// cannot be told whether that is so, or it cannot be taken back now, nobody can
// tell what became of it: Find is to be asked.
func (c *Chat) astray(ctx context.Context, t *team, channel, thread, ts string) (string, error) {
	err := c.parent(ctx, t, channel, thread)
	switch {
	case err == nil:
		return ts, nil // the thread stands: the server says less than Slack does
	case !errors.Is(err, briefs.ErrNotFound) && code(err) != missingScope:
		return "", fmt.Errorf("a reply may stand in the channel: %s", err.Error())
	}
	switch err := c.takeBack(ctx, t, channel, thread, ts); {
	case code(err) == cantDelete:
		return ts, nil
	case err != nil:
		return "", err
	}
	return "", threadGone(channel)
}

// cantDelete is what Slack says where that will never succeed.
const cantDelete = "cant_delete_message"

// takeBack deletes a reply that landed before all of the channel, as its thread
// is gone. Its errors are of no kind, but for that of cantDelete.
func (c *Chat) takeBack(ctx context.Context, t *team, channel, thread, ts string) error {
	c.noteDeleted(t, channel, thread)
	err := c.call(ctx, t, "chat.delete", "", func(ctx context.Context, api *slack.Client) error {
		_, _, err := api.DeleteMessageContext(ctx, channel, ts)
		return err
	})
	switch {
	case err == nil || code(err) == "message_not_found":
		return nil
	case code(err) == cantDelete:
		c.log.Warn("a reply to a deleted message stands in the channel, and cannot be deleted", "error", err)
		return err
	}
	return fmt.Errorf("a reply to a deleted message stands in the channel: %s", err.Error())
}

// timeOf is when a message was posted, by its ts.
func timeOf(ts string) (time.Time, bool) {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(n, 0), err == nil
}
