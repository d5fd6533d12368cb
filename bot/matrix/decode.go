package matrix

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
)

// surroundings are what decode must know besides the event.
type surroundings struct {
	own      id.UserID
	names    []string // what the bot is called, besides its id
	room     roomView
	external bool
	thread   id.EventID // of what a message without thread replies to; empty for none
	toOwn    bool       // and that is the bot's
	files    []bot.File // of what a message replies to
}

// longest is how much of a message is read, in bytes: no question is longer.
const longest = 20_000

// worth reports whether evt may mean anything to the bot: it is no notice, no
// edit and nothing but text or a file.
func worth(evt *event.Event) bool {
	switch content := evt.Content.Parsed.(type) {
	case *event.ReactionEventContent:
		return content.RelatesTo.Type == event.RelAnnotation && verdict(content.RelatesTo.Key) != ""
	case *event.MessageEventContent:
		_, file := fileOf(content)
		return (file || content.MsgType == event.MsgText || content.MsgType == event.MsgEmote) &&
			content.RelatesTo.GetReplaceID() == "" && content.NewContent == nil && strings.TrimSpace(content.Body) != ""
	}
	return false
}

// relation is what evt says of its relation to others; nil for nothing.
func relation(evt *event.Event) *event.RelatesTo {
	if c, ok := evt.Content.Parsed.(event.Relatable); ok {
		return c.OptionalGetRelatesTo()
	}
	if c, ok := evt.Content.Parsed.(*event.EncryptedEventContent); ok {
		return c.RelatesTo
	}
	return nil
}

// repliedTo is what a message replies to by its writer's choice; empty for
// others. In a thread clients also say so of messages that reply to nothing.
func repliedTo(evt *event.Event) id.EventID {
	content, ok := evt.Content.Parsed.(*event.MessageEventContent)
	if !ok {
		return ""
	}
	return content.RelatesTo.GetNonFallbackReplyTo()
}

// decode is what evt, which is worth it, means to the bot.
func decode(evt *event.Event, at *surroundings) (bot.Heard, bool) {
	e := bot.Event{
		Room: at.room.Name, Direct: at.room.Direct, External: at.external,
		Author: Prefix + string(evt.Sender), Addressed: at.room.Direct,
	}
	h := bot.Heard{Key: Prefix + string(evt.ID)}
	if evt.ID == "" || evt.Sender == at.own {
		return h, false
	}
	switch content := evt.Content.Parsed.(type) {
	case *event.ReactionEventContent:
		e.Kind, e.Action, e.Receipt = bot.EventAction, verdict(content.RelatesTo.Key), string(content.RelatesTo.EventID)
		e.Addressed = false
		h.Event = e
		return h, e.Action != "" && e.Receipt != ""
	case *event.MessageEventContent:
		e.Kind, e.Message = bot.EventText, string(evt.ID)
		if root := content.RelatesTo.GetThreadParent(); root != "" {
			e.Thread = string(root)
		} else if at.thread != "" {
			e.Thread = string(at.thread)
		}
		text, files := content.Body, at.files
		f, file := fileOf(content)
		if file {
			text, files = content.GetCaption(), []bot.File{f}
		}
		if content.RelatesTo.GetReplyTo() != "" {
			text = event.TrimReplyFallbackText(text)
		}
		text = clip(text)
		meant := mentioned(content, at)
		text, named := cutNames(text, meant, at)
		if named || meant || at.toOwn {
			e.Addressed = true
		}
		if name, rest, ok := command(text); ok {
			e.Kind, e.Command, e.Addressed = bot.EventCommand, name, true
			text = rest
		}
		e.Text = strings.TrimSpace(text)
		if e.Addressed {
			e.Files = files
		}
		h.Event = e
		return h, e.Addressed || !file
	}
	return h, false
}

