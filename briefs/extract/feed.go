package extract

import (
	"time"
)

// FeedDoc is one read feed: RSS, RDF, Atom or JSON Feed.
type FeedDoc struct {
	Title string
	Home  string     // the page that the feed is of; empty when it names none
	Self  string     // the address that the feed gives as its own
	Moved string     // the address that the feed says it has moved to (itunes:new-feed-url)
	Next  string     // the next, older page of the feed; empty on the last
	Items []FeedItem // in the order of the feed, each GUID once
}

// FeedItem is one item of a feed. All its addresses are absolute wherever the
// address of the feed is known.
type FeedItem struct {
	GUID               string // names the item within its feed, and is never empty
	URL                string // of the page in full; empty when the item names none
	Title              string
	Authors            []string
	Published, Updated time.Time // UTC; zero when unknown or not to be understood
	HTML               string    // the content that the feed has, the longest; it may be an excerpt
	Summary            string    // what the feed says of the content; HTML
	Categories         []string
	Attachments        []Attachment
}

// Attachment is a file that belongs to an item, such as a podcast or a PDF.
type Attachment struct{ URL, Type, Title string }

// Link is an address that a document names.
type Link struct{ URL, Type, Title string }

// IsFeed reports whether in looks like a feed, by its content: a page or a
// document that is sent as one does not become one.
func IsFeed(in Input) bool { return false }

// Feed reads a feed: RSS 0.9 to 2.0, RDF, Atom or JSON Feed. Its errors name
// the feed and the mend and wrap briefs.ErrInvalid.
func Feed(in Input) (FeedDoc, error) { return FeedDoc{}, invalid("%s: is no feed", in.Name) }

// Alternate lists the feeds that the head of a page names, in its order.
func Alternate(in Input) []Link { return nil }
