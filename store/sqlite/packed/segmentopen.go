package packed

import (
	"context"
	"encoding/binary"
	"sort"
	"sync/atomic"
)

// Segment is a segment opened for reading, by any number of goroutines.
type Segment struct {
	meta    Meta
	src     Source
	checked bool // src checks its blobs itself
	root    []byte
	parts   [partKinds][]part
	index   termIndex

	lengths *lengths // of all passages, where postings do not have them: in version 1
	runs    []run

	documents atomic.Pointer[Documents]
}

// part is where a part is: a blob, or a piece of the last one.
type part struct{ blob, start, end uint32 }

// run are ordinals with consecutive keys: up to the next run.
type run struct {
	ordinal uint32
	key     int64
}

// sound is a Source that hands out only blobs that checkBlob found sound. The
// blobs of any other are checked whenever they are read.
type sound interface{ sound() }

// Open opens a segment. It reads what is needed of all searches: the first of
// 3.5 KB of terms, and of an old one about two bytes a passage.
func Open(ctx context.Context, m Meta, src Source) (*Segment, error) {
	s := &Segment{meta: m, src: src}
	_, s.checked = src.(sound)
	if m.Blobs < 1 || !m.sane() {
		return nil, damaged("what is known of a segment")
	}
	var err error
	if s.root, err = s.blob(ctx, m.Blobs-1); err != nil {
		return nil, err
	}
	if err := s.directory(); err != nil {
		return nil, err
	}
	if m.Version == 1 {
		if s.lengths, err = s.readLengths(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.readRuns(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// blob reads blob n.
func (s *Segment) blob(ctx context.Context, n int) ([]byte, error) {
	b, err := s.src.Blob(ctx, n)
	if err == nil && !s.checked {
		err = checkBlob(n, b)
	}
	if err == nil && (len(b) < footer || b[len(b)-footer+1] != s.meta.Version) {
		err = damaged("a blob of another version")
	}
	return b, err
}

// directory reads the directory in the last blob.
func (s *Segment) directory() error {
	end := len(s.root) - footer - 4
	if end < 0 {
		return damaged("the directory")
	}
	size := binary.LittleEndian.Uint32(s.root[end:])
	if uint64(size) > uint64(end) {
		return damaged("the directory")
	}
	start := end - int(size)
	r := reader{b: s.root[start:end]}
	m := r.meta()
	m.Version, m.Blobs, m.Bytes = s.meta.Version, s.meta.Blobs, s.meta.Bytes
	if m != s.meta {
		return damaged("what is known of a segment")
	}
	kinds := r.bytes(r.count(len(r.b)))
	for n, kind := range kinds {
		if kind >= partKinds {
			return damaged("the directory")
		}
		s.parts[kind] = append(s.parts[kind], part{blob: uint32(n)})
	}
	at := 0
	last := uint32(s.meta.Blobs - 1)
	for range r.count(len(r.b)) {
		kind, n := r.byte(), r.count(start-at)
		if kind >= partKinds {
			return damaged("the directory")
		}
		s.parts[kind] = append(s.parts[kind], part{last, uint32(at), uint32(at + n)})
		at += n
	}
	s.index = r.termIndex()
	units := (s.meta.Passages + unitSize - 1) / unitSize
	if r.bad || len(r.b) > 0 || at != start || len(kinds) != int(last) || len(s.index.terms) != len(s.parts[termsPart]) ||
		len(s.parts[lengthsPart]) != units || len(s.parts[marksPart]) != units {
		return damaged("the directory")
	}
	return nil
}

// part reads part n of a kind; it is followed by footer bytes of no meaning.
func (s *Segment) part(ctx context.Context, kind, n int) ([]byte, error) {
	if n >= len(s.parts[kind]) {
		return nil, damaged("a part is missing")
	}
	p := s.parts[kind][n]
	if p.end > 0 {
		return s.root[p.start : p.end+footer], nil
	}
	b, err := s.blob(ctx, int(p.blob))
	if err == nil && (len(b) < footer || b[len(b)-footer] != byte(kind)) {
		err = damaged("a blob of another kind")
	}
	return b, err
}

// memo keeps the part of each kind that was read last: who reads all terms in
// order needs it many times.
type memo struct {
	s    *Segment
	last [partKinds]struct {
		n int // +1
		b []byte
	}
}

func (m *memo) part(ctx context.Context, kind, n int) ([]byte, error) {
	l := &m.last[kind]
	if l.n == n+1 {
		return l.b, nil
	}
	b, err := m.s.part(ctx, kind, n)
	if err == nil {
		l.n, l.b = n+1, b
	}
	return b, err
}

// stream reads all parts of a kind, one after the other.
func (s *Segment) stream(ctx context.Context, kind int) (reader, error) {
	var all []byte
	for n := range s.parts[kind] {
		b, err := s.part(ctx, kind, n)
		if err != nil {
			return reader{}, err
		}
		b = b[:len(b)-footer]
		if len(s.parts[kind]) == 1 {
			return reader{b: b}, nil
		}
		all = append(all, b...)
	}
	return reader{b: all}, nil
}

// readLengths reads the lengths of all passages.
func (s *Segment) readLengths(ctx context.Context) (*lengths, error) {
	all := &lengths{short: make([]uint16, 0, min(s.meta.Passages, 1<<20))} // a damaged number must not take all memory
	total := int64(0)
	for u := range s.parts[lengthsPart] {
		b, err := s.part(ctx, lengthsPart, u)
		if err != nil {
			return nil, err
		}
		n := min(unitSize, s.meta.Passages-len(all.short))
		if _, err := numberAt(b, n-1); err != nil {
			return nil, err
		}
		for i := range n {
			l, _ := numberAt(b, i)
			total += int64(l)
			all.append(l)
		}
	}
	if total != s.meta.Tokens {
		return nil, damaged("lengths")
	}
	return all, nil
}

func (s *Segment) readRuns(ctx context.Context) error {
	r, err := s.stream(ctx, runsPart)
	if err != nil {
		return err
	}
	s.runs = []run{{0, s.meta.First}}
	for len(r.b) > 0 {
		last := s.runs[len(s.runs)-1]
		n, skipped := r.count(s.meta.Passages), r.uvarint()
		o := uint64(last.ordinal) + uint64(n)
		key := uint64(last.key) + uint64(n) + skipped
		if r.bad || n == 0 || o >= uint64(s.meta.Passages) || skipped == 0 || skipped > uint64(s.meta.End-s.meta.First) || int64(key) > s.meta.End {
			return damaged("keys")
		}
		s.runs = append(s.runs, run{uint32(o), int64(key)})
	}
	last := s.runs[len(s.runs)-1]
	if last.key+int64(s.meta.Passages)-int64(last.ordinal) != s.meta.End {
		return damaged("keys")
	}
	return nil
}

// Meta is what Open was given.
func (s *Segment) Meta() Meta { return s.meta }

// Key is the key of passage o, which must be below Meta.Passages.
func (s *Segment) Key(o uint32) int64 {
	r := s.runs[0]
	if len(s.runs) > 1 {
		r = s.runs[sort.Search(len(s.runs), func(i int) bool { return s.runs[i].ordinal > o })-1]
	}
	return r.key + int64(o-r.ordinal)
}

// Ordinals are the ordinals [from,to) of the passages with keys in [first,end).
func (s *Segment) Ordinals(first, end int64) (from, to uint32) {
	from = s.ordinal(first)
	return from, max(from, s.ordinal(end))
}

// ordinal is the least one whose key is not below key.
func (s *Segment) ordinal(key int64) uint32 {
	i := sort.Search(len(s.runs), func(i int) bool { return s.runs[i].key > key }) - 1
	if i < 0 {
		return 0
	}
	end := uint32(s.meta.Passages)
	if i+1 < len(s.runs) {
		end = s.runs[i+1].ordinal
	}
	r := s.runs[i]
	return r.ordinal + uint32(min(uint64(end-r.ordinal), uint64(key)-uint64(r.key)))
}

// Starts are the positions at which the fields of passage o start.
func (s *Segment) Starts(ctx context.Context, o uint32) (starts [fields]uint32, err error) {
	_, marks, err := s.marks(ctx, &memo{s: s}, o)
	for field := 1; field < fields; field++ {
		starts[field] = starts[field-1] + marks[field-1] + 1
	}
	return starts, err
}

// length is the number of tokens of passage o.
func (s *Segment) length(ctx context.Context, m *memo, o uint32) (uint32, error) {
	if int64(o) >= int64(s.meta.Passages) {
		return 0, damaged("an ordinal")
	}
	if s.lengths != nil {
		return s.lengths.at(o), nil
	}
	b, err := m.part(ctx, lengthsPart, int(o>>unitBits))
	if err != nil {
		return 0, err
	}
	return numberAt(b, int(o&(unitSize-1)))
}

// marks are the tokens of the title, heading and byline of passage o, of length
// in all.
func (s *Segment) marks(ctx context.Context, m *memo, o uint32) (length uint32, marks [fields - 1]uint32, err error) {
	if length, err = s.length(ctx, m, o); err != nil {
		return 0, marks, err
	}
	b, err := m.part(ctx, marksPart, int(o>>unitBits))
	if err != nil {
		return 0, marks, err
	}
	left := length
	for i := range marks {
		if marks[i], err = numberAt(b, int(o&(unitSize-1))*len(marks)+i); err != nil {
			return 0, marks, err
		}
		if marks[i] > left {
			return 0, marks, damaged("lengths")
		}
		left -= marks[i]
	}
	return length, marks, nil
}
