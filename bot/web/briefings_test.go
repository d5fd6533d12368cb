package web

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

// newArchive has n weekly briefings of one room about everything there is, and
// one of another room.
func newArchive(t testing.TB, n int) *desk {
	t.Helper()
	documents, _ := shapes(t)
	d := newDesk(t, documents)
	d.rooms["web:ana"], d.rooms["web:bo"] = briefs.Everything(), briefs.Only("cyber")
	b := archived(t, documents)
	for i := range n {
		b.ID = briefs.BriefingID(fmt.Sprintf("weekly/%02d", i))
		b.Posted = time.Date(2026, 1, 5, 8, 0, 30, 0, time.UTC).AddDate(0, 0, 7*i)
		b.Slot = b.Posted.Format("2006-01-02T09:00") + " Europe/Berlin"
		b.Room = "web:ana"
		if i == 1 {
			b.Room = "web:bo"
		}
		if err := d.lib.RecordBriefing(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// archived is a briefing with one of everything that a briefing may have.
func archived(t testing.TB, documents []briefs.Document) briefs.Briefing {
	t.Helper()
	talks, rain := &documents[0], &documents[1]
	cite := func(d *briefs.Document, n, source int, sentence string) briefs.Citation {
		at := strings.Index(d.Text, sentence)
		q, err := briefs.NewQuote(d, briefs.Span{Start: at, End: at + len(sentence)})
		if err != nil {
			t.Fatal(err)
		}
		return briefs.Citation{N: n, Source: source, Quote: q}
	}
	meta := func(d *briefs.Document) briefs.Document {
		m := *d
		m.Text = ""
		return m
	}
	first, nested := cite(talks, 1, 1, "First, the envoys shared one cook,\nwho came from a third country."), cite(talks, 2, 1, "He sang.")
	nested.Depth = 1
	lead := cite(talks, 0, 1, "There were two reasons.").Quote
	first.LeadIn, nested.LeadIn = &lead, &lead
	return briefs.Briefing{Schedule: "weekly & <all>", Briefs: []briefs.Brief{
		{
			Topic: "the talks", From: "2014", Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			Sections: []briefs.Section{
				{Kind: briefs.SectionKeyPoints, Heading: "Key points", Items: []briefs.BriefItem{
					{Sources: 2, Also: []int{2}, Quotes: []briefs.Citation{first, nested}},
					{Label: "Only the rain", Quotes: []briefs.Citation{cite(rain, 3, 2, "It stopped.")}},
				}},
				{Kind: briefs.SectionGaps, Heading: "Not answered", Items: []briefs.BriefItem{{Label: "who paid?"}}},
			},
			Changes: []briefs.BriefChange{{
				Kind: briefs.ChangeCorrected, Document: meta(rain), At: time.Date(2026, 1, 3, 7, 0, 0, 0, time.UTC),
				Quotes: []briefs.Citation{cite(rain, 4, 2, "It began again.")},
			}},
			Sources: []briefs.BriefSource{{N: 1, Document: meta(talks), Quotes: []int{1, 2}}, {N: 2, Document: meta(rain), Quotes: []int{3, 4}}},
		},
		{Topic: "collection:cyber"},
	}, Picture: &briefs.Picture{
		Alt: "Documents per week: <3> & more.", Collections: []string{talks.Collection, rain.Collection}, Width: 960, Height: 600,
		Light: []byte("\x89PNG light"), Dark: []byte("\x89PNG dark"),
	}}
}

func TestBriefingPage(t *testing.T) {
	d := newArchive(t, 2)
	page := d.page(t, 200, "ana", "/briefings/weekly%2F00")
	golden(t, "briefing.txt", textOf(page))
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("two elements have the id %s", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range inPage.FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("a link leads to #%s, which is not on the page", m[1])
		}
	}
	if len(quotesOf(t, page)) != 5 {
		t.Errorf("%d quotes", len(quotesOf(t, page)))
	}
}

// A room reads its own briefings, and of them only what it still sees.
func TestBriefingsOfARoom(t *testing.T) {
	d := newArchive(t, 2)
	for _, c := range []struct {
		reader, id string
		want       int
	}{
		{root, "weekly%2F00", 200},
		{root, "weekly%2F01", 200},
		{"ana", "weekly%2F00", 200},
		{"ana", "weekly%2F01", 404},
		{"bo", "weekly%2F00", 404},
		{"bo", "weekly%2F01", 200},
		{"bo", "never", 404},
		{root, "never", 404},
	} {
		d.page(t, c.want, c.reader, "/briefings/"+c.id)
	}
	if a, b := d.get("bo", "/briefings/weekly%2F00"), d.get("bo", "/briefings/never"); a.Body.String() != b.Body.String() {
		t.Error("a briefing of another room looks other than none")
	}
	for address, want := range map[string]string{"/briefings": "weekly", "/briefings/weekly%2F01": "no longer open to this room", "/briefings.atom": "<entry>"} {
		page := d.page(t, 200, "bo", address)
		if !strings.Contains(page, want) {
			t.Errorf("%s does not say %q:\n%s", address, want, page)
		}
		for _, hidden := range []string{"stopped", "began again", "rain\"", "sources say", "weekly/00"} {
			if strings.Contains(page, hidden) {
				t.Errorf("%s tells %q to a room that does not see it:\n%s", address, hidden, page)
			}
		}
	}
}

// A room that lost a collection is not told its name by what was posted before.
func TestArchiveForgetsLostCollections(t *testing.T) {
	d := newArchive(t, 2)
	d.rooms["web:bo"] = briefs.Only("rivers")
	for _, address := range []string{"/briefings", "/briefings/weekly%2F01", "/briefings.atom"} {
		page := d.page(t, 200, "bo", address)
		if strings.Contains(page, "cyber") {
			t.Errorf("%s names a collection that the room does not see:\n%s", address, textOf(page))
		}
	}
}

// Who has the link of a briefing reads it, and every quote of it.
func TestBriefingReadByLink(t *testing.T) {
	d := newArchive(t, 2)
	address, err := d.links.Briefing(t.Context(), "web:ana", "weekly/00")
	if err != nil {
		t.Fatal(err)
	}
	address = strings.TrimPrefix(address, publicURL)
	page := d.page(t, 200, "", address)
	for _, hidden := range []string{"<nav", "All briefings", `href="/briefings`, `href="/library`, `href="/?q`} {
		if strings.Contains(page, hidden) {
			t.Errorf("the page contains %s", hidden)
		}
	}
	quotes := quotesOf(t, page)
	for _, q := range quotes {
		to, _, _ := strings.Cut(q[0], "#")
		if body := d.page(t, 200, "", to); !strings.Contains(body, `id="q"`) {
			t.Errorf("%s does not open at its sentence", to)
		}
	}
	if len(quotes) == 0 {
		t.Error("no quote is tested")
	}
	_, token, _ := strings.Cut(address, "?")
	for _, other := range []string{"/briefings/weekly%2F01?", "/briefings?", "/briefings.atom?", "/?", "/library?", "/library/search?q=rain&", "/brief?topic=rain&", "/questions?"} {
		d.page(t, 404, "", other+token)
	}
}

func TestArchive(t *testing.T) {
	d := newArchive(t, 60)
	golden(t, "briefings-none.txt", textOf(newDesk(t, nil).page(t, 200, root, "/briefings")))
	first := d.page(t, 200, root, "/briefings")
	for _, want := range []string{"web:ana", `href="/briefings/weekly%2F59"`, `rel="next"`, "All of cyber", "weekly &amp; &lt;all&gt;", `href="/briefings.atom"`, "due 22 Feb 2027, 09:00 Europe/Berlin"} {
		if !strings.Contains(first, want) {
			t.Errorf("the archive does not contain %s:\n%s", want, textOf(first))
		}
	}
	if strings.Contains(first, `rel="prev"`) || strings.Contains(first, "weekly%2F09") {
		t.Error("the first page is not the first page")
	}
	second := d.page(t, 200, root, "/briefings?page=2")
	if !strings.Contains(second, "weekly%2F09") || !strings.Contains(second, "web:bo") || !strings.Contains(second, "weekly%2F00") || strings.Contains(second, `rel="next"`) || !strings.Contains(second, `href="/briefings" rel="prev"`) {
		t.Errorf("page 2:\n%s", textOf(second))
	}
	if text := textOf(d.page(t, 200, root, "/briefings?page=2147483647")); !strings.Contains(text, "There are no more.") {
		t.Errorf("beyond the end:\n%s", text)
	}
	if page := d.page(t, 200, "bo", "/briefings"); strings.Contains(page, "web:bo") || strings.Contains(page, "weekly%2F00") || !strings.Contains(page, "weekly%2F01") {
		t.Errorf("the archive of a room:\n%s", textOf(page))
	}
}

// The feed has what RFC 4287 wants of one (4.1.1, 4.1.2), and its ids last.
func TestAtom(t *testing.T) {
	d := newArchive(t, 20)
	for reader, entries := range map[string]int{root: mostEntries, "bo": 1} {
		body := d.page(t, 200, reader, "/briefings.atom")
		checkFeed(t, body, entries)
		d.clock.advance(24 * time.Hour)
		if again := d.page(t, 200, reader, "/briefings.atom"); body != again {
			t.Error("the feed is another one the next day")
		}
	}
	w := d.get(root, "/briefings.atom")
	if kind := w.Header().Get("Content-Type"); kind != "application/atom+xml; charset=utf-8" {
		t.Errorf("the feed is served as %s", kind)
	}
	checkFeed(t, newDesk(t, nil).page(t, 200, root, "/briefings.atom"), 0)
}

func checkFeed(t *testing.T, body string, entries int) {
	t.Helper()
	type text struct {
		Type string `xml:"type,attr"`
		Body string `xml:",chardata"`
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	type person struct {
		Name []string `xml:"http://www.w3.org/2005/Atom name"`
	}
	var f struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      []string `xml:"http://www.w3.org/2005/Atom id"`
		Title   []text   `xml:"http://www.w3.org/2005/Atom title"`
		Updated []string `xml:"http://www.w3.org/2005/Atom updated"`
		Author  []person `xml:"http://www.w3.org/2005/Atom author"`
		Links   []link   `xml:"http://www.w3.org/2005/Atom link"`
		Entries []struct {
			ID        []string `xml:"http://www.w3.org/2005/Atom id"`
			Title     []text   `xml:"http://www.w3.org/2005/Atom title"`
			Updated   []string `xml:"http://www.w3.org/2005/Atom updated"`
			Published []string `xml:"http://www.w3.org/2005/Atom published"`
			Links     []link   `xml:"http://www.w3.org/2005/Atom link"`
			Summary   []text   `xml:"http://www.w3.org/2005/Atom summary"`
			Content   []text   `xml:"http://www.w3.org/2005/Atom content"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal([]byte(body), &f); err != nil {
		t.Fatalf("%v:\n%s", err, body)
	}
	ids := map[string]bool{}
	one := func(what string, n int) {
		if n != 1 {
			t.Errorf("%d %s, want 1", n, what)
		}
	}
	id := func(list []string) {
		one("ids", len(list))
		for _, id := range list {
			if u, err := url.Parse(id); err != nil || u.Scheme != "tag" || !strings.HasPrefix(id, "tag:desk.example.org,2026") || ids[id] {
				t.Errorf("id %q: %v, twice %t", id, err, ids[id])
			}
			ids[id] = true
		}
	}
	date := func(list []string) {
		one("dates", len(list))
		for _, at := range list {
			if _, err := time.Parse(time.RFC3339, at); err != nil {
				t.Error(err)
			}
		}
	}
	links := func(list []link, want ...string) {
		rels := map[string]int{}
		for _, l := range list {
			rels[l.Rel]++
			if !strings.HasPrefix(l.Href, publicURL+"/briefings") {
				t.Errorf("%s leads to %s", l.Rel, l.Href)
			}
		}
		for _, rel := range want {
			one(rel, rels[rel])
		}
	}
	id(f.ID)
	one("titles", len(f.Title))
	date(f.Updated)
	links(f.Links, "self", "alternate")
	if len(f.Author) != 1 || len(f.Author[0].Name) != 1 {
		t.Errorf("authors %v", f.Author)
	}
	if len(f.Entries) != entries {
		t.Errorf("%d entries, want %d", len(f.Entries), entries)
	}
	last := "9999"
	for _, e := range f.Entries {
		id(e.ID)
		one("titles", len(e.Title))
		one("summaries", len(e.Summary))
		date(e.Updated)
		date(e.Published)
		links(e.Links, "alternate")
		if len(e.Content) != 1 || e.Content[0].Type != "html" || !strings.Contains(e.Content[0].Body, `<a href="`+publicURL+`/d/`) || strings.Contains(e.Content[0].Body, "<no>") {
			t.Errorf("content %v", e.Content)
		}
		if e.Updated[0] > last {
			t.Error("a later entry comes after an earlier one")
		}
		last = e.Updated[0]
	}
	if entries > 0 && f.Updated[0] != f.Entries[0].Updated[0] {
		t.Errorf("updated %s, but the latest entry %s", f.Updated[0], f.Entries[0].Updated[0])
	}
	for dec := xml.NewDecoder(strings.NewReader(body)); ; {
		if _, err := dec.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
