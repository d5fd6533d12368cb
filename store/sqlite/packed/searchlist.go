package packed

import (
	"context"
	"encoding/binary"
	"math"
	"sort"
)

// list is the postings of a clause while a view is searched. It goes from
// block to block, forward only. It is used again for others.
type list struct {
	idf  float64
	bent float64 // see bend
	// What impacts under the average of the segment must be multiplied with
	// to be no greater than the true ones.
	shrink float64
	src    source
	s      *Segment

	// The block. It has postings in [first,last] only.
	over        bool // there is none any more
	first, last uint32
	most        Score // that one of them adds
	ordinals    []uint32
	values      []uint32 // nil until they are decoded
	lengths     blockLengths
	at          int   // no posting before it is asked for any more
	bound       Score // of the window

	// Where the block is: in src.f, or in a chunk of src.e.
	block  int
	chunk  int
	before int    // postings in the chunks before
	skips  []byte // of the chunk
	blocks []byte

	// A short list is scored at once.
	short  bool
	scores []Score

	ordinalSpace, valueSpace [blockSize]uint32
	shortOrdinals            []uint32
	shortScores              []Score
}

// shortList is up to how many postings a list is scored at once, so that the
// bounds of windows are exact.
const shortList = 512

// slack is more than what rounding makes of a bound.
const slack = 1e-9

// begin makes l the list of src.
func (l *list) begin(s *Segment, src source, idf, average float64) {
	l.s, l.src, l.idf = s, src, idf
	l.over, l.first, l.last, l.bound = false, 0, 0, 0
	l.ordinals, l.values, l.lengths, l.at = nil, nil, blockLengths{}, 0
	l.block, l.chunk, l.before, l.skips, l.blocks = -1, -1, 0, nil, nil
	l.short, l.scores = false, nil
	l.bent, l.shrink = 1, 1-slack
	if s == nil {
		return
	}
	if was := s.meta.Average; average > was {
		l.bent = was / average
	} else {
		l.shrink *= average / was
	}
}

// bend makes of the greatest impact of some postings under the average of the
// segment one under the present average, or more.
//
// Be w the weight of a posting, c = k1(1-b) + x its norm, where x = k1·b times
// length by average, m = w(k1+1)/(w+c) its impact, r the average of the segment
// by the present one. Its impact becomes w(k1+1)/(w+c'), c' = k1(1-b) + rx. With
// r ≥ 1 that is no more than m. With r < 1, c' ≥ rc, so that it is at most
// w(k1+1)/(w+rc) = (k1+1)/(1+r(c/w)), and c/w is (k1+1)/m - 1. That grows with
// m, so that it may be applied to the greatest.
func (l *list) bend(m float64) float64 {
	if l.bent < 1 && m > 0 {
		m = min(m, k1+1) // may be more by its rounding
		m = (k1 + 1) * m / (m + l.bent*(k1+1-m))
	}
	return m * (1 + slack)
}

// score is the most that a posting adds whose impact is at most m.
func (l *list) score(m float64) Score { return fixed(l.idf, l.bend(m)) }

// max is the greatest impact.
func (src source) max() float64 {
	if src.e != nil {
		return src.e.Max
	}
	return src.f.max
}

// inline reports whether the postings stand in the entry itself.
func (src source) inline() bool { return src.e != nil && src.e.inline != nil }

// best are the impacts that some of the postings reach, see ranks.
func (src source) best() [3]float64 {
	if src.e != nil {
		return src.e.Best
	}
	return src.f.best
}

// ready prepares l to be gone through.
func (l *list) ready(ctx context.Context, q *query) error {
	if l.src.count().passages > shortList {
		return nil
	}
	ordinals, scores := l.shortOrdinals[:0], l.shortScores[:0]
	if e := l.src.e; l.src.inline() {
		ordinals = append(ordinals, e.inline.ordinals...)
		for i := range ordinals {
			scores = append(scores, q.rated(l.idf, e.inline.values[i], e.inline.lengths[i]))
		}
	} else {
		for {
			ok, err := l.seek(ctx, l.last+uint32(min(l.block+1, 1)))
			if err != nil {
				return err
			} else if !ok {
				break
			}
			if err := l.decode(); err != nil {
				return err
			}
			for i, o := range l.ordinals {
				ordinals, scores = append(ordinals, o), append(scores, q.score(l, i))
			}
		}
	}
	l.over, l.short, l.at = len(ordinals) == 0, true, 0
	l.shortOrdinals, l.shortScores = ordinals, scores
	l.ordinals, l.scores = ordinals, scores
	return nil
}

// seek goes to the first block, from the present one on, that ends at o or
// behind it; false when there is none.
func (l *list) seek(ctx context.Context, o uint32) (bool, error) {
	switch {
	case l.over:
		return false, nil
	case l.block >= 0 && o <= l.last:
		return true, nil
	}
	l.ordinals, l.values, l.at = nil, nil, 0
	if l.src.f != nil {
		return l.seekFlat(o), nil
	}
	chunks := l.src.e.chunks
	next := max(l.chunk, 0)
	for next < len(chunks) && chunks[next].last < o {
		next++
	}
	if next == len(chunks) {
		l.over = true
		return false, nil
	}
	start := l.block + 1
	if next != l.chunk {
		if err := l.enter(ctx, next); err != nil {
			return false, err
		}
		start = 0
	}
	n := len(l.skips) / skipSize
	i := start
	for step := 1; i < n && l.skip(i) < o; step *= 2 { // mostly, it is near
		if i+step >= n || l.skip(i+step) >= o {
			i += 1 + sort.Search(min(step, n-i)-1, func(k int) bool { return l.skip(i+1+k) >= o })
			break
		}
		i += step
	}
	return true, l.enterBlock(min(i, n-1))
}

