package sqlite

import "context"

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
	first, end := days(last.meta.published)
	for i := range last.rows {
		r := &last.rows[i]
		if _, err := p.w.exec(ctx, `INSERT INTO passages (key, document, collection, first_day, last_day, id) VALUES (?,?,?,?,?,?)`,
			p.nextPassage, key, c.key, first, end, r.id); err != nil {
			return err
		}
		if _, err := p.w.exec(ctx, `INSERT INTO passage_index (rowid, title, heading, byline, body, layout, trail) VALUES (?,?,?,?,?,?,?)`,
			p.nextPassage, r.title, r.heading, r.byline, r.body, r.layout, r.trail); err != nil {
			return err
		}
		p.nextPassage++
	}
	for _, a := range last.doc.Acronyms {
		if _, err := p.w.exec(ctx, `INSERT INTO acronyms (document, short, long, short_terms, long_terms) VALUES (?,?,?,?,?)`,
			key, a.Short, a.Long, a.ShortTerms, a.LongTerms); err != nil {
			return err
		}
	}
	return nil
}

// unindex takes the passages and acronyms of a document out of the index.
func (p *putter) unindex(ctx context.Context, old known) error {
	if old.passages > 0 {
		end := old.firstPassage + int64(old.passages)
		for _, q := range []string{
			`DELETE FROM passage_index WHERE rowid >= ? AND rowid < ?`,
			`DELETE FROM passages WHERE key >= ? AND key < ?`,
		} {
			if _, err := p.w.exec(ctx, q, old.firstPassage, end); err != nil {
				return err
			}
		}
	}
	_, err := p.w.exec(ctx, `DELETE FROM acronyms WHERE document = ?`, old.key)
	return err
}

// refile writes changed filter values to the passages of a document.
func (p *putter) refile(ctx context.Context, old known, m metadata) error {
	c, err := p.collection(ctx, m.collection)
	if err != nil {
		return err
	}
	first, end := days(m.published)
	_, err = p.w.exec(ctx, `UPDATE passages SET collection = ?, first_day = ?, last_day = ? WHERE key >= ? AND key < ?`,
		c.key, first, end, old.firstPassage, old.firstPassage+int64(old.passages))
	return err
}
