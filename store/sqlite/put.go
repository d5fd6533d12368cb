package sqlite

import (
	"context"
	"errors"
	"fmt"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// PutDocuments stores a batch in one transaction and says for each document,
// in order, what that changed.
//
// Documents of one id that follow each other are a history, oldest first. Of
// it the library appends what follows the longest part that its own newest
// revisions already hold: the same again changes nothing, and a page that went
// back to an older text makes a new revision. Content is the text with blocks
// and enumerations; equal neighbours in a history are one revision. Source
// and Added belong to a revision and stay; Added is kept to the microsecond,
// and set to Options.Now where it is zero.
//
// Metadata belongs to the document, and the last of the history brings it, and
// says whether the document is withdrawn; fields that were edited stay. The
// outcome is Added for a new document (or one that had been removed and comes
// back), Revised when a revision was appended or the metadata changed, else Unchanged, even when the passages of the same content
// had to be indexed anew because they were cut or stemmed differently.
//
// A document that is not valid (an offset outside the text, broken UTF-8, a
// malformed date) fails with its whole history, the others are stored: the
// error then joins one ErrInvalid a document, and their Stored have no
// Outcome. After any other error nothing of the batch is stored.
func (l *Library) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	stored := make([]briefs.Stored, len(batch))
	var invalid []error
	type history struct {
		at       int // index of the first in batch
		versions []prepared
	}
	var histories []history
	all := make([]prepared, 0, len(batch))
	for i, end := 0, 0; i < len(batch); i = end {
		for end = i + 1; end < len(batch) && batch[end].ID == batch[i].ID; end++ {
		}
		first := len(all)
		for j := i; j < end; j++ {
			stored[j].ID = batch[j].ID
			if err := validate(&batch[j]); err != nil {
				invalid = append(invalid, err)
				all = all[:first]
				break
			}
			all = append(all, prepare(&batch[j], j == end-1))
		}
		if len(all) > first {
			histories = append(histories, history{at: i, versions: all[first:len(all):len(all)]})
		}
	}
	if len(histories) > 0 {
		err := l.write(ctx, func(steady context.Context, w *writer) error {
			p, err := l.newPutter(steady, w)
			if err != nil {
				return err
			}
			ids := make([]briefs.DocumentID, len(histories))
			for i, h := range histories {
				ids[i] = h.versions[0].doc.ID
			}
			if err := p.expect(steady, ids); err != nil {
				return err
			}
			for _, h := range histories {
				if err := ctx.Err(); err != nil {
					return err
				}
				out := stored[h.at : h.at+len(h.versions)]
				if err := p.put(steady, h.versions, out); err != nil {
					return fmt.Errorf("document %q: %w", out[0].ID, err)
				}
			}
			return p.finish(steady)
		})
		if err != nil {
			return nil, err
		}
		l.merger.keepUp(ctx)
	}
	return stored, errors.Join(invalid...)
}

// putter writes the documents of one transaction.
type putter struct {
	w           *writer
	now         int64 // microseconds
	nextPassage int64
	collections map[string]*collection
	changed     bool
	unknown     map[briefs.DocumentID]bool // documents that the library does not have
	folds       folding
	packs       packing
}

// collection is the key of a collection and what its counters will change by.
type collection struct {
	key                 int64
	documents, passages int
}

func (l *Library) newPutter(ctx context.Context, w *writer) (*putter, error) {
	p := &putter{w: w, now: l.now().UnixMicro(), collections: map[string]*collection{}, folds: newFolding(), packs: packing{most: l.sizes.tail}}
	err := w.row(ctx, `SELECT next_passage FROM library`).Scan(&p.nextPassage)
	return p, err
}

// put stores one history and fills out, which has its length.
func (p *putter) put(ctx context.Context, history []prepared, out []briefs.Stored) error {
	last := &history[len(history)-1]
	old, err := p.lookup(ctx, last.doc.ID)
	if err != nil {
		return err
	}
	if old.key != 0 {
		if old.digests, err = p.digests(ctx, old.key); err != nil {
			return err
		}
		last.keepEdits(old.meta, old.edited)
	}
	revisions, fresh := plan(old.digests, history)
	current := old.revision
	for i := range out {
		out[i].Revision, out[i].Outcome = revisions[i], briefs.Unchanged
		if fresh[i] {
			out[i].Outcome = briefs.Revised
		}
		current = revisions[i]
	}
	withdrawn := last.doc.Withdrawn
	if old.key == 0 || old.withdrawn && !withdrawn {
		out[0].Outcome = briefs.Added
	} else if (last.meta != old.meta || withdrawn != old.withdrawn) && out[len(out)-1].Outcome == briefs.Unchanged {
		out[len(out)-1].Outcome = briefs.Revised
	}

	indexed := last.indexDigest()
	reindex := old.key == 0 || old.withdrawn != withdrawn || string(indexed) != string(old.indexed) || !withdrawn && last.meta.refiles(old.meta)
	if !reindex && current == old.revision && last.meta == old.meta {
		return nil
	}
	p.changed = true
	key, err := p.document(ctx, old, last, current, indexed, reindex)
	if err != nil {
		return err
	}
	for i := range history {
		if fresh[i] {
			if err := p.revision(ctx, key, revisions[i], &history[i]); err != nil {
				return err
			}
		}
	}
	if old.key == 0 || current != old.revision || withdrawn != old.withdrawn ||
		last.meta.collection != old.meta.collection || last.meta.published != old.meta.published || last.meta.title != old.meta.title {
		if err := p.refold(ctx, key, old, last); err != nil {
			return err
		}
	}
	if reindex {
		return p.index(ctx, key, old, last)
	}
	return nil
}

