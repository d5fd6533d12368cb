package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
)

const (
	// maxCandidates bounds the documents that one is compared with, those that
	// share most of its sketch first: pages made from one template share much.
	maxCandidates = 32
	// maxPieces bounds the texts that a transaction keeps to compare, of some
	// 50 KB each.
	maxPieces = 256
)

// folding finds which documents of a transaction are copies. A document is a
// copy of the first original in its collection that is the same piece and
// stands before it (place.before), else an original itself. What that comes to
// does not depend on the order in which documents are stored.
type folding struct {
	fresh  map[int64][]uint32 // sketches of documents that came or changed their place
	dirty  map[int64]bool     // documents whose original is to be found anew
	places map[int64]*place
	pieces map[int64]*copies.Piece
	same   map[[2]int64]bool // pairs of keys that were compared, the lesser first
}

func newFolding() folding {
	return folding{map[int64][]uint32{}, map[int64]bool{}, map[int64]*place{}, map[int64]*copies.Piece{}, map[[2]int64]bool{}}
}

// place is what folding needs to know of a document.
type place struct {
	key, collection int64
	id              string
	revision        int
	first, last     int64 // days of publication; the greatest number when unknown
	added           int64 // when its first revision entered the library
	original        int64 // 0 for an original
	fresh           bool  // it was in no place before
}

// before is the order of originals: published first, the vaguer of two dates
// last, then added first.
func (a *place) before(b *place) bool {
	return cmp.Or(cmp.Compare(a.last, b.last), cmp.Compare(b.first, a.first), cmp.Compare(a.added, b.added), cmp.Compare(a.id, b.id)) < 0
}

// fold notes that a searchable document came to its place, with its sketch.
func (p *putter) fold(key int64, sketch []uint32) {
	p.folds.fresh[key] = sketch
}

// unfold takes a document out of its place and returns its sketch. Its copies
// are to find another original.
func (p *putter) unfold(ctx context.Context, old known) ([]uint32, error) {
	sketch, waits := p.folds.fresh[old.key]
	delete(p.folds.fresh, old.key)
	if !waits {
		piece, err := p.readPiece(ctx, old.key, old.revision)
		if err != nil {
			return nil, err
		}
		sketch = piece.Sketch()
		if _, err := p.w.exec(ctx, `DELETE FROM sketches WHERE document = ?1 AND hash IN (SELECT value FROM json_each(?2))`, old.key, jsonHashes(sketch)); err != nil {
			return nil, err
		}
	}
	orphans, err := p.copiesOf(ctx, old.key)
	if err != nil {
		return nil, err
	}
	for _, key := range orphans {
		p.folds.dirty[key] = true
	}
	delete(p.folds.dirty, old.key)
	_, err = p.w.exec(ctx, `UPDATE documents SET original = NULL WHERE key = ? AND original IS NOT NULL`, old.key)
	return sketch, err
}

// refold gives a document its new place, in which it has sketch.
func (p *putter) refold(ctx context.Context, key int64, old known, sketch []uint32, withdrawn bool) error {
	if old.key != 0 && !old.withdrawn {
		if _, err := p.unfold(ctx, old); err != nil {
			return err
		}
	}
	if !withdrawn {
		p.fold(key, sketch)
	}
	return nil
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
	err := p.w.row(ctx, `SELECT structure, text FROM revisions WHERE document = ? AND n = ?`, key, revision).Scan(&structure, &d.Text)
	if err != nil {
		return nil, err
	}
	if decodeStructure(structure, &d) != nil {
		return &copies.Piece{}, nil // library check tells
	}
	return copies.Read(&d), nil
}

