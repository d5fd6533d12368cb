package sqlite

import (
	"cmp"
	"container/list"
	"slices"
	"sync"
)

// postings are the passages that hold one phrase, in ascending order of their
// keys, and what the phrase adds to the score of each, above 0. bm25 is the
// sum of what the phrases of a query add, so that the lists of phrases are
// worth keeping: the engine takes microseconds for each passage of a list, a
// sum takes nanoseconds.
type postings struct {
	keys   []int64
	scores []float64
}

// postingBytes bounds the lists kept in memory: four million passages.
const postingBytes = 64 << 20

// postingCache keeps the lists used last, of one generation of the library.
type postingCache struct {
	mu         sync.Mutex
	generation int64
	bytes      int
	order      *list.List // of *keptPostings, last used first
	at         map[string]*list.Element
	spans      map[filter][]keySpan
}

type keptPostings struct {
	phrase string
	postings
}

// size is what p takes in memory, with its place in the cache.
func (p *keptPostings) size() int { return 16*cap(p.keys) + len(p.phrase) + 200 }

func newPostingCache() *postingCache {
	c := &postingCache{}
	c.clear()
	return c
}

func (c *postingCache) clear() {
	c.bytes, c.order = 0, list.New()
	c.at, c.spans = make(map[string]*list.Element), make(map[filter][]keySpan)
}

// enter makes generation the one that is kept, unless a later one is, and
// reports whether it is.
func (c *postingCache) enter(generation int64) bool {
	if generation > c.generation {
		c.clear()
		c.generation = generation
	}
	return generation == c.generation
}

func (c *postingCache) get(generation int64, phrase string) (postings, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.enter(generation) {
		return postings{}, false
	}
	e, ok := c.at[phrase]
	if !ok {
		return postings{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*keptPostings).postings, true
}

func (c *postingCache) put(generation int64, phrase string, p postings) {
	kept := &keptPostings{phrase, p}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.at[phrase]; ok || kept.size() > postingBytes/4 || !c.enter(generation) {
		return
	}
	c.at[phrase] = c.order.PushFront(kept)
	c.bytes += kept.size()
	for c.bytes > postingBytes {
		last := c.order.Remove(c.order.Back()).(*keptPostings)
		delete(c.at, last.phrase)
		c.bytes -= last.size()
	}
}

// maxSpans bounds the kept filters; a library has few rooms with scopes.
const maxSpans = 16

func (c *postingCache) getSpans(generation int64, f filter) ([]keySpan, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.enter(generation) {
		return nil, false
	}
	s, ok := c.spans[f]
	return s, ok
}

func (c *postingCache) putSpans(generation int64, f filter, s []keySpan) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.enter(generation) {
		return
	}
	if len(c.spans) >= maxSpans {
		clear(c.spans)
	}
	c.spans[f] = s
}

// keySpan is the passage keys [first,end).
type keySpan struct{ first, end int64 }

// scored is a passage and its score.
type scored struct {
	key   int64
	score float64
}

func scoredKey(s scored) int64 { return s.key }

// window is how many consecutive keys are summed at a time.
const window = 4096

// best adds the lists up and returns the passages whose score is at least
// that of number limit, best first; more than limit when several share it.
// Unless allowed is nil, only passages inside one of its spans, which are
// sorted, compete. The scores of a passage are added in the order of lists.
func best(lists []postings, allowed []keySpan, limit int) []scored {
	t := top{limit: limit}
	at := make([]int, len(lists))
	var sums [window]float64
	for {
		next, some := int64(0), false
		for i, l := range lists {
			if at[i] < len(l.keys) && (!some || l.keys[at[i]] < next) {
				next, some = l.keys[at[i]], true
			}
		}
		if !some {
			return t.done()
		}
		end := next + window
		for i := range lists {
			l := &lists[i]
			k := at[i]
			for ; k < len(l.keys) && l.keys[k] < end; k++ {
				sums[l.keys[k]-next] += l.scores[k]
			}
			at[i] = k
		}
		for i, sum := range sums {
			if sum == 0 {
				continue
			}
			sums[i] = 0
			if sum < t.least {
				continue
			}
			key := next + int64(i)
			if allowed != nil {
				for len(allowed) > 0 && allowed[0].end <= key {
					allowed = allowed[1:]
				}
				if len(allowed) == 0 {
					return t.done()
				}
				if key < allowed[0].first {
					continue
				}
			}
			t.add(scored{key, sum})
		}
	}
}

// top gathers the best passages.
type top struct {
	limit int
	least float64 // no passage below it can be among the best
	held  []scored
	full  int // length of held at which it is cut
}

func (t *top) add(s scored) {
	t.held = append(t.held, s)
	if len(t.held) >= max(t.full, 4*t.limit, 256) {
		t.cut()
		t.full = 2 * len(t.held)
	}
}

// cut sorts what is held and drops what is below number limit.
func (t *top) cut() {
	slices.SortFunc(t.held, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.key, b.key))
	})
	if len(t.held) <= t.limit {
		return
	}
	t.least = t.held[t.limit-1].score
	n := t.limit
	for n < len(t.held) && t.held[n].score == t.least {
		n++
	}
	t.held = t.held[:n]
}

func (t *top) done() []scored {
	t.cut()
	return t.held
}
