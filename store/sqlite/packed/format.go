package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// The format of a segment.
//
// A blob ends with 8 bytes: its kind, the version, two zeros and the CRC-32C of
// all before and of its number, little-endian as all fixed numbers are. The
// last blob also holds the directory, and the parts that are too small for a
// blob of their own: a segment of a few passages is one blob. So a part is a
// blob, or a piece of the last one; it has a kind and is counted within it.
//
// Terms: a part is a block of the dictionary (dictionary.go): terms in order,
// front-coded in groups of 16. A short list is inline; for others the
// dictionary names the chunks of postings and of positions.
//
// Postings: a part holds chunks. A chunk is up to 64 blocks of one term: 8
// bytes of skip entry for each (last ordinal, where it begins, greatest
// impact), then the blocks (block.go).
//
// Positions: a part holds chunks, one for each chunk of postings (positions.go).
// The positions of a passage count from 0 through its fields, with a step of
// one more between two, so that no phrase runs over. They are not needed to
// score terms, only for phrases and to check.
//
// Lengths and marks: a part is for 8192 passages, numbers of one width: the
// tokens of a passage; those in its title, heading and byline.
//
// Runs: the ordinals before which keys are left out, in varints
// (builderdocuments.go).
//
// Documents: one after the other, in varints.
//
// Segments of version 1, which earlier programs wrote, do not repeat the lengths
// of passages with the postings: to search them, all lengths are read first.
const (
	Version       = 2 // of the segments that are written
	oldestVersion = 1 // that are read
)

// The kinds of parts.
const (
	termsPart = iota
	postingsPart
	positionsPart
	lengthsPart
	marksPart
	runsPart
	documentsPart
	partKinds
	rootBlob = partKinds // of the last blob
)

const (
	footer = 8 // bytes; decoders may read so far beyond a part

	blockSize   = 128 // postings
	chunkBlocks = 64
	skipSize    = 8 // bytes

	unitBits = 13
	unitSize = 1 << unitBits // passages of a part of lengths or marks

	partSize       = 16 << 10 // bytes at which a part of positions, runs or documents ends
	postingsSize   = 4000     // bytes at which a part of postings ends: a page of 4 KB holds it
	dictionarySize = 3500     // bytes at which a block of the dictionary ends: so does it, mostly
	groupSize      = 16       // terms
	smallSegment   = 16 << 10 // bytes up to which a segment is one blob
	smallPart      = 4 << 10  // bytes up to which the last part of a kind goes into the last blob
	inlinePostings = 16
	inlineBytes    = 256

	// Limits of a segment, and of a passage.
	maxPassages = 1 << 30
	maxTokens   = 1 << 28
)

// ErrDamaged tells that a segment holds what no builder wrote.
var ErrDamaged = errors.New("packed postings damaged")

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrDamaged, what) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// blobSum is the check sum of blob n, of which b is all but the sum itself.
func blobSum(n int, b []byte) uint32 {
	var number [4]byte
	binary.LittleEndian.PutUint32(number[:], uint32(n))
	return crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, number[:])
}

// checkBlob reports ErrDamaged unless b is blob n as it was written.
func checkBlob(n int, b []byte) error {
	if len(b) < footer {
		return damaged("a blob is too short")
	}
	end := len(b) - 4
	if binary.LittleEndian.Uint32(b[end:]) != blobSum(n, b[:end]) {
		return damaged("the check sum of a blob differs")
	}
	if !known(b[end-3]) {
		return damaged("unknown version")
	}
	return nil
}

func known(v byte) bool { return oldestVersion <= v && v <= Version }

// sealBlob appends the footer of blob n of a segment of a version.
func sealBlob(n int, kind, of byte, b []byte) []byte {
	b = append(b, kind, of, 0, 0)
	return binary.LittleEndian.AppendUint32(b, blobSum(n, b))
}

// reader reads varints and bytes. After the first damage it reads zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) uvarint() uint64 {
	if len(r.b) > 0 && r.b[0] < 0x80 {
		v := r.b[0]
		r.b = r.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// limited reads a number of at most limit.
func (r *reader) limited(limit uint64) uint64 {
	v := r.uvarint()
	if v > limit {
		r.b, r.bad = nil, true
		return 0
	}
	return v
}

func (r *reader) count(limit int) int { return int(r.limited(uint64(limit))) }

func (r *reader) uint32() uint32 { return uint32(r.limited(math.MaxUint32)) }

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.b, r.bad = nil, true
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 {
	if b := r.bytes(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// appendMeta packs m, but for Version, Blobs and Bytes.
func appendMeta(b []byte, m *Meta) []byte {
	b = binary.AppendVarint(b, m.First)
	b = binary.AppendVarint(b, m.End)
	b = binary.AppendUvarint(b, uint64(m.Passages))
	b = binary.AppendUvarint(b, uint64(m.Documents))
	b = binary.AppendUvarint(b, uint64(m.Terms))
	b = binary.AppendUvarint(b, uint64(m.Tokens))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(m.Average))
	return binary.LittleEndian.AppendUint64(b, m.Sum)
}

func (r *reader) meta() Meta {
	return Meta{
		First: r.varint(), End: r.varint(),
		Passages: r.count(maxPassages), Documents: r.count(maxPassages), Terms: r.count(math.MaxInt32),
		Tokens: int64(r.limited(math.MaxInt64)), Average: math.Float64frombits(r.uint64()), Sum: r.uint64(),
	}
}

// MarshalBinary packs m, with a check sum.
func (m Meta) MarshalBinary() ([]byte, error) {
	b := appendMeta([]byte{m.Version}, &m)
	b = binary.AppendUvarint(b, uint64(m.Blobs))
	b = binary.AppendUvarint(b, uint64(m.Bytes))
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)), nil
}

// UnmarshalBinary reads what MarshalBinary wrote, or fails with ErrDamaged.
func (m *Meta) UnmarshalBinary(b []byte) error {
	end := len(b) - 4
	if end < 1 || binary.LittleEndian.Uint32(b[end:]) != crc32.Checksum(b[:end], castagnoli) {
		return damaged("the check sum of a segment differs")
	}
	r := reader{b: b[:end]}
	of := r.byte()
	if !known(of) {
		return damaged("unknown version")
	}
	v := r.meta()
	v.Version = of
	v.Blobs, v.Bytes = r.count(math.MaxInt32), int64(r.limited(math.MaxInt64))
	if r.bad || len(r.b) > 0 || !v.sane() {
		return damaged("what is known of a segment")
	}
	*m = v
	return nil
}

// sane reports whether a builder can have written m.
func (m *Meta) sane() bool {
	return known(m.Version) && m.First <= m.End && m.Passages >= 0 && m.Passages <= maxPassages && m.Documents <= m.Passages && m.Documents >= 0 && m.Terms >= 0 && m.Tokens >= 0 &&
		m.Average > 0 && m.Average <= math.MaxInt64 && m.Blobs >= 0 && m.Bytes >= 0
}
