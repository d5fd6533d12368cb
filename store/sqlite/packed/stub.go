package packed

import (
	"context"
	"errors"
)

// ErrDamaged tells that a segment holds what no builder wrote.
var ErrDamaged = errors.New("packed postings damaged")

// MarshalBinary packs m, with a check sum.
func (m Meta) MarshalBinary() ([]byte, error) { return nil, nil }

// UnmarshalBinary reads what MarshalBinary wrote; ErrDamaged.
func (m *Meta) UnmarshalBinary([]byte) error { return nil }

// Builder gathers documents into a segment.
type Builder struct{}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder { return &Builder{} }

// Add adds a document. Keys must ascend.
func (b *Builder) Add(d Document, passages []Passage) {}

// Passages is how many were added.
func (b *Builder) Passages() int { return 0 }

// Seal writes the segment. The builder must not be used afterwards.
func (b *Builder) Seal(sink Sink) (Meta, error) { return Meta{}, nil }

// Segment is a segment opened for reading, by any number of goroutines.
type Segment struct{}

// Open opens a segment. Blobs are checked whenever src hands them out, unless
// it has a method sound(), which promises that it checked them (checkBlob).
func Open(ctx context.Context, m Meta, src Source) (*Segment, error) { return &Segment{}, nil }

// Meta is what Open was given.
func (s *Segment) Meta() Meta { return Meta{} }

// Length is the number of tokens of a passage.
func (s *Segment) Length(o uint32) uint32 { return 0 }

// Key is the key of a passage.
func (s *Segment) Key(o uint32) int64 { return 0 }

// Ordinals are the ordinals of the passages with keys in [first,end).
func (s *Segment) Ordinals(first, end int64) (uint32, uint32) { return 0, 0 }

// Starts are the positions at which the fields of a passage start.
func (s *Segment) Starts(ctx context.Context, o uint32) ([fields]uint32, error) {
	return [fields]uint32{}, nil
}

// Entry is what the dictionary tells of a term.
type Entry struct {
	Passages int        // that hold it
	Text     int        // that hold it outside of the byline
	Max      float64    // its greatest impact, rounded up, under Meta.Average
	Best     [3]float64 // impacts that 10, 50, 200 postings reach at least, under Meta.Average; 0: unknown
}

// Entry looks a term up, nil when no passage holds it.
func (s *Segment) Entry(ctx context.Context, term string) (*Entry, error) { return nil, nil }

// Cursor reads the postings of a term block by block, in the order of the
// ordinals. It begins before the first block.
type Cursor struct{}

// Cursor returns a cursor for an entry of this segment.
func (s *Segment) Cursor(ctx context.Context, e *Entry) (*Cursor, error) { return &Cursor{}, nil }

// NextBlock goes to the next block, false when there is none.
func (c *Cursor) NextBlock() (bool, error) { return false, nil }

// Seek goes to the first block, at or after the present one, whose last
// ordinal is not below o, false when there is none.
func (c *Cursor) Seek(o uint32) (bool, error) { return false, nil }

// Last is the last ordinal of the block.
func (c *Cursor) Last() uint32 { return 0 }

// Bound is at least the impact under Meta.Average of every posting in
// [first,end), not before the present block. It reads nothing: beyond the
// chunk of the present block it goes by whole chunks.
func (c *Cursor) Bound(first, end uint32) float64 { return 0 }

// Block decodes the block; value = weight<<1 | byline only. What it returns
// holds until the cursor moves.
func (c *Cursor) Block() (ordinals, values []uint32, err error) { return nil, nil, nil }

// Positions decodes the positions of the block: posting i has
// positions[starts[i]:starts[i+1]], ascending. What it returns holds until the
// cursor moves.
func (c *Cursor) Positions() (starts, positions []uint32, err error) { return nil, nil, nil }

// Documents are the documents of a segment, in the order of their keys.
type Documents struct{}

// Documents reads the table of the documents, once.
func (s *Segment) Documents(ctx context.Context) (*Documents, error) { return &Documents{}, nil }

// Len is how many there are.
func (d *Documents) Len() int { return 0 }

// Ordinals are the passages of document i.
func (d *Documents) Ordinals(i int) (first, end uint32) { return 0, 0 }

// Collection is the collection of document i.
func (d *Documents) Collection(i int) int64 { return 0 }

// Days are the bounds of the date of document i, if it has one.
func (d *Documents) Days(i int) (first, last int32, dated bool) { return 0, 0, false }

// Publisher is the publisher of document i.
func (d *Documents) Publisher(i int) string { return "" }

// Document is document i.
func (d *Documents) Document(i int) Document { return Document{} }

// Sum is the sum of the hashes of the occurrences in p, to be added up modulo
// 2^64 and compared with Meta.Sum.
func (p Passage) Sum(key int64) uint64 { return 0 }

// Merge writes a segment of the passages of inputs that are not dead. The
// inputs are in the order of their keys and do not overlap; a dead bitmap may
// be nil. When nothing is left, Meta.Passages is 0 and no blob was written.
func Merge(ctx context.Context, inputs []*Segment, dead []*Bitmap, sink Sink) (Meta, error) {
	return Meta{}, nil
}

// Verify reads all of a segment and checks it against itself.
func Verify(ctx context.Context, s *Segment) error { return nil }
