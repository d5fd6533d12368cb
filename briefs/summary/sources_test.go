package summary_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

// written are documents of one collection, each "Author | text".
func written(t *testing.T, texts ...string) store.Backend {
	t.Helper()
	lib := open(t, &clock{firstWeek})
	for i, text := range texts {
		put(t, lib, document(t, i, text))
	}
	return lib
}

func document(t *testing.T, i int, text string) briefs.Document {
	t.Helper()
	author, body, _ := strings.Cut(text, " | ")
	d, err := extract.Document("note.md", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	d.ID, d.Title, d.Author, d.Publisher, d.Collection = briefs.DocumentID(fmt.Sprint("d", i)), fmt.Sprint("Note ", i), author, "House of "+author, "notes"
	d.Source = "test:" + string(d.ID)
	structure.Analyze(&d)
	return d
}

// lines are the items of a section: label, number of sources, quotes.
func lines(b *briefs.Brief, kind briefs.SectionKind) []string {
	var out []string
	for _, s := range b.Sections {
		if s.Kind != kind {
			continue
		}
		for _, it := range s.Items {
			line := fmt.Sprintf("%s %d", it.Label, it.Sources)
			for _, q := range it.Quotes {
				line += " " + q.Quote.Text()
			}
			out = append(out, line)
		}
	}
	return out
}

func brief(t *testing.T, lib store.Backend, r summary.Request) briefs.Brief {
	t.Helper()
	r.Scope = briefs.Everything()
	b, err := summarizer(lib).Brief(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	check(t, lib, r, &b)
	return b
}

// A text that several print is no furniture, and one source.
func TestReprintsAreOneSource(t *testing.T) {
	const text = "The fisheries treaty was signed in Reykjavik by eleven coastal states. Fishing fleets will receive compensation for lost quotas " +
		"under the fisheries treaty. Scientists welcomed the fisheries treaty as the first binding limit on trawling."
	lib := written(t, "Ana | "+text, "Bo | "+text, "Cy | "+text)
	for _, topic := range []string{"fisheries treaty", "collection:notes"} {
		b := brief(t, lib, summary.Request{Topic: topic})
		got := lines(&b, briefs.SectionKeyPoints)
		if len(got) != 3 || slices.ContainsFunc(got, func(s string) bool { return !strings.HasPrefix(s, " 1 ") }) {
			t.Errorf("%s: %q", topic, got)
		}
	}
}

// What short documents agree on is what most say.
func TestAgreementIsNoFurniture(t *testing.T) {
	b := brief(t, written(t, "Ana | The harbour toll halves congestion in the old port, says the council.",
		"Bo | The harbour toll halves congestion in the old port, the council says."), summary.Request{Topic: "harbour toll"})
	if got := lines(&b, briefs.SectionKeyPoints); len(got) != 1 || !strings.HasPrefix(got[0], " 2 ") {
		t.Errorf("%q", got)
	}
}

// Sources that name another number, another name or the opposite do not say
// the same.
func TestWhoDoesNotSayTheSame(t *testing.T) {
	for _, pair := range [][2]string{
		{"The storage mandate requires nine reactors and 4 GWh of battery storage by 2030.", "The storage mandate requires nine reactors and 9 GWh of battery storage by 2030."},
		{"Subsidies for electricity storage rose sharply after the mandate.", "Subsidies for electricity storage fell sharply after the mandate."},
		{"The treaty on storage was ratified by Norway in the spring. We saw Norway do so.", "The treaty on storage was ratified by Iceland in the spring. We saw Iceland do so."},
	} {
		b := brief(t, written(t, "Ana | "+pair[0], "Bo | "+pair[1]), summary.Request{Topic: "storage", Sections: []briefs.SectionKind{briefs.SectionKeyPoints}})
		got := lines(&b, briefs.SectionKeyPoints)
		if len(got) == 0 || slices.ContainsFunc(got, func(s string) bool { return !strings.HasPrefix(s, " 1 ") }) {
			t.Errorf("%q", got)
		}
	}
}

// What an author quotes of others is not what he says.
func TestQuotedSpeechIsNotTheAuthors(t *testing.T) {
	lib := written(t, "Ana | The storage mandate lowers the price of electricity for small firms.\n\n> The storage mandate must be abolished because it harms the poor.\n\n"+
		"“The storage mandate should fail. We must reject the storage mandate at once,” said the opposition.",
		"Bo | The storage mandate lowers the wages of workers at old power plants.")
	b := brief(t, lib, summary.Request{Topic: "storage mandate", Sections: []briefs.SectionKind{briefs.SectionWho}})
	want := []string{"Ana 1 The storage mandate lowers the price of electricity for small firms.", "Bo 1 The storage mandate lowers the wages of workers at old power plants."}
	if got := lines(&b, briefs.SectionWho); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%q", got)
	}
}

// Sentences contradict each other also when all but one word is the same, and
// do not when they tell of different years or places.
func TestContradictions(t *testing.T) {
	for _, c := range []struct {
		one, other string
		want       bool
	}{
		{"Battery storage mandates lower electricity prices in the evening.", "Battery storage mandates do not lower electricity prices in the evening.", true},
		{"Electricity storage subsidies rose by 12 percent in 2024.", "Electricity storage subsidies fell by 12 percent in 2024.", true},
		{"Electricity storage subsidies rose by 12 percent in 2023.", "Electricity storage subsidies fell by 12 percent in 2024.", false},
		{"The storage treaty on battery metals is supported by Norway.", "The storage treaty on battery metals is rejected by Iceland.", false},
		{"Norway and Sweden keep no battery storage of their own.", "We found that neither country keeps battery storage of its own.", false},
		{"Ms Lind wants battery storage in each house, and I applaud her, but no ministry on earth will do it.", "Battery storage in each house would pay for itself.", false},
		{"Ms Lind does not see what battery storage costs.", "Battery storage costs little, and we see it in each house.", true},
	} {
		b := brief(t, written(t, "Ana Ferro | "+c.one, "Bo Lind | "+c.other), summary.Request{Topic: "storage", Sections: []briefs.SectionKind{briefs.SectionDisagreements}})
		if got := lines(&b, briefs.SectionDisagreements); (len(got) == 1) != c.want {
			t.Errorf("%q and %q: %q", c.one, c.other, got)
		}
	}
}

// Where no sentence is as short as is asked for, silence would say that the
// library has none.
func TestTooFewWords(t *testing.T) {
	lib := written(t, "Ana | The harbour toll halves congestion in the old port.")
	_, err := summarizer(lib).Brief(t.Context(), summary.Request{Topic: "harbour toll", Scope: briefs.Everything(), Words: 5})
	if want := `5 words are too few: the shortest sentence on "harbour toll" has 9`; !errors.Is(err, briefs.ErrInvalid) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	b := brief(t, lib, summary.Request{Topic: "harbour toll", Words: 9})
	if len(b.Sections) != 1 {
		t.Errorf("%+v", b.Sections)
	}
}
