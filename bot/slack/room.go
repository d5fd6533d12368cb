package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"briefdesk/briefs"
)

// room is the name of a channel.
func (c *Chat) room(t *team, channel string) briefs.RoomID {
	if c.qualified() {
		return briefs.RoomID(Prefix + t.id + "/" + channel)
	}
	return briefs.RoomID(Prefix + channel)
}

// member is the name of a user.
func member(user string) string { return Prefix + user }

// userOf is the user that a member is; "" for one of another platform.
func userOf(member string) string {
	user, ok := strings.CutPrefix(member, Prefix)
	if !ok {
		return ""
	}
	if _, own, ok := strings.Cut(user, "/"); ok {
		user = own
	}
	return user
}

// at is the workspace and channel of a room. It returns ErrNotFound when there
// is no such room.
func (c *Chat) at(ctx context.Context, room briefs.RoomID) (*team, string, error) {
	rest, ok := strings.CutPrefix(string(room), Prefix)
	id, channel, both := strings.Cut(rest, "/")
	if !both {
		id, channel = "", rest
	}
	if !ok || channel == "" || strings.ContainsAny(channel, "/ ") {
		return nil, "", briefs.Fault(briefs.ErrNotFound, "room %q is none of Slack: write slack:C0123", room)
	}
	t, err := c.team(ctx, id)
	return t, channel, err
}

// direct reports whether a channel is that of one user and the bot alone.
func direct(channel string) bool { return strings.HasPrefix(channel, "D") }

// own is what an event carries to the place of its replies.
type own struct {
	// URL takes replies for a while, also where the bot is no member.
	URL   string    `json:"url,omitempty"`
	Until time.Time `json:"until,omitzero"` // UTC
	// Message is the one that was acted on, when only its author's eyes see it:
	// it can be replaced through URL alone.
	Message string `json:"message,omitempty"`
}

// urlFor is how long a response_url lives, and urlUses how often it may be
// used (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses).
const (
	urlFor  = 30 * time.Minute
	urlUses = 5
)

// ownOf packs what the place of replies needs of an interaction; "" for
// nothing.
func (c *Chat) ownOf(responseURL, message string) string {
	if responseURL == "" {
		return ""
	}
	b, err := json.Marshal(own{URL: responseURL, Until: c.o.Now().Add(urlFor).UTC(), Message: message})
	if err != nil {
		return ""
	}
	return string(b)
}

// readOwn undoes ownOf.
func readOwn(s string) (o own) {
	if s == "" || json.Unmarshal([]byte(s), &o) != nil {
		return own{}
	}
	return o
}
