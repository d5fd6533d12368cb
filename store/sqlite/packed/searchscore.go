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
	switch {
	case q.few:
		for i := from; i < to; i++ {
			if o := l.ordinals[i]; q.allowed.Has(o) {
				q.touch(o-first, q.score(l, i))
			}
		}
	case q.sparse:
		words, n := q.allowed.words, 0
		for i := from; i < to; i++ {
			o := l.ordinalSpace[i%blockSize]
			q.some[n%blockSize] = uint8(i)
			n += int(words[o>>6] >> (o & 63) & 1)
		}
		if l.lengths.width != 1 {
			for _, i := range q.some[:n] {
				q.touch(l.ordinalSpace[i%blockSize]-first, q.score(l, int(i)))
			}
			return
		}
		values, lengths := l.values, l.lengths.b
		norms, idf := &q.norms, l.idf
		for _, i := range q.some[:n] {
			at := (l.ordinalSpace[i%blockSize] - first) % windowSize
			q.scores[at] += fixed(idf, impact(values[i]>>1, norms[lengths[i]]))
			q.touched[at>>6] |= 1 << (at & 63)
		}
	case l.lengths.width == 1:
		ordinals := l.ordinals[from:to]
		values, lengths := l.values[from:][:len(ordinals)], l.lengths.b[from:][:len(ordinals)]
		norms, idf := &q.norms, l.idf
		for i, o := range ordinals {
			at := (o - first) % windowSize
			q.scores[at] += fixed(idf, impact(values[i]>>1, norms[lengths[i]]))
			q.touched[at>>6] |= 1 << (at & 63)
		}
	default:
		for i := from; i < to; i++ {
			q.touch(l.ordinals[i]-first, q.score(l, i))
		}
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
		s := q.score(l, i)
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
				c.score += q.score(l, int(at))
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
			c.score += q.score(l, int(at))
		}
		all[left] = c
		if c.score >= need {
			left++
		}
	}
	return left
}

// score is what posting i of the block of l adds.
func (q *query) score(l *list, i int) Score {
	return q.rated(l.idf, l.values[i], l.length(i))
}

// length is the number of tokens of passage i of the block.
func (l *list) length(i int) uint32 {
	if l.lengths.width == 0 {
		return l.s.lengths.at(l.ordinals[i])
	}
	return l.lengths.at(i)
}

// rated is what a posting adds.
func (q *query) rated(idf float64, value, length uint32) Score {
	n := q.norms[length%maxNorms]
	if length >= maxNorms {
		n = norm(length, q.average)
	}
	return fixed(idf, impact(value>>1, n))
}
