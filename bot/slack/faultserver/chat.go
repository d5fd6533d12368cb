package faultserver

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// room is the conversation that a call is about; a user's name means the direct
// messages with them.
func (s *Server) room(args arguments) (*Channel, error) {
	id := cmp.Or(args.text("channel"), args.text("channel_id"))
	if u := s.users[id]; u != nil && !u.Bot {
		return s.direct(id), nil
	}
	c := s.channels[id]
	if c == nil || c.Private && c.Absent {
		return nil, fail("channel_not_found")
	}
	return c, nil
}

// writable is the conversation that a call writes to.
func (s *Server) writable(args arguments) (*Channel, error) {
	c, err := s.room(args)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, fail("is_archived")
	case c.Absent:
		return nil, fail("not_in_channel")
	}
	return c, nil
}

// content checks and takes what a message is to say.
func (s *Server) content(args arguments, m *Message) error {
	m.Text = args.text("text")
	if raw := args.text("blocks"); raw != "" {
		if json.Unmarshal([]byte(raw), &m.Blocks) != nil {
			return fail("invalid_blocks_format")
		}
	}
	if raw := args.text("markdown_text"); raw != "" {
		if m.Text != "" || m.Blocks != nil {
			return fail("markdown_text_conflict")
		}
		m.Text = raw
	} else if length(m.Text) > textLength {
		return fail("msg_too_long")
	}
	if m.Text == "" && len(m.Blocks) == 0 {
		return fail("no_text")
	}
	k := &checker{files: s.files}
	k.blocks("/blocks", m.Blocks)
	if len(k.amiss) > 0 {
		return fail("invalid_blocks", k.amiss...)
	}
	if k.total > blocksLength {
		return fail("msg_blocks_too_long")
	}
	if raw := args.text("metadata"); raw != "" {
		if len(raw) > metadataBytes {
			return fail("metadata_too_large")
		}
		if json.Unmarshal([]byte(raw), &m.Metadata) != nil || str(m.Metadata, "event_type") == "" {
			return fail("invalid_metadata_format")
		}
	}
	m.Unfurl = args.text("unfurl_links") != "false" && strings.Contains(m.Text, "http") || args.is("unfurl_media")
	return nil
}

// thread is the thread that a message is to stand in. Slack takes the name of a
// message that is gone, and posts to the channel itself; a reply's name means
// its thread.
func (c *Channel) thread(ts string) string {
	m := c.find(ts)
	if ts == "" || m == nil {
		return ""
	}
	return cmp.Or(m.Thread, m.TS)
}

func (s *Server) postMessage(_ *token, args arguments) (map[string]any, error) {
	c, err := s.writable(args)
	if err != nil {
		return nil, err
	}
	m := Message{User: Bot, BotID: BotID, Via: "chat.postMessage", Thread: c.thread(args.text("thread_ts"))}
	if err := s.content(args, &m); err != nil {
		return nil, err
	}
	at := s.put(c, m)
	s.heard(c, at)
	return map[string]any{"channel": c.ID, "ts": at.TS, "message": at.json()}, nil
}

func (s *Server) postEphemeral(_ *token, args arguments) (map[string]any, error) {
	c, err := s.writable(args)
	if err != nil {
		return nil, err
	}
	m := Message{User: Bot, BotID: BotID, Via: "chat.postEphemeral", Only: args.text("user"), Thread: c.thread(args.text("thread_ts"))}
	if c.Direct != m.Only && !slices.Contains(c.Members, m.Only) {
		return nil, fail("user_not_in_channel")
	}
	if err := s.content(args, &m); err != nil {
		return nil, err
	}
	return map[string]any{"message_ts": s.put(c, m).TS}, nil
}

func (s *Server) update(_ *token, args arguments) (map[string]any, error) {
	c, err := s.writable(args)
	if err != nil {
		return nil, err
	}
	m := c.find(args.text("ts"))
	switch {
	case m == nil || m.Only != "":
		return nil, fail("message_not_found")
	case m.BotID != BotID:
		return nil, fail("cant_update_message")
	case m.Streaming:
		return nil, fail("streaming_state_conflict")
	}
	next := Message{}
	if err := s.content(args, &next); err != nil {
		return nil, err
	}
	before := m.json()
	m.Text, m.Blocks, m.Edited = next.Text, next.Blocks, true
	if next.Metadata != nil {
		m.Metadata = next.Metadata
	}
	s.altered(c, "message_changed", m, before)
	return map[string]any{"channel": c.ID, "ts": m.TS, "text": m.Text, "message": m.json()}, nil
}

