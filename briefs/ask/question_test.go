package ask

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"briefdesk/briefs"
)

func TestKind(t *testing.T) {
	lex := newLexicon()
	for q, want := range map[string]briefs.Kind{
		"Why did the harbour close?":                          briefs.KindWhy,
		"what are the reasons for the closure of the harbour": briefs.KindWhy,
		"How come nobody objected?":                           briefs.KindWhy,
		"what did they do when the harbour closed?":           briefs.KindWhat,
		"When did the harbour close?":                         briefs.KindWhen,
		"In which year did the harbour close?":                briefs.KindWhen,
		"How many ships are late?":                            briefs.KindHowMany,
		"how long does a repair take":                         briefs.KindHowMany,
		"what share of the ships is late?":                    briefs.KindHowMany,
		"Who runs the harbour?":                               briefs.KindWho,
		"who's in charge when the harbour is closed":          briefs.KindWho,
		"Where is the harbour?":                               briefs.KindWhere,
		"How does the harbour work?":                          briefs.KindHow,
		"List the ships.":                                     briefs.KindList,
		"difference between ships and boats":                  briefs.KindCompare,
		"Is the harbour open?":                                briefs.KindYesNo,
		"What is a harbour?":                                  briefs.KindWhat,
		"harbour dues":                                        briefs.KindTopic,
		"?":                                                   briefs.KindTopic,
	} {
		if got := parse(q, lex).kind; got != want {
			t.Errorf("%q is %s, want %s", q, got, want)
		}
	}
}

func forms(q question, which func(term) bool) []string {
	var out []string
	for _, t := range q.terms {
		if which(t) {
			out = append(out, t.form)
		}
	}
	return out
}

func TestParse(t *testing.T) {
	lex := newLexicon()
	for _, c := range []struct {
		question string
		which    func(term) bool
		want     []string
	}{
		{"Why did the ferry close, and close?", func(term) bool { return true }, []string{"ferri", "close"}},
		{"What are the main reasons for the tariff?", func(t term) bool { return t.frame }, []string{"main", "reason"}},
		{"what are the main reasons", func(t term) bool { return t.frame }, nil},
		{"How much does the Quillport ferry cost?", func(t term) bool { return t.frame }, []string{"much"}},
		{"Did Quillport sign in 2021?", func(t term) bool { return t.name }, []string{"quillport", "2021"}},
		{"why did us-china talks not fail", func(t term) bool { return t.name }, []string{"_us", "_cn"}},
		{"Why did Quillport refuse to raise the alarm?", func(t term) bool { return t.verb }, []string{"refus"}},
		{"Who will chair the hearing?", func(t term) bool { return t.verb }, []string{"chair"}},
		{"How many permits were issued in March?", func(t term) bool { return t.verb }, []string{"issu"}},
		{"What is the rule?", func(t term) bool { return t.verb }, nil},
		{"According to Ada Specimen, what is late?", func(t term) bool { return t.source }, []string{"ada", "specimen"}},
		{"What does Bram Placeholder say about ferries?", func(t term) bool { return t.source }, []string{"bram", "placehold"}},
	} {
		q := parse(c.question, lex)
		got := forms(q, c.which)
		if !slices.Equal(stems(got), stems(c.want)) {
			t.Errorf("%q: %q, want %q", c.question, got, c.want)
		}
	}
}

// stems compares what matters here, the head of each term, so that a change
// of stemmer does not break these tests.
func stems(ts []string) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t[:min(len(t), 5)]
	}
	return out
}

