package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	"briefdesk/store/sqlite/packed"
)

const (
	packedQuery  = `SELECT packed, unpacked IS NOT NULL FROM library`
	deadOfQuery  = `SELECT id, first, stop FROM packed_dead WHERE first >= ? AND first < ? AND id > ? ORDER BY id`
	newDeadQuery = `SELECT id, first, stop FROM packed_dead WHERE id > ? ORDER BY id`
	heldQuery    = `SELECT ifnull(sum(passages), 0) FROM collections`
)

// packedQueries are those of packedOf and of the blobs of its segments.
var packedQueries = []string{usedQuery, deadOfQuery, newDeadQuery, blobQuery}

// packedList is the packed index at one moment. It is not changed any more.
type packedList struct {
	version  int64
	dead     int64           // the last row of packed_dead that is known
	segments []packedSegment // in the order of their keys
	unpacked bool            // some passages are in no segment yet
	opened   map[*packed.Segment]bool
}

// packedSegment is a segment in use and what is dead of it. A segment never
// changes, and as long as it is in use, dead only grows: its id and the length
// of dead say all.
type packedSegment struct {
	segmentRow
	*packed.Segment
	dead   []packed.Span // in the order of the keys
	buried int           // how many passages these are
}

// packedLists keeps the last list and its segments, opened.
type packedLists struct {
	cache *packed.Cache // of what searches read of segments

	mu   sync.Mutex
	last *packedList
}

// packedAt returns the packed index as it is at the moment of query, which is a
// transaction's. Its blobs are read in the same transaction, where ctx is made
// by reading.
func (l *Library) packedAt(ctx context.Context, query queryFunc) (*packedList, error) {
	var version int64
	var unpacked bool
	if err := one(ctx, query, packedQuery, &version, &unpacked); err != nil {
		return nil, err
	}
	return l.packedOf(ctx, query, version, unpacked)
}

// packedOf is packedAt for who has read already what tells the lists apart.
func (l *Library) packedOf(ctx context.Context, query queryFunc, version int64, unpacked bool) (*packedList, error) {
	k := &l.packs
	k.mu.Lock()
	defer k.mu.Unlock()
	last := k.last
	if last != nil && last.version == version {
		return last, nil
	}
	if last == nil || last.version > version { // of an earlier moment than the last one
		last = &packedList{}
	}
	list, err := l.openList(reading(ctx, query), query, last)
	if err != nil {
		return nil, err
	}
	list.version, list.unpacked = version, unpacked
	if err := list.whole(ctx, query); err != nil {
		return nil, err
	}
	if k.last == nil || k.last.version < version {
		k.last = list
	}
	return list, nil
}

// openList reads the list, of which last is an earlier state.
func (l *Library) openList(ctx context.Context, query queryFunc, last *packedList) (*packedList, error) {
	rows, err := usedSegments(ctx, query)
	if err != nil {
		return nil, err
	}
	known := make(map[int64]*packedSegment, len(last.segments))
	for i := range last.segments {
		known[last.segments[i].id] = &last.segments[i]
	}
	list := &packedList{dead: last.dead, segments: make([]packedSegment, len(rows))}
	for i, r := range rows {
		s := &list.segments[i]
		if was := known[r.id]; was != nil {
			*s = *was
			continue
		}
		s.segmentRow = r
		if s.Segment, err = packed.Open(ctx, r.meta, l.packs.cache.Source(blobSource{l, r.id})); err != nil {
			return nil, err
		}
		dead, err := readDead(ctx, query, deadOfQuery, r.first, r.end, r.deadTo)
		if err != nil {
			return nil, err
		}
		s.bury(dead)
	}
	dead, err := readDead(ctx, query, newDeadQuery, last.dead)
	if err != nil {
		return nil, err
	}
	later := make(map[int][]deadRow) // by segment
	for _, d := range dead {
		list.dead = max(list.dead, d.id)
		i, ok := slices.BinarySearchFunc(list.segments, d.first, func(s packedSegment, key int64) int {
			switch {
			case s.end <= key:
				return -1
			case s.first > key:
				return 1
			}
			return 0
		})
		if ok && known[list.segments[i].id] != nil && d.id > list.segments[i].deadTo {
			later[i] = append(later[i], d)
		}
	}
	for i, dead := range later {
		list.segments[i].bury(dead)
	}
	list.opened = make(map[*packed.Segment]bool, len(rows))
	for i := range list.segments {
		list.opened[list.segments[i].Segment] = true
	}
	return list, nil
}

