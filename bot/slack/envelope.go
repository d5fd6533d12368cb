package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// The kinds of envelope, as Socket Mode calls them.
const (
	kindEvent       = "events_api"
	kindCommand     = "slash_commands"
	kindInteraction = "interactive"
)

// Slack waits three seconds for an acknowledgement
// (https://docs.slack.dev/apis/events-api/#responding).
const (
	ackFor   = 2500 * time.Millisecond
	afterFor = 20 * time.Second // for what is done then
)

// errStopped is returned while Run does not run.
var errStopped = errors.New("not connected")

// envelope is one thing that Slack tells, by whatever door.
type envelope struct {
	kind    string
	payload []byte // JSON
	retry   int    // how often it was told before
}

// deliver deals with an envelope: what is heard is kept, then ack is called,
// then the rest is done. After an error nothing was acknowledged, and Slack is
// to tell it again.
func (c *Chat) deliver(ctx context.Context, e envelope, ack func(payload any) error) (err error) {
	start := time.Now()
	c.run.RLock()
	handler, life := c.run.handler, c.run.ctx
	if handler == nil || life.Err() != nil {
		c.run.RUnlock()
		return errStopped
	}
	c.work.Add(1) // before Run can wait
	c.run.RUnlock()
	defer c.work.Done()
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("an envelope of Slack made a panic", "kind", e.kind, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errors.New("panic")
		}
	}()
	within, cancel := context.WithTimeout(ctx, ackFor)
	defer cancel()
	r, err := c.react(within, e)
	if err != nil {
		return err
	}
	if err := keep(within, handler, r.heard); err != nil {
		return err
	}
	var answer any
	if r.now != nil {
		answer = r.now(within)
	}
	if err := ack(answer); err != nil {
		return err
	}
	if c.o.Metrics.Acked != nil {
		c.o.Metrics.Acked(e.kind, time.Since(start))
	}
	if c.o.Metrics.Heard != nil && r.event != "" {
		c.o.Metrics.Heard(r.event)
	}
	if r.after != nil {
		c.work.Go(func() {
			ctx, cancel := context.WithTimeout(life, afterFor)
			defer cancel()
			defer func() {
				if p := recover(); p != nil {
					c.log.Error("what follows an envelope of Slack made a panic", "kind", e.kind, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				}
			}()
			r.after(ctx)
		})
	}
	return nil
}

// keep hands over what was heard, and once more when the library was busy: not
// every server tells a thing again.
func keep(ctx context.Context, h bot.Handler, heard []bot.Heard) error {
	if len(heard) == 0 {
		return nil
	}
	for wait := 100 * time.Millisecond; ; wait *= 3 {
		err := h(ctx, heard...)
		if err == nil || wait > time.Second || !errors.Is(err, briefs.ErrUnavailable) {
			return err
		}
		if sleepUntil(ctx, time.Now().Add(wait)) != nil {
			return err
		}
	}
}

// react says what an envelope comes to. What cannot be read comes to nothing:
// told again it would be no better.
func (c *Chat) react(ctx context.Context, e envelope) (reaction, error) {
	var r reaction
	var err error
	switch e.kind {
	case kindEvent:
		var cb callback
		if json.Unmarshal(e.payload, &cb) != nil {
			c.log.Warn("an event of Slack could not be read", "bytes", len(e.payload))
			return r, nil
		}
		cb.retry = e.retry
		r, err = c.event(ctx, &cb)
		r.event = eventName(&cb.Event)
	case kindCommand:
		var cmd slack.SlashCommand
		if json.Unmarshal(e.payload, &cmd) != nil {
			c.log.Warn("a command of Slack could not be read", "bytes", len(e.payload))
			return r, nil
		}
		r, err = c.command(ctx, &cmd)
	case kindInteraction:
		var cb slack.InteractionCallback
		if json.Unmarshal(e.payload, &cb) != nil {
			c.log.Warn("an interaction of Slack could not be read", "bytes", len(e.payload))
			return r, nil
		}
		r, err = c.interaction(ctx, &cb)
	}
	if errors.Is(err, briefs.ErrNotFound) {
		if c.first("stranger", time.Hour) {
			c.log.Warn("Slack told of a workspace that the app is not installed in", "error", err)
		}
		return reaction{}, nil
	}
	return r, err
}

// interaction finds the workspace of an interaction. Of somebody from another
// organisation Slack names theirs: then it is the only one there is.
func (c *Chat) interaction(ctx context.Context, cb *slack.InteractionCallback) (reaction, error) {
	id := cmp.Or(cb.View.AppInstalledTeamID, cb.Team.ID, cb.User.TeamID)
	t, err := c.team(ctx, id)
	if errors.Is(err, briefs.ErrNotFound) {
		t, err = c.team(ctx, "")
	}
	if err != nil {
		return reaction{}, err
	}
	return c.interact(ctx, t, cb)
}

// command decodes a slash command.
func (c *Chat) command(ctx context.Context, cmd *slack.SlashCommand) (reaction, error) {
	t, err := c.team(ctx, cmd.TeamID)
	if err != nil {
		return reaction{}, err
	}
	what := commandOf(cmd.Command)
	if what == "" || !sane(cmd.ChannelID) || !sane(cmd.UserID) {
		return reaction{}, nil
	}
	w, err := c.who(ctx, t, cmd.ChannelID, cmd.UserID)
	if r, ok := c.tellScope(err, own{URL: cmd.ResponseURL}); ok {
		return r, nil
	}
	if err != nil {
		c.log.Warn("Slack did not say who gave a command: they are taken for a guest", "error", err)
	}
	if open := c.opens(t, w, cmd); open != nil {
		return reaction{after: open}, nil
	}
	key := cmd.TriggerID
	if key == "" {
		key = fmt.Sprintf("%s %s %d", cmd.ChannelID, cmd.UserID, c.o.Now().UnixNano())
	}
	return reaction{heard: []bot.Heard{{
		Key: Prefix + t.id + ":command " + key,
		Event: bot.Event{
			Kind: bot.EventCommand, Room: w.Room, Direct: w.Direct, External: w.External, Unknown: w.Unknown, Addressed: true,
			Author: w.Author, Command: what, Text: plainText(cmd.Text, "", nil), Own: c.ownOf(cmd.ResponseURL, ""),
		},
	}}}, nil
}

// commandOf is what a command is called in bot; "" for one that is not ours.
func commandOf(name string) string {
	switch name {
	case "/ask", "/brief", "/briefings", "/sources":
		return name[1:]
	}
	return ""
}

// tellScope tells the person, where the app lacks the scope to know them, why
// they get no answer. It reports false for every other err.
func (c *Chat) tellScope(err error, o own) (reaction, bool) {
	if code(err) != missingScope {
		return reaction{}, false
	}
	return reaction{after: func(ctx context.Context) {
		if o.URL == "" {
			return
		}
		if err := c.respond(ctx, o.URL, message{Text: escape(scopeWords(err))}, ""); err != nil {
			c.log.Warn("a person could not be told about a missing scope", "error", err)
		}
	}}, true
}

// scopeWords say to a person which scope is missing.
func scopeWords(err error) string {
	var r *refusal
	errors.As(err, &r)
	return "This app lacks the scope " + r.needed + ", without which it cannot tell members from guests. Ask whoever runs it to add the scope and to install the app again."
}
