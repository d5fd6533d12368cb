package briefs

import "time"

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
