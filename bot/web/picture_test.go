package web

import (
	"strings"
	"testing"

	"briefdesk/briefs"
)

// The picture of a briefing is served byte for byte to those who read the
// briefing, and to nobody else; its words stand on the page.
func TestPictureOfABriefing(t *testing.T) {
	d := newArchive(t, 2)
	const light, dark = "/briefings/weekly%2F00/picture", "/briefings/weekly%2F00/picture?theme=dark"
	for _, c := range []struct {
		reader, address string
		want            int
		body            string
	}{
		{root, light, 200, "\x89PNG light"},
		{"ana", light, 200, "\x89PNG light"},
		{"ana", dark, 200, "\x89PNG dark"},
		{"ana", "/briefings/weekly%2F00/picture?theme=pink", 404, ""},
		{"ana", "/briefings/never/picture", 404, ""},
		{"bo", light, 404, ""},
		{"bo", "/briefings/weekly%2F01/picture", 404, ""}, // its own, of a collection that it does not see
		{"", light, 404, ""},
	} {
		w := d.get(c.reader, c.address)
		if w.Code != c.want || c.body != "" && (w.Body.String() != c.body || w.Header().Get("Content-Type") != "image/png") {
			t.Errorf("%q at %s: %d %q of type %s, want %d", c.reader, c.address, w.Code, w.Body, w.Header().Get("Content-Type"), c.want)
		}
	}
	page := d.page(t, 200, "ana", "/briefings/weekly%2F00")
	for _, want := range []string{`src="` + light + `"`, `srcset="` + dark + `" media="(prefers-color-scheme: dark)"`, `alt="Documents per week: &lt;3&gt; &amp; more."`, `width="960" height="600"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if page := d.page(t, 200, "bo", "/briefings/weekly%2F01"); strings.Contains(page, "<figure") || strings.Contains(page, "per week") {
		t.Error("a room is shown a picture of what it does not see")
	}
}

// Who has the link of a briefing sees its picture too, by the same signature.
func TestPictureByLink(t *testing.T) {
	d := newArchive(t, 1)
	address, err := d.links.Briefing(t.Context(), "web:ana", "weekly/00")
	if err != nil {
		t.Fatal(err)
	}
	page := d.page(t, 200, "", strings.TrimPrefix(address, publicURL))
	_, figure, _ := strings.Cut(page, `<figure class="chart">`)
	for _, mark := range []string{` src="`, ` srcset="`} {
		_, rest, _ := strings.Cut(figure, mark)
		picture, _, _ := strings.Cut(rest, `"`)
		if w := d.get("", strings.ReplaceAll(picture, "&amp;", "&")); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "\x89PNG") {
			t.Errorf("%q: %d %q", picture, w.Code, w.Body)
		}
		without, _, _ := strings.Cut(picture, "k=")
		d.page(t, 404, "", without)
	}
}

// The feed encloses the pictures that its reader may see.
func TestPictureInTheFeed(t *testing.T) {
	d := newArchive(t, 2)
	want := `<link rel="enclosure" type="image/png" href="` + publicURL + `/briefings/weekly%2F00/picture" title="Documents per week: &lt;3&gt; &amp; more."></link>`
	if feed := d.page(t, 200, "ana", "/briefings.atom"); strings.Count(feed, want) != 1 {
		t.Errorf("the feed lacks %s:\n%s", want, feed)
	}
	if feed := d.page(t, 200, "bo", "/briefings.atom"); strings.Contains(feed, "enclosure") {
		t.Error("the feed of a room encloses what it does not see")
	}
	d.rooms["web:bo"] = briefs.Everything()
	if feed := d.page(t, 200, "bo", "/briefings.atom"); !strings.Contains(feed, "weekly%2F01/picture") {
		t.Error("the feed of the room that sees all lacks its picture")
	}
}
