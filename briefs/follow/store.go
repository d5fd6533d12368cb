package follow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/ingest"
)

// ReaderVersion grows when documents are read better than before, so that
// archived originals are worth reading again.
const ReaderVersion = 1

// fresh is what was read of an item.
type fresh struct {
	doc            briefs.Document
	answered       string // address that answered
	parts          []briefs.ArchivedPart
	own            bool  // doc is the source's own text
	why            error // why the page could not be had; nil when it could
	notes          []string
	etag, modified string
	digest         string
}

// store stores what was read of an item where its text, or what is known of
// it, is other than before.
func (r *reading) store(ctx context.Context, it *briefs.SourceItem, n fresh) error {
	d := &n.doc
	at := cmp.Or(n.answered, it.Address)
	d.Collection, d.Source = r.src.Collection, cmp.Or(at, r.src.Address)
	d.URL = at
	if !n.own {
		d.URL = ownAddress(at, n.doc.URL)
	}
	places := placesOf(r.placeOf(it), d.URL, at)
	was, err := r.identify(ctx, it, d, places)
	if err != nil {
		return err
	}
	if purged, err := r.lib.Purged(ctx, r.src.Collection, append(places, string(d.ID))...); err != nil {
		return err
	} else if len(purged) > 0 && !r.o.Revive {
		it.Document, it.Own, it.Next = "", nil, time.Time{}
		r.report.Unchanged++
		r.progress(at, briefs.Unchanged)
		if r.single() {
			r.note(ctx, "its document was purged: add it again to have it back")
			return nil
		}
		return r.save(ctx, it, nil, nil)
	} else if len(purged) > 0 {
		if err := r.lib.Unpurge(ctx, r.src.Collection, purged...); err != nil {
			return err
		}
	}
	if !n.own && nameless(d) && it.Title != "" {
		d.Title = it.Title
	}
	stored, kept, err := r.put(ctx, it, &n, was)
	if err != nil {
		if stops(ctx, err) || !errors.Is(err, briefs.ErrInvalid) {
			return err
		}
		it.Failures++
		return r.refused(ctx, it, fmt.Errorf("%s: %w", cmp.Or(at, r.called(it)), err))
	}
	first := it.Digest == "" || it.Document == ""
	it.Document, it.Gone, it.OwnUsed = d.ID, false, n.own || kept && it.OwnUsed
	it.ETag, it.Modified, it.Digest = n.etag, n.modified, n.digest
	it.Title = cmp.Or(it.Title, d.Title)
	failures := it.Failures
	r.settle(it)
	if n.why != nil {
		r.tryPageAgain(it, failures, n.why)
	}
	it.Own = nil
	var a *briefs.Archived
	if stored.Revision > was.Revision || first && !kept {
		a = &briefs.Archived{Document: d.ID, Revision: stored.Revision, Reader: ReaderVersion, Fetched: r.now(), Parts: n.parts}
	}
	switch stored.Outcome {
	case briefs.Added:
		r.report.Added++
	case briefs.Revised:
		r.report.Revised++
	default:
		r.report.Unchanged++
	}
	if stored.Outcome != briefs.Unchanged || r.single() {
		r.tell(told(d, stored.Revision, stored.Outcome, n.notes))
	}
	r.log.LogAttrs(ctx, slog.LevelInfo, "item read", slog.String("source", r.src.Address), slog.String("item", cmp.Or(at, it.Name)), slog.String("id", string(d.ID)),
		slog.Int("revision", stored.Revision), slog.String("outcome", string(stored.Outcome)), slog.Int("passages", len(d.Passages)), slog.Bool("own", n.own))
	r.progress(cmp.Or(at, it.Name), stored.Outcome)
	return r.save(ctx, it, places, a)
}

// tryPageAgain lets a page be asked for again whose text the source lent,
// unless it is not to be had at all.
func (r *reading) tryPageAgain(it *briefs.SourceItem, failures int, why error) {
	now := r.now()
	it.Failures, it.Problem = failures, why.Error()
	switch {
	case errors.Is(why, briefs.ErrUnavailable):
		it.Next = now.Add(max(jitter(doubled(itemRetry, goneRetry, failures), it.Name, now), retryAfter(why)))
	case errors.Is(why, fetch.ErrGone):
		it.Next = time.Time{}
	case failures < giveUp:
		it.Next = now.Add(jitter(doubled(refusedRetry, itemSlow, failures), it.Name, now))
	default:
		it.Next = time.Time{}
	}
}

