package web

import (
	"context"
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/sample"
)

const whyCyber = "why did US-China cyber relations not break down?"

// shapes are a library of two documents and one answer of each shape from it:
// by the question.
func shapes(t testing.TB) ([]briefs.Document, map[string]briefs.Answer) {
	t.Helper()
	talks := briefs.Document{
		ID: "talks/2014 é", Revision: 1, Source: "talks.txt", Title: "Why the Lorem  Talks\nSucceeded", Author: "Ada Placeholder",
		Publisher: "The Invented Post", Published: "2014-04-10", URL: "https://post.example/talks?a=1&b=2", Collection: "cyber",
		Text: "There were two reasons. First, the envoys shared one cook,\nwho came from a third country. He sang. He danced. Second, the hall had <no> clock.",
	}
	rain := briefs.Document{
		ID: "rain", Revision: 1, Source: "rain.txt", Published: "2026", URL: "javascript:alert(1)", Collection: "other",
		Text: "The \"rain\" in Ipsum fell for nine days\u202e. It stopped. It began again.",
	}
	cite := func(d *briefs.Document, n, source, depth int, sentence string, why ...briefs.Feature) briefs.Citation {
		at := strings.Index(d.Text, sentence)
		q, err := briefs.NewQuote(d, briefs.Span{Start: at, End: at + len(sentence)})
		if err != nil {
			t.Fatal(err)
		}
		return briefs.Citation{N: n, Source: source, Quote: q, Depth: depth, Why: why}
	}
	list := []briefs.Citation{
		cite(&talks, 1, 1, 0, "First, the envoys shared one cook,\nwho came from a third country.", briefs.Feature{Name: "covered", Value: 0.5}, briefs.Feature{Name: "opposite outcome", Value: -0.25}),
		cite(&talks, 2, 1, 1, "He sang."),
		cite(&talks, 3, 1, 1, "He danced."),
		cite(&talks, 4, 1, 0, "Second, the hall had <no> clock.", briefs.Feature{Name: "a later feature", Value: 1}),
	}
	lead := cite(&talks, 0, 0, 0, "There were two reasons.").Quote
	for i := range list {
		list[i].LeadIn = &lead
	}
	disputed := []briefs.Citation{cite(&talks, 1, 1, 0, "Second, the hall had <no> clock."), cite(&rain, 2, 2, 0, "It stopped."), cite(&talks, 3, 1, 0, "He sang.")}
	disputed[0].Dispute, disputed[1].Dispute = 1, 1
	answers := []briefs.Answer{
		{
			Question: "why did the Lorem talks succeed?", Kind: briefs.KindWhy, Enumerated: true, Quotes: list,
			SeeAlso: []briefs.Document{rain}, Expanded: map[string][]string{"talks": {"negotiations", "discussions"}, "succeed": {"work out"}},
		},
		{
			Question: "what about the rain?", Kind: briefs.KindTopic, Quotes: []briefs.Citation{cite(&rain, 1, 1, 0, "The \"rain\" in Ipsum fell for nine days\u202e.")},
			More: []briefs.Citation{cite(&rain, 2, 1, 0, "It stopped."), cite(&talks, 3, 2, 0, "He sang.")},
		},
		{
			Question: "did the talks succeed? who paid?", Kind: briefs.KindYesNo, Quotes: disputed, Parts: []briefs.Answer{
				{Question: "did the talks succeed?", Kind: briefs.KindYesNo, Quotes: disputed},
				{Question: "who paid?", Kind: briefs.KindWho, Reason: briefs.NoSentence, Source: &briefs.AskedSource{Name: "<Una>", Found: true}},
				{Question: "what stopped?", Kind: briefs.KindWhat, Quotes: []briefs.Citation{cite(&rain, 2, 2, 0, "It stopped.")}, Source: &briefs.AskedSource{Name: "Odo"}},
			},
		},
		{Question: "who paid?", Kind: briefs.KindWho, Reason: briefs.NoSentence, Near: []briefs.Citation{cite(&rain, 1, 1, 0, "It stopped.")}},
		{Question: "who wrote about the talks?", Kind: briefs.KindWho, Reason: briefs.LowCoverage, SeeAlso: []briefs.Document{talks}},
		{Question: "zeppelin?", Kind: briefs.KindTopic, Reason: briefs.NoHits},
	}
	byQuestion := map[string]briefs.Answer{}
	for _, a := range answers {
		byQuestion[a.Question] = a
	}
	return []briefs.Document{talks, rain}, byQuestion
}

