package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"briefdesk/bot/web"
	"briefdesk/briefs"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// cite quotes sentence out of d.
func citation(t *testing.T, d *briefs.Document, n, source int, sentence string) briefs.Citation {
	t.Helper()
	at := strings.Index(d.Text, sentence)
	q, err := briefs.NewQuote(d, briefs.Span{Start: at, End: at + len(sentence)})
	if err != nil {
		t.Fatal(err)
	}
	return briefs.Citation{N: n, Source: source, Quote: q, Why: []briefs.Feature{{Name: "covered", Value: 0.5}, {Name: "exact phrase", Value: 1}}}
}

// answers are one of each shape: an enumeration with lead-in and levels, an
// answer from two documents with more behind it, two questions of which the
// sources disagree over one, and a silence.
func answers(t *testing.T) map[string]*briefs.Answer {
	talks := &briefs.Document{
		ID: "talks/2014 é", Revision: 2, Title: "Why the Lorem Talks Succeeded", Author: "Ada Placeholder",
		Publisher: "The Invented Post", Published: "2014-04-10", URL: "https://post.example/talks", Collection: "cyber",
		Text: "There were two reasons. First, the envoys shared one cook,\nwho came from a third country and was loved by every one of them, as the letters show. He sang. Second, the hall had no clock.",
	}
	rain := &briefs.Document{ID: "rain", Revision: 1, Published: "2026", Collection: "other", Text: "The \"rain\" in Ipsum\x1b[31m fell for nine days\u202e. It stopped."}
	lead := citation(t, talks, 0, 0, "There were two reasons.").Quote
	list := []briefs.Citation{
		citation(t, talks, 1, 1, "First, the envoys shared one cook,\nwho came from a third country and was loved by every one of them, as the letters show."),
		citation(t, talks, 2, 1, "He sang."),
		citation(t, talks, 3, 1, "Second, the hall had no clock."),
	}
	for i := range list {
		list[i].LeadIn = &lead
	}
	list[1].Depth = 1
	disputed := []briefs.Citation{citation(t, talks, 1, 1, "Second, the hall had no clock."), citation(t, rain, 2, 2, "It stopped."), citation(t, talks, 3, 1, "He sang.")}
	disputed[0].Dispute, disputed[1].Dispute = 1, 1
	return map[string]*briefs.Answer{
		"enumeration": {
			Question: "why did the Lorem talks succeed?", Kind: briefs.KindWhy, Enumerated: true, Quotes: list,
			SeeAlso:  []briefs.Document{*rain, *talks},
			Expanded: map[string][]string{"talks": {"negotiations", "discussions"}}, Elapsed: 3400 * time.Microsecond,
		},
		"sentences": {
			Question: "what about the rain?", Kind: briefs.KindTopic,
			Quotes: []briefs.Citation{citation(t, rain, 1, 1, "The \"rain\" in Ipsum\x1b[31m fell for nine days\u202e."), citation(t, talks, 2, 2, "He sang.")},
			More:   []briefs.Citation{citation(t, rain, 3, 1, "It stopped.")},
		},
		"disagreement": {
			Question: "did the talks succeed, and who paid?", Quotes: disputed, Parts: []briefs.Answer{
				{Question: "did the talks succeed?", Kind: briefs.KindYesNo, Quotes: disputed},
				{Question: "who paid?", Kind: briefs.KindWho, Reason: briefs.NoSentence, Source: &briefs.AskedSource{Name: "Una", Found: true}},
			},
		},
		"others":  {Question: "according to Una, who sang?", Kind: briefs.KindWho, Quotes: []briefs.Citation{citation(t, talks, 1, 1, "He sang.")}, Source: &briefs.AskedSource{Name: "Una"}},
		"silence": {Question: "who paid?", Kind: briefs.KindWho, Reason: briefs.NoSentence, Near: []briefs.Citation{citation(t, rain, 1, 1, "It stopped.")}},
		"offered": {Question: "who wrote about the talks?", Kind: briefs.KindWho, Reason: briefs.NoSentence, SeeAlso: []briefs.Document{*talks}},
		"nothing": {Question: "who paid?", Kind: briefs.KindWho, Reason: briefs.NoHits},
	}
}

