package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"

	"briefdesk/briefs"
)

// copied fills CopyOf and Also of documents, all from the moment of query.
func (l *Library) copied(ctx context.Context, query queryFunc, docs ...*found) error {
	groups := map[int64][]*found{} // by the key of the original
	var keys []int64
	for _, d := range docs {
		g := d.key
		if d.original.Valid {
			g = d.original.Int64
		}
		if groups[g] == nil {
			keys = append(keys, g)
		}
		groups[g] = append(groups[g], d)
	}
	rows, err := query(ctx, `SELECT e.original, e.key, e.id, e.revision, e.title, e.publisher, e.published, e.url, o.id, o.revision, o.title, o.publisher, o.published, o.url
		FROM json_each(?) j CROSS JOIN documents e ON e.original = j.value CROSS JOIN documents o ON o.key = j.value
		ORDER BY e.last_day IS NULL, e.last_day, e.id`, jsonKeys(keys, func(k int64) int64 { return k }))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var group, key int64
		var c, o briefs.Copy
		if err := rows.Scan(&group, &key, &c.ID, &c.Revision, &c.Title, &c.Publisher, &c.Published, &c.URL, &o.ID, &o.Revision, &o.Title, &o.Publisher, &o.Published, &o.URL); err != nil {
			return err
		}
		for _, d := range groups[group] {
			if d.original.Valid && d.CopyOf == "" {
				d.CopyOf = o.ID
				d.Also = append(d.Also, o)
			}
			if d.key != key {
				d.Also = append(d.Also, c)
			}
		}
	}
	return rows.Err()
}

// originals returns where the passages are that no document repeats; nil is
// anywhere.
func (s *search) originals(ctx context.Context, _ filter) ([]keySpan, error) {
	rows, err := s.query(ctx, copiesQuery)
	if err != nil {
		return nil, err
	}
	copied, err := collect(rows, func(k *keySpan) []any { return []any{&k.first, &k.end} })
	if err != nil || len(copied) == 0 {
		return nil, err
	}
	spans := make([]keySpan, 0, len(copied)+1)
	next := int64(math.MinInt64)
	for _, c := range copied {
		if next < c.first {
			spans = append(spans, keySpan{next, c.first})
		}
		next = c.end
	}
	return append(spans, keySpan{next, math.MaxInt64}), nil
}

// filtered returns where the passages are that f lets through. A copy is seen
// where f keeps its original out, as when another publisher is asked for.
func (s *search) filtered(ctx context.Context, f filter) ([]keySpan, error) {
	query, args := spansQuery, []any{f.collections, f.from, f.to, f.publisher}
	if f.documents != nil {
		query, args = namedSpansQuery, append(args, f.documents)
	}
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	type line struct {
		keySpan
		key            int64
		original       sql.NullInt64
		lastDay, added sql.NullInt64
		id             string
	}
	lines, err := collect(rows, func(n *line) []any {
		return []any{&n.first, &n.end, &n.key, &n.original, &n.lastDay, &n.id, &n.added}
	})
	if err != nil {
		return nil, err
	}
	shown := map[int64]*line{} // by the key of the original, where there are copies
	for i := range lines {
		n := &lines[i]
		if !n.original.Valid {
			continue
		}
		first := shown[n.original.Int64]
		if first == nil || cmp.Or(compareDays(n.lastDay, first.lastDay), cmp.Compare(n.added.Int64, first.added.Int64), cmp.Compare(n.id, first.id)) < 0 {
			shown[n.original.Int64] = n
		}
	}
	if len(shown) > 0 {
		for i := range lines {
			if n := &lines[i]; shown[n.key] != nil {
				shown[n.key] = n // the original itself
			}
		}
	}
	spans := make([]keySpan, 0, len(lines))
	for i := range lines {
		if n := &lines[i]; !n.original.Valid || shown[n.original.Int64] == n {
			spans = append(spans, n.keySpan)
		}
	}
	return slices.Clip(spans), nil
}

// compareDays puts unknown days last.
func compareDays(a, b sql.NullInt64) int {
	if a.Valid != b.Valid {
		if a.Valid {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.Int64, b.Int64)
}