// whole returns packed.ErrDamaged when the segments do not hold as many passages
// as there are: a search would pass over the others without a word.
func (p *packedList) whole(ctx context.Context, query queryFunc) error {
	if p.unpacked {
		return nil
	}
	packs := 0
	for i := range p.segments {
		packs += p.segments[i].meta.Passages - p.segments[i].buried
	}
	var held int
	if err := one(ctx, query, heldQuery, &held); err != nil || held == packs {
		return err
	}
	// The counters may be what is wrong. This reads all passages.
	if err := one(ctx, query, `SELECT count(*) FROM passages`, &held); err != nil || held == packs {
		return err
	}
	return fmt.Errorf("%w: it holds %d of %d passages", packed.ErrDamaged, packs, held)
}

// bury adds dead to what is dead; other lists share what was.
func (s *packedSegment) bury(dead []deadRow) {
	if len(dead) == 0 {
		return
	}
	s.dead = slices.Grow(slices.Clone(s.dead), len(dead))
	for _, d := range dead {
		s.dead = append(s.dead, packed.Span{First: d.first, End: d.end})
		s.buried += int(d.end - d.first)
	}
	slices.SortFunc(s.dead, func(a, b packed.Span) int { return cmp.Compare(a.First, b.First) })
}

type deadRow struct {
	id int64
	keySpan
}

func readDead(ctx context.Context, query queryFunc, text string, args ...any) ([]deadRow, error) {
	rows, err := query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(d *deadRow) []any { return []any{&d.id, &d.first, &d.end} })
}

func usedSegments(ctx context.Context, query queryFunc) ([]segmentRow, error) {
	rows, err := query(ctx, usedQuery)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []segmentRow
	for rows.Next() {
		var r segmentRow
		var raw []byte
		if err := rows.Scan(r.fields(&raw)...); err != nil {
			return nil, err
		}
		if err := r.decode(raw); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// one reads the only row of a query.
func one(ctx context.Context, query queryFunc, text string, fields ...any) error {
	rows, err := query(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(fields...); err != nil {
		return err
	}
	return rows.Close()
}

// readingKey is where a context keeps the queryFunc that blobs are read with.
type readingKey struct{}

// reading lets blobs that are read with the returned context be read with
// query: segments outlive transactions, but a segment that has been replaced is
// only there for who began before that.
func reading(ctx context.Context, query queryFunc) context.Context {
	return context.WithValue(ctx, readingKey{}, query)
}

// blobSource reads the blobs of a segment.
type blobSource struct {
	l       *Library
	segment int64
}

func (s blobSource) Blob(ctx context.Context, n int) ([]byte, error) {
	query, ok := ctx.Value(readingKey{}).(queryFunc)
	if !ok {
		query = s.l.rows
	}
	rows, err := query(ctx, blobQuery, blobID(s.segment, n))
	if err != nil {
		return nil, err
	}
	return onlyBlob(rows, s.segment, n)
}

func onlyBlob(rows *sql.Rows, segment int64, n int) ([]byte, error) {
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%w: segment %d has no blob %d", packed.ErrDamaged, segment, n)
	}
	var blob []byte
	if err := rows.Scan(&blob); err != nil {
		return nil, err
	}
	return blob, rows.Close()
}
