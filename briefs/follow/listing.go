package follow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
)

// What is asked for first; anything is taken.
const (
	acceptFeed    = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
	acceptSitemap = "application/xml, text/xml, */*;q=0.5"
	acceptPage    = "text/html, application/xhtml+xml, application/pdf, */*;q=0.5"
)

// maxOwn bounds the source's own text of an item, in bytes; of a longer one
// the page alone is read.
const maxOwn = 1 << 20

// maxName bounds the name of an item, in bytes.
const maxName = 500

// listing reads a source that names others, then what is due of them: also
// when the source itself cannot be read.
func (r *reading) listing(ctx context.Context) error {
	resp, err := r.fetchSource(ctx)
	switch {
	case err != nil && stops(ctx, err):
		return err
	case err != nil:
		r.hostFailed(hostOf(cmp.Or(r.c.Moved, r.src.Address)), err)
		r.sourceFailed(ctx, err)
	case resp.NotModified:
		r.hasMoved(ctx, resp.Moved)
	default:
		r.hasMoved(ctx, resp.Moved)
		if r.src.Kind == briefs.SourcePage && !extract.IsFeed(input(resp)) && !extract.IsSitemap(input(resp)) {
			r.c.As = "" // it is a page now
			return r.pageOf(ctx, resp, nil)
		}
		if err := r.take(ctx, resp); err != nil {
			return err
		}
	}
	return r.items(ctx)
}

// fetchSource fetches the source, where it is now.
func (r *reading) fetchSource(ctx context.Context) (fetch.Response, error) {
	q := fetch.Request{URL: r.src.Address, Accept: acceptFeed}
	if r.src.Kind == briefs.SourceSitemap {
		q.Accept = acceptSitemap
	}
	if r.c.Reader == listingVersion {
		q.ETag, q.LastModified = r.c.ETag, r.c.Modified
	}
	if r.c.Moved != "" {
		moved := q
		moved.URL, moved.From = r.c.Moved, r.src.Address
		resp, err := r.get(ctx, moved)
		if !errors.Is(err, briefs.ErrNotFound) || stops(ctx, err) {
			return resp, err
		}
		r.c.Moved = "" // it moved back, or on
	}
	return r.get(ctx, q)
}

// sourceFailed notes that the source could not be fetched. Its documents stay:
// they are there without it.
func (r *reading) sourceFailed(ctx context.Context, err error) {
	r.sourceFault(err)
	now := r.now()
	switch {
	case errors.Is(err, fetch.ErrGone):
		if r.c.Gone.IsZero() {
			r.c.Gone = now
			r.note(ctx, "it is gone for good: take it out of the configuration; its documents stay")
		}
	case errors.Is(err, briefs.ErrNotFound) && r.c.Failures == missingAttempts-1:
		r.note(ctx, "it is not found any more: correct its address or take it out; its documents stay")
	}
	if d := retryAfter(err); d > 0 {
		r.report.Next = now.Add(d)
	}
}

// hasMoved notes where a source is now.
func (r *reading) hasMoved(ctx context.Context, to string) {
	if to == "" || to == r.c.Moved || place(to) == place(r.src.Address) && strings.HasPrefix(r.src.Address, "https:") == strings.HasPrefix(to, "https:") {
		return
	}
	if r.c.As != briefs.SourcePage && isFront(to) && !isFront(r.src.Address) {
		return
	}
	r.c.Moved = to
	r.note(ctx, "it has moved for good and is read at "+to+": change its address there too")
}

// take lists what the source names, and stores that.
func (r *reading) take(ctx context.Context, resp fetch.Response) error {
	in := input(resp)
	var found []briefs.SourceItem
	var err error
	whole := true
	if r.src.Kind == briefs.SourceSitemap || r.src.Kind == briefs.SourcePage && !extract.IsFeed(in) {
		r.c.As = briefs.SourceSitemap
		found, whole, err = r.sitemap(ctx, in)
	} else {
		r.c.As = briefs.SourceFeed
		found, whole, err = r.feed(ctx, in)
	}
	if err != nil {
		if stops(ctx, err) {
			return err
		}
		r.sourceFault(err)
		return nil
	}
	changed, err := r.compare(ctx, found)
	if err != nil {
		return err
	}
	r.c.ETag, r.c.Modified, r.c.Reader = "", "", 0
	if whole { // else what is missing is listed the next time
		r.c.ETag, r.c.Modified, r.c.Reader = resp.ETag, resp.LastModified, listingVersion
	}
	// From here on these items are due, also when this process dies.
	return r.lib.SaveListing(ctx, r.c, changed)
}