// newShapes serves shapes; asked tells what was asked last.
func newShapes(t testing.TB, asked *Question) *desk {
	documents, answers := shapes(t)
	return newDesk(t, documents, func(d *desk, o *Options) {
		o.Suggested = []string{"why did the Lorem talks succeed?"}
		o.Ask = func(ctx context.Context, q Question) (briefs.Answer, error) {
			*asked = q
			a, ok := answers[q.Text]
			if !ok {
				return a, briefs.Fault(briefs.ErrInvalid, "not prepared")
			}
			return a, d.record(ctx, q, &a)
		}
	})
}

func TestShapesOfAnswers(t *testing.T) {
	d := newShapes(t, new(Question))
	golden(t, "ask/start.txt", textOf(d.page(t, 200, root, "/")))
	for name, question := range map[string]string{
		"enumeration": "why did the Lorem talks succeed?", "more": "what about the rain?",
		"several": "did the talks succeed? who paid?", "silence": "who paid?", "offered": "who wrote about the talks?", "nothing": "zeppelin?",
	} {
		page := d.page(t, 200, root, at("/", "q", question, "collection", "cyber"))
		golden(t, "ask/"+name+".txt", textOf(page))
		for _, bad := range []string{"javascript:", "<no>"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: the page contains %q", name, bad)
			}
		}
	}
}

// Every quote of every golden question links to its sentence, byte for byte.
func TestQuotesLinkToTheirSentence(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	d := newDesk(t, sampleDocuments(t))
	questions, err := sample.Golden()
	if err != nil {
		t.Fatal(err)
	}
	linked := 0
	for i := 0; i < len(questions); i += 3 { // browsertest opens all of them
		q := questions[i]
		ans, err := d.ask(t.Context(), Question{Text: q.Question, Scope: briefs.Everything()})
		if err != nil {
			t.Fatal(err)
		}
		quotes := quotesOf(t, d.page(t, 200, root, at("/", "q", q.Question)))
		next := 0
		for _, c := range slices.Concat(ans.Quotes, ans.More, ans.Near) {
			o := c.Quote.Document()
			want := [2]string{documentAddress("", o.ID, o.Revision, c.Quote.Span(), ""), c.Quote.Text()}
			for next < len(quotes) && quotes[next] != want {
				next++ // a lead-in, which stands between
			}
			if next == len(quotes) {
				t.Errorf("%s: quote %d is not on the page in its place: %q", q.Question, c.N, want)
				break
			}
			linked++
		}
	}
	if linked < 100 {
		t.Errorf("%d quotes: too few to prove anything", linked)
	}
}

