package sqlite

import (
	"context"
	"slices"
	"sync"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// maxFreqs bounds the cached frequencies; a thousand questions have about so
// many different terms.
const maxFreqs = 10_000

// freqCache keeps document frequencies of one generation of the library.
type freqCache struct {
	mu         sync.Mutex
	generation int64
	freqs      map[string]int
}

func newFreqCache() *freqCache { return &freqCache{freqs: make(map[string]int)} }

func (c *freqCache) get(generation int64, term string) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation {
		return 0, false
	}
	n, ok := c.freqs[term]
	return n, ok
}

func (c *freqCache) put(generation int64, term string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation < c.generation {
		return
	}
	if generation > c.generation || len(c.freqs) >= maxFreqs {
		clear(c.freqs)
	}
	c.generation = generation
	c.freqs[term] = n
}

// DocFreq returns for each of terms how many passages that sc sees hold it in
// body, title or heading, and how many passages sc sees. A term may be a
// phrase, its index terms separated by spaces. The counts are never older than
// the last change by any process.
func (l *Library) DocFreq(ctx context.Context, sc briefs.Scope, terms []string) (df []int, passages int, err error) {
	df = make([]int, len(terms))
	var names any
	if !sc.All() {
		if len(sc.Collections()) == 0 {
			return df, 0, ctx.Err()
		}
		names = jsonList(sc.Collections())
	}
	some := true
	err = l.searching(ctx, freqQueries, func(ctx context.Context, s *search) error {
		if some = !s.list.unpacked; !some {
			return nil
		}
		views, err := l.views(ctx, s.query, s.list, names)
		if err != nil {
			return err
		}
		passages = packed.StatsOf(views).Passages
		for i, term := range terms {
			c := clause(phrase(term))
			for _, v := range views {
				_, n, err := packed.Count(ctx, v, c)
				if err != nil {
					return err
				}
				df[i] += n
			}
		}
		return nil
	})
	if err == nil && !some {
		passages, err = l.unpackedFreq(ctx, names, terms, df)
	}
	if err != nil {
		return nil, 0, l.explain(err)
	}
	return df, passages, nil
}

// freqQueries are those of DocFreq in what is packed.
var freqQueries = slices.Concat([]string{momentQuery, collectionsQuery}, packedQueries)

// unpackedFreq fills df by the full-text index of the engine. names is a JSON
// list of collections, nil for all.
func (l *Library) unpackedFreq(ctx context.Context, names any, terms []string, df []int) (passages int, err error) {
	var generation int64
	err = l.row(ctx, `SELECT generation, (SELECT ifnull(sum(passages), 0) FROM collections
		WHERE ?1 IS NULL OR name IN (SELECT value FROM json_each(?1))) FROM library`, names).Scan(&generation, &passages)
	if err != nil {
		return 0, err
	}
	count, key := countAll, ""
	args := []any{""}
	if names != nil {
		count, key = countSeen, names.(string)+"\x00"
		args = append(args, names)
	}
	for i, term := range terms {
		p := phrase(term)
		if p == "" {
			continue
		}
		n, ok := l.freqs.get(generation, key+p)
		if !ok {
			var now int64
			args[0] = "{title heading body} : " + p
			if err := l.row(ctx, count, args...).Scan(&now, &n); err != nil {
				return 0, err
			}
			l.freqs.put(now, key+p, n)
		}
		df[i] = n
	}
	return passages, nil
}

// The counts of the passages that hold a phrase: all, and those of named
// collections.
const (
	countAll  = `SELECT (SELECT generation FROM library), count(*) FROM passage_index WHERE passage_index MATCH ?`
	countSeen = `SELECT (SELECT generation FROM library), count(*) FROM passage_index
		JOIN passages p ON p.key = passage_index.rowid
		WHERE passage_index MATCH ?1
		AND p.collection IN (SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?2)))`
)

// Acronyms returns the distinct pairs that documents in s define and whose
// ShortTerms or LongTerms is one of terms, ordered by Short, then Long.
func (l *Library) Acronyms(ctx context.Context, s briefs.Scope, terms []string) ([]briefs.Acronym, error) {
	if len(terms) == 0 || !s.All() && len(s.Collections()) == 0 {
		return nil, ctx.Err()
	}
	list := jsonList(terms)
	rows, err := l.rows(ctx, `SELECT DISTINCT a.short, a.long, a.short_terms, a.long_terms
		FROM (SELECT rowid AS r FROM acronyms WHERE short_terms IN (SELECT value FROM json_each(?1))
			UNION SELECT rowid FROM acronyms WHERE long_terms IN (SELECT value FROM json_each(?1))) found
		CROSS JOIN acronyms a ON a.rowid = found.r
		JOIN documents d ON d.key = a.document
		WHERE NOT d.withdrawn AND (?2 OR d.collection IN (SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?3))))
		ORDER BY 1, 2, 3, 4`, list, s.All(), jsonList(s.Collections()))
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, func(a *briefs.Acronym) []any {
		return []any{&a.Short, &a.Long, &a.ShortTerms, &a.LongTerms}
	})
	return found, l.explain(err)
}