// document writes the row of the document itself and returns its key.
func (p *putter) document(ctx context.Context, old known, last *prepared, current int, indexed []byte, reindex bool) (int64, error) {
	c, err := p.collection(ctx, last.meta.collection)
	if err != nil {
		return 0, err
	}
	m := last.meta
	first, end := days(m.published)
	passage, passages := old.firstPassage, old.passages
	withdrawn := last.doc.Withdrawn
	switch {
	case withdrawn:
		passage, passages = 0, 0
	case reindex:
		passage, passages = p.nextPassage, len(last.rows)
	}
	if !withdrawn {
		c.documents++
		c.passages += passages
	}
	if old.key != 0 && !old.withdrawn {
		was, err := p.collection(ctx, old.meta.collection)
		if err != nil {
			return 0, err
		}
		was.documents--
		was.passages -= old.passages
	}
	if old.key != 0 {
		_, err := p.w.exec(ctx, `UPDATE documents SET revision = ?, collection = ?, title = ?, author = ?, publisher = ?, published = ?,
			url = ?, first_day = ?, last_day = ?, withdrawn = ?, first_passage = ?, passages = ?, indexed = ?, terms = ? WHERE key = ?`,
			current, c.key, m.title, m.author, m.publisher, string(m.published), m.url, first, end, withdrawn, passage, passages, indexed, text.Version, old.key)
		return old.key, err
	}
	r, err := p.w.exec(ctx, `INSERT INTO documents (id, revision, collection, title, author, publisher, published, url,
			first_day, last_day, edited, withdrawn, first_passage, passages, indexed, terms)
		VALUES (?,?,?,?,?,?,?,?,?,?,0,?,?,?,?,?)`,
		string(last.doc.ID), current, c.key, m.title, m.author, m.publisher, string(m.published), m.url,
		first, end, withdrawn, passage, passages, indexed, text.Version)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// collection returns the entry of a collection, which it makes if needed.
func (p *putter) collection(ctx context.Context, name string) (*collection, error) {
	if c, ok := p.collections[name]; ok {
		return c, nil
	}
	c := &collection{}
	err := p.w.row(ctx, `INSERT INTO collections (name) VALUES (?)
		ON CONFLICT (name) DO UPDATE SET name = name RETURNING key`, name).Scan(&c.key)
	p.collections[name] = c
	return c, err
}

func (p *putter) revision(ctx context.Context, key int64, n int, v *prepared) error {
	added := p.now
	if !v.doc.Added.IsZero() {
		added = v.doc.Added.UnixMicro()
	}
	_, err := p.w.exec(ctx, `INSERT INTO revisions (document, n, added, bytes, digest, source, structure, text) VALUES (?,?,?,?,?,?,?,?)`,
		key, n, added, len(v.doc.Text), v.digest[:], v.doc.Source, v.structure, v.doc.Text)
	return err
}

// finish folds copies, packs what was added, and writes the counters and the
// generation.
func (p *putter) finish(ctx context.Context) error {
	if err := p.settle(ctx); err != nil {
		return err
	}
	if err := p.seal(ctx); err != nil {
		return err
	}
	if !p.changed {
		return nil
	}
	for _, c := range p.collections {
		if c.documents == 0 && c.passages == 0 {
			continue
		}
		if _, err := p.w.exec(ctx, `UPDATE collections SET documents = documents + ?, passages = passages + ? WHERE key = ?`,
			c.documents, c.passages, c.key); err != nil {
			return err
		}
	}
	if p.packs.changed {
		p.w.packed.Store(true)
	}
	_, err := p.w.exec(ctx, `UPDATE library SET generation = generation + 1, packed = packed + ?, next_passage = ?`, p.packs.changed, p.nextPassage)
	return err
}
