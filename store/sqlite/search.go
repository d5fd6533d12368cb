package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// maxLimit bounds what one search returns.
const maxLimit = 10_000

// The statements of a search.
const (
	generationQuery = `SELECT generation FROM library`
	momentQuery     = `SELECT generation, packed, unpacked IS NOT NULL, (SELECT ifnull(max(id), 0) FROM packed_folds) FROM library`

	// bm25 of the columns title, heading, byline and body. A word in the
	// title counts double, as it names what the whole document is about; the
	// byline is there to find authors and must not drown the rest. Only the
	// candidates come from here: briefs/ask ranks them by features of its own.
	postingsQuery = `SELECT rowid, bm25(passage_index, 2.0, 1.5, 0.5, 1.0) FROM passage_index WHERE passage_index MATCH ? ORDER BY rowid`

	// A NULL parameter is no condition. Collections and documents are JSON
	// lists, which fit any number of names into one statement.
	spansQuery = spanColumns + ` WHERE passages > 0` + spanConditions

	namedSpansQuery = spanColumns + ` WHERE passages > 0 AND id IN (SELECT value FROM json_each(?5))` + spanConditions

	spanColumns = `SELECT first_passage, first_passage + passages, key, original, last_day, id,
			CASE WHEN original IS NOT NULL THEN (SELECT added FROM revisions WHERE document = key AND n = 1) END FROM documents`

	spanConditions = `
			AND (?1 IS NULL OR collection IN (SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?1))))
			AND (?2 IS NULL OR last_day >= ?2) AND (?3 IS NULL OR first_day <= ?3)
			AND (?4 IS NULL OR publisher = ?4)
		ORDER BY first_passage`
)

// searchQueries are those of a search in what is packed.
var searchQueries = slices.Concat([]string{momentQuery, copiesQuery, foldsQuery, groupsQuery, namedSpansQuery, collectionsQuery, idsQuery, passagesQuery, originsQuery}, packedQueries)

// Search returns at most q.Limit hits, best first by bm25, ties by PassageID,
// the same ones whatever the order in which documents were added. No query
// makes it fail: forms are cleaned of everything that cannot be in the index,
// and of more than 64 the first forms of each term win. Weights are ignored.
// What collections outside of the scope hold changes no order.
//
// The packed index answers, or the full-text index of the engine as long as some
// passages are not packed: then the statistics are those of the whole library.
func (l *Library) Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error) {
	phrases := phrases(q.Terms)
	limit := min(q.Limit, maxLimit)
	f, some := newFilter(q)
	if len(phrases) == 0 || limit < 1 || !some {
		return nil, ctx.Err()
	}
	var hits []briefs.Hit
	err := l.searching(ctx, searchQueries, func(ctx context.Context, s *search) (err error) {
		hits, err = s.run(ctx, phrases, f, limit)
		return err
	})
	return hits, l.explain(err)
}

// search is one search at one moment of the library.
type search struct {
	l          *Library
	query      queryFunc
	list       *packedList
	generation int64
	folds      int64 // the last row of packed_folds
}

// searching calls fn with a search of this moment, for which queries are
// prepared.
func (l *Library) searching(ctx context.Context, queries []string, fn func(context.Context, *search) error) error {
	// Prepared before the transaction begins: to prepare takes a connection,
	// and who holds one must not wait for another.
	if err := l.reads.prepare(ctx, l.readers, queries...); err != nil {
		return err
	}
	return snapshot(ctx, l.readers, func(tx *sql.Tx) (err error) {
		s := search{l: l, query: l.reads.in(tx)}
		var version int64
		var unpacked bool
		if err := one(ctx, s.query, momentQuery, &s.generation, &version, &unpacked, &s.folds); err != nil {
			return err
		}
		if s.list, err = l.packedOf(ctx, s.query, version, unpacked); err != nil {
			return err
		}
		return fn(reading(ctx, s.query), &s)
	})
}

func (s *search) run(ctx context.Context, phrases []string, f filter, limit int) ([]briefs.Hit, error) {
	find := s.packed
	if s.list.unpacked {
		find = s.unpacked
	}
	found, err := find(ctx, phrases, f, limit)
	if err != nil {
		return nil, err
	}
	if len(found) > limit {
		if found, err = s.byID(ctx, found, limit); err != nil {
			return nil, err
		}
	}
	return s.hits(ctx, found)
}

// packed returns the best passages, more than limit where several share the
// last score.
func (s *search) packed(ctx context.Context, phrases []string, f filter, limit int) ([]scored, error) {
	seen, err := s.l.views(ctx, s.query, s.list, f.collections)
	if err != nil {
		return nil, err
	}
	only, err := s.packedFilter(ctx, f)
	if err != nil {
		return nil, err
	}
	views := make([]*packed.View, len(seen))
	for i, v := range seen {
		if views[i], err = v.Filter(ctx, only); err != nil {
			return nil, err
		}
	}
	if only != nil {
		only.Forget(s.list.opened)
	}
	clauses := make([]packed.Clause, len(phrases))
	for i, p := range phrases {
		clauses[i] = clause(p)
	}
	found, err := packed.Search(ctx, views, clauses, packed.StatsOf(views), limit)
	if err != nil {
		return nil, err
	}
	best := make([]scored, len(found))
	for i, m := range found {
		best[i] = scored{m.Key, m.Score.Float()}
	}
	return best, nil
}

// unpacked is packed by the full-text index of the engine.
func (s *search) unpacked(ctx context.Context, phrases []string, f filter, limit int) (found []scored, err error) {
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
	return best(lists, allowed, limit), nil
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
