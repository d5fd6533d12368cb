package slack

import "strings"

// mentions reports whether text mentions a user.
func mentions(text, user string) bool {
	return user != "" && (strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|"))
}

// plainText is text of Slack, which is mrkdwn, as people read it
// (https://docs.slack.dev/messaging/formatting-message-text): without mentions
// of self, with the names of others as far as name, which may be nil, knows
// them, and with a link where its words say less.
func plainText(text, self string, name func(user string) string) string {
	var out strings.Builder
	for text != "" {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			out.WriteString(text)
			break
		}
		out.WriteString(text[:at])
		end := strings.IndexByte(text[at:], '>')
		if end < 0 {
			out.WriteString(text[at:])
			break
		}
		out.WriteString(entity(text[at+1:at+end], self, name))
		text = text[at+end+1:]
	}
	s := unescape(out.String())
	if self != "" {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\u00a0' }), " ")
	}
	return strings.TrimSpace(s)
}

// entity is what stands between < and >, as people read it.
func entity(s, self string, name func(user string) string) string {
	what, label, _ := strings.Cut(s, "|")
	if what == "" {
		return label
	}
	switch what[0] {
	case '@':
		user := what[1:]
		if user == self && self != "" {
			return ""
		}
		if label == "" && name != nil {
			label = name(user)
		}
		if label == "" {
			label = user
		}
		return "@" + strings.TrimPrefix(label, "@")
	case '#':
		if label == "" {
			label = what[1:]
		}
		return "#" + strings.TrimPrefix(label, "#")
	case '!':
		if label != "" {
			return label
		}
		command, _, _ := strings.Cut(what[1:], "^")
		return "@" + command
	}
	bare := strings.TrimPrefix(what, "mailto:")
	if label == "" || strings.Contains(bare, label) {
		return bare
	}
	return label
}
