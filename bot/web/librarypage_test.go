package web

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

var (
	inPage  = regexp.MustCompile(`href="#([^"]+)"`)
	titleIn = regexp.MustCompile(`<th scope="row"><a href="([^"]*)"><bdi>([^<]*)</bdi></a>`)
)

// manyDocuments are n of one collection and three of another, by two
// publishers; the 7th of the first has no title.
func manyDocuments(n int) []briefs.Document {
	var list []briefs.Document
	for i := range n + 3 {
		d := briefs.Document{
			ID: briefs.DocumentID(fmt.Sprintf("d/%03d", i)), Source: "x", Title: fmt.Sprintf("Paper %03d on Harbours", i), Author: "Ada Placeholder",
			Publisher: "The Invented Post", Published: briefs.Date(fmt.Sprintf("%d", 1900+i)), Collection: "many",
			Text: fmt.Sprintf("Harbour number %d is closed.", i), Added: time.Date(2026, 1, 1, 8, i, 0, 0, time.UTC),
		}
		if i >= n {
			d.Collection, d.Publisher, d.Title = "few", "The Made-Up Gazette", fmt.Sprintf("A Letter %03d", i)
		}
		if i == 7 {
			d.Title = " "
		}
		list = append(list, d)
	}
	return list
}

// documentsIn are the documents listed on a page, in order.
func documentsIn(page string) (titles []string) {
	_, page, _ = strings.Cut(page, `<h2 id="documents">`)
	page, _, _ = strings.Cut(page, "</section>")
	for _, m := range titleIn.FindAllStringSubmatch(page, -1) {
		titles = append(titles, html.UnescapeString(m[2]))
	}
	return titles
}

func TestLibraryLists(t *testing.T) {
	d := newDesk(t, manyDocuments(120))
	for name, c := range map[string]struct {
		address     string
		count       int
		first, last string
		says        string
	}{
		"by title":          {"/library?order=title", 50, "d/007", "Paper 046 on Harbours", "1–50 of 123"},
		"page 2":            {"/library?order=title&page=2", 50, "Paper 047 on Harbours", "Paper 096 on Harbours", "51–100 of 123"},
		"page 3":            {"/library?order=title&page=3", 23, "Paper 097 on Harbours", "", "101–123 of 123"},
		"beyond the end":    {"/library?order=title&page=2000000000", 23, "Paper 097 on Harbours", "", "101–123 of 123"},
		"by date":           {"/library?order=published", 50, "A Letter 122", "", "1–50 of 123"},
		"no such order":     {"/library?order=sideways", 50, "", "", "1–50 of 123"},
		"collection":        {"/library?collection=few&order=title", 3, "A Letter 120", "A Letter 122", "1–3 of 3"},
		"publisher":         {"/library?publisher=the+made-up+gazette&order=title", 3, "A Letter 120", "", "1–3 of 3"},
		"words":             {"/library?find=LETTER+121", 1, "A Letter 121", "", "1 of 1"},
		"words of a name":   {"/library?find=placeholder+post&page=3", 20, "", "", "101–120 of 120"},
		"without a title":   {"/library?find=placeholder&publisher=The+Invented+Post&order=published&page=3", 20, "", "Paper 000 on Harbours", "101–120"},
		"all filters":       {"/library?find=letter&collection=few&publisher=The+Made-Up+Gazette&order=published", 3, "A Letter 122", "A Letter 120", "1–3 of 3"},
		"nothing fits":      {"/library?find=zeppelin", 0, "", "", "No document fits."},
		"odd words":         {at("/library", "find", `%_"'*( OR`), 0, "", "", "No document fits."},
		"two filters apart": {"/library?collection=few&publisher=The+Invented+Post", 0, "", "", "No document fits."},
	} {
		page := d.page(t, 200, root, c.address)
		titles := documentsIn(page)
		if len(titles) != c.count {
			t.Errorf("%s: %d documents, want %d", name, len(titles), c.count)
			continue
		}
		if c.count > 0 && (c.first != "" && titles[0] != c.first || c.last != "" && titles[len(titles)-1] != c.last) {
			t.Errorf("%s: from %q to %q, want %q to %q", name, titles[0], titles[len(titles)-1], c.first, c.last)
		}
		if !strings.Contains(textOf(page), c.says) {
			t.Errorf("%s: the page does not say %q", name, c.says)
		}
	}
	golden(t, "library.txt", textOf(d.page(t, 200, root, "/library?collection=few&order=title")))
	if titles := documentsIn(d.page(t, 200, root, "/library?collection=many&order=published&page=3")); !slices.Contains(titles, "d/007") {
		t.Errorf("a document without a title does not go by its id: %q", titles)
	}
}

