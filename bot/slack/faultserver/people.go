package faultserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Words are what somebody writes.
type Words struct {
	Channel, User, Text string
	Thread              string // the message to reply to
	Subtype             string
	BotID               string // of another app
	Unnoticed           bool   // the app gets no event
	Files               []File // with Name, Type and Content
}

// Mention is how a message names the bot.
const Mention = "<@" + Bot + ">"

// Say writes a message, and returns its name. The app hears of it as Slack has
// it: a message, and a mention besides where the bot is named.
func (s *Server) Say(w Words) (ts string) {
	s.lock(func() {
		c := s.channels[w.Channel]
		if c == nil {
			c = s.direct(w.Channel)
		}
		m := s.put(c, Message{User: w.User, BotID: w.BotID, Subtype: w.Subtype, Text: w.Text, Thread: w.Thread, Via: "person"})
		for _, f := range w.Files {
			f.ID = s.name("F0")
			s.files[f.ID] = &f
			m.Files, m.Subtype = append(m.Files, f), "file_share"
		}
		ts = m.TS
		if w.Unnoticed {
			return
		}
		s.heard(c, m)
		if strings.Contains(w.Text, Mention) && c.Direct == "" && w.Subtype == "" {
			e := s.event(c, m)
			e["type"] = "app_mention"
			delete(e, "channel_type")
			delete(e, "subtype")
			s.emit(c, e)
		}
	})
	return ts
}

// event is a message as events show it.
func (s *Server) event(c *Channel, m *Message) map[string]any {
	e := m.json()
	e["channel"], e["channel_type"], e["event_ts"], e["client_msg_id"] = c.ID, c.kind(), m.TS, "c-"+m.TS
	var files []any
	for _, f := range m.Files {
		at := s.base + "/files-pri/" + f.ID + "/"
		files = append(files, map[string]any{
			"id": f.ID, "name": f.Name, "title": f.Name, "mimetype": f.Type, "size": len(f.Content), "mode": "hosted", "is_external": false,
			"url_private": at + f.Name, "url_private_download": at + "download/" + f.Name,
		})
	}
	if files != nil {
		e["files"] = files
	}
	if u := s.users[m.User]; u != nil && u.Team != "" {
		e["team"], e["user_team"], e["source_team"] = u.Team, u.Team, u.Team
	}
	return e
}

// heard tells the app of a message, where the bot is. The lock is held.
func (s *Server) heard(c *Channel, m *Message) {
	if !c.Absent {
		s.emit(c, s.event(c, m))
	}
}

// altered tells the app that a message was changed or deleted.
func (s *Server) altered(c *Channel, subtype string, m *Message, before map[string]any) {
	if c.Absent {
		return
	}
	e := map[string]any{"type": "message", "subtype": subtype, "hidden": true, "channel": c.ID, "channel_type": c.kind(), "ts": s.ts(), "previous_message": before}
	e["event_ts"] = e["ts"]
	if subtype == "message_changed" {
		e["message"] = m.json()
	} else {
		e["deleted_ts"] = m.TS
	}
	s.emit(c, e)
}

