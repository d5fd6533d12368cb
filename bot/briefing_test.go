package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// document has one sentence after another.
func document(t *testing.T, id string, sentences ...string) (briefs.Document, []briefs.Quote) {
	t.Helper()
	d := briefs.Document{ID: briefs.DocumentID(id), Revision: 1, Title: "On " + id, Author: "Una Invented", Published: "2031-02-01", Text: strings.Join(sentences, " ")}
	var quotes []briefs.Quote
	at := 0
	for _, s := range sentences {
		q, err := briefs.NewQuote(&d, briefs.Span{Start: at, End: at + len(s)})
		if err != nil {
			t.Fatal(err)
		}
		quotes = append(quotes, q)
		at += len(s) + 1
	}
	return d, quotes
}

var since = time.Date(2031, 2, 24, 8, 0, 0, 0, time.UTC)

func TestBriefingParts(t *testing.T) {
	gale, q := document(t, "gale", "Two reasons.", "First,  *wind*.", "Second, <more>.")
	fog, f := document(t, "fog", "Fog came.")
	b := bot.Briefing{
		Title: "weekly", Due: "Tuesday 4 March 2031 09:00 Europe/Berlin", Heading: "late: due Tuesday", Since: since,
		Briefs: []briefs.Brief{{
			Topic: "wind", Since: since,
			Sections: []briefs.Section{
				{Kind: briefs.SectionNew, Heading: "What is new", Items: []briefs.BriefItem{
					{Quotes: []briefs.Citation{{N: 1, Source: 1, Quote: q[1], LeadIn: &q[0]}, {N: 2, Source: 1, Quote: q[2], LeadIn: &q[0]}}},
					{Label: "4 March", Sources: 2, Also: []int{1}, Quotes: []briefs.Citation{{N: 3, Source: 2, Quote: f[0]}}},
				}},
				{Kind: briefs.SectionGaps, Heading: "Gaps", Items: []briefs.BriefItem{{Label: "who counts?"}}},
			},
			Sources: []briefs.BriefSource{{N: 1, Document: gale}, {N: 2, Document: fog}},
			Changes: []briefs.BriefChange{{Kind: briefs.ChangeCorrected, Document: fog, At: since, Quotes: []briefs.Citation{{N: 4, Source: 2, Quote: f[0]}}}},
		}},
		Link:    func(q briefs.Quote) string { return fmt.Sprintf("http://desk/%s#%d", q.Document().ID, q.Span().Start) },
		Archive: "http://desk/briefings/b",
	}
	parts := b.Parts()
	want := `late: due Tuesday
weekly · Tuesday 4 March 2031 09:00 Europe/Berlin
http://desk/briefings/b

wind
new since 24 February 2031 08:00 UTC

What is new
“Two reasons.” [1]
• “First,  *wind*.” [1]
  http://desk/gale#13
• “Second, <more>.” [1]
  http://desk/gale#29
4 March
• “Fog came.” [2]
  http://desk/fog#0
  2 sources say this; also [1]

Gaps
• who counts?

Corrected or withdrawn
Corrected: On fog · 24 February 2031. It now says:
• “Fog came.” [2]
  http://desk/fog#0

Sources
[1] On gale · Una Invented · 1 February 2031
[2] On fog · Una Invented · 1 February 2031`
	if len(parts) != 1 || parts[0].Text != want {
		t.Errorf("%d parts:\n%s", len(parts), parts[0].Text)
	}
}

// A long briefing is several messages; no quote is cut, and none left out.
func TestBriefingIsSplit(t *testing.T) {
	var sentences []string
	for i := range 60 {
		sentences = append(sentences, fmt.Sprintf("Sentence %d %s.", i, strings.Repeat("goes on ", i)))
	}
	sentences = append(sentences, "The longest "+strings.Repeat("of all ", 1000)+".")
	d, quotes := document(t, "long", sentences...)
	b := bot.Briefing{Title: "weekly", Due: "now", Link: func(briefs.Quote) string { return "" }, Briefs: []briefs.Brief{{Topic: "all", Sources: []briefs.BriefSource{{N: 1, Document: d}}}}}
	section := briefs.Section{Kind: briefs.SectionKeyPoints, Heading: "Key points"}
	for i, q := range quotes {
		section.Items = append(section.Items, briefs.BriefItem{Quotes: []briefs.Citation{{N: i + 1, Source: 1, Quote: q}}})
	}
	b.Briefs[0].Sections = []briefs.Section{section}
	parts := b.Parts()
	var all strings.Builder
	for i, p := range parts {
		if len(p.Text) > 3000 && !strings.Contains(p.Text, "The longest") {
			t.Errorf("part %d has %d bytes", i, len(p.Text))
		}
		if strings.TrimSpace(p.Text) == "" {
			t.Errorf("part %d is empty", i)
		}
		all.WriteString(p.Text + "\n")
	}
	for _, s := range sentences {
		if strings.Count(all.String(), "“"+s+"”") != 1 {
			t.Errorf("%.30q is not there once", s)
		}
	}
	if len(parts) < 5 {
		t.Errorf("%d parts", len(parts))
	}
}

func TestNothingNew(t *testing.T) {
	d, quotes := document(t, "gale", "Old wind.")
	old := []briefs.Section{{Kind: briefs.SectionKeyPoints, Items: []briefs.BriefItem{{Quotes: []briefs.Citation{{N: 1, Source: 1, Quote: quotes[0]}}}}}}
	sources := []briefs.BriefSource{{N: 1, Document: d}}
	for name, test := range map[string]struct {
		b    bot.Briefing
		want string
	}{
		"old points only": {
			bot.Briefing{Title: "weekly", Since: since, Briefs: []briefs.Brief{{Topic: "wind", Since: since, Sections: old, Sources: sources}, {Topic: "fog", Since: since}}},
			"weekly · Nothing new since 24 February 2031 08:00 UTC: wind, fog",
		},
		"the first, of an empty library": {bot.Briefing{Title: "weekly", Heading: "late: due then", Briefs: []briefs.Brief{{Topic: "wind"}}}, "late: due then · weekly · Nothing new: wind"},
		"the first":                      {bot.Briefing{Title: "weekly", Briefs: []briefs.Brief{{Topic: "wind", Sections: old, Sources: sources}}}, ""},
		"a document was withdrawn": {
			bot.Briefing{Title: "weekly", Since: since, Briefs: []briefs.Brief{{Topic: "wind", Since: since, Changes: []briefs.BriefChange{{Kind: briefs.ChangeWithdrawn, Document: d}}}}}, "",
		},
	} {
		test.b.Link = func(briefs.Quote) string { return "" }
		if got := test.b.Nothing(); got != (test.want != "") {
			t.Errorf("%s: nothing new: %v", name, got)
		}
		if parts := test.b.Parts(); test.want != "" && (len(parts) != 1 || parts[0].Text != test.want) {
			t.Errorf("%s: %q, want %q", name, parts, test.want)
		}
	}
}