// clip cuts what is too long to be a question, and makes it valid UTF-8.
func clip(text string) string {
	if len(text) > longest {
		text = text[:longest]
	}
	return strings.ToValidUTF8(text, "")
}

// verdict is what a reaction says of an answer; empty for one that says
// nothing. Skin tones and the selector of the picture form make no difference.
func verdict(reaction string) bot.ActionID {
	bare := strings.Map(func(r rune) rune {
		if r == '\ufe0f' || r == '\ufe0e' || r >= 0x1f3fb && r <= 0x1f3ff {
			return -1
		}
		return r
	}, reaction)
	switch bare {
	case "👍":
		return bot.ActionGood
	case "👎":
		return bot.ActionWrong
	}
	return ""
}

// commands are the words that begin with "!".
var commands = map[string]bool{"ask": true, "brief": true, "briefings": true, "sources": true, "cite": true, "help": true}

// command reads "!name rest".
func command(text string) (name, rest string, ok bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "!") {
		return "", "", false
	}
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	name = strings.ToLower(text[1:end])
	if !commands[name] {
		return "", "", false
	}
	return name, strings.TrimSpace(text[end:]), true
}

// mentioned reports whether a message mentions the bot, as far as its clients
// say so: in m.mentions, or where there is none by a link to the bot.
func mentioned(content *event.MessageEventContent, at *surroundings) bool {
	if content.Mentions != nil {
		return content.Mentions.Has(at.own)
	}
	link := "https://matrix.to/#/"
	return strings.Contains(content.FormattedBody, link+string(at.own)+`"`) ||
		strings.Contains(content.FormattedBody, link+url.PathEscape(string(at.own))+`"`)
}

// cutNames cuts the bot's name off text where it stands first, and its id
// wherever it stands. named reports that the bot was called by it. A bare name
// calls it when a colon or a comma follows, or an @ stands before: people also
// speak about it. Where a client says that the bot is meant, the bare name is
// cut too.
func cutNames(text string, meant bool, at *surroundings) (rest string, named bool) {
	rest = strings.TrimSpace(text)
	if i := indexID(rest, string(at.own)); i >= 0 {
		rest, named = strings.TrimSpace(rest[:i]+strings.TrimLeft(rest[i+len(at.own):], ":, ")), true
	}
	for _, name := range at.names {
		if name == "" {
			continue
		}
		body, sign := strings.CutPrefix(rest, "@")
		after, ok := cutFold(body, name)
		if !ok {
			continue
		}
		cut := strings.TrimLeft(after, " \t\n\u00a0")
		switch {
		case cut == "":
			return "", true
		case sign && len(cut) > 1 && cut[0] == ':' && !unicode.IsSpace(rune(cut[1])): // the id of another
		case cut[0] == ':' || cut[0] == ',':
			return strings.TrimSpace(cut[1:]), true
		case cut != after && (sign || meant):
			return cut, true
		}
	}
	return rest, named
}

// indexID is where an id stands in text as a whole; -1 where it does not.
func indexID(text, user string) int {
	from := 0
	for {
		i := strings.Index(text[from:], user)
		if i < 0 {
			return -1
		}
		i += from
		next, _ := utf8.DecodeRuneInString(text[i+len(user):])
		if i+len(user) == len(text) || !(unicode.IsLetter(next) || unicode.IsDigit(next) || next == '-' || next == '_' || next == '.' && i+len(user)+1 < len(text) && !unicode.IsSpace(rune(text[i+len(user)+1]))) {
			return i
		}
		from = i + len(user)
	}
}

// cutFold cuts a name off the beginning of s, in upper or lower case.
func cutFold(s, name string) (after string, ok bool) {
	end := 0
	for range utf8.RuneCountInString(name) {
		_, n := utf8.DecodeRuneInString(s[end:])
		if n == 0 {
			return "", false
		}
		end += n
	}
	if !strings.EqualFold(s[:end], name) {
		return "", false
	}
	return s[end:], true
}
