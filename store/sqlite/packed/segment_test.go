package packed

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// trusted is memory whose blobs are not checked, to damage them deeper.
type trusted struct{ memory }

func (trusted) sound() {}

// all reads all there is of a segment in all ways.
func all(ctx context.Context, meta Meta, src Source) error {
	s, err := Open(ctx, meta, src)
	if err != nil {
		return err
	}
	err = Verify(ctx, s)
	_, merr := Merge(ctx, []*Segment{s}, []*Bitmap{NewBitmap(uint32(meta.Passages))}, func(int, []byte) error { return nil })
	derr := lookUp(ctx, s)
	return errors.Join(err, merr, derr)
}

// lookUp seeks in the postings of all terms.
func lookUp(ctx context.Context, s *Segment) error {
	if _, err := s.Documents(ctx); err != nil {
		return err
	}
	t := newTermReader(s)
	for {
		ok, err := t.next(ctx)
		if !ok || err != nil {
			return err
		}
		e, err := s.Entry(ctx, string(t.term))
		if err != nil {
			return err
		}
		if e == nil {
			return damaged("a term is not found")
		}
		c, err := s.Cursor(ctx, e)
		if err != nil {
			return err
		}
		for o := uint32(0); ; o = c.Last() + 1 {
			if ok, err = c.Seek(o); err != nil {
				return err
			}
			if !ok {
				break
			}
			ordinals, _, err := c.Block()
			if err != nil {
				return err
			}
			if _, _, err := c.Positions(); err != nil {
				return err
			}
			for _, o := range ordinals {
				if _, err := s.Starts(ctx, o); err != nil {
					return err
				}
				s.Key(o)
			}
		}
	}
}

// rounds is how often a segment of n documents is damaged.
func rounds(n int) int {
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		return 5000
	}
	return max(40, 200/n)
}

// TestDamage flips bits, cuts and swaps blobs.
func TestDamage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	for i, n := range []int{1, 100, 100} {
		s, m := buildAs(t, byte(max(Version-i, oldestVersion)), samples(r, n, 1))
		meta := s.Meta()
		if err := all(t.Context(), meta, m); err != nil {
			t.Fatal(err)
		}
		try := func(what string, change func(m memory) memory) {
			c := make(memory, len(m))
			for i := range m {
				c[i] = slices.Clone(m[i])
			}
			if err := all(t.Context(), meta, change(c)); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for range rounds(n) {
			try("flip", func(m memory) memory {
				b := m[r.IntN(len(m))]
				b[r.IntN(len(b))] ^= 1 << r.IntN(8)
				return m
			})
		}
		try("cut", func(m memory) memory {
			i := r.IntN(len(m))
			m[i] = m[i][:r.IntN(len(m[i]))]
			return m
		})
		try("empty", func(m memory) memory { return make(memory, len(m)) })
		if n > 1 {
			try("swap", func(m memory) memory {
				m[0], m[1] = m[1], m[0]
				return m
			})
		}
		other := meta
		other.Sum++
		if _, err := Open(t.Context(), other, m); !errors.Is(err, ErrDamaged) {
			t.Errorf("another sum: %v", err)
		}
	}
}

// TestDamageUnchecked changes bytes below the check sums: there may be no panic,
// and errors are ErrDamaged.
func TestDamageUnchecked(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	for _, n := range []int{1, 100} {
		s, m := build(t, samples(r, n, 1))
		found, tries := 0, rounds(n)
		for range tries {
			c := make(memory, len(m))
			for i := range m {
				c[i] = slices.Clone(m[i])
			}
			b := c[r.IntN(len(c))]
			for range 1 + r.IntN(3) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			err := all(t.Context(), s.Meta(), trusted{c})
			if err != nil && !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			if err != nil {
				found++
			}
		}
		if found < tries/2 {
			t.Errorf("%d of %d changes were found", found, tries)
		}
	}
}

// FuzzSegment reads any bytes as the only blob of a segment, in all ways.
func FuzzSegment(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 9))
	for n := range 3 {
		_, m := build(f, samples(r, n+1, 1))
		f.Add(m[0])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		end := len(b) - footer - 4
		if end < 0 {
			return
		}
		size := min(uint64(binary.LittleEndian.Uint32(b[end:])), uint64(end))
		root := reader{b: b[uint64(end)-size : end]}
		meta := root.meta()
		meta.Version, meta.Blobs, meta.Bytes = b[len(b)-footer+1], 1, int64(len(b))
		if err := all(t.Context(), meta, trusted{memory{b}}); err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
	})
}

