package follow

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// A page that its server shows in place of a document is no revision of it.
func TestPagesThatStandIn(t *testing.T) {
	page := func(title, text string) string {
		return "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + text + "</p></body></html>"
	}
	for _, c := range []struct {
		title, text string
		kind        error
	}{
		{"404 - Page not found", "Sorry, the page you are looking for does not exist or has been moved.", briefs.ErrNotFound},
		{"Error 404", "Go back to the front page.", briefs.ErrNotFound},
		{"Seite nicht gefunden", "Die Adresse gibt es nicht.", briefs.ErrNotFound},
		{"The page could not be found", "Try the search.", briefs.ErrNotFound},
		{"Just a moment...", "This takes a few seconds.", briefs.ErrUnavailable},
		{"example.org", "Verify you are human by completing the action below.", briefs.ErrUnavailable},
		{"404 lorem boats for Dolor", "The boats came on Monday.", nil},
		{"The page found in Dolor", "It was lost for years.", nil},
		{"Page not found: what became of the archive", prose("Lorem", 20), nil},
	} {
		d := newDesk(t, Options{})
		d.page("/a", "Lorem")
		d.want("1 added", pageSource("/a"))
		d.put(site+"/a", "text/html", page(c.title, c.text))
		got, r := d.read(pageSource("/a"))
		if c.kind == nil {
			if got != "1 revised" {
				t.Errorf("%s: reading says %q, %v", c.title, got, r.Problems)
			}
			continue
		}
		if got != "1 failed" || len(r.Problems) == 0 || !errors.Is(r.Problems[0].Err, c.kind) || d.only().Title != "On Lorem" {
			t.Errorf("%s: reading says %q, %v, and the document is %q", c.title, got, r.Problems, d.only().Title)
		}
		d.page("/a", "Lorem")
		d.want("1 unchanged", pageSource("/a"))
	}
}

// An item that has no address is called by its title.
func TestItemsWithoutAddress(t *testing.T) {
	d := newDesk(t, Options{})
	d.feed(entry{title: "No words"}, entry{title: "Few words", own: "<p>The lorem talks failed in May.</p>"})
	_, r := d.read(feed("papers"))
	var told []string
	for _, p := range r.Problems {
		told = append(told, p.Err.Error())
		if !strings.HasPrefix(p.Err.Error(), p.Item+": ") {
			t.Errorf("%q is not what %q is told of", p.Item, p.Err)
		}
	}
	slices.Sort(told)
	want := []string{
		site + `/feed: "Few words": the feed has only 6 words of it: see whether it names a page`,
		site + `/feed: "No words": no sentence found: give it a text in sentences`,
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
	if failing, err := d.lib.FailingItems(t.Context(), feed("papers").Key(), 9); err != nil || len(failing) != 2 {
		t.Errorf("%d items are known to fail, %v", len(failing), err)
	}
	d.feed(entry{title: "No words", own: "<p>" + prose("Lorem", 5) + "</p>"}, entry{title: "Few words", own: "<p>The lorem talks failed in May.</p>"})
	d.want("1 added", feed("papers"))
	if failing, err := d.lib.FailingItems(t.Context(), feed("papers").Key(), 9); err != nil || len(failing) != 1 {
		t.Errorf("%d items still fail, %v", len(failing), err)
	}
}
