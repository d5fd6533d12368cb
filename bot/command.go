package bot

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"briefdesk/briefs"
)

// command is what somebody wants, by its name and what stands behind it.
type command struct {
	name string // one of the names below
	rest string // without space around it
	// plain reports words without a sign before them, which may be meant
	// otherwise where nobody addressed the bot.
	plain bool
}

// The names of commands. The first six are those of Event.Command.
const (
	commandAsk       = "ask"
	commandBrief     = "brief"
	commandBriefings = "briefings"
	commandSources   = "sources"
	commandCite      = "cite"
	commandHelp      = "help"
	commandMore      = "more"
	commandWhy       = "why this"
	commandThanks    = "thanks"
)

// parseEvent reads what e asks for.
func parseEvent(e *Event) command {
	text := strings.TrimSpace(e.Text)
	if e.Kind == EventCommand {
		switch c := (command{name: e.Command, rest: text}); {
		case e.Command == commandAsk && (text == "" || bare(text) == commandHelp):
			return command{name: commandHelp}
		default:
			return c
		}
	}
	return parseWords(text)
}

// parseWords reads a message: a command in words, or a question.
func parseWords(text string) command {
	first, rest := cutWord(text)
	sign := len(first) > 1 && (first[0] == '/' || first[0] == '!')
	if sign {
		first = first[1:]
	}
	c := command{name: strings.ToLower(first), rest: rest, plain: !sign}
	question := command{name: commandAsk, rest: text, plain: true}
	switch bare(text) {
	case "", "hello", "hi", "hey", commandHelp, "/help", "!help", "/ask", "!ask", commandAsk, "ask help", "/ask help", "!ask help":
		return command{name: commandHelp, plain: !sign}
	case commandMore, "show more", "!more", "/more":
		return command{name: commandMore, plain: !sign}
	case "why this", "why these", "explain this":
		return command{name: commandWhy, plain: true}
	case commandThanks, "thank you", "thanks a lot", "thx", "ok", "okay", "great", "perfect", "cool":
		return command{name: commandThanks, plain: true}
	}
	switch c.name {
	case commandAsk:
		return c
	case commandBrief:
		if c.plain && (rest == "" || strings.HasSuffix(text, "?")) {
			return question
		}
		return c
	case commandBriefings:
		verb, _ := cutWord(rest)
		if c.plain && rest != "" && !deskVerb(strings.ToLower(verb)) {
			return question
		}
		return c
	case commandSources:
		verb, _ := cutWord(rest)
		if c.plain && rest != "" && !strings.EqualFold(verb, "add") && !(strings.EqualFold(verb, "remove") && strings.Contains(rest, "://")) {
			return question
		}
		return c
	case commandCite:
		n, _ := cutWord(rest)
		if _, err := strconv.Atoi(strings.Trim(n, "[]")); c.plain && err != nil {
			return question
		}
		return c
	}
	return question
}

// cutWord cuts the first word off s.
func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if at := strings.IndexFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\u00a0' }); at >= 0 {
		return s[:at], strings.TrimSpace(s[at:])
	}
	return s, ""
}

// bare is a short text for comparison: in lower case, with single spaces and
// without punctuation at its end.
func bare(text string) string {
	if len(text) > 40 {
		return text
	}
	return strings.TrimRight(strings.ToLower(strings.Join(strings.Fields(text), " ")), " ?!.,:…")
}

// askWords begin questions and requests, and sighWords what only looks like
// one, where they stand first.
var (
	askWords = regexp.MustCompile(`(?i)^(so |but |ok |okay |and |or |please )*(` +
		`why|what|who|whom|whose|when|where|which|how|(tell|show|give) (me|us)|list|explain|describe|compare|summari[sz]e)\b`)
	sighWords = regexp.MustCompile(`(?i)^(so |but |ok |okay |and |or )*(what an? |who knows|how (kind|nice|lovely|great|good|interesting|funny|sad|true|odd|strange|cool|sweet|awful|terrible)\b|` +
		`(what|who|when|where|which|how)(ever)? (i|we|you|they|he|she|it)\b)`)
)

// asks reports whether text is a question, or asks for something, by its form.
func asks(text string) bool {
	text = strings.TrimSpace(text)
	if strings.HasSuffix(strings.TrimRight(text, " !)\"”"), "?") {
		return true
	}
	return len(text) < 400 && !strings.HasSuffix(text, "!") && askWords.MatchString(text) && !sighWords.MatchString(text)
}

// sincePattern is the end of "export controls since 30d", or "since 30 days".
var sincePattern = regexp.MustCompile(`(?i)^(.*?)\s*\bsince\s+(\d+\s+\S+|\S+)$`)

// parseTopic reads "TOPIC [since WHEN]". It returns ErrInvalid, as a line for
// people.
func parseTopic(words string, now time.Time) (topic string, since time.Time, err error) {
	topic = strings.Join(strings.Fields(words), " ")
	for _, filler := range []string{"me on ", "me about ", "us on ", "on ", "about "} {
		if len(topic) > len(filler) && strings.EqualFold(topic[:len(filler)], filler) {
			topic = topic[len(filler):]
			break
		}
	}
	if m := sincePattern.FindStringSubmatch(topic); m != nil {
		var ok bool
		if since, ok = Since(m[2], now); ok {
			topic = m[1]
		} else if strings.ContainsAny(m[2][:1], "0123456789") {
			return "", since, briefs.Fault(briefs.ErrInvalid, "%q is no time: write 12h, 7d, 4w or a date, such as: brief export controls since 30d", m[2])
		}
	}
	topic = strings.Trim(topic, `"“” `)
	switch {
	case len(topic) > longestTopic:
		return "", since, briefs.Fault(briefs.ErrInvalid, "a topic of %d characters is too long: write a few words, such as: brief export controls", len(topic))
	case topic == "":
		return "", since, briefs.Fault(briefs.ErrInvalid, "name a topic, such as: brief export controls since 30d")
	}
	return topic, since, nil
}

// longestTopic bounds a topic, in bytes.
const longestTopic = 200

// Since reads a span of time before now (12h, 7d, 4w, 3m, 1y, 30 days) or a
// day; empty is the zero time.
func Since(s string, now time.Time) (time.Time, bool) {
	if s = strings.TrimSpace(s); s == "" {
		return time.Time{}, true
	}
	if d, err := briefs.ParseDate(s); err == nil {
		first, _, ok := d.Bounds()
		return first, ok && !first.After(now)
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	n, err := strconv.Atoi(s[:digits])
	if err != nil || n < 1 || n > 100_000 {
		return time.Time{}, false
	}
	unit := strings.ToLower(strings.TrimSpace(s[digits:]))
	if len(unit) > 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	switch unit {
	case "h", "hour":
		return now.Add(-time.Duration(n) * time.Hour), true
	case "d", "day":
		return now.AddDate(0, 0, -n), true
	case "w", "week":
		return now.AddDate(0, 0, -7*n), true
	case "m", "month":
		return now.AddDate(0, -n, 0), true
	case "y", "year":
		return now.AddDate(-n, 0, 0), true
	}
	return time.Time{}, false
}