// settle files the sketches of the documents that came, and finds the
// originals of all whose place changed.
func (p *putter) settle(ctx context.Context) error {
	f := &p.folds
	if len(f.fresh) > 0 {
		if err := p.file(ctx); err != nil {
			return err
		}
	}
	for len(f.dirty) > 0 {
		next, err := p.first(ctx)
		if err != nil {
			return err
		}
		delete(f.dirty, next.key)
		if err := p.findOriginal(ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// file writes the sketches of the documents that came, and marks those that
// share a hash with another document.
func (p *putter) file(ctx context.Context) error {
	f := &p.folds
	type entry struct {
		hash uint32
		key  int64
	}
	var entries []entry
	for key, sketch := range f.fresh {
		for _, h := range sketch {
			entries = append(entries, entry{h, key})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.key, b.key)) })
	hashes := []byte{'['}
	packed := []byte{'['}
	for i, e := range entries {
		if i > 0 {
			packed = append(packed, ',')
		}
		if i == 0 || e.hash != entries[i-1].hash {
			if i > 0 {
				hashes = append(hashes, ',')
			}
			hashes = strconv.AppendUint(hashes, uint64(e.hash), 10)
		}
		packed = strconv.AppendInt(packed, int64(e.hash)<<32|e.key, 10)
	}
	known, err := writerKeys(ctx, p.w, `SELECT value FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM sketches s WHERE s.hash = j.value)`, string(append(hashes, ']')))
	if err != nil {
		return err
	}
	met := map[uint32]bool{}
	for _, h := range known {
		met[uint32(h)] = true
	}
	for i, e := range entries {
		if met[e.hash] || i > 0 && entries[i-1].hash == e.hash || i+1 < len(entries) && entries[i+1].hash == e.hash {
			f.dirty[e.key] = true
		}
	}
	_, err = p.w.exec(ctx, `INSERT OR IGNORE INTO sketches (hash, document) SELECT value >> 32, value & 0xffffffff FROM json_each(?)`, string(append(packed, ']')))
	return err
}

// first returns the first of the dirty documents.
func (p *putter) first(ctx context.Context) (*place, error) {
	var first *place
	for key := range p.folds.dirty {
		d, err := p.place(ctx, key)
		if err != nil {
			return nil, err
		}
		if first == nil || d.before(first) {
			first = d
		}
	}
	return first, nil
}

func (p *putter) place(ctx context.Context, key int64) (*place, error) {
	f := &p.folds
	if d := f.places[key]; d != nil {
		return d, nil
	}
	d := &place{key: key}
	var first, last, original sql.NullInt64
	err := p.w.row(ctx, `SELECT d.id, d.collection, d.revision, d.first_day, d.last_day, d.original, r.added
		FROM documents d JOIN revisions r ON r.document = d.key AND r.n = 1 WHERE d.key = ?`, key).
		Scan(&d.id, &d.collection, &d.revision, &first, &last, &original, &d.added)
	if err != nil {
		return nil, err
	}
	d.first, d.last, d.original = math.MaxInt64, math.MaxInt64, original.Int64
	if first.Valid {
		d.first, d.last = first.Int64, last.Int64
	}
	_, d.fresh = f.fresh[key]
	f.places[key] = d
	return d, nil
}

// findOriginal settles the first document that is not settled. Others that
// this concerns come after it.
func (p *putter) findOriginal(ctx context.Context, d *place) error {
	near, err := p.near(ctx, d)
	if err != nil {
		return err
	}
	original := int64(0)
	for _, n := range near {
		if n.before(d) && n.original == 0 {
			original = n.key
			break
		}
	}
	led := d.original == 0 && !d.fresh
	d.fresh = false
	if original != d.original {
		d.original = original
		if _, err := p.w.exec(ctx, `UPDATE documents SET original = nullif(?, 0) WHERE key = ?`, original, d.key); err != nil {
			return err
		}
		p.changed = true
	}
	switch leads := original == 0; {
	case leads && !led:
		for _, n := range near {
			if d.before(n) {
				p.folds.dirty[n.key] = true
			}
		}
	case !leads && led:
		orphans, err := p.copiesOf(ctx, d.key)
		if err != nil {
			return err
		}
		for _, key := range orphans {
			p.folds.dirty[key] = true
		}
	}
	return nil
}

// near returns the documents in the collection of d that are the same piece,
// in their order.
func (p *putter) near(ctx context.Context, d *place) ([]*place, error) {
	piece, err := p.piece(ctx, d)
	if err != nil {
		return nil, err
	}
	keys, err := writerKeys(ctx, p.w, `SELECT s.document FROM json_each(?1) j CROSS JOIN sketches s ON s.hash = j.value
		CROSS JOIN documents d ON d.key = s.document
		WHERE s.document <> ?2 AND d.collection = ?3 AND NOT d.withdrawn
		GROUP BY s.document ORDER BY count(*) DESC, d.id LIMIT ?4`, jsonHashes(piece.Sketch()), d.key, d.collection, maxCandidates)
	if err != nil {
		return nil, err
	}
	var near []*place
	for _, key := range keys {
		n, err := p.place(ctx, key)
		if err != nil {
			return nil, err
		}
		pair := [2]int64{min(d.key, key), max(d.key, key)}
		same, ok := p.folds.same[pair]
		if !ok {
			other, err := p.piece(ctx, n)
			if err != nil {
				return nil, err
			}
			same = copies.Same(piece, other)
			p.folds.same[pair] = same
		}
		if same {
			near = append(near, n)
		}
	}
	slices.SortFunc(near, func(a, b *place) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return near, nil
}

// piece returns the text of d.
func (p *putter) piece(ctx context.Context, d *place) (*copies.Piece, error) {
	f := &p.folds
	if piece := f.pieces[d.key]; piece != nil {
		return piece, nil
	}
	piece, err := p.readPiece(ctx, d.key, d.revision)
	if err != nil {
		return nil, err
	}
	if len(f.pieces) >= maxPieces {
		clear(f.pieces)
	}
	f.pieces[d.key] = piece
	return piece, nil
}

func jsonHashes(sketch []uint32) string {
	return jsonKeys(sketch, func(h uint32) int64 { return int64(h) })
}

// Fold looks for copies among at most most documents of those that an older
// version stored, and returns how many are left. It does nothing in a library
// where none are.
func (l *Library) Fold(ctx context.Context, most int) (left int, err error) {
	if l.writer == nil {
		return 0, nil
	}
	var from, to int64
	if err := l.row(ctx, `SELECT sketched, unsketched FROM library`).Scan(&from, &to); err != nil || from >= to || most < 1 {
		return 0, l.explain(err)
	}
	err = l.write(ctx, func(steady context.Context, w *writer) error {
		if err := w.row(steady, `SELECT sketched, unsketched FROM library`).Scan(&from, &to); err != nil || from >= to {
			return err
		}
		p, err := l.newPutter(steady, w)
		if err != nil {
			return err
		}
		s, err := w.stmt(steady, `SELECT key, revision, withdrawn FROM documents WHERE key > ? AND key <= ? ORDER BY key LIMIT ?`)
		if err != nil {
			return err
		}
		rows, err := s.QueryContext(steady, from, to, most)
		if err != nil {
			return err
		}
		old, err := collect(rows, func(k *known) []any { return []any{&k.key, &k.revision, &k.withdrawn} })
		if err != nil {
			return err
		}
		through := to
		if len(old) == most {
			through = old[most-1].key
		}
		for _, k := range old {
			if err := ctx.Err(); err != nil {
				return err
			}
			if k.withdrawn {
				continue
			}
			piece, err := p.readPiece(steady, k.key, k.revision)
			if err != nil {
				return err
			}
			p.fold(k.key, piece.Sketch())
		}
		if err := p.finish(steady); err != nil {
			return err
		}
		if _, err := w.exec(steady, `UPDATE library SET sketched = ?`, through); err != nil {
			return err
		}
		return w.row(steady, `SELECT count(*) FROM documents WHERE key > ? AND key <= ?`, through, to).Scan(&left)
	})
	return left, err
}
