package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// reindexBytes is how much text Reindex reads in one go, besides one document:
// some 250 passages, which hold up other writers for well below 0.1 s.
const reindexBytes = 256 << 10

// outdated is a document that is indexed under an older version.
type outdated struct {
	found
	bytes int
}

// Reindex indexes anew at most most of the documents that are indexed under an
// older version than text.Version, fewer where their texts are long. index
// fills Passages and Acronyms of each, as structure.Index does; it is called
// before the write lock is taken. What changes meanwhile is left as it is. It
// returns how many documents it looked at: 0 where none is left.
//
// A document whose structure cannot be read keeps what is indexed of it, which
// Check tells.
func (l *Library) Reindex(ctx context.Context, most int, index func(*briefs.Document)) (done int, err error) {
	if l.writer == nil || most < 1 {
		return 0, nil
	}
	old, err := l.outdated(ctx, most)
	if err != nil || len(old) == 0 {
		return 0, l.explain(err)
	}
	anew := make([]*prepared, len(old))
	for i := range old {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if old[i].Withdrawn {
			continue
		}
		d, err := l.contentOf(ctx, &old[i].found)
		switch {
		case errors.Is(err, sql.ErrNoRows): // purged since
			continue
		case errors.Is(err, briefs.ErrDamaged):
			l.log.WarnContext(ctx, "not indexed anew", "id", string(old[i].ID), "err", err)
			continue
		case err != nil:
			return 0, l.explain(err)
		}
		index(&d)
		p := prepare(&d, true)
		anew[i] = &p
	}
	err = l.write(ctx, func(steady context.Context, w *writer) error {
		p, err := l.newPutter(steady, w)
		if err != nil {
			return err
		}
		for i := range old {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := p.reindex(steady, &old[i], anew[i]); err != nil {
				return fmt.Errorf("document %q: %w", old[i].ID, err)
			}
		}
		return p.finish(steady)
	})
	if err != nil {
		return 0, err
	}
	return len(old), nil
}

// contentOf reads the content of f, past the cache, which is for what is asked.
func (l *Library) contentOf(ctx context.Context, f *found) (briefs.Document, error) {
	d := f.Document
	var structure []byte
	err := l.row(ctx, `SELECT structure, text FROM revisions WHERE rowid = ? AND digest = ?`, f.rowid, f.digest).Scan(&structure, &d.Text)
	if err == nil && decodeStructure(structure, &d) != nil {
		err = damaged(l.path, "the structure of document "+string(d.ID)+" cannot be read")
	}
	return d, err
}

// outdated reads which documents are to be indexed anew next.
func (l *Library) outdated(ctx context.Context, most int) ([]outdated, error) {
	rows, err := l.rows(ctx, `SELECT `+documentColumns+`, r.bytes
		FROM (SELECT key AS old FROM documents INDEXED BY documents_terms WHERE terms < ? ORDER BY terms, key LIMIT ?) o
		CROSS JOIN documents d ON d.key = o.old JOIN collections c ON c.key = d.collection
		JOIN revisions r ON r.document = d.key AND r.n = d.revision ORDER BY d.key`, text.Version, most)
	if err != nil {
		return nil, err
	}
	old, err := collect(rows, func(o *outdated) []any { return append(o.fields(), &o.bytes) })
	if err != nil {
		return nil, err
	}
	bytes := 0
	for i := range old {
		if bytes += old[i].bytes; i > 0 && bytes > reindexBytes {
			return old[:i], nil
		}
	}
	return old, nil
}

// reindex stores what is indexed of a document anew, unless it changed since it
// was read as old. Without anew only its version is written.
func (p *putter) reindex(ctx context.Context, old *outdated, anew *prepared) error {
	now, err := p.lookup(ctx, old.ID)
	if err != nil || now.key != old.key {
		return err
	}
	if anew != nil {
		digests, err := p.digests(ctx, now.key)
		if err != nil {
			return err
		}
		if now.revision != old.Revision || now.withdrawn != old.Withdrawn || now.meta != anew.meta ||
			len(digests) == 0 || string(digests[len(digests)-1]) != string(anew.digest[:]) {
			return nil
		}
		if err := p.put(ctx, []prepared{*anew}, make([]briefs.Stored, 1)); err != nil {
			return err
		}
	}
	_, err = p.w.exec(ctx, `UPDATE documents SET terms = ? WHERE key = ?`, text.Version, now.key)
	return err
}
