package follow

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"html"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// pages is a web without a network: what stands at an address, or what goes
// wrong there. It answers as fetch.Web does.
type pages struct {
	mu    sync.Mutex
	at    map[string]fetch.Response
	wrong map[string]error
	asked []fetch.Request
}

func (p *pages) Get(ctx context.Context, q fetch.Request) (fetch.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, q)
	if err := ctx.Err(); err != nil {
		return fetch.Response{}, err
	}
	if err := p.wrong[q.URL]; err != nil {
		return fetch.Response{}, fmt.Errorf("%s: %w", q.URL, err)
	}
	r, ok := p.at[q.URL]
	if !ok {
		return r, briefs.Fault(briefs.ErrNotFound, "%s: is not there (404)", q.URL)
	}
	if r.URL == "" {
		r.URL = q.URL
	}
	if r.Status == 0 {
		r.Status = 200
	}
	if r.ETag == "" {
		r.ETag = `"` + digest(string(r.Body)) + `"`
	}
	if q.ETag == r.ETag {
		r.NotModified, r.Status, r.Body = true, 304, nil
	}
	return r, nil
}

// count is how often address was asked for since the last count of it.
func (p *pages) count(address string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for i := range p.asked {
		if p.asked[i].URL == address {
			p.asked[i].URL = ""
			n++
		}
	}
	return n
}

// gone is the answer 410, busy a server that asks to be left alone.
type busy time.Duration

func (busy) Error() string               { return "is too busy (429): try again later" }
func (b busy) RetryAfter() time.Duration { return time.Duration(b) }
func (busy) Unwrap() error               { return briefs.ErrUnavailable }

var errDown = briefs.Fault(briefs.ErrUnavailable, "does not answer: try again later")

// desk is a library that follows sources of pages.
type desk struct {
	*testing.T
	web *pages
	lib store.Backend
	f   *Follower
	now time.Time
}

func newDesk(t *testing.T, o Options) *desk {
	t.Helper()
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lib.Close() })
	d := &desk{T: t, lib: lib, now: time.Date(2031, 3, 3, 9, 0, 0, 0, time.UTC), web: &pages{at: map[string]fetch.Response{}, wrong: map[string]error{}}}
	d.follow(o)
	return d
}

func (d *desk) follow(o Options) {
	o.Now = func() time.Time { return d.now }
	d.f = New(slog.New(slog.DiscardHandler), d.lib, d.web, func(_ context.Context, in extract.Input) (briefs.Document, error) { return extract.Read(in) }, o)
}

// put lets body stand at address.
func (d *desk) put(address, contentType, body string) {
	d.web.at[address] = fetch.Response{Type: contentType, Body: []byte(body)}
}

const site = "https://example.org"

// story is a page about something, of so many sentences, with a menu.
func story(about string, sentences int, menu string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html><head><title>On %[1]s</title></head><body><nav><ul><li><a href=/>%[2]s</a></li></ul></nav><article><h1>On %[1]s</h1><p>", about, html.EscapeString(menu))
	b.WriteString(prose(about, sentences))
	b.WriteString("</p></article></body></html>")
	return b.String()
}

// prose is text about something, unlike that about anything else.
func prose(about string, sentences int) string {
	words := strings.Fields("grain harbour treaty winter ledger minister valley engine copper senate railway budget lantern border census " +
		"orchard canal deposit garrison mill tariff quarry convoy archive levy turbine pasture dockyard charter fishery ballot granary")
	h := fnv.New64a()
	_, _ = h.Write([]byte(about))
	rnd := rand.New(rand.NewPCG(h.Sum64(), 1))
	var b strings.Builder
	for i := range sentences {
		fmt.Fprintf(&b, "The envoys of %s met for the %dth time about", about, i+1)
		for range 14 {
			b.WriteString(" the " + words[rnd.IntN(len(words))])
		}
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String())
}

func (d *desk) page(path, about string) { d.put(site+path, "text/html", story(about, 6, "Home")) }

// entry is one item of a feed.
type entry struct{ guid, link, title, author, date, own string }

