package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/chart"
)

// kind is one kind of page, as the operator of fullSite sees it.
type kind struct {
	name, path string
	status     int64
}

const (
	reasons = "why did US-China cyber relations not break down?" // answered by an enumeration
	unknown = "who won the chess tournament of the harbour pilots?"
	oddID   = "notes/2024 ö?#%2F&<b>" // every character that an address could trip over
)

// fullSite is a library with something to show on every page, and the kinds
// of page there are.
func fullSite(t testing.TB) (*site, []kind) {
	t.Helper()
	docs := append(sampleDocuments(t),
		read(t, "ferry", "harbour", "ferry.md", "# The ferry timetable\n\nThe ferry leaves at nine. The last one leaves at dusk.\n\nTickets are sold on board.\n"),
		read(t, "ferry", "harbour", "ferry.md", "# The ferry timetable\n\nThe ferry leaves at ten. The last one leaves at dusk.\n\nTickets are sold at the kiosk.\n"),
		read(t, "arabic", "harbour", "arabic.txt", arabicText),
		read(t, oddID, "harbour", "table.md", tableText),
	)
	s := newSite(t, docs)
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	at := time.Now().UTC().Add(-3 * time.Hour)
	check(s.lib.RecordFetch(ctx, briefs.Fetch{Source: "papers", Collection: "harbour", At: at, Added: 4}))
	check(s.lib.RecordFetch(ctx, briefs.Fetch{Source: "https://feeds.example/a.xml", Collection: "cyber", At: at, Failed: 1, Problem: "https://feeds.example/a.xml: the server does not answer"}))
	var quoted []briefs.Citation
	for _, q := range []string{reasons, unknown, "when does the last ferry leave?"} {
		ans, err := s.ask(ctx, web.Question{Text: q, Scope: briefs.Everything()})
		check(err)
		quoted = append(quoted, ans.Quotes...)
	}
	if len(quoted) == 0 {
		t.Fatal("nothing is answered")
	}
	d := quoted[0].Quote.Document()
	quotes := quoted[:1]
	quotes[0].N, quotes[0].Source = 1, 1
	check(s.lib.RecordBriefing(ctx, briefs.Briefing{
		ID: "weekly-1", Schedule: "weekly", Room: "console:desk", Slot: "2026-11-16T09:00 Europe/Berlin", Posted: at,
		Briefs: []briefs.Brief{{
			Topic:    "cyber relations",
			Sections: []briefs.Section{{Kind: briefs.SectionKeyPoints, Heading: "Key points", Items: []briefs.BriefItem{{Sources: 1, Quotes: quotes}}}},
			Sources:  []briefs.BriefSource{{N: 1, Document: d, Quotes: []int{1}}},
		}},
		Picture: picture(t, docs),
	}))

	ask := func(q string) string { return "/?q=" + url.QueryEscape(q) }
	ferry := func(text string, revision int) string { return s.linkTo(t, "ferry", revision, text, 1) }
	return s, []kind{
		{"ask", "/", 200},
		{"answer", ask(reasons), 200},
		{"answer-filtered", ask(reasons) + "&collection=cyber&from=2020&to=2024", 200},
		{"silence", ask(unknown), 200},
		{"document", "/d/ferry", 200},
		{"quote", quoteLink(quoted[0].Quote), 200},
		{"quote-current", ferry("The ferry leaves at ten.", 2), 200},
		{"quote-old", ferry("The ferry leaves at nine.", 1), 200},
		{"diff", "/d/ferry/diff?from=1&to=2", 200},
		{"right-to-left", s.linkTo(t, "arabic", 1, arabicSentence, 1), 200},
		{"table", "/d/" + url.PathEscape(oddID), 200},
		{"library", "/library", 200},
		{"library-filtered", "/library?collection=harbour&order=title&find=ferry", 200},
		{"search", "/library/search?q=ferry", 200},
		{"search-nothing", "/library/search?q=zzzzzz", 200},
		{"brief", "/brief?topic=cyber", 200},
		{"questions", "/questions", 200},
		{"briefings", "/briefings", 200},
		{"briefing", "/briefings/weekly-1", 200},
		{"not-found", "/d/nowhere", 404},
		{"bad-filter", ask(reasons) + "&from=yesterday", 400},
	}
}

// picture is the chart of documents.
func picture(t testing.TB, documents []briefs.Document) *briefs.Picture {
	t.Helper()
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	tally, err := chart.Count(documents, chart.ByPublisher, from, from.AddDate(0, 6, 0))
	if err != nil {
		t.Fatal(err)
	}
	p := &briefs.Picture{Alt: tally.Alt(), Collections: []string{"cyber", "harbour"}, Width: chart.Width, Height: chart.Height}
	for theme, file := range map[chart.Theme]*[]byte{chart.Light: &p.Light, chart.Dark: &p.Dark} {
		if *file, err = tally.PNG(theme); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// The sample of Arabic: a made-up notice about a harbour.
const (
	arabicSentence = "أُغلق الميناء لأن العاصفة دمّرت الرصيف."
	arabicText     = "لماذا أُغلق الميناء\n\n" + arabicSentence + " وسيُعاد فتحه بعد إصلاح الرصيف في الربيع (نحو 3 أشهر).\n"
)

// tableText has what articles have besides paragraphs.
const tableText = `# Fees of the harbour

The fees rose for three reasons:

1. Dredging costs more.
2. Fewer ships call.
   - Those that call are larger.
   - They stay for a shorter time.
3. The state pays less.

| Ship | Fee in 2023 | Fee in 2024 |
|------|-------------|-------------|
| Ferry | 120 | 140 |
| Freighter with a very long description that does not fit on a telephone | 900 | 1100 |

> Nobody likes a fee, and everybody likes a harbour.

## Addresses

The office is at https://harbour.example/a-very-long-address-without-any-place-to-break-it/that-goes-on-and-on-and-on-and-on.
`

// linkTo is the address of the nth occurrence, from 1, of text in a revision
// of a document.
func (s *site) linkTo(t testing.TB, id briefs.DocumentID, revision int, text string, nth int) string {
	t.Helper()
	d, err := s.lib.Document(t.Context(), id, revision)
	if err != nil {
		t.Fatal(err)
	}
	start := -1
	for range nth {
		i := strings.Index(d.Text[start+1:], text)
		if i < 0 {
			t.Fatalf("%s %d has not %q %d times: %q", id, revision, text, nth, d.Text)
		}
		start += 1 + i
	}
	return fmt.Sprintf("/d/%s?r=%d&s=%d-%d#q", url.PathEscape(string(id)), d.Revision, start, start+len(text))
}
