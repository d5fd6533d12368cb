package packed

import (
	"errors"
	"slices"
	"sync"
)

// Builder gathers documents into a segment.
type Builder struct {
	version   byte
	documents []built
	lengths   lengths
	*workspace
	sum uint64
	err error
}

// workspace is what a builder gathers that no segment has in this form: several
// MB, which the next builder takes over.
type workspace struct {
	marks  [][fields - 1]uint32 // tokens of title, heading, byline
	terms  vocabulary
	tokens []uint32 // terms, in order
	places []place  // of tokens, by term
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// keptTokens is up to how many tokens a workspace is taken over, at 12 bytes
// each: those of a batch that is added, not of a library that is packed anew.
const keptTokens = 1 << 19

type built struct {
	Document
	passages int
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	w := workspaces.Get().(*workspace)
	w.marks, w.tokens = w.marks[:0], w.tokens[:0]
	w.terms.reset()
	return &Builder{version: Version, workspace: w}
}

// Passages is how many were added.
func (b *Builder) Passages() int { return len(b.lengths.short) }

// Add adds a document. Keys must ascend: what is wrong is told by Seal. The
// passages need not be kept.
func (b *Builder) Add(d Document, passages []Passage) {
	if len(passages) == 0 {
		return
	}
	if n := len(b.documents); d.Passages != len(passages) ||
		n > 0 && d.First < b.documents[n-1].First+int64(b.documents[n-1].passages) ||
		len(b.lengths.short)+len(passages) > maxPassages {
		b.err = errors.New("packed: documents out of order")
	}
	if d.Dated && d.LastDay < d.FirstDay {
		b.err = errors.New("packed: a date ends before it begins")
	}
	b.documents = append(b.documents, built{d, len(passages)})
	for i := range passages {
		b.add(d.First+int64(i), &passages[i])
	}
}

func (b *Builder) add(key int64, p *Passage) {
	total := len(b.tokens)
	position := uint32(0)
	var marks [fields - 1]uint32
	for field, text := range p {
		start := len(b.tokens)
		t := tokenizer{text}
		for term := t.next(); term != ""; term = t.next() {
			id, hash := b.terms.add(term)
			b.tokens = append(b.tokens, id)
			b.sum += occurrence(hash, key, position)
			position++
		}
		position++
		if field != Body {
			marks[field] = uint32(len(b.tokens) - start)
		}
	}
	n := len(b.tokens) - total
	if n > maxTokens {
		b.err = errors.New("packed: passage too long")
	}
	b.lengths.append(uint32(n))
	b.marks = append(b.marks, marks)
}

// Seal writes the segment. The builder must not be used afterwards. Without
// passages there is none: Meta.Blobs is 0.
func (b *Builder) Seal(sink Sink) (Meta, error) {
	w := b.workspace
	defer func() {
		b.workspace = nil
		if cap(w.tokens) <= keptTokens {
			workspaces.Put(w)
		}
	}()
	if b.err != nil || len(b.lengths.short) == 0 {
		return Meta{}, b.err
	}
	last := b.documents[len(b.documents)-1]
	stats := Stats{Passages: len(b.lengths.short), Tokens: int64(len(b.tokens))}
	meta := Meta{
		First: b.documents[0].First, End: last.First + int64(last.passages),
		Passages: len(b.lengths.short), Documents: len(b.documents), Tokens: stats.Tokens, Average: stats.average(), Sum: b.sum,
	}
	blobs := &blobWriter{sink: sink, version: b.version}
	ds := newDocumentWriter(blobs)
	for i := range b.documents {
		d := &b.documents[i]
		if err := ds.add(&d.Document, d.First, d.passages); err != nil {
			return Meta{}, err
		}
	}
	us := newUnitWriters(blobs)
	for o := range b.lengths.short {
		if err := us.add(b.lengths.at(uint32(o)), b.marks[o]); err != nil {
			return Meta{}, err
		}
	}
	if err := us.end(); err != nil {
		return Meta{}, err
	}
	l := newListWriter(blobs, &b.lengths, meta.Average)
	if err := b.lists(l); err != nil {
		return Meta{}, err
	}
	err := l.finish(&meta)
	return meta, err
}

// place is an occurrence of a term: the ordinal, the position, and the field in
// the lowest two bits.
type place uint64

func (p place) ordinal() uint32  { return uint32(p >> 32) }
func (p place) position() uint32 { return uint32(p) >> 2 }
func (p place) field() int       { return int(p & 3) }

// lists sorts the tokens by term and writes the lists.
func (b *Builder) lists(l *listWriter) error {
	ends := make([]uint32, len(b.terms.words)) // where in places those of a term end, so far
	at := uint32(0)
	for id := range ends {
		ends[id] = at
		at += b.terms.words[id].count
	}
	b.places = slices.Grow(b.places[:0], len(b.tokens))[:len(b.tokens)]
	places := b.places
	tokens := b.tokens
	for o := range b.lengths.short {
		position, left := place(o)<<32, b.lengths.at(uint32(o))
		for field := range place(fields) {
			n := left
			if field != Body {
				n = b.marks[o][field]
			}
			left -= n
			for _, id := range tokens[:n] {
				places[ends[id]] = position | field
				ends[id]++
				position += 4
			}
			tokens = tokens[n:]
			position += 4
		}
	}
	var positions []uint32
	for _, id := range b.terms.sorted() {
		ps := places[ends[id]-b.terms.words[id].count : ends[id]]
		for len(ps) > 0 {
			o := ps[0].ordinal()
			positions = positions[:0]
			var seen fieldCounts
			i := 0
			for ; i < len(ps) && ps[i].ordinal() == o; i++ {
				positions = append(positions, ps[i].position())
				seen[ps[i].field()]++
			}
			ps = ps[i:]
			if err := l.add(o, seen.value(), positions); err != nil {
				return err
			}
		}
		if err := l.end(b.terms.name(id)); err != nil {
			return err
		}
	}
	return nil
}

// fieldCounts are the occurrences of a term in the fields of a passage.
type fieldCounts [fields]uint32

// value is that of the posting.
func (c *fieldCounts) value() uint32 {
	weight := uint32(0)
	for field, n := range c {
		weight += uint32(halves[field]) * n
	}
	v := weight << 1
	if c[Title]|c[Heading]|c[Body] == 0 {
		v |= 1
	}
	return v
}
