package sqlite

import (
	"context"
	"sync"

	"briefdesk/store/sqlite/packed"
)

// viewCache keeps what the scopes used last see of the packed index.
type viewCache struct {
	mu    sync.Mutex
	list  *packedList
	views map[string][]*packed.View
}

// maxScopes bounds the scopes kept; a library has few rooms with scopes.
const maxScopes = 16

// views returns the segments of list as a scope sees them: names is a JSON list
// of collections, nil for all.
func (l *Library) views(ctx context.Context, query queryFunc, list *packedList, names any) ([]*packed.View, error) {
	scope := "all"
	if names != nil {
		scope = names.(string)
	}
	c := &l.scopes
	c.mu.Lock()
	kept, ok := c.views[scope]
	ok = ok && c.list == list
	c.mu.Unlock()
	if ok {
		return kept, nil
	}
	collections, err := collectionKeys(ctx, query, names)
	if err != nil {
		return nil, err
	}
	views := make([]*packed.View, 0, len(list.segments))
	for i := range list.segments {
		s := &list.segments[i]
		v, err := s.View(ctx, s.dead, collections)
		if err != nil {
			return nil, err
		}
		if v.Passages() > 0 {
			views = append(views, v)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.list == nil || c.list.version < list.version || len(c.views) >= maxScopes:
		c.list, c.views = list, map[string][]*packed.View{}
		fallthrough
	case c.list == list:
		c.views[scope] = views
	}
	return views, nil
}

// collectionKeys returns the keys of the named collections; nil for all.
func collectionKeys(ctx context.Context, query queryFunc, names any) ([]int64, error) {
	if names == nil {
		return nil, nil
	}
	rows, err := query(ctx, collectionsQuery, names)
	if err != nil {
		return nil, err
	}
	keys, err := collect(rows, func(k *int64) []any { return []any{k} })
	if keys == nil {
		keys = []int64{} // sees nothing
	}
	return keys, err
}

const collectionsQuery = `SELECT key FROM collections WHERE name IN (SELECT value FROM json_each(?))`
