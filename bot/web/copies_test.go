package web

import (
	"strings"
	"testing"

	"briefdesk/briefs"
)

// The page of a piece tells where else it stands, and what it says was
// corrected.
func TestDocumentPageTellsCopiesAndCorrections(t *testing.T) {
	d := newShelf(t)
	const text = "The lighthouse keepers of the northern skerries were told in spring that the last manned lamp would go dark within two years. " +
		"Their union says that automatic lamps fail in the long winter storms, when no boat can land for weeks and ships need them most. " +
		"The coastal agency answers that satellites have made most of the lamps a comfort for sailors and no longer a need. " +
		"Fishermen of the outer villages have asked for one lamp in three to be kept by people for another ten years, at their own cost. " +
		"The minister of transport has not answered them, and the first crews are to leave their rocks before the autumn gales begin.\n\n" +
		"Correction: An earlier version of this article said that the lamps would go dark within <b>three</b> years."
	for i, publisher := range []string{"First Review", "", "Third Review"} {
		id := string(rune('a' + i))
		d.add(t, briefs.Document{
			ID: briefs.DocumentID(id), Title: "The last lamps", Publisher: publisher, Published: briefs.Date("2026-01-0" + string(rune('1'+i))),
			URL: "https://www." + id + ".example/lamps", Collection: "sea", Text: text,
		})
	}
	for id, want := range map[string][]string{
		"a": {"Also at", `<bdi>b.example</bdi>`, `<bdi>Third Review</bdi>`, `href="https://www.c.example/lamps"`, "/d/c?r=1", "within &lt;b&gt;three"},
		"b": {"A copy; also at", `<bdi>First Review</bdi>`, "the first", "2026-01-01"},
	} {
		body := d.get(t, "/d/"+id+"?r=1", 200)
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("the page of %s lacks %q", id, s)
			}
		}
		if strings.Contains(body, "<b>three") {
			t.Error("markup of a document is passed on")
		}
	}
}
