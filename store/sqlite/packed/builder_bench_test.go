package packed

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// fiveSamples makes documents of five passages of about 75 tokens.
func fiveSamples(n int) []sample {
	r := rand.New(rand.NewPCG(1, 11))
	var out []sample
	var first int64
	for len(out) < n {
		for _, d := range samples(r, n, first) {
			if len(d.passages) >= 5 && len(out) < n {
				d.First, d.Passages, d.passages = first, 5, d.passages[:5]
				out = append(out, d)
				first += 5
			}
		}
	}
	return out
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1, 400} {
		b.Run(fmt.Sprint(5*n), func(b *testing.B) {
			ds := fiveSamples(n)
			s, _ := build(b, ds)
			b.ReportMetric(float64(s.Meta().Bytes)/float64(5*n), "bytes/passage")
			b.ReportAllocs()
			for b.Loop() {
				w := NewBuilder()
				for _, d := range ds {
					w.Add(d.Document, d.passages)
				}
				if _, err := w.Seal(func(int, []byte) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{1, 400} {
		b.Run(fmt.Sprint(5*n), func(b *testing.B) {
			s, m := build(b, fiveSamples(n))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Open(b.Context(), s.Meta(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEntry(b *testing.B) {
	s, m := build(b, fiveSamples(400))
	s, err := Open(b.Context(), s.Meta(), trusted{m})
	if err != nil {
		b.Fatal(err)
	}
	for _, term := range []string{"t0", "t10", "t200", "t1000", "none"} {
		b.Run(term, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Entry(b.Context(), term); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMerge(b *testing.B) {
	ds := fiveSamples(400)
	var inputs []*Segment
	for i := 0; i < len(ds); i += 50 {
		s, _ := build(b, ds[i:i+50])
		inputs = append(inputs, s)
	}
	for b.Loop() {
		if _, err := Merge(b.Context(), inputs, nil, func(int, []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/2000, "ns/passage")
}
