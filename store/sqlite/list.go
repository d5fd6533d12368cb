package sqlite

import (
	"context"
	"os"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

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

// Revisions lists the revisions of a document in s, newest first, also those
// of one that is withdrawn. It returns ErrNotFound, and in the same words, for
// a document outside s and for one that does not exist.
func (l *Library) Revisions(ctx context.Context, s briefs.Scope, id briefs.DocumentID) ([]briefs.Revision, error) {
	rows, err := l.rows(ctx, `SELECT r.n, r.added, r.bytes, r.source, r.n = d.revision, d.withdrawn FROM `+documentTables+`
		WHERE d.id = ?1 AND (?2 OR c.name IN (SELECT value FROM json_each(?3))) ORDER BY r.n DESC`, string(id), s.All(), jsonList(s.Collections()))
	if err != nil {
		return nil, l.explain(err)
	}
	defer rows.Close()
	var all []briefs.Revision
	for rows.Next() {
		var r briefs.Revision
		var added int64
		if err := rows.Scan(&r.N, &added, &r.Bytes, &r.Source, &r.Current, &r.Withdrawn); err != nil {
			return nil, l.explain(err)
		}
		r.Added = time.UnixMicro(added).UTC()
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return nil, l.explain(err)
	}
	if len(all) == 0 {
		return nil, notFound(id)
	}
	return all, nil
}

// Stats returns figures of the whole library.
func (l *Library) Stats(ctx context.Context) (briefs.LibraryStats, error) {
	s := briefs.LibraryStats{Schema: l.schema}
	err := l.row(ctx, `SELECT (SELECT ifnull(sum(documents), 0) FROM collections), (SELECT ifnull(sum(passages), 0) FROM collections),
		(SELECT count(*) FROM documents WHERE withdrawn), (SELECT count(*) FROM revisions), (SELECT count(*) FROM gaps),
		(SELECT ifnull(sum(count), 0) FROM asked), (SELECT count(*) FROM documents WHERE terms < ?)`, text.Version).
		Scan(&s.Documents, &s.Passages, &s.Withdrawn, &s.Revisions, &s.Gaps, &s.Asked, &s.Outdated)
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
