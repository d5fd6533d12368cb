package extract

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"
)

// maxSitemap bounds a sitemap after unpacking, in bytes. The protocol allows
// 50 MB.
const maxSitemap = 64 << 20

// SitemapDoc is one read sitemap: a list of pages, or of further sitemaps.
type SitemapDoc struct {
	Pages []SitemapPage // in the order of the sitemap, each address once
	Maps  []SitemapPage // further sitemaps that an index names
	Cut   bool          // the sitemap ended early, or names more than is read
}

// SitemapPage is one entry of a sitemap.
type SitemapPage struct {
	URL       string
	Modified  time.Time // in the zone that the sitemap gives; zero when unknown
	Title     string    // of a news sitemap
	Published time.Time // of a news sitemap, likewise
}

// IsSitemap reports whether in looks like a sitemap, by its content.
func IsSitemap(in Input) bool {
	data := in.Data
	if bytes.HasPrefix(data, []byte("\x1f\x8b")) {
		data, _ = unpackSitemap(data, 64<<10)
	}
	head := headText(data)
	_, root := xmlRoot(head)
	switch localName(root) {
	case "urlset", "sitemapindex":
		return true
	}
	lines := strings.SplitN(head, "\n", 12)
	if len(lines) > 11 {
		lines = lines[:11]
	}
	n := 0
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			if webAddress(l) == "" || strings.ContainsAny(l, " \t<") {
				return false
			}
			n++
		}
	}
	return n > 1
}

// Sitemap reads a sitemap or an index of sitemaps: XML, XML packed by gzip, or
// a text of one address a line. Its errors name the sitemap and the mend and
// wrap briefs.ErrInvalid.
func Sitemap(in Input) (SitemapDoc, error) {
	if bytes.HasPrefix(in.Data, []byte("\x1f\x8b")) {
		data, err := unpackSitemap(in.Data, maxSitemap)
		if len(data) == 0 && err != nil {
			return SitemapDoc{}, invalid("%s: is packed wrongly: tell its owner", in.Name)
		}
		if len(data) > maxSitemap {
			return SitemapDoc{}, invalid("%s: is above the %d MB limit when unpacked: name a part of it", in.Name, maxSitemap>>20)
		}
		in.Data = data
	}
	text, ok := feedText(in)
	if !ok || text == "" {
		return SitemapDoc{}, invalid("%s: is no sitemap: check the address", in.Name)
	}
	r := sitemapReader{seen: map[string]bool{}}
	if base, err := url.Parse(in.URL); err == nil {
		r.base = base
	}
	if text[0] != '<' {
		r.lines(text)
		if len(r.doc.Pages) == 0 {
			return SitemapDoc{}, invalid("%s: is no sitemap: check the address", in.Name)
		}
		return r.doc, nil
	}
	start, root := xmlRoot(text)
	if name := localName(root); name != "urlset" && name != "sitemapindex" {
		return SitemapDoc{}, invalid("%s: is no sitemap: check the address", in.Name)
	}
	if err := checkXML(text, start); err != nil {
		return SitemapDoc{}, invalid("%s: %v: it is not read; tell its owner", in.Name, err)
	}
	if err := r.xml(text[start:]); err != nil {
		if len(r.doc.Pages)+len(r.doc.Maps) == 0 {
			return SitemapDoc{}, invalid("%s: is a sitemap that is broken (%s): tell its owner", in.Name, oneLine(strings.ToValidUTF8(err.Error(), "\uFFFD")))
		}
		r.doc.Cut = true
	}
	return r.doc, nil
}

// unpackSitemap unpacks at most one byte more than limit. What was unpacked
// before an error is returned with it.
func unpackSitemap(data []byte, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, limit+1))
}

// sitemapReader gathers the entries of one sitemap.
type sitemapReader struct {
	base *url.URL
	doc  SitemapDoc
	seen map[string]bool
}

func (r *sitemapReader) add(p SitemapPage, index bool) {
	if p.URL = absolute(r.base, p.URL); p.URL == "" || r.seen[p.URL] {
		return
	}
	if len(r.seen) >= maxItems {
		r.doc.Cut = true
		return
	}
	r.seen[p.URL] = true
	if index {
		r.doc.Maps = append(r.doc.Maps, p)
	} else {
		r.doc.Pages = append(r.doc.Pages, p)
	}
}

func (r *sitemapReader) lines(text string) {
	sc := bufio.NewScanner(strings.NewReader(text))
	for sc.Scan() {
		if l := strings.TrimSpace(sc.Text()); webAddress(l) != "" && !strings.ContainsAny(l, " \t<") {
			r.add(SitemapPage{URL: l}, false)
		}
	}
	r.doc.Cut = r.doc.Cut || sc.Err() != nil // a line beyond any address
}

// xml reads the elements that count: loc and lastmod of each url or sitemap,
// not those of pictures and videos, and what news sitemaps add.
func (r *sitemapReader) xml(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	var (
		page  SitemapPage
		in    []string // the open elements within url or sitemap
		value strings.Builder
		entry string // url or sitemap while in one
	)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			name := strings.ToLower(t.Name.Local)
			switch {
			case entry == "" && (name == "url" || name == "sitemap"):
				entry, page, in = name, SitemapPage{}, in[:0]
			case entry != "":
				in = append(in, name)
			}
			value.Reset()
		case xml.CharData:
			if entry != "" && value.Len() < 16<<10 {
				value.Write(t)
			}
		case xml.EndElement:
			if entry == "" {
				continue
			}
			if len(in) == 0 {
				r.add(page, entry == "sitemap")
				entry = ""
				continue
			}
			v := tidyText(value.String())
			switch strings.Join(in[:min(len(in), 3)], "/") { // deeper ones are none of these
			case "loc":
				page.URL = first(page.URL, v)
			case "lastmod":
				page.Modified = feedTime(v, nil)
			case "news/title":
				page.Title = plainLine(v)
			case "news/publication_date":
				page.Published = feedTime(v, nil)
			}
			in = in[:len(in)-1]
			value.Reset()
		}
	}
}
