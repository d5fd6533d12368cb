package sqlite

import (
	"context"
	"database/sql"
	"math"
	"time"
)

// packSizes say how the packed index is kept in shape. Numbers are of passages.
//
// Segments are merged by size: neighbours that together are much larger than
// each, so that a passage is merged once for each time that its segment grows
// fanout times.
type packSizes struct {
	// tail is up to how many the newest segments are merged by who adds to
	// them, in the same transaction, which takes some 15 ms: so that many small
	// additions leave few segments, whoever makes them.
	tail   int
	fanout int
	// inputs bounds how many segments are merged in one go, most how many there
	// may be before who adds waits for the merging. It keeps up with one
	// process that adds.
	inputs, most int
	// step and repack are how many are packed in one go in the background,
	// where it takes about a second, and by Repack.
	step, repack int
	// bytes is how much is written or deleted in one transaction: some 10 ms,
	// so that no other writer waits long.
	bytes int
	// soon is after which time a change is looked at, so that a process that
	// ends at once merges nothing; later after opening, again when another
	// process is at it, failed after a failure.
	soon, later, again, failed time.Duration
}

var usualSizes = packSizes{
	tail: 2_000, fanout: 8, inputs: 32, most: 64, step: 16_000, repack: 64_000, bytes: 256 << 10,
	soon: 200 * time.Millisecond, later: time.Second, again: 5 * time.Second, failed: time.Minute,
}

// deadShare of the passages of a segment are dead when it is made anew.
const deadShare = 0.2

// shape is what the merger knows of the packed index.
type shape struct {
	list  *packedList
	left  []int64   // segments that are not used any more
	busy  bool      // a segment is being built
	swept bool      // stale was looked for
	stale []deadRow // ranges of rows of packed_dead, up to one, that no segment needs
	gone  []deadRow // rows that are purged
}

const (
	othersQuery = `SELECT id, state = 'replaced' OR until <= ? FROM packed_segments WHERE state <> 'used'`
	purgedQuery = `SELECT id, first, stop FROM packed_dead INDEXED BY packed_dead_purged WHERE purged`
	staleQuery  = `SELECT EXISTS (SELECT 1 FROM packed_dead INDEXED BY packed_dead_first WHERE first >= ? AND first < ? AND id <= ?)`
)

func (l *Library) shape(ctx context.Context, sweep bool) (*shape, error) {
	s := &shape{}
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) (err error) {
		query := queryFunc(tx.QueryContext)
		if s.list, err = l.packedAt(ctx, query); err != nil {
			return err
		}
		rows, err := query(ctx, othersQuery, time.Now().UnixMicro())
		if err != nil {
			return err
		}
		type other struct {
			id   int64
			over bool
		}
		others, err := collect(rows, func(o *other) []any { return []any{&o.id, &o.over} })
		if err != nil {
			return err
		}
		for _, o := range others {
			if o.over {
				s.left = append(s.left, o.id)
			} else {
				s.busy = true
			}
		}
		if s.gone, err = readDead(ctx, query, purgedQuery); err != nil {
			return err
		}
		if !sweep || s.busy || s.list.unpacked {
			return nil
		}
		s.swept = true
		return s.findStale(ctx, tx)
	})
	return s, err
}

// findStale looks for rows of packed_dead that were left behind.
func (s *shape) findStale(ctx context.Context, tx *sql.Tx) error {
	look := func(d deadRow) error {
		var some bool
		if err := tx.QueryRowContext(ctx, staleQuery, d.first, d.end, d.id).Scan(&some); err != nil {
			return err
		}
		if some {
			s.stale = append(s.stale, d)
		}
		return nil
	}
	next := int64(math.MinInt64)
	for i := range s.list.segments {
		r := &s.list.segments[i].segmentRow
		if err := look(deadRow{s.list.dead, keySpan{next, r.first}}); err != nil {
			return err
		}
		if err := look(deadRow{r.deadTo, keySpan{r.first, r.end}}); err != nil {
			return err
		}
		next = r.end
	}
	return look(deadRow{s.list.dead, keySpan{next, math.MaxInt64}})
}

// purged returns a segment that holds what is purged; -1 for none.
func (s *shape) purged() int {
	for i := range s.list.segments {
		r := &s.list.segments[i].segmentRow
		for _, d := range s.gone {
			if r.first <= d.first && d.first < r.end && d.id > r.deadTo {
				return i
			}
		}
	}
	return -1
}

// tier is how often a segment of n passages grew: those that were added in one
// go have tail or fewer, or twice as many, and each tier begins half way to the next,
// about the root of fanout further.
func (z *packSizes) tier(n int) int {
	t := 0
	for n >= z.tail*z.fanout/3 {
		n /= z.fanout
		t++
	}
	return t
}

// mergeable returns which neighbours [from,to) are to be merged, or which one
// is to be made anew because much of it is dead, or an older version of the
// program made it.
func (p *packedList) mergeable(z packSizes) (from, to int) {
	n := len(p.segments)
	for sum := 0; n > 0; n-- { // without those that tail may merge meanwhile
		if sum += p.segments[n-1].meta.Passages; sum > z.tail {
			break
		}
	}
	tiers, highest := make([]int, n), 0
	for i := range tiers {
		s := &p.segments[i]
		tiers[i] = z.tier(s.meta.Passages - s.buried)
		highest = max(highest, tiers[i])
	}
	for t := 0; t <= highest; t++ {
		start := 0
		for i := 0; i <= n; i++ {
			if i < n && tiers[i] <= t {
				continue
			}
			if i-start >= z.fanout {
				return start, min(i, start+z.inputs)
			}
			start = i + 1
		}
	}
	for i := range n {
		if s := &p.segments[i]; float64(s.buried) > deadShare*float64(s.meta.Passages) {
			return i, i + 1
		}
	}
	for i := range p.segments {
		if p.segments[i].meta.Old() {
			return i, i + 1
		}
	}
	return 0, 0
}
