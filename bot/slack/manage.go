package slack

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// opens is what a command that needs no worker does, such as opening a form;
// nil for any other command.
func (c *Chat) opens(t *team, w bot.Who, cmd *slack.SlashCommand) func(ctx context.Context) {
	if c.o.Desk == nil || cmd.Command != "/briefings" || strings.TrimSpace(cmd.Text) != "" || cmd.TriggerID == "" {
		return nil
	}
	cb := &slack.InteractionCallback{TriggerID: cmd.TriggerID, ResponseURL: cmd.ResponseURL}
	k := ticket{Team: t.id, Who: w}
	return func(ctx context.Context) { c.open(ctx, t, cb, c.list(ctx, k, "")) }
}

// showHome publishes App Home to the one who opened it.
func (c *Chat) showHome(ctx context.Context, t *team, w bot.Who) error {
	if c.o.Desk == nil {
		return nil
	}
	v, err := c.o.Desk.Home(ctx, w)
	if err != nil {
		return err
	}
	view := homeView(v, ticket{Team: t.id, Who: w, Home: true}.signed(c.ticketKey()))
	return c.call(ctx, t, "views.publish", "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: userOf(w.Author), View: view})
		return err
	})
}

// list is the list of the briefings of a room; line tells what went wrong.
func (c *Chat) list(ctx context.Context, k ticket, line string) slack.ModalViewRequest {
	v, err := c.o.Desk.Home(ctx, k.Who)
	switch {
	case err != nil:
		return sorryView("Briefings", c.line(err, "list "+string(k.Who.Room)))
	case v.Closed != "":
		return sorryView("Briefings", v.Closed)
	}
	return listView(v.Briefings, v.Manage, line, k, c.ticketKey())
}

// line is a line about err for a person; what is not theirs is logged.
func (c *Chat) line(err error, key string) string {
	id := bot.IncidentID(key)
	if !errors.Is(err, briefs.ErrInvalid) && !errors.Is(err, briefs.ErrNotFound) {
		c.log.Error("a form failed", "id", id, "form", key, "error", err)
	}
	return bot.ErrorLine(err, id)
}

// viewPressed deals with a button or a menu of App Home or of a form.
func (c *Chat) viewPressed(t *team, cb *slack.InteractionCallback, a *slack.BlockAction) reaction {
	if c.o.Desk == nil || (a.ActionID != actManage && a.ActionID != actAdd && a.ActionID != actOnePick) {
		return reaction{}
	}
	return reaction{after: func(ctx context.Context) {
		k, err := ticketOf(c.ticketKey(), cb.View.PrivateMetadata, t.id, member(cb.User.ID))
		if err != nil {
			c.show(ctx, t, cb, "views.open", sorryView("Briefings", bot.ErrorLine(err, "")))
			return
		}
		if k.Who, err = c.who(ctx, t, channelOf(k.Who.Room), cb.User.ID); err != nil {
			c.log.Warn("Slack did not say who pressed a button: they are taken for a guest", "error", err)
		}
		method := "views.push"
		if cb.View.Type == slack.VTHomeTab {
			method = "views.open"
		} else {
			k.List = cb.View.ID
		}
		switch a.ActionID {
		case actManage:
			c.show(ctx, t, cb, method, c.list(ctx, k, ""))
		case actAdd:
			c.show(ctx, t, cb, method, formView(nil, k, c.zone(ctx, t, cb.User.ID), c.ticketKey()))
		case actOnePick:
			what, mark, _ := strings.Cut(cmp.Or(a.SelectedOption.Value, a.Value), " ")
			c.picked(ctx, t, cb, k, what, mark)
		}
	}}
}

// zone is the time zone of a user; UTC where Slack does not tell it.
func (c *Chat) zone(ctx context.Context, t *team, user string) string {
	if p, err := c.person(ctx, t, user); err == nil && p.zone != "" {
		return p.zone
	}
	return "UTC"
}

// show opens a view, or pushes it above the one that is open.
func (c *Chat) show(ctx context.Context, t *team, cb *slack.InteractionCallback, method string, view slack.ModalViewRequest) (id string) {
	err := c.call(ctx, t, method, "", func(ctx context.Context, api *slack.Client) error {
		do := api.PushViewContext
		if method == "views.open" {
			do = api.OpenViewContext
		}
		made, err := do(ctx, cb.TriggerID, view)
		if err == nil {
			id = made.ID
		}
		return err
	})
	if err != nil {
		c.log.Warn("a form could not be opened", "form", view.CallbackID, "error", err)
	}
	return id
}

// redraw puts a view in the place of one that is open.
func (c *Chat) redraw(ctx context.Context, t *team, id string, view slack.ModalViewRequest) {
	if id == "" {
		return
	}
	err := c.call(ctx, t, "views.update", "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.UpdateViewContext(ctx, view, "", "", id)
		return err
	})
	if err != nil {
		c.log.Warn("a form could not be drawn anew", "form", view.CallbackID, "error", err)
	}
}