func rss(title string, entries ...entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>%s</title><link>%s/</link>`, title, site)
	for _, e := range entries {
		b.WriteString("<item>")
		for _, f := range [][2]string{{"guid", e.guid}, {"link", e.link}, {"title", e.title}, {"dc:creator", e.author}, {"pubDate", e.date}, {"description", e.own}} {
			if f[1] != "" {
				attr := ""
				if f[0] == "guid" {
					attr = ` isPermaLink="false"`
				}
				fmt.Fprintf(&b, "<%s%s>%s</%s>", f[0], attr, html.EscapeString(f[1]), f[0])
			}
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

func (d *desk) feed(entries ...entry) {
	d.put(site+"/feed", "application/rss+xml", rss("The Envoy", entries...))
}

func feed(collection string) briefs.Source {
	return briefs.Source{Kind: briefs.SourceFeed, Address: site + "/feed", Collection: collection, Every: time.Hour}
}

func pageSource(path string) briefs.Source {
	return briefs.Source{Kind: briefs.SourcePage, Address: site + path, Collection: "papers"}
}

// read reads sources now, an hour later than the last time, and says what came
// of them: "added 1, failed 2", without what is 0.
func (d *desk) read(sources ...briefs.Source) (string, Report) {
	d.Helper()
	d.now = d.now.Add(time.Hour)
	report, err := d.f.Once(d.Context(), sources...)
	if err != nil {
		d.Fatal(err)
	}
	if problems, err := d.lib.Check(d.Context()); err != nil || len(problems) > 0 {
		d.Errorf("check: %q, %v", problems, err)
	}
	var sum SourceReport
	for _, r := range report.Sources {
		sum.Added += r.Added
		sum.Revised += r.Revised
		sum.Unchanged += r.Unchanged
		sum.Withdrawn += r.Withdrawn
		sum.Failed += r.Failed
		sum.Waiting += r.Waiting
	}
	return figures(sum), report
}

func figures(r SourceReport) string {
	var said []string
	for _, c := range []struct {
		n    int
		what string
	}{{r.Added, "added"}, {r.Revised, "revised"}, {r.Unchanged, "unchanged"}, {r.Withdrawn, "withdrawn"}, {r.Failed, "failed"}, {r.Waiting, "waiting"}} {
		if c.n > 0 {
			said = append(said, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return strings.Join(said, ", ")
}

func (d *desk) want(want string, sources ...briefs.Source) Report {
	d.Helper()
	got, r := d.read(sources...)
	if got != want {
		d.Errorf("reading says %q, want %q; problems %v", got, want, r.Problems)
	}
	return r
}

// listed are the documents that are found: "title (author, date) of collection".
func (d *desk) listed() map[briefs.DocumentID]briefs.Document {
	d.Helper()
	list, err := d.lib.Documents(d.Context(), briefs.Listing{Scope: briefs.Everything()})
	if err != nil {
		d.Fatal(err)
	}
	all := map[briefs.DocumentID]briefs.Document{}
	for _, l := range list {
		if all[l.ID], err = d.lib.Document(d.Context(), l.ID, 0); err != nil {
			d.Fatal(err)
		}
	}
	return all
}

// only is the one document that is found.
func (d *desk) only() briefs.Document {
	d.Helper()
	all := d.listed()
	if len(all) != 1 {
		d.Fatalf("%d documents", len(all))
	}
	for _, one := range all {
		return one
	}
	panic("unreachable")
}

func TestPageIsFollowed(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	r := d.want("1 added", pageSource("/a?utm_source=x#top"))
	first := d.only()
	if len(r.Read) != 1 || r.Read[0].ID != first.ID || r.Read[0].Passages == 0 || r.Read[0].Outcome != briefs.Added || !strings.Contains(strings.Join(r.Read[0].Notes, "; "), "no date") {
		t.Errorf("what was understood: %+v", r.Read)
	}
	if !strings.HasPrefix(string(first.ID), "a-") || first.URL != site+"/a" || first.Collection != "papers" || first.Title != "On Lorem" {
		t.Errorf("the document: %+v", metadata(&first))
	}
	again := d.want("1 unchanged", pageSource("/a?utm_source=x#top")) // 304
	if len(again.Read) != 1 || again.Read[0].ID != first.ID || again.Read[0].Passages != r.Read[0].Passages {
		t.Errorf("what is told of a page that is as it was: %+v", again.Read)
	}
	d.want("1 unchanged", pageSource("/a")) // the same page, added once more
	d.put(site+"/a", "text/html", story("Lorem", 6, "Now with another menu"))
	d.want("1 unchanged", pageSource("/a"))
	if got := d.only(); got.Revision != 1 {
		t.Errorf("another menu makes revision %d", got.Revision)
	}
	d.put(site+"/a", "text/html", story("Lorem", 7, "Home"))
	d.want("1 revised", pageSource("/a"))
	d.put(site+"/a", "text/html", strings.Replace(story("Lorem", 7, "Home"), "<title>", `<meta name="author" content="Ana Example"><meta name="date" content="2031-02-01"><title>`, 1))
	d.want("1 revised", pageSource("/a"))
	if got := d.only(); got.Revision != 2 || got.Author != "Ana Example" || got.Published != "2031-02-01" || got.ID != first.ID {
		t.Errorf("after it was said who wrote it: revision %d, %q", got.Revision, metadata(&got))
	}
	d.put(site+"/a", "text/html", story("Lorem", 8, "Home"))
	d.want("1 revised", pageSource("/a"))
	if got := d.only(); got.Revision != 3 || got.Author != "Ana Example" {
		t.Errorf("after the page forgot its author: revision %d, %q", got.Revision, metadata(&got))
	}
}

func TestFeedIsFollowed(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.page("/b", "Ipsum")
	a := entry{guid: "1", link: site + "/a", title: "Lorem", author: "Ana Example", date: "Mon, 03 Feb 2031 10:00:00 GMT"}
	b := entry{guid: "2", link: "/b?utm_medium=rss", title: "Ipsum"}
	d.feed(b, a)
	r := d.want("2 added", feed("papers"))
	if r.Sources[0].Title != "The Envoy" || r.Sources[0].As != briefs.SourceFeed || len(r.Read) != 2 || r.Read[0].Title != "On Lorem" || r.Read[0].Author != "Ana Example" || r.Read[0].Published != "2031-02-03" {
		t.Errorf("what was understood: %+v, %+v", r.Sources, r.Read)
	}
	d.web.count(site + "/a")
	d.want("", feed("papers")) // 304, and nothing is due
	if n := d.web.count(site + "/a"); n != 0 {
		t.Errorf("a page was asked for %d times without need", n)
	}
	// The same page by hand, from another feed and from a sitemap is the same
	// document; in another collection it is another.
	ids := d.listed()
	d.put(site+"/other", "application/rss+xml", rss("Other", entry{link: site + "/a/"}, entry{guid: "x", link: "http://example.org/b"}))
	d.web.at["http://example.org/b"] = d.web.at[site+"/b"]
	d.web.at[site+"/a/"] = d.web.at[site+"/a"]
	d.put(site+"/sitemap.xml", "application/xml", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>`+site+`/b</loc></url></urlset>`)
	d.want("4 unchanged", pageSource("/a"), briefs.Source{Kind: briefs.SourcePage, Address: site + "/other", Collection: "papers"},
		briefs.Source{Kind: briefs.SourceSitemap, Address: site + "/sitemap.xml", Collection: "papers"})
	if got := d.listed(); len(got) != len(ids) {
		t.Errorf("%d documents, want %d", len(got), len(ids))
	}
	d.want("2 added", feed("else"))
	if got := d.listed(); len(got) != 4 {
		t.Errorf("%d documents in two collections", len(got))
	}
	// An item that the feed says is another now is read again.
	d.put(site+"/a", "text/html", story("Lorem", 9, "Home"))
	a.title = "Lorem, corrected"
	d.feed(b, a)
	d.want("1 revised", feed("papers"))
	// A page that changed without a word is found when it is looked at again.
	d.put(site+"/b", "text/html", story("Ipsum", 9, "Home"))
	d.now = d.now.Add(24 * time.Hour)
	if got, _ := d.read(feed("papers")); !strings.Contains(got, "1 revised") {
		t.Errorf("after a day reading says %q", got)
	}
	s, err := d.lib.Sources(t.Context(), briefs.Only("papers"))
	if err != nil || len(s) != 4 || s[0].Address != site+"/a" {
		t.Errorf("sources: %+v, %v", s, err)
	}
}

