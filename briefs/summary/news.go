package summary

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
)

// findFresh tells which documents the library first saw since r.Since.
func (w *work) findFresh(ctx context.Context) error {
	w.fresh = map[*source]bool{}
	if w.r.Since.IsZero() {
		return nil
	}
	for _, src := range w.pool.sources {
		first := src.Added
		if src.Revision > 1 && !first.Before(w.r.Since) {
			d, err := w.s.lib.Document(ctx, src.ID, 1)
			if err != nil {
				return err
			}
			first = d.Added
		}
		w.fresh[src] = !first.Before(w.r.Since)
	}
	return nil
}

// news are what new documents say: the first point of each as far as the
// words reach, documents published last first. Those that they do not reach
// are named among the sources.
func (w *work) news(words int) []item {
	if w.r.Since.IsZero() {
		return nil
	}
	said := w.earlier()
	var order []*source
	of := map[*source][]*sentence{}
	for _, s := range w.pool.sentences {
		if !w.fresh[s.doc] || slices.ContainsFunc(said, func(old []term) bool { return same(old, s.terms) }) {
			continue
		}
		if of[s.doc] == nil {
			order = append(order, s.doc)
		}
		of[s.doc] = append(of[s.doc], s)
	}
	slices.SortStableFunc(order, func(a, b *source) int {
		return cmp.Or(cmp.Compare(b.Published, a.Published), cmp.Compare(a.ID, b.ID))
	})
	var out []item
	for _, src := range order {
		for _, s := range w.pool.pick(&w.chosen, of[src], words, 1, func(s *sentence) float64 { return 1 + titleBonus*ofTitle(s) }) {
			words -= s.words
			out = append(out, item{label: src.Published.Long(), sentences: []*sentence{s}})
		}
	}
	if len(out) > 0 {
		w.unquoted = slices.DeleteFunc(order, func(src *source) bool { return src.first != src })
		w.unquoted = w.unquoted[:min(len(w.unquoted), mostUnquoted)]
	}
	return out
}

// mostUnquoted bounds the new documents that are named and not quoted.
const mostUnquoted = 60

// earlier are the terms of the sentences that the room was told before.
func (w *work) earlier() [][]term {
	var out [][]term
	for i := range w.r.Earlier {
		for _, c := range quotes(&w.r.Earlier[i]) {
			if t := w.pool.termsOf(c.Quote.Text()); len(t) > 0 {
				out = append(out, t)
			}
		}
	}
	return out
}

// quotes are all citations of b, in order.
func quotes(b *briefs.Brief) []briefs.Citation {
	var out []briefs.Citation
	for _, s := range b.Sections {
		for _, it := range s.Items {
			out = append(out, it.Quotes...)
		}
	}
	for _, c := range b.Changes {
		out = append(out, c.Quotes...)
	}
	return out
}

// change is one document that was corrected or is gone.
type change struct {
	kind     briefs.ChangeKind
	document briefs.Document // metadata only
	at       time.Time
	text     *briefs.Document // where brought lies
	brought  []briefs.Span
}

// mostBrought is how many sentences of one correction are quoted.
const mostBrought = 2

// findChanges tells which documents were corrected since r.Since, with what
// they say now, and which of those quoted to the room are gone.
func (w *work) findChanges(ctx context.Context) error {
	if w.r.Since.IsZero() {
		return nil
	}
	for _, src := range w.pool.sources {
		if src.Revision < 2 || w.fresh[src] || src.Added.Before(w.r.Since) || w.toldCorrected(src.Document) {
			continue
		}
		c := change{kind: briefs.ChangeCorrected, document: metadata(src.Document), at: src.Added, text: src.Document}
		before, err := w.before(ctx, src.Document)
		if err != nil {
			return err
		}
		c.brought = w.noticed(src.Document, before)
		for _, s := range w.pool.sentences {
			if s.doc == src && len(c.brought) < mostBrought && s.words <= w.left && !w.chosen.says(s) && !bytes.Contains(before, []byte(s.text)) {
				w.chosen.add(s)
				w.left -= s.words
				c.brought = append(c.brought, s.span)
			}
		}
		w.changes = append(w.changes, c)
	}
	if err := w.findWithdrawn(ctx); err != nil {
		return err
	}
	slices.SortFunc(w.changes, func(a, b change) int { return cmp.Compare(a.document.ID, b.document.ID) })
	return nil
}

// noticed are the sentences of what d itself says was corrected, where it is
// new, as far as there is room.
func (w *work) noticed(d *briefs.Document, before []byte) (spans []briefs.Span) {
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.Role != briefs.RoleCorrection || bytes.Contains(before, []byte(d.Slice(b.Span))) {
			continue
		}
		for _, span := range b.Sentences {
			words := len(strings.Fields(d.Slice(span)))
			if len(spans) < mostBrought && words <= w.left {
				w.left -= words
				spans = append(spans, span)
			}
		}
	}
	return spans
}

// toldCorrected reports whether the room was told of this revision as a
// correction, by an earlier briefing or under another topic of this one.
func (w *work) toldCorrected(d *briefs.Document) bool {
	return slices.ContainsFunc(w.r.Earlier, func(b briefs.Brief) bool {
		return slices.ContainsFunc(b.Changes, func(c briefs.BriefChange) bool {
			return c.Kind == briefs.ChangeCorrected && c.Document.ID == d.ID && c.Document.Revision == d.Revision
		})
	})
}

// before is the text of the revision that the room last could see.
func (w *work) before(ctx context.Context, d *briefs.Document) ([]byte, error) {
	for n := d.Revision - 1; n > 0; n-- {
		old, err := w.s.lib.Document(ctx, d.ID, n)
		if err != nil {
			return nil, err
		}
		if n == 1 || old.Added.Before(w.r.Since) {
			return []byte(old.Text), nil
		}
	}
	return nil, nil
}

// findWithdrawn adds the documents of earlier briefs that are found no more.
// One that only left the collections of the room is not said.
func (w *work) findWithdrawn(ctx context.Context) error {
	seen := map[briefs.DocumentID]bool{}
	for i := len(w.r.Earlier) - 1; i >= 0; i-- {
		e := &w.r.Earlier[i]
		gone := map[briefs.DocumentID]bool{}
		for _, c := range e.Changes {
			gone[c.Document.ID] = c.Kind == briefs.ChangeWithdrawn
		}
		for _, src := range e.Sources {
			id := src.Document.ID
			if seen[id] {
				continue
			}
			seen[id] = true
			d, err := w.s.lib.Document(ctx, id, 0)
			if err != nil && !errors.Is(err, briefs.ErrNotFound) {
				return err
			}
			if !gone[id] && w.r.Scope.Sees(src.Document.Collection) && (err != nil || d.Withdrawn) {
				w.changes = append(w.changes, change{kind: briefs.ChangeWithdrawn, document: src.Document})
			}
		}
		for id := range gone {
			seen[id] = true
		}
	}
	return nil
}

func metadata(d *briefs.Document) briefs.Document {
	m := *d
	m.Text, m.Blocks, m.Enumerations, m.Passages, m.Acronyms = "", nil, nil, nil, nil
	return m
}
