package packed

import "math/bits"

// Bitmap is a set of the ordinals of a segment. Bits beyond its size are 0.
type Bitmap struct {
	size  uint32
	words []uint64
}

// NewBitmap returns an empty set of ordinals below size.
func NewBitmap(size uint32) *Bitmap {
	return &Bitmap{size, make([]uint64, (uint64(size)+63)/64)}
}

// FullBitmap returns the set of all ordinals below size.
func FullBitmap(size uint32) *Bitmap {
	m := NewBitmap(size)
	m.SetRange(0, size)
	return m
}

// Size is the bound of the ordinals.
func (m *Bitmap) Size() uint32 { return m.size }

// Words are the bits of the set, ordinal 0 lowest in the first. Who reads must
// not change them.
func (m *Bitmap) Words() []uint64 { return m.words }

// Clone returns a copy.
func (m *Bitmap) Clone() *Bitmap {
	return &Bitmap{m.size, append([]uint64(nil), m.words...)}
}

// Has reports whether o, below the size, is in the set.
func (m *Bitmap) Has(o uint32) bool { return m.words[o>>6]&(1<<(o&63)) != 0 }

// Set adds o, below the size.
func (m *Bitmap) Set(o uint32) { m.words[o>>6] |= 1 << (o & 63) }

// Clear removes o, below the size.
func (m *Bitmap) Clear(o uint32) { m.words[o>>6] &^= 1 << (o & 63) }

// SetRange adds [first,end), as far as it is below the size.
func (m *Bitmap) SetRange(first, end uint32) {
	m.each(first, end, func(w *uint64, mask uint64) { *w |= mask })
}

// ClearRange removes [first,end), as far as it is below the size.
func (m *Bitmap) ClearRange(first, end uint32) {
	m.each(first, end, func(w *uint64, mask uint64) { *w &^= mask })
}

// each calls f with the words that hold bits of [first,end) and with these
// bits.
func (m *Bitmap) each(first, end uint32, f func(w *uint64, mask uint64)) {
	end = min(end, m.size)
	for first < end {
		i := first >> 6
		mask := ^uint64(0) << (first & 63)
		if end>>6 == i {
			mask &= 1<<(end&63) - 1
			f(&m.words[i], mask)
			return
		}
		f(&m.words[i], mask)
		first = (i + 1) << 6
		if first == 0 { // beyond the last ordinal there can be
			return
		}
	}
}

// And keeps what is in other too, which has the same size.
func (m *Bitmap) And(other *Bitmap) {
	for i, w := range other.words {
		m.words[i] &= w
	}
}

// AndNot removes what is in other, which has the same size.
func (m *Bitmap) AndNot(other *Bitmap) {
	for i, w := range other.words {
		m.words[i] &^= w
	}
}

// Or adds what is in other, which has the same size.
func (m *Bitmap) Or(other *Bitmap) {
	for i, w := range other.words {
		m.words[i] |= w
	}
}

// Count is how many ordinals are in the set.
func (m *Bitmap) Count() int {
	n := 0
	for _, w := range m.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// CountRange is how many ordinals of [first,end) are in the set.
func (m *Bitmap) CountRange(first, end uint32) int {
	n := 0
	m.each(first, end, func(w *uint64, mask uint64) { n += bits.OnesCount64(*w & mask) })
	return n
}

// Any reports whether an ordinal of [first,end) is in the set.
func (m *Bitmap) Any(first, end uint32) bool {
	end = min(end, m.size)
	if first >= end {
		return false
	}
	o, ok := m.Next(first)
	return ok && o < end
}

// Next returns the least ordinal of the set that is not below o.
func (m *Bitmap) Next(o uint32) (uint32, bool) {
	if o >= m.size {
		return 0, false
	}
	i := int(o >> 6)
	w := m.words[i] & (^uint64(0) << (o & 63))
	for w == 0 {
		i++
		if i == len(m.words) {
			return 0, false
		}
		w = m.words[i]
	}
	return uint32(i)<<6 + uint32(bits.TrailingZeros64(w)), true
}
