package packed

import (
	"bytes"
	"context"
	"encoding/binary"
)

// termReader reads all terms of a segment in order, with their postings.
type termReader struct {
	s     *Segment
	memo  memo
	block int // next
	count int // entries read of the block
	size  int // bytes of its entries
	terms termBlock
	r     reader
	read  int // terms

	term    []byte // the present one, good until next
	payload []byte
	before  []byte // the term before
	inline  bool

	list   inlineList
	cursor Cursor
}

func newTermReader(s *Segment) *termReader { return &termReader{s: s, memo: memo{s: s}} }

// next goes to the next term, false at the end.
func (t *termReader) next(ctx context.Context) (bool, error) {
	if len(t.r.b) == 0 {
		if (t.count+groupSize-1)/groupSize != len(t.terms.groups)/2 {
			return false, damaged("a block of the dictionary")
		}
		if t.block == len(t.s.index.terms) {
			if t.read != t.s.meta.Terms {
				return false, damaged("the dictionary")
			}
			return false, nil
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		b, err := t.s.part(ctx, termsPart, t.block)
		if err != nil {
			return false, err
		}
		if t.terms, err = parseTermBlock(b[:len(b)-footer]); err != nil {
			return false, err
		}
		t.r = reader{b: t.terms.entries}
		t.count, t.size = 0, len(t.r.b)
		t.block++
	}
	if i := t.count / groupSize; t.count%groupSize == 0 {
		if 2*i >= len(t.terms.groups) || int(binary.LittleEndian.Uint16(t.terms.groups[2*i:])) != t.size-len(t.r.b) || t.r.b[0]>>4 != 0 {
			return false, damaged("a block of the dictionary")
		}
	}
	t.before = append(t.before[:0], t.term...)
	t.term, t.payload, t.inline = t.r.entry(t.term)
	if t.r.bad || t.read > 0 && bytes.Compare(t.term, t.before) <= 0 || len(t.term) == 0 ||
		t.count == 0 && (string(t.term) < t.s.index.terms[t.block-1] || t.read > 0 && string(t.before) >= t.s.index.terms[t.block-1]) {
		return false, damaged("a block of the dictionary")
	}
	t.count++
	t.read++
	return true, nil
}

// postings calls f with the postings of the present term, block by block.
func (t *termReader) postings(ctx context.Context, f func(ordinals, values, starts, positions []uint32) error) error {
	if t.inline {
		if err := t.list.read(&reader{b: t.payload}, t.s); err != nil {
			return err
		}
		return f(t.list.ordinals, t.list.values, t.list.starts, t.list.positions)
	}
	e, err := t.s.entry(t.payload, false)
	if err != nil {
		return err
	}
	return t.cursorOf(ctx, e).each(f)
}

// cursorOf returns the cursor of the reader, for an entry.
func (t *termReader) cursorOf(ctx context.Context, e *Entry) *Cursor {
	c := &t.cursor
	c.ctx, c.s, c.e, c.memo = ctx, t.s, e, &t.memo
	c.chunk, c.of, c.before = -1, -1, 0
	return c
}

// each calls f with all blocks.
func (c *Cursor) each(f func(ordinals, values, starts, positions []uint32) error) error {
	for {
		ok, err := c.NextBlock()
		if !ok || err != nil {
			return err
		}
		ordinals, values, err := c.Block()
		if err != nil {
			return err
		}
		starts, positions, err := c.Positions()
		if err != nil {
			return err
		}
		if err := f(ordinals, values, starts, positions); err != nil {
			return err
		}
	}
}
