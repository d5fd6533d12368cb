package briefs_test

import (
	"testing"

	"briefdesk/briefs"
)

func TestAlsoNote(t *testing.T) {
	at := func(publisher, url string) briefs.Copy { return briefs.Copy{Publisher: publisher, URL: url} }
	for _, c := range []struct {
		also []briefs.Copy
		want string
	}{
		{nil, ""},
		{[]briefs.Copy{at("Example Review", "https://example.org/print")}, ""}, // a print view
		{[]briefs.Copy{at("Sample  Post", "")}, "also: Sample Post"},
		{[]briefs.Copy{at("", "https://www.post.example/a"), at("Sample Post", ""), at("Sample Post", "https://x.example")}, "also: post.example, Sample Post"},
		{[]briefs.Copy{at("A", ""), at("B", ""), at("C", ""), at("D", ""), at("", ""), at("E", "")}, "also: A, B, C and 2 more"},
	} {
		d := briefs.Document{Publisher: "Example review", Also: c.also}
		if got := d.AlsoNote(); got != c.want {
			t.Errorf("%v: %q, want %q", c.also, got, c.want)
		}
	}
}