// placesOf lists the places of addresses, each once, the first as it is.
func placesOf(own string, addresses ...string) []string {
	places := []string{}
	for _, a := range addresses {
		if p := place(a); a != "" && !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	if !slices.Contains(places, own) {
		places = append(places, own)
	}
	return places
}

// identify finds the id of what was read, and what the library has of it: a
// document of no id when it has none. An item keeps the document that it has.
// One that is new gets that of any of its places, so that the same page in two
// feeds, or added by a person, is one document of the collection.
func (r *reading) identify(ctx context.Context, it *briefs.SourceItem, d *briefs.Document, places []string) (was briefs.Document, err error) {
	id := it.Document
	if id == "" || it.OwnUsed {
		other, err := r.lib.DocumentAt(ctx, r.src.Collection, places...)
		if err != nil {
			return was, err
		}
		if id != "" && other != "" && other != id {
			// The source's own text stood for a page that is there already.
			if err := r.lib.RemoveDocument(ctx, id, false); err != nil && !errors.Is(err, briefs.ErrNotFound) {
				return was, err
			}
			r.report.Withdrawn++
			r.tell(Read{ID: id, Title: it.Title, URL: it.Address, Outcome: Withdrawn, Notes: []string{"it is the same as " + string(other)}})
			id = ""
			it.Digest = ""
		}
		id = cmp.Or(id, other)
	}
	if id == "" {
		id = documentID(r.src.Collection, places[0])
	}
	d.ID = id
	was, err = r.lib.Document(ctx, id, 0)
	if errors.Is(err, briefs.ErrNotFound) {
		return briefs.Document{}, nil
	}
	return was, err
}

// put stores n.doc unless the library has that already, and fills it with what
// it has then. kept says that the library keeps its own text.
func (r *reading) put(ctx context.Context, it *briefs.SourceItem, n *fresh, was briefs.Document) (stored briefs.Stored, kept bool, err error) {
	d := &n.doc
	if was.ID == "" {
		merge(d, it.Title, it.Author, r.publisher(), it.Published)
		return r.putOne(ctx, d)
	}
	if was.Withdrawn && !r.o.Revive {
		byHand, err := r.removedByHand(ctx, it, was.ID)
		if err != nil || byHand {
			n.doc = was
			return briefs.Stored{ID: was.ID, Revision: was.Revision, Outcome: briefs.Unchanged}, true, err
		}
	}
	if n.own { // its source knows best
		merge(d, it.Title, it.Author, r.publisher(), it.Published)
	}
	merge(d, was.Title, was.Author, was.Publisher, was.Published)
	merge(d, it.Title, it.Author, r.publisher(), it.Published)
	if it.OwnUsed && !n.own && thin(wordsOf(d), wordsOf(&was)) && !was.Withdrawn {
		n.doc = was // the page is still less than what the source had of it
		return briefs.Stored{ID: was.ID, Revision: was.Revision, Outcome: briefs.Unchanged}, true, nil
	}
	d.URL = sameURL(was.URL, d.URL, n.own)
	if mainDigest(d) != mainDigest(&was) {
		return r.putOne(ctx, d)
	}
	now := was
	now.Title, now.Author, now.Publisher, now.Published, now.URL = d.Title, d.Author, d.Publisher, d.Published, d.URL
	now.Withdrawn = false
	n.doc = now
	if metadata(&now) == metadata(&was) && !was.Withdrawn {
		return briefs.Stored{ID: was.ID, Revision: was.Revision, Outcome: briefs.Unchanged}, true, nil
	}
	if err := ingest.Complete(&n.doc); err != nil {
		return stored, true, err
	}
	n.doc.Added = time.Time{}
	stored, _, err = r.putOne(ctx, &n.doc)
	return stored, stored.Revision == was.Revision, err
}

// sameURL is the address of a document that is told: the one that it has, where
// the new one is only another form of it, or less sure.
func sameURL(was, now string, unsure bool) string {
	if was == "" || !unsure && place(was) != place(now) || strings.HasPrefix(was, "http:") && strings.HasPrefix(now, "https:") {
		return now
	}
	return was
}

func (f *Follower) putOne(ctx context.Context, d *briefs.Document) (briefs.Stored, bool, error) {
	if d.Added.IsZero() {
		d.Added = f.now()
	}
	stored, err := f.lib.PutDocuments(ctx, []briefs.Document{*d})
	if err != nil {
		if errors.Is(err, briefs.ErrConflict) { // about the document, not about the claim
			err = briefs.Fault(briefs.ErrInvalid, "%v", err)
		}
		return briefs.Stored{}, false, err
	}
	return stored[0], false, nil
}

// publisher is that of items whose pages name none.
func (r *reading) publisher() string {
	if r.c.As == briefs.SourceFeed {
		return r.c.Title
	}
	return ""
}

// removedByHand reports whether a person took a document out of the library:
// nobody else did.
func (r *reading) removedByHand(ctx context.Context, it *briefs.SourceItem, id briefs.DocumentID) (bool, error) {
	if it.Gone && it.Document == id {
		return false, nil
	}
	items, err := r.lib.ItemsOf(ctx, id)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(items, func(o briefs.SourceItem) bool { return o.Gone }), nil
}

// nameless reports whether the title of d is only what its address is called.
func nameless(d *briefs.Document) bool {
	for _, b := range d.Blocks {
		if b.Role == briefs.RoleTitle {
			return false
		}
	}
	same := func(s string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" -_+.", r) }), " ")
	}
	return d.Title == "" || same(d.Title) == same(stem(place(d.URL)))
}

