package slack

import (
	"testing"

	"briefdesk/bot"
)

// Several questions stand above their answers, and who says what beside quotes
// that disagree.
func TestRenderDisagreement(t *testing.T) {
	part, err := bot.Post{Blocks: []bot.Block{
		{Kind: bot.BlockHeading, Text: "How <long>?"},
		{Kind: bot.BlockText, Text: bot.Disagree},
		{Kind: bot.BlockQuote, Text: "14 hours.", N: 1, Source: 1, Link: "https://desk.example/d/gale", Note: "Una Invented · 2014 · 12 years old"},
		{Kind: bot.BlockQuote, Text: "Nine hours.", N: 2, Source: 2, Note: "Odo <Placeholder> · 2019"},
		{Kind: bot.BlockHeading, Text: "Who paid?"},
		{Kind: bot.BlockText, Text: bot.Silence},
	}}.Part()
	if err != nil {
		t.Fatal(err)
	}
	messages, err := render(part, lookFull, "")
	if err != nil || len(messages) != 1 {
		t.Fatalf("%d messages, %v", len(messages), err)
	}
	checkMessage(t, messages[0])
	golden(t, "disagreement", messages)
}
