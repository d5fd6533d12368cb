package ask_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/structure"
	"briefdesk/store/sqlite"
)

// shelf is a library of documents in order, all but the last revision of an id
// replaced.
func shelf(t *testing.T, docs ...briefs.Document) *ask.Asker {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	lib, err := sqlite.Open(t.Context(), log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	for _, d := range docs {
		structure.Analyze(&d)
		if _, err := lib.PutDocuments(t.Context(), []briefs.Document{d}); err != nil {
			t.Fatal(err)
		}
	}
	return ask.New(log, lib)
}

func written(id, author, publisher string, published briefs.Date, paragraphs ...string) briefs.Document {
	return briefs.Document{
		ID: briefs.DocumentID(id), Title: "Notes of " + id, Author: author, Publisher: publisher, Published: published,
		Collection: "papers", Text: strings.Join(paragraphs, "\n\n"),
	}
}

// told are the documents quoted, in order, those that disagree in parentheses.
func told(all []briefs.Citation) string {
	var out []string
	for _, c := range all {
		id := string(c.Quote.Document().ID)
		if c.Dispute > 0 {
			id = fmt.Sprintf("(%s)", id)
		}
		out = append(out, id)
	}
	return strings.Join(out, " ")
}

func asked(t *testing.T, asker *ask.Asker, question string) briefs.Answer {
	t.Helper()
	ans, err := asker.Ask(t.Context(), ask.Request{Question: question, Scope: briefs.Everything()})
	if err != nil {
		t.Fatal(err)
	}
	return ans
}

func TestSourcesDisagree(t *testing.T) {
	blackout := []briefs.Document{
		written("tide", "Odo Placeholder", "Tide Gazette", "2019-03", "The blackout in Lorem lasted nine hours, an inquiry found."),
		written("gale", "Una Invented", "Gale Review", "2014-05-01", "The blackout in Lorem lasted 14 hours and stopped every tram."),
	}
	for _, c := range []struct {
		name, question string
		docs           []briefs.Document
		want           string
	}{
		{"another number, the newest last", "How long did the blackout in Lorem last?", blackout, "(gale) (tide)"},
		{"a date that is not known comes first", "How long did the blackout in Lorem last?", append(blackout[:1:1],
			written("moss", "", "", "", "The blackout in Lorem lasted 14 hours.")), "(moss) (tide)"},
		{"three say it, two numbers", "How long did the blackout in Lorem last?", append(blackout[:2:2],
			written("moss", "", "", "2016", "The blackout in Lorem lasted 14 hours, officials said.")), "(gale) (moss) (tide)"},
		{"a yes and a no", "Did the sanctions against Lorem work?", []briefs.Document{
			written("a", "Una Invented", "", "2012", "The sanctions against Lorem worked."),
			written("b", "Odo Placeholder", "", "2010", "The sanctions against Lorem did not work, because the harbour stayed open."),
		}, "(b) (a)"},
		{"another date", "When was the Lorem treaty signed?", []briefs.Document{
			written("a", "Una Invented", "", "2012", "The Lorem treaty was signed on 4 May 2010."),
			written("b", "Odo Placeholder", "", "2013", "The Lorem treaty was signed on 9 June 2010."),
		}, "(a) (b)"},
		{"they agree", "How long did the blackout in Lorem last?", []briefs.Document{
			written("a", "Una Invented", "", "2012", "The blackout in Lorem lasted nine hours."),
			written("b", "Odo Placeholder", "", "2013", "The blackout in Lorem lasted 9 hours, an inquiry found."),
		}, "a"},
		{"of other years", "How long does a cable repair take?", []briefs.Document{
			written("a", "Una Invented", "", "2012", "A cable repair took 21 days in 2011."),
			written("b", "Odo Placeholder", "", "2013", "A cable repair took 31 days in 2012."),
		}, "a b"},
		{"of other things", "How much did the tunnel cost?", []briefs.Document{
			written("a", "Una Invented", "", "2012", "The road tunnel cost 40 million euros."),
			written("b", "Odo Placeholder", "", "2013", "The rail tunnel cost 55 million euros."),
		}, "a b"},
		{"one quotes what others say", "Did the sanctions against Lorem work?", []briefs.Document{
			written("a", "Una Invented", "", "2012", "The sanctions against Lorem worked."),
			written("b", "Odo Placeholder", "", "2013", "“The sanctions against Lorem did not work.”"),
		}, "a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			docs := slices.Clone(c.docs)
			for range 2 {
				ans := asked(t, shelf(t, docs...), c.question)
				got := strings.Fields(told(ans.Quotes))
				want := strings.Fields(c.want)
				if !strings.Contains(c.want, "(") && len(want) > 1 {
					slices.Sort(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %v (%s), want %v", c.question, got, ans.Reason, want)
				}
				slices.Reverse(docs) // the order of adding does not count
			}
		})
	}
}

// A newer revision counts alone: a text does not disagree with what it said
// before.
func TestRevisionDoesNotDisagreeWithItself(t *testing.T) {
	ans := asked(t, shelf(t,
		written("gale", "Una Invented", "", "2014", "The blackout in Lorem lasted 14 hours and stopped every tram."),
		written("gale", "Una Invented", "", "2014", "The blackout in Lorem lasted nine hours and stopped every tram.")), "How long did the blackout in Lorem last?")
	if got := told(ans.Quotes); got != "gale" || !strings.Contains(ans.Quotes[0].Quote.Text(), "nine") {
		t.Errorf("%s: %+v", got, ans.Quotes)
	}
}

// What a correction takes back, in a notice of its own or in a note below a
// text, is not shown, nor is it a disagreement.
func TestCorrectionBeatsWhatItCorrects(t *testing.T) {
	wrong := written("wrong", "Odo Placeholder", "", "2019-03", "A repair of the cable at Lorem takes 21 days on average.")
	notice := written("notice", "Odo Placeholder", "", "2019-05", "We wrote that a repair of the cable at Lorem takes 21 days on average. The correct figure is 31 days, as the register shows.")
	notice.Title = "Correction: repairs of the cable at Lorem"
	note := written("note", "Una Invented", "", "2020-01", "A repair of the cable at Lorem takes 31 days on average.",
		"Correction: An earlier version of this article said that a repair of the cable at Lorem takes 21 days on average.")
	const question = "How many days does a repair of the cable at Lorem take?"
	for name, c := range map[string]struct {
		docs []briefs.Document
		want string
	}{
		"notice": {[]briefs.Document{wrong, notice}, "notice notice"},
		"note":   {[]briefs.Document{wrong, note}, "note"},
		"older":  {[]briefs.Document{written("later", "Ida Example", "", "2024", "A repair of the cable at Lorem takes 21 days on average."), note}, "(note) (later)"},
	} {
		ans := asked(t, shelf(t, c.docs...), question)
		if got := told(ans.Quotes); got != c.want {
			t.Errorf("%s: %s (%s), want %s", name, got, ans.Reason, c.want)
		}
	}
}

// Where two documents answer, both are shown; what they say alike is shown once.
func TestSecondSource(t *testing.T) {
	asker := shelf(t,
		written("a", "Una Invented", "", "2012", "The ferry to Lorem was stopped because the harbour froze."),
		written("b", "Odo Placeholder", "", "2013", "The ferry to Lorem was stopped because the crew went home."),
		written("c", "Ida Example", "", "2014", "The ferry to Lorem was stopped because the harbour froze, a report said."))
	ans := asked(t, asker, "Why was the ferry to Lorem stopped?")
	got := strings.Fields(told(ans.Quotes))
	slices.Sort(got)
	if len(got) != 2 || got[1] != "b" {
		t.Errorf("quoted %v", got)
	}
	if !strings.ContainsAny(told(ans.More), "ac") {
		t.Errorf("more: %q", told(ans.More))
	}
}

// A question for a yes or no gets the sentence that decides, and no verdict.
func TestYesOrNo(t *testing.T) {
	asker := shelf(t,
		written("yes", "Una Invented", "", "2012", "The council discussed the tunnel for months. The council approved the tunnel in May. Tunnels need light."),
		written("no", "Odo Placeholder", "", "2013", "The mayors of Ipsum met often. Ipsum has never joined the customs union, and its mayors say so at every fair. The customs union has a flag."))
	for question, want := range map[string]string{
		"Did the council approve the tunnel?":            "The council approved the tunnel in May.",
		"Has Ipsum joined the customs union?":            "Ipsum has never joined the customs union",
		"is it true that Ipsum joined the customs union": "Ipsum has never joined the customs union",
	} {
		ans := asked(t, asker, question)
		got := ""
		if len(ans.Quotes) > 0 {
			got = ans.Quotes[0].Quote.Text()
		}
		if !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %q (%s), want %q", question, got, ans.Reason, want)
		}
	}
}
