package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// rawFeed is a feed in the form common to all formats and in its own; only
// one of the latter is set.
type rawFeed struct {
	common *gofeed.Feed
	rss    *rss.Feed
	atom   *atom.Feed
	json   *jsonfeed.Feed
	cut    bool
	people []string // the authors of the feed: of items that name none of their own
}

func parseJSONFeed(text string) (r rawFeed, err error) {
	if r.json, err = (&jsonfeed.Parser{}).Parse(strings.NewReader(text)); err != nil {
		return r, err
	}
	items := r.json.Items[:0]
	for _, it := range r.json.Items {
		if it != nil {
			items = append(items, it)
		}
	}
	r.json.Items = items
	r.json.Authors = authorsOf(r.json.Authors)
	for _, it := range items {
		it.Authors = authorsOf(it.Authors)
	}
	r.common, err = (&gofeed.DefaultJSONTranslator{}).Translate(r.json)
	return r, err
}

// authorsOf drops the holes of a list of authors; nil stays nil.
func authorsOf(list []*jsonfeed.Author) []*jsonfeed.Author {
	var out []*jsonfeed.Author
	for _, a := range list {
		if a != nil {
			out = append(out, a)
		}
	}
	return out
}

// parseXMLFeed reads text, which begins with its first element, of the local
// name root. A feed that breaks off is read up to its last whole item.
func parseXMLFeed(text, root string) (rawFeed, error) {
	r, err := parseXML(text, root)
	if err == nil {
		return r, nil
	}
	whole := text
	for range 3 { // the last item may be what is broken
		i := max(strings.LastIndex(whole, "</item>"), strings.LastIndex(whole, "</entry>"))
		if i < 0 {
			break
		}
		whole = whole[:i]
		end := i + strings.IndexByte(text[i:], '>') + 1
		if r, again := parseXML(text[:end]+closing(text[:end]), root); again == nil && len(r.common.Items) > 0 {
			r.cut = true
			return r, nil
		}
	}
	return r, err
}

// closing returns the tags that close what text leaves open.
func closing(text string) string {
	var stack xmlStack
	s := xmlScanner{text: text}
	for {
		switch kind, from, to := s.next(); kind {
		case xmlNothing:
			var b strings.Builder
			for _, e := range slices.Backward(stack.open) {
				b.WriteString("</" + e.name + ">")
			}
			return b.String()
		case xmlStart:
			stack.push(xmlElement{name: tagName(text[from+1 : to])})
		case xmlEnd:
			stack.pop(endName(text[from:to]))
		}
	}
}

func parseXML(text, root string) (r rawFeed, err error) {
	if root == "feed" {
		if r.atom, err = (&atom.Parser{}).Parse(strings.NewReader(text)); err != nil {
			return r, err
		}
		r.common, err = (&gofeed.DefaultAtomTranslator{}).Translate(r.atom)
		return r, err
	}
	if r.rss, err = (&rss.Parser{}).Parse(strings.NewReader(text)); err != nil {
		return r, err
	}
	// Pictures are looked for in the texts of all items otherwise.
	r.common, err = (&gofeed.DefaultRSSTranslator{DisableContentImageScan: true}).Translate(r.rss)
	return r, err
}

// doc is what of the feed is of use.
func (r *rawFeed) doc(in Input) FeedDoc {
	base, _ := url.Parse(in.URL)
	if base != nil && base.Host == "" {
		base = nil
	}
	d := FeedDoc{Title: plainLine(r.common.Title), Home: absolute(base, r.common.Link), Self: absolute(base, r.common.FeedLink), Cut: r.cut}
	if base == nil {
		if home, err := url.Parse(d.Home); err == nil && home.Host != "" {
			base = home
		}
	}
	if x := r.common.ITunesExt; x != nil {
		d.Moved = absolute(base, x.NewFeedURL)
	}
	d.Next = absolute(base, r.next())
	r.people = r.authors()
	d.Items = make([]FeedItem, 0, min(len(r.common.Items), maxItems))
	for i, it := range r.common.Items {
		if i == maxItems {
			d.Cut = true
			break
		}
		d.Items = append(d.Items, r.item(i, it, base))
	}
	d.Items = nameOnce(d.Items)
	return d
}

