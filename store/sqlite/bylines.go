package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"briefdesk/briefs"
)

// visibleDocuments are the conditions of documents that are searchable in a
// scope: ?1 whether it is all, ?2 its collections.
const visibleDocuments = `NOT withdrawn AND (?1 OR collection IN (SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?2))))`

// Bylines lists the pairs of author and publisher of the searchable documents in
// s, by author, then publisher.
func (l *Library) Bylines(ctx context.Context, s briefs.Scope) (all []briefs.Byline, err error) {
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		var generation int64
		if err := tx.QueryRowContext(ctx, generationQuery).Scan(&generation); err != nil {
			return err
		}
		names := jsonList(s.Collections())
		all, err = recall(l.lists, l.lists.bylines, generation, fmt.Sprint(s.All(), names), func() ([]briefs.Byline, error) {
			rows, err := tx.QueryContext(ctx, `SELECT author, publisher FROM documents WHERE `+visibleDocuments+`
				GROUP BY author, publisher ORDER BY author, publisher`, s.All(), names)
			if err != nil {
				return nil, err
			}
			return collect(rows, func(b *briefs.Byline) []any { return []any{&b.Author, &b.Publisher} })
		})
		return err
	})
	return slices.Clone(all), l.explain(err)
}

// Bylined lists the searchable documents in s that have one of bylines, at most
// limit of them, in the order of bylines.
func (l *Library) Bylined(ctx context.Context, s briefs.Scope, bylines []briefs.Byline, limit int) (ids []briefs.DocumentID, err error) {
	pairs := make([][2]string, len(bylines))
	for i, b := range bylines {
		pairs[i] = [2]string{b.Author, b.Publisher}
	}
	asked, err := json.Marshal(pairs)
	if err != nil {
		return nil, err
	}
	rows, err := l.rows(ctx, `SELECT d.id FROM json_each(?3) j CROSS JOIN documents d ON d.author = j.value ->> 0 AND d.publisher = j.value ->> 1
		WHERE `+visibleDocuments+` ORDER BY j.key, d.id LIMIT ?4`, s.All(), jsonList(s.Collections()), string(asked), limit)
	if err != nil {
		return nil, l.explain(err)
	}
	ids, err = collect(rows, func(id *briefs.DocumentID) []any { return []any{id} })
	return ids, l.explain(err)
}