// Items without names of their own, with names that change each time, and
// without pages.
func TestOddItems(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.feed(entry{guid: "session-1", link: site + "/a"}, entry{title: "Only words", own: "<p>" + prose("Dolor", 5) + "</p>"}, entry{title: "Few words", guid: "few", own: "Read more"})
	d.want("2 added, 1 failed", feed("papers"))
	for i := range 3 {
		d.feed(entry{guid: fmt.Sprint("session-", i+2), link: site + "/a"}, entry{title: "Only words", own: "<p>" + prose("Dolor", 5) + "</p>"}, entry{title: "Few words", guid: "few", own: "Read more"})
		if got, r := d.read(feed("papers")); strings.Contains(got, "added") || strings.Contains(got, "failed") {
			t.Errorf("again, reading says %q, %v", got, r.Problems)
		}
	}
	items, err := d.lib.SourceItems(t.Context(), feed("papers").Key(), "", 99)
	if err != nil || len(items) != 3 {
		t.Errorf("%d items, %v", len(items), err)
	}
	if all := d.listed(); len(all) != 2 {
		t.Errorf("%d documents", len(all))
	}
}

// The feed's own text stands in for a page that cannot be had, or is thinner,
// which is said; the page takes its place when it can be had.
func TestOwnText(t *testing.T) {
	d := newDesk(t, Options{})
	own := "<p>" + prose("Lorem", 6) + "</p>"
	d.web.wrong[site+"/robots"] = briefs.Fault(briefs.ErrInvalid, "robots.txt excludes it")
	d.web.wrong[site+"/gone"] = fetch.ErrGone
	d.web.wrong[site+"/down"] = errDown
	d.put(site+"/thin", "text/html", story("Lorem", 1, "Home")) // the rest is for subscribers
	var entries []entry
	for _, path := range []string{"/robots", "/gone", "/down", "/thin"} {
		entries = append(entries, entry{guid: path, link: site + path, title: "On" + path, author: "Ana Example", own: own})
	}
	d.feed(entries...)
	r := d.want("3 added, 1 failed", feed("papers"))
	for _, read := range r.Read {
		if notes := strings.Join(read.Notes, "; "); !strings.Contains(notes, "feed is used") {
			t.Errorf("%s is told with %q", read.URL, notes)
		}
	}
	d.want("1 unchanged, 1 failed", feed("papers"))
	d.want("1 added, 1 unchanged", feed("papers")) // the third time it is down
	if all := d.listed(); len(all) != 4 {
		t.Fatalf("%d documents", len(all))
	}
	delete(d.web.wrong, site+"/down")
	d.put(site+"/down", "text/html", story("Ipsum", 8, "Home"))
	d.want("1 revised, 1 unchanged", feed("papers")) // and robots is tried, too
	d.now = d.now.Add(48 * time.Hour)
	d.put(site+"/thin", "text/html", story("Lorem", 2, "Home"))
	if got, _ := d.read(feed("papers")); strings.Contains(got, "revised") {
		t.Errorf("a page that is still thin: %q", got)
	}
	d.now = d.now.Add(96 * time.Hour)
	d.put(site+"/thin", "text/html", story("Lorem", 7, "Home"))
	if got, _ := d.read(feed("papers")); !strings.Contains(got, "1 revised") {
		t.Errorf("a page that is whole: %q", got)
	}
}

