package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// What is known of users and channels is trusted for an hour, and what is not
// known not asked for again for a minute; of each kind at most so many are
// kept.
const (
	knownFor   = time.Hour
	unknownFor = time.Minute
	knownMost  = 20_000
	lookFor    = 1500 * time.Millisecond // an event waits for it to be acknowledged
)

// person is what is known of a user.
type person struct {
	name    string // as others see it
	bot     bool
	outside bool // a guest, or of another organisation
	zone    string
	err     error // why nothing is known
	until   time.Time
}

// place is what is known of a channel.
type place struct {
	shared bool // with another organisation
	err    error
	until  time.Time
}

// people caches what was asked of Slack. It is safe for concurrent use.
type people struct {
	mu     sync.Mutex
	users  map[string]person // by team and user
	places map[string]place  // by team and channel
}

func newPeople() *people {
	return &people{users: map[string]person{}, places: map[string]place{}}
}

// forget drops all that is known.
func (p *people) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.users)
	clear(p.places)
}

func (c *Chat) forgetPerson(t *team, user string) {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	delete(c.people.users, t.id+" "+user)
}

func (c *Chat) forgetPlace(t *team, channel string) {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	delete(c.people.places, t.id+" "+channel)
}

// person asks who a user is, or remembers it.
func (c *Chat) person(ctx context.Context, t *team, user string) (person, error) {
	key := t.id + " " + user
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	for {
		c.people.mu.Lock()
		have, ok := c.people.users[key]
		c.people.mu.Unlock()
		if ok && c.o.Now().Before(have.until) {
			return have, have.err
		}
		var err error
		if c.asking.alone(ctx, "person "+key, func() { have, err = c.askPerson(ctx, t, user) }) {
			return have, err
		}
		if ctx.Err() != nil {
			return person{}, briefs.Fault(briefs.ErrUnavailable, "Slack: %v", ctx.Err())
		}
	}
}

func (c *Chat) askPerson(ctx context.Context, t *team, user string) (person, error) {
	now := c.o.Now()
	var u *slack.User
	err := c.call(ctx, t, "users.info", "", func(ctx context.Context, api *slack.Client) (err error) {
		u, err = api.GetUserInfoContext(ctx, user)
		return err
	})
	got := person{until: now.Add(knownFor)}
	switch {
	case errors.Is(err, briefs.ErrNotFound):
		got.outside = true // invisible to the workspace
	case err != nil:
		got.err, got.until = err, now.Add(unknownFor)
		if code(err) != missingScope {
			return got, err // asked again at once when needed
		}
	default:
		got.name = u.Profile.DisplayName
		if got.name == "" {
			got.name = u.RealName
		}
		if got.name == "" {
			got.name = u.Name
		}
		got.bot, got.zone = u.IsBot, u.TZ
		got.outside = u.IsRestricted || u.IsUltraRestricted || u.IsStranger || !sameTeam(t, u)
	}
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	if len(c.people.users) >= knownMost {
		clear(c.people.users)
	}
	c.people.users[t.id+" "+user] = got
	return got, got.err
}

// sameTeam reports whether a user belongs to the workspace, or to another one
// of its organisation.
func sameTeam(t *team, u *slack.User) bool {
	if u.TeamID == "" || u.TeamID == t.id {
		return true
	}
	if u.Enterprise.ID == "" {
		return false
	}
	for _, id := range u.Enterprise.Teams {
		if id == t.id {
			return true
		}
	}
	return u.Enterprise.ID == t.id
}

// shared asks whether a channel is shared with another organisation, or
// remembers it.
func (c *Chat) shared(ctx context.Context, t *team, channel string) (bool, error) {
	key, now := t.id+" "+channel, c.o.Now()
	c.people.mu.Lock()
	have, ok := c.people.places[key]
	c.people.mu.Unlock()
	if ok && now.Before(have.until) {
		return have.shared, have.err
	}
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	ch, err := c.info(ctx, t, channel)
	got := place{until: now.Add(knownFor)}
	switch {
	case errors.Is(err, briefs.ErrNotFound):
		// The bot is in no such channel: a command was given in it. Those who
		// are in it see the reply in no case but the one who asked.
	case err != nil:
		got.err, got.until = err, now.Add(unknownFor)
		if code(err) != missingScope {
			return false, err
		}
	default:
		got.shared = ch.IsExtShared || ch.IsPendingExtShared
	}
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	if len(c.people.places) >= knownMost {
		clear(c.people.places)
	}
	c.people.places[key] = got
	return got.shared, got.err
}

// info is conversations.info.
func (c *Chat) info(ctx context.Context, t *team, channel string) (ch *slack.Channel, err error) {
	err = c.call(ctx, t, "conversations.info", "", func(ctx context.Context, api *slack.Client) (err error) {
		ch, err = api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		return err
	})
	return ch, err
}

// noteShared notes what an event said of a channel, which spares asking.
func (c *Chat) noteShared(t *team, channel string, shared bool) {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	if len(c.people.places) >= knownMost {
		clear(c.people.places)
	}
	c.people.places[t.id+" "+channel] = place{shared: shared, until: c.o.Now().Add(knownFor)}
}

// who is a user in a channel. When Slack does not tell who they are it returns
// an error; then they are taken for an outsider.
func (c *Chat) who(ctx context.Context, t *team, channel, user string) (bot.Who, error) {
	w := bot.Who{Room: c.room(t, channel), Author: member(user), Direct: direct(channel), External: true, Unknown: true}
	p, err := c.person(ctx, t, user)
	if err != nil {
		return w, err
	}
	shared := false
	if !w.Direct {
		if shared, err = c.shared(ctx, t, channel); err != nil {
			return w, err
		}
	}
	w.External, w.Unknown = p.outside || shared, false
	return w, nil
}
