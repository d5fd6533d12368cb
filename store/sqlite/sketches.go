package sqlite

import (
	"cmp"
	"context"
	"slices"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
)

// fold notes that a searchable document came to its place, with its sketch.
func (p *putter) fold(key int64, a arrival) { p.folds.fresh[key] = a }

// unfold takes a document out of its place and returns its sketch. Its copies
// are to find another original.
func (p *putter) unfold(ctx context.Context, old known) ([]int32, error) {
	f := &p.folds
	came, waits := f.fresh[old.key]
	delete(f.fresh, old.key)
	sketch := came.sketch
	if !waits {
		piece, err := p.readPiece(ctx, old.key, old.revision)
		if err != nil {
			return nil, err
		}
		sketch = piece.Sketch()
		c, err := p.collection(ctx, old.meta.collection)
		if err != nil {
			return nil, err
		}
		if _, err := p.w.exec(ctx, `DELETE FROM sketches WHERE collection = ?1 AND hash IN (SELECT value FROM json_each(?2)) AND document = ?3`,
			c.key, jsonHashes(sketch), old.key); err != nil {
			return nil, err
		}
		for _, h := range sketch { // it may be rare again
			sharing, err := p.sharing(ctx, c.key, h, maxSharing+1)
			if err != nil {
				return nil, err
			}
			if len(sharing) == maxSharing {
				p.touch(sharing)
			}
		}
	}
	orphans, err := p.copiesOf(ctx, old.key)
	if err != nil {
		return nil, err
	}
	p.touch(orphans)
	delete(f.dirty, old.key)
	_, err = p.w.exec(ctx, `UPDATE documents SET original = NULL WHERE key = ? AND original IS NOT NULL`, old.key)
	return sketch, err
}

// touch notes that the originals of documents are to be found anew.
func (p *putter) touch(keys []int64) {
	for _, key := range keys {
		p.folds.dirty[key] = true
	}
}

// refold gives a document its new place, with the content of v.
func (p *putter) refold(ctx context.Context, key int64, old known, v *prepared) error {
	if old.key != 0 && !old.withdrawn {
		if _, err := p.unfold(ctx, old); err != nil {
			return err
		}
	}
	if v.doc.Withdrawn {
		return nil
	}
	c, err := p.collection(ctx, v.meta.collection)
	if err != nil {
		return err
	}
	d := *v.doc
	d.Title = v.meta.title
	p.fold(key, arrival{c.key, v.sketch, &d})
	return nil
}

// sharing are at most most documents of a collection with a hash in their
// sketches.
func (p *putter) sharing(ctx context.Context, collection int64, hash int32, most int) ([]int64, error) {
	return writerKeys(ctx, p.w, `SELECT document FROM sketches WHERE collection = ? AND hash = ? LIMIT ?`, collection, hash, most)
}

func (p *putter) copiesOf(ctx context.Context, key int64) ([]int64, error) {
	return writerKeys(ctx, p.w, `SELECT key FROM documents WHERE original = ?`, key)
}

func writerKeys(ctx context.Context, w *writer, query string, args ...any) ([]int64, error) {
	s, err := w.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(k *int64) []any { return []any{k} })
}

// readPiece reads the text of a stored revision.
func (p *putter) readPiece(ctx context.Context, key int64, revision int) (*copies.Piece, error) {
	var d briefs.Document
	var structure []byte
	err := p.w.row(ctx, `SELECT d.title, r.structure, r.text FROM revisions r JOIN documents d ON d.key = r.document WHERE r.document = ? AND r.n = ?`, key, revision).
		Scan(&d.Title, &structure, &d.Text)
	if err != nil {
		return nil, err
	}
	if decodeStructure(structure, &d) != nil {
		return &copies.Piece{}, nil // library check tells
	}
	return copies.Read(&d), nil
}

// filed is one hash of the sketch of a document that came.
type filed struct {
	hash int32
	key  int64
}

// file writes the sketches of the documents that came, and marks those that
// share a hash with another document, and those whose hashes are rare no more.
func (p *putter) file(ctx context.Context) error {
	entries := map[int64][]filed{} // by collection
	for key, a := range p.folds.fresh {
		for _, h := range a.sketch {
			entries[a.collection] = append(entries[a.collection], filed{h, key})
		}
	}
	for collection, list := range entries {
		slices.SortFunc(list, func(a, b filed) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.key, b.key)) })
		if err := p.mark(ctx, collection, list); err != nil {
			return err
		}
		_, err := p.w.exec(ctx, `INSERT OR IGNORE INTO sketches (collection, hash, document) SELECT ?2, value >> 32, value & 0xffffffff FROM json_each(?1)`,
			jsonKeys(list, func(e filed) int64 { return int64(e.hash)<<32 | e.key }), collection)
		if err != nil {
			return err
		}
	}
	return nil
}

// mark marks whom list, which is in order and not yet written, concerns.
func (p *putter) mark(ctx context.Context, collection int64, list []filed) error {
	distinct := slices.CompactFunc(slices.Clone(list), func(a, b filed) bool { return a.hash == b.hash })
	s, err := p.w.stmt(ctx, `SELECT value, n FROM (SELECT value,
			(SELECT count(*) FROM (SELECT 1 FROM sketches WHERE collection = ?2 AND hash = value LIMIT ?3)) AS n FROM json_each(?1)) WHERE n > 0`)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, jsonKeys(distinct, func(e filed) int64 { return int64(e.hash) }), collection, maxSharing+1)
	if err != nil {
		return err
	}
	type known struct {
		hash int32
		n    int
	}
	all, err := collect(rows, func(k *known) []any { return []any{&k.hash, &k.n} })
	if err != nil {
		return err
	}
	before := make(map[int32]int, len(all))
	for _, k := range all {
		before[k.hash] = k.n
	}
	for i := 0; i < len(list); {
		hash, start := list[i].hash, i
		for i < len(list) && list[i].hash == hash {
			i++
		}
		n := before[hash]
		if n+i-start == 1 {
			continue
		}
		for _, e := range list[start:i] {
			p.folds.dirty[e.key] = true
		}
		if n <= maxSharing && n+i-start > maxSharing {
			sharing, err := p.sharing(ctx, collection, hash, maxSharing)
			if err != nil {
				return err
			}
			p.touch(sharing)
		}
	}
	return nil
}

func jsonHashes(sketch []int32) string {
	return jsonKeys(sketch, func(h int32) int64 { return int64(h) })
}