// What is gone is withdrawn and told: at once where that is said, else when it
// stays away. What comes back is found again.
func TestGonePages(t *testing.T) {
	d := newDesk(t, Options{})
	for _, path := range []string{"/a", "/b", "/c"} {
		d.page(path, "Lorem"+path[1:])
	}
	d.feed(entry{link: site + "/a"}, entry{link: site + "/b"}, entry{link: site + "/c"})
	d.want("3 added", feed("papers"))
	d.web.wrong[site+"/a"] = fetch.ErrGone
	b := d.web.at[site+"/b"]
	delete(d.web.at, site+"/b")
	front := fetch.Response{URL: site + "/", Moved: site + "/", Body: []byte(story("Home", 3, "Home")), Type: "text/html"}
	d.web.at[site+"/c"] = front
	d.now = d.now.Add(24 * time.Hour)
	r := d.want("1 withdrawn, 2 failed", feed("papers"))
	if len(r.Read) != 1 || r.Read[0].Outcome != Withdrawn || !strings.Contains(r.Read[0].Notes[0], "gone") {
		t.Errorf("what is told: %+v", r.Read)
	}
	if all := d.listed(); len(all) != 2 {
		t.Fatalf("%d documents", len(all))
	}
	d.want("2 failed", feed("papers"))
	d.now = d.now.Add(24 * time.Hour)
	d.want("2 failed", feed("papers"))
	d.now = d.now.Add(24 * time.Hour)
	d.want("2 withdrawn", feed("papers"))
	if all := d.listed(); len(all) != 0 {
		t.Fatalf("%d documents", len(all))
	}
	d.web.at[site+"/b"] = b
	d.now = d.now.Add(40 * 24 * time.Hour)
	if got, _ := d.read(feed("papers")); !strings.Contains(got, "1 added") {
		t.Errorf("what is back: %q", got)
	}
	if one := d.only(); one.Revision != 1 || one.Title != "On Loremb" {
		t.Errorf("what is back: %q revision %d", one.Title, one.Revision)
	}
	// A page that is a source.
	d.want("1 unchanged", pageSource("/b"))
	d.web.wrong[site+"/b"] = fetch.ErrGone
	d.want("1 withdrawn", pageSource("/b"))
	d.now = d.now.Add(40 * 24 * time.Hour)
	if got, _ := d.read(feed("papers")); strings.Contains(got, "withdrawn") {
		t.Errorf("what was told is told again: %q", got)
	}
}

