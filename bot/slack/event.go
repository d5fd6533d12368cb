package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// callback is what surrounds an event
// (https://docs.slack.dev/apis/events-api/#callback-field). It is read here,
// and not by slack-go, which refuses what it does not know.
type callback struct {
	Type           string          `json:"type"`
	TeamID         string          `json:"team_id"`
	ContextTeamID  string          `json:"context_team_id"`
	EventID        string          `json:"event_id"`
	Shared         bool            `json:"is_ext_shared_channel"`
	Authorizations []authorization `json:"authorizations"`
	Event          event           `json:"event"`

	retry int // how often it was told before
}

type authorization struct {
	TeamID     string `json:"team_id"`
	Enterprise bool   `json:"is_enterprise_install"`
}

// event has the fields of all events that are read here.
type event struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	Hidden      bool            `json:"hidden"`
	Edited      json.RawMessage `json:"edited"`
	BotID       string          `json:"bot_id"`
	User        userID          `json:"user"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	EventTS     string          `json:"event_ts"`
	ThreadTS    string          `json:"thread_ts"`
	DeletedTS   string          `json:"deleted_ts"` // of the subtype message_deleted
	Channel     channelID       `json:"channel"`
	ChannelType string          `json:"channel_type"`
	Tab         string          `json:"tab"`
	Files       []sharedFile    `json:"files"`
	Inviter     string          `json:"inviter"`

	// Of link_shared.
	MessageTS string `json:"message_ts"`
	Member    *bool  `json:"is_bot_user_member"`
	Source    string `json:"source"`
	Links     []struct {
		URL string `json:"url"`
	} `json:"links"`

	// Of tokens_revoked.
	Tokens struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

// userID and channelID are ids; some events give the whole thing instead.
type (
	userID    string
	channelID string
)

// UnmarshalJSON implements json.Unmarshaler.
func (u *userID) UnmarshalJSON(b []byte) error { *u = userID(idIn(b)); return nil }

// UnmarshalJSON implements json.Unmarshaler.
func (c *channelID) UnmarshalJSON(b []byte) error { *c = channelID(idIn(b)); return nil }

func idIn(b []byte) string {
	var id string
	if json.Unmarshal(b, &id) == nil {
		return id
	}
	var whole struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(b, &whole) != nil {
		return ""
	}
	return whole.ID
}

// team is the workspace in which the app was told: in a channel that several
// organisations share it is not always the one where it happened.
func (cb *callback) team() string {
	if len(cb.Authorizations) > 0 && !cb.Authorizations[0].Enterprise && cb.Authorizations[0].TeamID != "" {
		return cb.Authorizations[0].TeamID
	}
	if cb.ContextTeamID != "" {
		return cb.ContextTeamID
	}
	return cb.TeamID
}

// event says what an event comes to.
func (c *Chat) event(ctx context.Context, cb *callback) (reaction, error) {
	switch cb.Event.Type {
	case "app_uninstalled":
		return reaction{}, c.uninstalled(ctx, cb.team())
	case "tokens_revoked":
		if len(cb.Event.Tokens.Bot) > 0 {
			return reaction{}, c.uninstalled(ctx, cb.team())
		}
		return reaction{}, nil
	case "message", "app_mention", "member_joined_channel", "app_home_opened", "link_shared",
		"channel_shared", "channel_unshared", "user_change":
	default:
		if cb.Type == "app_rate_limited" {
			c.log.Warn("Slack holds events back: too many were told within an hour")
		}
		return reaction{}, nil
	}
	t, err := c.team(ctx, cb.team())
	if err != nil {
		return reaction{}, err
	}
	e := &cb.Event
	switch e.Type {
	case "message", "app_mention":
		return c.message(ctx, t, cb)
	case "member_joined_channel":
		return c.joined(ctx, t, cb)
	case "app_home_opened":
		return c.homeOpened(ctx, t, e), nil
	case "link_shared":
		return c.linked(t, cb), nil
	case "channel_shared", "channel_unshared":
		c.forgetPlace(t, string(e.Channel))
	case "user_change":
		c.forgetPerson(t, string(e.User))
	}
	return reaction{}, nil
}

// uninstalled forgets a workspace that removed the app.
func (c *Chat) uninstalled(ctx context.Context, id string) error {
	all, err := c.installs(ctx)
	if err != nil {
		return err
	}
	for _, install := range all {
		if install == id || install == "" && len(all) == 1 {
			c.log.Warn("the app was removed from a workspace of Slack: its token is dropped, and nothing is posted there", "workspace", id)
			return c.drop(ctx, install)
		}
	}
	return nil
}

// message decodes what somebody wrote. Edits, unfurled links and what bots
// write, this one among them, come to nothing; a deletion is remembered.
func (c *Chat) message(ctx context.Context, t *team, cb *callback) (reaction, error) {
	e := &cb.Event
	channel, user := string(e.Channel), string(e.User)
	if e.Subtype == "message_deleted" {
		c.noteDeleted(t, channel, e.DeletedTS)
	}
	if !written(e) || user == t.user || e.BotID != "" || !sane(channel) || !sane(user) || !sane(e.TS) {
		return reaction{}, nil
	}
	mentioned := e.Type == "app_mention" || mentions(e.Text, t.user)
	h := bot.Heard{
		Key:     Prefix + t.id + ":" + e.key(cb),
		Aliases: []string{Prefix + t.id + ":" + channel + ":" + e.TS},
		Event: bot.Event{
			Kind: bot.EventText, Room: c.room(t, channel), Direct: direct(channel), Author: member(user),
			Addressed: mentioned || direct(channel), Message: e.TS,
		},
	}
	if e.ThreadTS != e.TS && sane(e.ThreadTS) {
		h.Event.Thread = e.ThreadTS
	}
	if h.Key == h.Aliases[0] {
		h.Aliases = nil
	}
	outside, isBot, err := c.outsider(ctx, t, cb, user)
	if isBot {
		return reaction{}, nil
	}
	if err != nil {
		if r, ok := c.tellScopeIn(t, err, &h.Event); ok {
			return r, nil
		}
		if (h.Event.Addressed || h.Event.Thread != "") && cb.retry == 0 {
			return reaction{}, err // it is told again
		}
		c.log.Warn("Slack did not say who wrote: they are taken for a guest", "error", err)
	}
	h.Event.External, h.Event.Unknown = outside, err != nil
	h.Event.Text = plainText(e.Text, t.user, func(user string) string { return c.nameOf(t, user) })
	if h.Event.Addressed {
		h.Event.Files = brought(e.Files)
	}
	if h.Event.Text == "" && !h.Event.Addressed {
		return reaction{}, nil
	}
	return reaction{heard: []bot.Heard{h}}, nil
}

// key tells an event apart within its workspace.
func (e *event) key(cb *callback) string {
	if sane(cb.EventID) {
		return cb.EventID
	}
	return string(e.Channel) + ":" + e.TS
}

// written reports whether a person wrote something new. Subtypes that are not
// known are something else
// (https://docs.slack.dev/reference/events/message#subtypes).
func written(e *event) bool {
	if e.Hidden || len(e.Edited) > 0 && string(e.Edited) != "null" || e.User == "USLACKBOT" {
		return false
	}
	switch e.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		return true
	}
	return false
}

// sane reports whether an id is fit to stand in names and keys.
func sane(id string) bool {
	return id != "" && len(id) <= 100 && !strings.ContainsFunc(id, func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// outsider reports whether a user is none of the workspace, or the channel
// shared with others. It errs on the side of yes.
func (c *Chat) outsider(ctx context.Context, t *team, cb *callback, user string) (outside, isBot bool, err error) {
	c.noteShared(t, string(cb.Event.Channel), cb.Shared)
	p, err := c.person(ctx, t, user)
	if err != nil {
		if cb.Shared {
			err = nil // what they are makes no difference
		}
		return true, false, err
	}
	return cb.Shared || p.outside, p.bot, nil
}

// nameOf is what others call a user, as far as it is known.
func (c *Chat) nameOf(t *team, user string) string {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	if p, ok := c.people.users[t.id+" "+user]; ok {
		return p.name
	}
	return ""
}

// tellScopeIn tells in the room, to the one who wrote, why there is no answer.
// It reports false for every other err.
func (c *Chat) tellScopeIn(t *team, err error, e *bot.Event) (reaction, bool) {
	if code(err) != missingScope {
		return reaction{}, false
	}
	if !e.Addressed || !c.first("tell scope "+string(e.Room)+" "+e.Author, time.Hour) {
		return reaction{}, true
	}
	at := e.Home()
	at.Only = e.Author
	return reaction{after: func(ctx context.Context) {
		if _, err := c.ephemeral(ctx, t, channelOf(e.Room), at, message{Text: escape(scopeWords(err))}); err != nil {
			c.log.Warn("a person could not be told about a missing scope", "error", err)
		}
	}}, true
}

// joined says hello where the bot itself was added to a channel.
func (c *Chat) joined(ctx context.Context, t *team, cb *callback) (reaction, error) {
	e := &cb.Event
	channel := string(e.Channel)
	if string(e.User) != t.user || !sane(channel) {
		return reaction{}, nil
	}
	c.noteShared(t, channel, cb.Shared)
	author, outside := e.Inviter, cb.Shared
	if !sane(author) {
		author = t.user
	} else if p, err := c.person(ctx, t, author); err == nil {
		outside = outside || p.outside
	}
	return reaction{heard: []bot.Heard{{
		Key:     Prefix + t.id + ":" + e.joinKey(cb),
		Aliases: []string{Prefix + t.id + ":" + channel + ":joined:" + e.EventTS},
		Event:   bot.Event{Kind: bot.EventJoined, Room: c.room(t, channel), External: outside, Addressed: true, Author: member(author)},
	}}}, nil
}

func (e *event) joinKey(cb *callback) string {
	if sane(cb.EventID) {
		return cb.EventID
	}
	return "joined " + e.EventTS
}

// homeOpened shows App Home. The messages tab of an agent says all that it has
// to say by itself.
func (c *Chat) homeOpened(ctx context.Context, t *team, e *event) reaction {
	user, channel := string(e.User), string(e.Channel)
	if c.o.Desk == nil || e.Tab == "messages" || !sane(user) || !sane(channel) {
		return reaction{}
	}
	return reaction{after: func(ctx context.Context) {
		w, err := c.who(ctx, t, channel, user)
		if err == nil {
			err = c.showHome(ctx, t, w)
		}
		if err != nil {
			c.log.Warn("App Home could not be shown", "error", err)
		}
	}}
}

// channelOf is the channel in the name of a room.
func channelOf(room briefs.RoomID) string {
	name := strings.TrimPrefix(string(room), Prefix)
	if _, channel, ok := strings.Cut(name, "/"); ok {
		return channel
	}
	return name
}
