package packed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMerge merges segments again and again, with removals, and compares with
// a segment made at once.
func TestMerge(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 2))
			var left []sample
			var level []*Segment
			first := int64(r.IntN(1000))
			for range 1 + r.IntN(6) {
				ds := samples(r, 1+r.IntN(1+r.IntN(80)), first)
				last := ds[len(ds)-1]
				first = last.First + int64(last.Passages)
				s, _ := build(t, ds)
				level = append(level, s)
				left = append(left, ds...)
			}
			for {
				gone := map[int64]bool{}
				if r.IntN(3) > 0 {
					left = slices.DeleteFunc(left, func(d sample) bool {
						gone[d.First] = r.IntN(5) == 0
						return gone[d.First]
					})
				}
				var dead []*Bitmap
				for _, s := range level {
					m := NewBitmap(uint32(s.Meta().Passages))
					table, err := s.Documents(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					for i := range table.Len() {
						if d := table.Document(i); gone[d.First] {
							m.SetRange(s.Ordinals(d.First, d.First+int64(d.Passages)))
						}
					}
					if m.Count() == 0 {
						m = nil
					}
					dead = append(dead, m)
				}
				n := 1 + r.IntN(len(level))
				s := merge(t, level[:n], dead[:n])
				if n == len(level) {
					if len(left) == 0 {
						if s != nil {
							t.Fatalf("%+v of nothing", s.Meta())
						}
						return
					}
					checkSegment(t, s, left)
					if err := Verify(t.Context(), s); err != nil {
						t.Fatal(err)
					}
					once, blobs := build(t, left)
					if once.Meta() != s.Meta() {
						t.Fatalf("merged %+v, want %+v", s.Meta(), once.Meta())
					}
					for i, b := range blobs {
						if got, _ := s.src.Blob(t.Context(), i); !slices.Equal(got, b) {
							t.Fatalf("blob %d differs", i)
						}
					}
					return
				}
				rest := level[n:]
				level = nil
				if s != nil {
					level = append(level, s)
				}
				for i, s := range rest {
					if s = merge(t, []*Segment{s}, []*Bitmap{dead[n+i]}); s != nil {
						level = append(level, s)
					}
				}
				if len(level) == 0 {
					return
				}
			}
		})
	}
}

// merge returns the merged segment, nil when there is nothing left.
func merge(t *testing.T, inputs []*Segment, dead []*Bitmap) *Segment {
	t.Helper()
	var m memory
	meta, err := Merge(t.Context(), inputs, dead, m.sink)
	if err != nil {
		t.Fatal(err)
	}
	if meta.Passages == 0 {
		if len(m) > 0 || meta != (Meta{}) {
			t.Fatalf("%d blobs of nothing", len(m))
		}
		return nil
	}
	s, err := Open(t.Context(), meta, m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMergePart drops single passages of documents.
func TestMergePart(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	ds := samples(r, 60, 5)
	s, _ := build(t, ds)
	dead := NewBitmap(uint32(s.Meta().Passages))
	var left []sample
	o := uint32(0)
	for _, d := range ds {
		before := false
		for i, p := range d.passages {
			keep := r.IntN(3) > 0
			if keep && before {
				last := &left[len(left)-1]
				last.Passages++
				last.passages = append(last.passages, p)
			} else if keep {
				one := d
				one.First, one.Passages, one.passages = d.First+int64(i), 1, []Passage{p}
				left = append(left, one)
			} else {
				dead.Set(o)
			}
			before = keep
			o++
		}
	}
	merged := merge(t, []*Segment{s}, []*Bitmap{dead})
	checkSegment(t, merged, left)
	if err := Verify(t.Context(), merged); err != nil {
		t.Fatal(err)
	}
}

func TestMergeRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 3))
	a, _ := build(t, samples(r, 3, 1))
	b, _ := build(t, samples(r, 3, a.Meta().End))
	for name, in := range map[string]struct {
		inputs []*Segment
		dead   []*Bitmap
	}{
		"order":  {[]*Segment{b, a}, nil},
		"bitmap": {[]*Segment{a, b}, []*Bitmap{nil, NewBitmap(1)}},
	} {
		if _, err := Merge(t.Context(), in.inputs, in.dead, func(int, []byte) error { return nil }); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
