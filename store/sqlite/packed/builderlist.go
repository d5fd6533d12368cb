package packed

import "encoding/binary"

// best are the ranks whose impacts are kept of a term with more than a block
// of postings, rounded down to 1/256.
var best = [3]int{10, 50, 200}

const (
	bestUnit = 256
	bestSize = 3 * bestUnit // beyond any impact
)

// maxChunk is how many bytes of blocks a chunk may have before its last one: their
// places are told in 2 bytes.
const maxChunk = 60_000

// listWriter writes the terms of a segment, in order, and their postings.
type listWriter struct {
	w       *blobWriter
	terms   dictionaryWriter
	lengths *lengths // of the passages of the new segment
	norms   norms

	// The block that is gathered.
	n         int
	ordinals  [blockSize]uint32
	values    [blockSize]uint32
	counts    [blockSize]uint32
	tokens    [blockSize]uint32 // of the passages
	positions []uint32

	// The chunk that is gathered.
	skips        []byte
	blocks       []byte
	ends         []byte
	positionData []byte
	now          chunk

	// The term that is gathered.
	base             uint32 // least ordinal that the next block can begin with
	postings, byline int
	chunks           []chunk
	impacts          [bestSize]uint32 // how many postings have them
	payload          []byte
}

func newListWriter(w *blobWriter, lengths *lengths, average float64) *listWriter {
	l := &listWriter{w: w, lengths: lengths, norms: lengths.norms(average)}
	l.terms.w = w
	return l
}

// add adds a posting of the present term, which has these positions, in
// ascending order, and is beyond the one before.
func (l *listWriter) add(ordinal, value uint32, positions []uint32) error {
	if l.n == blockSize {
		if err := l.endBlock(); err != nil {
			return err
		}
	}
	l.ordinals[l.n], l.values[l.n], l.counts[l.n] = ordinal, value, uint32(len(positions))
	l.n++
	l.positions = append(l.positions, positions...)
	l.postings++
	l.byline += int(value & 1)
	return nil
}

// endBlock moves the block to the chunk.
func (l *listWriter) endBlock() error {
	last := l.ordinals[l.n-1]
	bound := uint16(0)
	for i, o := range l.ordinals[:l.n] {
		l.tokens[i] = l.lengths.at(o)
		x := impact(l.values[i]>>1, l.norms.at(l.tokens[i]))
		bound = max(bound, impactUp(x))
		l.impacts[int(x*bestUnit)]++
	}
	l.skips = binary.LittleEndian.AppendUint32(l.skips, last)
	l.skips = binary.LittleEndian.AppendUint16(l.skips, uint16(len(l.blocks)))
	l.skips = binary.LittleEndian.AppendUint16(l.skips, bound)
	tokens := l.tokens[:l.n]
	if l.w.version == 1 {
		tokens = nil
	}
	l.blocks = appendBlock(l.blocks, l.ordinals[:l.n], l.values[:l.n], tokens, l.base)
	l.positionData = appendPositions(l.positionData, l.counts[:l.n], l.positions)
	l.ends = binary.LittleEndian.AppendUint32(l.ends, uint32(len(l.positionData)))
	l.now.blocks++
	l.now.last, l.now.bound = last, max(l.now.bound, bound)
	l.base, l.n, l.positions = last+1, 0, l.positions[:0]
	if l.now.blocks == chunkBlocks || len(l.blocks) > maxChunk || len(l.positionData) > 2*partSize {
		return l.endChunk()
	}
	return nil
}

// endChunk writes the chunk.
func (l *listWriter) endChunk() (err error) {
	if l.now.at, err = l.put(postingsPart, l.skips, l.blocks); err != nil {
		return err
	}
	if l.now.positions, err = l.put(positionsPart, l.ends, l.positionData); err != nil {
		return err
	}
	l.chunks = append(l.chunks, l.now)
	l.skips, l.blocks, l.ends, l.positionData, l.now = l.skips[:0], l.blocks[:0], l.ends[:0], l.positionData[:0], chunk{}
	return nil
}

// put appends a chunk to the parts of a kind.
func (l *listWriter) put(kind int, front, rest []byte) (span, error) {
	size := len(front) + len(rest)
	limit := partSize
	if kind == postingsPart {
		limit = postingsSize
	}
	part, err := l.w.room(kind, size, limit)
	at := span{part, len(l.w.pending[kind]), size}
	l.w.pending[kind] = append(append(l.w.pending[kind], front...), rest...)
	return at, err
}

// end writes the term, if it has postings.
func (l *listWriter) end(term []byte) error {
	if l.postings == 0 {
		return nil
	}
	inline := l.postings <= inlinePostings && l.inline()
	if !inline {
		if err := l.endBlock(); err != nil {
			return err
		}
		if l.now.blocks > 0 {
			if err := l.endChunk(); err != nil {
				return err
			}
		}
		b := binary.AppendUvarint(l.payload[:0], uint64(l.postings))
		b = binary.AppendUvarint(b, uint64(l.byline))
		if l.postings > blockSize {
			rank, i := 0, bestSize
			for _, want := range best {
				for rank < want && i > 0 {
					i--
					rank += int(l.impacts[i])
				}
				if rank < want {
					i = 0
				}
				b = binary.LittleEndian.AppendUint16(b, uint16(i))
			}
		}
		l.payload = appendChunks(b, l.chunks)
		clear(l.impacts[:])
	}
	if err := l.terms.add(term, inline, l.payload); err != nil {
		return err
	}
	l.n, l.base, l.postings, l.byline = 0, 0, 0, 0
	l.positions, l.chunks = l.positions[:0], l.chunks[:0]
	return nil
}

// inline makes the payload of a short list, false when it is too long.
func (l *listWriter) inline() bool {
	b := l.payload[:0]
	base := uint32(0)
	positions := l.positions
	for i, o := range l.ordinals[:l.n] {
		n := l.counts[i]
		more := uint64(0)
		if n > 1 {
			more = 1
		}
		b = binary.AppendUvarint(b, uint64(o-base))
		b = binary.AppendUvarint(b, uint64(l.values[i])<<1|more)
		if more != 0 {
			b = binary.AppendUvarint(b, uint64(n-2))
		}
		if l.w.version > 1 {
			b = binary.AppendUvarint(b, uint64(l.lengths.at(o)))
		}
		before := uint32(0)
		for _, p := range positions[:n] {
			b = binary.AppendUvarint(b, uint64(p-before))
			before = p + 1
		}
		positions, base = positions[n:], o+1
		if len(b) > inlineBytes {
			l.payload = b
			return false
		}
	}
	l.payload = b
	return true
}

// finish writes what is left. meta holds all but Terms, Blobs and Bytes.
func (l *listWriter) finish(meta *Meta) error {
	if err := l.terms.end(); err != nil {
		return err
	}
	meta.Terms = l.terms.terms
	return l.w.finish(meta, &l.terms.index)
}
