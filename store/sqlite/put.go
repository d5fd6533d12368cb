package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"briefdesk/briefs"
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
// Metadata belongs to the document, and the last of the history brings it;
// fields that were edited stay. The outcome is Added for a new document (or
// one that had been removed), Revised when a revision was appended or the
// metadata changed, else Unchanged, even when the passages of the same content
// had to be indexed anew because they were cut or stemmed differently.
//
// A document that is not valid (an offset outside the text, broken UTF-8, a
// malformed date) fails with its whole history, the others are stored: the
// error then joins one ErrInvalid a document, and their Stored have no
// Outcome. After any other error nothing of the batch is stored.
func (l *Library) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	const op = "add"
	stored := make([]briefs.Stored, len(batch))
	var invalid []error
	type history struct {
		at       int // index of the first in batch
		versions []prepared
	}
	var histories []history
	for i, end := 0, 0; i < len(batch); i = end {
		for end = i + 1; end < len(batch) && batch[end].ID == batch[i].ID; end++ {
		}
		h := history{at: i}
		for j := i; j < end; j++ {
			stored[j].ID = batch[j].ID
			if err := validate(&batch[j]); err != nil {
				invalid = append(invalid, err)
				h.versions = nil
				break
			}
			h.versions = append(h.versions, prepare(&batch[j], j == end-1))
		}
		if h.versions != nil {
			histories = append(histories, h)
		}
	}
	if len(histories) > 0 {
		err := l.write(ctx, op, func(steady context.Context, w *writer) error {
			p, err := l.newPutter(steady, w)
			if err != nil {
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
}

// collection is the key of a collection and what its counters will change by.
type collection struct {
	key                 int64
	documents, passages int
}

func (l *Library) newPutter(ctx context.Context, w *writer) (*putter, error) {
	p := &putter{w: w, now: l.now().UnixMicro(), collections: map[string]*collection{}}
	err := w.row(ctx, `SELECT ifnull(max(key), 0) + 1 FROM passages`).Scan(&p.nextPassage)
	return p, err
}

// known is the stored state of a document; key is 0 when there is none.
type known struct {
	key, firstPassage          int64
	revision, edited, passages int
	withdrawn                  bool
	meta                       metadata
	indexed                    []byte
	digests                    [][]byte // of its revisions, oldest first
}

func (p *putter) lookup(ctx context.Context, id briefs.DocumentID) (known, error) {
	var k known
	m := &k.meta
	err := p.w.row(ctx, `SELECT d.key, d.revision, d.title, d.author, d.publisher, d.published, d.url, c.name,
			d.edited, d.withdrawn, d.first_passage, d.passages, d.indexed
		FROM documents d JOIN collections c ON c.key = d.collection WHERE d.id = ?`, string(id)).
		Scan(&k.key, &k.revision, &m.title, &m.author, &m.publisher, &m.published, &m.url, &m.collection,
			&k.edited, &k.withdrawn, &k.firstPassage, &k.passages, &k.indexed)
	if errors.Is(err, sql.ErrNoRows) {
		return known{}, nil
	}
	return k, err
}

func (p *putter) digests(ctx context.Context, key int64) ([][]byte, error) {
	s, err := p.w.stmt(ctx, `SELECT digest FROM revisions WHERE document = ? ORDER BY n`)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, key)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(d *[]byte) []any { return []any{d} })
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
	if old.key == 0 || old.withdrawn {
		out[0].Outcome = briefs.Added
	} else if last.meta != old.meta && out[len(out)-1].Outcome == briefs.Unchanged {
		out[len(out)-1].Outcome = briefs.Revised
	}

	indexed := last.indexDigest()
	reindex := old.key == 0 || old.withdrawn || string(indexed) != string(old.indexed)
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
	if reindex {
		return p.index(ctx, key, old, last)
	}
	if last.meta.collection != old.meta.collection || last.meta.published != old.meta.published {
		return p.refile(ctx, old, last.meta)
	}
	return nil
}

// plan says which revision each of history is, and which of them are new: it
// finds the longest suffix of stored that is a prefix of history.
func plan(stored [][]byte, history []prepared) (revisions []int, fresh []bool) {
	var runs [][]byte // history without equal neighbours
	run := make([]int, len(history))
	for i := range history {
		if i == 0 || history[i].digest != history[i-1].digest {
			runs = append(runs, history[i].digest[:])
		}
		run[i] = len(runs) - 1
	}
	overlap := min(len(stored), len(runs))
	for ; overlap > 0; overlap-- {
		equal := true
		for i := range overlap {
			if string(stored[len(stored)-overlap+i]) != string(runs[i]) {
				equal = false
				break
			}
		}
		if equal {
			break
		}
	}
	revisions, fresh = make([]int, len(history)), make([]bool, len(history))
	for i := range history {
		revisions[i] = len(stored) - overlap + run[i] + 1
		fresh[i] = run[i] >= overlap && (i == 0 || run[i] != run[i-1])
	}
	return revisions, fresh
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
	if reindex {
		passage, passages = p.nextPassage, len(last.rows)
	}
	if old.key == 0 || old.withdrawn {
		c.documents++
		c.passages += passages
	} else {
		was, err := p.collection(ctx, old.meta.collection)
		if err != nil {
			return 0, err
		}
		was.documents--
		was.passages -= old.passages
		c.documents++
		c.passages += passages
	}
	if old.key != 0 {
		_, err := p.w.exec(ctx, `UPDATE documents SET revision = ?, collection = ?, title = ?, author = ?, publisher = ?, published = ?,
			url = ?, first_day = ?, last_day = ?, withdrawn = 0, first_passage = ?, passages = ?, indexed = ? WHERE key = ?`,
			current, c.key, m.title, m.author, m.publisher, string(m.published), m.url, first, end, passage, passages, indexed, old.key)
		return old.key, err
	}
	r, err := p.w.exec(ctx, `INSERT INTO documents (id, revision, collection, title, author, publisher, published, url,
			first_day, last_day, edited, withdrawn, first_passage, passages, indexed)
		VALUES (?,?,?,?,?,?,?,?,?,?,0,0,?,?,?)`,
		string(last.doc.ID), current, c.key, m.title, m.author, m.publisher, string(m.published), m.url,
		first, end, passage, passages, indexed)
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

// index replaces the passages and acronyms of a document.
func (p *putter) index(ctx context.Context, key int64, old known, last *prepared) error {
	if old.key != 0 {
		if err := p.unindex(ctx, old); err != nil {
			return err
		}
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

// finish writes the counters and the generation.
func (p *putter) finish(ctx context.Context) error {
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
	_, err := p.w.exec(ctx, `UPDATE library SET generation = generation + 1`)
	return err
}

// collect reads all rows; fields returns where the columns of one go.
func collect[T any](rows *sql.Rows, fields func(*T) []any) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// placeholders is "?,?,…" with n question marks.
func placeholders(n int) string {
	return strings.TrimSuffix(strings.Repeat("?,", n), ",")
}
