package packed

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// CacheBytes is what a Cache of a library may hold.
const CacheBytes = 48 << 20

// cacheShards is in how many parts with locks of their own a cache is divided,
// so that goroutines hardly ever wait for each other.
const cacheShards = 8

// Cache keeps what was read of segments, and lists and counts made of it, in
// bounded memory. Segments never change, so nothing in it is ever stale; what
// belongs to segments that are no longer used is driven out by the rest. It
// may be used by any number of goroutines.
type Cache struct {
	ids    atomic.Uint64 // the last id of an owner
	seed   maphash.Seed
	shards [cacheShards]cacheShard
}

// cacheKey names one thing: its owner, a segment or a view, and the number of a
// blob, or what kind of thing it is and a text.
type cacheKey struct {
	owner uint64
	n     int
	text  string
}

// Kinds of what is kept beside blobs.
const (
	keptEntry  = -1 - iota // *Entry of a term
	keptPhrase             // *flat
	keptScope              // *View of collections
	keptView               // *View without what was removed
	keptFilter             // *mask
	keptCount              // count
)

// cacheShard drives out by the clock: who was not used since the hand last
// passed has to go.
type cacheShard struct {
	mu    sync.Mutex
	at    map[cacheKey]int
	slots []cacheSlot
	hand  int
	bytes int64
	limit int64
	_     [64]byte // no line of the processor's cache is shared with the next shard
}

type cacheSlot struct {
	key   cacheKey
	value any
	bytes int64
	used  bool
}

// slotBytes is about what a slot takes beside its value.
const slotBytes = 200

// NewCache makes a cache of at most bytes.
func NewCache(bytes int64) *Cache {
	c := &Cache{seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].at, c.shards[i].limit = make(map[cacheKey]int), bytes/cacheShards
	}
	return c
}

func (c *Cache) shard(k cacheKey) *cacheShard {
	h := k.owner*0x9e3779b97f4a7c15 + uint64(k.n)*0xd6e8feb86659fd93
	if k.text != "" {
		h ^= maphash.String(c.seed, k.text)
	}
	return &c.shards[(h^h>>32)>>8%cacheShards]
}

// get returns what is kept under k, or nil. A nil cache keeps nothing.
func (c *Cache) get(k cacheKey) any {
	if c == nil {
		return nil
	}
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.at[k]
	if !ok {
		return nil
	}
	s.slots[i].used = true
	return s.slots[i].value
}

// put keeps value, which takes bytes, unless it is too large for the cache.
func (c *Cache) put(k cacheKey, value any, bytes int64) {
	if c == nil {
		return
	}
	s := c.shard(k)
	bytes += slotBytes + int64(len(k.text))
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.at[k]; ok || bytes > s.limit/2 {
		return
	}
	for s.bytes+bytes > s.limit {
		s.drop()
	}
	s.at[k] = len(s.slots)
	s.slots = append(s.slots, cacheSlot{key: k, value: value, bytes: bytes})
	s.bytes += bytes
}

// drop moves the hand to the next slot that was not used, and removes it.
func (s *cacheShard) drop() {
	for {
		if s.hand >= len(s.slots) {
			s.hand = 0
		}
		slot := &s.slots[s.hand]
		if !slot.used {
			break
		}
		slot.used = false
		s.hand++
	}
	gone, last := &s.slots[s.hand], len(s.slots)-1
	s.bytes -= gone.bytes
	delete(s.at, gone.key)
	if s.hand != last {
		*gone = s.slots[last]
		s.at[gone.key] = s.hand
		s.hand++
	}
	s.slots[last] = cacheSlot{}
	s.slots = s.slots[:last]
}

// Bytes is about what the cache holds.
func (c *Cache) Bytes() int64 {
	var n int64
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		n += s.bytes
		s.mu.Unlock()
	}
	return n
}

// Source returns src with this cache before it. A segment that is opened with
// it keeps its lists and counts in the cache, too.
func (c *Cache) Source(src Source) Source { return &cachedSource{c, c.ids.Add(1), src} }

type cachedSource struct {
	cache *Cache
	owner uint64
	src   Source
}

// sound promises that blobs were checked.
func (s *cachedSource) sound() {}

// Blob reads a blob, from the cache if it is there. The check sum of a blob is
// looked at when it comes into the cache.
func (s *cachedSource) Blob(ctx context.Context, n int) ([]byte, error) {
	key := cacheKey{owner: s.owner, n: n}
	if b, ok := s.cache.get(key).([]byte); ok {
		return b, nil
	}
	b, err := s.src.Blob(ctx, n)
	if err != nil {
		return nil, err
	}
	if err := checkBlob(n, b); err != nil {
		return nil, err
	}
	if kind := b[len(b)-footer]; kind != positionsPart { // they are read to make the list of a phrase, which is kept
		s.cache.put(key, b, int64(cap(b)))
	}
	return b, nil
}

// cached is the cache that s was opened with, and what s owns in it.
func (s *Segment) cached() (*Cache, uint64) {
	if c, ok := s.src.(*cachedSource); ok {
		return c.cache, c.owner
	}
	return nil, 0
}
