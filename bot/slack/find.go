package slack

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// What Find reads at most: nobody asks after what was sent longer ago.
const (
	findBack  = 48 * time.Hour
	findPages = 25
	findPage  = 200
)

// Find implements bot.Finder. It reads the messages of the place back, as
// far as two days, and looks for the key in their metadata. What one member alone
// sees cannot be read back, and where there is too much to read it cannot be
// told: then it returns errors.ErrUnsupported. A part of which some messages
// were posted is not found; Send goes on where it ended. A reply that landed
// beside its thread, which is gone, is taken back and not found.
func (c *Chat) Find(ctx context.Context, at briefs.Place, key briefs.DeliveryKey) (string, bool, error) {
	if at.Only != "" && at.Room != "" {
		return "", false, errors.ErrUnsupported
	}
	t, channel, err := c.target(ctx, at)
	if err != nil {
		return "", false, err
	}
	s := search{t: t, channel: channel, key: string(key), receipts: map[int]string{}}
	gone := false
	if at.Thread != "" {
		err = c.readBack(ctx, &s, at.Thread)
		gone = code(err) == "thread_not_found" || err == nil && s.seen == 0
	}
	if at.Thread == "" || gone {
		err = c.readBack(ctx, &s, "")
	}
	if err != nil {
		return "", false, unlost(err)
	}
	if gone {
		for n, ts := range s.receipts {
			switch err := c.takeBack(ctx, t, channel, at.Thread, ts); {
			case code(err) == cantDelete: // so it stays
			case err != nil:
				return "", false, err
			default:
				delete(s.receipts, n)
			}
		}
	}
	posted := s.inOrder()
	switch {
	case len(posted) == 0:
		c.setHalf(key, nil)
		return "", false, nil
	case len(posted) < s.of:
		c.setHalf(key, posted)
		return "", false, nil
	}
	c.setHalf(key, nil)
	return posted[0], true, nil
}

// search is what is looked for, and what was found.
type search struct {
	t        *team
	channel  string
	key      string
	seen     int            // how many messages were read
	of       int            // how many messages the part has
	receipts map[int]string // by number, from 1
}

// inOrder are the receipts from the first message on, without a gap.
func (s *search) inOrder() []string {
	var all []string
	for n := 1; s.receipts[n] != ""; n++ {
		all = append(all, s.receipts[n])
	}
	return all
}

func (s *search) see(all []slack.Message) {
	s.seen += len(all)
	for _, m := range all {
		if m.Metadata.EventType != eventType || m.Metadata.EventPayload[payloadKey] != s.key || m.BotID == "" && m.User != s.t.user {
			continue
		}
		n, of := 1, 1
		if v, err := strconv.Atoi(fmt.Sprint(m.Metadata.EventPayload[payloadN])); err == nil {
			n = v
		}
		if v, err := strconv.Atoi(fmt.Sprint(m.Metadata.EventPayload[payloadOf])); err == nil {
			of = v
		}
		s.of = max(s.of, of)
		if s.receipts[n] == "" {
			s.receipts[n] = m.Timestamp
		}
	}
}

// readBack reads a thread, or the channel where it is empty.
func (c *Chat) readBack(ctx context.Context, s *search, thread string) error {
	oldest := strconv.FormatInt(c.o.Now().Add(-findBack).Unix(), 10) + ".000000"
	cursor := ""
	for range findPages {
		var all []slack.Message
		var more bool
		next := ""
		method := "conversations.history"
		if thread != "" {
			method = "conversations.replies"
		}
		err := c.call(ctx, s.t, method, "", func(ctx context.Context, api *slack.Client) (err error) {
			if thread != "" {
				all, more, next, err = api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
					ChannelID: s.channel, Timestamp: thread, Cursor: cursor, Oldest: oldest, Limit: findPage, IncludeAllMetadata: true,
				})
				return err
			}
			h, err := api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
				ChannelID: s.channel, Cursor: cursor, Oldest: oldest, Limit: findPage, IncludeAllMetadata: true,
			})
			if err == nil {
				all, more, next = h.Messages, h.HasMore, h.ResponseMetaData.NextCursor
			}
			return err
		})
		if err != nil {
			return err
		}
		s.see(all)
		if len(s.receipts) > 0 && len(s.inOrder()) >= s.of || !more || next == "" {
			return nil
		}
		cursor = next
	}
	if len(s.receipts) > 0 {
		return nil
	}
	return fmt.Errorf("more than %d messages within %s: %w", findPages*findPage, findBack, errors.ErrUnsupported)
}

// unlost is an error of reading: where nobody was told, it may be tried again.
func unlost(err error) error {
	var r *refusal
	if errors.As(err, &r) && r.code == missingScope {
		return fmt.Errorf("%w: %w", err, errors.ErrUnsupported)
	}
	return err
}

// Check implements bot.Checker.
func (c *Chat) Check(ctx context.Context, room briefs.RoomID) error {
	t, channel, err := c.at(ctx, room)
	if err != nil {
		return err
	}
	ch, err := c.info(ctx, t, channel)
	switch {
	case err != nil:
		return err
	case ch.IsArchived:
		return briefs.Fault(briefs.ErrNotFound, "room %s: the channel is archived: take it out of the archive, or configure another", room)
	case !ch.IsMember && !ch.IsIM && !ch.IsMpIM:
		return briefs.Fault(briefs.ErrNotFound, "room %s: the bot is not in #%s: invite it there", room, ch.Name)
	}
	return nil
}