// told is what is said of a document that was read.
func told(d *briefs.Document, revision int, o briefs.Outcome, notes []string) Read {
	passages := len(d.Passages)
	if passages == 0 { // as the library gives it
		whole := *d
		whole.Blocks = slices.Clone(d.Blocks)
		_ = ingest.Complete(&whole) // without a sentence it has none
		passages = len(whole.Passages)
	}
	notes = slices.Clone(notes)
	for _, n := range []struct {
		lacks bool
		note  string
	}{{d.Author == "", "no author found"}, {d.Published == "", "no date found"}} {
		if n.lacks {
			notes = append(notes, n.note)
		}
	}
	if blank := d.Blank(); len(blank) > 0 {
		notes = append(notes, "pages without text, pictures only: "+ranges(blank))
	}
	return Read{
		ID: d.ID, Revision: cmp.Or(revision, d.Revision), Title: d.Title, Author: d.Author, Publisher: d.Publisher, Published: d.Published,
		URL: d.URL, Passages: passages, Outcome: o, Notes: notes,
	}
}

// ranges writes ascending numbers: "3-9, 12".
func ranges(list []int) string {
	var all []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		if j > i {
			all = append(all, fmt.Sprintf("%d-%d", list[i], list[j]))
		} else {
			all = append(all, fmt.Sprint(list[i]))
		}
		i = j + 1
	}
	return strings.Join(all, ", ")
}

// page reads a source that is one page; it may turn out to be a feed or a
// sitemap.
func (r *reading) page(ctx context.Context) error {
	it, err := r.pageItem(ctx)
	if err != nil {
		return err
	}
	q := r.request(it)
	q.From = ""
	if r.c.Moved != "" {
		q.URL, q.From = r.c.Moved, r.src.Address
	}
	resp, err := r.get(ctx, q)
	if errors.Is(err, briefs.ErrNotFound) && r.c.Moved != "" && !stops(ctx, err) {
		r.c.Moved = ""
		q.URL, q.From = it.Address, ""
		resp, err = r.get(ctx, q)
	}
	if err == nil && !resp.NotModified && (extract.IsFeed(input(resp)) || extract.IsSitemap(input(resp))) {
		r.hasMoved(ctx, resp.Moved)
		if err := r.take(ctx, resp); err != nil {
			return err
		}
		return r.items(ctx)
	}
	return r.pageOf(ctx, resp, err)
}

// pageItem is the only item of a source that is one page.
func (r *reading) pageItem(ctx context.Context) (*briefs.SourceItem, error) {
	address, err := Canonical(r.src.Address)
	if err != nil {
		return nil, err
	}
	known, err := r.lib.SourceItems(ctx, r.src.Key(), "", 1, address)
	if err != nil {
		return nil, err
	}
	if len(known) > 0 {
		return &known[0], nil
	}
	return &briefs.SourceItem{Name: address, Address: address, Known: r.now()}, nil
}

// pageOf does with the page what its answer asks for.
func (r *reading) pageOf(ctx context.Context, resp fetch.Response, err error) error {
	it, ierr := r.pageItem(ctx)
	if ierr != nil {
		return ierr
	}
	r.c.As = briefs.SourcePage
	r.done, r.total = 1, 1
	if err == nil {
		if !isFront(resp.URL) || isFront(it.Address) {
			r.hasMoved(ctx, resp.Moved)
		}
		if !resp.NotModified {
			if links := extract.Alternate(input(resp)); len(links) > 0 {
				r.report.Notes = append(r.report.Notes, "the page names a feed, which could be followed: "+links[0].URL)
			}
		}
	}
	if err := r.handle(ctx, it, resp, err); err != nil {
		return err
	}
	r.c.Title = cmp.Or(it.Title, r.c.Title)
	return nil
}
