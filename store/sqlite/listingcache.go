package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"

	"briefdesk/briefs"
)

const (
	// maxKept is how many documents a library may have for its listings to
	// be kept: 150 bytes each, in a few orders.
	maxKept = 125_000
	// maxRows bounds what is kept, in rows of all listings together; about
	// 75 MB.
	maxRows = 4 * maxKept
)

// shelved is one document of a listing, with its names in lower case: what
// needs letters of any alphabet compared without case is done outside of the
// engine, which folds ASCII only.
type shelved struct {
	key                      int64
	title, author, publisher string
}

// listingCache keeps the listings and the publishers asked for last, of one
// generation of the library. What it hands out is not to be changed.
type listingCache struct {
	mu         sync.Mutex
	generation int64
	rows       int
	listings   map[string][]shelved
	publishers map[string][]briefs.PublisherCount
	bylines    map[string][]briefs.Byline
}

func newListingCache() *listingCache {
	return &listingCache{listings: make(map[string][]shelved), publishers: make(map[string][]briefs.PublisherCount), bylines: make(map[string][]briefs.Byline)}
}

// enter makes generation the one that is kept, unless a later one is, and
// reports whether it is.
func (s *listingCache) enter(generation int64) bool {
	if generation > s.generation || s.rows > maxRows {
		clear(s.listings)
		clear(s.publishers)
		clear(s.bylines)
		s.rows = 0
	}
	s.generation = max(s.generation, generation)
	return generation == s.generation
}

// recall returns what kept has of a generation under key, or makes it.
func recall[T any](s *listingCache, kept map[string][]T, generation int64, key string, read func() ([]T, error)) ([]T, error) {
	s.mu.Lock()
	current := s.enter(generation) // before looking: it drops what an earlier generation left
	list, ok := kept[key]
	s.mu.Unlock()
	if current && ok {
		return list, nil
	}
	list, err := read()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.enter(generation) {
		if _, ok := kept[key]; !ok {
			kept[key] = list
			s.rows += len(list) + 1
		}
	}
	return list, nil
}

// readListing returns the documents that fit query, SQL from FROM on, in its
// order or by title.
func readListing(ctx context.Context, tx *sql.Tx, byTitle bool, query string, args []any) ([]shelved, error) {
	rows, err := tx.QueryContext(ctx, `SELECT d.key, d.title, d.author, d.publisher`+query, args...)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(n *shelved) []any { return []any{&n.key, &n.title, &n.author, &n.publisher} })
	for i := range all {
		n := &all[i]
		n.title, n.author, n.publisher = strings.ToLower(n.title), strings.ToLower(n.author), strings.ToLower(n.publisher)
	}
	if byTitle {
		slices.SortStableFunc(all, func(a, b shelved) int { return cmp.Compare(a.title, b.title) })
	}
	return all, err
}

// listingQuery tells the generation of the library and how many documents it
// has.
const listingQuery = `SELECT generation, (SELECT ifnull(sum(documents), 0) FROM collections) FROM library`

// Publishers lists the publishers of the searchable documents in s, by name.
func (l *Library) Publishers(ctx context.Context, s briefs.Scope) (all []briefs.PublisherCount, err error) {
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		var generation int64
		if err := tx.QueryRowContext(ctx, generationQuery).Scan(&generation); err != nil {
			return err
		}
		names := jsonList(s.Collections())
		all, err = recall(l.lists, l.lists.publishers, generation, fmt.Sprint(s.All(), names), func() ([]briefs.PublisherCount, error) {
			rows, err := tx.QueryContext(ctx, `SELECT publisher, count(*) FROM documents
				WHERE NOT withdrawn AND (?1 OR collection IN (SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?2))))
				GROUP BY publisher ORDER BY publisher`, s.All(), names)
			if err != nil {
				return nil, err
			}
			return collect(rows, func(p *briefs.PublisherCount) []any { return []any{&p.Name, &p.Documents} })
		})
		return err
	})
	return slices.Clone(all), l.explain(err)
}
