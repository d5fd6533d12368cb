package extract

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxItems is how many items are read of one feed, and how many entries of one
// sitemap. The protocol of sitemaps allows half of it.
const maxItems = 100_000

// FeedDoc is one read feed: RSS, RDF, Atom or JSON Feed.
type FeedDoc struct {
	Title string
	Home  string     // the page that the feed is of; empty when it names none
	Self  string     // the address that the feed gives as its own
	Moved string     // the address that the feed says it has moved to (itunes:new-feed-url)
	Next  string     // the next, older page of the feed; empty on the last
	Cut   bool       // the feed ended early: what came after the last of Items is missing
	Items []FeedItem // in the order of the feed, each GUID once
}

// FeedItem is one item of a feed. Its addresses are absolute wherever that of
// the feed is known, and of http or https.
type FeedItem struct {
	GUID               string // names the item within its feed, and is never empty
	URL                string // of the page in full; empty when the item names none
	Title              string // plain text
	Authors            []string
	Published, Updated time.Time // in the zone that the feed gives; zero when unknown or not to be understood
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
func IsFeed(in Input) bool {
	head := headText(in.Data)
	if strings.HasPrefix(head, "{") {
		return strings.Contains(strings.ReplaceAll(head, `\/`, "/"), "jsonfeed.org/version")
	}
	_, root := xmlRoot(head)
	return isFeedRoot(root)
}

func isFeedRoot(root string) bool {
	switch localName(root) {
	case "rss", "rdf", "feed":
		return true
	}
	return false
}

// Feed reads a feed: RSS 0.9 to 2.0, RDF, Atom or JSON Feed. Its errors name
// the feed and the mend and wrap briefs.ErrInvalid: it is no feed, is broken
// before its first item, or is made to exhaust who reads it.
func Feed(in Input) (FeedDoc, error) {
	text, ok := feedText(in)
	if !ok || text == "" {
		return FeedDoc{}, invalid("%s: is no feed: check the address", in.Name)
	}
	var (
		r   rawFeed
		err error
	)
	switch {
	case text[0] == '{':
		if !json.Valid([]byte(text)) {
			return FeedDoc{}, invalid("%s: is no feed, or a JSON feed that is broken: check the address, or tell its owner", in.Name)
		}
		r, err = parseJSONFeed(text)
	case text[0] == '<':
		start, root := xmlRoot(text)
		if !isFeedRoot(root) {
			return FeedDoc{}, invalid("%s: is no feed: check the address", in.Name)
		}
		if err := checkXML(text, start); err != nil {
			return FeedDoc{}, invalid("%s: %v: it is not read; tell its owner", in.Name, err)
		}
		r, err = parseXMLFeed(text[start:], localName(root))
	default:
		return FeedDoc{}, invalid("%s: is no feed: check the address", in.Name)
	}
	if err != nil {
		return FeedDoc{}, invalid("%s: is a feed that is broken (%s): tell its owner", in.Name, oneLine(strings.ToValidUTF8(err.Error(), "\uFFFD")))
	}
	return r.doc(in), nil
}

// feedText is the text of a feed or a sitemap without a byte order mark and
// without space before its first character; ok is false for binary content.
func feedText(in Input) (text string, ok bool) {
	data := in.Data
	_, wide := looksUTF16(data)
	if !wide && !bytes.HasPrefix(data, []byte("\xff\xfe")) && !bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = dropControls(data)
	}
	declared := xmlEncoding(data)
	if declared == "" {
		if _, params, err := mime.ParseMediaType(in.Type); err == nil {
			declared = params["charset"]
		}
	}
	text, ok = decode(data, declared)
	if strings.Contains(text, "&#") {
		text = charRef.ReplaceAllStringFunc(text, legalRef)
	}
	return strings.TrimSpace(text), ok
}

var charRef = regexp.MustCompile(`&#(?:[xX][0-9a-fA-F]+|[0-9]+);`)

// legalRef drops a reference to a character that XML does not have, such as
// a control character or half of one beyond the first plane.
func legalRef(ref string) string {
	number, base := ref[2:len(ref)-1], 10
	if number[0] == 'x' || number[0] == 'X' {
		number, base = number[1:], 16
	}
	n, err := strconv.ParseUint(number, base, 32)
	if err != nil || n < ' ' && n != '\t' && n != '\n' && n != '\r' || !utf8.ValidRune(rune(n)) || n == 0xfffe || n == 0xffff {
		return ""
	}
	return ref
}

// dropControls drops bytes that no text has in any encoding of bytes, and that
// XML forbids; broken exports leave them.
func dropControls(data []byte) []byte {
	control := func(b byte) bool { return b < ' ' && b != '\t' && b != '\n' && b != '\r' }
	if !slices.ContainsFunc(data, control) {
		return data
	}
	return slices.DeleteFunc(bytes.Clone(data), control)
}

// headText is the beginning of a text, enough to know its format by.
func headText(data []byte) string {
	text, _ := feedText(Input{Data: data[:min(len(data), 64<<10)&^1]})
	return text
}

var encodingDecl = regexp.MustCompile(`^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// xmlEncoding is what the XML declaration says of the encoding.
func xmlEncoding(data []byte) string {
	head := bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte(bomUTF8)))
	if m := encodingDecl.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}

// Alternate lists the feeds that the head of a page names, in its order.
func Alternate(in Input) []Link {
	text, ok := decode(in.Data[:min(len(in.Data), 1<<20)], declaredCharset(in.Data))
	if !ok {
		return nil
	}
	base, _ := url.Parse(in.URL)
	var out []Link
	seen := map[string]bool{}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(1 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "body", "article":
				return out
			case "base", "link":
			default:
				continue
			}
			attr := map[string]string{}
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				if _, has := attr[string(k)]; !has {
					attr[string(k)] = string(v)
				}
			}
			if string(name) == "base" {
				if b := absolute(base, attr["href"]); b != "" {
					base, _ = url.Parse(b)
				}
				continue
			}
			kind, _, _ := strings.Cut(strings.ToLower(attr["type"]), ";")
			kind = strings.TrimSpace(kind)
			rel := strings.Fields(strings.ToLower(attr["rel"]))
			address := absolute(base, attr["href"])
			if isFeedType(kind) && slices.Contains(rel, "alternate") && address != "" && !seen[address] && len(out) < 100 {
				seen[address] = true
				out = append(out, Link{URL: address, Type: kind, Title: oneLine(attr["title"])})
			}
		}
	}
}

func isFeedType(kind string) bool {
	switch kind {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json", "text/xml", "application/xml":
		return true
	}
	return false
}

// absolute makes the address s absolute by base, which may be nil. It is empty
// when the result is no address of http or https and base is known.
func absolute(base *url.URL, s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\n", ""), "\t", ""))
	if s == "" || len(s) > 8<<10 {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	if base != nil && base.Host != "" {
		u = base.ResolveReference(u)
	}
	switch {
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Host == "" {
			return ""
		}
	case u.Scheme != "" || u.Opaque != "":
		return ""
	}
	return u.String()
}
