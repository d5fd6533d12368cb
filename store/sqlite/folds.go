package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sync"

	"briefdesk/store/sqlite/packed"
)

const (
	copiesQuery = `SELECT first_passage, first_passage + passages FROM documents
		WHERE original IS NOT NULL ORDER BY first_passage`

	foldsQuery = `SELECT id, first, stop, copied FROM packed_folds WHERE id > ? ORDER BY id`

	// groupsQuery lists the documents that are copies or have some, those with
	// one piece in the order in which the first that may be seen is shown.
	groupsQuery = `SELECT ifnull(d.original, d.key) AS piece, d.first_passage, d.first_passage + d.passages, d.first_day, d.last_day, d.publisher
		FROM (SELECT key FROM documents WHERE original IS NOT NULL UNION SELECT original FROM documents WHERE original IS NOT NULL) g
		CROSS JOIN documents d ON d.key = g.key CROSS JOIN revisions r ON r.document = d.key AND r.n = 1
		ORDER BY piece, d.original IS NOT NULL, d.last_day IS NULL, d.last_day, r.added, d.id`
)

// maxFolds bounds the changes that are followed one by one; where there are
// more, all copies are read anew.
const maxFolds = 1000

// foldCache keeps which passages a search passes over as those of copies, and
// the filters that were used last. Neither is read anew before it changes.
type foldCache struct {
	mu      sync.Mutex
	version int64         // the last row of packed_folds that is in hidden; -1 for nothing read yet
	hidden  []packed.Span // of all copies, in order; not changed any more
	filters *recent[filter, *packed.Filter]
}

func newFoldCache() *foldCache {
	return &foldCache{version: -1, filters: newRecent[filter, *packed.Filter](filterBytes)}
}

// filterBytes bounds the filters kept, in bytes; what they let through of each
// segment is kept among the blobs.
const filterBytes = 4 << 20

// copies returns the passages of copies, at the moment of query, which is at
// version.
func (c *foldCache) copies(ctx context.Context, query queryFunc, version int64) ([]packed.Span, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version == version {
		return c.hidden, nil
	}
	hidden, followed := []packed.Span(nil), false
	if 0 <= c.version && c.version < version && version-c.version <= maxFolds {
		changes, err := readFolds(ctx, query, c.version)
		if err != nil {
			return nil, err
		}
		if followed = int64(len(changes)) == version-c.version; followed {
			hidden = follow(c.hidden, changes)
		}
	}
	if !followed {
		var err error
		if hidden, err = readSpans(ctx, query, copiesQuery); err != nil {
			return nil, err
		}
	}
	if version > c.version {
		c.version, c.hidden = version, hidden
	}
	return hidden, nil
}

// refolded is what became of some passages.
type refolded struct {
	id     int64
	span   packed.Span
	copied bool
}

func readFolds(ctx context.Context, query queryFunc, after int64) ([]refolded, error) {
	rows, err := query(ctx, foldsQuery, after)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *refolded) []any { return []any{&r.id, &r.span.First, &r.span.End, &r.copied} })
}

func readSpans(ctx context.Context, query queryFunc, text string, args ...any) ([]packed.Span, error) {
	rows, err := query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	spans, err := collect(rows, func(s *packed.Span) []any { return []any{&s.First, &s.End} })
	return slices.DeleteFunc(spans, func(s packed.Span) bool { return s.First >= s.End }), err
}

// follow returns hidden after changes. The spans of documents that were indexed
// anew stay in it: nothing is found there.
func follow(hidden []packed.Span, changes []refolded) []packed.Span {
	hidden = slices.Clone(hidden)
	for _, c := range changes {
		if c.span.First >= c.span.End {
			continue
		}
		i, there := slices.BinarySearchFunc(hidden, c.span.First, func(s packed.Span, key int64) int { return cmp.Compare(s.First, key) })
		switch {
		case there && !c.copied:
			hidden = slices.Delete(hidden, i, i+1)
		case !there && c.copied:
			hidden = slices.Insert(hidden, i, c.span)
		}
	}
	return hidden
}

// packedFilter returns what f lets through, but for its collections, at the
// moment of s; nil for everything. Of the documents that hold one piece only
// the first that f lets through is seen.
func (s *search) packedFilter(ctx context.Context, f filter) (*packed.Filter, error) {
	if f.documents != nil { // asked once, mostly, and few
		spans, err := s.filtered(ctx, f)
		if err != nil {
			return nil, err
		}
		only := &packed.Filter{Documents: make([]packed.Span, len(spans))}
		for i, k := range spans {
			only.Documents[i] = packed.Span{First: k.first, End: k.end}
		}
		return only, nil
	}
	f.collections = nil
	c := s.l.folds
	if kept, ok := c.filters.get(s.folds, f); ok {
		return kept, nil
	}
	made := &packed.Filter{}
	var err error
	if f == (filter{}) {
		made.Hidden, err = c.copies(ctx, s.query, s.folds)
		if len(made.Hidden) == 0 {
			made = nil
		}
	} else {
		err = s.fillFilter(ctx, made, f)
	}
	if err != nil {
		return nil, err
	}
	const fixed, span = 400, 16 // bytes
	bytes := fixed
	if made != nil {
		bytes += span * len(made.Hidden)
	}
	c.filters.put(s.folds, f, made, bytes)
	return made, nil
}

// fillFilter makes p of f, which limits dates or the publisher.
func (s *search) fillFilter(ctx context.Context, p *packed.Filter, f filter) error {
	day := func(v any) *int32 {
		if v == nil {
			return nil
		}
		d := int32(v.(int64))
		return &d
	}
	p.From, p.To = day(f.from), day(f.to)
	if f.publisher != nil {
		name := f.publisher.(string)
		p.Publisher = &name
	}
	rows, err := s.query(ctx, groupsQuery)
	if err != nil {
		return err
	}
	defer rows.Close()
	shown := int64(0) // the piece of which a document was seen
	for rows.Next() {
		var piece int64
		var span packed.Span
		var first, last sql.NullInt64
		var publisher string
		if err := rows.Scan(&piece, &span.First, &span.End, &first, &last, &publisher); err != nil {
			return err
		}
		passes := (p.Publisher == nil || *p.Publisher == publisher) &&
			(p.From == nil || last.Valid && last.Int64 >= int64(*p.From)) && (p.To == nil || first.Valid && first.Int64 <= int64(*p.To))
		switch {
		case passes && piece != shown:
			shown = piece
		case passes && span.First < span.End:
			p.Hidden = append(p.Hidden, span)
		}
	}
	slices.SortFunc(p.Hidden, func(a, b packed.Span) int { return cmp.Compare(a.First, b.First) })
	return rows.Err()
}
