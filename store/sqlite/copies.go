package sqlite

import (
	"cmp"
	"container/heap"
	"context"
	"database/sql"
	"math"
	"slices"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
)

const (
	// maxSharing is how many documents of a collection may have a hash in their
	// sketches for it to make candidates of them: what more have in common are
	// the words of a template. Those that have a whole sketch in common are
	// candidates all the same, up to maxAlike.
	maxSharing = 8
	maxAlike   = 256
	// maxWords bounds the words that a transaction keeps to compare, of some 50
	// bytes each.
	maxWords = 200_000
)

// folding finds which documents of a transaction are copies. A document is a
// copy of the first original in its collection that is the same piece and
// stands before it (place.before), else an original itself. What that comes to
// does not depend on the order in which documents are stored.
type folding struct {
	fresh  map[int64]arrival // documents that came or changed their place
	dirty  map[int64]bool    // documents whose original is to be found anew
	queue  places            // of dirty
	places map[int64]*place
	pieces map[int64]*copies.Piece
	words  int               // of pieces
	same   map[[2]int64]bool // pairs of keys that were compared, the lesser first
}

// arrival is what came of a document.
type arrival struct {
	collection int64
	sketch     []int32
	doc        *briefs.Document // nil where it is to be read from the library
}

func newFolding() folding {
	return folding{fresh: map[int64]arrival{}, dirty: map[int64]bool{}, places: map[int64]*place{}, pieces: map[int64]*copies.Piece{}, same: map[[2]int64]bool{}}
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

// places is a heap, the first of them on top.
type places []*place

func (q places) Len() int           { return len(q) }
func (q places) Less(i, j int) bool { return q[i].before(q[j]) }
func (q places) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *places) Push(d any)        { *q = append(*q, d.(*place)) }
func (q *places) Pop() any {
	d := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return d
}

// before is the order of originals: published first, the vaguer of two dates
// last, then added first.
func (a *place) before(b *place) bool {
	return cmp.Or(cmp.Compare(a.last, b.last), cmp.Compare(b.first, a.first), cmp.Compare(a.added, b.added), cmp.Compare(a.id, b.id)) < 0
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
	for key := range f.dirty {
		d, err := p.place(ctx, key)
		if err != nil {
			return err
		}
		f.queue = append(f.queue, d)
	}
	heap.Init(&f.queue)
	for len(f.queue) > 0 {
		next := heap.Pop(&f.queue).(*place)
		delete(f.dirty, next.key)
		if err := p.findOriginal(ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// again queues a document that comes after the one that is being settled.
func (p *putter) again(d *place) {
	if !p.folds.dirty[d.key] {
		p.folds.dirty[d.key] = true
		heap.Push(&p.folds.queue, d)
	}
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
	near, err := p.candidates(ctx, d)
	if err != nil {
		return err
	}
	original, later := int64(0), len(near)
	for i, n := range near {
		if !n.before(d) {
			later = i
			break
		}
		if n.original != 0 {
			continue
		}
		same, err := p.alike(ctx, n, d)
		if err != nil {
			return err
		}
		if same {
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
		for _, n := range near[later:] {
			if p.folds.dirty[n.key] {
				continue
			}
			same, err := p.alike(ctx, d, n)
			if err != nil {
				return err
			}
			if same {
				p.again(n)
			}
		}
	case !leads && led:
		orphans, err := p.copiesOf(ctx, d.key)
		if err != nil {
			return err
		}
		for _, key := range orphans {
			n, err := p.place(ctx, key)
			if err != nil {
				return err
			}
			p.again(n)
		}
	}
	return nil
}

// candidates are the documents in the collection of d that may be the same
// piece, in their order: those that share a hash with it that is rare, or its
// whole sketch.
func (p *putter) candidates(ctx context.Context, d *place) ([]*place, error) {
	piece, err := p.piece(ctx, d)
	if err != nil {
		return nil, err
	}
	var near []*place
	seen := map[int64]bool{d.key: true}
	for _, h := range piece.Sketch() {
		most := maxSharing + 1
		if h < 0 {
			most = maxAlike
		}
		keys, err := p.sharing(ctx, d.collection, h, most)
		if err != nil {
			return nil, err
		}
		if h >= 0 && len(keys) > maxSharing {
			continue
		}
		for _, key := range keys {
			if seen[key] {
				continue
			}
			seen[key] = true
			n, err := p.place(ctx, key)
			if err != nil {
				return nil, err
			}
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

// alike reports whether a and b are the same piece.
func (p *putter) alike(ctx context.Context, a, b *place) (bool, error) {
	pair := [2]int64{min(a.key, b.key), max(a.key, b.key)}
	if same, ok := p.folds.same[pair]; ok {
		return same, nil
	}
	x, err := p.piece(ctx, a)
	if err != nil {
		return false, err
	}
	y, err := p.piece(ctx, b)
	if err != nil {
		return false, err
	}
	same := copies.Same(x, y)
	p.folds.same[pair] = same
	return same, nil
}

// piece returns the text of d.
func (p *putter) piece(ctx context.Context, d *place) (*copies.Piece, error) {
	f := &p.folds
	if piece := f.pieces[d.key]; piece != nil {
		return piece, nil
	}
	var piece *copies.Piece
	if a := f.fresh[d.key]; a.doc != nil {
		piece = copies.Read(a.doc)
	} else {
		var err error
		if piece, err = p.readPiece(ctx, d.key, d.revision); err != nil {
			return nil, err
		}
	}
	if f.words += piece.Words(); f.words > maxWords {
		clear(f.pieces)
		f.words = piece.Words()
	}
	f.pieces[d.key] = piece
	return piece, nil
}
