package packed

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Passages are searched in windows. In each, the clauses are divided: those
// whose bounds together stay below the score that is needed cannot make a
// passage one of the best, so only the postings of the others are gone
// through (Turtle and Flood 1995, "MaxScore"), and the first ones are only
// asked about the passages that are left. Bounds are those of the blocks in
// the window (Ding and Suel 2011).
const windowSize = 16384

// Search returns the passages of views that hold one of clauses and whose
// score is at least that of number limit, best first, ties by key: more than
// limit when several share it. What a clause adds depends on how many of the
// passages hold it that views see, and on stats, which are of the same
// passages (StatsOf). Each view is of another segment.
func Search(ctx context.Context, views []*View, clauses []Clause, stats Stats, limit int) ([]Found, error) {
	if limit < 1 || len(clauses) == 0 || len(views) == 0 {
		return nil, ctx.Err()
	}
	q := scratches.Get().(*query)
	q.begin(stats, limit)
	if err := q.rate(ctx, views, clauses); err != nil {
		return nil, err
	}
	// Large segments first: they have the most of the best, so that the others
	// need to show less.
	for i := range views {
		q.order = append(q.order, i)
	}
	slices.SortStableFunc(q.order, func(a, b int) int { return cmp.Compare(views[b].passages, views[a].passages) })
	for _, i := range q.order {
		if err := q.search(ctx, views[i], i, q.sources[i*len(clauses):][:len(clauses)]); err != nil {
			return nil, err
		}
	}
	matches := q.top.done()
	found := make([]Found, len(matches))
	for i, m := range matches {
		found[i] = Found{views[m.view].s.Key(m.ordinal), m.score}
	}
	// A query that failed is not used again: there may be scores in its window.
	q.end()
	scratches.Put(q)
	slices.SortFunc(found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key))
	})
	return found, nil
}

var scratches = sync.Pool{New: func() any { return new(query) }}

// query is one search. It is used again for others.
type query struct {
	average float64
	norms   [maxNorms]float64 // of lengths
	stats   Stats
	idfs    []float64 // of the clauses; 0: no passage holds it
	counts  []int     // how many passages hold each clause
	sources []source  // of each view those of the clauses
	order   []int     // of the views
	top     top

	// The view that is searched.
	view    int
	s       *Segment
	allowed *mask
	sparse  bool // allowed lacks many
	few     bool // it has few
	lists   []list
	sorted  []*list // lists that have postings left, in the window by ascending bound
	sums    []Score // sums[i] is that of the bounds of the first i ones of sorted

	// The window.
	scores     [windowSize]Score
	touched    [windowSize / 64]uint64
	at         [windowSize]uint8 // where in a block passages may be
	some       [blockSize]uint8  // postings of a block that may be found
	candidates []candidate
}

// candidate is a passage whose score is not complete.
type candidate struct {
	ordinal uint32
	score   Score
}

func (q *query) begin(stats Stats, limit int) {
	if a := stats.average(); a != q.average {
		q.average = a
		for i := range q.norms {
			q.norms[i] = norm(uint32(i), a)
		}
	}
	q.stats = stats
	q.idfs, q.sources, q.order = q.idfs[:0], q.sources[:0], q.order[:0]
	q.top.reset(limit)
	if q.candidates == nil {
		q.candidates = make([]candidate, 0, windowSize+1)
	}
}

// end lets go of the segments.
func (q *query) end() {
	q.s, q.allowed, q.sorted = nil, nil, q.sorted[:0]
	clear(q.sources)
	for i := range q.lists {
		q.lists[i].begin(nil, source{}, 0, 0)
	}
}

// rate finds the clauses and computes what they weigh.
func (q *query) rate(ctx context.Context, views []*View, clauses []Clause) error {
	q.idfs = slices.Grow(q.idfs, len(clauses))[:len(clauses)]
	q.counts = append(q.counts[:0], make([]int, len(clauses))...)
	for _, v := range views {
		for i, c := range clauses {
			src, err := v.find(ctx, c)
			if err != nil {
				return err
			}
			n, err := v.count(ctx, c, src)
			if err != nil {
				return err
			}
			q.sources = append(q.sources, src)
			q.counts[i] += n.passages
		}
	}
	for i, n := range q.counts {
		q.idfs[i] = 0
		if n > 0 {
			q.idfs[i] = q.stats.idf(n)
		}
	}
	return nil
}

// search goes through one view.
func (q *query) search(ctx context.Context, v *View, view int, sources []source) error {
	q.view, q.s, q.allowed = view, v.s, v.allowed
	if q.allowed != nil && q.allowed.n == 0 {
		return nil
	}
	q.sparse = q.allowed != nil && q.allowed.n < int(q.allowed.size)/4*3
	q.few = q.sparse && q.allowed.n < int(q.allowed.size)/8
	var most Score
	q.sorted = q.sorted[:0]
	if len(q.lists) < len(sources) {
		q.lists = make([]list, len(sources))
	}
	for i, src := range sources {
		if q.idfs[i] > 0 && src.count().passages > 0 {
			l := &q.lists[i]
			l.begin(v.s, src, q.idfs[i], q.average)
			q.start(l)
			l.bound = l.score(src.max())
			most += l.bound
			q.sorted = append(q.sorted, l)
		}
	}
	if most < q.top.least {
		return nil
	}
	// Lists that alone cannot make a passage one of the best are only asked
	// about some.
	slices.SortFunc(q.sorted, func(a, b *list) int { return cmp.Compare(a.bound, b.bound) })
	most = 0
	for _, l := range q.sorted {
		if most += l.bound; most >= q.top.least || l.src.inline() {
			if err := l.ready(ctx, q); err != nil {
				return err
			}
		}
	}
	n := uint32(v.s.Meta().Passages)
	for first := uint32(0); first < n; first += windowSize {
		if q.allowed != nil {
			o, ok := q.allowed.Next(first)
			if !ok {
				break
			}
			first = o &^ (windowSize - 1)
		}
		if first%(16*windowSize) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if ok, err := q.window(ctx, first, min(first+windowSize, n)); !ok || err != nil {
			return err
		}
	}
	return nil
}

// start raises the score that is needed to one that a list proves: so many
// passages reach it that limit ones are left without those that are hidden.
func (q *query) start(l *list) {
	need := q.top.limit
	if q.allowed != nil {
		need += int(q.allowed.size) - q.allowed.n
	}
	best := l.src.best()
	for i, r := range ranks {
		if r >= need && best[i] > 0 {
			q.top.raise(fixed(l.idf, best[i]*l.shrink))
			return
		}
	}
}
