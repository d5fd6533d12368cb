package packed

// The loops over postings. Most of the time of a search is spent here.

// places are those of the postings of the block in [first,end).
func (l *list) places(first, end uint32) (from, to int) {
	from, to = 0, len(l.ordinals)
	if l.first < first {
		from = l.find(first)
	}
	if l.last >= end {
		to = l.find(end)
	}
	return from, to
}

// touchBlock adds the scores of the postings of the block in [first,end) to
// those of the passages.
func (q *query) touchBlock(l *list, first, end uint32) {
	from, to := l.places(first, end)
	ordinals, values := l.ordinals[from:to], l.values[from:to]
	lengths, norms, idf := q.s.lengths.short, &q.norms, l.idf
	if q.allowed == nil {
		for i, o := range ordinals {
			var n float64
			if length := lengths[o]; int(length) < len(norms) {
				n = norms[length]
			} else {
				n = norm(q.s.lengths.at(o), q.average)
			}
			at := (o - first) % windowSize
			q.scores[at] += fixed(idf, impact(values[i]>>1, n))
			q.touched[at>>6] |= 1 << (at & 63)
		}
		return
	}
	words := q.allowed.words
	for i, o := range ordinals {
		if words[o>>6]>>(o&63)&1 == 0 {
			continue
		}
		var n float64
		if length := lengths[o]; int(length) < len(norms) {
			n = norms[length]
		} else {
			n = norm(q.s.lengths.at(o), q.average)
		}
		at := (o - first) % windowSize
		q.scores[at] += fixed(idf, impact(values[i]>>1, n))
		q.touched[at>>6] |= 1 << (at & 63)
	}
}

// sift makes candidates of the postings of the block in [first,end) whose
// scores are at least least.
func (q *query) sift(l *list, first, end uint32, least Score) {
	from, to := l.places(first, end)
	for i := from; i < to; i++ {
		o := l.ordinals[i]
		if q.allowed != nil && !q.allowed.Has(o) {
			continue
		}
		if s := q.score(l, o, l.values[i]); s >= least {
			q.candidates = append(q.candidates, candidate{o, s})
		}
	}
}

// score is what a posting of l adds.
func (q *query) score(l *list, ordinal, value uint32) Score {
	var n float64
	if length := q.s.lengths.at(ordinal); length < uint32(len(q.norms)) {
		n = q.norms[length]
	} else {
		n = norm(length, q.average)
	}
	return fixed(l.idf, impact(value>>1, n))
}
