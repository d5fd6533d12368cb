package follow

import (
	"strings"
	"testing"

	"briefdesk/briefs"
)

// What a feed that broke off, or whose further pages could not be fetched, did
// not list is listed the next time, though the server says then that nothing
// changed since.
func TestListsThatEndEarly(t *testing.T) {
	d := newDesk(t, Options{})
	for _, name := range []string{"Lorem", "Ipsum", "Dolor"} {
		d.page("/"+name, name)
	}
	whole := rss("The Envoy", entry{link: site + "/Lorem"}, entry{link: site + "/Ipsum"}, entry{link: site + "/Dolor"})
	tag := func(body string) {
		r := d.web.at[site+"/feed"]
		r.Type, r.ETag, r.Body = "application/rss+xml", `"one"`, []byte(body)
		d.web.at[site+"/feed"] = r
	}
	tag(whole[:strings.LastIndex(whole, "<item>")+8])
	r := d.want("2 added", feed("papers"))
	if !strings.Contains(strings.Join(r.Sources[0].Notes, "; "), "ends early, after 2 items") {
		t.Errorf("notes %q", r.Sources[0].Notes)
	}
	tag(whole)
	d.want("1 added", feed("papers"))
	d.want("", feed("papers"))
}

func TestPagesOfAFeedThatFail(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/new", "Lorem")
	d.page("/old", "Ipsum")
	first := strings.Replace(rss("The Envoy", entry{link: site + "/new"}), "<item>", `<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/feed?2"/><item>`, 1)
	d.put(site+"/feed", "application/rss+xml", first)
	d.put(site+"/feed?2", "application/rss+xml", rss("The Envoy", entry{link: site + "/old"}))
	d.web.wrong[site+"/feed?2"] = errDown
	r := d.want("1 added, 1 failed", feed("papers"))
	if len(r.Problems) != 1 {
		t.Errorf("problems %v", r.Problems)
	}
	d.want("1 failed", feed("papers"))
	delete(d.web.wrong, site+"/feed?2")
	d.want("1 added", feed("papers"))
	d.web.count(site + "/feed?2")
	d.want("", feed("papers"))
	if n := d.web.count(site + "/feed?2"); n != 0 {
		t.Errorf("the older page was asked for %d times, though nothing is new", n)
	}
}

func TestSitemapsThatEndEarly(t *testing.T) {
	d := newDesk(t, Options{})
	d.page("/a", "Lorem")
	d.page("/b", "Ipsum")
	source := briefs.Source{Kind: briefs.SourceSitemap, Address: site + "/sitemap.xml", Collection: "papers"}
	tag := func(body string) {
		r := d.web.at[source.Address]
		r.Type, r.ETag, r.Body = "application/xml", `"one"`, []byte(body)
		d.web.at[source.Address] = r
	}
	whole := "<urlset><url><loc>" + site + "/a</loc></url><url><loc>" + site + "/b</loc></url></urlset>"
	tag(whole[:strings.LastIndex(whole, "</loc>")])
	d.want("1 added", source)
	tag(whole)
	d.want("1 added", source)
}
