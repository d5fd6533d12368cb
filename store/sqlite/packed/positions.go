package packed

import "encoding/binary"

// A chunk of positions belongs to a chunk of postings: 4 bytes for each block,
// where its positions end, then these. The positions of a block are one byte
// with the width of the numbers of occurrences in bits, one with that of the
// gaps, the numbers of the passages, less 1, and the gaps: a first position as
// it is, others less the one before, less 1.

// appendPositions appends the positions of a block: those of posting i are
// the next counts[i] ones. It changes both.
func appendPositions(b []byte, counts, positions []uint32) []byte {
	rest := positions
	for i, n := range counts {
		toGaps(rest[:n])
		rest = rest[n:]
		counts[i] = n - 1
	}
	// A width of 0 would not bound how many there can be.
	cw, pw := widthOf(counts), max(1, widthOf(positions))
	b = append(b, byte(cw), byte(pw))
	b = pack(b, counts, cw)
	return pack(b, positions, pw)
}

// toGaps turns ascending positions into gaps.
func toGaps(ps []uint32) {
	for i := len(ps) - 1; i > 0; i-- {
		ps[i] -= ps[i-1] + 1
	}
}

// positionBuffers hold the positions of a block.
type positionBuffers struct {
	starts    [blockSize + 1]uint32
	positions []uint32
}

// decode reads the positions of a block of n postings from b, which is footer
// bytes longer than they are.
func (p *positionBuffers) decode(b []byte, n int) error {
	if len(b) < 2+footer || n < 1 || n > blockSize {
		return damaged("positions")
	}
	cw, pw := int(b[0]), int(b[1])
	size := len(b) - footer - 2
	b = b[2:]
	counts := packedSize(n, cw)
	if cw > 28 || pw > 29 || size < counts {
		return damaged("positions")
	}
	unpack(p.starts[1:n+1], b, cw)
	total := 0
	for i, more := range p.starts[1 : n+1] {
		total += int(more) + 1
		if total > maxTokens {
			return damaged("positions")
		}
		p.starts[i+1] = uint32(total)
	}
	if pw == 0 || packedSize(total, pw) != size-counts {
		return damaged("positions")
	}
	if cap(p.positions) < total {
		p.positions = make([]uint32, total, total+total/4)
	}
	p.positions = p.positions[:total]
	unpack(p.positions, b[counts:], pw)
	for i := range n {
		if !fromGaps(p.positions[p.starts[i]:p.starts[i+1]]) {
			return damaged("positions")
		}
	}
	return nil
}

// fromGaps is the inverse of toGaps; false when a position is too large.
func fromGaps(ps []uint32) bool {
	sum := uint64(ps[0])
	for i := 1; i < len(ps); i++ {
		sum += uint64(ps[i]) + 1
		ps[i] = uint32(sum)
	}
	return sum < 2*maxTokens
}

// chunkPositions is where in chunk, footer bytes longer than it is, the
// positions of its block i are, for decode.
func chunkPositions(chunk []byte, blocks, i int) ([]byte, error) {
	if len(chunk) < 4*blocks+footer {
		return nil, damaged("positions")
	}
	start, end := uint32(0), binary.LittleEndian.Uint32(chunk[4*i:])
	if i > 0 {
		start = binary.LittleEndian.Uint32(chunk[4*i-4:])
	}
	data := chunk[4*blocks:]
	if start > end || uint64(end)+footer > uint64(len(data)) {
		return nil, damaged("positions")
	}
	return data[start : end+footer], nil
}
