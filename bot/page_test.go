package bot

import (
	"context"
	"strings"
	"testing"

	"briefdesk/briefs"
)

func TestSourcesNameTheirPages(t *testing.T) {
	d := briefs.Document{ID: "report", Title: "A Report", Text: "One thing. Another thing.", Pages: []int{0, 11}, URL: "https://lantern.example/a.pdf"}
	var all []briefs.Citation
	for i, s := range []briefs.Span{{Start: 11, End: 25}, {Start: 0, End: 10}} {
		q, err := briefs.NewQuote(&d, s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, briefs.Citation{N: i + 1, Source: 1, Quote: q})
	}
	draw := &drawer{at: func(context.Context, briefs.RoomID, briefs.Quote) (string, error) {
		return "https://desk.example/d", nil
	}}
	if b := draw.sources(all); len(b) != 1 || b[0].Note != "pp. 1, 2" || b[0].URL != "https://lantern.example/a.pdf#page=2" {
		t.Errorf("sources of an answer: %+v", b)
	}
	parts := BriefParts(&briefs.Brief{
		Topic: "things", Sections: []briefs.Section{{Heading: "Key points", Items: []briefs.BriefItem{{Quotes: all}}}},
		Sources: []briefs.BriefSource{{N: 1, Document: d, Quotes: []int{1, 2}}},
	}, func(briefs.Quote) string { return "https://desk.example/d" })
	var words strings.Builder
	found := false
	for _, part := range parts {
		words.WriteString(part.Text)
		post, err := PostOf(part)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range post.Blocks {
			if b.Kind == BlockSource {
				found = found || b.Note == "pp. 1, 2" && b.URL == "https://lantern.example/a.pdf#page=2"
			}
		}
	}
	if !strings.Contains(words.String(), "[1] A Report · pp. 1, 2") || !found {
		t.Errorf("the pages are missing:\n%s", words.String())
	}
}