// next is the address of the next, older page of the feed.
func (r *rawFeed) next() string {
	if r.json != nil {
		return r.json.NextURL
	}
	links := map[string]string{}
	if r.atom != nil {
		for _, l := range r.atom.Links {
			links[l.Rel] = first(links[l.Rel], l.Href)
		}
	}
	if r.rss != nil {
		for _, l := range r.rss.Extensions["atom"]["link"] {
			links[l.Attrs["rel"]] = first(links[l.Attrs["rel"]], l.Attrs["href"])
		}
	}
	return first(links["next"], links["prev-archive"])
}

// authors are those of the feed as a whole; RSS has none that would be those
// of its items.
func (r *rawFeed) authors() []string {
	var out []string
	switch {
	case r.atom != nil:
		for _, p := range r.atom.Authors {
			out = addLine(out, p.Name)
		}
	case r.json != nil:
		for _, a := range r.json.Authors {
			out = addLine(out, a.Name)
		}
		if len(out) == 0 && r.json.Author != nil {
			out = addLine(out, r.json.Author.Name)
		}
	}
	return slices.Clip(out)
}

func (r *rawFeed) item(i int, it *gofeed.Item, base *url.URL) FeedItem {
	f := FeedItem{
		GUID: oneLine(tidyText(it.GUID)), URL: absolute(base, it.Link), Title: plainLine(it.Title),
		HTML: tidyText(it.Content), Summary: tidyText(it.Description),
		Published: feedTime(it.Published, it.PublishedParsed), Updated: feedTime(it.Updated, it.UpdatedParsed),
	}
	if origin := extensionOf(it, "feedburner", "origLink"); origin != "" {
		f.URL = first(absolute(nil, origin), f.URL)
	}
	switch {
	case r.rss != nil:
		r.rssItem(r.rss.Items[i], it, base, &f)
	case r.atom != nil && i < len(r.atom.Entries):
		r.atomItem(r.atom.Entries[i], base, &f)
	case r.json != nil:
		r.jsonItem(r.json.Items[i], base, &f)
	}
	for _, p := range it.Authors {
		f.Authors = addLine(f.Authors, p.Name)
	}
	for _, c := range it.Categories {
		f.Categories = addLine(f.Categories, c)
	}
	for _, e := range it.Enclosures {
		f.attach(base, e.URL, e.Type, "")
	}
	media := it.Extensions["media"]
	f.media(media, base)
	for _, g := range media["group"] {
		f.media(g.Children, base)
	}
	if len(f.Summary) > len(f.HTML) {
		f.HTML = f.Summary
	}
	if f.GUID == "" || len(f.GUID) > 2048 {
		f.GUID = derived(f)
	}
	return f
}

func extensionOf(it *gofeed.Item, space, name string) string {
	for _, e := range it.Extensions[space][name] {
		return e.Value
	}
	return ""
}

// media takes the elements of Media RSS: files, and what is said of them.
func (f *FeedItem) media(elements map[string][]ext.Extension, base *url.URL) {
	for _, c := range elements["content"] {
		if c.Attrs["medium"] != "image" && !strings.HasPrefix(c.Attrs["type"], "image/") {
			f.attach(base, c.Attrs["url"], c.Attrs["type"], "")
		}
	}
	for _, e := range elements["description"] {
		f.Summary = first(f.Summary, tidyText(e.Value))
	}
	for _, e := range elements["title"] {
		f.Title = first(f.Title, plainLine(e.Value))
	}
}

func (r *rawFeed) rssItem(item *rss.Item, it *gofeed.Item, base *url.URL, f *FeedItem) {
	if f.URL == "" && item.GUID != nil && item.GUID.IsPermalink != "false" && webAddress(item.GUID.Value) != "" {
		f.URL = absolute(base, item.GUID.Value)
	}
	if dc := it.DublinCoreExt; dc != nil {
		for _, name := range append(append([]string{}, dc.Author...), dc.Creator...) {
			f.Authors = addLine(f.Authors, personName(name))
		}
	}
	if len(it.Authors) == 1 && it.Authors[0].Name == "" {
		f.Authors = addLine(f.Authors, personName(item.Author))
	}
}