// skip is the last ordinal of block i of the chunk.
func (l *list) skip(i int) uint32 { return binary.LittleEndian.Uint32(l.skips[skipSize*i:]) }

// impact is the greatest impact of block i of the chunk, in units.
func (l *list) impact(i int) uint16 { return binary.LittleEndian.Uint16(l.skips[skipSize*i+6:]) }

// enter goes to chunk n, before its first block.
func (l *list) enter(ctx context.Context, n int) error {
	chunks := l.src.e.chunks
	for ; l.chunk < n; l.chunk++ {
		if l.chunk >= 0 {
			l.before += chunks[l.chunk].blocks * blockSize
		}
	}
	b, err := l.s.span(ctx, postingsPart, chunks[n].at)
	if err != nil {
		return err
	}
	front := chunks[n].blocks * skipSize
	if len(b) < front+footer || binary.LittleEndian.Uint32(b[front-skipSize:]) != chunks[n].last {
		return damaged("a chunk")
	}
	l.skips, l.blocks = b[:front], b[front:]
	return nil
}

// enterBlock goes to block i of the chunk.
func (l *list) enterBlock(i int) error {
	l.block, l.last, l.first = i, l.skip(i), 0
	if i > 0 {
		l.first = l.skip(i-1) + 1
	} else if l.chunk > 0 {
		l.first = l.src.e.chunks[l.chunk-1].last + 1
	}
	if l.last < l.first || int64(l.last) >= int64(l.s.meta.Passages) {
		return damaged("a chunk")
	}
	l.most = l.score(float64(l.impact(i)) / impactUnit)
	return nil
}

func (l *list) seekFlat(o uint32) bool {
	f := l.src.f
	for l.block++; l.block < len(f.bounds); l.block++ {
		end := min((l.block+1)*blockSize, len(f.ordinals))
		if l.last = f.ordinals[end-1]; l.last >= o {
			l.first = f.ordinals[l.block*blockSize]
			l.most = l.score(f.bounds[l.block])
			return true
		}
	}
	l.over = true
	return false
}

// within is the bound of the postings in [first,end), none of which is before
// the block.
func (l *list) within(first, end uint32) Score {
	switch {
	case l.short:
		var most Score
		l.at = l.find(first)
		for i := l.at; i < len(l.ordinals) && l.ordinals[i] < end; i++ {
			most = max(most, l.scores[i])
		}
		l.most = most
		return most
	case l.first >= end:
		return 0
	case l.src.f != nil:
		f, most := l.src.f, 0.0
		for b := l.block; b < len(f.bounds) && f.ordinals[b*blockSize] < end; b++ {
			most = math.Max(most, f.bounds[b])
		}
		return l.score(most)
	}
	most, last := l.impact(l.block), l.last
	n := len(l.skips) / skipSize
	for i := l.block + 1; i < n && last+1 < end; i++ {
		most, last = max(most, l.impact(i)), l.skip(i)
	}
	chunks := l.src.e.chunks
	for i := l.chunk + 1; i < len(chunks) && chunks[i-1].last+1 < end; i++ {
		most = max(most, chunks[i].bound)
	}
	return l.score(float64(most) / impactUnit)
}

// find returns the place of the first posting of the block, from l.at on,
// whose ordinal is not below o.
func (l *list) find(o uint32) int {
	all, i := l.ordinals, l.at
	step := 4
	for i+step < len(all) && all[i+step] < o { // mostly, it is near
		i += step
		step *= 2
	}
	for ; step > 0; step /= 2 {
		if i+step <= len(all) && all[i+step-1] < o {
			i += step
		}
	}
	return i
}

// decode makes the postings of the block known.
func (l *list) decode() error {
	if l.ordinals != nil {
		return nil
	}
	if f := l.src.f; f != nil {
		start := l.block * blockSize
		end := min(start+blockSize, len(f.ordinals))
		l.values, l.lengths = f.values[start:end], blockLengths{f.lengths[4*start : 4*end], 4}
		l.fill(copy(l.ordinalSpace[:], f.ordinals[start:end]))
		return nil
	}
	n := min(blockSize, l.src.e.Passages-l.before-l.block*blockSize)
	at := int(binary.LittleEndian.Uint16(l.skips[skipSize*l.block+4:]))
	if at > len(l.blocks) {
		return damaged("a block")
	}
	var err error
	if l.lengths, err = decodeBlock(l.blocks[at:], l.s.meta.Version, n, l.first, l.last, &l.ordinalSpace, &l.valueSpace); err != nil {
		return err
	}
	l.values = l.valueSpace[:n]
	l.fill(n)
	return nil
}

// fill makes the n ordinals of the space those of the block.
func (l *list) fill(n int) {
	l.ordinals = l.ordinalSpace[:n]
	for i := n; i < blockSize; i++ {
		l.ordinalSpace[i] = math.MaxUint32
	}
}
