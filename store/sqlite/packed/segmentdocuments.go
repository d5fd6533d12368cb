package packed

import (
	"context"
	"math"
)

// Documents are the documents of a segment, in the order of their keys.
type Documents struct {
	segment     *Segment
	starts      []uint32 // and the end of the last
	collections []uint32 // in collectionOf
	publishers  []uint32 // in publisherOf
	firstDays   []int32
	lastDays    []int32 // before firstDays: none

	collectionOf []int64
	publisherOf  []string
}

// Documents reads the table of the documents, once.
func (s *Segment) Documents(ctx context.Context) (*Documents, error) {
	if d := s.documents.Load(); d != nil {
		return d, nil
	}
	d, err := s.readDocuments(ctx)
	if err != nil {
		return nil, err
	}
	s.documents.CompareAndSwap(nil, d)
	return s.documents.Load(), nil
}

func (s *Segment) readDocuments(ctx context.Context) (*Documents, error) {
	r, err := s.stream(ctx, documentsPart)
	if err != nil {
		return nil, err
	}
	n := s.meta.Documents
	if n > len(r.b)/5 { // each takes as many bytes or more
		return nil, damaged("documents")
	}
	d := &Documents{
		segment: s, starts: make([]uint32, 1, n+1), collections: make([]uint32, 0, n), publishers: make([]uint32, 0, n),
		firstDays: make([]int32, 0, n), lastDays: make([]int32, 0, n),
	}
	key := s.meta.First
	for range n {
		start := d.starts[len(d.starts)-1]
		passages := r.count(s.meta.Passages - int(start))
		skipped := r.uvarint()
		d.starts = append(d.starts, start+uint32(passages))
		c := r.count(len(d.collectionOf))
		if c == len(d.collectionOf) {
			d.collectionOf = append(d.collectionOf, r.varint())
		}
		d.collections = append(d.collections, uint32(c))
		p := r.count(len(d.publisherOf))
		if p == len(d.publisherOf) {
			d.publisherOf = append(d.publisherOf, string(r.bytes(r.count(len(r.b)))))
		}
		d.publishers = append(d.publishers, uint32(p))
		first, last := int64(0), int64(-1)
		if r.count(1) == 1 {
			first = r.varint()
			last = first + int64(r.uint32())
		}
		if r.bad || passages == 0 || first < math.MinInt32 || last > math.MaxInt32 {
			return nil, damaged("documents")
		}
		d.firstDays = append(d.firstDays, int32(first))
		d.lastDays = append(d.lastDays, int32(last))
		key += int64(skipped)
		if s.Key(start) != key || s.Key(start+uint32(passages)-1) != key+int64(passages)-1 {
			return nil, damaged("documents")
		}
		key += int64(passages)
	}
	if len(r.b) > 0 || int(d.starts[n]) != s.meta.Passages {
		return nil, damaged("documents")
	}
	return d, nil
}

// Len is how many there are.
func (d *Documents) Len() int { return len(d.collections) }

// Ordinals are the passages [first,end) of document i.
func (d *Documents) Ordinals(i int) (first, end uint32) { return d.starts[i], d.starts[i+1] }

// Collection is the collection of document i.
func (d *Documents) Collection(i int) int64 { return d.collectionOf[d.collections[i]] }

// Days are the bounds of the date of document i, if it has one.
func (d *Documents) Days(i int) (first, last int32, dated bool) {
	first, last = d.firstDays[i], d.lastDays[i]
	return first, last, first <= last
}

// Publisher is the publisher of document i.
func (d *Documents) Publisher(i int) string { return d.publisherOf[d.publishers[i]] }

// Document is document i.
func (d *Documents) Document(i int) Document {
	first, last, dated := d.Days(i)
	if !dated {
		first, last = 0, 0
	}
	return Document{
		First: d.segment.Key(d.starts[i]), Passages: int(d.starts[i+1] - d.starts[i]), Collection: d.Collection(i),
		Dated: dated, FirstDay: first, LastDay: last, Publisher: d.Publisher(i),
	}
}