func (r *rawFeed) atomItem(e *atom.Entry, base *url.URL, f *FeedItem) {
	if e.Content != nil {
		if e.Content.Type == "" || e.Content.Type == "text" || e.Content.Type == "text/plain" {
			f.HTML = plainHTML(f.HTML)
		}
		f.URL = first(f.URL, absolute(base, e.Content.Src))
	}
	for _, l := range e.Links {
		switch {
		case l.Rel == "enclosure":
			f.attach(base, l.Href, l.Type, l.Title)
		case l.Rel == "self" || l.Rel == "":
			f.URL = first(f.URL, absolute(base, l.Href))
		}
	}
	people := e.Authors
	if len(people) == 0 && e.Source != nil {
		people = e.Source.Authors
	}
	for _, p := range people {
		f.Authors = addLine(f.Authors, p.Name)
	}
	if len(people) == 0 { // RFC 4287, 4.2.1
		f.Authors = r.people
	}
}

func (r *rawFeed) jsonItem(it *jsonfeed.Item, base *url.URL, f *FeedItem) {
	if it.ContentHTML == "" {
		f.HTML = plainHTML(f.HTML)
	}
	f.Summary = html.EscapeString(f.Summary)
	f.URL = first(f.URL, absolute(base, it.ExternalURL), webAddress(it.ID))
	if it.Attachments != nil {
		for _, a := range *it.Attachments {
			f.attach(base, a.URL, a.MimeType, a.Title)
		}
	}
	if it.Authors == nil && it.Author == nil {
		f.Authors = r.people
	}
}

// attach adds a file, each address once.
func (f *FeedItem) attach(base *url.URL, address, kind, title string) {
	address = absolute(base, address)
	if address == "" || len(f.Attachments) >= 100 {
		return
	}
	for _, a := range f.Attachments {
		if a.URL == address {
			return
		}
	}
	f.Attachments = append(f.Attachments, Attachment{URL: address, Type: oneLine(tidyText(kind)), Title: plainLine(title)})
}

// addLine adds a name to a list, each once.
func addLine(list []string, s string) []string {
	s = plainLine(s)
	if s == "" || slices.Contains(list, s) || len(list) >= 200 {
		return list
	}
	return append(list, s)
}

// derived names an item that has no name of its own: by its address, else by
// what it says. It stays the same as long as that does.
func derived(f FeedItem) string {
	if f.GUID == "" && f.URL != "" {
		return f.URL
	}
	h := sha256.New()
	for _, s := range []string{f.GUID, f.Title, f.Published.UTC().Format(time.RFC3339)} {
		h.Write([]byte(s + "\n"))
	}
	if f.GUID == "" && f.Title == "" && f.Published.IsZero() {
		h.Write([]byte(f.HTML))
		for _, a := range f.Attachments {
			h.Write([]byte(a.URL + "\n"))
		}
	}
	return "derived:" + hex.EncodeToString(h.Sum(nil)[:16])
}

// nameOnce drops items that are there twice, by GUID. Where a feed names
// different pages alike, their addresses become part of the names.
func nameOnce(items []FeedItem) []FeedItem {
	address := map[string]string{} // by GUID
	alike := map[string]bool{}     // the GUIDs of different pages
	for _, it := range items {
		if before, has := address[it.GUID]; has && before != it.URL {
			alike[it.GUID] = true
		}
		address[it.GUID] = it.URL
	}
	seen := map[string]bool{}
	out := items[:0]
	for _, it := range items {
		if alike[it.GUID] && it.URL != "" {
			it.GUID += " " + it.URL
		}
		if !seen[it.GUID] {
			seen[it.GUID] = true
			out = append(out, it)
		}
	}
	return out
}
