package matrix

import (
	"strings"
	"testing"

	"briefdesk/bot"
)

// Several questions stand above their answers, and who says what beside quotes
// that disagree.
func TestRenderDisagreement(t *testing.T) {
	got, err := render(part(t,
		bot.Block{Kind: bot.BlockHeading, Text: "How <long>?"},
		bot.Block{Kind: bot.BlockText, Text: bot.Disagree},
		bot.Block{Kind: bot.BlockQuote, Text: "14 hours.", N: 1, Source: 1, Note: "Una Invented · 2014 · 12 years old"},
		bot.Block{Kind: bot.BlockQuote, Text: "Nine hours.", N: 2, Source: 2, Note: "Odo <Placeholder> · 2019"},
		bot.Block{Kind: bot.BlockHeading, Text: "Who paid?"},
		bot.Block{Kind: bot.BlockText, Text: bot.Silence},
	))
	if err != nil || len(got) != 1 {
		t.Fatalf("%d messages, %v", len(got), err)
	}
	want := `<h4>How &lt;long&gt;?</h4><p>Sources disagree:</p>` +
		`<blockquote><strong>1</strong> “14 hours.” [1]<br><em>Una Invented · 2014 · 12 years old</em></blockquote>` +
		`<blockquote><strong>2</strong> “Nine hours.” [2]<br><em>Odo &lt;Placeholder&gt; · 2019</em></blockquote>` +
		`<h4>Who paid?</h4><p>Nothing in this library answers that.</p>`
	if got[0].html != want {
		t.Errorf("HTML is\n%s\nwant\n%s", got[0].html, want)
	}
	if !strings.Contains(got[0].body, "1  “14 hours.” [1]\n    Una Invented · 2014 · 12 years old\n2  “Nine hours.” [2]") {
		t.Errorf("the plain text is\n%s", got[0].body)
	}
}
