package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"math"

	"briefdesk/store/sqlite/packed"
)

// repackable ends a problem that library repack mends.
const repackable = ": run: briefdesk library repack"

// packed compares the packed index with what FTS5 indexes: the segments in use
// hold each passage that is not dead once, with its terms in their places, and
// what filters need of its document.
func (c *checker) packed() error {
	var from, end sql.NullInt64
	var next int64
	if err := c.tx.QueryRowContext(c.ctx, `SELECT unpacked, unpacked_end, next_passage FROM library`).Scan(&from, &end, &next); err != nil {
		return err
	}
	segments, err := c.segments()
	if err != nil {
		return err
	}
	// Where passages may be in no segment.
	free := keySpan{math.MaxInt64, math.MaxInt64}
	if from.Valid {
		free = keySpan{from.Int64, end.Int64}
	}
	at := int64(math.MinInt64)
	for i := range segments {
		s := &segments[i]
		if s.first < at || s.end < s.first || s.end > next || s.first < free.end && free.first < s.end {
			if err := c.report("packed index: segment %d has passages that another has, or nobody%s", s.id, repackable); err != nil {
				return err
			}
		}
		if err := c.unfiled(at, s.first, free); err != nil {
			return err
		}
		if err := c.segment(s); err != nil {
			return err
		}
		at = max(at, s.end)
	}
	if err := c.unfiled(at, math.MaxInt64, free); err != nil {
		return err
	}
	var strays int
	if err := c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM packed_blobs WHERE (id >> 24) NOT IN (SELECT id FROM packed_segments)`).Scan(&strays); err != nil {
		return err
	}
	if strays > 0 {
		return c.report("packed index: %d blobs belong to no segment%s", strays, repackable)
	}
	return nil
}

// segments lists the segments in use whose description can be read.
func (c *checker) segments() ([]segmentRow, error) {
	rows, err := c.tx.QueryContext(c.ctx, usedQuery)
	if err != nil {
		return nil, err
	}
	type line struct {
		segmentRow
		raw []byte
	}
	lines, err := collect(rows, func(n *line) []any { return n.fields(&n.raw) })
	if err != nil {
		return nil, err
	}
	var sound []segmentRow
	for i := range lines {
		n := &lines[i]
		if err := n.decode(n.raw); err != nil {
			if err := c.report("packed index: %v%s", err, repackable); err != nil {
				return nil, err
			}
			continue
		}
		sound = append(sound, n.segmentRow)
	}
	return sound, nil
}

// unfiled looks for passages with keys in [first,end) outside of free.
func (c *checker) unfiled(first, end int64, free keySpan) error {
	var n int
	err := c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM passages WHERE key >= ?1 AND key < ?2 AND NOT (key >= ?3 AND key < ?4)`,
		first, end, free.first, free.end).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	return c.report("packed index: %d passages are in no segment%s", n, repackable)
}

// segment compares one segment.
func (c *checker) segment(r *segmentRow) error {
	fault, err := c.segmentFault(r)
	if errors.Is(err, packed.ErrDamaged) {
		fault, err = err.Error(), nil
	}
	if err != nil || fault == "" {
		return err
	}
	return c.report("packed index: segment %d: %s%s", r.id, fault, repackable)
}

func (c *checker) segmentFault(r *segmentRow) (string, error) {
	ctx := reading(c.ctx, c.tx.QueryContext)
	s, err := packed.Open(ctx, r.meta, blobSource{nil, r.id})
	if err != nil {
		return "", err
	}
	rows, err := readDead(ctx, c.tx.QueryContext, deadOfQuery, r.first, r.end, r.deadTo)
	if err != nil {
		return "", err
	}
	spans := make([]keySpan, len(rows))
	for i, d := range rows {
		spans[i] = d.keySpan
	}
	live := packed.FullBitmap(uint32(r.meta.Passages))
	if dead := deadBitmap(s, spans); dead != nil {
		live.AndNot(dead)
	}
	sum, err := packed.VerifyLive(ctx, s, live)
	if err != nil {
		return "", err
	}
	documents, err := s.Documents(ctx)
	if err != nil {
		return "", err
	}
	return c.compare(r, s, documents, live, sum)
}

// compare reads what FTS5 indexes of the passages of a segment, in order.
func (c *checker) compare(r *segmentRow, s *packed.Segment, documents *packed.Documents, live *packed.Bitmap, sum uint64) (string, error) {
	rows, err := c.tx.QueryContext(c.ctx, unpackedQuery, r.first, r.end)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var has uint64
	document := 0
	next, some := live.Next(0)
	for rows.Next() {
		var key, of, collection int64
		var first, last sql.NullInt64
		var publisher string
		var p packed.Passage
		err := rows.Scan(&key, &of, &collection, &first, &last, &publisher, &p[packed.Title], &p[packed.Heading], &p[packed.Byline], &p[packed.Body])
		if err != nil {
			return "", err
		}
		if !some || s.Key(next) != key {
			return fmt.Sprintf("passage %d is not in it, or another is that is no more", key), nil
		}
		for document < documents.Len() {
			if _, end := documents.Ordinals(document); next < end {
				break
			}
			document++
		}
		if document == documents.Len() {
			return fmt.Sprintf("passage %d is of no document", key), nil
		}
		d := documents.Document(document)
		if d.Collection != collection || d.Dated != first.Valid || d.Dated && (int64(d.FirstDay) != first.Int64 || int64(d.LastDay) != last.Int64) || d.Publisher != publisher {
			return fmt.Sprintf("passage %d is filed under another collection, date or publisher", key), nil
		}
		has += p.Sum(key)
		next, some = live.Next(next + 1)
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	if some {
		return fmt.Sprintf("it has passage %d, which is no more", s.Key(next)), nil
	}
	if has != sum {
		return "it has other terms than are indexed", nil
	}
	return "", nil
}
