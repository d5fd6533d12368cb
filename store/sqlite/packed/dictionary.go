package packed

import (
	"encoding/binary"
	"math"
	"sort"
)

// A block of the dictionary holds entries in groups of 16, then 2 bytes for
// each group, where it begins, and 2 with their number. An entry begins with a
// byte: how many bytes the term shares with the one before (none for the first
// of a group), times 16, and how many follow; a 15 there is continued by a
// varint, in this order. Then the rest of the term, and a varint: the bytes that
// follow, times 2, and 1 if they are the postings themselves.
//
// An inline posting is in varints: the gap as in a block, the value times 2,
// and 1 if there is more than one position, the number of positions less 2 if
// so, the length of the passage (not in version 1), and the gaps of the positions
// as among positions.
//
// Other entries, in varints: postings, those of them that are in the byline
// only; if there are more than 128, three impacts of 2 bytes each (best); then
// the number of chunks and these.
//
// An impact is in units of 2^-14, rounded up unless it is told otherwise.

const impactUnit = 1 << 14

// impactUp is at least an impact. One unit more makes up for what the rounding
// of a product may lose.
func impactUp(impact float64) uint16 { return uint16(impact*impactUnit) + 1 }

// chunk is a chunk of postings.
type chunk struct {
	blocks        int
	last          uint32 // ordinal
	bound         uint16 // greatest impact
	at, positions span
}

// span is a piece of a part.
type span struct{ part, offset, size int }

func (s span) append(b []byte, before span) []byte {
	b = binary.AppendUvarint(b, uint64(s.part-before.part))
	b = binary.AppendUvarint(b, uint64(s.offset))
	return binary.AppendUvarint(b, uint64(s.size))
}

func (r *reader) span(before span) span {
	return span{before.part + r.count(math.MaxInt32), r.count(math.MaxInt32), r.count(math.MaxInt32)}
}

// appendChunks appends the chunks of a term.
func appendChunks(b []byte, cs []chunk) []byte {
	b = binary.AppendUvarint(b, uint64(len(cs)))
	var before chunk
	base := uint32(0)
	for _, c := range cs {
		b = append(b, byte(c.blocks))
		b = binary.AppendUvarint(b, uint64(c.last-base))
		b = binary.LittleEndian.AppendUint16(b, c.bound)
		b = c.at.append(b, before.at)
		b = c.positions.append(b, before.positions)
		before, base = c, c.last+1
	}
	return b
}

// chunks reads the chunks of a term of n postings.
func (r *reader) chunks(n int) []chunk {
	count := r.count(len(r.b) / 10) // each takes as many bytes or more
	cs := make([]chunk, count)
	var before chunk
	base := uint64(0)
	blocks := 0
	for i := range cs {
		c := &cs[i]
		c.blocks = int(r.byte())
		last := base + uint64(r.uint32())
		c.bound = r.uint16()
		c.at = r.span(before.at)
		c.positions = r.span(before.positions)
		if c.blocks < 1 || c.blocks > chunkBlocks || last >= maxPassages {
			r.b, r.bad = nil, true
			return nil
		}
		c.last = uint32(last)
		blocks += c.blocks
		before, base = *c, last+1
	}
	if blocks != (n+blockSize-1)/blockSize {
		r.b, r.bad = nil, true
	}
	return cs
}

// termIndex has for each block of the dictionary a text that is not above its
// first term, and above all terms before it.
type termIndex struct {
	terms []string
}

func (x *termIndex) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(x.terms)))
	before := ""
	for _, t := range x.terms {
		n := common(before, t)
		b = binary.AppendUvarint(b, uint64(n))
		b = binary.AppendUvarint(b, uint64(len(t)-n))
		b = append(b, t[n:]...)
		before = t
	}
	return b
}

func (r *reader) termIndex() termIndex {
	n := r.count(len(r.b) / 2)
	x := termIndex{make([]string, 0, n)}
	before := ""
	for i := range n {
		shared := r.count(len(before))
		rest := r.bytes(r.count(len(r.b)))
		if r.bad {
			return x
		}
		t := before[:shared] + string(rest)
		if i > 0 && t <= before {
			r.b, r.bad = nil, true
			return x
		}
		x.terms = append(x.terms, t)
		before = t
	}
	return x
}

// find returns the block that would hold term, -1 when none would.
func (x *termIndex) find(term string) int {
	return sort.Search(len(x.terms), func(i int) bool { return x.terms[i] > term }) - 1
}

