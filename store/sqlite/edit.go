package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"briefdesk/briefs"
)

// EditDocument corrects metadata of the document and of what is indexed. What
// it sets outlives adding the document again. It returns ErrNotFound, and
// ErrInvalid for a malformed date, broken UTF-8 or an empty collection.
func (l *Library) EditDocument(ctx context.Context, id briefs.DocumentID, e briefs.Edit) error {
	if e.Published != nil {
		if _, err := briefs.ParseDate(string(*e.Published)); err != nil {
			return briefs.Fault(briefs.ErrInvalid, "document %s: date %q: write YYYY-MM-DD, YYYY-MM or YYYY", id, *e.Published)
		}
	}
	for _, s := range []*string{e.Title, e.Author, e.Publisher, e.Collection} {
		if s != nil && !utf8.ValidString(*s) {
			return briefs.Fault(briefs.ErrInvalid, "document %s: the new value is not UTF-8", id)
		}
	}
	if e.Collection != nil && *e.Collection == "" {
		return briefs.Fault(briefs.ErrInvalid, "document %s: a collection needs a name", id)
	}
	return l.change(ctx, id, func(ctx context.Context, p *putter, old known) error { return p.edit(ctx, old, e) })
}

// change lets fn change the document id in a transaction of its own. It returns
// ErrNotFound.
func (l *Library) change(ctx context.Context, id briefs.DocumentID, fn func(context.Context, *putter, known) error) error {
	return l.write(ctx, func(ctx context.Context, w *writer) error {
		p, err := l.newPutter(ctx, w)
		if err != nil {
			return err
		}
		old, err := p.lookup(ctx, id)
		if err != nil {
			return err
		}
		if old.key == 0 {
			return notFound(id)
		}
		if err := fn(ctx, p, old); err != nil {
			return fmt.Errorf("document %q: %w", id, err)
		}
		return p.finish(ctx)
	})
}

func (p *putter) edit(ctx context.Context, old known, e briefs.Edit) error {
	m, edited := old.meta, old.edited
	set := func(to *string, from *string, bit int) {
		if from != nil {
			*to = *from
			edited |= bit
		}
	}
	set(&m.title, e.Title, editedTitle)
	set(&m.author, e.Author, editedAuthor)
	set(&m.publisher, e.Publisher, editedPublisher)
	set(&m.collection, e.Collection, editedCollection)
	if e.Published != nil {
		m.published = *e.Published
		edited |= editedPublished
	}
	if m == old.meta && edited == old.edited {
		return nil
	}
	p.changed = true
	to, err := p.collection(ctx, m.collection)
	if err != nil {
		return err
	}
	if !old.withdrawn {
		from, err := p.collection(ctx, old.meta.collection)
		if err != nil {
			return err
		}
		from.documents--
		from.passages -= old.passages
		to.documents++
		to.passages += old.passages
	}
	first, last := days(m.published)
	// indexed is emptied, so that the next add compares nothing with the terms
	// that are changed here, and indexes the document anew once.
	if _, err := p.w.exec(ctx, `UPDATE documents SET collection = ?, title = ?, author = ?, publisher = ?, published = ?,
			first_day = ?, last_day = ?, edited = ?, indexed = x'' WHERE key = ?`,
		to.key, m.title, m.author, m.publisher, string(m.published), first, last, edited, old.key); err != nil {
		return err
	}
	if !old.withdrawn && (m.collection != old.meta.collection || m.published != old.meta.published || m.title != old.meta.title) {
		sketch, err := p.unfold(ctx, old)
		if err != nil {
			return err
		}
		p.fold(old.key, arrival{to.key, sketch, nil})
	}
	if old.passages == 0 {
		return nil
	}
	if m.title == old.meta.title && m.author == old.meta.author && !m.refiles(old.meta) {
		return nil
	}
	return p.reindexRows(ctx, old, m)
}

// RemoveDocument withdraws a document: it is found and listed no more, but
// links to its revisions still open, and adding it again brings it back. With
// purge every trace of it goes from the file. It returns ErrNotFound; to
// withdraw what is withdrawn changes nothing.
func (l *Library) RemoveDocument(ctx context.Context, id briefs.DocumentID, purge bool) error {
	err := l.change(ctx, id, func(ctx context.Context, p *putter, old known) error { return p.remove(ctx, id, old, purge) })
	if err != nil || !purge {
		return err
	}
	if err := l.expunge(ctx); err != nil {
		return l.explain(err)
	}
	return l.explain(l.writer.scrub(ctx))
}

func (p *putter) remove(ctx context.Context, id briefs.DocumentID, old known, purge bool) error {
	if old.withdrawn && !purge {
		return nil
	}
	p.changed = true
	if err := p.unindex(ctx, old); err != nil {
		return err
	}
	if !old.withdrawn {
		c, err := p.collection(ctx, old.meta.collection)
		if err != nil {
			return err
		}
		c.documents--
		c.passages -= old.passages
		if _, err := p.unfold(ctx, old); err != nil {
			return err
		}
	}
	if purge {
		if _, err := p.w.exec(ctx, `UPDATE packed_dead SET purged = 1 WHERE document = ?`, old.key); err != nil {
			return err
		}
		if err := p.w.unfreeze(ctx, old.key); err != nil {
			return err
		}
		if err := p.w.unpicture(ctx, old.key); err != nil {
			return err
		}
		if err := p.w.unanswer(ctx, old.key, time.UnixMicro(p.now)); err != nil {
			return err
		}
		if err := p.w.unfollow(ctx, old.key, id); err != nil {
			return err
		}
		// What briefings say of this document alone: its author may be a label.
		if _, err := p.w.exec(ctx, `DELETE FROM briefing_items WHERE key IN (SELECT item FROM briefing_quotes WHERE document = ?1)
			AND NOT EXISTS (SELECT 1 FROM briefing_quotes q WHERE q.item = briefing_items.key AND q.document <> ?1)`, old.key); err != nil {
			return err
		}
		_, err := p.w.exec(ctx, `DELETE FROM documents WHERE key = ?`, old.key) // revisions go with it, and what was quoted of them
		return err
	}
	_, err := p.w.exec(ctx, `UPDATE documents SET withdrawn = 1, first_passage = 0, passages = 0, indexed = x'' WHERE key = ?`, old.key)
	return err
}

// scrub empties the log, where pages of purged documents still stand.
// Readers of an older moment may hold it back; it is then emptied later.
func (w *writer) scrub(ctx context.Context) error {
	release, err := w.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	var busy, frames, done int
	err = w.conn.QueryRowContext(context.WithoutCancel(ctx), `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &done)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
