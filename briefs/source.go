package briefs

import (
	"slices"
	"time"
)

// SourceKind is what a source is.
type SourceKind string

// The kinds of sources.
const (
	SourcePath    SourceKind = "path"    // a file or a folder with all in it
	SourcePage    SourceKind = "url"     // one web page or document; read as a feed when it turns out to be one
	SourceFeed    SourceKind = "feed"    // RSS, Atom or JSON Feed
	SourceSitemap SourceKind = "sitemap" // a sitemap, or an index of sitemaps
)

// Source is one origin of documents that the library follows.
type Source struct {
	Kind       SourceKind
	Address    string        // an absolute path or an http(s) address
	Collection string        // where its documents go
	Every      time.Duration // how often it is read; 0 is the default of its kind
}

// Page is the page of d on which offset lies, from 1; 0 when d has no pages.
func (d *Document) Page(offset int) int {
	n, _ := slices.BinarySearch(d.Pages, offset+1)
	return n
}

// Blank lists the pages of d that hold no text, from 1: pictures of pages, or
// nothing.
func (d *Document) Blank() []int {
	var blank []int
	for i, at := range d.Pages {
		end := len(d.Text)
		if i+1 < len(d.Pages) {
			end = d.Pages[i+1]
		}
		if at == end {
			blank = append(blank, i+1)
		}
	}
	return blank
}