func TestOutcome(t *testing.T) {
	lex := newLexicon()
	for q, want := range map[string]int{
		"Why did relations not break down?":             1,
		"Why did relations break down?":                 -1,
		"Why did the talks succeed?":                    1,
		"Why did the talks not succeed?":                -1,
		"Why did neither side walk out?":                0,
		"Why didn't relations break down?":              1,
		"Why haven’t relations broken down?":            1,
		"What is the capital?":                          0,
		"Why is trust so low?":                          -1,
		"Why is there little trust?":                    -1,
		"Why is trust between those two states so low?": -1,
		"Why has the agreement never collapsed?":        1,
		"Why is there no improvement in the port":       -1,
	} {
		if got := parse(q, lex).outcome; got != want {
			t.Errorf("%q has outcome %d, want %d", q, got, want)
		}
	}
}

func TestMeasure(t *testing.T) {
	lex := newLexicon()
	for _, c := range []struct {
		question, sentence string
		want               float64
	}{
		{"How many permits were issued?", "In March 61 permits were issued.", 1},
		{"How many permits were issued?", "Twelve costly new permits were issued.", 1},
		{"How many permits were issued?", "The permits were issued in 2021.", 0},
		{"How many permits were issued?", "The 61 ships waited; nobody had asked for the permits.", 0},
		{"How much does it cost?", "It costs 4 million dollars.", 1},
		{"How much does it cost?", "It has cost 4 ministers their jobs.", 0},
		{"How long does a repair take?", "A repair takes nine weeks.", 1},
		{"How long does a repair take?", "A repair takes patience.", 0},
		{"What share of ships is late?", "A third of them are late.", 1},
		{"How often is it invoked?", "It has been invoked once.", 1},
		{"When did it open?", "It opened in May.", 1},
		{"When did it open?", "It opened with a speech.", 0},
		{"Who opened it?", "It was opened by Ada Specimen.", 1},
		{"Who opened it?", "It was opened by the duty officer.", 1},
		{"What is the name of the officer who opened it?", "It was opened by Ada Specimen.", 1},
		{"What is the name of the officer who opened it?", "The report names several officers.", 0},
		{"What is the harbour called?", "Sailors know the harbour as Quillport.", 1},
		{"What is the harbour called?", "They called the harbour a disgrace.", 0},
		{"Who opened the Quay?", "When the Quay was opened it rained.", 0},
	} {
		q := parse(c.question, lex)
		if got := q.typed(lex, newWords(c.sentence), c.sentence); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.question, c.sentence, got, c.want)
		}
	}
}

func TestFollow(t *testing.T) {
	lex := newLexicon()
	before := &Previous{Question: "Why did the Quillport ferry close?"}
	for _, c := range []struct {
		question  string
		inherited int
	}{
		{"And when did it reopen?", 3},
		{"Who paid for it?", 3},
		{"Which countries refine most of the world's lithium today?", 0},
	} {
		q := parse(c.question, lex)
		q.follow(before, lex)
		if got := len(forms(q, func(t term) bool { return t.inherited })); got != c.inherited {
			t.Errorf("%q inherits %d terms, want %d", c.question, got, c.inherited)
		}
	}
	q := parse("And why?", lex)
	q.follow(nil, lex)
	if len(q.terms) != 0 {
		t.Error("without an answer before nothing is inherited")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "a", `what's "C++" foo:bar NEAR( AND *`, "why did us-china talks not fail?", "according to ,", "what does say",
		"\x00\xff how many", strings.Repeat("why ", 9000), "How many 多少 ships?",
	} {
		f.Add(s)
	}
	lex := newLexicon()
	f.Fuzz(func(t *testing.T, s string) {
		q := parse(s, lex)
		if len(q.terms) > maxTerms {
			t.Fatalf("%d terms", len(q.terms))
		}
		for _, term := range q.terms {
			if term.form == "" || strings.Contains(term.form, " ") || !utf8.ValidString(term.form) {
				t.Fatalf("term %q", term.form)
			}
		}
		q.follow(&Previous{Question: s}, lex)
		if len(q.terms) > maxTerms {
			t.Fatalf("%d terms after following", len(q.terms))
		}
		m := newMatcher(q.terms)
		m.matchLine(s)
	})
}
