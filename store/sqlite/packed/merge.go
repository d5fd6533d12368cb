package packed

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
)

// Merge writes a segment of the passages of inputs that are not dead. The
// inputs are in the order of their keys and do not overlap; dead is nil, or has
// a bitmap, which may be nil, for each. When nothing is left, Meta.Blobs is 0
// and no blob was written. It holds two bytes a passage, the documents of one
// input at a time, and little else.
func Merge(ctx context.Context, inputs []*Segment, dead []*Bitmap, sink Sink) (Meta, error) {
	m := merger{inputs: make([]input, len(inputs)), whole: true}
	for i, s := range inputs {
		if i > 0 && s.meta.First < inputs[i-1].meta.End {
			return Meta{}, errors.New("packed: segments out of order")
		}
		m.inputs[i] = input{reader: newTermReader(s), number: i, kept: s.meta.Passages}
		if dead != nil && dead[i] != nil {
			if int(dead[i].size) != s.meta.Passages {
				return Meta{}, errors.New("packed: a bitmap of another segment")
			}
			m.inputs[i].drop(dead[i])
			m.whole = m.whole && m.inputs[i].kept == s.meta.Passages
		}
		m.inputs[i].first = m.meta.Passages
		m.meta.Passages += m.inputs[i].kept
		m.sum += s.meta.Sum
	}
	if m.meta.Passages == 0 {
		return Meta{}, nil
	}
	if m.meta.Passages > maxPassages {
		return Meta{}, errors.New("packed: too many passages")
	}
	w := &blobWriter{sink: sink, version: Version}
	if err := m.documents(ctx, w); err != nil {
		return Meta{}, err
	}
	stats := Stats{Passages: m.meta.Passages, Tokens: m.meta.Tokens}
	m.meta.Average = stats.average()
	m.w = newListWriter(w, &m.lengths, m.meta.Average)
	if err := m.terms(ctx); err != nil {
		return Meta{}, err
	}
	err := m.w.finish(&m.meta)
	return m.meta, err
}

type merger struct {
	inputs  []input
	meta    Meta
	lengths lengths
	w       *listWriter
	tokens  int64  // written
	sum     uint64 // of the inputs
	whole   bool   // nothing is dead
}

// input is a segment to be merged.
type input struct {
	reader *termReader
	number int
	front  uint64   // the first bytes of its present term
	first  int      // its first ordinal in the new segment
	kept   int      // passages
	dead   *Bitmap  // nil: none
	before []uint32 // how many are dead before each word of dead
}

func (in *input) drop(dead *Bitmap) {
	in.dead = dead
	in.before = make([]uint32, len(dead.words)+1)
	for i := range dead.words {
		in.before[i+1] = in.before[i] + uint32(dead.CountRange(uint32(i)<<6, uint32(i)<<6+64))
	}
	in.kept -= int(in.before[len(dead.words)])
}

// place returns the new ordinal of o, false when it is dead.
func (in *input) place(o uint32) (uint32, bool) {
	if in.dead == nil {
		return uint32(in.first) + o, true
	}
	if in.dead.Has(o) {
		return 0, false
	}
	gone := in.before[o>>6] + uint32(in.dead.CountRange(o&^63, o))
	return uint32(in.first) + o - gone, true
}

// documents writes the lengths, marks, runs and documents.
func (m *merger) documents(ctx context.Context, w *blobWriter) error {
	ds := newDocumentWriter(w)
	us := newUnitWriters(w)
	for i := range m.inputs {
		in := &m.inputs[i]
		s := in.reader.s
		table, err := s.readDocuments(ctx)
		if err != nil {
			return err
		}
		read := memo{s: s}
		for i := range table.Len() {
			first, end := table.Ordinals(i)
			for first < end {
				if in.dead != nil && in.dead.Has(first) {
					first++
					continue
				}
				from := first
				for ; first < end && (in.dead == nil || !in.dead.Has(first)); first++ {
					n, marks, err := s.marks(ctx, &read, first)
					if err != nil {
						return err
					}
					if err := us.add(n, marks); err != nil {
						return err
					}
					m.lengths.append(n)
					m.meta.Tokens += int64(n)
				}
				d := table.Document(i)
				if err := ds.add(&d, s.Key(from), int(first-from)); err != nil {
					return err
				}
			}
		}
	}
	m.meta.First, m.meta.End, m.meta.Documents = ds.first, ds.key, ds.count
	return us.end()
}

// queue is a heap of inputs, the one with the least term first, and of these
// the first one.
type queue []*input

// next reads the next term of an input, false at the end.
func (in *input) next(ctx context.Context) (bool, error) {
	ok, err := in.reader.next(ctx)
	if !ok || err != nil {
		return false, err
	}
	var front [8]byte
	copy(front[:], in.reader.term)
	in.front = binary.BigEndian.Uint64(front[:])
	return true, nil
}

func (in *input) less(other *input) bool {
	if in.front != other.front {
		return in.front < other.front
	}
	c := bytes.Compare(in.reader.term, other.reader.term)
	return c < 0 || c == 0 && in.number < other.number
}

// sink puts input i in its place below.
func (q queue) sink(i int) {
	in := q[i]
	for {
		child := 2*i + 1
		if child >= len(q) {
			break
		}
		if child+1 < len(q) && q[child+1].less(q[child]) {
			child++
		}
		if !q[child].less(in) {
			break
		}
		q[i] = q[child]
		i = child
	}
	q[i] = in
}

// terms merges the postings.
func (m *merger) terms(ctx context.Context) error {
	var q queue
	for i := range m.inputs {
		ok, err := m.inputs[i].next(ctx)
		if err != nil {
			return err
		}
		if ok {
			q = append(q, &m.inputs[i])
		}
	}
	for i := len(q)/2 - 1; i >= 0; i-- {
		q.sink(i)
	}
	var term []byte
	for len(q) > 0 {
		term = append(term[:0], q[0].reader.term...)
		hash := termHash(term)
		for len(q) > 0 && string(q[0].reader.term) == string(term) {
			if err := m.list(ctx, q[0], hash); err != nil {
				return err
			}
			ok, err := q[0].next(ctx)
			if err != nil {
				return err
			}
			if !ok {
				q[0] = q[len(q)-1]
				q = q[:len(q)-1]
			}
			if len(q) > 0 {
				q.sink(0)
			}
		}
		if err := m.w.end(term); err != nil {
			return err
		}
	}
	if m.tokens != m.meta.Tokens || m.whole && m.meta.Sum != m.sum {
		return damaged("the occurrences of terms are not what is known of them")
	}
	return nil
}

// list adds the postings of the present term of an input.
func (m *merger) list(ctx context.Context, in *input, hash uint64) error {
	s := in.reader.s
	return in.reader.postings(ctx, func(ordinals, values, starts, positions []uint32) error {
		for i, o := range ordinals {
			place, ok := in.place(o)
			if !ok {
				continue
			}
			ps := positions[starts[i]:starts[i+1]]
			if err := m.w.add(place, values[i], ps); err != nil {
				return err
			}
			key := s.Key(o)
			for _, p := range ps {
				m.meta.Sum += occurrence(hash, key, p)
			}
			m.tokens += int64(len(ps))
		}
		return nil
	})
}
