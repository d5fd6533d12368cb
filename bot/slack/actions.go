package slack

import (
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// The names of what can be pressed or chosen in a message. What answer it is
// about stands in the value: see packed.
const (
	actPrefix   = "do:"     // and a bot.ActionID: a button
	actCite     = "cite"    // a menu of footnotes
	actFeedback = "verdict" // the two buttons of feedback, or a menu of verdicts
)

// bad is the verdict of the negative button: a form asks which.
const bad = "bad"

// packed is what a button or an option carries: the answer and a value.
func packed(answer briefs.AnswerID, value string) string {
	return strings.TrimSuffix(string(answer)+" "+value, " ")
}

// unpacked undoes packed.
func unpacked(s string) (answer briefs.AnswerID, value string) {
	a, value, _ := strings.Cut(s, " ")
	return briefs.AnswerID(a), value
}

// actionPieces draws what can be done with an answer: buttons, the menu of
// footnotes beside them, and the verdicts below.
func actionPieces(all []bot.Action, how look) []piece {
	var buttons []slack.BlockElement
	var cites, verdicts []bot.Action
	for _, a := range all {
		switch {
		case a.ID == bot.ActionCite:
			cites = append(cites, a)
		case a.ID.Verdict() != "":
			verdicts = append(verdicts, a)
		case units(packed(a.Answer, a.Value)) <= buttonValue:
			buttons = append(buttons, button(a))
		}
	}
	if menu := menu(actCite, "Cite", cites); menu != nil {
		buttons = append(buttons, menu)
	}
	if how != lookFull {
		if menu := menu(actFeedback, "Was this right?", verdicts); menu != nil {
			buttons = append(buttons, menu)
		}
	}
	var out []piece
	for len(buttons) > 0 {
		n := min(len(buttons), actionElements)
		out = append(out, piece{block: slack.NewActionBlock("", buttons[:n]...)})
		buttons = buttons[n:]
	}
	if how == lookFull {
		out = append(out, feedback(verdicts)...)
	}
	return out
}

func button(a bot.Action) slack.BlockElement {
	return slack.NewButtonBlockElement(actPrefix+string(a.ID), packed(a.Answer, a.Value), plain(shorten(a.Label, buttonText)))
}

// feedback are the two buttons that Slack has for verdicts; which of the bad
// ones is asked in a form.
func feedback(verdicts []bot.Action) []piece {
	var good, other *bot.Action
	for i := range verdicts {
		switch v := &verdicts[i]; {
		case v.ID == bot.ActionGood:
			good = v
		case other == nil:
			other = v
		}
	}
	if good == nil || other == nil {
		if menu := menu(actFeedback, "Was this right?", verdicts); menu != nil {
			return []piece{{block: slack.NewActionBlock("", menu)}}
		}
		return nil
	}
	yes := slack.NewFeedbackButton(plain("Good"), packed(good.Answer, string(good.ID))).WithAccessibilityLabel("This answer is right")
	no := slack.NewFeedbackButton(plain("Not good"), packed(other.Answer, bad)).WithAccessibilityLabel("This answer is wrong, incomplete or outdated")
	return []piece{{block: slack.NewContextActionsBlock("", slack.NewFeedbackButtonsBlockElement(actFeedback, yes, no))}}
}

// menu is a menu of actions; nil without any. Its options carry the answer and
// the value, of verdicts the verdict.
func menu(id, label string, all []bot.Action) slack.BlockElement {
	var options []*slack.OptionBlockObject
	for _, a := range all {
		value := a.Value
		if a.ID.Verdict() != "" {
			value = string(a.ID)
		}
		if value = packed(a.Answer, value); value == "" || units(value) > optionValue || len(options) == selectOptions {
			continue
		}
		options = append(options, slack.NewOptionBlockObject(value, plain(shorten(a.Label, optionText)), nil))
	}
	if len(options) == 0 {
		return nil
	}
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(label), id, options...)
}

// shorten is words of the bot in at most limit units.
func shorten(words string, limit int) string {
	words = strings.Join(strings.Fields(words), " ")
	if words == "" {
		return "…"
	}
	if units(words) <= limit {
		return words
	}
	return words[:cutAt(words, limit-1)] + "…"
}
