package packed

import "encoding/binary"

// lengths are the tokens of the passages of a segment, in two bytes a passage.
type lengths struct {
	short []uint16          // or manyTokens
	long  map[uint32]uint32 // from manyTokens on
}

const manyTokens = 1<<16 - 1

func (l *lengths) append(n uint32) {
	if n >= manyTokens {
		if l.long == nil {
			l.long = map[uint32]uint32{}
		}
		l.long[uint32(len(l.short))] = n
		n = manyTokens
	}
	l.short = append(l.short, uint16(n))
}

func (l *lengths) at(o uint32) uint32 {
	if n := l.short[o]; n != manyTokens {
		return uint32(n)
	}
	return l.long[o]
}

// norms are the norms of lengths under an average.
type norms struct {
	average float64
	short   []float64
}

// maxNorms bounds the lengths whose norms are kept.
const maxNorms = 1024

func (l *lengths) norms(average float64) norms {
	longest := uint16(0)
	for _, n := range l.short {
		longest = max(longest, n)
	}
	x := norms{average, make([]float64, min(int(longest)+1, maxNorms))}
	for n := range x.short {
		x.short[n] = norm(uint32(n), average)
	}
	return x
}

func (x *norms) at(n uint32) float64 {
	if int(n) < len(x.short) {
		return x.short[n]
	}
	return norm(n, x.average)
}

// unitWriter writes numbers, per of them for each passage, in parts of unitSize
// passages: a byte with their width in bytes, then they.
type unitWriter struct {
	w         *blobWriter
	kind, per int
	numbers   []uint32
}

func (u *unitWriter) add(numbers ...uint32) error {
	u.numbers = append(u.numbers, numbers...)
	if len(u.numbers) < u.per*unitSize {
		return nil
	}
	return u.end()
}

// end writes what there is.
func (u *unitWriter) end() error {
	if len(u.numbers) == 0 {
		return nil
	}
	width := 1
	for width < 4 && widthOf(u.numbers) > 8*width {
		width *= 2
	}
	u.w.pending[u.kind] = appendNumbers(append(u.w.pending[u.kind], byte(width)), u.numbers, width)
	u.numbers = u.numbers[:0]
	return u.w.end(u.kind)
}

// appendNumbers appends numbers of a width in bytes: 1, 2 or 4.
func appendNumbers(b []byte, numbers []uint32, width int) []byte {
	for _, v := range numbers {
		switch width {
		case 1:
			b = append(b, byte(v))
		case 2:
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		default:
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	return b
}

// numberAt reads number i of a part that a unitWriter wrote, footer bytes
// longer.
func numberAt(part []byte, i int) (uint32, error) {
	if len(part) > footer {
		b, width := part[1:len(part)-footer], int(part[0])
		if i >= 0 && (i+1)*width <= len(b) {
			switch width {
			case 1:
				return uint32(b[i]), nil
			case 2:
				return uint32(binary.LittleEndian.Uint16(b[2*i:])), nil
			case 4:
				return binary.LittleEndian.Uint32(b[4*i:]), nil
			}
		}
	}
	return 0, damaged("lengths")
}

// unitWriters write the lengths and marks of passages.
type unitWriters struct{ lengths, marks unitWriter }

func newUnitWriters(w *blobWriter) *unitWriters {
	return &unitWriters{unitWriter{w: w, kind: lengthsPart, per: 1}, unitWriter{w: w, kind: marksPart, per: fields - 1}}
}

func (u *unitWriters) add(length uint32, marks [fields - 1]uint32) error {
	if err := u.lengths.add(length); err != nil {
		return err
	}
	return u.marks.add(marks[:]...)
}

func (u *unitWriters) end() error {
	if err := u.lengths.end(); err != nil {
		return err
	}
	return u.marks.end()
}
