package packed

import (
	"cmp"
	"slices"
)

// Found is a passage and its score.
type Found struct {
	Key   int64
	Score Score
}

// match is a passage of a view that was found.
type match struct {
	view    int // its index
	ordinal uint32
	score   Score
}

// top gathers the best passages, and all that share the last score.
type top struct {
	limit int
	least Score   // no passage below it can be among the best
	best  []Score // the best scores, at most limit, a heap with the least on top
	held  []match
	full  int // length of held at which it is cut
}

func (t *top) reset(limit int) {
	t.limit, t.least, t.best, t.held, t.full = limit, 0, t.best[:0], t.held[:0], max(4*limit, 256)
}

// raise says that at least limit passages score least or more.
func (t *top) raise(least Score) { t.least = max(t.least, least) }

// add takes a match, whose score is not below least. Those that share one
// score are all kept, however many there are.
func (t *top) add(m match) {
	if len(t.held) >= t.full {
		t.cut()
		t.full = max(2*len(t.held), t.full)
	}
	t.held = append(t.held, m)
	if len(t.best) < t.limit {
		t.best = append(t.best, m.score)
		t.up(len(t.best) - 1)
	} else if m.score > t.best[0] {
		t.best[0] = m.score
		t.down()
	}
	if len(t.best) == t.limit {
		t.raise(t.best[0])
	}
}

func (t *top) up(i int) {
	for i > 0 && t.best[i] < t.best[(i-1)/2] {
		t.best[i], t.best[(i-1)/2] = t.best[(i-1)/2], t.best[i]
		i = (i - 1) / 2
	}
}

func (t *top) down() {
	h, i := t.best, 0
	for {
		c := 2*i + 1
		if c >= len(h) {
			return
		}
		if c+1 < len(h) && h[c+1] < h[c] {
			c++
		}
		if h[i] <= h[c] {
			return
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
}

// cut drops what is below least.
func (t *top) cut() {
	t.held = slices.DeleteFunc(t.held, func(m match) bool { return m.score < t.least })
}

// done returns what is left, best first, ties by view and ordinal.
func (t *top) done() []match {
	t.cut()
	slices.SortFunc(t.held, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.view, b.view), cmp.Compare(a.ordinal, b.ordinal))
	})
	return t.held
}
