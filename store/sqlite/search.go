package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"

	"briefdesk/briefs"
)

// maxLimit bounds what one search returns.
const maxLimit = 10_000

// The statements of a search.
const (
	generationQuery = `SELECT generation FROM library`

	// bm25 of the columns title, heading, byline and body. A word in the
	// title counts double, as it names what the whole document is about; the
	// byline is there to find authors and must not drown the rest. Only the
	// candidates come from here: briefs/ask ranks them by features of its own.
	postingsQuery = `SELECT rowid, bm25(passage_index, 2.0, 1.5, 0.5, 1.0) FROM passage_index WHERE passage_index MATCH ? ORDER BY rowid`

	// A NULL parameter is no condition. Collections and documents are JSON
	// lists, which fit any number of names into one statement.
	spansQuery = `SELECT first_passage, first_passage + passages, key, original, last_day, id,
			CASE WHEN original IS NOT NULL THEN (SELECT added FROM revisions WHERE document = key AND n = 1) END FROM documents
		WHERE passages > 0
			AND (?1 IS NULL OR collection IN (SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?1))))
			AND (?2 IS NULL OR last_day >= ?2) AND (?3 IS NULL OR first_day <= ?3)
			AND (?4 IS NULL OR key IN (SELECT key FROM documents WHERE id IN (SELECT value FROM json_each(?4))))
			AND (?5 IS NULL OR publisher = ?5)
		ORDER BY first_passage`

	copiesQuery = `SELECT first_passage, first_passage + passages FROM documents
		WHERE original IS NOT NULL AND passages > 0 ORDER BY first_passage`
)

// Search returns at most q.Limit hits, best first by bm25, ties by PassageID,
// the same ones whatever the order in which documents were added. No query
// makes it fail: forms are cleaned of everything that cannot be in the index,
// and of more than 64 the first forms of each term win. Weights are ignored.
func (l *Library) Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error) {
	phrases := phrases(q.Terms)
	limit := min(q.Limit, maxLimit)
	f, some := newFilter(q)
	if len(phrases) == 0 || limit < 1 || !some {
		return nil, ctx.Err()
	}
	// Prepared before the transaction begins: to prepare takes a connection,
	// and who holds one must not wait for another.
	if err := l.reads.prepare(ctx, l.readers, generationQuery, postingsQuery, spansQuery, copiesQuery, idsQuery, passagesQuery, originsQuery); err != nil {
		return nil, l.explain(err)
	}
	var hits []briefs.Hit
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) (err error) {
		s := search{l: l, query: l.reads.in(tx)}
		hits, err = s.run(ctx, phrases, f, limit)
		return err
	})
	return hits, l.explain(err)
}

// search is one search at one moment of the library.
type search struct {
	l          *Library
	query      queryFunc
	generation int64
}

func (s *search) run(ctx context.Context, phrases []string, f filter, limit int) ([]briefs.Hit, error) {
	rows, err := s.query(ctx, generationQuery)
	if err != nil {
		return nil, err
	}
	if _, err := collect(rows, func(*struct{}) []any { return []any{&s.generation} }); err != nil {
		return nil, err
	}
	lists := make([]postings, len(phrases))
	for i, p := range phrases {
		if lists[i], err = s.postings(ctx, p); err != nil {
			return nil, err
		}
	}
	allowed, err := s.spans(ctx, f)
	if err != nil {
		return nil, err
	}
	found := best(lists, allowed, limit)
	if len(found) > limit {
		if found, err = s.byID(ctx, found, limit); err != nil {
			return nil, err
		}
	}
	return s.hits(ctx, found)
}

// postings returns the list of phrase.
func (s *search) postings(ctx context.Context, phrase string) (postings, error) {
	if p, ok := s.l.postings.get(s.generation, phrase); ok {
		return p, nil
	}
	rows, err := s.query(ctx, postingsQuery, phrase)
	if err != nil {
		return postings{}, err
	}
	defer rows.Close()
	var p postings
	for rows.Next() {
		var key int64
		var score float64
		if err := rows.Scan(&key, &score); err != nil {
			return postings{}, err
		}
		p.keys, p.scores = append(p.keys, key), append(p.scores, -score) // bm25 of FTS5 is smaller for better
	}
	if err := rows.Err(); err != nil {
		return postings{}, err
	}
	s.l.postings.put(s.generation, phrase, p)
	return p, nil
}

// spans returns where the passages are that f lets through; nil is anywhere. Of
// the documents that hold one piece only the first that f lets through is seen.
func (s *search) spans(ctx context.Context, f filter) ([]keySpan, error) {
	if spans, ok := s.l.postings.getSpans(s.generation, f); ok {
		return spans, nil
	}
	seen := s.filtered
	if f == (filter{}) {
		seen = s.originals
	}
	spans, err := seen(ctx, f)
	if err != nil {
		return nil, err
	}
	s.l.postings.putSpans(s.generation, f, spans)
	return spans, nil
}

// byID cuts found to limit where several share the last score: the first ones
// by id stay.
func (s *search) byID(ctx context.Context, found []scored, limit int) ([]scored, error) {
	worst := found[len(found)-1].score
	n := len(found)
	for n > 0 && found[n-1].score == worst {
		n--
	}
	type tied struct {
		scored
		id string
	}
	rows, err := s.query(ctx, idsQuery, jsonKeys(found[n:], scoredKey))
	if err != nil {
		return nil, err
	}
	last, err := collect(rows, func(t *tied) []any { return []any{&t.key, &t.id} })
	if err != nil {
		return nil, err
	}
	slices.SortFunc(last, func(a, b tied) int { return cmp.Compare(a.id, b.id) })
	for _, t := range last[:min(limit-n, len(last))] {
		found[n] = scored{t.key, worst}
		n++
	}
	return found[:n], nil
}

// filter is what a query limits its hits to; nil parameters limit nothing.
type filter struct{ collections, from, to, documents, publisher any }

// newFilter reads the filter of q. some is false when no passage can satisfy
// it.
func newFilter(q briefs.Query) (f filter, some bool) {
	if !q.Scope.All() {
		names := q.Scope.Collections()
		if len(names) == 0 {
			return f, false
		}
		f.collections = jsonList(names)
	}
	if from, _, ok := q.From.Bounds(); ok {
		f.from = dayNumber(from)
	} else if q.From != "" {
		return f, false
	}
	if _, to, ok := q.To.Bounds(); ok {
		f.to = dayNumber(to)
	} else if q.To != "" {
		return f, false
	}
	if len(q.Documents) > 0 {
		f.documents = jsonList(q.Documents)
	}
	if q.Publisher != "" {
		f.publisher = q.Publisher
	}
	return f, true
}

// jsonList passes any number of strings as one parameter of a fixed statement.
func jsonList[S ~string](list []S) string {
	b, err := json.Marshal(list)
	if err != nil { // strings always marshal
		return "[]"
	}
	return string(b)
}

// jsonKeys does it for the keys of list.
func jsonKeys[T any](list []T, key func(T) int64) string {
	b := []byte{'['}
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, key(v), 10)
	}
	return string(append(b, ']'))
}
