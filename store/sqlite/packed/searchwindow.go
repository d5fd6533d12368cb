package packed

import "context"

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
				q.touch(l.ordinals[i]-first, l.scores[i])
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

// ask adds what a list adds to the candidates, and drops those that cannot
// reach the score that is needed. The lists that were not asked yet add at
// most rest.
func (q *query) ask(ctx context.Context, l *list, rest Score) error {
	need := q.top.least - rest
	all, left := q.candidates, 0
	if l.short {
		for _, c := range all {
			if l.at = l.find(c.ordinal); l.at < len(l.ordinals) && l.ordinals[l.at] == c.ordinal {
				c.score += l.scores[l.at]
			}
			all[left] = c
			if c.score >= need {
				left++
			}
		}
		q.candidates = all[:left]
		return nil
	}
	for i := 0; i < len(all); {
		ok, err := l.seek(ctx, all[i].ordinal)
		if err != nil {
			return err
		}
		first, last := l.first, l.last
		if !ok { // the list is over
			first, last = maxPassages, maxPassages
		}
		for ; i < len(all) && all[i].ordinal < first; i++ {
			c := all[i]
			all[left] = c
			if c.score >= need {
				left++
			}
		}
		// Those within the block.
		from, most := i, Score(0)
		for ; i < len(all) && all[i].ordinal <= last; i++ {
			most = max(most, all[i].score)
		}
		if most+l.most < need {
			continue
		}
		if err := l.decode(); err != nil {
			return err
		}
		left = q.askBlock(l, all, left, from, i, need)
	}
	q.candidates = all[:left]
	return nil
}