func (s *Server) deleteMessage(_ *token, args arguments) (map[string]any, error) {
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	m := c.find(args.text("ts"))
	if m == nil || m.Only != "" {
		return nil, fail("message_not_found")
	}
	if m.BotID != BotID {
		return nil, fail("cant_delete_message")
	}
	s.remove(c, m)
	return map[string]any{"channel": c.ID, "ts": m.TS}, nil
}

// remove takes a message away, and tells the app.
func (s *Server) remove(c *Channel, m *Message) {
	c.messages = slices.DeleteFunc(c.messages, func(o *Message) bool { return o == m })
	s.altered(c, "message_deleted", m, m.json())
}

func (s *Server) permalink(_ *token, args arguments) (map[string]any, error) {
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	m := c.find(args.text("message_ts"))
	if m == nil {
		return nil, fail("message_not_found")
	}
	at := "https://fault.slack.example/archives/" + c.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.Thread != "" && m.Thread != m.TS {
		at += "?thread_ts=" + m.Thread + "&cid=" + url.QueryEscape(c.ID)
	}
	return map[string]any{"channel": c.ID, "permalink": at}, nil
}

// unfurl keeps what a link shows as a message of the kind "unfurl", so that
// tests see it.
func (s *Server) unfurl(_ *token, args arguments) (map[string]any, error) {
	var unfurls map[string]map[string]any
	if json.Unmarshal([]byte(args.text("unfurls")), &unfurls) != nil {
		return nil, fail("invalid_arguments")
	}
	c := s.channels[args.text("channel")]
	if c == nil {
		return nil, fail("cannot_find_channel")
	}
	for at, u := range unfurls {
		m := Message{User: Bot, BotID: BotID, Subtype: "unfurl", Via: "chat.unfurl", Text: at, Thread: args.text("ts")}
		m.Blocks, _ = u["blocks"].([]any)
		k := &checker{}
		k.blocks("/blocks", m.Blocks)
		if len(k.amiss) > 0 {
			return nil, fail("cannot_parse_attachment", k.amiss...)
		}
		s.put(c, m)
	}
	return nil, nil
}

func (s *Server) startStream(_ *token, args arguments) (map[string]any, error) {
	c, err := s.writable(args)
	if err != nil {
		return nil, err
	}
	if c.Direct == "" && args.text("recipient_user_id") == "" {
		return nil, fail("missing_recipient_user_id")
	}
	if c.Direct == "" && args.text("recipient_team_id") == "" {
		return nil, fail("missing_recipient_team_id")
	}
	m := s.put(c, Message{User: Bot, BotID: BotID, Via: "chat.startStream", Streaming: true, Text: args.text("markdown_text"), Thread: c.thread(args.text("thread_ts"))})
	s.heard(c, m)
	return map[string]any{"channel": c.ID, "ts": m.TS}, nil
}

func (s *Server) appendStream(_ *token, args arguments) (map[string]any, error) {
	c, err := s.writable(args)
	if err != nil {
		return nil, err
	}
	m := c.find(args.text("ts"))
	switch {
	case m == nil:
		return nil, fail("message_not_found")
	case !m.Streaming:
		return nil, fail("message_not_in_streaming_state")
	case length(m.Text+args.text("markdown_text")) > markdownLength:
		return nil, fail("msg_too_long")
	}
	m.Text += args.text("markdown_text")
	return map[string]any{"channel": c.ID, "ts": m.TS}, nil
}

func (s *Server) stopStream(t *token, args arguments) (map[string]any, error) {
	if _, err := s.appendStream(t, args); err != nil {
		return nil, err
	}
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	m, end := c.find(args.text("ts")), Message{}
	end.Text = m.Text
	if args.text("blocks") != "" || args.text("metadata") != "" {
		if err := s.content(arguments{"text": {raw: "-"}, "blocks": args["blocks"], "metadata": args["metadata"]}, &end); err != nil {
			return nil, err
		}
	}
	m.Streaming, m.Blocks, m.Metadata = false, end.Blocks, end.Metadata
	return map[string]any{"channel": c.ID, "ts": m.TS, "message": m.json()}, nil
}

func (s *Server) setStatus(_ *token, args arguments) (map[string]any, error) {
	c, err := s.room(args)
	if err != nil {
		return nil, err
	}
	s.statuses = append(s.statuses, Status{Channel: c.ID, Thread: args.text("thread_ts"), Text: args.text("status")})
	return nil, nil
}

// done answers methods of which nothing is kept.
func (s *Server) done(_ *token, _ arguments) (map[string]any, error) { return nil, nil }
