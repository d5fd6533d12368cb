package slack

import (
	"context"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// interact says what a press of a button, a form or a shortcut comes to: what
// needs the library's answer is heard, forms are opened and answered here.
func (c *Chat) interact(ctx context.Context, t *team, cb *slack.InteractionCallback) (reaction, error) {
	if !sane(cb.User.ID) {
		return reaction{}, nil
	}
	switch cb.Type {
	case slack.InteractionTypeBlockActions:
		return c.pressed(ctx, t, cb)
	case slack.InteractionTypeViewSubmission:
		return c.submitted(ctx, t, cb)
	case slack.InteractionTypeBlockSuggestion:
		if cb.ActionID == fieldZone {
			return reaction{now: func(context.Context) any { return zoneOptions(c.o.Zones, cb.Value) }}, nil
		}
	case slack.InteractionTypeMessageAction:
		if cb.CallbackID == shortcutAsk {
			return c.askAbout(ctx, t, cb)
		}
	}
	return reaction{}, nil
}

// pressed deals with buttons and menus: those of views, and those of messages.
func (c *Chat) pressed(ctx context.Context, t *team, cb *slack.InteractionCallback) (reaction, error) {
	var r reaction
	for _, a := range cb.ActionCallback.BlockActions {
		if cb.View.ID != "" || cb.Container.Type == "view" {
			r = r.and(c.viewPressed(t, cb, a))
			continue
		}
		one, err := c.messagePressed(ctx, t, cb, a)
		if err != nil {
			return reaction{}, err
		}
		r = r.and(one)
	}
	return r, nil
}

// messagePressed deals with a button or a menu below an answer.
func (c *Chat) messagePressed(ctx context.Context, t *team, cb *slack.InteractionCallback, a *slack.BlockAction) (reaction, error) {
	do, value := bot.ActionID(""), a.Value
	switch {
	case a.ActionID == actCite:
		do, value = bot.ActionCite, a.SelectedOption.Value
	case a.ActionID == actFeedback:
		if value == "" {
			value = a.SelectedOption.Value
		}
	case strings.HasPrefix(a.ActionID, actPrefix):
		do = bot.ActionID(strings.TrimPrefix(a.ActionID, actPrefix))
	default:
		return reaction{}, nil
	}
	e, err := c.actionEvent(ctx, t, cb)
	if err != nil || e.Room == "" {
		return reaction{}, err
	}
	e.Answer, e.Value = unpacked(value)
	if a.ActionID == actFeedback {
		if e.Value == bad {
			return c.askVerdict(t, cb, e), nil
		}
		do, e.Value = bot.ActionID(e.Value), ""
		if do.Verdict() == "" {
			return reaction{}, nil
		}
	}
	if e.Action = do; e.Answer == "" {
		return reaction{}, nil
	}
	at := a.ActionTs
	if at == "" {
		at = cb.TriggerID
	}
	key := strings.Join([]string{Prefix + t.id + ":action", cb.User.ID, e.Message, at, a.ActionID}, " ")
	return reaction{heard: []bot.Heard{{Key: key, Event: e}}}, nil
}

// actionEvent is the event of an action on a message, without what was done.
// Its room is empty where Slack named none.
func (c *Chat) actionEvent(ctx context.Context, t *team, cb *slack.InteractionCallback) (bot.Event, error) {
	channel := cb.Channel.ID
	if channel == "" {
		channel = cb.Container.ChannelID
	}
	if !sane(channel) {
		return bot.Event{}, nil
	}
	w, err := c.who(ctx, t, channel, cb.User.ID)
	if err != nil {
		c.log.Warn("Slack did not say who pressed a button: they are taken for a guest", "error", err)
	}
	e := bot.Event{
		Kind: bot.EventAction, Room: w.Room, Direct: w.Direct, External: w.External, Unknown: w.Unknown, Addressed: true, Author: w.Author,
		Thread: cb.Container.ThreadTs, Message: cb.Container.MessageTs, Private: cb.Container.IsEphemeral,
	}
	if e.Message == "" {
		e.Message = cb.Message.Timestamp
	}
	if e.Thread == "" && cb.Message.ThreadTimestamp != e.Message {
		e.Thread = cb.Message.ThreadTimestamp
	}
	replaced := ""
	if e.Private {
		replaced = e.Message
	}
	e.Own = c.ownOf(cb.ResponseURL, replaced)
	return e, nil
}

// askVerdict opens the form that asks what is wrong with an answer.
func (c *Chat) askVerdict(t *team, cb *slack.InteractionCallback, e bot.Event) reaction {
	k := ticket{Team: t.id, Who: e.Who(), Answer: e.Answer, Thread: e.Thread, Message: e.Message, Private: e.Private, Own: e.Own}
	return reaction{after: func(ctx context.Context) {
		c.open(ctx, t, cb, verdictView(k, c.ticketKey()))
	}}
}

// askAbout opens the form that asks the library about a message.
func (c *Chat) askAbout(ctx context.Context, t *team, cb *slack.InteractionCallback) (reaction, error) {
	if !sane(cb.Channel.ID) {
		return reaction{}, nil
	}
	w, err := c.who(ctx, t, cb.Channel.ID, cb.User.ID)
	if err != nil {
		c.log.Warn("Slack did not say who asks about a message: they are taken for a guest", "error", err)
	}
	k := ticket{Team: t.id, Who: w, Message: cb.Message.Timestamp, Thread: cb.Message.ThreadTimestamp, Own: c.ownOf(cb.ResponseURL, "")}
	if k.Message == "" {
		k.Message = cb.MessageTs
	}
	message := plainText(cb.Message.Text, t.user, nil)
	return reaction{after: func(ctx context.Context) {
		c.open(ctx, t, cb, askView(message, k, c.ticketKey()))
	}}, nil
}

// submitted deals with a form that was sent.
func (c *Chat) submitted(ctx context.Context, t *team, cb *slack.InteractionCallback) (reaction, error) {
	switch cb.View.CallbackID {
	case callVerdict, callAsk, callForm, callDelete:
	default:
		return reaction{}, nil
	}
	k, err := ticketOf(c.ticketKey(), cb.View.PrivateMetadata, t.id, member(cb.User.ID))
	if err != nil {
		return reaction{now: func(context.Context) any {
			view := sorryView("Out of date", bot.ErrorLine(err, ""))
			return slack.NewUpdateViewSubmissionResponse(&view)
		}}, nil
	}
	// Who they are may have changed while the form was open.
	if k.Who, err = c.who(ctx, t, channelOf(k.Who.Room), cb.User.ID); err != nil {
		c.log.Warn("Slack did not say who sent a form: they are taken for a guest", "error", err)
	}
	e := bot.Event{
		Kind: bot.EventAction, Room: k.Who.Room, Direct: k.Who.Direct, External: k.Who.External, Unknown: k.Who.Unknown, Addressed: true, Author: k.Who.Author,
		Thread: k.Thread, Message: k.Message, Private: k.Private, Own: k.Own,
	}
	key := Prefix + t.id + ":view " + cb.View.ID
	switch cb.View.CallbackID {
	case callVerdict:
		e.Answer, e.Action = k.Answer, bot.ActionID(selected(cb, fieldVerdict))
		e.Value = strings.TrimSpace(value(cb, fieldNote))
		if v := e.Action.Verdict(); v == "" || v == briefs.Good {
			return reaction{}, nil
		}
		return reaction{heard: []bot.Heard{{Key: key, Event: e}}}, nil
	case callAsk:
		e.Text = strings.TrimSpace(value(cb, fieldQuestion))
		if e.Text == "" {
			return reaction{now: func(context.Context) any {
				return slack.NewErrorsViewSubmissionResponse(map[string]string{fieldQuestion: "Write a question."})
			}}, nil
		}
		if e.Kind = bot.EventText; selected(cb, fieldReaders) != readersAll {
			e.Kind, e.Command, e.Message, e.Thread, e.Private = bot.EventCommand, "ask", "", "", true
		}
		return reaction{heard: []bot.Heard{{Key: key, Event: e}}}, nil
	case callDelete:
		return c.deleteSent(t, cb, k, key), nil
	}
	return c.formSent(t, cb, k, key), nil
}

func value(cb *slack.InteractionCallback, field string) string { return filled(cb, field).Value }

func selected(cb *slack.InteractionCallback, field string) string {
	return filled(cb, field).SelectedOption.Value
}

func filled(cb *slack.InteractionCallback, field string) slack.BlockAction {
	if cb.View.State == nil {
		return slack.BlockAction{}
	}
	return cb.View.State.Values[field][field]
}

// open opens a form for the one who pressed; who cannot be shown it is told so.
func (c *Chat) open(ctx context.Context, t *team, cb *slack.InteractionCallback, view slack.ModalViewRequest) {
	err := c.call(ctx, t, "views.open", "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.OpenViewContext(ctx, cb.TriggerID, view)
		return err
	})
	if err == nil {
		return
	}
	c.log.Warn("a form could not be opened", "form", view.CallbackID, "error", err)
	if cb.ResponseURL != "" && !errors.Is(err, context.Canceled) {
		if err := c.respond(ctx, cb.ResponseURL, message{Text: "Slack did not open the form: try again."}, ""); err != nil {
			c.log.Warn("a person could not be told that a form did not open", "error", err)
		}
	}
}
