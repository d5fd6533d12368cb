package sqlite

import (
	"container/list"
	"sync"
)

// recent keeps the values that were used last, most bytes of them at most, of
// one generation of the library; those that never change are all of generation
// 0. It is safe for concurrent use.
type recent[K comparable, V any] struct {
	most       int
	mu         sync.Mutex
	generation int64
	bytes      int
	order      *list.List // of *sized[K, V], last used first
	at         map[K]*list.Element
}

// sized is one value and what it takes in memory, in bytes.
type sized[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

// placeBytes is about what the place of a value takes.
const placeBytes = 160

func newRecent[K comparable, V any](most int) *recent[K, V] {
	return &recent[K, V]{most: most, order: list.New(), at: make(map[K]*list.Element)}
}

// enter makes generation the one that is kept, unless a later one is, and
// reports whether it is.
func (r *recent[K, V]) enter(generation int64) bool {
	if generation > r.generation {
		r.generation, r.bytes = generation, 0
		r.order.Init()
		clear(r.at)
	}
	return generation == r.generation
}

func (r *recent[K, V]) get(generation int64, key K) (v V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.enter(generation) {
		return v, false
	}
	e, ok := r.at[key]
	if !ok {
		return v, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*sized[K, V]).value, true
}

// put keeps value, which takes so many bytes, unless there is one for key or
// it would take a quarter of the room.
func (r *recent[K, V]) put(generation int64, key K, value V, bytes int) {
	bytes += placeBytes
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.enter(generation) || r.at[key] != nil || bytes > r.most/4 {
		return
	}
	r.at[key] = r.order.PushFront(&sized[K, V]{key, value, bytes})
	for r.bytes += bytes; r.bytes > r.most; {
		last := r.order.Remove(r.order.Back()).(*sized[K, V])
		delete(r.at, last.key)
		r.bytes -= last.bytes
	}
}

// all returns the values of keys: those that r has, and those that read returns
// of the others, with what they take in memory.
func (r *recent[K, V]) all(generation int64, keys []K, read func(missing []K, keep func(K, V, int)) error) (map[K]V, error) {
	values := make(map[K]V, len(keys))
	var missing []K
	for _, k := range keys {
		if _, ok := values[k]; ok {
			continue
		}
		v, ok := r.get(generation, k)
		if !ok {
			missing = append(missing, k)
		}
		values[k] = v
	}
	if len(missing) == 0 {
		return values, nil
	}
	err := read(missing, func(k K, v V, bytes int) {
		values[k] = v
		r.put(generation, k, v, bytes)
	})
	return values, err
}