// common is how many bytes the fronts of a and b have in common.
func common[T string | []byte](a, b T) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// dictionaryWriter writes the blocks of the dictionary.
type dictionaryWriter struct {
	w      *blobWriter
	index  termIndex
	terms  int
	groups []uint16
	count  int // in the block
	before []byte
}

// add adds the next term, with its payload.
func (d *dictionaryWriter) add(term []byte, inline bool, payload []byte) error {
	b := d.w.pending[termsPart]
	if b == nil {
		b = make([]byte, 0, dictionarySize+dictionarySize/4)
	}
	if d.count == 0 {
		d.index.terms = append(d.index.terms, string(term[:min(common(d.before, term)+1, len(term))]))
	}
	shared := 0
	if d.count%groupSize == 0 {
		d.groups = append(d.groups, uint16(len(b)))
	} else {
		shared = common(d.before, term)
	}
	rest := len(term) - shared
	b = append(b, byte(min(shared, 15)<<4|min(rest, 15)))
	if shared >= 15 {
		b = binary.AppendUvarint(b, uint64(shared-15))
	}
	if rest >= 15 {
		b = binary.AppendUvarint(b, uint64(rest-15))
	}
	b = append(b, term[shared:]...)
	size := uint64(len(payload)) << 1
	if inline {
		size |= 1
	}
	b = binary.AppendUvarint(b, size)
	d.w.pending[termsPart] = append(b, payload...)
	d.before = append(d.before[:0], term...)
	d.count++
	d.terms++
	if len(d.w.pending[termsPart]) >= dictionarySize {
		return d.end()
	}
	return nil
}

// end ends the block, if one is begun.
func (d *dictionaryWriter) end() error {
	if d.count == 0 {
		return nil
	}
	b := d.w.pending[termsPart]
	for _, g := range d.groups {
		b = binary.LittleEndian.AppendUint16(b, g)
	}
	d.w.pending[termsPart] = binary.LittleEndian.AppendUint16(b, uint16(len(d.groups)))
	d.groups, d.count = d.groups[:0], 0
	return d.w.end(termsPart)
}

// termBlock is a block of the dictionary that is read.
type termBlock struct {
	entries []byte
	groups  []byte // 2 bytes each
}

func parseTermBlock(b []byte) (termBlock, error) {
	end := len(b) - 2
	if end < 0 {
		return termBlock{}, damaged("a block of the dictionary")
	}
	n := int(binary.LittleEndian.Uint16(b[end:]))
	if n == 0 || 2*n >= end {
		return termBlock{}, damaged("a block of the dictionary")
	}
	return termBlock{b[:end-2*n], b[end-2*n : end]}, nil
}

// group returns the entries from the group i on.
func (t *termBlock) group(i int) (reader, error) {
	start := int(binary.LittleEndian.Uint16(t.groups[2*i:]))
	if start >= len(t.entries) {
		return reader{}, damaged("a block of the dictionary")
	}
	return reader{b: t.entries[start:]}, nil
}

// entry reads the next entry. term is the one before, and is overwritten.
func (r *reader) entry(term []byte) (next, payload []byte, inline bool) {
	h := r.byte()
	shared, rest := int(h>>4), int(h&15)
	if shared == 15 {
		shared += r.count(math.MaxInt32)
	}
	if rest == 15 {
		rest += r.count(len(r.b))
	}
	if shared > len(term) {
		r.b, r.bad = nil, true
		return term, nil, false
	}
	next = append(term[:shared], r.bytes(rest)...)
	size := r.count(math.MaxInt32)
	return next, r.bytes(size >> 1), size&1 != 0
}

// find looks term up; the payload is nil when it is not there.
func (t *termBlock) find(term string) (payload []byte, inline bool, err error) {
	n := len(t.groups) / 2
	var bad error
	var space [64]byte
	i := sort.Search(n, func(i int) bool {
		r, err := t.group(i)
		if err != nil {
			bad = err
			return true
		}
		first, _, _ := r.entry(space[:0])
		if r.bad {
			bad = damaged("a block of the dictionary")
		}
		return string(first) > term
	}) - 1
	if bad != nil || i < 0 {
		return nil, false, bad
	}
	r, err := t.group(i)
	if err != nil {
		return nil, false, err
	}
	now := space[:0]
	for range groupSize {
		if len(r.b) == 0 {
			break
		}
		now, payload, inline = r.entry(now)
		if r.bad {
			return nil, false, damaged("a block of the dictionary")
		}
		if string(now) == term {
			return payload, inline, nil
		}
		if string(now) > term {
			break
		}
	}
	return nil, false, nil
}
