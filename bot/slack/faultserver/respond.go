package faultserver

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// A response URL takes five answers within thirty minutes
// (https://docs.slack.dev/interactivity/handling-user-interaction).
const (
	responseUses    = 5
	responseMinutes = 30
)

type responseURL struct {
	channel, user, thread string
	of                    *Message // what the pressed button stands in
	uses                  int
	ends                  time.Time
}

// responseURL makes one. The lock is held.
func (s *Server) responseURL(channel, user string, of *Message, thread string) string {
	id := s.name("respond-")
	s.urls[id] = &responseURL{channel: channel, user: user, of: of, thread: thread, ends: time.Now().Add(responseMinutes * time.Minute)}
	return s.base + "/respond/" + id
}

// ExpireURLs ends all response URLs.
func (s *Server) ExpireURLs() {
	s.lock(func() {
		for _, u := range s.urls {
			u.ends = time.Time{}
		}
	})
}

// respond serves response URLs.
func (s *Server) respond(w http.ResponseWriter, r *http.Request) {
	args, err := read(r)
	c := Call{Method: "response_url", Args: map[string]string{}, At: time.Now(), Status: http.StatusOK}
	for k, v := range args {
		c.Args[k] = v.raw
	}
	plan := s.planned("response_url", "")
	c.Fault = plan.Kind
	s.lock(func() {
		u := s.urls[r.PathValue("id")]
		switch {
		case err != nil:
			c.Status, c.Error = http.StatusBadRequest, "invalid_payload"
		case u == nil:
			c.Status, c.Error = http.StatusNotFound, "invalid_url"
		case time.Now().After(u.ends):
			c.Status, c.Error = http.StatusNotFound, "expired_url"
		case u.uses >= responseUses:
			c.Status, c.Error = http.StatusNotFound, "used_url"
		case plan.Kind == Limited:
			c.Status, c.Error = http.StatusTooManyRequests, "ratelimited"
		case plan.Kind == BrokenBefore:
			c.Status = http.StatusServiceUnavailable
		case plan.Kind == CutBefore:
			c.Status = 0
		case plan.Kind == Refused:
			c.Status, c.Error = http.StatusNotFound, plan.Error
		default:
			u.uses++
			if e := s.answer(u, args, "response_url"); e != nil {
				c.Status, c.Error = http.StatusBadRequest, e.Error()
			}
			switch plan.Kind {
			case BrokenAfter:
				c.Status = http.StatusServiceUnavailable
			case Cut:
				c.Status = 0
			}
		}
		s.calls = append(s.calls, c)
	})
	if plan.Kind == Late {
		pause(r.Context(), plan.Wait)
	}
	if c.Status == http.StatusOK {
		s.write(w, c.Status, map[string]any{"ok": true}, 0)
		return
	}
	s.write(w, c.Status, map[string]any{"ok": false, "error": c.Error}, plan.Wait)
}

// answer does what a response says: a message for one or for all, in place of
// the one with the button, or none at all. The lock is held.
func (s *Server) answer(u *responseURL, args arguments, via string) error {
	c := s.channels[u.channel]
	if args.is("delete_original") || args.is("replace_original") {
		if u.of != nil {
			if m := c.find(u.of.TS); m != nil && args.is("delete_original") {
				s.remove(c, m)
				return nil
			} else if m != nil {
				next := Message{}
				if err := s.content(args, &next); err != nil {
					return err
				}
				m.Text, m.Blocks, m.Edited = next.Text, next.Blocks, true
				return nil
			}
		}
		if args.is("delete_original") {
			return nil
		}
	}
	m := Message{User: Bot, BotID: BotID, Via: via, Only: u.user}
	if args.text("response_type") == "in_channel" {
		m.Only = ""
	}
	if t := args.text("thread_ts"); t != "" {
		m.Thread = c.thread(t)
	}
	if err := s.content(args, &m); err != nil {
		return err
	}
	at := s.put(c, m)
	if m.Only == "" {
		s.heard(c, at)
	}
	return nil
}

// responded takes what the app sent back with an acknowledgement. The lock is
// held.
func (s *Server) responded(d *Delivery) {
	raw := d.response
	if len(raw) == 0 {
		raw = []byte("{}") // as of a form that was sent: it closes
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(raw, &body) != nil {
		if d.Kind == Command { // HTTP takes plain words too
			text, _ := json.Marshal(string(raw))
			body = map[string]json.RawMessage{"text": text}
		} else {
			return
		}
	}
	var sent struct {
		Channel string `json:"channel_id"`
		User    any    `json:"user_id"`
		Type    string `json:"type"`
		View    struct {
			ID string `json:"id"`
		} `json:"view"`
	}
	_ = json.Unmarshal(d.Body, &sent) // our own
	switch {
	case d.Kind == Command && len(body) > 0:
		args := arguments{}
		for name, v := range body {
			a := argument{raw: string(v)}
			if strings.HasPrefix(a.raw, `"`) {
				_ = json.Unmarshal(v, &a.raw) // it was parsed above
			}
			args[name] = a
		}
		user, _ := sent.User.(string)
		if err := s.answer(&responseURL{channel: sent.Channel, user: user}, args, "ack"); err != nil {
			s.violations = append(s.violations, "acknowledgement of a command: "+err.Error())
		}
	case sent.Type == "view_submission":
		s.submitted(s.views[sent.View.ID], body)
	}
}

// submitted does what the answer to a submission says.
func (s *Server) submitted(v *View, body map[string]json.RawMessage) {
	if v == nil {
		return
	}
	stack := s.modals[v.User]
	var action string
	_ = json.Unmarshal(body["response_action"], &action) // none is ""
	switch action {
	case "errors":
		var all map[string]string
		if json.Unmarshal(body["errors"], &all) != nil || len(all) == 0 {
			s.violations = append(s.violations, "view_submission: no errors in the answer")
		}
		for block := range all {
			if b, _ := json.Marshal(v.Content["blocks"]); !strings.Contains(string(b), jsonOf(block)) {
				s.violations = append(s.violations, "view_submission: an error of no block: "+block)
			}
		}
	case "update", "push":
		content, err := s.parse(string(body["view"]), "modal")
		if err != nil {
			s.violations = append(s.violations, "view_submission: "+err.Error())
			return
		}
		if action == "update" {
			v.change(content)
		} else {
			s.modals[v.User] = append(stack, s.show(v.User, content))
		}
	case "clear":
		delete(s.modals, v.User)
	case "":
		if len(stack) > 0 {
			s.modals[v.User] = stack[:len(stack)-1]
		}
	}
}