// Following "Next" passes every document once, and keeps the filters.
func TestPagerKeepsFilters(t *testing.T) {
	d := newDesk(t, manyDocuments(120))
	next := regexp.MustCompile(`<a href="([^"]*)" rel="next">`)
	address, seen := "/library?find=harbours&order=title&collection=many", map[string]bool{}
	for range 10 {
		page := d.page(t, 200, root, address)
		for _, title := range documentsIn(page) {
			if seen[title] {
				t.Errorf("%s is listed twice", title)
			}
			seen[title] = true
		}
		m := next.FindStringSubmatch(page)
		if m == nil {
			break
		}
		address = html.UnescapeString(m[1])
	}
	if len(seen) != 119 || address != "/library?collection=many&find=harbours&order=title&page=3" {
		t.Errorf("%d documents, the last page is %s", len(seen), address)
	}
}

func TestInvalidListings(t *testing.T) {
	d := newDesk(t, manyDocuments(3))
	for name, address := range map[string]string{
		"page 0": "/library?page=0", "page -1": "/library?page=-1", "page 1.5": "/library?page=1.5", "page x": "/library?page=x", "page 9e99": "/library?page=99999999999999999999",
		"collection": "/library?collection=secret", "publisher": "/library?publisher=secret", "words": at("/library", "find", strings.Repeat("x", longestWords+1)),
		"archive": "/briefings?page=0", "questions": "/questions?page=x", "search": at("/library/search", "q", strings.Repeat("x", longestQuestion+1)),
	} {
		if page := d.page(t, 400, root, address); strings.Contains(page, "Paper 0") {
			t.Errorf("%s: something is listed all the same", name)
		}
	}
}

func TestEmptyLibrary(t *testing.T) {
	d := newDesk(t, nil)
	d.rooms["web:ana"] = briefs.Only("cyber")
	for _, reader := range []string{root, "ana"} {
		for address, says := range map[string]string{
			"/": "There is no document yet.", "/library": "There is no document yet.", "/brief": "Brief on a topic",
			"/library/search?q=harbour": "No passage has these words.", "/?q=why%3F": "Nothing in this library answers that.",
			"/brief?topic=harbour": "Nothing in this library is about that.", "/briefings": "No briefing was posted yet.",
		} {
			if text := textOf(d.page(t, 200, reader, address)); !strings.Contains(text, says) {
				t.Errorf("%s, %s: the page does not say %q:\n%s", reader, address, says, text)
			}
		}
	}
}

// When each source was read last and what failed is listed; where it lies on
// this machine, and what exactly failed, is for the operator.
func TestSources(t *testing.T) {
	d := newDesk(t, manyDocuments(3))
	d.rooms["web:ana"] = briefs.Only("many")
	day := time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)
	for _, f := range []briefs.Fetch{
		{Source: "https://ana:secret@feed.example/rss?key=private", Collection: "many", At: day, Succeeded: day, Added: 2, Unchanged: 40},
		{Source: "/home/ana/papers/harbours", Collection: "many", At: day, Failed: 2, Added: 1, Problem: "/home/ana/papers/harbours/x.pdf: no text"},
		{Source: "/home/bo/other", Collection: "few", At: day, Succeeded: day},
		{Source: "all.jsonl", At: day, Succeeded: day, Revised: 1},
	} {
		if err := d.lib.RecordFetch(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	_, sources, _ := strings.Cut(textOf(d.page(t, 200, root, "/library")), "Where they come from")
	golden(t, "sources/operator.txt", sources)
	page := d.page(t, 200, "ana", "/library")
	_, sources, _ = strings.Cut(textOf(page), "Where they come from")
	golden(t, "sources/reader.txt", sources)
	for _, hidden := range []string{"secret", "private", "/home", "x.pdf", "other", "jsonl", "few"} {
		if strings.Contains(page, hidden) {
			t.Errorf("a reader is told %q", hidden)
		}
	}
}
