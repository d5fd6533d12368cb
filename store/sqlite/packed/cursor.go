package packed

import (
	"context"
	"encoding/binary"
	"sort"
)

// Entry is what the dictionary tells of a term. It may be used by any number of
// goroutines, as long as wanted.
type Entry struct {
	Passages int        // that hold the term
	Text     int        // that hold it outside of the byline
	Max      float64    // its greatest impact, rounded up, under Meta.Average
	Best     [3]float64 // impacts that 10, 50, 200 postings reach at least, under Meta.Average; 0 when unknown

	chunks []chunk
	inline *inlineList // instead of chunks
}

// Entry looks a term up, nil when no passage holds it.
func (s *Segment) Entry(ctx context.Context, term string) (*Entry, error) {
	n := s.index.find(term)
	if n < 0 {
		return nil, nil
	}
	b, err := s.part(ctx, termsPart, n)
	if err != nil {
		return nil, err
	}
	t, err := parseTermBlock(b[:len(b)-footer])
	if err != nil {
		return nil, err
	}
	payload, inline, err := t.find(term)
	if payload == nil || err != nil {
		return nil, err
	}
	return s.entry(payload, inline)
}

// entry reads the payload of an entry of the dictionary.
func (s *Segment) entry(payload []byte, inline bool) (*Entry, error) {
	r := reader{b: payload}
	if inline {
		return s.inlineEntry(&r)
	}
	e := &Entry{Passages: r.count(s.meta.Passages)}
	e.Text = e.Passages - r.count(e.Passages)
	if e.Passages > blockSize {
		for i := range e.Best {
			e.Best[i] = float64(r.uint16()) / bestUnit
		}
	}
	e.chunks = r.chunks(e.Passages)
	if r.bad || len(r.b) > 0 || e.Passages == 0 || int64(e.chunks[len(e.chunks)-1].last) >= int64(s.meta.Passages) {
		return nil, damaged("an entry of the dictionary")
	}
	bound := uint16(0)
	for i := range e.chunks {
		bound = max(bound, e.chunks[i].bound)
	}
	e.Max = float64(bound) / impactUnit
	return e, nil
}

// Cursor reads the postings of a term block by block, in the order of the
// ordinals. It begins before the first block; its methods but NextBlock, Seek
// and Bound are for when these said that there is a block.
//
// Bounds hold under Meta.Average. Under another average a they hold times
// max(1, a/Meta.Average): with w the weight, L the length, A the average, an
// impact is 2.2w/(w+0.3+0.9L/A). Where a <= A it only falls. Where a > A,
// let c = a/A: w+0.3+0.9L/a >= (w+0.3+0.9L/A)/c, so the impact is at most c
// times as large.
type Cursor struct {
	ctx  context.Context
	s    *Segment
	e    *Entry
	memo *memo // nil: the source is asked each time

	chunk    int    // -1 at first, len(e.chunks) at the end
	skips    []byte // of chunk
	blocks   []byte
	block    int    // in chunk
	base     uint32 // least ordinal there can be in block
	last     uint32
	before   int // postings in the chunks before
	held     bool
	n        int
	ordinals [blockSize]uint32
	values   [blockSize]uint32
	lengths  blockLengths

	places    *positionBuffers
	placed    bool
	positions []byte // chunk of positions
	of        int    // the chunk it belongs to
}

// Cursor returns a cursor for an entry of this segment.
func (s *Segment) Cursor(ctx context.Context, e *Entry) (*Cursor, error) {
	return &Cursor{ctx: ctx, s: s, e: e, chunk: -1, of: -1}, nil
}

// NextBlock goes to the next block, false when there is none.
func (c *Cursor) NextBlock() (bool, error) {
	if c.e.inline != nil {
		return c.enterInline(c.chunk < 0)
	}
	if c.chunk >= 0 && c.chunk < len(c.e.chunks) && c.block+1 < c.e.chunks[c.chunk].blocks {
		return true, c.enter(c.block + 1)
	}
	return c.enterChunk(c.chunk+1, 0)
}