func TestAnswerOfTheSample(t *testing.T) {
	d := newDesk(t, sampleDocuments(t))
	page := textOf(d.page(t, 200, root, at("/", "q", whyCyber)))
	for _, want := range []string{"Reasons given, in order:", "“ First, the people who repair networks never stopped talking to each other. ”", "The Quarrel That Held", "See also"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
}

// What stands in the address reaches the library, and stays in the form.
func TestFilters(t *testing.T) {
	var asked Question
	d := newShapes(t, &asked)
	const question = "who paid?"
	for name, c := range map[string]struct {
		address string
		want    Question
	}{
		"none":           {at("/", "q", question), Question{Scope: briefs.Everything()}},
		"collection":     {at("/", "q", question, "collection", "cyber"), Question{Scope: briefs.Only("cyber")}},
		"collections":    {at("/", "q", question, "collection", "other", "collection", "cyber"), Question{Scope: briefs.Only("cyber", "other")}},
		"dates":          {at("/", "q", question, "from", "2014", "to", "2014-04-10"), Question{Scope: briefs.Everything(), From: "2014", To: "2014-04-10"}},
		"same year":      {at("/", "q", question, "from", "2014-12", "to", "2014"), Question{Scope: briefs.Everything(), From: "2014-12", To: "2014"}},
		"publisher":      {at("/", "q", question, "publisher", "the invented post"), Question{Scope: briefs.Everything(), Publisher: "The Invented Post"}},
		"spaces":         {at("/", "q", "  who\n paid?\x00 ", "from", " 2014 "), Question{Scope: briefs.Everything(), From: "2014"}},
		"unknown":        {at("/", "q", question, "utm_source", "x"), Question{Scope: briefs.Everything()}},
		"first question": {at("/", "q", question, "q", "other"), Question{Scope: briefs.Everything()}},
	} {
		asked = Question{}
		page := d.page(t, 200, root, c.address)
		c.want.Text = question
		if !equalQuestions(asked, c.want) {
			t.Errorf("%s: asked %+v, want %+v", name, asked, c.want)
		}
		open := strings.Contains(page, "<details open><summary>Ask only")
		if filtered := c.want.From != "" || c.want.To != "" || c.want.Publisher != "" || !c.want.Scope.All(); open != filtered || strings.Contains(page, "Only some documents were asked") != filtered {
			t.Errorf("%s: filters are open: %t", name, open)
		}
	}
	page := d.page(t, 200, root, at("/", "q", question, "collection", "cyber", "from", "2014", "publisher", "The Invented Post"))
	for _, kept := range []string{`value="who paid?"`, `value="cyber" checked`, `name="from" value="2014"`, `value="The Invented Post" selected`} {
		if !strings.Contains(page, kept) {
			t.Errorf("the form forgets %s", kept)
		}
	}
	if want := `href="` + at("/brief", "collection", "cyber", "from", "2014", "topic", question) + `"`; !strings.Contains(html.UnescapeString(page), want) {
		t.Errorf("the brief is not offered as %s", want)
	}
}

func equalQuestions(a, b Question) bool {
	return a.Text == b.Text && a.From == b.From && a.To == b.To && a.Publisher == b.Publisher && a.Room == b.Room &&
		a.Scope.All() == b.Scope.All() && slices.Equal(a.Scope.Collections(), b.Scope.Collections())
}

// Whatever cannot be read is said beside its field, and nothing is asked.
func TestInvalidQuestions(t *testing.T) {
	asked := Question{}
	d := newShapes(t, &asked)
	long := strings.Repeat("é ", longestQuestion/2+1)
	for name, c := range map[string]struct{ address, says, keeps string }{
		"empty":              {"/?q=", "Type a question first.", `value=""`},
		"blank":              {at("/", "q", " \t\n\u2028 "), "Type a question first.", `value=""`},
		"too long":           {at("/", "q", long+"x"), "keep it under 500 characters", "é é"},
		"month 13":           {at("/", "q", "who paid?", "from", "2014-13"), "This is not a date", `value="2014-13"`},
		"day 30 of February": {at("/", "q", "who paid?", "to", "2014-02-30"), "This is not a date", `value="2014-02-30"`},
		"words for a date":   {at("/", "q", "who paid?", "from", "<b>soon"), "This is not a date", `value="&lt;b&gt;soon"`},
		"dates exchanged":    {at("/", "q", "who paid?", "from", "2016", "to", "2014"), "before the first date", `value="2014"`},
		"no such collection": {at("/", "q", "who paid?", "collection", "secret"), "There is no such collection here", `value="who paid?"`},
		"one of two":         {at("/", "q", "who paid?", "collection", "cyber", "collection", "secret"), "There is no such collection here", `value="cyber" checked`},
		"no such publisher":  {at("/", "q", "who paid?", "publisher", "The Secret Post"), "No document here is by this publisher", "The Secret Post"},
	} {
		asked = Question{}
		page := d.page(t, 400, root, c.address)
		if !strings.Contains(page, c.says) || !strings.Contains(page, c.keeps) || asked.Text != "" {
			t.Errorf("%s: asked %q, and the page does not say %q or keep %q:\n%s", name, asked.Text, c.says, c.keeps, textOf(page))
		}
		if !strings.Contains(page, `aria-invalid="true"`) && !strings.Contains(page, `id="collection-problem"`) {
			t.Errorf("%s: no field is marked", name)
		}
	}
	if page := d.page(t, 400, root, at("/", "q", "not prepared")); !strings.Contains(page, "This cannot be read as a question") {
		t.Errorf("a question that cannot be read: %s", textOf(page))
	}
}

// Forms send their empty entries too: the address that is shared has none.
func TestTidyAddress(t *testing.T) {
	d := newShapes(t, new(Question))
	w := d.get(root, "/?q=who+paid%3F&from=&to=&publisher=&collection=cyber")
	if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || at != "/?collection=cyber&q=who+paid%3F" {
		t.Errorf("status %d, location %q", w.Code, at)
	}
}

// A page of another site may lead here, but not ask by an image or a script.
func TestOtherSitesDoNotAsk(t *testing.T) {
	var asked Question
	d := newShapes(t, &asked)
	for _, c := range []struct {
		site, destination string
		want              int
	}{
		{"none", "document", 200},
		{"same-origin", "empty", 200},
		{"cross-site", "document", 200},
		{"cross-site", "image", 404},
		{"cross-site", "iframe", 404},
		{"same-site", "empty", 404},
	} {
		asked = Question{}
		w := d.get(root, at("/", "q", "who paid?"), "Sec-Fetch-Site", c.site, "Sec-Fetch-Dest", c.destination)
		if w.Code != c.want || (asked.Text != "") != (c.want == 200) {
			t.Errorf("%s, %s: status %d, asked %q", c.site, c.destination, w.Code, asked.Text)
		}
	}
}

// What was answered lately in the reader's room is offered, and not what was
// not, or elsewhere.
func TestAnsweredLately(t *testing.T) {
	d := newDesk(t, sampleDocuments(t))
	d.rooms["web:ana"], d.rooms["web:bo"] = briefs.Only("cyber"), briefs.Only("trade")
	d.page(t, 200, "ana", at("/", "q", whyCyber))
	d.page(t, 200, "ana", at("/", "q", "who flew the zeppelin of Ipsum?"))
	for reader, want := range map[string]bool{"ana": true, root: true, "bo": false} {
		page := d.page(t, 200, reader, "/")
		if strings.Contains(html.UnescapeString(page), `href="`+at("/", "q", whyCyber)+`"`) != want {
			t.Errorf("%s: what was asked is offered: %t, want %t", reader, !want, want)
		}
		if strings.Contains(page, "zeppelin") {
			t.Errorf("%s: a question without an answer is offered", reader)
		}
	}
}

// A gap is said to be recorded when it is.
func TestRecordedGap(t *testing.T) {
	d := newDesk(t, sampleDocuments(t))
	d.rooms["web:ana"] = briefs.Only("cyber")
	for _, reader := range []string{"ana", root} {
		for question, want := range map[string]bool{"who flew  the zeppelin of Ipsum??": true, "???": false} {
			page := textOf(d.page(t, 200, reader, at("/", "q", question)))
			if !strings.Contains(page, "Nothing in this library answers that.") || strings.Contains(page, "Recorded as a gap") != want {
				t.Errorf("%s, %q: said to be recorded: %t, want %t", reader, question, !want, want)
			}
		}
	}
	if gaps, err := d.lib.Gaps(t.Context()); err != nil || len(gaps) != 2 {
		t.Errorf("%d gaps, %v", len(gaps), err)
	}
}
