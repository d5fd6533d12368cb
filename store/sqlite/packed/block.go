package packed

import (
	"encoding/binary"
	"math/bits"
)

// A block holds the postings of a term in up to 128 passages: one byte with
// the width of the gaps in bits and, times 64, that of the lengths: 0 for 1 byte,
// 1 for 2, 2 for 4; one with that of the values and, times 64, how many low bits
// of theirs are left out, as 0 in all; the gaps, the values, the lengths of the
// passages. In version 1 there are no lengths.
// Numbers of a width follow each other from the lowest bit of the
// first byte; each array ends with a byte. A gap is the ordinal less the one
// before, less 1. Only the last block of a term holds less than 128.

// packedSize is how many bytes n numbers of width bits take.
func packedSize(n, width int) int { return (n*width + 7) / 8 }

// widthOf is how many bits the greatest of vs takes.
func widthOf(vs []uint32) int {
	var all uint32
	for _, v := range vs {
		all |= v
	}
	return bits.Len32(all)
}

// pack appends vs, each of at most width bits, to b.
func pack(b []byte, vs []uint32, width int) []byte {
	var word uint64
	held := 0
	for _, v := range vs {
		word |= uint64(v) << held
		held += width
		if held >= 32 {
			b = binary.LittleEndian.AppendUint32(b, uint32(word))
			word >>= 32
			held -= 32
		}
	}
	for ; held > 0; held -= 8 {
		b = append(b, byte(word))
		word >>= 8
	}
	return b
}

// unpack is the inverse of pack. b is at least 7 bytes longer.
func unpack(d []uint32, b []byte, width int) {
	if width == 0 {
		clear(d)
		return
	}
	mask := uint64(1)<<width - 1
	for i := range d {
		bit := i * width
		d[i] = uint32(binary.LittleEndian.Uint64(b[bit>>3:]) >> (bit & 7) & mask)
	}
}

// maxShift bounds the bits that are left out of values.
const maxShift = 3

// appendBlock appends the block of ordinals and values, which it changes, and of
// lengths, nil for none. base is the least ordinal that could be the first.
func appendBlock(b []byte, ordinals, values, lengths []uint32, base uint32) []byte {
	for i, o := range ordinals {
		ordinals[i] = o - base
		base = o + 1
	}
	shift := maxShift
	for _, v := range values {
		shift = min(shift, bits.TrailingZeros32(v))
	}
	for i := range values {
		values[i] >>= shift
	}
	gw, vw, lw := widthOf(ordinals), widthOf(values), 0
	for lw < 2 && widthOf(lengths) > 8<<lw {
		lw++
	}
	b = append(b, byte(gw|lw<<6), byte(vw|shift<<6))
	b = pack(b, ordinals, gw)
	return appendNumbers(pack(b, values, vw), lengths, 1<<lw)
}

// blockLengths are the lengths of the passages of a block. The zero value has
// none.
type blockLengths struct {
	b     []byte
	width int // bytes of each
}

func (l *blockLengths) at(i int) uint32 {
	switch l.width {
	case 1:
		return uint32(l.b[i])
	case 2:
		return uint32(binary.LittleEndian.Uint16(l.b[2*i:]))
	}
	return binary.LittleEndian.Uint32(l.b[4*i:])
}

// decodeBlock reads the block of n postings, of a version, at the front of b,
// which is at least footer bytes longer. base is as for appendBlock, last the
// ordinal that it must end with. The lengths are in b.
func decodeBlock(b []byte, of byte, n int, base, last uint32, ordinals, values *[blockSize]uint32) (lengths blockLengths, err error) {
	if len(b) < 2+footer || n < 1 || n > blockSize || last < base || last >= maxPassages {
		return lengths, damaged("a block")
	}
	gw, vw, shift := int(b[0]), int(b[1]&63), int(b[1]>>6)
	if of > 1 {
		lengths.width = 1 << (gw >> 6)
		gw &= 63
	}
	gaps := packedSize(n, gw)
	front := gaps + packedSize(n, vw)
	if gw > 30 || vw+shift > 32 || lengths.width > 4 || len(b) < 2+front+n*lengths.width+footer {
		return lengths, damaged("a block")
	}
	b = b[2:]
	lengths.b = b[front : front+n*lengths.width]
	if n == blockSize {
		decodeGaps(ordinals, b, gw, base-1)
		decodeValues(values, b[gaps:], vw, shift)
	} else {
		unpack(ordinals[:n], b, gw)
		o := base - 1
		for i, gap := range ordinals[:n] {
			o += gap + 1
			ordinals[i] = o
		}
		unpackValues(values[:n], b[gaps:], vw, shift)
	}
	if ordinals[n-1] != last {
		return lengths, damaged("a block")
	}
	if gw >= 24 { // the sum may have run over
		for i := 1; i < n; i++ {
			if ordinals[i] <= ordinals[i-1] {
				return lengths, damaged("a block")
			}
		}
	}
	return lengths, nil
}

func decodeGaps(d *[blockSize]uint32, b []byte, width int, o uint32) {
	switch width {
	case 0:
		for i := range d {
			o++
			d[i] = o
		}
	case 1:
		gaps1(d, b, o)
	case 2:
		gaps2(d, b, o)
	case 3:
		gaps3(d, b, o)
	case 4:
		gaps4(d, b, o)
	case 5:
		gaps5(d, b, o)
	case 6:
		gaps6(d, b, o)
	case 7:
		gaps7(d, b, o)
	case 8:
		gaps8(d, b, o)
	case 9:
		gaps9(d, b, o)
	case 10:
		gaps10(d, b, o)
	case 11:
		gaps11(d, b, o)
	case 12:
		gaps12(d, b, o)
	case 13:
		gaps13(d, b, o)
	case 14:
		gaps14(d, b, o)
	case 15:
		gaps15(d, b, o)
	case 16:
		gaps16(d, b, o)
	default:
		unpack(d[:], b, width)
		for i, gap := range d {
			o += gap + 1
			d[i] = o
		}
	}
}

func decodeValues(d *[blockSize]uint32, b []byte, width, shift int) {
	switch width {
	case 1:
		values1(d, b, shift)
	case 2:
		values2(d, b, shift)
	case 3:
		values3(d, b, shift)
	case 4:
		values4(d, b, shift)
	case 5:
		values5(d, b, shift)
	case 6:
		values6(d, b, shift)
	case 7:
		values7(d, b, shift)
	default:
		unpackValues(d[:], b, width, shift)
	}
}

func unpackValues(d []uint32, b []byte, width, shift int) {
	unpack(d, b, width)
	for i := range d {
		d[i] <<= shift
	}
}