// FuzzDictionary looks terms up in any bytes.
func FuzzDictionary(f *testing.F) {
	w := blobWriter{}
	d := dictionaryWriter{w: &w}
	for _, term := range []string{"a", "b", "ba", "bac", "some longer term than fits", "some longer term than fits too"} {
		if err := d.add([]byte(term), term > "b", []byte(term)); err != nil {
			f.Fatal(err)
		}
	}
	if err := d.end(); err != nil {
		f.Fatal(err)
	}
	f.Add(w.held[0].data, "ba")
	f.Fuzz(func(t *testing.T, b []byte, term string) {
		block, err := parseTermBlock(b)
		if err == nil {
			_, _, err = block.find(term)
		}
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
	})
}

// FuzzEntry reads any bytes as payloads of a segment of 1000 passages.
func FuzzEntry(f *testing.F) {
	s := &Segment{meta: Meta{Version: Version, Passages: 1000, Average: 10}}
	chunks := []chunk{{blocks: 64, last: 500, bound: 9, at: span{0, 0, 10}}, {blocks: 1, last: 999, bound: 7, at: span{3, 10, 10}}}
	f.Add(append([]byte{0x81, 0x40, 0, 1, 0, 1, 0, 1, 0}, appendChunks(nil, chunks)...), false)
	f.Add([]byte{5, 8, 10, 3, 0, 17, 0, 10, 2, 4}, true)
	f.Fuzz(func(t *testing.T, b []byte, inline bool) {
		e, err := s.entry(b, inline)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		if e.Passages < 1 || e.Passages > 1000 || e.Text < 0 || e.Text > e.Passages || len(e.chunks) > len(b) {
			t.Fatalf("%+v", e)
		}
	})
}

func TestMeta(t *testing.T) {
	m := Meta{
		Version: Version, First: -4, End: 1 << 40, Passages: 5, Documents: 2, Terms: 9, Tokens: 77, Average: 77.0 / 5,
		Blobs: 3, Bytes: 1234, Sum: math.MaxUint64,
	}
	b, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var got Meta
	if err := got.UnmarshalBinary(b); err != nil || got != m {
		t.Fatalf("%+v, %v, want %+v", got, err, m)
	}
	for i := range 8 * len(b) {
		c := slices.Clone(b)
		c[i/8] ^= 1 << (i % 8)
		if err := got.UnmarshalBinary(c); !errors.Is(err, ErrDamaged) {
			t.Fatalf("bit %d: %v", i, err)
		}
	}
}

// FuzzMeta reads any bytes with a right check sum.
func FuzzMeta(f *testing.F) {
	b, _ := Meta{Version: Version, Average: 1, Blobs: 1}.MarshalBinary()
	f.Add(b[:len(b)-4])
	f.Fuzz(func(t *testing.T, b []byte) {
		b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
		var m Meta
		if err := m.UnmarshalBinary(b); err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		var again Meta
		if c, err := m.MarshalBinary(); err != nil || again.UnmarshalBinary(c) != nil || again != m {
			t.Fatalf("%+v became %+v", m, again)
		}
	})
}

func TestBitmap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 10))
	for _, size := range []uint32{0, 1, 63, 64, 65, 1000} {
		m, want := NewBitmap(size), make([]bool, size)
		for range 200 {
			first, end := r.Uint32N(size+10), r.Uint32N(size+10)
			put := r.IntN(2) == 0
			switch r.IntN(3) {
			case 0:
				if put {
					m.SetRange(first, end)
				} else {
					m.ClearRange(first, end)
				}
				for o := first; o < min(end, size); o++ {
					want[o] = put
				}
			case 1:
				if first < size {
					if want[first] = put; put {
						m.Set(first)
					} else {
						m.Clear(first)
					}
				}
			case 2:
				n := 0
				for o := first; o < min(end, size); o++ {
					if want[o] {
						n++
					}
				}
				if got := m.CountRange(first, end); got != n || m.Any(first, end) != (n > 0) {
					t.Fatalf("%d in [%d,%d), want %d", got, first, end, n)
				}
			}
			n := 0
			next := uint32(0)
			for o, in := range want {
				if m.Has(uint32(o)) != in {
					t.Fatalf("%d of %d: %v", o, size, !in)
				}
				if in {
					if got, ok := m.Next(next); !ok || got != uint32(o) {
						t.Fatalf("after %d comes %d, want %d", next, got, o)
					}
					next = uint32(o) + 1
					n++
				}
			}
			if _, ok := m.Next(next); ok || m.Count() != n {
				t.Fatalf("%d, want %d", m.Count(), n)
			}
		}
		full := FullBitmap(size)
		both := m.Clone()
		both.And(full)
		rest := full.Clone()
		rest.AndNot(m)
		if !slices.Equal(both.Words(), m.Words()) || rest.Count()+m.Count() != int(size) || full.Size() != size {
			t.Fatal("sets of all")
		}
		rest.Or(m)
		if !slices.Equal(rest.Words(), full.Words()) {
			t.Fatal("halves make no whole")
		}
	}
}