// emit delivers an event under a new name. The lock is held.
func (s *Server) emit(c *Channel, event map[string]any) *Delivery {
	id := s.name("Ev0")
	body := map[string]any{
		"token": "verification", "team_id": Team, "api_app_id": App, "type": "event_callback", "event": event, "event_id": id, "event_time": time.Now().Unix(), "event_context": "4-" + id,
		"authorizations":        []any{map[string]any{"enterprise_id": nil, "team_id": Team, "user_id": Bot, "is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": c != nil && c.Shared,
	}
	if c != nil && c.Shared {
		body["context_team_id"], body["context_enterprise_id"] = Team, nil
	}
	return s.deliver(Events, id, body)
}

// Event delivers any event.
func (s *Server) Event(event map[string]any) (d *Delivery) {
	s.lock(func() { d = s.emit(s.channels[str(event, "channel")], event) })
	return d
}

// Edit changes what somebody wrote.
func (s *Server) Edit(channel, ts, text string) {
	s.lock(func() {
		c := s.channels[channel]
		if m := c.find(ts); m != nil {
			before := m.json()
			m.Text, m.Edited = text, true
			s.altered(c, "message_changed", m, before)
		}
	})
}

// Delete deletes a message.
func (s *Server) Delete(channel, ts string) {
	s.lock(func() {
		c := s.channels[channel]
		if m := c.find(ts); m != nil {
			s.remove(c, m)
		}
	})
}

// Invite adds the bot to a channel.
func (s *Server) Invite(channel, by string) {
	s.lock(func() {
		c := s.channels[channel]
		c.Absent = false
		s.emit(c, map[string]any{"type": "member_joined_channel", "user": Bot, "channel": c.ID, "channel_type": c.kind()[:1], "team": Team, "inviter": by, "event_ts": s.ts()})
	})
}

// OpenHome opens the home tab.
func (s *Server) OpenHome(user string) *Delivery {
	var d *Delivery
	s.lock(func() {
		e := map[string]any{"type": "app_home_opened", "user": user, "channel": s.direct(user).ID, "tab": "home", "event_ts": s.ts()}
		if v := s.homes[user]; v != nil {
			e["view"] = v.json()
		}
		d = s.emit(nil, e)
	})
	return d
}

// trigger makes the name by which a modal can be opened: for as long as an
// acknowledgement may take. The lock is held.
func (s *Server) trigger(user string) string {
	id := s.name("13345224609.738474920.")
	s.triggers[id] = &trigger{user: user, ends: time.Now().Add(s.o.Patience)}
	return id
}

// Run gives a command, such as "/ask".
func (s *Server) Run(channel, user, command, text string) (d *Delivery) {
	s.lock(func() {
		c := s.channels[channel]
		name := "directmessage"
		if c == nil {
			c = s.direct(user)
		} else if c.Direct == "" {
			name = c.Name
		}
		d = s.deliver(Command, "", map[string]any{
			"token": "verification", "team_id": Team, "team_domain": "fault", "channel_id": c.ID, "channel_name": name, "user_id": user, "user_name": s.users[user].Name,
			"command": command, "text": text, "api_app_id": App, "is_enterprise_install": "false", "response_url": s.responseURL(c.ID, user, nil, ""), "trigger_id": s.trigger(user),
		})
	})
	return d
}

// Press presses a button of a message; of feedback buttons the one whose value
// is given, of a menu the option. It fails the story, as a violation, where the
// message has no such action.
func (s *Server) Press(m Message, user, action, value string) (d *Delivery) {
	s.lock(func() {
		blocks := m.Blocks
		block, element := find(blocks, action, value)
		if element == nil {
			s.violations = append(s.violations, "the test's own: no action "+action+" "+value)
			return
		}
		container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.Only != ""}
		if m.Thread != "" {
			container["thread_ts"] = m.Thread
		}
		body := s.interaction("block_actions", user)
		body["container"], body["channel"] = container, map[string]any{"id": m.Channel, "name": "channel"}
		body["response_url"] = s.responseURL(m.Channel, user, &m, m.Thread)
		body["actions"] = []any{chosen(block, element, value, s.ts())}
		if m.Only == "" {
			body["message"] = m.json()
		}
		d = s.deliver(Interactive, "", body)
	})
	return d
}

// PressView presses a button of the home tab or of a modal.
func (s *Server) PressView(v View, user, action, value string) (d *Delivery) {
	s.lock(func() {
		blocks, _ := v.Content["blocks"].([]any)
		block, element := find(blocks, action, value)
		if element == nil {
			s.violations = append(s.violations, "the test's own: no action "+action+" "+value)
			return
		}
		body := s.interaction("block_actions", user)
		body["container"], body["view"] = map[string]any{"type": "view", "view_id": v.ID}, v.json()
		body["actions"] = []any{chosen(block, element, value, s.ts())}
		d = s.deliver(Interactive, "", body)
	})
	return d
}

// Submit sends a modal with what stands in its inputs, by block and action.
func (s *Server) Submit(v View, user string, values map[string]map[string]any) (d *Delivery) {
	s.lock(func() {
		body, view := s.interaction("view_submission", user), v.json()
		view["state"] = map[string]any{"values": values}
		body["view"] = view
		d = s.deliver(Interactive, "", body)
	})
	return d
}

// Suggest types a query into a menu that the app fills; the options are in the
// response of the delivery.
func (s *Server) Suggest(v View, user, action, query string) (d *Delivery) {
	s.lock(func() {
		body := s.interaction("block_suggestion", user)
		body["action_id"], body["block_id"], body["value"], body["view"] = action, action, query, v.json()
		body["container"] = map[string]any{"type": "view", "view_id": v.ID}
		d = s.deliver(Interactive, "", body)
	})
	return d
}

// Shortcut uses a shortcut of a message.
func (s *Server) Shortcut(m Message, user, callback string) (d *Delivery) {
	s.lock(func() {
		body := s.interaction("message_action", user)
		body["callback_id"], body["message"], body["message_ts"], body["action_ts"] = callback, m.json(), m.TS, s.ts()
		body["channel"] = map[string]any{"id": m.Channel, "name": "channel"}
		body["response_url"] = s.responseURL(m.Channel, user, nil, "")
		d = s.deliver(Interactive, "", body)
	})
	return d
}

func (s *Server) interaction(kind, user string) map[string]any {
	team := Team
	if u := s.users[user]; u != nil {
		team = cmp.Or(u.Team, Team)
	}
	return map[string]any{
		"type": kind, "api_app_id": App, "token": "verification", "trigger_id": s.trigger(user), "is_enterprise_install": false, "enterprise": nil,
		"team": map[string]any{"id": Team, "domain": "fault"}, "user": map[string]any{"id": user, "username": user, "name": user, "team_id": team},
	}
}

// find returns the element of an action, and the block that it is in: for a
// value the one that has it.
func find(blocks []any, action, value string) (block, element map[string]any) {
	for _, b := range blocks {
		b, _ := b.(map[string]any)
		all, _ := b["elements"].([]any)
		for _, e := range append(slices.Clone(all), b["accessory"], b["element"]) {
			m, _ := e.(map[string]any)
			if m == nil || str(m, "action_id") != action {
				continue
			}
			if value == "" || strings.Contains(jsonOf(m), jsonOf(value)) {
				return b, m
			}
		}
	}
	return nil, nil
}

func jsonOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}

// chosen is the action of an element, as Slack tells it.
func chosen(block, element map[string]any, value, ts string) map[string]any {
	out := map[string]any{"type": element["type"], "action_id": element["action_id"], "block_id": cmp.Or(str(block, "block_id"), "made-by-slack"), "action_ts": ts}
	switch str(element, "type") {
	case "static_select", "overflow", "radio_buttons":
		options, _ := element["options"].([]any)
		groups, _ := element["option_groups"].([]any)
		for _, g := range groups {
			of, _ := g.(map[string]any)["options"].([]any)
			options = append(options, of...)
		}
		for _, o := range options {
			if m, _ := o.(map[string]any); str(m, "value") == value {
				out["selected_option"] = m
			}
		}
	case "feedback_buttons":
		out["value"] = value
	default:
		out["value"], out["text"] = element["value"], element["text"]
	}
	return out
}
