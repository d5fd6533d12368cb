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

// What the metadata of a message says of it: the key of the part, and which
// message of the part it is, from 1, of how many.
const (
	eventType  = "briefdesk_post"
	payloadKey = "key"
	payloadN   = "n"
	payloadOf  = "of"
)

// Send implements bot.Chat. A part that needs several messages is posted in
// order; its receipt is that of the first. The receipt is the ts of the
// message, or "only:" and the ts of one that one member sees.
func (c *Chat) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	t, channel, err := c.target(ctx, o.Place)
	if err != nil {
		return "", err
	}
	defer c.settled(o.Place)
	if o.Only != "" && o.Room != "" {
		return c.sendOnly(ctx, t, channel, o)
	}
	if o.Replace == "" && o.Thread != "" {
		if err := c.threadStands(ctx, t, channel, o.Thread); err != nil {
			return "", err
		}
	}
	chart := ""
	if o.Part.Image != nil {
		chart = c.upload(ctx, t, &o.Part)
	}
	for how, waited := lookFull, false; ; {
		receipt, err := c.sendLook(ctx, t, channel, o, key, how, chart)
		if !refusedBlocks(err) || !errors.Is(err, briefs.ErrInvalid) || how == lookWords {
			return receipt, err
		}
		switch {
		case chart != "" && !waited && sleepUntil(ctx, time.Now().Add(uploadSettles)) == nil:
			waited = true
			continue
		case chart != "":
			chart = ""
		default:
			how++
		}
		c.log.Warn("Slack refuses how a message is drawn: it is drawn plainer", "error", err, "key", string(key))
	}
}

// target is where a place is. A place without a room is the direct messages of
// its member.
func (c *Chat) target(ctx context.Context, at briefs.Place) (*team, string, error) {
	if at.Room != "" {
		return c.at(ctx, at.Room)
	}
	user := userOf(at.Only)
	if !sane(user) {
		return nil, "", briefs.Fault(briefs.ErrNotFound, "%q is no member of Slack: write slack:U0123", at.Only)
	}
	t, err := c.teamOf(ctx, at.Only)
	if err != nil {
		return nil, "", err
	}
	var ch *slack.Channel
	err = c.call(ctx, t, "conversations.open", "", func(ctx context.Context, api *slack.Client) (err error) {
		ch, _, _, err = api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return t, ch.ID, nil
}

// teamOf is the workspace of a member: the only one there is, the one that the
// name says, as in slack:T0AB/U0123, or the first that knows them.
func (c *Chat) teamOf(ctx context.Context, member string) (*team, error) {
	if id, _, ok := strings.Cut(strings.TrimPrefix(member, Prefix), "/"); ok {
		return c.team(ctx, id)
	}
	all, err := c.installs(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) < 2 {
		return c.team(ctx, "")
	}
	for _, install := range all {
		t, err := c.admitted(ctx, install)
		if err != nil {
			continue
		}
		if p, err := c.person(ctx, t, userOf(member)); err == nil && !p.outside {
			return t, nil
		}
	}
	return nil, briefs.Fault(briefs.ErrNotFound, "%q is in none of the workspaces that can be reached", member)
}

// sendLook posts all messages of a part, from the first that is missing.
func (c *Chat) sendLook(ctx context.Context, t *team, channel string, o briefs.Outgoing, key briefs.DeliveryKey, how look, chart string) (string, error) {
	drawn, err := render(o.Part, how, chart)
	if err != nil {
		return "", err
	}
	done := c.half(key)
	if len(done) >= len(drawn) {
		return done[0], nil
	}
	for i := len(done); i < len(drawn); i++ {
		replace := ""
		if i == 0 {
			replace = o.Replace
		}
		ts, err := c.post(ctx, t, channel, o.Thread, replace, drawn[i], key, i+1, len(drawn))
		if i > 0 && drawn[i].Blocks != nil && refusedBlocks(err) && errors.Is(err, briefs.ErrInvalid) {
			c.log.Warn("Slack refuses how a later message is drawn: it is drawn plainer", "error", err, "key", string(key), "message", i+1)
			drawn, how = plainer(o.Part, drawn, i, how, chart)
			i--
			continue
		}
		if err != nil && i > 0 {
			// Some of it was posted: Find is to be asked before it goes on.
			return "", fmt.Errorf("%d of %d messages are posted, then: %s", i, len(drawn), err.Error())
		}
		if err != nil {
			return "", err
		}
		done = append(done, ts)
		if len(drawn) > 1 {
			c.setHalf(key, done)
		}
	}
	c.setHalf(key, nil)
	return done[0], nil
}

// plainer draws the message at i in a way that was not refused yet, where those
// before it are posted and their number has been told: as all of them would be
// drawn plain, or in words.
func plainer(part briefs.Part, drawn []message, i int, how look, chart string) ([]message, look) {
	if how == lookFull {
		if all, err := render(part, lookPlain, chart); err == nil && len(all) == len(drawn) {
			return all, lookPlain
		}
	}
	drawn[i].Blocks = nil
	return drawn, how
}

// post posts or changes one message. Changing may be tried again, whatever
// became of it.
func (c *Chat) post(ctx context.Context, t *team, channel, thread, replace string, m message, key briefs.DeliveryKey, n, of int) (string, error) {
	options := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: map[string]any{
			payloadKey: string(key), payloadN: strconv.Itoa(n), payloadOf: strconv.Itoa(of),
		}}),
	}
	if m.Blocks != nil {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	if replace != "" {
		var ts string
		err := c.call(ctx, t, "chat.update", channel, func(ctx context.Context, api *slack.Client) (err error) {
			_, ts, _, err = api.UpdateMessageContext(ctx, channel, replace, options...)
			return err
		})
		return ts, err
	}
	options = append(options, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionDisableMarkdown())
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	var ts string
	var landed slack.Message
	err := c.call(ctx, t, "chat.postMessage", channel, func(ctx context.Context, api *slack.Client) (err error) {
		if thread != "" && c.deleted(t, channel, thread) { // while it waited for its turn
			return &refusal{method: "chat.postMessage", code: "thread_not_found", kind: briefs.ErrNotFound}
		}
		_, ts, landed, err = api.PostMessageWithResponseContext(ctx, channel, options...)
		return err
	})
	if err == nil && ts == "" {
		return "", &refusal{method: "chat.postMessage", code: "lost"}
	}
	if err == nil && thread != "" && landed.Timestamp != "" && landed.ThreadTimestamp == "" {
		return c.astray(ctx, t, channel, thread, ts)
	}
	return ts, err
}

// half are the receipts of what is posted of a part in several messages.
func (c *Chat) half(key briefs.DeliveryKey) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.halves[key]
}

func (c *Chat) setHalf(key briefs.DeliveryKey, receipts []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if receipts == nil {
		delete(c.halves, key)
		return
	}
	c.halves[key] = receipts
}
