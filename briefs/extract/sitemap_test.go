package extract

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"briefdesk/briefs"

	"github.com/google/go-cmp/cmp"
)

func packed(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func TestSitemap(t *testing.T) {
	const pages = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://desk.example/a?x=1&amp;y=2 </loc><lastmod>2031-05-03T10:00:00+02:00</lastmod><image:image><image:loc>https://desk.example/a.png</image:loc></image:image></url>
<url><image:image><image:loc>https://desk.example/b.png</image:loc></image:image><loc><![CDATA[/b]]></loc><lastmod>soon</lastmod>
<news:news><news:publication><news:name>The Desk</news:name></news:publication><news:publication_date>2031-05-02</news:publication_date><news:title>Grain &amp;amp; prices</news:title></news:news></url>
<url><loc>https://desk.example/b</loc></url><url><loc>javascript:alert(1)</loc></url><url/><url><lastmod>2031-01-01</lastmod></url>
</urlset>`
	want := SitemapDoc{Pages: []SitemapPage{
		{URL: "https://desk.example/a?x=1&y=2", Modified: time.Date(2031, 5, 3, 10, 0, 0, 0, time.FixedZone("", 7200))},
		{URL: "https://desk.example/b", Title: "Grain & prices", Published: day(5, 2, 0, 0)},
	}}
	for name, data := range map[string][]byte{"plain": []byte(pages), "packed": packed([]byte(pages)), "marked": []byte("\xef\xbb\xbf" + pages)} {
		in := Input{Name: name, URL: "https://desk.example/sitemap.xml", Data: data}
		got, err := Sitemap(in)
		if err != nil || !IsSitemap(in) || IsFeed(in) {
			t.Errorf("%s: %v, a sitemap: %v", name, err, IsSitemap(in))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	cut := want
	cut.Cut = true
	for name, data := range map[string]string{"cut": pages[:strings.Index(pages, "<url><loc>https://desk.example/b<")], "broken": strings.Replace(pages, "<url/>", "<url><1>", 1)} {
		got, err := Sitemap(Input{Name: name, URL: "https://desk.example/sitemap.xml", Data: []byte(data)})
		if d := cmp.Diff(cut, got); err != nil || d != "" {
			t.Errorf("%s: %v, %s", name, err, d)
		}
	}
	text := Input{Name: "text", Data: []byte("https://desk.example/a\r\nhttps://desk.example/b\n\nhttps://desk.example/a\nnonsense\n")}
	if got, err := Sitemap(text); err != nil || len(got.Pages) != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	if IsSitemap(text) || !IsSitemap(Input{Data: []byte("https://desk.example/a\nhttps://desk.example/b\n")}) || IsSitemap(Input{Data: []byte("https://desk.example/a")}) || IsSitemap(Input{}) {
		t.Error("a text is a sitemap when all its lines are addresses, and there are several")
	}
}

func TestSitemapsThatAreRefused(t *testing.T) {
	for name, data := range map[string]string{
		"nothing": "", "a page": "<!DOCTYPE html><html></html>", "text": "Hello\nWorld", "a feed": "<rss><channel/></rss>",
		"packed wrongly": "\x1f\x8b\x08nonsense", "a bomb": string(bytes.Repeat(packed(make([]byte, 1<<20)), 100)),
		"an entity bomb": `<!DOCTYPE u [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><urlset/>`,
		"nesting":        "<urlset>" + strings.Repeat("<url>", 100_000), "broken at once": "<urlset><1",
	} {
		if _, err := Sitemap(Input{Name: "the map", Data: []byte(data)}); !errors.Is(err, briefs.ErrInvalid) || !strings.HasPrefix(err.Error(), "the map: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	var many strings.Builder
	many.WriteString("<urlset>")
	for i := range maxItems + 10 {
		many.WriteString("<url><loc>http://e.example/" + strings.Repeat("x", i%5) + string(rune('a'+i%26)) + time.Duration(i).String() + "</loc></url>")
	}
	if d, err := Sitemap(Input{Name: "m", Data: []byte(many.String() + "</urlset>")}); err != nil || len(d.Pages) != maxItems || !d.Cut {
		t.Errorf("got %d pages, cut: %v, %v", len(d.Pages), d.Cut, err)
	}
}

// TestSitemapsOfAnotherReader reads what trafilatura's tests read.
func TestSitemapsOfAnotherReader(t *testing.T) {
	dir := sharedData(t, "data/extraction/feeds/trafilatura")
	read := func(name string) SitemapDoc {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Name: name, Data: data}
		d, err := Sitemap(in)
		if err != nil || !IsSitemap(in) || d.Cut {
			t.Errorf("%s: %v, a sitemap: %v, cut: %v", name, err, IsSitemap(in), d.Cut)
		}
		return d
	}
	plain, zipped := read("sitemap.xml"), read("sitemap.xml.gz")
	if d := cmp.Diff(plain, zipped); d != "" || len(plain.Pages) != 84 || plain.Pages[0].URL != "https://www.sitemaps.org/" || plain.Pages[0].Modified.Format("2006-01-02") != "2016-11-21" {
		t.Errorf("got %d and %d pages: %s", len(plain.Pages), len(zipped.Pages), d)
	}
	index := read("sitemap2.xml")
	if len(index.Pages) != 0 || len(index.Maps) != 2 || index.Maps[1].URL != "http://www.example.com/sitemap2.xml.gz" || index.Maps[0].Modified.IsZero() {
		t.Errorf("got %+v", index)
	}
	if langs := read("sitemap-hreflang.xml"); len(langs.Pages) != 3 || langs.Pages[1].URL != "http://www.example.com/deutsch/page.html" {
		t.Errorf("got %+v", langs)
	}
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>T</title><link>http://e.example/</link><atom:link rel="next" href="?2"/><item><title>A &amp;lt; b</title><link>/a</link><guid>1</guid><pubDate>Sat, 03 May 2031 10:20:30 EST</pubDate><description>D</description><media:group><media:content url="x"/></media:group></item></channel></rss>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.example/"><entry><id>1</id><link href="a"/><content type="xhtml"><div>x</div></content><updated>2031-05-03</updated></entry></feed>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"content_text":"x","authors":[{"name":"A"}],"attachments":[{"url":"/f"}]}]}`))
	f.Add([]byte(`<!DOCTYPE r [<!ENTITY a "b">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><title>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := Input{Name: "f", URL: "https://desk.example/feed", Data: data}
		d, err := Feed(in)
		IsFeed(in)
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "f: ") || !errors.Is(err, briefs.ErrInvalid) {
				t.Fatalf("error %q", err)
			}
			return
		}
		again, err := Feed(in)
		if err != nil || !cmp.Equal(d, again) {
			t.Fatal("the same bytes gave another feed")
		}
		seen := map[string]bool{}
		for _, it := range d.Items {
			if it.GUID == "" || seen[it.GUID] {
				t.Fatalf("an item is named %q", it.GUID)
			}
			seen[it.GUID] = true
			if it.URL != "" && webAddress(it.URL) == "" {
				t.Fatalf("an item is at %q", it.URL)
			}
			for _, s := range append([]string{it.GUID, it.URL, it.Title}, append(it.Authors, it.Categories...)...) {
				if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\x00\x1b") {
					t.Fatalf("%q is not one clean line", s)
				}
			}
			if !utf8.ValidString(it.HTML+it.Summary) || strings.ContainsAny(it.HTML+it.Summary, "\x00\x1b") {
				t.Fatalf("%q is not clean", it.HTML)
			}
		}
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/a</loc><lastmod>2031-05-03</lastmod></url></urlset>`))
	f.Add([]byte(`<sitemapindex><sitemap><loc><![CDATA[http://e.example/x.gz]]></loc></sitemap></sitemapindex>`))
	f.Add([]byte("http://e.example/a\nhttp://e.example/b\n"))
	f.Add(packed([]byte("<urlset><url><loc>http://e.example/</loc></url></urlset>")))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := Input{Name: "f", URL: "https://desk.example/sitemap.xml", Data: data}
		d, err := Sitemap(in)
		IsSitemap(in)
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "f: ") || !errors.Is(err, briefs.ErrInvalid) {
				t.Fatalf("error %q", err)
			}
			return
		}
		seen := map[string]bool{}
		for _, p := range append(d.Pages, d.Maps...) {
			if webAddress(p.URL) == "" || seen[p.URL] {
				t.Fatalf("a page is at %q", p.URL)
			}
			seen[p.URL] = true
		}
	})
}
