package sqlite

import (
	"context"
	"os"
	"strings"
	"time"

	"briefdesk/briefs"
)

// Documents lists what q asks for, in the order of ids (bytewise).
func (l *Library) Documents(ctx context.Context, q briefs.Listing) ([]briefs.Listed, error) {
	var b strings.Builder
	var args []any
	add := func(condition string, values ...any) {
		b.WriteString(` AND `)
		b.WriteString(condition)
		args = append(args, values...)
	}
	if !q.Scope.All() {
		add(`c.name IN (SELECT value FROM json_each(?))`, jsonList(q.Scope.Collections()))
	}
	if q.Collection != "" {
		add(`c.name = ?`, q.Collection)
	}
	for _, bound := range []struct {
		date      briefs.Date
		condition string
		last      bool
	}{{q.From, `d.last_day >= ?`, false}, {q.To, `d.first_day <= ?`, true}} {
		if bound.date == "" {
			continue
		}
		day, end, ok := bound.date.Bounds()
		if !ok {
			return nil, briefs.Fault(briefs.ErrInvalid, "date %q: write YYYY-MM-DD, YYYY-MM or YYYY", bound.date)
		}
		if bound.last {
			day = end
		}
		add(bound.condition, dayNumber(day))
	}
	if !q.AddedSince.IsZero() {
		add(`r.added >= ?`, q.AddedSince.UnixMicro())
	}
	if !q.Withdrawn {
		add(`NOT d.withdrawn`)
	}
	if q.After != "" {
		add(`d.id > ?`, string(q.After))
	}
	limit := -1
	// The engine folds ASCII only, so other names are compared here; the limit
	// then has to wait.
	author := strings.ToLower(q.Author)
	if q.Limit > 0 && author == "" {
		limit = q.Limit
	}
	rows, err := l.readers.QueryContext(ctx, `SELECT `+documentColumns+`, d.passages, r.bytes
		FROM documents d JOIN collections c ON c.key = d.collection JOIN revisions r ON r.document = d.key AND r.n = d.revision
		WHERE 1`+b.String()+` ORDER BY d.id LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, l.explain(err)
	}
	defer rows.Close()
	var all []briefs.Listed
	for rows.Next() {
		var f found
		var d briefs.Listed
		if err := rows.Scan(append(f.fields(), &d.PassageCount, &d.Bytes)...); err != nil {
			return nil, l.explain(err)
		}
		if !strings.Contains(strings.ToLower(f.Author), author) {
			continue
		}
		d.Document = f.Document
		d.Added = time.UnixMicro(f.added).UTC()
		all = append(all, d)
		if q.Limit > 0 && len(all) == q.Limit {
			break
		}
	}
	return all, l.explain(rows.Err())
}

// Collections lists the collections in s that hold a searchable document, by
// name.
func (l *Library) Collections(ctx context.Context, s briefs.Scope) ([]briefs.CollectionCount, error) {
	rows, err := l.rows(ctx, `SELECT name, documents, passages FROM collections WHERE documents > 0
		AND (?1 OR name IN (SELECT value FROM json_each(?2))) ORDER BY name`, s.All(), jsonList(s.Collections()))
	if err != nil {
		return nil, l.explain(err)
	}
	all, err := collect(rows, func(c *briefs.CollectionCount) []any { return []any{&c.Name, &c.Documents, &c.Passages} })
	return all, l.explain(err)
}

// Stats returns figures of the whole library.
func (l *Library) Stats(ctx context.Context) (briefs.LibraryStats, error) {
	s := briefs.LibraryStats{Schema: l.schema}
	err := l.row(ctx, `SELECT (SELECT ifnull(sum(documents), 0) FROM collections), (SELECT ifnull(sum(passages), 0) FROM collections),
		(SELECT count(*) FROM documents WHERE withdrawn), (SELECT count(*) FROM revisions), (SELECT count(*) FROM gaps)`).
		Scan(&s.Documents, &s.Passages, &s.Withdrawn, &s.Revisions, &s.Gaps)
	if err != nil {
		return briefs.LibraryStats{}, l.explain(err)
	}
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(l.path + suffix); err == nil {
			s.Bytes += info.Size()
		}
	}
	return s, nil
}
