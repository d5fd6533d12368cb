package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// randomBlock makes a block whose gaps and values have at most so many bits.
func randomBlock(r *rand.Rand, n, gapBits, valueBits, shift int) (ordinals, values []uint32, base uint32) {
	base = r.Uint32N(1000)
	o := base
	for range n {
		o += r.Uint32N(1 << gapBits)
		ordinals = append(ordinals, o)
		o++
		values = append(values, uint32(r.Uint64N(1<<(valueBits-shift)))<<shift)
	}
	return ordinals, values, base
}

func TestBlock(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for gapBits := range 22 {
		for valueBits := range 33 {
			for _, n := range []int{1, 2, 7, 8, 9, 64, 127, 128} {
				ordinals, values, base := randomBlock(r, n, gapBits, valueBits, r.IntN(min(valueBits, 6)+1))
				front := r.IntN(5)
				var lengths []uint32 // of one, two or four bytes, or none
				if size := r.IntN(4); size > 0 {
					for range n {
						lengths = append(lengths, r.Uint32N(1<<(8*size-1)))
					}
				}
				of := byte(min(len(lengths), 1) + 1)
				b := appendBlock(make([]byte, front), slices.Clone(ordinals), slices.Clone(values), lengths, base)
				b = append(b, 1, 2, 3, 4, 5, 6, 7, 8)
				var os, vs [blockSize]uint32
				ls, err := decodeBlock(b[front:], of, n, base, ordinals[n-1], &os, &vs)
				if err != nil {
					t.Fatal(err)
				}
				for i, want := range lengths {
					if got := ls.at(i); got != want {
						t.Fatalf("length %d, want %d", got, want)
					}
				}
				if !slices.Equal(os[:n], ordinals) || !slices.Equal(vs[:n], values) {
					t.Fatalf("%d postings, %d and %d bits: %v %v, want %v %v", n, gapBits, valueBits, os[:n], vs[:n], ordinals, values)
				}
				if _, err := decodeBlock(b[front:], of, n, base, ordinals[n-1]+1, &os, &vs); !errors.Is(err, ErrDamaged) {
					t.Fatalf("wrong last ordinal: %v", err)
				}
			}
		}
	}
}

// FuzzBlock decodes any bytes: what is no error is a block that ascends to its
// last ordinal.
func FuzzBlock(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 5))
	for _, n := range []int{1, 5, 128} {
		ordinals, values, base := randomBlock(r, n, 8, 5, 2)
		for of, lengths := range [][]uint32{nil, slices.Clone(ordinals)} {
			b := appendBlock(nil, slices.Clone(ordinals), slices.Clone(values), lengths, base)
			f.Add(append(b, make([]byte, footer)...), byte(of+1), n, base, ordinals[n-1])
		}
	}
	f.Add(append([]byte{30, 32}, make([]byte, 2000)...), byte(2), 128, uint32(0), uint32(1<<30-1))
	f.Fuzz(func(t *testing.T, b []byte, of byte, n int, base, last uint32) {
		var os, vs [blockSize]uint32
		lengths, err := decodeBlock(b, of, n, base, last, &os, &vs)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		if of > 1 {
			for i := range n {
				lengths.at(i)
			}
		}
		for i, o := range os[:n] {
			if o < base || i == n-1 && o != last {
				t.Fatalf("ordinal %d of [%d,%d]", o, base, last)
			}
			base = o + 1
		}
	})
}

func BenchmarkDecodeBlock(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 4))
	for _, width := range []int{0, 1, 2, 4, 7, 8, 9, 12, 16, 17} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			ordinals, values, base := randomBlock(r, blockSize, width, 5, 2)
			last := ordinals[blockSize-1]
			data := append(appendBlock(nil, ordinals, slices.Clone(values), values, base), make([]byte, footer)...)
			var os, vs [blockSize]uint32
			b.SetBytes(8 * blockSize)
			for b.Loop() {
				if _, err := decodeBlock(data, Version, blockSize, base, last, &os, &vs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestPositions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 6))
	for range 300 {
		n := 1 + r.IntN(blockSize)
		var counts, positions []uint32
		for range n {
			p := r.Uint32N(1 << r.IntN(20))
			some := 1 + r.IntN(1+r.IntN(9))
			counts = append(counts, uint32(some))
			for range some {
				positions = append(positions, p)
				p += 1 + r.Uint32N(1<<r.IntN(8))
			}
		}
		b := appendPositions(nil, slices.Clone(counts), slices.Clone(positions))
		var p positionBuffers
		if err := p.decode(append(b, make([]byte, footer)...), n); err != nil {
			t.Fatal(err)
		}
		for i, some := range counts {
			if p.starts[i+1]-p.starts[i] != some {
				t.Fatalf("%d positions, want %d", p.starts[i+1]-p.starts[i], some)
			}
		}
		if !slices.Equal(p.positions, positions) {
			t.Fatalf("%v, want %v", p.positions, positions)
		}
	}
}

// FuzzPositions decodes any bytes as a chunk of positions.
func FuzzPositions(f *testing.F) {
	b := binary.LittleEndian.AppendUint32(nil, 0)
	b = appendPositions(b, []uint32{2, 1, 3}, []uint32{5, 9, 0, 1, 2, 90})
	binary.LittleEndian.PutUint32(b, uint32(len(b)-4))
	f.Add(append(b, make([]byte, footer)...), 1, 0, 3)
	f.Fuzz(func(t *testing.T, chunk []byte, blocks, i, n int) {
		if blocks < 1 || blocks > chunkBlocks || i < 0 || i >= blocks || len(chunk) < footer {
			return
		}
		b, err := chunkPositions(chunk, blocks, i)
		var p positionBuffers
		if err == nil {
			err = p.decode(b, n)
		}
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		if cap(p.positions) > 16*len(chunk) {
			t.Fatalf("%d bytes make room for %d positions", len(chunk), cap(p.positions))
		}
		for i := range n {
			ps := p.positions[p.starts[i]:p.starts[i+1]]
			if len(ps) == 0 || !slices.IsSorted(ps) {
				t.Fatalf("positions %v", ps)
			}
		}
	})
}