// feed lists the items of a feed, oldest first: those of further pages too
// while all that came are new. It reports false when there is more than it
// takes in.
func (r *reading) feed(ctx context.Context, in extract.Input) (found []briefs.SourceItem, whole bool, err error) {
	doc, err := extract.Feed(in)
	if err != nil {
		if links := extract.Alternate(in); len(links) > 0 {
			err = fmt.Errorf("%w; its page names the feed %s", err, links[0].URL)
		}
		return nil, false, err
	}
	r.c.Title = doc.Title
	if doc.Moved != "" {
		r.hasMoved(ctx, doc.Moved)
	}
	items, next, seen := doc.Items, doc.Next, map[string]bool{in.URL: true}
	cut := doc.Cut
	whole = true
	for page := 1; next != "" && !seen[next] && page < r.o.Limits.FeedPages && len(items) < r.o.Limits.Items; page++ {
		known, err := r.lib.SourceItems(ctx, r.src.Key(), "", 1, namesOf(items)...)
		if err != nil {
			return nil, false, err
		}
		if len(known) > 0 && r.c.Reader == listingVersion {
			break // what is older was listed then
		}
		seen[next] = true
		resp, err := r.get(ctx, fetch.Request{URL: next, Accept: acceptFeed, From: in.URL})
		var more extract.FeedDoc
		if err == nil {
			more, err = extract.Feed(input(resp))
		}
		if err != nil {
			if stops(ctx, err) {
				return nil, false, err
			}
			r.fault(next, err)
			whole = false
			break
		}
		items, next = append(items, more.Items...), more.Next
		cut = cut || more.Cut
	}
	if cut {
		whole = false
		r.note(ctx, fmt.Sprintf("it ends early, after %d items: what follows is missing until its owner mends it", len(items)))
	}
	if len(items) > r.o.Limits.Items {
		r.note(ctx, fmt.Sprintf("it lists %d items, of which the first %d are read", len(items), r.o.Limits.Items))
		items = items[:r.o.Limits.Items]
	}
	shared := map[string]int{}
	for i := range items {
		shared[items[i].URL]++
	}
	now := r.now()
	for i := len(items) - 1; i >= 0; i-- {
		it := feedItem(&items[i], now)
		if shared[items[i].URL] > 1 {
			it.Address = "" // not a page of this item
		}
		found = append(found, it)
	}
	return found, whole, nil
}

func namesOf(items []extract.FeedItem) []string {
	names := make([]string, 0, 2*len(items))
	for i := range items {
		names = append(names, itemNameOf(items[i].GUID, items[i].URL))
	}
	return names
}

// itemNameOf is the name of an item of a feed.
func itemNameOf(guid, address string) string {
	name := cmp.Or(strings.TrimSpace(guid), address)
	if len(name) > maxName {
		return digest(name)
	}
	return name
}

var tags = regexp.MustCompile(`<[^>]*>`)

// feedItem is an item of a feed as it is stored.
func feedItem(from *extract.FeedItem, now time.Time) briefs.SourceItem {
	it := briefs.SourceItem{
		Name: itemNameOf(from.GUID, from.URL), Title: strings.Join(strings.Fields(html.UnescapeString(from.Title)), " "),
		Author: strings.Join(from.Authors, ", "), Known: now, Next: now,
	}
	if address, err := Canonical(from.URL); err == nil {
		it.Address = address
	}
	if at := from.Published; !at.IsZero() && at.Before(now.Add(48*time.Hour)) && at.Year() > 1900 {
		it.Published = briefs.Date(at.Format(time.DateOnly))
	}
	own := cmp.Or(from.HTML, from.Summary)
	if len(own) <= maxOwn {
		it.Own = []byte(own)
	}
	// Without what programs put into content anew each time: trackers,
	// addresses of pictures.
	words := strings.Join(strings.Fields(tags.ReplaceAllString(own, " ")), " ")
	it.Stated = digest(it.Title, it.Address, it.Author, from.Published.UTC().Format(time.RFC3339), from.Updated.UTC().Format(time.RFC3339), words)
	return it
}

// sitemap lists the pages of a sitemap and of its parts.
func (r *reading) sitemap(ctx context.Context, in extract.Input) (found []briefs.SourceItem, whole bool, err error) {
	doc, err := extract.Sitemap(in)
	if err != nil {
		return nil, false, err
	}
	whole = !doc.Cut
	now := r.now()
	listed := map[string]bool{}
	add := func(pages []extract.SitemapPage) {
		for _, p := range pages {
			address, err := Canonical(p.URL)
			if err != nil || listed[address] {
				continue
			}
			if len(listed) >= r.o.Limits.SitemapPages {
				whole = false
				return
			}
			listed[address] = true
			it := briefs.SourceItem{Name: address, Address: address, Title: p.Title, Known: now, Next: now}
			if len(address) > maxName {
				it.Name = digest(address)
			}
			if !p.Published.IsZero() && p.Published.Before(now.Add(48*time.Hour)) {
				it.Published = briefs.Date(p.Published.Format(time.DateOnly))
			}
			if !p.Modified.IsZero() {
				it.Stated = digest(p.Modified.UTC().Format(time.RFC3339))
			}
			found = append(found, it)
		}
	}
	add(doc.Pages)
	parts, seen := doc.Maps, map[string]bool{in.URL: true}
	for n := 0; n < len(parts); n++ {
		if n >= r.o.Limits.Sitemaps || len(listed) >= r.o.Limits.SitemapPages {
			whole = false
			break
		}
		if seen[parts[n].URL] {
			continue
		}
		seen[parts[n].URL] = true
		resp, err := r.get(ctx, fetch.Request{URL: parts[n].URL, Accept: acceptSitemap, From: in.URL})
		var part extract.SitemapDoc
		if err == nil {
			part, err = extract.Sitemap(input(resp))
		}
		if err != nil {
			if stops(ctx, err) {
				return nil, false, err
			}
			r.fault(parts[n].URL, err)
			whole = false
			continue
		}
		add(part.Pages)
		whole = whole && !part.Cut
		parts = append(parts, part.Maps[:min(len(part.Maps), r.o.Limits.Sitemaps)]...)
	}
	if len(listed) >= r.o.Limits.SitemapPages || len(parts) > r.o.Limits.Sitemaps {
		r.note(ctx, fmt.Sprintf("it is longer than what is read of it: %d pages of at most %d parts", r.o.Limits.SitemapPages, r.o.Limits.Sitemaps))
	}
	return found, whole, nil
}
