package packed

import (
	"context"
	"math/bits"
)

// window searches [first,end). It reports false when all lists are over.
func (q *query) window(ctx context.Context, first, end uint32) (bool, error) {
	var total Score
	left := q.sorted[:0]
	for _, l := range q.sorted {
		if !l.short {
			if ok, err := l.seek(ctx, first); err != nil {
				return false, err
			} else if !ok {
				continue
			}
		}
		l.bound = l.within(first, end)
		total += l.bound
		left = append(left, l)
	}
	q.sorted = left
	if len(left) == 0 {
		return false, nil
	}
	if total < q.top.least || total == 0 {
		return true, nil
	}
	for i := 1; i < len(left); i++ { // few, and nearly sorted
		for k := i; k > 0 && left[k].bound < left[k-1].bound; k-- {
			left[k], left[k-1] = left[k-1], left[k]
		}
	}
	// The first asked ones cannot reach the score that is needed.
	q.sums = append(q.sums[:0], 0)
	asked := 0
	for i, l := range left {
		q.sums = append(q.sums, q.sums[i]+l.bound)
		if q.sums[i+1] < q.top.least {
			asked = i + 1
		}
	}
	q.candidates = q.candidates[:0]
	var err error
	if asked == len(left)-1 {
		err = q.one(ctx, left[asked], first, end, q.sums[asked])
	} else {
		err = q.several(ctx, left[asked:], first, end, total, q.sums[asked])
	}
	for asked--; asked >= 0 && err == nil && len(q.candidates) > 0; asked-- {
		err = q.ask(ctx, left[asked], q.sums[asked])
	}
	for _, c := range q.candidates {
		if c.score >= q.top.least {
			q.top.add(match{q.view, c.ordinal, c.score})
		}
	}
	return true, err
}

// one gathers the candidates of [first,end) when only the postings of one list
// need to be gone through. The others add at most rest.
func (q *query) one(ctx context.Context, l *list, first, end uint32, rest Score) error {
	least := q.top.least - rest
	if l.short {
		for i := l.at; i < len(l.ordinals) && l.ordinals[i] < end; i++ {
			if o := l.ordinals[i]; l.scores[i] >= least && (q.allowed == nil || q.allowed.Has(o)) {
				q.candidates = append(q.candidates, candidate{o, l.scores[i]})
			}
		}
		return nil
	}
	for l.first < end {
		if l.most >= least {
			if err := l.decode(); err != nil {
				return err
			}
			q.sift(l, first, end, least)
		}
		if l.last >= end-1 {
			return nil
		}
		if ok, err := l.seek(ctx, l.last+1); !ok || err != nil {
			return err
		}
	}
	return nil
}

// several gathers the candidates when the postings of several lists need to be
// gone through. All lists together add at most total, the others at most rest.
func (q *query) several(ctx context.Context, lists []*list, first, end uint32, total, rest Score) error {
	for _, l := range lists {
		if l.short {
			for i := l.at; i < len(l.ordinals) && l.ordinals[i] < end; i++ {
				if o := l.ordinals[i]; q.allowed == nil || q.allowed.Has(o) {
					q.touch(o-first, l.scores[i])
				}
			}
			continue
		}
		least := q.top.least - (total - l.bound)
		for l.first < end {
			if l.most >= least {
				if err := l.decode(); err != nil {
					return err
				}
				q.touchBlock(l, first, end)
			}
			if l.last >= end-1 {
				break
			}
			if ok, err := l.seek(ctx, l.last+1); err != nil {
				return err
			} else if !ok {
				break
			}
		}
	}
	q.gather(first, q.top.least-rest)
	return nil
}

// touch adds to the score of a passage of the window.
func (q *query) touch(at uint32, s Score) {
	at %= windowSize
	q.scores[at] += s
	q.touched[at>>6] |= 1 << (at & 63)
}

// gather makes candidates of the passages that were touched and whose scores
// are at least least.
func (q *query) gather(first uint32, least Score) {
	for w, word := range q.touched {
		q.touched[w] = 0
		for ; word != 0; word &= word - 1 {
			at := w<<6 + bits.TrailingZeros64(word)
			if s := q.scores[at]; s >= least {
				q.candidates = append(q.candidates, candidate{first + uint32(at), s})
			}
			q.scores[at] = 0
		}
	}
}

// ask adds what a list adds to the candidates, and drops those that cannot
// reach the score that is needed. The lists that were not asked yet add at
// most rest.
func (q *query) ask(ctx context.Context, l *list, rest Score) error {
	left := q.candidates[:0]
	need := q.top.least - rest
	for _, c := range q.candidates {
		if c.score+l.bound < need {
			continue
		}
		if l.short {
			if l.at = l.find(c.ordinal); l.at < len(l.ordinals) && l.ordinals[l.at] == c.ordinal {
				c.score += l.scores[l.at]
			}
		} else if ok, err := l.seek(ctx, c.ordinal); err != nil {
			return err
		} else if ok && l.first <= c.ordinal {
			if l.ordinals == nil {
				if c.score+l.most < need {
					continue
				}
				if err := l.decode(); err != nil {
					return err
				}
			}
			if l.at = l.find(c.ordinal); l.ordinals[l.at] == c.ordinal {
				c.score += q.score(l, c.ordinal, l.values[l.at])
			}
		}
		if c.score >= need {
			left = append(left, c)
		}
	}
	q.candidates = left
	return nil
}
