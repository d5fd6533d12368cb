package faultserver

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) authTest(t *token, _ arguments) (map[string]any, error) {
	return map[string]any{"url": "https://fault.slack.example/", "team": "Fault", "user": "briefdesk", "team_id": t.team, "user_id": Bot, "bot_id": BotID, "is_enterprise_install": false}, nil
}

func (s *Server) teamInfo(t *token, _ arguments) (map[string]any, error) {
	return map[string]any{"team": map[string]any{"id": t.team, "name": "Fault", "domain": "fault"}}, nil
}

func (s *Server) botInfo(_ *token, args arguments) (map[string]any, error) {
	if args.text("bot") != BotID {
		return nil, fail("bot_not_found")
	}
	return map[string]any{"bot": map[string]any{"id": BotID, "app_id": App, "user_id": Bot, "name": "briefdesk", "deleted": false}}, nil
}

func (s *Server) userInfo(_ *token, args arguments) (map[string]any, error) {
	u := s.users[args.text("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	return map[string]any{"user": u.json()}, nil
}

func (s *Server) userList(_ *token, args arguments) (map[string]any, error) {
	var all []any
	for _, id := range sorted(s.users) {
		all = append(all, s.users[id].json())
	}
	return page("members", all, args)
}

func (s *Server) info(_ *token, args arguments) (map[string]any, error) {
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	return map[string]any{"channel": c.json()}, nil
}

// list serves conversations.list, and users.conversations of the bot's own.
func (s *Server) list(_ *token, args arguments) (map[string]any, error) {
	kinds := strings.Split(cmp.Or(args.text("types"), "public_channel"), ",")
	named := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}
	var all []any
	for _, id := range s.order {
		c := s.channels[id]
		if slices.Contains(kinds, named[c.kind()]) && !(c.Private && c.Absent) && !(c.Archived && args.is("exclude_archived")) {
			all = append(all, c.json())
		}
	}
	return page("channels", all, args)
}

func (s *Server) members(_ *token, args arguments) (map[string]any, error) {
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	var all []any
	for _, m := range c.Members {
		all = append(all, m)
	}
	if c.Direct != "" {
		all = append(all, c.Direct)
	}
	if !c.Absent {
		all = append(all, Bot)
	}
	return page("members", all, args)
}

// direct is the conversation of the bot with a user, made where there is none.
func (s *Server) direct(user string) *Channel {
	for _, id := range s.order {
		if c := s.channels[id]; c.Direct == user {
			return c
		}
	}
	c := &Channel{ID: "D" + strings.TrimLeft(user, "UW"), Direct: user}
	s.channels[c.ID], s.order = c, append(s.order, c.ID)
	return c
}

func (s *Server) openDirect(_ *token, args arguments) (map[string]any, error) {
	if args.text("channel") != "" {
		return s.info(nil, args)
	}
	u := s.users[args.text("users")]
	if u == nil || u.Bot {
		return nil, fail("user_not_found")
	}
	c := s.direct(u.ID)
	if args.is("return_im") {
		return map[string]any{"channel": c.json()}, nil
	}
	return map[string]any{"channel": map[string]any{"id": c.ID}}, nil
}

func (s *Server) join(_ *token, args arguments) (map[string]any, error) {
	c := s.channels[args.text("channel")]
	if c == nil || c.Private {
		return nil, fail("channel_not_found")
	}
	c.Absent = false
	return map[string]any{"channel": c.json()}, nil
}

// history shows what stands in the channel itself, newest first.
func (s *Server) history(_ *token, args arguments) (map[string]any, error) {
	return s.read(args, true, func(m *Message) bool { return m.Thread == "" || m.Thread == m.TS })
}

// replies shows a thread, oldest first.
func (s *Server) replies(_ *token, args arguments) (map[string]any, error) {
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	top := args.text("ts")
	if c.find(top) == nil {
		return nil, fail("thread_not_found")
	}
	return s.read(args, false, func(m *Message) bool { return m.TS == top || m.Thread == top })
}

func (s *Server) read(args arguments, newest bool, shown func(*Message) bool) (map[string]any, error) {
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	if c.Absent {
		return nil, fail("not_in_channel")
	}
	oldest, latest := args.text("oldest"), args.text("latest")
	var all []any
	for _, m := range c.messages {
		low, high := cmp.Compare(number(m.TS), number(oldest)), cmp.Compare(number(m.TS), number(latest))
		if m.Only != "" || !shown(m) || m.TS != args.text("ts") && (oldest != "" && (low < 0 || low == 0 && !args.is("inclusive")) || latest != "" && (high > 0 || high == 0 && !args.is("inclusive"))) {
			continue
		}
		out := m.json()
		if m.Metadata != nil {
			out["metadata"] = map[string]any{"event_type": str(m.Metadata, "event_type")}
			if args.is("include_all_metadata") {
				out["metadata"] = m.Metadata
			}
		}
		if n := c.replyCount(m.TS); n > 0 {
			out["reply_count"], out["thread_ts"] = n, m.TS
		}
		all = append(all, out)
	}
	if newest {
		slices.Reverse(all)
	}
	return page("messages", all, args)
}

func (c *Channel) replyCount(ts string) int {
	n := 0
	for _, m := range c.messages {
		if m.Thread == ts && m.TS != ts && m.Only == "" {
			n++
		}
	}
	return n
}

// number makes times comparable, which callers may write shortened.
func number(ts string) float64 {
	f, _ := strconv.ParseFloat(ts, 64) // what is no number counts as none
	return f
}

// page cuts what is asked for: limit items from the cursor on. Slack gives no
// more than 999 at once, and 100 when it is not told.
func page(name string, all []any, args arguments) (map[string]any, error) {
	from := 0
	if cursor := args.text("cursor"); cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		if err == nil {
			from, err = strconv.Atoi(strings.TrimPrefix(string(raw), "next:"))
		}
		if err != nil || from < 0 || from > len(all) {
			return nil, fail("invalid_cursor")
		}
	}
	limit := 100
	if raw := args.text("limit"); raw != "" && raw != "0" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 {
			return nil, fail("invalid_limit")
		}
		limit = min(n, 999)
	}
	to, next := min(len(all), from+limit), ""
	if to < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(to)))
	}
	cut := all[from:to]
	if cut == nil {
		cut = []any{}
	}
	return map[string]any{name: cut, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
