package packed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// memory keeps the blobs of a segment.
type memory [][]byte

func (m *memory) sink(n int, blob []byte) error {
	if n != len(*m) {
		return fmt.Errorf("blob %d after %d", n, len(*m))
	}
	*m = append(*m, slices.Clone(blob))
	return nil
}

func (m memory) Blob(_ context.Context, n int) ([]byte, error) {
	if n < 0 || n >= len(m) {
		return nil, damaged("no such blob")
	}
	return m[n], nil
}

// sample is a document with its passages.
type sample struct {
	Document
	passages []Passage
}

// samples makes n documents. The frequencies of terms fall as in a language.
func samples(r *rand.Rand, n int, first int64) []sample {
	zipf := rand.NewZipf(r, 1.1, 3, 20000)
	words := func(n int) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "t%x ", zipf.Uint64())
			if r.IntN(20) == 0 {
				b.WriteString("\n")
			}
		}
		return b.String()
	}
	var out []sample
	for range n {
		if r.IntN(4) == 0 {
			first += int64(r.IntN(1000))
		}
		d := sample{Document: Document{First: first, Passages: 1 + r.IntN(8), Collection: int64(r.IntN(5)) - 1}}
		if r.IntN(3) > 0 {
			d.Dated, d.FirstDay = true, int32(r.IntN(40000)-20000)
			d.LastDay = d.FirstDay + int32(r.IntN(3))
		}
		if r.IntN(2) == 0 {
			d.Publisher = fmt.Sprint("publisher ", r.IntN(9))
		}
		title := words(r.IntN(9))
		for range d.Passages {
			p := Passage{Title: title, Heading: words(r.IntN(4)), Byline: words(r.IntN(3)), Body: words(r.IntN(100))}
			if r.IntN(200) == 0 {
				p = Passage{Body: strings.Repeat("again ", r.IntN(3000))}
			}
			d.passages = append(d.passages, p)
		}
		first += int64(d.Passages)
		out = append(out, d)
	}
	return out
}

// build makes a segment of documents.
func build(t testing.TB, ds []sample) (*Segment, memory) {
	t.Helper()
	return buildAs(t, Version, ds)
}

// buildAs makes one of a version.
func buildAs(t testing.TB, of byte, ds []sample) (*Segment, memory) {
	t.Helper()
	b := NewBuilder()
	b.version = of
	for _, d := range ds {
		b.Add(d.Document, d.passages)
	}
	var m memory
	meta, err := b.Seal(m.sink)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), meta, m)
	if err != nil {
		t.Fatal(err)
	}
	return s, m
}

// expected is a posting.
type expected struct {
	ordinal, value uint32
	positions      []uint32
}

// invert makes the postings of documents in the simplest way.
func invert(ds []sample) map[string][]expected {
	out := map[string][]expected{}
	o := uint32(0)
	for _, d := range ds {
		for _, p := range d.passages {
			seen := map[string]*expected{}
			position := uint32(0)
			for field, text := range p {
				for _, term := range strings.Fields(text) {
					e := seen[term]
					if e == nil {
						e = &expected{ordinal: o, value: 1}
						seen[term] = e
					}
					e.value += uint32(2 * halves[field])
					if field != Byline {
						e.value &^= 1
					}
					e.positions = append(e.positions, position)
					position++
				}
				position++
			}
			for term, e := range seen {
				out[term] = append(out[term], *e)
			}
			o++
		}
	}
	return out
}

// postings reads all of a term.
func postings(t testing.TB, s *Segment, term string) []expected {
	t.Helper()
	e, err := s.Entry(t.Context(), term)
	if err != nil {
		t.Fatal(err)
	}
	if e == nil {
		return nil
	}
	c, err := s.Cursor(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	var out []expected
	for {
		ok, err := c.NextBlock()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		os, vs, err := c.Block()
		if err != nil {
			t.Fatal(err)
		}
		starts, ps, err := c.Positions()
		if err != nil {
			t.Fatal(err)
		}
		for i := range os {
			out = append(out, expected{os[i], vs[i], slices.Clone(ps[starts[i]:starts[i+1]])})
		}
		if last := os[len(os)-1]; last != c.Last() {
			t.Fatalf("%q: last ordinal %d, want %d", term, c.Last(), last)
		}
	}
	text := 0
	for _, p := range out {
		text += int(1 - p.value&1)
	}
	if e.Passages != len(out) || e.Text != text {
		t.Fatalf("%q: %d and %d passages, want %d and %d", term, e.Passages, e.Text, len(out), text)
	}
	return out
}

// checkSegment compares all that a segment tells with what it was made of.
func checkSegment(t testing.TB, s *Segment, ds []sample) {
	t.Helper()
	want := invert(ds)
	sum := uint64(0)
	for term, list := range want {
		got := postings(t, s, term)
		if !slices.EqualFunc(got, list, func(a, b expected) bool {
			return a.ordinal == b.ordinal && a.value == b.value && slices.Equal(a.positions, b.positions)
		}) {
			t.Fatalf("%q: %v, want %v", term, got, list)
		}
	}
	table, err := s.Documents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := uint32(0)
	for i, d := range ds {
		if got := table.Document(i); got != d.Document {
			t.Fatalf("document %d: %+v, want %+v", i, got, d.Document)
		}
		if first, end := table.Ordinals(i); first != o || end != o+uint32(d.Passages) {
			t.Fatalf("document %d: ordinals %d to %d, want %d", i, first, end, o)
		}
		if from, to := s.Ordinals(d.First, d.First+int64(d.Passages)); from != o || to != o+uint32(d.Passages) {
			t.Fatalf("document %d: keys have ordinals %d to %d, want %d", i, from, to, o)
		}
		for j, p := range d.passages {
			sum += p.Sum(d.First + int64(j))
			var starts [fields]uint32
			n := uint32(0)
			for f, text := range p {
				starts[f] = n + uint32(f)
				n += uint32(len(strings.Fields(text)))
			}
			got, err := s.Starts(t.Context(), o)
			if key, length := s.Key(o), lengthOf(t, s, o); err != nil || got != starts || length != n || key != d.First+int64(j) {
				t.Fatalf("passage %d: starts %v, length %d, key %d, %v; want %v, %d", o, got, length, key, err, starts, n)
			}
			o++
		}
	}
	m := s.Meta()
	if m.Passages != int(o) || m.Documents != len(ds) || m.Terms != len(want) || m.Sum != sum || table.Len() != len(ds) {
		t.Fatalf("segment %+v, want %d passages, %d documents, %d terms, sum %x", m, o, len(ds), len(want), sum)
	}
}

func lengthOf(t testing.TB, s *Segment, o uint32) uint32 {
	t.Helper()
	n, err := s.length(t.Context(), &memo{s: s}, o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBuild(t *testing.T) {
	for _, n := range []int{-30, 1, 2, 5, 30, 300} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			of := byte(Version)
			if n < 0 {
				of, n = 1, -n
			}
			ds := samples(rand.New(rand.NewPCG(uint64(n), 1)), n, 100)
			s, m := buildAs(t, of, ds)
			checkSegment(t, s, ds)
			bytes := int64(0)
			for _, b := range m {
				bytes += int64(len(b))
			}
			if meta := s.Meta(); meta.Blobs != len(m) || meta.Bytes != bytes || n <= 5 && len(m) != 1 {
				t.Errorf("%d blobs, %d bytes; want %d, %d", meta.Blobs, meta.Bytes, len(m), bytes)
			}
			for _, term := range []string{"", "a", "t", "t00", "zzz", "t5x"} {
				if e, err := s.Entry(t.Context(), term); e != nil || err != nil {
					t.Errorf("%q: %v, %v", term, e, err)
				}
			}
		})
	}
}

