package slack

import (
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// The names of the forms.
const (
	callList    = "briefings"
	callForm    = "briefing-form"
	callDelete  = "briefing-delete"
	callPreview = "briefing-preview"
	callVerdict = "verdict"
	callAsk     = "ask"
	callTold    = "told" // a line, and nothing to fill in
)

// The fields of the smaller forms.
const (
	fieldVerdict  = "verdict"
	fieldNote     = "note"
	fieldQuestion = "question"
	fieldReaders  = "readers"
)

// Who sees the answer to what was asked about a message.
const (
	readersMe  = "me"
	readersAll = "all"
)

func modal(call, title, submit string, blocks []slack.Block, metadata string) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: call, Title: plain(shorten(title, viewTitle)), Close: plain("Close"),
		Blocks: slack.Blocks{BlockSet: blocks}, PrivateMetadata: metadata,
	}
	if submit != "" {
		v.Close, v.Submit = plain("Cancel"), plain(submit)
	}
	return v
}

// whither says where briefings go.
func whither(w bot.Who) slack.Block {
	line := []slack.RichTextSectionElement{text("Comes to this direct message", nil)}
	if !w.Direct {
		line = []slack.RichTextSectionElement{text("Comes to ", nil), slack.NewRichTextSectionChannelElement(channelOf(w.Room), nil)}
	}
	return slack.NewRichTextBlock("", slack.NewRichTextSection(line...))
}

// listView is the list of the briefings of a room, each with what can be done
// with it. line tells what went wrong; it may be empty.
func listView(all []bot.Subscription, manage bool, line string, t ticket, key []byte) slack.ModalViewRequest {
	blocks := []slack.Block{whither(t.Who)}
	if line != "" {
		blocks = append(blocks, inView(pieces(bot.Block{Kind: bot.BlockText, Text: line}, lookPlain))...)
	}
	if manage {
		blocks = append(blocks, slack.NewActionBlock("", slack.NewButtonBlockElement(actAdd, "", plain("Add a briefing")).WithStyle(slack.StylePrimary)))
	}
	if len(all) == 0 {
		blocks = append(blocks, slack.NewSectionBlock(plain("No briefing yet. A briefing gathers what is new about a topic and comes when you say, such as every Monday at nine."), nil, nil))
	}
	for _, b := range all {
		if len(blocks)+4 > viewBlocks {
			blocks = append(blocks, slack.NewContextBlock("", plain("There are more: /briefings list shows all.")))
			break
		}
		menu := slack.NewOverflowBlockElement(actOnePick)
		pick := func(what, label string) {
			menu.Options = append(menu.Options, option(what+" "+nameMark(b.Name), label))
		}
		pick(pickShow, "Preview")
		if manage {
			if b.Made {
				pick(pickEdit, "Edit")
			}
			if b.Paused == "" {
				pick(pickPause, "Pause")
			} else {
				pick(pickResume, "Resume")
			}
			if b.Made {
				pick(pickDelete, "Delete")
			}
		}
		beside := slack.NewAccessory(menu)
		if only := menu.Options[0]; len(menu.Options) == 1 { // a menu has two or more
			beside = slack.NewAccessory(slack.NewButtonBlockElement(actOnePick, only.Value, only.Text))
		}
		section := slack.NewSectionBlock(plain(shorten(topics(b), richText)), nil, beside)
		blocks = append(blocks, slack.NewDividerBlock(), section, slack.NewContextBlock("", plain(shorten(when(b), contextText))))
	}
	return modal(callList, "Briefings", "", blocks, t.signed(key))
}

// deleteView asks once more.
func deleteView(b *bot.Subscription, t ticket, key []byte) slack.ModalViewRequest {
	t.Mark = nameMark(b.Name)
	return modal(callDelete, "Delete briefing", "Delete", []slack.Block{
		slack.NewSectionBlock(plain(shorten(topics(*b), richText)), nil, nil),
		slack.NewContextBlock("", plain(shorten(when(*b), contextText))),
		slack.NewSectionBlock(plain("It comes no more. What it has posted stays."), nil, nil),
	}, t.signed(key))
}

// previewView shows the next briefing as it would be posted now; without parts
// that it is being made.
func previewView(b *bot.Subscription, parts []briefs.Part, line string, t ticket, key []byte) slack.ModalViewRequest {
	all := pieces(bot.Block{Kind: bot.BlockNote, Text: "As it would be posted now: " + topics(*b)}, lookPlain)
	if line != "" {
		all = append(all, pieces(bot.Block{Kind: bot.BlockText, Text: line}, lookPlain)...)
	}
	for _, p := range parts {
		all = append(all, piece{block: slack.NewDividerBlock()})
		post, err := bot.PostOf(p)
		if err != nil {
			continue
		}
		for _, block := range post.Blocks {
			if block.Kind != bot.BlockActions {
				all = append(all, pieces(block, lookPlain)...)
			}
		}
		if p.Image != nil {
			all = append(all, picture(p.Alt, "")...)
		}
	}
	return modal(callPreview, "Preview", "", inView(all), t.signed(key))
}

// verdictView asks what is wrong with an answer.
func verdictView(t ticket, key []byte) slack.ModalViewRequest {
	note := slack.NewPlainTextInputBlockElement(plain("A later report gives another figure"), fieldNote).WithMultiline(true).WithMaxLength(1000)
	return modal(callVerdict, "What is not good?", "Send", []slack.Block{
		input(fieldVerdict, "The answer is", "", radios(fieldVerdict, string(briefs.Wrong),
			string(briefs.Wrong), "wrong: it does not answer the question", string(briefs.Incomplete), "incomplete: something is missing", string(briefs.Outdated), "outdated: the library has newer")),
		input(fieldNote, "Anything to add", "The library's owner reads this.", note).WithOptional(true),
	}, t.signed(key))
}

// questionLength is how much of a message a question is begun with.
const questionLength = 300

// askView asks the library about a message.
func askView(message string, t ticket, key []byte) slack.ModalViewRequest {
	question := slack.NewPlainTextInputBlockElement(plain("why did the talks fail?"), fieldQuestion).WithMultiline(true).WithMaxLength(1000)
	question.FocusOnLoad = true
	if fields := strings.Fields(message); len(fields) > 0 {
		line := strings.Join(fields, " ")
		question.InitialValue = line[:cutAtMost(line, questionLength)]
	}
	return modal(callAsk, "Ask the library", "Ask", []slack.Block{
		input(fieldQuestion, "Your question", "What the message says stands here to begin with.", question),
		input(fieldReaders, "Who sees the answer", "", radios(fieldReaders, readersMe, readersMe, "Only me", readersAll, "Everyone, below the message")),
	}, t.signed(key))
}

// cutAtMost is where at most limit units of s end.
func cutAtMost(s string, limit int) int {
	if units(s) <= limit {
		return len(s)
	}
	return cutAt(s, limit)
}

// sorryView is a line in the place of a form.
func sorryView(title, line string) slack.ModalViewRequest {
	return modal(callTold, title, "", inView(pieces(bot.Block{Kind: bot.BlockText, Text: line}, lookPlain)), "")
}
