package sqlite

import (
	"context"

	"briefdesk/briefs/text"
)

// index replaces the passages and acronyms of a document.
func (p *putter) index(ctx context.Context, key int64, old known, last *prepared) error {
	if old.key != 0 {
		if err := p.unindex(ctx, old); err != nil {
			return err
		}
	}
	if last.doc.Withdrawn {
		return nil
	}
	c, err := p.collection(ctx, last.meta.collection)
	if err != nil {
		return err
	}
	if err := p.indexRows(ctx, key, c.key, last.meta, last.rows); err != nil {
		return err
	}
	for _, a := range last.doc.Acronyms {
		if _, err := p.w.exec(ctx, `INSERT INTO acronyms (document, short, long, short_terms, long_terms) VALUES (?,?,?,?,?)`,
			key, a.Short, a.Long, a.ShortTerms, a.LongTerms); err != nil {
			return err
		}
	}
	return nil
}

// indexRows gives the passages of a document the next keys.
func (p *putter) indexRows(ctx context.Context, key, collection int64, m metadata, rows []row) error {
	p.packs.add(packedDocument(p.nextPassage, collection, m), rows)
	first, end := days(m.published)
	for i := range rows {
		r := &rows[i]
		if _, err := p.w.exec(ctx, `INSERT INTO passages (key, document, collection, first_day, last_day, id) VALUES (?,?,?,?,?,?)`,
			p.nextPassage, key, collection, first, end, r.id); err != nil {
			return err
		}
		if _, err := p.w.exec(ctx, `INSERT INTO passage_index (rowid, title, heading, byline, body, layout, trail) VALUES (?,?,?,?,?,?,?)`,
			p.nextPassage, r.title, r.heading, r.byline, r.body, r.layout, r.trail); err != nil {
			return err
		}
		p.nextPassage++
	}
	return nil
}

// unindex takes the passages and acronyms of a document out of the index.
func (p *putter) unindex(ctx context.Context, old known) error {
	if err := p.unindexRows(ctx, old); err != nil {
		return err
	}
	_, err := p.w.exec(ctx, `DELETE FROM acronyms WHERE document = ?`, old.key)
	return err
}

func (p *putter) unindexRows(ctx context.Context, old known) error {
	if old.passages == 0 {
		return nil
	}
	end := old.firstPassage + int64(old.passages)
	for _, q := range []string{
		`DELETE FROM passage_index WHERE rowid >= ? AND rowid < ?`,
		`DELETE FROM passages WHERE key >= ? AND key < ?`,
	} {
		if _, err := p.w.exec(ctx, q, old.firstPassage, end); err != nil {
			return err
		}
	}
	return p.bury(ctx, old)
}

// reindexRows gives the passages of a document new keys, with the terms of the
// metadata m: what is indexed under a key never changes.
func (p *putter) reindexRows(ctx context.Context, old known, m metadata) error {
	rows, err := p.rows(ctx, old)
	if err != nil {
		return err
	}
	if m.title != old.meta.title {
		title := text.Terms(m.title)
		for i := range rows {
			rows[i].title = title
		}
	}
	if m.author != old.meta.author || m.publisher != old.meta.publisher {
		byline := bylineTerms(m.author, m.publisher)
		for i := range rows {
			rows[i].byline = byline
		}
	}
	if err := p.unindexRows(ctx, old); err != nil {
		return err
	}
	c, err := p.collection(ctx, m.collection)
	if err != nil {
		return err
	}
	first := p.nextPassage
	if err := p.indexRows(ctx, old.key, c.key, m, rows); err != nil {
		return err
	}
	_, err = p.w.exec(ctx, `UPDATE documents SET first_passage = ?, passages = ? WHERE key = ?`, first, len(rows), old.key)
	return err
}

// rows reads what is indexed of a document.
func (p *putter) rows(ctx context.Context, old known) ([]row, error) {
	s, err := p.w.stmt(ctx, `SELECT p.id, i.title, i.heading, i.byline, i.body, i.trail, i.layout
		FROM passages p CROSS JOIN passage_index i ON i.rowid = p.key WHERE p.key >= ? AND p.key < ? ORDER BY p.key`)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, old.firstPassage, old.firstPassage+int64(old.passages))
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *row) []any {
		return []any{&r.id, &r.title, &r.heading, &r.byline, &r.body, &r.trail, &r.layout}
	})
}
