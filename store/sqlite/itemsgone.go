package sqlite

import (
	"context"

	"briefdesk/briefs"
)

// GoneItems lists what sources of the collections that s sees do not have any
// more, and what was withdrawn therefore, unless it came back elsewhere; the
// latest first, at most limit, without Own.
func (l *Library) GoneItems(ctx context.Context, s briefs.Scope, limit int) ([]briefs.SourceItem, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	rows, err := l.rows(ctx, `SELECT `+itemColumns+` FROM `+itemTables+` JOIN sources o ON o.key = i.source
		WHERE i.gone AND d.withdrawn AND (?1 OR o.collection IN (SELECT value FROM json_each(?2))) ORDER BY i.missing DESC, i.key LIMIT ?3`,
		s.All(), jsonList(s.Collections()), limit)
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, (*storedItem).fields)
	if err != nil {
		return nil, l.explain(err)
	}
	return l.items(found)
}

// FailingItems lists the items of a source that could not be read last, by name,
// at most limit, without Own.
func (l *Library) FailingItems(ctx context.Context, k briefs.SourceKey, limit int) ([]briefs.SourceItem, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	rows, err := l.rows(ctx, `SELECT `+itemColumns+` FROM `+itemTables+`
		WHERE i.source = (SELECT key FROM sources WHERE collection = ? AND address = ?) AND i.failures > 0 ORDER BY i.name LIMIT ?`,
		column(k.Collection), column(k.Address), limit)
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, (*storedItem).fields)
	if err != nil {
		return nil, l.explain(err)
	}
	return l.items(found)
}
