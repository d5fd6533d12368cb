package follow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/ingest"
)

// itemsAtOnce is how many due items are held at a time.
const itemsAtOnce = 50

// hostDown is how many requests in turn a host may leave without an answer
// before the rest of its items wait.
const hostDown = 3

// items reads the items that are due, each on its own: one that fails stops no
// other.
func (r *reading) items(ctx context.Context) error {
	now := r.now()
	var err error
	if r.total, err = r.lib.CountDue(ctx, r.src.Key(), now, r.eager); err != nil {
		return err
	}
	most := r.o.Limits.Reads
	if !r.eager {
		most = min(most, r.o.Limits.Turn)
	}
	tried, failing := map[string]bool{}, 0 // what fails is still to be had with eager
	for read := 0; read < most && r.bytes < r.o.Limits.Bytes; {
		due, err := r.lib.DueItems(ctx, r.src.Key(), now, r.eager, itemsAtOnce+failing)
		if err != nil {
			return err
		}
		due = slices.DeleteFunc(due, func(it briefs.SourceItem) bool { return tried[it.Name] })
		if len(due) == 0 {
			break
		}
		for i := range due {
			if read >= most || r.bytes >= r.o.Limits.Bytes {
				break
			}
			read++
			r.done++
			tried[due[i].Name] = true
			if err := r.item(ctx, &due[i]); err != nil {
				return err
			}
			if due[i].Failures > 0 {
				failing++
			}
		}
	}
	left, err := r.lib.CountDue(ctx, r.src.Key(), now, false)
	if err != nil {
		return err
	}
	r.report.Waiting += left
	return nil
}

// item reads one item.
func (r *reading) item(ctx context.Context, it *briefs.SourceItem) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if it.Address == "" {
		return r.ownText(ctx, it, nil)
	}
	host := hostOf(it.Address)
	if until, ok := r.busy[host]; ok {
		it.Next = until // not a failure of its own
		r.progress(it.Address, "")
		return r.save(ctx, it, nil, nil)
	}
	resp, err := r.get(ctx, r.request(it))
	if err != nil && !stops(ctx, err) {
		r.hostFailed(host, err)
	} else {
		delete(r.down, host)
	}
	return r.handle(ctx, it, resp, err)
}

// request asks for an item; unless something stands in the way of taking the
// answer for no news.
func (r *reading) request(it *briefs.SourceItem) fetch.Request {
	q := fetch.Request{URL: it.Address, Accept: acceptPage, From: r.src.Address}
	if it.Document != "" && !it.Gone && len(it.Own) == 0 && !r.o.Revive {
		q.ETag, q.LastModified = it.ETag, it.Modified
	}
	return q
}

// hostFailed leaves a host alone that asks for it, or does not answer.
func (r *reading) hostFailed(host string, err error) {
	if !errors.Is(err, briefs.ErrUnavailable) {
		delete(r.down, host)
		return
	}
	wait := retryAfter(err)
	r.down[host]++
	if wait == 0 && r.down[host] >= hostDown {
		wait = itemRetry
	}
	if wait > 0 {
		r.busy[host] = r.now().Add(wait)
	}
}

// handle does with an item what its answer asks for.
func (r *reading) handle(ctx context.Context, it *briefs.SourceItem, resp fetch.Response, err error) error {
	if err != nil {
		if stops(ctx, err) {
			return err
		}
		return r.failed(ctx, it, err)
	}
	if resp.NotModified {
		return r.unchanged(ctx, it, resp)
	}
	if err := r.astray(ctx, it, resp); err != nil {
		if stops(ctx, err) {
			return err
		}
		return r.failed(ctx, it, err)
	}
	parts, notes, lacks, err := r.parts(ctx, resp)
	if err != nil {
		return err
	}
	if lacks != nil && it.Document != "" && !it.Gone && !it.OwnUsed { // it had that page
		return r.failed(ctx, it, briefs.Fault(briefs.ErrUnavailable, "%v: what was read before is kept", lacks))
	}
	sum := partsDigest(parts)
	if sum == it.Digest && it.Document != "" && !it.Gone && len(it.Own) == 0 && !r.o.Revive {
		return r.unchanged(ctx, it, resp)
	}
	d, err := r.understand(ctx, parts)
	if err != nil {
		if stops(ctx, err) {
			return err
		}
		it.Digest = "" // another reader may understand it
		return r.failed(ctx, it, err)
	}
	if err := standIn(it.Address, &d); err != nil {
		return r.failed(ctx, it, err)
	}
	n := fresh{doc: d, answered: resp.URL, parts: parts, notes: notes}
	if n.etag, n.modified, n.digest = resp.ETag, resp.LastModified, sum; lacks != nil {
		n.etag, n.modified, n.digest = "", "", "" // to be read in full soon
	}
	if len(it.Own) > 0 {
		own, ownIn, err := r.readOwn(ctx, it)
		if err != nil && stops(ctx, err) {
			return err
		}
		if err == nil && thin(wordsOf(&d), wordsOf(&own)) {
			n.doc, n.own = own, true
			n.parts = []briefs.ArchivedPart{{Address: ownIn.URL, Type: ownIn.Type, Data: ownIn.Data}}
			n.notes = append(n.notes, fmt.Sprintf("the page has %s, the feed %d: the text of the feed is used", plural(wordsOf(&d), "word"), wordsOf(&own)))
		}
	}
	return r.store(ctx, it, n)
}

