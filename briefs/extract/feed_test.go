package extract

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"

	"github.com/google/go-cmp/cmp"
)

func feed(t *testing.T, address, data string) FeedDoc {
	t.Helper()
	d, err := Feed(Input{Name: address, URL: address, Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// day is a time of the year 2031 in UTC.
func day(month time.Month, d, hour, minute int) time.Time {
	return time.Date(2031, month, d, hour, minute, 0, 0, time.UTC)
}

func TestRSS(t *testing.T) {
	got := feed(t, "https://desk.example/feeds/all.xml", `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Invented Desk &amp;amp; Friends</title><link>https://desk.example/</link>
<itunes:new-feed-url>https://desk.example/new.xml</itunes:new-feed-url><atom:link rel="self" href="https://desk.example/feeds/all.xml"/><atom:link rel="next" href="?page=2"/>
<item><title>Grain &lt;b&gt;reserves&lt;/b&gt; &amp;amp; prices</title><link>/papers/grain?a=1&amp;b=2</link><guid isPermaLink="false">g-1</guid>
 <dc:creator>Ana Example</dc:creator><dc:creator>Kit Fake</dc:creator><pubDate>Sat, 03 May 2031 23:30:00 -0400</pubDate>
 <description>Short.</description><content:encoded><![CDATA[<p>The whole <a href="x">text</a>.</p>]]></content:encoded>
 <category>Trade</category><category>Trade</category><category>Food &amp;amp; water</category>
 <enclosure url="/files/grain.pdf" type="application/pdf" length="1"/><media:content url="https://desk.example/talk.mp3" type="audio/mpeg"/><media:content url="https://desk.example/a.png" medium="image"/></item>
<item><guid>https://desk.example/papers/ports</guid><title>Ports</title><author>kit@desk.example (Kit Fake)</author><pubDate>4 mai 2031</pubDate><description>A description that is longer than what is said to be the content.</description><content:encoded>Short.</content:encoded></item>
<item><title>No address</title><description>One.</description><pubDate>whenever</pubDate></item>
<item><title>No name</title><link> https://desk.example/unnamed
 </link><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item>
<item><title>Script</title><link>javascript:alert(1)</link><guid>7</guid></item>
</channel></rss>`)
	zone := time.FixedZone("", -4*3600)
	want := FeedDoc{
		Title: "Invented Desk & Friends", Home: "https://desk.example/", Self: "https://desk.example/feeds/all.xml", Moved: "https://desk.example/new.xml", Next: "https://desk.example/feeds/all.xml?page=2",
		Items: []FeedItem{
			{
				GUID: "g-1", URL: "https://desk.example/papers/grain?a=1&b=2", Title: "Grain reserves & prices", Authors: []string{"Ana Example", "Kit Fake"},
				Published: time.Date(2031, 5, 3, 23, 30, 0, 0, zone), HTML: `<p>The whole <a href="x">text</a>.</p>`, Summary: "Short.", Categories: []string{"Trade", "Food & water"},
				Attachments: []Attachment{{URL: "https://desk.example/files/grain.pdf", Type: "application/pdf"}, {URL: "https://desk.example/talk.mp3", Type: "audio/mpeg"}},
			},
			{
				GUID: "https://desk.example/papers/ports", URL: "https://desk.example/papers/ports", Title: "Ports", Authors: []string{"Kit Fake"}, Published: day(5, 4, 0, 0),
				HTML: "A description that is longer than what is said to be the content.", Summary: "A description that is longer than what is said to be the content.",
			},
			{Title: "No address", HTML: "One.", Summary: "One."},
			{GUID: "https://desk.example/unnamed", URL: "https://desk.example/unnamed", Title: "No name"},
			{GUID: "7", Title: "Script"},
		},
	}
	if !strings.HasPrefix(got.Items[2].GUID, "derived:") {
		t.Errorf("an item without a name is named %q", got.Items[2].GUID)
	}
	want.Items[2].GUID = got.Items[2].GUID
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := got.Items[0].Published.Format("2006-01-02"); d != "2031-05-03" {
		t.Errorf("published on %s, want the day where it was", d)
	}
}

func TestAtom(t *testing.T) {
	got := feed(t, "https://desk.example/atom", `<?xml version='1.0'?><a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://desk.example/blog/">
<a:title type="html">The &amp;lt;i&gt;Desk&lt;/i></a:title><a:link href="."/><a:link rel="self" href="/atom"/><a:link rel="prev-archive" href="archive/1"/><a:author><a:name>The Desk</a:name></a:author>
<a:entry><a:id>tag:desk.example,2031:1</a:id><a:title>One</a:title><a:link href="one.html"/><a:link rel="enclosure" href="one.pdf" type="application/pdf" title="The paper"/><a:updated>2031-05-03T10:00:00+02:00</a:updated><a:content type="text">a &lt; b

c</a:content></a:entry>
<a:entry xml:base="sub/"><a:id>tag:desk.example,2031:2</a:id><a:title>Two</a:title><a:link rel="alternate" type="text/html" href="two.html"/><a:author><a:name>Ana Example</a:name></a:author><a:published>2031-05-01</a:published><a:updated>2031-05-02T00:00:00Z</a:updated><a:summary>Sum</a:summary><a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Two <a href="x">links</a></p></div></a:content></a:entry>
<a:entry><a:id>3</a:id><a:content src="three.pdf" type="application/pdf"/></a:entry>
</a:feed>`)
	if got.Title != "The <i>Desk" && got.Title != "The Desk" || got.Home != "https://desk.example/blog/" || got.Self != "https://desk.example/atom" || got.Next != "https://desk.example/blog/archive/1" {
		t.Errorf("got %+v", got)
	}
	one, two, three := got.Items[0], got.Items[1], got.Items[2]
	if one.URL != "https://desk.example/blog/one.html" || one.HTML != "<p>a &lt; b</p><p>c</p>" || !cmp.Equal(one.Authors, []string{"The Desk"}) || one.Published.Format(time.RFC3339) != "2031-05-03T10:00:00+02:00" {
		t.Errorf("got %+v", one)
	}
	if d := cmp.Diff([]Attachment{{"https://desk.example/blog/one.pdf", "application/pdf", "The paper"}}, one.Attachments); d != "" {
		t.Error(d)
	}
	if two.URL != "https://desk.example/blog/sub/two.html" || !strings.Contains(two.HTML, `href="https://desk.example/blog/sub/x"`) || two.Summary != "Sum" || !cmp.Equal(two.Authors, []string{"Ana Example"}) || !two.Published.Equal(day(5, 1, 0, 0)) || !two.Updated.Equal(day(5, 2, 0, 0)) {
		t.Errorf("got %+v", two)
	}
	if three.URL != "https://desk.example/blog/three.pdf" || three.GUID != "https://desk.example/blog/3" {
		t.Errorf("got %+v", three)
	}
}

func TestJSONFeed(t *testing.T) {
	got := feed(t, "https://desk.example/feed.json", `{"version":"https://jsonfeed.org/version/1.1","title":"Desk","home_page_url":"https://desk.example/","next_url":"/feed.json?2","authors":[{"name":"The Desk"},null],
"items":[{"id":"1","url":"/one","title":"One","content_text":"a < b","date_published":"2031-05-03T10:00:00Z","attachments":[{"url":"one.mp3","mime_type":"audio/mpeg","title":"Talk"}]},
 null,
 {"id":2,"external_url":"https://else.example/two","content_html":"<p>Two</p>","authors":[{"name":"Ana Example"}],"tags":["x",""]},
 {"id":"https://desk.example/three","summary":"a < b"}]}`)
	want := []FeedItem{
		{GUID: "1", URL: "https://desk.example/one", Title: "One", Authors: []string{"The Desk"}, Published: day(5, 3, 10, 0), HTML: "<p>a &lt; b</p>", Attachments: []Attachment{{"https://desk.example/one.mp3", "audio/mpeg", "Talk"}}},
		{GUID: "2", URL: "https://else.example/two", Authors: []string{"Ana Example"}, HTML: "<p>Two</p>", Categories: []string{"x"}},
		{GUID: "https://desk.example/three", URL: "https://desk.example/three", Authors: []string{"The Desk"}, HTML: "a &lt; b", Summary: "a &lt; b"},
	}
	if d := cmp.Diff(want, got.Items); d != "" {
		t.Error(d)
	}
	if got.Next != "https://desk.example/feed.json?2" {
		t.Errorf("next is %q", got.Next)
	}
}

func TestFeedEncodings(t *testing.T) {
	item := func(s string) string { return "<rss><channel><item><title>" + s + "</title></item></channel></rss>" }
	utf16 := func(s string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	for name, in := range map[string]Input{
		"utf-8":                     {Data: []byte(item("été – 10 €"))},
		"a mark":                    {Data: []byte("\xef\xbb\xbf\n" + item("été – 10 €"))},
		"latin1, declared":          {Data: []byte("<?xml version='1.0' encoding='windows-1252'?>" + item("\xe9t\xe9 \x96 10 \x80"))},
		"latin1, by the server":     {Data: []byte(item("\xe9t\xe9 \x96 10 \x80")), Type: "text/xml; charset=windows-1252"},
		"utf-8 that says latin1":    {Data: []byte("<?xml version='1.0' encoding='ISO-8859-1'?>" + item("été – 10 €"))},
		"utf-8 that says nonsense":  {Data: []byte("<?xml version='1.0' encoding='klingon'?>" + item("été – 10 €"))},
		"utf-8, latin1 by server":   {Data: []byte(item("été – 10 €")), Type: "text/xml; charset=iso-8859-1"},
		"utf-16":                    {Data: []byte(utf16("<?xml version='1.0' encoding='utf-16'?>" + item("été – 10 €")))},
		"utf-16 that says utf-8":    {Data: []byte(utf16("<?xml version='1.0' encoding='utf-8'?>" + item("été – 10 €")))},
		"control characters":        {Data: []byte(item("ét\x00\x01\x0bé – 10 €"))},
		"numbers of odd characters": {Data: []byte(item("&#233;t&#xE9; &#150; 10 &#128;&#1;"))},
		"names of HTML":             {Data: []byte(item("&eacute;t&eacute; &ndash; 10 &euro;"))},
		"space before all":          {Data: []byte("\n\n  <?xml version='1.0'?>" + item("été – 10 €"))},
		"a long comment before all": {Data: []byte("<!--" + strings.Repeat("licence ", 2000) + "-->" + item("été – 10 €"))},
	} {
		in.Name = "feed"
		if !IsFeed(in) && !strings.Contains(name, "long comment") {
			t.Errorf("%s: is not known as a feed", name)
		}
		d, err := Feed(in)
		if err != nil || len(d.Items) != 1 || d.Items[0].Title != "été – 10 €" {
			t.Errorf("%s: got %+v, %v", name, d.Items, err)
		}
	}
}

func TestFeedDates(t *testing.T) {
	for s, want := range map[string]string{
		"Sat, 03 May 2031 10:20:30 GMT":             "2031-05-03T10:20:30Z",
		"Sat, 03 May 2031 10:20:30 +0200":           "2031-05-03T10:20:30+02:00",
		"Sat, 3 May 2031 10:20 EST":                 "2031-05-03T10:20:00-05:00",
		"Sat,03 May 2031 10:20:30 PDT":              "2031-05-03T10:20:30-07:00",
		"Saturday, 3 May 2031":                      "2031-05-03T00:00:00Z",
		"3 May 31 10:20 UT":                         "2031-05-03T10:20:00Z",
		"Wed, 03 May 2031 10:20:30 CEST":            "2031-05-03T10:20:30+02:00", // the wrong day of the week
		"Sa, 03 Mai 2031 10:20:30 +0200":            "2031-05-03T10:20:30+02:00",
		"sam., 3 mai 2031 10:20:30 +0200":           "2031-05-03T10:20:30+02:00",
		"2031-05-03":                                "2031-05-03T00:00:00Z",
		"2031-05-03T10:20:30Z":                      "2031-05-03T10:20:30Z",
		"2031-05-03T10:20:30.123456-04:00":          "2031-05-03T10:20:30-04:00",
		"2031-05-03 10:20:30 +0530":                 "2031-05-03T10:20:30+05:30",
		"2031-5-3T1:2:3":                            "2031-05-03T01:02:03Z",
		"20310503T102030Z":                          "",
		"20310503":                                  "2031-05-03T00:00:00Z",
		"May 3, 2031 10:20 PM":                      "2031-05-03T22:20:00Z",
		"May 3, 2031, 12:05 a.m.":                   "2031-05-03T00:05:00Z",
		"Saturday, May 3rd, 2031 at 10:20am":        "2031-05-03T10:20:00Z",
		"3. Mai 2031":                               "2031-05-03T00:00:00Z",
		"03.05.2031 10:20":                          "2031-05-03T10:20:00Z",
		"Sat May 03 10:20:30 +0000 2031":            "2031-05-03T10:20:30Z",
		"Sat, 03 May 2031 24:00:00 GMT":             "2031-05-04T00:00:00Z",
		"Sat, 03 May 2031 10:20:30 --0400":          "2031-05-03T10:20:30-04:00",
		"Sat, 03 May 2031 10:20:30 GMT+0200 (CEST)": "2031-05-03T10:20:30+02:00",
		"Sat, 03 May 2031 99:99:99 GMT":             "2031-05-03T00:00:00Z",
		"05/13/2031":                                "2031-05-13T00:00:00Z",
		"05/03/2031":                                "", // nobody knows which is the month
		"31 Feb 2031":                               "",
		"0000-00-00 00:00:00":                       "",
		"Thu, 01 Jan 1970 00:00:00 +0000":           "",
		"Mon, 01 Jan 0001 00:00:00 +0000":           "",
		"yesterday":                                 "",
		"":                                          "",
	} {
		d := feed(t, "f", "<rss><channel><item><pubDate>"+s+"</pubDate></item></channel></rss>")
		got := ""
		if p := d.Items[0].Published; !p.IsZero() {
			got = p.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestNamesOfItems(t *testing.T) {
	items := func(xml string) []FeedItem {
		return feed(t, "https://desk.example/", "<rss><channel>"+xml+"</channel></rss>").Items
	}
	unnamed := "<item><title>A</title><pubDate>2031-05-03</pubDate></item><item><title>B</title></item><item><description>C</description></item><item><description>D</description></item>"
	a, b := items(unnamed), items("<item><title>New</title></item>"+unnamed)
	if d := cmp.Diff(a, b[1:]); d != "" || len(a) != 4 {
		t.Errorf("the names of %d items changed when another came: %s", len(a), d)
	}
	// The same name for all pages is no name.
	same := items("<item><guid>x</guid><link>/1</link></item><item><guid>x</guid><link>/2</link></item><item><guid>x</guid><link>/2</link></item>")
	if len(same) != 2 || same[0].GUID != "x https://desk.example/1" || same[1].GUID != "x https://desk.example/2" {
		t.Errorf("got %+v", same)
	}
	if twice := items("<item><guid>x</guid><link>/1</link></item><item><guid>x</guid><link>/1</link><title>Again</title></item>"); len(twice) != 1 || twice[0].GUID != "x" {
		t.Errorf("got %+v", twice)
	}
	if long := items("<item><guid>" + strings.Repeat("x", 5000) + "</guid></item>"); len(long[0].GUID) > 100 {
		t.Errorf("a name of %d bytes", len(long[0].GUID))
	}
}

func TestFeedsThatEndEarly(t *testing.T) {
	whole := `<rss xmlns:x="urn:x"><channel><title>T</title><item><title>One</title></item><item><title>Two</title></item><item><title>Three`
	for _, data := range []string{whole, whole + "</title></item>", whole + "</title><x:a><b", whole + "<![CDATA[ and"} {
		d := feed(t, "f", data)
		if !d.Cut || len(d.Items) < 2 || d.Items[1].Title != "Two" {
			t.Errorf("%q: got %+v", data, d)
		}
	}
	if d := feed(t, "f", whole+"</title></item></channel></rss>"); d.Cut || len(d.Items) != 3 {
		t.Errorf("got %+v", d)
	}
}

func TestFeedsThatAreRefused(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><rss><channel><title>&lol2;</title></channel></rss>`
	var many strings.Builder
	for range 2000 {
		many.WriteString(` xmlns:n` + strings.Repeat("x", many.Len()%7) + `="u"`)
	}
	for name, data := range map[string]string{
		"nothing": "", "space": " \n ", "text": "Hello", "a page": "<!DOCTYPE html><html><head></head><body><rss></rss></body></html>", "other XML": "<note><to>x</to></note>",
		"other JSON":          `["a"]`,
		"JSON that is broken": `{"version":"https://jsonfeed.org/version/1","items":[`,
		"a picture":           "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00",
		"an entity bomb":      bomb,
		"a parameter bomb":    `<!DOCTYPE r [<!ENTITY % a "x"><!ENTITY b "%a;%a;">]><rss><channel/></rss>`,
		"a file":              `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>`,
		"an address":          `<!DOCTYPE r [<!ENTITY x PUBLIC "a" "http://169.254.169.254/">]><rss><channel><title>&x;</title></channel></rss>`,
		"many entities":       `<!DOCTYPE r [` + strings.Repeat(`<!ENTITY x "y">`, 200) + `]><rss/>`,
		"nesting":             "<rss><channel>" + strings.Repeat("<x:a>", 100_000),
		"nesting in an item":  "<rss><channel><item>" + strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000) + "</item></channel></rss>",
		"namespaces":          "<rss" + many.String() + "><channel>" + strings.Repeat(`<x xmlns="u"/>`, 20_000) + "</channel></rss>",
		"pieces":              "<rss><channel><x:a>" + strings.Repeat("ab<b/>", 100_000) + "</x:a></channel></rss>",
		"nested JSON":         `{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
		"broken at once":      "<rss><channel><title>",
	} {
		_, err := Feed(Input{Name: "the feed", Data: []byte(data)})
		if !errors.Is(err, briefs.ErrInvalid) || !strings.HasPrefix(err.Error(), "the feed: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	// Old feeds name a DTD, which is not fetched, and the names of HTML.
	d := feed(t, "f", `<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd" [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml-lat1.ent"> %HTMLlat1; <!ENTITY desk "The Desk">]><rss version="0.91"><channel><item><title>&eacute;t&eacute;</title></item></channel></rss>`)
	if d.Items[0].Title != "été" {
		t.Errorf("got %+v", d.Items)
	}
}

func TestAlternate(t *testing.T) {
	got := Alternate(Input{URL: "https://desk.example/blog/post", Data: []byte(`<!doctype html><html><head><base href="/base/"><link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" title="All
 posts" href="feed.xml"><link rel=alternate type="application/atom+xml" href="https://other.example/atom"><link rel="alternate" hreflang="de" href="/de">
<link rel="alternate" type="application/rss+xml" href="feed.xml"><link rel="stylesheet" type="application/rss+xml" href="no"><link rel="alternate" type="application/feed+json" href="javascript:x">
</head><body><link rel="alternate" type="application/rss+xml" href="/in-the-body"></body></html>`)})
	want := []Link{{"https://desk.example/base/feed.xml", "application/rss+xml", "All posts"}, {"https://other.example/atom", "application/atom+xml", ""}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestFeedsOfAnotherReader reads what trafilatura's tests read.
func TestFeedsOfAnotherReader(t *testing.T) {
	dir := sharedData(t, "data/extraction/feeds/trafilatura")
	for name, want := range map[string][]string{
		"feed1.atom": {"http://example.org/2003/12/13/atom03", "http://example.org/1000"},
		"feed2.rss":  {"http://www.example.com/blog/post/1"},
		"feed.json":  nil, // 25 pages
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Name: name, Data: data}
		d, err := Feed(in)
		if err != nil || !IsFeed(in) || IsSitemap(in) {
			t.Errorf("%s: %v, a feed: %v, a sitemap: %v", name, err, IsFeed(in), IsSitemap(in))
			continue
		}
		var got []string
		for _, it := range d.Items {
			if it.URL == "" || it.GUID == "" || it.Title == "" || it.Published.IsZero() {
				t.Errorf("%s: got %+v", name, it)
			}
			got = append(got, it.URL)
		}
		if want != nil && !cmp.Equal(want, got) || len(got) == 0 || name == "feed.json" && len(got) != 25 {
			t.Errorf("%s: got %d items, %q", name, len(got), got)
		}
	}
}

// TestFeedsOfAllKinds reads gofeed's cases for telling kinds apart.
func TestFeedsOfAllKinds(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData(t, "data/extraction/feeds/gofeed/parser/universal"), "*"))
	if err != nil || len(files) < 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		d, err := Feed(Input{Name: name, Data: data})
		switch name {
		case "empty_feed.xml", "unknown_feed.xml", "invalid.json":
			if !errors.Is(err, briefs.ErrInvalid) || IsFeed(Input{Data: data}) {
				t.Errorf("%s: got %+v, %v", name, d, err)
			}
		default:
			if err != nil || d.Title == "" {
				t.Errorf("%s: titled %q, %v", name, d.Title, err)
			}
		}
	}
}
