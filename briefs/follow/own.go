package follow

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/ingest"
)

// called is how errors name an item: by its address, or else by its title in
// its source.
func (r *reading) called(it *briefs.SourceItem) string {
	title := strings.Join(strings.Fields(it.Title), " ")
	switch {
	case it.Address != "":
		return it.Address
	case title != "":
		return fmt.Sprintf("%s: %q", r.src.Address, title)
	}
	return r.src.Address
}

// readOwn makes a document of the source's own text of an item.
func (r *reading) readOwn(ctx context.Context, it *briefs.SourceItem) (briefs.Document, extract.Input, error) {
	in := ownPage(it)
	in.Name = r.called(it)
	d, err := r.read(ctx, in)
	if err == nil {
		err = ingest.Complete(&d)
	}
	if err == nil && wordsOf(&d) < someWords {
		err = briefs.Fault(briefs.ErrInvalid, "the feed has only %s of it: see whether it names a page", plural(wordsOf(&d), "word"))
	}
	if err != nil && !strings.HasPrefix(err.Error(), in.Name) {
		err = fmt.Errorf("%s: %w", in.Name, err)
	}
	return d, in, err
}

// ownText stores the source's own text of an item, because its page cannot be
// had, which why says; nil for an item without one.
func (r *reading) ownText(ctx context.Context, it *briefs.SourceItem, why error) error {
	d, in, err := r.readOwn(ctx, it)
	if err != nil {
		if stops(ctx, err) {
			return err
		}
		if why == nil {
			it.Failures++
		}
		return r.refused(ctx, it, cmp.Or(why, err))
	}
	n := fresh{doc: d, answered: it.Address, own: true, parts: []briefs.ArchivedPart{{Address: in.URL, Type: in.Type, Data: in.Data}}}
	if why != nil {
		n.notes, n.why = []string{fmt.Sprintf("the text of the feed is used, because its page could not be read (%v)", why)}, why
	}
	return r.store(ctx, it, n)
}
