package ingest

import (
	"path/filepath"
	"testing"
)

// TestSources tells the figures of each source apart.
func TestSources(t *testing.T) {
	const text = "The harbour was closed on Monday. It opened again a day later, to nobody's surprise."
	root := files(t, map[string]string{
		"papers/a.txt":  text,
		"papers/b.txt":  text + " So it was.",
		"one.jsonl":     `{"id":"x","collection":"tides","text":"` + text + `"}` + "\n" + `{"id":"y","collection":"tides","text":"` + text + `"}` + "\n",
		"several.jsonl": `{"id":"x","collection":"waves","text":"` + text + ` Again."}` + "\n" + `{"id":"z","text":"` + text + `"}` + "\n",
		"bad.jsonl":     `{"id":"v","collection":"tides","text":"` + text + `"}` + "\n" + `{"id":"w"}` + "\nno json\n",
	})
	given := []string{"papers", "one.jsonl", "several.jsonl", "bad.jsonl", "missing", "papers/a.txt"}
	for i, name := range given {
		given[i] = filepath.Join(root, name)
	}
	for _, c := range []struct {
		collection string
		want       []Source
	}{
		{"", []Source{
			{Figures: Figures{Added: 2}, Collection: "library"},
			{Figures: Figures{Added: 2}, Collection: "tides"},
			{Figures: Figures{Added: 1, Revised: 1}},
			{Figures: Figures{Added: 1, Failed: 2}},
			{Figures: Figures{Failed: 1}},
			{Collection: ""}, // it belongs to papers
		}},
		{"all", []Source{
			{Figures: Figures{Added: 2}, Collection: "all"},
			{Figures: Figures{Added: 2}, Collection: "all"},
			{Figures: Figures{Added: 1, Revised: 1}, Collection: "all"},
			{Figures: Figures{Added: 1, Failed: 2}, Collection: "all"},
			{Figures: Figures{Failed: 1}, Collection: "all"},
			{Collection: "all"},
		}},
	} {
		r := add(t, newMemory(), Options{Collection: c.collection}, given...)
		if len(r.Sources) != len(given) {
			t.Fatalf("%d sources of %d", len(r.Sources), len(given))
		}
		var sum Figures
		for i, got := range r.Sources {
			want := c.want[i]
			if got.Name != given[i] || got.Figures != want.Figures || got.Collection != want.Collection || (got.First != nil) != (want.Failed > 0) {
				t.Errorf("in %q: %s is %+v, want %+v", c.collection, filepath.Base(given[i]), got, want)
			}
			sum.Added += got.Added
			sum.Revised += got.Revised
			sum.Unchanged += got.Unchanged
			sum.Failed += got.Failed
		}
		if sum != r.Figures {
			t.Errorf("sources sum up to %+v of %+v", sum, r.Figures)
		}
		if bad := r.Sources[3].First; bad == nil || bad.Line != 2 {
			t.Errorf("the first problem is %+v", bad)
		}
	}
}
