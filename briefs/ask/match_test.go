package ask

import (
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

func newWords(s string) []string { return strings.Fields(text.Terms(s)) }

func TestMatch(t *testing.T) {
	m := newMatcher([]term{
		{forms: []form{{[]string{"alpha"}, 1}, {[]string{"first", "letter"}, 0.5}}},
		{forms: []form{{[]string{"beta"}, 1}, {[]string{"alpha"}, 0.3}}},
		{forms: []form{{[]string{"gamma"}, 1}}},
	})
	counts := make([]float64, 3)
	got := m.count([]string{"first", "letter", "alpha", "alpha", "first"}, counts)
	if want := []float64{1, 0.3, 0}; !slices.Equal(got, want) {
		t.Errorf("credits %v, want %v", got, want)
	}
	if want := []float64{2, 0, 0}; !slices.Equal(counts, want) {
		t.Errorf("counts %v, want %v: only the term itself counts", counts, want)
	}
	if got := m.matchLine(""); !slices.Equal(got, make([]float64, 3)) {
		t.Errorf("an empty line matches %v", got)
	}
	if got := m.match([]string{"letter", "first"}); got[0] != 0 {
		t.Error("a phrase must stand in order")
	}
}

// In a library of two documents every term of the topic stands in every
// passage; rarity must still tell it from a term that stands nowhere.
func TestRarityInATinyLibrary(t *testing.T) {
	if everywhere, nowhere := idf(12, 12, idfPrior), idf(0, 12, idfPrior); everywhere < 1 || nowhere > 4*everywhere {
		t.Errorf("idf %.2f for a term of every passage, %.2f for a term of none", everywhere, nowhere)
	}
	if common, rare := idf(900_000, 1_000_000, idfPrior), idf(10, 1_000_000, idfPrior); common > 0.2 || rare < 10 {
		t.Errorf("in a large library: %.2f, %.2f", common, rare)
	}
}

func pool(lines ...string) []ranked {
	out := make([]ranked, len(lines))
	for i, l := range lines {
		h := &briefs.Hit{Passage: briefs.Passage{ID: briefs.PassageID(string(rune('a' + i))), Terms: []string{l}}}
		out[i] = ranked{hit: h, score: 1 / float64(i+1)}
	}
	return out
}

func TestSmoothLiftsANeighbourOfTheBest(t *testing.T) {
	rs := pool("red green blue", "red green blue grey", "one two three", "four five six", "red green blue white", "seven eight")
	smooth(rs, smoothShare)
	if place := slices.IndexFunc(rs, func(r ranked) bool { return r.hit.ID == "e" }); place != 2 {
		t.Errorf("the passage like the best two stands at %d, want 2", place)
	}
}

func TestSmoothLeavesStrangersAlone(t *testing.T) {
	rs := pool("a1 b1", "a2 b2", "a3 b3", "a4 b4", "a5 b5")
	smooth(rs, smoothShare)
	for i, r := range rs {
		if r.hit.ID != briefs.PassageID(string(rune('a'+i))) {
			t.Errorf("passage %s moved to %d although nothing is alike", r.hit.ID, i)
		}
	}
}

func TestOpposed(t *testing.T) {
	lex := newLexicon()
	for _, c := range []struct {
		question, sentence, title string
		want                      float64
	}{
		{"Why did the plan succeed?", "The plan failed because nobody came.", "", 1},
		{"Why did the plan succeed?", "The plan succeeded because everybody came.", "", 0},
		{"Why did the plan not succeed?", "The plan succeeded because everybody came.", "", 1},
		{"Why did the plan succeed?", "Everybody came because of the soup.", "Why the plan failed", 1},
		{"Why did Quillport sign?", "Quillport did not sign, because of the soup.", "", 1},
		{"Why did Quillport sign?", "Quillport signed because of the soup.", "", 0},
		{"Why did Quillport move?", "The soup was cold.", "", 0},
	} {
		q := parse(c.question, lex)
		if got := q.opposed(lex, newWords(c.sentence), newWords(c.title)); got != c.want {
			t.Errorf("%q and %q (%q): %v, want %v", c.question, c.sentence, c.title, got, c.want)
		}
	}
}
