package briefs

import (
	"slices"
	"testing"
)

func TestPage(t *testing.T) {
	d := Document{Text: "One page.\n\nTwo pages.", Pages: []int{0, 4, 4, 11, 21}}
	for offset, want := range map[int]int{0: 1, 3: 1, 4: 3, 10: 3, 11: 4, 20: 4, 21: 5} {
		if got := d.Page(offset); got != want {
			t.Errorf("offset %d is on page %d, want %d", offset, got, want)
		}
	}
	if got, want := d.Blank(), []int{2, 5}; !slices.Equal(got, want) {
		t.Errorf("pages without text: %v, want %v", got, want)
	}
	if d.Pages = nil; d.Page(3) != 0 || d.Blank() != nil {
		t.Error("a document without pages has some")
	}
}

func TestPageAddress(t *testing.T) {
	for _, c := range []struct {
		address string
		page    int
		want    string
	}{
		{"https://lantern.example/a.pdf", 4, "https://lantern.example/a.pdf#page=4"},
		{"https://lantern.example/a.pdf?v=1#top", 12, "https://lantern.example/a.pdf?v=1#page=12"},
		{"https://lantern.example/a#top", 0, "https://lantern.example/a#top"},
		{"", 4, ""},
	} {
		if got := PageAddress(c.address, c.page); got != c.want {
			t.Errorf("page %d of %q: %q, want %q", c.page, c.address, got, c.want)
		}
	}
}

func TestPageNote(t *testing.T) {
	d := Document{Text: "One. Two. Six.", Pages: []int{0, 5, 10}}
	cite := func(source, start int) Citation {
		q, err := NewQuote(&d, Span{start, start + 4})
		if err != nil {
			t.Fatal(err)
		}
		return Citation{Source: source, Quote: q}
	}
	all := []Citation{cite(1, 10), cite(2, 5), cite(1, 0), cite(1, 10)}
	for source, want := range map[int]string{1: "pp. 1, 3", 2: "p. 2", 3: ""} {
		if got := PageNote(all, source); got != want {
			t.Errorf("source %d: %q, want %q", source, got, want)
		}
		b := Brief{Sections: []Section{{Items: []BriefItem{{Quotes: all[:2]}}}}, Changes: []BriefChange{{Quotes: all[2:]}}}
		if got := b.PageNote(source); got != want {
			t.Errorf("source %d of a brief: %q, want %q", source, got, want)
		}
	}
}