// What a person removed does not come back by itself.
func TestRemovedPages(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.page("/b", "Ipsum")
	d.feed(entry{link: site + "/a"}, entry{link: site + "/b"})
	d.want("2 added", feed("papers"))
	purge := false
	for id := range d.listed() {
		if err := d.lib.RemoveDocument(t.Context(), id, purge); err != nil {
			t.Fatal(err)
		}
		purge = true
	}
	d.put(site+"/a", "text/html", story("Lorem", 9, "Home"))
	d.put(site+"/b", "text/html", story("Ipsum", 9, "Home"))
	for i := range 3 {
		d.feed(entry{link: site + "/a", title: fmt.Sprint("again", i)}, entry{link: site + "/b", title: fmt.Sprint("again", i)})
		d.now = d.now.Add(24 * time.Hour)
		if got, _ := d.read(feed("papers"), pageSource("/a"), pageSource("/b")); strings.Contains(got, "added") || strings.Contains(got, "revised") || strings.Contains(got, "failed") {
			t.Errorf("reading says %q", got)
		}
	}
	if all := d.listed(); len(all) > 0 {
		t.Errorf("%d are back", len(all))
	}
	d.follow(Options{Revive: true})
	d.want("2 added", pageSource("/a"), pageSource("/b"))
	d.follow(Options{})
	if got, _ := d.read(feed("papers"), pageSource("/a"), pageSource("/b")); strings.Contains(got, "added") || strings.Contains(got, "withdrawn") {
		t.Errorf("reading says %q", got)
	}
}