var anyDay = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestAnswerForPeople(t *testing.T) {
	for name, ans := range answers(t) {
		for _, variant := range []struct {
			name string
			p    printer
		}{
			{"plain", printer{view: view{width: 60}}},
			{"colour", printer{view: view{width: 96, terminal: true, colour: true}, more: true, explain: true}},
		} {
			var b bytes.Buffer
			p := variant.p
			p.w, p.address, p.now, p.gap = &b, unsigned("http://127.0.0.1:8088"), anyDay, "Recorded as a gap. Add sources with: briefdesk add …"
			p.answer(ans)
			golden(t, name+"."+variant.name+".txt", b.String())
			if !variant.p.colour && strings.ContainsFunc(b.String(), dangerous) {
				t.Errorf("%s: a control character reaches the terminal: %q", name, b.String())
			}
			for line := range strings.Lines(b.String()) {
				if !variant.p.colour && utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 60 && !strings.Contains(line, "://") {
					t.Errorf("%s: line is wider than 60: %q", name, line)
				}
			}
		}
	}
}

// Whatever is wrapped, coloured or neutralised, the words of a quote are all
// shown, in order.
func TestQuoteIsNeverCut(t *testing.T) {
	for name, ans := range answers(t) {
		for width := 20; width < 100; width += 7 {
			var b bytes.Buffer
			p := printer{view: view{width: width}, w: &b, address: unsigned(""), now: anyDay}
			p.answer(ans)
			shown := collapse(b.String())
			for _, c := range append(ans.Quotes, ans.Near...) {
				if want := collapse(clean(c.Quote.Text())); !strings.Contains(shown, want) {
					t.Errorf("%s at width %d: %q is not in %q", name, width, want, shown)
				}
			}
		}
	}
}

func TestAnswerForPrograms(t *testing.T) {
	for name, ans := range answers(t) {
		var b bytes.Buffer
		if err := writeJSON(&b, answerForm(ans, unsigned("https://desk.example"), false, false)); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", b.String())
		if strings.Contains(b.String(), "null") && strings.Contains(regexp.MustCompile(`"lead_in":null`).ReplaceAllString(b.String(), ""), "null") {
			t.Errorf("%s: a list is null: %s", name, b.String())
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[31mb": "a␛[31mb", "\u202ea\u2066b": "ab", "\u009b1m": "\ufffd1m", "a\rb\nc\td": "a\nb\nc\td",
		"née 日本 👩‍👩‍👧 नमस्ते": "née 日本 👩‍👩‍👧 नमस्ते", "\xff": "\ufffd", "\U000e0041x": "x", "\x7f": "␡",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every command says what it does, how to call it, and gives an example.
func TestEveryCommandHasHelp(t *testing.T) {
	var out, errs bytes.Buffer
	a := &app{getenv: func(string) string { return "" }, stdin: strings.NewReader(""), stderr: &errs, now: time.Now}
	root := a.root()
	for _, c := range append(commands(root), root) {
		if c.Short == "" || c.Example == "" || !strings.Contains(c.Example, "briefdesk") {
			t.Errorf("%s: has no description or no example", c.CommandPath())
		}
		args := append(strings.Fields(c.CommandPath())[1:], "--help")
		out.Reset()
		if code := a.run(context.Background(), args, &out); code != exitOK || !strings.Contains(out.String(), "Examples:") {
			t.Errorf("%v: exit code %d, output %q", args, code, out.String())
		}
	}
}

// unsigned makes addresses below publicURL as they are without signature.
func unsigned(publicURL string) address {
	links := web.NewLinks(nil, web.LinkOptions{PublicURL: publicURL, Unsigned: true, Now: time.Now})
	return func(q briefs.Quote) string {
		at, _ := links.Quote(context.Background(), "", q) // without a key nothing fails
		return at
	}
}
