package faultserver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// User is somebody in, or seen from, the workspace.
type User struct {
	ID, Name, TZ string
	Guest        bool   // a guest of several channels
	Single       bool   // a guest of one channel
	Team         string // of another organisation; empty for this workspace
	Bot          bool
	Deleted      bool
	Admin        bool
}

// Channel is a conversation.
type Channel struct {
	ID, Name string
	Private  bool
	Direct   string // the user of a direct message with the bot
	Group    bool   // a direct message of several
	Shared   bool   // with another organisation: Slack Connect
	Archived bool
	Members  []string // without the bot
	Absent   bool     // the bot is no member
	messages []*Message
}

// Message is what stands in a channel.
type Message struct {
	Channel, TS, Thread, User, BotID, Subtype, Text string
	Blocks                                          []any
	Metadata                                        map[string]any
	Only                                            string // an ephemeral message is for this user
	Files                                           []File
	Unfurl                                          bool // links would show previews
	Edited                                          bool
	Streaming                                       bool // begun and not yet ended
	Via                                             string
	At                                              time.Time
}

// File was uploaded, or sent by a person.
type File struct {
	ID, Name, Title, AltText string
	Type                     string // media type
	Content                  []byte
	length                   int
	done                     bool
}

// Status is what was shown while the bot worked.
type Status struct {
	Channel, Thread, Text string
}

// AddUser adds somebody, or changes what is known of them.
func (s *Server) AddUser(u User) { s.lock(func() { s.users[u.ID] = &u }) }

// AddChannel adds a conversation, or changes it.
func (s *Server) AddChannel(c Channel) {
	s.lock(func() {
		if old := s.channels[c.ID]; old != nil {
			c.messages = old.messages
		} else {
			s.order = append(s.order, c.ID)
		}
		s.channels[c.ID] = &c
	})
}

// Messages are those of a channel in order of time, ephemeral ones among them.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil
	}
	all := make([]Message, len(c.messages))
	for i, m := range c.messages {
		all[i] = *m
	}
	return all
}

// Said are the bot's messages in a channel, in order of time.
func (s *Server) Said(channel string) []Message {
	all := s.Messages(channel)
	return slices.DeleteFunc(all, func(m Message) bool { return m.BotID != BotID })
}

// Answers are the bot's messages in a thread, in order of time; those that only
// one may see among them.
func (s *Server) Answers(channel, thread string) []Message {
	all := s.Said(channel)
	return slices.DeleteFunc(all, func(m Message) bool { return m.Thread != thread })
}

// Statuses are what was shown while the bot worked, in order.
func (s *Server) Statuses() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.statuses)
}

// Story tells what happened, for the message of a failed test.
func (s *Server) Story() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, d := range s.deliveries {
		lines = append(lines, fmt.Sprintf("%s delivery %s: %s", d.Made.Format("05.000"), d.ID, d.state()))
	}
	for _, c := range s.calls {
		line := fmt.Sprintf("%s call %s channel=%s thread=%s: %s %s", c.At.Format("05.000"), c.Method, c.Args["channel"], c.Args["thread_ts"], cmp.Or(c.Error, "ok"), c.Fault)
		lines = append(lines, line)
	}
	slices.Sort(lines)
	if n := len(lines); n > 60 {
		lines = lines[n-60:]
	}
	return strings.Join(append(lines, s.violations...), "\n")
}

// find returns a message. The lock is held.
func (c *Channel) find(ts string) *Message {
	i, ok := slices.BinarySearchFunc(c.messages, ts, func(m *Message, ts string) int { return cmp.Compare(m.TS, ts) })
	if !ok {
		return nil
	}
	return c.messages[i]
}

// kind is the channel_type of events.
func (c *Channel) kind() string {
	switch {
	case c.Direct != "":
		return "im"
	case c.Group:
		return "mpim"
	case c.Private:
		return "group"
	}
	return "channel"
}

// needs is the scope that reading (read) or paging through (history) c takes.
func (c *Channel) needs(what string) string {
	return map[string]string{"im": "im:", "mpim": "mpim:", "group": "groups:", "channel": "channels:"}[c.kind()] + what
}

// put adds a message. The lock is held.
func (s *Server) put(c *Channel, m Message) *Message {
	m.Channel, m.TS, m.At = c.ID, s.ts(), time.Now()
	c.messages = append(c.messages, &m)
	return &m
}

// json is m as the Web API and events show it.
func (m *Message) json() map[string]any {
	out := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "team": Team}
	if m.User != "" {
		out["user"] = m.User
	}
	if m.BotID != "" {
		out["bot_id"], out["app_id"] = m.BotID, App
		out["bot_profile"] = map[string]any{"id": m.BotID, "app_id": App, "name": "briefdesk", "team_id": Team}
	}
	if m.Thread != "" {
		out["thread_ts"] = m.Thread
	}
	if m.Subtype != "" {
		out["subtype"] = m.Subtype
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.Edited {
		out["edited"] = map[string]any{"user": m.User, "ts": m.TS}
	}
	if len(m.Files) > 0 {
		var files []any
		for _, f := range m.Files {
			files = append(files, f.json())
		}
		out["files"] = files
	}
	return out
}

func (f *File) json() map[string]any {
	return map[string]any{"id": f.ID, "name": f.Name, "title": f.Title, "size": len(f.Content)}
}

func (c *Channel) json() map[string]any {
	out := map[string]any{
		"id": c.ID, "is_archived": c.Archived, "is_member": !c.Absent, "is_ext_shared": c.Shared, "is_shared": c.Shared, "is_org_shared": false,
		"is_channel": c.kind() == "channel", "is_group": c.Private, "is_im": c.Direct != "", "is_mpim": c.Group, "is_private": c.kind() != "channel",
	}
	if c.Direct != "" {
		out["user"] = c.Direct
	} else {
		out["name"], out["name_normalized"], out["num_members"] = c.Name, c.Name, len(c.Members)+1
	}
	return out
}

func (u *User) json() map[string]any {
	return map[string]any{
		"id": u.ID, "team_id": cmp.Or(u.Team, Team), "name": u.Name, "real_name": u.Name, "deleted": u.Deleted, "tz": cmp.Or(u.TZ, "Europe/Berlin"), "tz_offset": 3600,
		"is_admin": u.Admin, "is_owner": false, "is_restricted": u.Guest || u.Single, "is_ultra_restricted": u.Single, "is_bot": u.Bot, "is_stranger": u.Team != "",
		"profile": map[string]any{"display_name": u.Name, "real_name": u.Name, "team": cmp.Or(u.Team, Team)},
	}
}