// A source that fails waits longer each time, is told, and keeps its
// documents; one that moved is read where it is, and that is told.
func TestSourcesFailAndMove(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.feed(entry{link: site + "/a"})
	d.want("1 added", feed("papers"))
	d.web.wrong[site+"/feed"] = errDown
	var waits []time.Duration
	for range 12 {
		_, r := d.read(feed("papers"))
		if len(r.Problems) != 1 || !strings.Contains(r.Sources[0].Problem, "does not answer") {
			t.Fatalf("told: %+v", r)
		}
		waits = append(waits, r.Sources[0].Next.Sub(d.now))
	}
	for i, w := range waits {
		if least := doubled(sourceRetry, sourceSlow, i+1) * 8 / 10; w < least || w > 27*time.Hour {
			t.Errorf("after failure %d it waits %v, want at least %v", i+1, w, least)
		}
	}
	d.web.wrong[site+"/feed"] = busy(50 * time.Hour)
	if _, r := d.read(feed("papers")); r.Sources[0].Next.Sub(d.now) < 50*time.Hour {
		t.Errorf("it asked for 50 h, and waits %v", r.Sources[0].Next.Sub(d.now))
	}
	d.web.wrong[site+"/feed"] = fetch.ErrGone
	if _, r := d.read(feed("papers")); len(r.Sources[0].Notes) != 1 || !strings.Contains(r.Sources[0].Notes[0], "gone for good") {
		t.Errorf("a feed that is gone: %+v", r.Sources[0])
	}
	if _, r := d.read(feed("papers")); len(r.Sources[0].Notes) != 0 || r.Sources[0].Problem == "" {
		t.Errorf("a feed that is gone, told again: %+v", r.Sources[0])
	}
	delete(d.web.wrong, site+"/feed")
	d.page("/b", "Ipsum")
	moved := d.web.at[site+"/feed"]
	moved.URL, moved.Moved = site+"/new", site+"/new"
	d.web.at[site+"/feed"] = moved
	_, r := d.read(feed("papers"))
	if len(r.Sources[0].Notes) != 1 || !strings.Contains(r.Sources[0].Notes[0], site+"/new") || r.Sources[0].Problem != "" {
		t.Errorf("a feed that moved: %+v", r.Sources[0])
	}
	d.put(site+"/new", "application/rss+xml", rss("New", entry{link: site + "/a"}, entry{link: site + "/b"}))
	d.web.count(site + "/feed")
	if got, r := d.read(feed("papers")); got != "1 added" || len(r.Sources[0].Notes) != 0 || d.web.count(site+"/feed") != 0 {
		t.Errorf("read where it is: %q, %+v", got, r.Sources[0])
	}
	delete(d.web.at, site+"/new") // it moved back
	d.feed(entry{link: site + "/a"})
	if got, r := d.read(feed("papers")); strings.Contains(got, "failed") || r.Sources[0].Problem != "" {
		t.Errorf("moved back: %q, %+v", got, r.Sources[0])
	}
	s, err := d.lib.Sources(t.Context(), briefs.Everything())
	if err != nil || len(s) != 1 || s[0].Moved != "" || s[0].Failures != 0 || !s[0].Gone.IsZero() {
		t.Errorf("the source: %+v, %v", s, err)
	}
	if all := d.listed(); len(all) != 2 {
		t.Errorf("%d documents", len(all))
	}
	if _, r := d.read(briefs.Source{Kind: briefs.SourceFeed, Address: site + "/a", Collection: "papers"}); !strings.Contains(r.Sources[0].Problem, "no feed") {
		t.Errorf("a page as a feed: %q", r.Sources[0].Problem)
	}
	if _, r := d.read(briefs.Source{Kind: "x", Address: site, Collection: "papers"}, briefs.Source{Kind: briefs.SourceFeed, Address: "ftp://x", Collection: "papers"}); len(r.Problems) != 2 {
		t.Errorf("sources that cannot be: %+v", r.Problems)
	}
}

// A host that asks for time, or is down, is not asked for each of its items;
// one bad item stops no other.
func TestHostsAreLeftAlone(t *testing.T) {
	d := newDesk(t, Options{})
	var entries []entry
	for i := range 9 {
		entries = append(entries, entry{link: fmt.Sprintf("https://down.example/%d", i)}, entry{link: fmt.Sprintf("https://busy.example/%d", i)}, entry{link: fmt.Sprintf("%s/%d", site, i)})
		d.web.wrong[fmt.Sprintf("https://down.example/%d", i)] = errDown
		d.web.wrong[fmt.Sprintf("https://busy.example/%d", i)] = busy(5 * time.Hour)
		d.page(fmt.Sprintf("/%d", i), fmt.Sprint("City", i))
	}
	d.put(site+"/4", "text/html", "\x00\x01\x02")
	d.feed(entries...)
	d.want("8 added, 5 failed", feed("papers"))
	asked := map[string]int{}
	for _, q := range d.web.asked {
		asked[hostOf(q.URL)]++
		if q.From == "" && q.URL != site+"/feed" {
			t.Errorf("%s is asked for as if a person had named it", q.URL)
		}
	}
	if asked["down.example"] != hostDown || asked["busy.example"] != 1 || asked["example.org"] != 10 {
		t.Errorf("asked %v", asked)
	}
	clear(d.web.wrong)
	for i := range 9 {
		for _, host := range []string{"down", "busy"} {
			d.put(fmt.Sprintf("https://%s.example/%d", host, i), "text/html", story(fmt.Sprint(host, i), 6, ""))
		}
	}
	d.now = d.now.Add(6 * time.Hour)
	report, _, err := d.f.Step(t.Context(), []briefs.Source{feed("papers")})
	if err != nil || len(report.Sources) != 1 || report.Sources[0].Added != 18 || report.Sources[0].Waiting != 0 {
		t.Errorf("later: %+v, %v", report.Sources, err)
	}
}