// picked does what was chosen from the menu of one briefing.
func (c *Chat) picked(ctx context.Context, t *team, cb *slack.InteractionCallback, k ticket, what, mark string) {
	b, err := c.marked(ctx, k.Who, mark)
	if err != nil {
		c.redraw(ctx, t, cb.View.ID, c.list(ctx, k, c.line(err, cb.View.ID)))
		return
	}
	switch what {
	case pickEdit:
		c.show(ctx, t, cb, "views.push", formView(b, k, c.zone(ctx, t, cb.User.ID), c.ticketKey()))
	case pickDelete:
		c.show(ctx, t, cb, "views.push", deleteView(b, k, c.ticketKey()))
	case pickShow:
		id := c.show(ctx, t, cb, "views.push", previewView(b, nil, "It is being made…", k, c.ticketKey()))
		parts, err := c.o.Desk.PreviewBriefing(ctx, k.Who, b.Name)
		line := ""
		if err != nil {
			line = c.line(err, cb.View.ID)
		}
		c.redraw(ctx, t, id, previewView(b, parts, line, k, c.ticketKey()))
	case pickPause, pickResume:
		do := c.o.Desk.PauseBriefing
		if what == pickResume {
			do = c.o.Desk.ResumeBriefing
		}
		line := ""
		if err := do(ctx, k.Who, b.Name); err != nil {
			line = c.line(err, cb.View.ID)
		}
		c.redraw(ctx, t, cb.View.ID, c.list(ctx, k, line))
		c.homeAnew(ctx, t, k)
	}
}

// marked finds the briefing of a mark among those of the room.
func (c *Chat) marked(ctx context.Context, w bot.Who, mark string) (*bot.Subscription, error) {
	all, err := c.o.Desk.Briefings(ctx, w)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if nameMark(all[i].Name) == mark {
			return &all[i], nil
		}
	}
	return nil, briefs.Fault(briefs.ErrNotFound, "that briefing is no more: somebody deleted it")
}

// formSent makes or changes a briefing; faults come back below their fields.
func (c *Chat) formSent(t *team, cb *slack.InteractionCallback, k ticket, key string) reaction {
	done := false
	return reaction{now: func(ctx context.Context) any {
		s, faults := formOf(cb.View.State)
		if len(faults) == 0 {
			if err := c.put(ctx, k, s); err != nil {
				line := c.line(err, key)
				faults = map[string]string{faultField(line, s, value(cb, fieldWords) != ""): line}
			}
		}
		if len(faults) > 0 {
			return slack.NewErrorsViewSubmissionResponse(faults)
		}
		done = true
		return nil
	}, after: func(ctx context.Context) { c.changed(ctx, t, k, done) }}
}

// put makes a briefing, or puts it in the place of the one of a form.
func (c *Chat) put(ctx context.Context, k ticket, s briefs.Schedule) error {
	name := ""
	if k.Mark != "" {
		b, err := c.marked(ctx, k.Who, k.Mark)
		if err != nil {
			return err
		}
		name = b.Name
	}
	_, err := c.o.Desk.PutBriefing(ctx, k.Who, name, s)
	return err
}

// deleteSent deletes a briefing.
func (c *Chat) deleteSent(t *team, cb *slack.InteractionCallback, k ticket, key string) reaction {
	return reaction{now: func(ctx context.Context) any {
		b, err := c.marked(ctx, k.Who, k.Mark)
		if err == nil {
			err = c.o.Desk.DeleteBriefing(ctx, k.Who, b.Name)
		}
		if err == nil || errors.Is(err, briefs.ErrNotFound) { // gone is what was wanted
			return nil
		}
		view := sorryView("Briefings", c.line(err, key))
		return slack.NewUpdateViewSubmissionResponse(&view)
	}, after: func(ctx context.Context) { c.changed(ctx, t, k, true) }}
}

// changed draws anew what shows the briefings that a form has changed.
func (c *Chat) changed(ctx context.Context, t *team, k ticket, done bool) {
	if !done {
		return
	}
	if k.List != "" {
		c.redraw(ctx, t, k.List, c.list(ctx, k, ""))
	}
	c.homeAnew(ctx, t, k)
}

// homeAnew draws App Home anew where the form was begun there.
func (c *Chat) homeAnew(ctx context.Context, t *team, k ticket) {
	if !k.Home {
		return
	}
	if err := c.showHome(ctx, t, k.Who); err != nil {
		c.log.Warn("App Home could not be drawn anew", "error", err)
	}
}

func (c *Chat) ticketKey() []byte { return ticketKey(c.o) }
