package packed

import "math/bits"

// The loops over postings. Most of the time of a search is spent here. What
// they decide hardly ever follows from what was decided before, so that they
// reckon with it instead of branching.

// places are those of the postings of the block in [first,end).
func (l *list) places(first, end uint32) (from, to int) {
	from, to = 0, len(l.ordinals)
	if l.first < first {
		from = l.place(first)
	}
	if l.last >= end {
		to = l.place(end)
	}
	return from, to
}

// place is that of the first posting of the block whose ordinal is not below
// o, which is at most the last one.
func (l *list) place(o uint32) int {
	a, i := &l.ordinalSpace, 0
	if a[63] < o {
		i = 64
	}
	if a[(i+31)%blockSize] < o {
		i += 32
	}
	if a[(i+15)%blockSize] < o {
		i += 16
	}
	if a[(i+7)%blockSize] < o {
		i += 8
	}
	if a[(i+3)%blockSize] < o {
		i += 4
	}
	if a[(i+1)%blockSize] < o {
		i += 2
	}
	if a[i%blockSize] < o {
		i++
	}
	return i
}

// touch adds to the score of a passage of the window.
func (q *query) touch(at uint32, s Score) {
	at %= windowSize
	q.scores[at] += s
	q.touched[at>>6] |= 1 << (at & 63)
}

// touchBlock adds the scores of the postings of the block in [first,end) to
// those of the passages.
func (q *query) touchBlock(l *list, first, end uint32) {
	from, to := l.places(first, end)
	lengths, norms, idf := q.s.lengths.short, &q.norms, l.idf
	switch {
	case q.few:
		for i, o := range l.ordinals[from:to] {
			if q.allowed.Has(o) {
				q.touch(o-first, q.score(l, o, l.values[from+i]))
			}
		}
		return
	case q.sparse:
		words, n := q.allowed.words, 0
		for i := from; i < to; i++ {
			o := l.ordinalSpace[i%blockSize]
			q.some[n%blockSize] = uint8(i)
			n += int(words[o>>6] >> (o & 63) & 1)
		}
		for _, i := range q.some[:n] {
			o := l.ordinalSpace[i%blockSize]
			q.touch(o-first, q.score(l, o, l.values[i]))
		}
		return
	}
	ordinals, values := l.ordinals[from:to], l.values[from:to]
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
}

// gather makes candidates of the passages that were touched, may be found, and
// whose scores are at least least.
func (q *query) gather(first uint32, least Score) {
	all, n := q.candidates[:cap(q.candidates)], 0
	for w, word := range q.touched {
		if word == 0 {
			continue
		}
		q.touched[w] = 0
		allowed := ^uint64(0)
		if q.allowed != nil {
			allowed = q.allowed.words[int(first>>6)+w]
		}
		for ; word != 0; word &= word - 1 {
			bit := bits.TrailingZeros64(word)
			at := w<<6 + bit
			s := q.scores[at]
			q.scores[at] = 0
			all[n] = candidate{first + uint32(at), s}
			next := n + int(allowed>>bit&1)
			if s >= least {
				n = next
			}
		}
	}
	q.candidates = all[:n]
}

// sift makes candidates of the postings of the block in [first,end) that may be
// found and whose scores are at least least.
func (q *query) sift(l *list, first, end uint32, least Score) {
	from, to := l.places(first, end)
	all := q.candidates[:cap(q.candidates)]
	n := len(q.candidates)
	for i := from; i < to; i++ {
		o := l.ordinals[i]
		s := q.score(l, o, l.values[i])
		all[n] = candidate{o, s}
		next := n + 1
		if q.allowed != nil {
			next = n + int(q.allowed.words[o>>6]>>(o&63)&1)
		}
		if s >= least {
			n = next
		}
	}
	q.candidates = all[:n]
}

// fewAsked is up to how many candidates in a block are sought in it one by one.
const fewAsked = 4

// askBlock adds what the block of l adds to the candidates [from,to), which are
// within it, and moves those that reach need to left; it returns how many
// there are then.
func (q *query) askBlock(l *list, all []candidate, left, from, to int, need Score) int {
	if to-from <= fewAsked {
		for i := from; i < to; i++ {
			c := all[i]
			if at := l.place(c.ordinal); l.ordinalSpace[at%blockSize] == c.ordinal {
				c.score += q.score(l, c.ordinal, l.values[at])
			}
			all[left] = c
			if c.score >= need {
				left++
			}
		}
		return left
	}
	for i, end := l.place(all[from].ordinal), l.place(all[to-1].ordinal); i <= end; i++ {
		q.at[l.ordinalSpace[i%blockSize]%windowSize] = uint8(i)
	}
	for i := from; i < to; i++ {
		c := all[i]
		if at := q.at[c.ordinal%windowSize]; l.ordinalSpace[at%blockSize] == c.ordinal {
			c.score += q.score(l, c.ordinal, l.values[at])
		}
		all[left] = c
		if c.score >= need {
			left++
		}
	}
	return left
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
