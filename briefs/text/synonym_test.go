package text

import (
	"slices"
	"strings"
	"testing"
)

func TestSynonyms(t *testing.T) {
	for _, c := range [][2]string{
		{"collect", "gather"},
		{"share", "disclose"},
		{"rise", "surged"},
		{"fell", "declined"},
		{"sanctions", "embargo"},
		{"sanction", "export ban"},
		{"reasons", "factors"},
		{"deteriorate", "break down"},
		{"break down", "deteriorated"},
		{"agreement", "treaty"},
		{"cost", "price"},
		{"banned", "prohibits"},
		{"law", "statute"},
		{"country", "nation"},
		{"attack", "assault"},
		{"produce", "production"},
		{"decide", "decision"},
		{"expel", "expulsion"},
		{"grow", "growth"},
		{"lose", "loss"},
		{"choose", "choice"},
		{"sell", "sale"},
		{"die", "death"},
		{"bn", "billion"},
		{"AI", "artificial intelligence"},
		{"R&D", "research and development"},
		{"per cent", "percent"},
		{"cyberattack", "hack"},
	} {
		a, b := Terms(c[0]), Terms(c[1])
		if !slices.Contains(Synonyms(a), b) || !slices.Contains(Synonyms(b), a) {
			t.Errorf("%q and %q: Synonyms(%q) = %q", c[0], c[1], a, Synonyms(a))
		}
	}
	if got := Synonyms("zzyzx"); got != nil {
		t.Errorf("unknown term: %q", got)
	}
}

// TestThesaurusTable guards the table: groups have at least two members after
// tokenising, and none consists of stop words only.
func TestThesaurusTable(t *testing.T) {
	th := theThesaurus()
	if len(th.groups) < 250 {
		t.Errorf("%d groups", len(th.groups))
	}
	for _, g := range th.groups {
		if len(g) < 2 {
			t.Errorf("group %q has no second member", g)
		}
		for _, m := range g {
			topic := false
			for _, tok := range Tokens(m) {
				topic = topic || !tok.Stop
			}
			if !topic {
				t.Errorf("group %q: %q holds only stop words", g, m)
			}
			if strings.Contains(m, "_") {
				t.Errorf("group %q: %q is a concept", g, m)
			}
		}
	}
}

func TestRelatedAndLabel(t *testing.T) {
	for _, c := range [][2]string{
		{"Washington", "_us"},
		{"Beijing", "_cn"},
		{"Brussels", "_eu"},
		{"Brussels", "_be"},
		{"Kremlin", "_ru"},
		{"White House", "_us"},
		{"New Delhi", "_in"},
		{"Korea", "_kr"},
		{"Soviet Union", "_ru"},
		{"Pentagon", "_us"},
		{"Mexico City", "_mx"},
	} {
		seat := Terms(c[0])
		if !slices.Contains(Related(seat), c[1]) || !slices.Contains(Related(c[1]), seat) {
			t.Errorf("%q: Related(%q) = %q, Related(%q) = %q", c[0], seat, Related(seat), c[1], Related(c[1]))
		}
	}
	for in, want := range map[string]string{
		"_us": "United States", "_tr": "Türkiye", "_nato": "NATO", "trade": "trade", "": "",
		"pari": "Paris", "westminst": "Westminster", "white hous": "White House", "_mx citi": "Mexico City", "replac": "replace",
	} {
		if got := Label(in); got != want {
			t.Errorf("Label(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestLabelsOfForms proves that what is shown of an expansion is words as a
// table has them, never a stem: a label has the terms that it stands for.
func TestLabelsOfForms(t *testing.T) {
	check := func(form string) {
		if label := Label(form); form[0] != '_' && Terms(label) != form {
			t.Errorf("Label(%q) = %q, which is %q", form, label, Terms(label))
		} else if label == "" || label[0] == '_' {
			t.Errorf("Label(%q) = %q", form, label)
		}
	}
	for term, kin := range theKinship().related {
		for _, form := range kin {
			check(form)
			if form[0] != '_' && Label(form) == strings.ToLower(Label(form)) {
				t.Errorf("Related(%q): %q is a name without a capital", term, Label(form))
			}
		}
	}
	for _, group := range theThesaurus().groups {
		for _, form := range group {
			check(form)
		}
	}
}