// Seek goes to the first block, at or after the present one, whose last
// ordinal is not below o, false when there is none.
func (c *Cursor) Seek(o uint32) (bool, error) {
	if c.e.inline != nil {
		return c.enterInline(c.chunk <= 0 && o <= c.e.inline.ordinals[len(c.e.inline.ordinals)-1])
	}
	if c.chunk >= 0 {
		if c.chunk >= len(c.e.chunks) {
			return false, nil
		}
		if o <= c.last {
			return true, nil
		}
	}
	next := max(c.chunk, 0)
	if rest := c.e.chunks[next:]; rest[0].last < o {
		next += sort.Search(len(rest), func(i int) bool { return rest[i].last >= o })
	}
	if next != c.chunk {
		return c.enterChunk(next, o)
	}
	return true, c.enter(c.find(c.block+1, o))
}

// find returns the first block of the chunk, from i on, whose last ordinal is
// not below o, or the last block.
func (c *Cursor) find(i int, o uint32) int {
	n := len(c.skips)/skipSize - 1
	return i + sort.Search(n-i, func(j int) bool { return c.skip(i+j) >= o })
}

// skip is the last ordinal of block i of the chunk.
func (c *Cursor) skip(i int) uint32 { return binary.LittleEndian.Uint32(c.skips[skipSize*i:]) }

func (c *Cursor) enterInline(ok bool) (bool, error) {
	c.chunk, c.held, c.placed = 0, false, false
	if !ok {
		c.chunk = 1
		return false, nil
	}
	c.last = c.e.inline.ordinals[len(c.e.inline.ordinals)-1]
	return true, nil
}

// enterChunk goes to the first block of chunk n whose last ordinal is not below
// o.
func (c *Cursor) enterChunk(n int, o uint32) (bool, error) {
	for ; c.chunk < n; c.chunk++ {
		if c.chunk >= 0 && c.chunk < len(c.e.chunks) {
			c.before += c.e.chunks[c.chunk].blocks * blockSize
		}
	}
	if n >= len(c.e.chunks) {
		c.chunk = len(c.e.chunks)
		return false, nil
	}
	k := &c.e.chunks[n]
	b, err := c.span(postingsPart, k.at)
	if err != nil {
		return false, err
	}
	front := k.blocks * skipSize
	if len(b) < front+footer || binary.LittleEndian.Uint32(b[front-skipSize:]) != k.last {
		return false, damaged("a chunk")
	}
	c.skips, c.blocks = b[:front], b[front:]
	return true, c.enter(c.find(0, o))
}

// enter goes to block i of the chunk.
func (c *Cursor) enter(i int) error {
	c.block, c.held, c.placed = i, false, false
	c.last = c.skip(i)
	switch {
	case i > 0:
		c.base = c.skip(i-1) + 1
	case c.chunk > 0:
		c.base = c.e.chunks[c.chunk-1].last + 1
	default:
		c.base = 0
	}
	if c.last < c.base || c.last > c.e.chunks[c.chunk].last {
		return damaged("a chunk")
	}
	return nil
}

// span reads a piece of a part, with footer bytes more.
func (c *Cursor) span(kind int, at span) ([]byte, error) {
	if c.memo == nil {
		return c.s.span(c.ctx, kind, at)
	}
	b, err := c.memo.part(c.ctx, kind, at.part)
	if err != nil {
		return nil, err
	}
	return at.of(b)
}

// span reads a piece of a part, with footer bytes more.
func (s *Segment) span(ctx context.Context, kind int, at span) ([]byte, error) {
	b, err := s.part(ctx, kind, at.part)
	if err != nil {
		return nil, err
	}
	return at.of(b)
}

// of cuts the piece out of its part, with footer bytes more.
func (s span) of(part []byte) ([]byte, error) {
	if s.offset+s.size > len(part)-footer {
		return nil, damaged("a chunk")
	}
	return part[s.offset : s.offset+s.size+footer], nil
}