// A page that leads elsewhere for now keeps its text; one that moved for good
// is read where it is.
func TestPagesThatLeadElsewhere(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.want("1 added", pageSource("/a"))
	id := d.only().ID
	login := fetch.Response{URL: site + "/login", Body: []byte(story("Login", 6, "")), Type: "text/html"}
	d.web.at[site+"/a"] = login
	if got, r := d.read(pageSource("/a")); got != "1 failed" || !strings.Contains(r.Sources[0].Problem, "for now") || d.only().Title != "On Lorem" {
		t.Errorf("leads to a login: %q, %v", got, r.Problems)
	}
	moved := fetch.Response{URL: site + "/new/a", Moved: site + "/new/a", Body: []byte(story("Lorem", 7, "")), Type: "text/html"}
	d.web.at[site+"/a"] = moved
	d.put(site+"/new/a", "text/html", story("Lorem", 7, ""))
	if _, r := d.read(pageSource("/a")); len(r.Sources[0].Notes) != 1 || r.Sources[0].Revised != 1 || d.only().ID != id || d.only().URL != site+"/new/a" {
		t.Errorf("moved: %+v", r.Sources[0])
	}
	d.want("1 unchanged", pageSource("/new/a")) // the same document
	if d.only().ID != id {
		t.Error("the page has another id where it is now")
	}
}

// An article of several pages is one document, and changes with any of them.
func TestArticleOfSeveralPages(t *testing.T) {
	d := newDesk(t, Options{Limits: Limits{Pages: 3}})
	part := func(n int, about string) {
		page := strings.Replace(story(about, 5, "Home"), "</title>", `</title><meta property="og:type" content="article">`, 1)
		if n < 5 {
			page = strings.Replace(page, "</title>", fmt.Sprintf(`</title><link rel="next" href="/river?page=%d">`, n+1), 1)
		}
		address := site + "/river"
		if n > 1 {
			address += fmt.Sprintf("?page=%d", n)
			page = strings.Replace(page, "</article>", `</article><a href="/river">1</a>`, 1)
		}
		d.put(address, "text/html", page)
	}
	for i, about := range []string{"Lorem", "Ipsum", "Dolor", "Sit", "Amet"} {
		part(i+1, about)
	}
	r := d.want("1 added", pageSource("/river"))
	one := d.only()
	for _, about := range []string{"Lorem", "Ipsum", "Dolor"} {
		if !strings.Contains(one.Text, "The envoys of "+about) {
			t.Errorf("%s is missing", about)
		}
	}
	if strings.Contains(one.Text, "Amet") || !strings.Contains(strings.Join(r.Read[0].Notes, "; "), "only the first 3 pages") {
		t.Errorf("beyond the limit: %q", r.Read[0].Notes)
	}
	titles := 0
	for _, b := range one.Blocks {
		if b.Role == briefs.RoleTitle {
			titles++
		}
	}
	if titles > 1 {
		t.Errorf("%d titles", titles)
	}
	part(2, "Consectetur")
	part(1, "Adipiscing") // else its server says that nothing changed
	d.want("1 revised", pageSource("/river"))
	a, err := d.lib.Archived(t.Context(), one.ID, 2)
	if err != nil || len(a.Parts) != 3 || a.Parts[1].Address != site+"/river?page=2" {
		t.Errorf("the original has %d parts, %v", len(a.Parts), err)
	}
	delete(d.web.at, site+"/river?page=2")
	part(1, "Lorem")
	if got, _ := d.read(pageSource("/river")); got != "1 failed" || d.only().Revision != 2 {
		t.Errorf("without a page that it had: %q", got)
	}
	other := pageSource("/river")
	other.Collection = "else"
	r = d.want("1 added", other)
	if !strings.Contains(strings.Join(r.Read[0].Notes, "; "), "page 2 could not be read") {
		t.Errorf("told: %+v", r.Read)
	}
	part(2, "Ipsum")
	d.want("1 revised", other)
}

