package packed

import "math/bits"

// mask is a bitmap that never changes, and how many ordinals are in it.
type mask struct {
	*Bitmap
	n int
}

func newMask(m *Bitmap) *mask { return &mask{m, m.Count()} }

// nextClear returns the least ordinal below the size that is not in the set
// and not below o.
func (k *mask) nextClear(o uint32) (uint32, bool) {
	if o >= k.size {
		return 0, false
	}
	i := int(o >> 6)
	w := ^k.words[i] & (^uint64(0) << (o & 63))
	for w == 0 {
		i++
		if i == len(k.words) {
			return 0, false
		}
		w = ^k.words[i]
	}
	o = uint32(i)<<6 + uint32(bits.TrailingZeros64(w))
	return o, o < k.size
}

// bytes is what k takes in memory.
func (k *mask) bytes() int64 { return int64(8*len(k.words) + 100) }
