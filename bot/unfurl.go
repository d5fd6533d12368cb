package bot

import (
	"context"

	"briefdesk/briefs"
)

// Unfurl is what to show of a reading page that somebody links to: its quote
// and source. It reports false for every other address, and for what w does
// not see.
func (r *Responder) Unfurl(ctx context.Context, w Who, address string) (p Post, ok bool, err error) {
	g := r.o.Grant(w)
	if !g.Open() || r.o.Ref == nil {
		return Post{}, false, nil
	}
	ref, ok := r.o.Ref(address)
	if !ok {
		return Post{}, false, nil
	}
	read := reader{document: r.o.Document, scope: g.Scope}
	doc, err := read.read(ctx, ref)
	if err != nil || doc == nil {
		return Post{}, false, err
	}
	q, err := briefs.NewQuote(doc, ref.Span)
	if err != nil { // an address that somebody has changed
		return Post{}, false, nil
	}
	d := r.drawer(ctx, w.Room)
	c := []briefs.Citation{{Source: 1, Quote: q}}
	p.Blocks = append(d.quotes(c), d.sources(c)...)
	return p, d.err == nil, d.err
}