func TestBuildNothing(t *testing.T) {
	b := NewBuilder()
	b.Add(Document{First: 1}, nil)
	var m memory
	if meta, err := b.Seal(m.sink); err != nil || meta != (Meta{}) || len(m) > 0 {
		t.Errorf("%+v, %v", meta, err)
	}
}

func TestBuildRefuses(t *testing.T) {
	one := []Passage{{Body: "a"}}
	for name, ds := range map[string][]Document{
		"order": {{First: 2, Passages: 1}, {First: 2, Passages: 1}},
		"count": {{First: 2, Passages: 2}},
		"days":  {{First: 2, Passages: 1, Dated: true, FirstDay: 1}},
	} {
		b := NewBuilder()
		for _, d := range ds {
			b.Add(d, one)
		}
		if _, err := b.Seal(func(int, []byte) error { return nil }); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTokenizer(t *testing.T) {
	tok := tokenizer{"  a_b C++ É1é,x\n\x00US-" + strings.Repeat("y", maxTerm+5)}
	var got []string
	for term := tok.next(); term != ""; term = tok.next() {
		got = append(got, term)
	}
	if want := []string{"a_b", "c", "É1é", "x", "us", strings.Repeat("y", maxTerm)}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestSeek(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	ds := samples(r, 1500, 1)
	s, _ := build(t, ds)
	lists := invert(ds)
	average := s.Meta().Average
	for _, term := range []string{"t0", "t1", "t2", "t5", "ta", "t20", "t80", "t200", "t700", "again"} {
		list := lists[term]
		e, err := s.Entry(t.Context(), term)
		if err != nil || e == nil {
			t.Fatal(term, err)
		}
		impactOf := func(p expected) float64 { return impact(p.value>>1, norm(lengthOf(t, s, p.ordinal), average)) }
		for i, want := range best {
			n := 0
			for _, p := range list {
				if impactOf(p) >= e.Best[i] {
					n++
				}
			}
			if n < want && e.Best[i] > 0 || e.Best[i] == 0 && len(list) > 2*blockSize {
				t.Errorf("%s: %d postings reach %g, want %d", term, n, e.Best[i], want)
			}
		}
		for range 40 {
			c, err := s.Cursor(t.Context(), e)
			if err != nil {
				t.Fatal(err)
			}
			o := uint32(0)
			for {
				o += uint32(r.IntN(1 + r.IntN(8000)))
				i, _ := slices.BinarySearchFunc(list, o, func(p expected, o uint32) int { return int(p.ordinal) - int(o) })
				ok, err := c.Seek(o)
				if err != nil || ok != (i < len(list)) {
					t.Fatalf("%s: seek %d: %v, %v", term, o, ok, err)
				}
				if !ok {
					break
				}
				os, vs, err := c.Block()
				if err != nil {
					t.Fatal(err)
				}
				j, found := slices.BinarySearch(os, list[i].ordinal)
				if !found || vs[j] != list[i].value || j > 0 && os[j-1] >= o {
					t.Fatalf("%s: seek %d: block %d to %d", term, o, os[0], os[len(os)-1])
				}
				end := o + uint32(r.IntN(20000))
				bound := c.Bound(o, end)
				for _, p := range list[i:] {
					if p.ordinal >= end {
						break
					}
					if impactOf(p) > bound || impactOf(p) > e.Max {
						t.Fatalf("%s: bound %g of %d to %d, but %g at %d", term, bound, o, end, impactOf(p), p.ordinal)
					}
				}
				o = max(o, c.Last()-min(c.Last(), uint32(r.IntN(3))))
			}
		}
	}
}