// astray says why an answer is not that of the item: nil when it is.
func (r *reading) astray(ctx context.Context, it *briefs.SourceItem, resp fetch.Response) error {
	at, from := place(resp.URL), place(it.Address)
	if at == from {
		return nil
	}
	if isFront(resp.URL) && !isFront(it.Address) {
		return briefs.Fault(briefs.ErrNotFound, "%s: leads to the front page of its site: the page is gone", it.Address)
	}
	if it.Document == "" || resp.Moved != "" && place(resp.Moved) == at {
		return nil
	}
	id, err := r.lib.DocumentAt(ctx, r.src.Collection, at)
	if err != nil {
		return err
	}
	if id == it.Document {
		return nil
	}
	return briefs.Fault(briefs.ErrUnavailable, "%s: leads to %s for now: what was read before is kept", it.Address, resp.URL)
}

// parts are the pages of an article: the answer, and those that follow it.
// lacks says that one could not be had.
func (r *reading) parts(ctx context.Context, resp fetch.Response) (parts []briefs.ArchivedPart, notes []string, lacks, err error) {
	seen := map[string]bool{}
	for page := resp; ; {
		parts = append(parts, briefs.ArchivedPart{Address: page.URL, Type: page.Type, Data: page.Body})
		seen[place(page.URL)] = true
		next := nextPage(input(page))
		if next == "" || seen[place(next)] || !strings.EqualFold(hostOf(next), hostOf(resp.URL)) {
			return parts, notes, nil, nil
		}
		if len(parts) >= r.o.Limits.Pages || r.bytes >= r.o.Limits.Bytes {
			return parts, append(notes, fmt.Sprintf("only the first %s are read", plural(len(parts), "page"))), nil, nil
		}
		page, err = r.get(ctx, fetch.Request{URL: next, Accept: acceptPage, From: resp.URL})
		if err != nil {
			if stops(ctx, err) {
				return nil, nil, nil, err
			}
			return parts, append(notes, fmt.Sprintf("page %d could not be read (%v)", len(parts)+1, err)), err, nil
		}
		if seen[place(page.URL)] {
			return parts, notes, nil, nil
		}
	}
}

func partsDigest(parts []briefs.ArchivedPart) string {
	all := make([]string, 0, len(parts))
	for _, p := range parts {
		all = append(all, string(p.Data))
	}
	return digest(all...)
}

// understand makes one document of the pages of an article, ready to be
// stored but for its id.
func (f *Follower) understand(ctx context.Context, parts []briefs.ArchivedPart) (briefs.Document, error) {
	var pages []briefs.Document
	for _, p := range parts {
		in := extract.Input{Name: p.Address, URL: p.Address, Type: p.Type, Data: p.Data}
		d, err := f.read(ctx, in)
		if err != nil && len(pages) == 0 {
			return d, err
		}
		if err == nil {
			pages = append(pages, d)
		}
	}
	if len(pages) == 0 {
		return briefs.Document{}, briefs.Fault(briefs.ErrInvalid, "there is nothing to read")
	}
	d := joined(pages)
	if err := ingest.Complete(&d); err != nil {
		return d, fmt.Errorf("%s: %w", parts[0].Address, err)
	}
	return d, nil
}

// unchanged notes that an item is as it was.
func (r *reading) unchanged(ctx context.Context, it *briefs.SourceItem, resp fetch.Response) error {
	it.ETag, it.Modified = cmp.Or(resp.ETag, it.ETag), cmp.Or(resp.LastModified, it.Modified)
	it.Own = nil
	r.settle(it)
	r.report.Unchanged++
	if r.single() {
		if d, err := r.lib.Document(ctx, it.Document, 0); err == nil {
			r.tell(told(&d, 0, briefs.Unchanged, nil))
		}
	}
	r.progress(it.Address, briefs.Unchanged)
	return r.save(ctx, it, nil, nil)
}

// settle notes that an item was read, and when it is looked at again: after a
// while, then whenever its age has doubled.
func (r *reading) settle(it *briefs.SourceItem) {
	now := r.now()
	it.Read, it.Failures, it.Problem, it.Missing = now, 0, "", time.Time{}
	it.Next = time.Time{}
	first := recheckFirst
	if r.c.As == briefs.SourceSitemap {
		first = recheckMapped
		if it.Stated != "" { // the sitemap says when it changed
			first = itemSlow
		}
	}
	if it.Address != "" && !r.single() {
		it.Next = now.Add(jitter(min(max(now.Sub(it.Known), first), itemSlow), it.Name, now))
	}
}

// save stores the state of an item. That its document was purged meanwhile is
// no error.
func (r *reading) save(ctx context.Context, it *briefs.SourceItem, places []string, a *briefs.Archived) error {
	if err := r.renew(ctx); err != nil {
		return err
	}
	err := r.lib.SaveItem(ctx, r.c, *it, places, a)
	if errors.Is(err, briefs.ErrNotFound) {
		return nil
	}
	return err
}
