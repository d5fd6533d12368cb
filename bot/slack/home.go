package slack

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// What can be pressed in App Home and in the list of briefings.
const (
	actManage  = "briefings"    // opens the list
	actAdd     = "briefing-add" // opens the form
	actOnePick = "briefing"     // the menu of one; its values are below, before a space and the mark of its name
	pickEdit   = "edit"
	pickShow   = "preview"
	pickPause  = "pause"
	pickResume = "resume"
	pickDelete = "delete"
)

// homeSources is how many sources App Home lists.
const homeSources = 20

// homeView draws App Home: what can be asked, where it comes from and how
// fresh it is, and the briefings that come here. About other rooms it says
// nothing.
func homeView(v bot.HomeView, metadata string) slack.HomeTabViewRequest {
	var all []piece
	say := func(b bot.Block) { all = append(all, pieces(b, lookPlain)...) }
	if v.Closed != "" {
		say(bot.Block{Kind: bot.BlockText, Text: v.Closed})
		return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: inView(all)}, PrivateMetadata: metadata}
	}
	say(bot.Block{Kind: bot.BlockHeading, Text: "Ask the library"})
	say(bot.Block{Kind: bot.BlockText, Text: "Write a question in Messages, or mention the bot in a channel. The answer is what the documents say, word for word, each sentence with a link to where it stands."})
	if len(v.Examples) > 0 {
		say(bot.Block{Kind: bot.BlockLiteral, Text: strings.Join(v.Examples, "\n")})
	}
	all = append(all, piece{block: slack.NewDividerBlock()})
	say(bot.Block{Kind: bot.BlockHeading, Text: "What can be asked here"})
	for _, c := range v.Sources.Collections {
		say(bot.Block{Kind: bot.BlockItem, Text: fmt.Sprintf("%s: %s", c.Name, count(c.Documents, "document"))})
	}
	if len(v.Sources.Collections) == 0 {
		say(bot.Block{Kind: bot.BlockText, Text: "No document yet."})
	}
	if !v.Sources.Latest.IsZero() {
		say(bot.Block{Kind: bot.BlockNote, Text: "Latest document added " + ago(v.Now, v.Sources.Latest)})
	}
	if len(v.Sources.Sources) > 0 {
		say(bot.Block{Kind: bot.BlockHeading, Text: "Sources"})
	}
	for i, s := range v.Sources.Sources {
		if i == homeSources {
			say(bot.Block{Kind: bot.BlockNote, Text: fmt.Sprintf("and %d more: /sources lists all", len(v.Sources.Sources)-i)})
			break
		}
		all = append(all, sourceLine(s, v.Now))
	}
	all = append(all, piece{block: slack.NewDividerBlock()})
	say(bot.Block{Kind: bot.BlockHeading, Text: "Briefings that come here"})
	if len(v.Briefings) == 0 {
		say(bot.Block{Kind: bot.BlockText, Text: "None yet. A briefing gathers what is new about a topic and comes when you say, such as every Monday at nine."})
	}
	for _, b := range v.Briefings {
		all = append(all, briefingLines(b)...)
	}
	if v.Manage {
		add := slack.NewButtonBlockElement(actAdd, "", plain("Add a briefing")).WithStyle(slack.StylePrimary)
		buttons := []slack.BlockElement{add}
		if len(v.Briefings) > 0 {
			buttons = append(buttons, slack.NewButtonBlockElement(actManage, "", plain("Change briefings")))
		}
		all = append(all, piece{block: slack.NewActionBlock("", buttons...)})
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: inView(all)}, PrivateMetadata: metadata}
}

// sourceLine is one source: its name, which leads to it, and when it was read.
func sourceLine(s bot.Source, now time.Time) piece {
	state := "not read yet"
	if !s.Fetched.IsZero() {
		state = "read " + ago(now, s.Fetched)
	}
	if s.Failing {
		state += ", with a problem"
	}
	line := []slack.RichTextSectionElement{text(shorten(s.Name, richText/4), nil)}
	if link := webLink(s.Link); link != "" {
		line[0] = slack.NewRichTextSectionLinkElement(link, shorten(s.Name, richText/4), nil)
	}
	line = append(line, text("  ·  "+shorten(s.Collection, 200)+"  ·  "+state, nil))
	rich := slack.NewRichTextList(slack.RTEListBullet, 0, slack.NewRichTextSection(line...))
	return piece{rich: []slack.RichTextElement{rich}, words: s.Name + state, units: units(s.Name) + units(s.Collection) + units(state)}
}

// briefingLines are one briefing: its topics, and when it comes.
func briefingLines(b bot.Subscription) []piece {
	head := section(b.Name, text(shorten(topics(b), richText/4), &slack.RichTextSectionTextStyle{Bold: true}))
	head.gap = true
	return []piece{head, {block: slack.NewContextBlock("", plain(shorten(when(b), contextText)))}}
}

// topics are what a briefing is about; the name that the configuration gave it
// comes first where it says something else.
func topics(b bot.Subscription) string {
	all := strings.Join(b.Topics, ", ")
	if b.Name != "" && !strings.EqualFold(b.Name, all) {
		return b.Name + ": " + all
	}
	return all
}

// when is when a briefing comes, and what it does then.
func when(b bot.Subscription) string {
	words := b.When
	if b.Zone != "" && !strings.Contains(words, b.Zone) {
		words += " " + b.Zone
	}
	if by, member := strings.CutPrefix(b.Paused, "by "+Prefix); member && by != "" {
		return words + " · paused by a member"
	} else if b.Paused != "" {
		return words + " · paused: " + b.Paused
	}
	if len(b.Next) > 0 {
		words += " · next " + slotText(b.Next[0])
	}
	if b.Quiet == briefs.QuietSkip {
		words += " · silent when nothing is new"
	}
	return words
}

// slotText is a slot as people say it, "Mon 23 November 2026 09:00".
func slotText(s briefs.Slot) string {
	at, err := time.Parse("2006-01-02T15:04", s.Local)
	if err != nil {
		return s.Local
	}
	return at.Format("Mon 2 January 2006 15:04")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// ago is how long before now something was, in words.
func ago(now, then time.Time) string {
	switch d := now.Sub(then); {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute") + " ago"
	case d < 24*time.Hour:
		return count(int(d/time.Hour), "hour") + " ago"
	case d < 60*24*time.Hour:
		return count(int(d/(24*time.Hour)), "day") + " ago"
	}
	return "on " + then.UTC().Format("2 January 2006")
}

// inView packs pieces into the blocks of one view; what does not fit is told.
func inView(all []piece) []slack.Block {
	var blocks []slack.Block
	size := 0
	for _, m := range pack(all) {
		for _, b := range m.Blocks {
			n := sizeOf(b)
			if len(blocks) == viewBlocks-1 || size+n > viewSize {
				return append(blocks, slack.NewContextBlock("", plain("There is more than fits here.")))
			}
			blocks = append(blocks, b)
			size += n
		}
	}
	return blocks
}
