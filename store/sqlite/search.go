package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"briefdesk/briefs"
)

// bm25 of the columns title, heading, byline and body. A word in the title
// counts double, as it names what the whole document is about; the byline is
// there to find authors and must not drown the rest. Only the candidates come
// from here: briefs/ask ranks them by features of its own.
const score = `bm25(passage_index, 2.0, 1.5, 0.5, 1.0)`

// maxLimit bounds what one search returns.
const maxLimit = 10_000

// Search returns at most q.Limit hits, best first by bm25, ties by PassageID,
// the same ones whatever the order in which documents were added. No query
// makes it fail: forms are cleaned of everything that cannot be in the index,
// and of more than 64 the first forms of each term win. Weights are ignored.
func (l *Library) Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error) {
	const op = "search"
	match := matchExpression(q.Terms)
	limit := min(q.Limit, maxLimit)
	where, args, some := filter(q)
	if match == "" || limit < 1 || !some {
		return nil, ctx.Err()
	}
	best, err := l.best(ctx, l.rows, match, where, args, limit+1, 0)
	if err != nil {
		return nil, l.explain(op, err)
	}
	if len(best) <= limit {
		return best, nil
	}
	if best[limit-1].Score != best[limit].Score {
		return best[:limit], nil
	}
	// More passages than there is room for share the last score: all of them
	// must be seen to take the first ones by id.
	best, err = l.best(ctx, l.rows, match, where, args, limit, best[limit].Score)
	return best, l.explain(op, err)
}

// filter writes the conditions on p, the passages row. some is false when no
// passage can satisfy them.
func filter(q briefs.Query) (where string, args []any, some bool) {
	var b strings.Builder
	if !q.Scope.All() {
		names := q.Scope.Collections()
		if len(names) == 0 {
			return "", nil, false
		}
		b.WriteString(` AND p.collection IN (SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?)))`)
		args = append(args, jsonList(names))
	}
	if from, _, ok := q.From.Bounds(); ok {
		b.WriteString(` AND p.last_day >= ?`)
		args = append(args, dayNumber(from))
	} else if q.From != "" {
		return "", nil, false
	}
	if _, to, ok := q.To.Bounds(); ok {
		b.WriteString(` AND p.first_day <= ?`)
		args = append(args, dayNumber(to))
	} else if q.To != "" {
		return "", nil, false
	}
	if len(q.Documents) > 0 {
		b.WriteString(` AND p.document IN (SELECT key FROM documents WHERE id IN (SELECT value FROM json_each(?)))`)
		args = append(args, jsonList(q.Documents))
	}
	return b.String(), args, true
}

// jsonList passes any number of strings as one parameter of a fixed statement.
func jsonList[S ~string](list []S) string {
	b, err := json.Marshal(list)
	if err != nil { // strings always marshal
		return "[]"
	}
	return string(b)
}

// best runs the search: the top rows are chosen by score alone in a subquery,
// so that the wide columns are read for them only. With a worst score (never
// 0: bm25 is negative) all rows up to it compete, and ids decide.
func (l *Library) best(ctx context.Context, query queryFunc, match, where string, args []any, limit int, worst float64) ([]briefs.Hit, error) {
	inner := `SELECT passage_index.rowid AS key, ` + score + ` AS score FROM passage_index`
	if where != "" || worst != 0 {
		inner += ` CROSS JOIN passages p ON p.key = passage_index.rowid`
	}
	inner += ` WHERE passage_index MATCH ?` + where
	all := append([]any{match}, args...)
	if worst != 0 {
		inner += ` AND ` + score + ` <= ? ORDER BY 2, p.id LIMIT ?`
		all = append(all, worst, limit)
	} else {
		inner += ` ORDER BY 2 LIMIT ?`
		all = append(all, limit)
	}
	rows, err := query(ctx, `SELECT top.score, p.id, d.id, d.revision, d.title, d.author, d.publisher, d.published, c.name,
			i.layout, i.trail, i.title, i.heading, i.byline, i.body
		FROM (`+inner+`) top
		CROSS JOIN passages p ON p.key = top.key
		CROSS JOIN documents d ON d.key = p.document
		CROSS JOIN collections c ON c.key = d.collection
		CROSS JOIN passage_index i ON i.rowid = top.key
		ORDER BY top.score, p.id`, all...)
	if err != nil {
		return nil, err
	}
	return l.hits(rows)
}

func (l *Library) hits(rows *sql.Rows) ([]briefs.Hit, error) {
	defer rows.Close()
	var hits []briefs.Hit
	var layout sql.RawBytes
	for rows.Next() {
		var h briefs.Hit
		var score float64
		var body string
		err := rows.Scan(&score, &h.ID, &h.Document, &h.Revision, &h.Title, &h.Author, &h.Publisher, &h.Published, &h.Collection,
			&layout, &h.Heading, &h.TitleTerms, &h.HeadingTerms, &h.BylineTerms, &body)
		if err != nil {
			return nil, err
		}
		h.Score = -score // bm25 of FTS5 is smaller for better
		if err := decodeLayout(layout, &h.Passage); err != nil {
			return nil, damaged(l.path, "search", "passage "+string(h.ID)+" has a broken layout")
		}
		if len(h.Sentences) > 0 {
			h.Terms = strings.Split(body, "\n")
		}
		if len(h.Terms) != len(h.Sentences) {
			return nil, damaged(l.path, "search", "passage "+string(h.ID)+" has other terms than sentences")
		}
		hits = append(hits, h)
	}
	return hits, rows.Err()
}