// One claim at a time; a source that is being read is left to whom reads it.
func TestSourcesAreReadByOne(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	c, ok, err := d.lib.ClaimSource(t.Context(), pageSource("/a"), "another", d.now.Add(time.Hour), lease)
	if err != nil || !ok {
		t.Fatal(err)
	}
	if got, r := d.read(pageSource("/a")); got != "" || !r.Sources[0].Busy || d.web.count(site+"/a") > 0 {
		t.Errorf("while another reads it: %q, %+v", got, r.Sources[0])
	}
	d.want("1 added", pageSource("/a")) // its claim is over
	if err := d.lib.ReleaseSource(t.Context(), c); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("the other one gave it back: %v", err)
	}
}

// Limits bound what one reading does, and nothing is lost by them.
func TestLimits(t *testing.T) {
	d := newDesk(t, Options{Limits: Limits{Items: 7, Reads: 3, SitemapPages: 5}})
	var entries []entry
	var urls strings.Builder
	for i := range 9 {
		path := fmt.Sprintf("/n%d", i)
		d.page(path, fmt.Sprint("City", i))
		entries = append(entries, entry{link: site + path})
		fmt.Fprintf(&urls, "<url><loc>%s%s</loc></url>", site, path)
	}
	d.feed(entries...)
	r := d.want("3 added, 4 waiting", feed("papers"))
	if len(r.Sources[0].Notes) != 1 || !strings.Contains(r.Sources[0].Notes[0], "9 items") || r.Sources[0].Next.Sub(d.now) > goOn {
		t.Errorf("told: %+v", r.Sources[0])
	}
	d.want("3 added, 1 waiting", feed("papers"))
	d.want("1 added", feed("papers"))
	d.follow(Options{Limits: Limits{SitemapPages: 5}})
	d.put(site+"/map", "application/xml", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+urls.String()+`</urlset>`)
	r = d.want("5 added", briefs.Source{Kind: briefs.SourceSitemap, Address: site + "/map", Collection: "else"})
	if len(r.Sources[0].Notes) != 1 || !strings.Contains(r.Sources[0].Notes[0], "longer") {
		t.Errorf("told: %+v", r.Sources[0])
	}
	// An index of sitemaps, of which one part is not there.
	d.follow(Options{})
	d.put(site+"/index", "application/xml", `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>`+site+`/none</loc></sitemap><sitemap><loc>`+site+`/map</loc></sitemap><sitemap><loc>`+site+`/index</loc></sitemap></sitemapindex>`)
	r = d.want("9 added, 1 failed", briefs.Source{Kind: briefs.SourcePage, Address: site + "/index", Collection: "third"})
	if r.Sources[0].As != briefs.SourceSitemap || r.Problems[0].Item != site+"/none" {
		t.Errorf("told: %+v, %+v", r.Sources[0], r.Problems)
	}
}

// Archived originals are read again by another reader; only what reads
// otherwise makes a revision.
func TestReread(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.page("/b", "Ipsum")
	d.want("2 added", pageSource("/a"), pageSource("/b"))
	again := func(want string, s briefs.Scope, ids ...briefs.DocumentID) {
		t.Helper()
		d.now = d.now.Add(time.Hour)
		r, err := d.f.Reread(t.Context(), s, ids...)
		if err != nil || figures(r.Sources[0]) != want {
			t.Errorf("reading again says %q, %v, %v; want %q", figures(r.Sources[0]), r.Problems, err, want)
		}
	}
	again("", briefs.Everything()) // by this reader already
	var ids []briefs.DocumentID
	for id := range d.listed() {
		ids = append(ids, id)
	}
	again("2 unchanged", briefs.Everything(), ids...)
	again("2 failed", briefs.Only("else"), ids...)
	d.f.read = func(_ context.Context, in extract.Input) (briefs.Document, error) {
		if strings.HasSuffix(in.URL, "/b") {
			return briefs.Document{}, briefs.Fault(briefs.ErrInvalid, "%s: is not understood any more", in.Name)
		}
		in.Data = []byte(strings.ReplaceAll(string(in.Data), "envoys", "delegates"))
		return extract.Read(in)
	}
	again("1 revised, 1 failed", briefs.Everything(), ids...)
	again("1 unchanged, 1 failed", briefs.Everything(), ids...)
	for _, one := range d.listed() {
		if strings.Contains(one.Text, "delegates") != (one.Revision == 2) {
			t.Errorf("%s revision %d: %.60q", one.ID, one.Revision, one.Text)
		}
	}
	again("1 failed", briefs.Everything(), "none")
}
