package slack

import (
	"context"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// unfurlMost is how many links of one message get a card.
const unfurlMost = 3

// linked shows quiet cards for reading pages that somebody linked to: those
// that the room may see. About all other links it does nothing.
func (c *Chat) linked(t *team, cb *callback) reaction {
	e := &cb.Event
	channel, user, ts := string(e.Channel), string(e.User), e.MessageTS
	// A message that is still being written has no room yet, and a room in
	// which the bot is not is none of its own.
	if c.o.Desk == nil || user == t.user || e.Source == "composer" || e.Member != nil && !*e.Member || !sane(channel) || !sane(user) || !sane(ts) {
		return reaction{}
	}
	c.noteShared(t, channel, cb.Shared)
	return reaction{after: func(ctx context.Context) {
		cards, err := c.cards(ctx, t, channel, user, e)
		if err != nil || len(cards) == 0 {
			return
		}
		err = c.call(ctx, t, "chat.unfurl", "", func(ctx context.Context, api *slack.Client) error {
			_, _, _, err := api.UnfurlMessageContext(ctx, channel, ts, cards)
			return err
		})
		if err != nil && c.first("unfurl "+code(err), unknownFor) {
			c.log.Warn("a link could not be shown with its quote", "error", err)
		}
	}}
}

func (c *Chat) cards(ctx context.Context, t *team, channel, user string, e *event) (map[string]slack.Attachment, error) {
	w, err := c.who(ctx, t, channel, user)
	if err != nil {
		return nil, err
	}
	cards := map[string]slack.Attachment{}
	for _, l := range e.Links {
		if len(cards) == unfurlMost {
			break
		}
		post, ok, err := c.o.Desk.Unfurl(ctx, w, unescape(l.URL))
		if err != nil || !ok {
			continue
		}
		part, err := post.Part()
		if err != nil {
			continue
		}
		drawn, err := render(briefs.Part{Text: part.Text, Body: part.Body}, lookPlain, "")
		if err != nil || len(drawn) == 0 {
			continue
		}
		cards[l.URL] = slack.Attachment{Blocks: slack.Blocks{BlockSet: drawn[0].Blocks}, Fallback: drawn[0].Text}
	}
	return cards, nil
}
