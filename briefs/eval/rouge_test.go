package eval

import (
	"math"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// The first figures are those of the documentation of Google's rouge-score,
// the second Lin's example (2004, section 3.1) with stemmed words; the rest is
// worked out by hand.
func TestRouge(t *testing.T) {
	for _, c := range []struct {
		name, summary string
		references    []string
		want          Rouge
	}{
		{"rouge-score", "The quick brown dog jumps on the log.", []string{"The quick brown fox jumps over the lazy dog"}, Rouge{12.0 / 17, 4.0 / 15, 10.0 / 17}},
		{"Lin", "the gunman kill police", []string{"police killed the gunman"}, Rouge{1, 1.0 / 3, 0.5}},
		{"stemmed alike", "Police kill the gunman!", []string{"police killed the gunman"}, Rouge{1, 1, 1}},
		{"a word counts as often as both have it", "the the the", []string{"the cat"}, Rouge{0.4, 0, 0.4}},
		{"three letters are not stemmed", "was", []string{"wa"}, Rouge{}},
		{"each measure has its best reference", "a b c d", []string{"d c b a", "a b x y"}, Rouge{1, 1.0 / 3, 0.5}},
		{"order of sentences", "b c. a", []string{"a b c"}, Rouge{1, 0.5, 2.0 / 3}},
		{"accents", "Zürich, São Paulo", []string{"zürich são paulo"}, Rouge{1, 1, 1}},
		{"empty summary", "", []string{"a b"}, Rouge{}},
		{"empty reference", "a b", []string{""}, Rouge{}},
		{"no reference", "a b", nil, Rouge{}},
	} {
		got := MeasureRouge(c.summary, c.references)
		for _, d := range [][2]float64{{got.R1, c.want.R1}, {got.R2, c.want.R2}, {got.RL, c.want.RL}} {
			if math.Abs(d[0]-d[1]) > 1e-12 {
				t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
				break
			}
		}
	}
}

// The pairs are from Porter's own vocabulary (tartarus.org/martin/PorterStemmer).
func TestRougeWordsAreStemmedByPorter(t *testing.T) {
	got := strings.Join(rougeWords("caresses ponies relational conditional hopefulness formalize electrical"), " ")
	if want := "caress poni relat condit hope formal electr"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBootstrap(t *testing.T) {
	d := make([]float64, 100)
	for i := range d {
		d[i] = float64(i % 2)
	}
	got := bootstrap(d)
	// the standard error is .05: 95 % lie within .1 of the mean
	if got.Mean != 0.5 || math.Abs(got.Low-0.4) > 0.02 || math.Abs(got.High-0.6) > 0.02 {
		t.Errorf("got %+v", got)
	}
	if again := bootstrap(d); again != got {
		t.Errorf("drawn again: %+v, not %+v", again, got)
	}
	if one := bootstrap([]float64{3}); one != (Interval{3, 3, 3}) {
		t.Errorf("one value: %+v", one)
	}
	if none := bootstrap(nil); none != (Interval{}) {
		t.Errorf("no value: %+v", none)
	}
}

const baselineText = `{"id":"a","topic":"the harbour","docs":["It rained for a week. The harbour was closed by the storm. The storm closed the harbour for a week. Salt was sold at the market. The harbour board met the envoys of the storm.", {"id":"d2","title":"Salt","published":"2014","text":"A storm of salt closed the market of the harbour. Nobody rowed."}],"reference":["The storm closed the harbour."]}`

func TestBaselines(t *testing.T) {
	sets, err := ReadSets(strings.NewReader(baselineText + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]string{ // what each method takes when one sentence fits
		"lead":     "It rained for a week.\nNobody rowed.", // the first that fits
		"lexrank":  "The harbour was closed by the storm.",
		"textrank": "The harbour was closed by the storm.",
		"centroid": "The harbour was closed by the storm.",
		"topic":    "The harbour was closed by the storm.",
	}
	for _, b := range Baselines() {
		c, all, err := MeasureBaseline(t.Context(), sets, b, 7)
		if err != nil {
			t.Fatal(err)
		}
		if got := all[0].Text; got != first[b.Name] {
			t.Errorf("%s takes %q, want %q", b.Name, got, first[b.Name])
		}
		if c.Verbatim != 1 || c.Redundancy != 0 {
			t.Errorf("%s: %+v", b.Name, c)
		}
		longer, all, err := MeasureBaseline(t.Context(), sets, b, 25)
		if err != nil || longer.Words > 25 || len(all[0].Sentences) < 3 {
			t.Errorf("%s in 25 words: %+v, %v", b.Name, all, err)
		}
	}
}

func TestDescribe(t *testing.T) {
	sets := []Set{{Docs: []SetDocument{{Text: "The storm closed the harbour. Salt was sold."}}}}
	all := []Summary{{Sentences: []string{"The storm closed the harbour.", "A storm closed that harbour.", "Salt was sold."}}}
	c := Describe("x", Summaries{}, sets, all)
	if math.Abs(c.Redundancy-1.0/3) > 1e-12 || math.Abs(c.Verbatim-2.0/3) > 1e-12 || c.Words != 13 {
		t.Errorf("got %+v", c)
	}
}

func TestReadSetsNamesTheLine(t *testing.T) {
	for _, bad := range []string{"nonsense", `{"id":"x","docs":[],"reference":["a"]}`, `{"id":"x","docs":["a"]}`, `{"id":"x","docs":[3],"reference":["a"]}`} {
		_, err := ReadSets(strings.NewReader(baselineText + "\n" + bad + "\n"))
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v does not name line 2", bad, err)
		}
	}
	sets, err := ReadSets(strings.NewReader(baselineText))
	if err != nil {
		t.Fatal(err)
	}
	docs, err := sets[0].Documents()
	if err != nil || len(docs) != 2 || docs[1].Title != "Salt" || docs[1].Published != briefs.Date("2014") || docs[0].Collection != docs[1].Collection {
		t.Errorf("%+v, %v", docs, err)
	}
}