// Last is the last ordinal of the block.
func (c *Cursor) Last() uint32 { return c.last }

// Bound is at least the impact, under Meta.Average, of every posting in
// [first,end) that is not before the present block. It reads nothing: outside
// of the chunk of that block it goes by whole chunks.
func (c *Cursor) Bound(first, end uint32) float64 {
	if c.e.inline != nil {
		if l := c.e.inline.ordinals; first > l[len(l)-1] || end <= l[0] {
			return 0
		}
		return c.e.Max
	}
	bound := uint16(0)
	from := max(c.chunk, 0)
	if c.chunk >= 0 && c.chunk < len(c.e.chunks) {
		base := c.base
		for i := c.block; i < len(c.skips)/skipSize; i++ {
			if base >= end {
				return float64(bound) / impactUnit
			}
			last := c.skip(i)
			if last >= first {
				bound = max(bound, binary.LittleEndian.Uint16(c.skips[skipSize*i+6:]))
			}
			base = last + 1
		}
		from++
	}
	if from > 0 && from < len(c.e.chunks) && c.e.chunks[from-1].last+1 >= end {
		return float64(bound) / impactUnit
	}
	rest := c.e.chunks[from:]
	for i := sort.Search(len(rest), func(i int) bool { return rest[i].last >= first }); i < len(rest); i++ {
		bound = max(bound, rest[i].bound)
		if rest[i].last+1 >= end {
			break
		}
	}
	return float64(bound) / impactUnit
}

// Block decodes the block; a value is the weight times 2, and 1 if the term is
// in the byline only. What it returns holds until the cursor moves, and must
// not be changed.
func (c *Cursor) Block() (ordinals, values []uint32, err error) {
	if l := c.e.inline; l != nil {
		return l.ordinals, l.values, nil
	}
	if !c.held {
		c.n = min(blockSize, c.e.Passages-c.before-c.block*blockSize)
		at := int(binary.LittleEndian.Uint16(c.skips[skipSize*c.block+4:]))
		if at > len(c.blocks) {
			return nil, nil, damaged("a block")
		}
		if c.lengths, err = decodeBlock(c.blocks[at:], c.s.meta.Version, c.n, c.base, c.last, &c.ordinals, &c.values); err != nil {
			return nil, nil, err
		}
		if int64(c.last) >= int64(c.s.meta.Passages) {
			return nil, nil, damaged("a block")
		}
		c.held = true
	}
	return c.ordinals[:c.n], c.values[:c.n], nil
}

// Length is the number of tokens of passage i of the block, which must be
// decoded.
func (c *Cursor) Length(i int) uint32 {
	switch {
	case c.e.inline != nil:
		return c.e.inline.lengths[i]
	case c.lengths.width == 0:
		return c.s.lengths.at(c.ordinals[i])
	}
	return c.lengths.at(i)
}

// Positions decodes the positions of the block: posting i has
// positions[starts[i]:starts[i+1]], ascending. What it returns holds until the
// cursor moves, and must not be changed.
func (c *Cursor) Positions() (starts, positions []uint32, err error) {
	if l := c.e.inline; l != nil {
		return l.starts, l.positions, nil
	}
	n := min(blockSize, c.e.Passages-c.before-c.block*blockSize)
	if !c.placed {
		k := &c.e.chunks[c.chunk]
		if c.of != c.chunk {
			if c.positions, err = c.span(positionsPart, k.positions); err != nil {
				return nil, nil, err
			}
			c.of = c.chunk
		}
		b, err := chunkPositions(c.positions, k.blocks, c.block)
		if err != nil {
			return nil, nil, err
		}
		if c.places == nil {
			c.places = &positionBuffers{}
		}
		if err := c.places.decode(b, n); err != nil {
			return nil, nil, err
		}
		c.placed = true
	}
	return c.places.starts[:n+1], c.places.positions, nil
}
