package packed

import "context"

// Verify reads all of a segment and checks it against itself: the sums of the
// blobs and of the occurrences, the order of the terms, that weights follow
// from positions, that no bound is too low. It holds seven bytes a passage.
func Verify(ctx context.Context, s *Segment) error {
	_, err := VerifyLive(ctx, s, nil)
	return err
}

// VerifyLive is Verify, and returns the sum of the hashes of the occurrences in
// the passages of live.
func VerifyLive(ctx context.Context, s *Segment, live *Bitmap) (sum uint64, err error) {
	v := verifier{s: s, live: live, seen: make([]uint32, s.meta.Passages)}
	if v.lengths, err = s.readLengths(ctx); err != nil {
		return 0, err
	}
	v.norms = v.lengths.norms(s.meta.Average)
	err = v.verify(ctx)
	return v.liveSum, err
}

func (v *verifier) verify(ctx context.Context) error {
	s := v.s
	total := int64(0)
	for n := range s.meta.Blobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := s.blob(ctx, n)
		if err != nil {
			return err
		}
		total += int64(len(b))
	}
	if total != s.meta.Bytes {
		return damaged("the size of a segment")
	}
	if _, err := s.Documents(ctx); err != nil {
		return err
	}
	for n := range s.parts[marksPart] {
		b, err := s.part(ctx, marksPart, n)
		if err != nil {
			return err
		}
		v.marks = append(v.marks, b)
	}
	t := newTermReader(s)
	for {
		ok, err := t.next(ctx)
		if err != nil {
			return err
		}
		if !ok {
			return v.end()
		}
		e, err := s.entry(t.payload, t.inline)
		if err != nil {
			return err
		}
		if err := v.term(t.cursorOf(ctx, e), termHash(t.term)); err != nil {
			return err
		}
	}
}

type verifier struct {
	s       *Segment
	lengths *lengths
	marks   [][]byte
	norms   norms
	seen    []uint32 // tokens of the passages
	sum     uint64

	live    *Bitmap // or nil
	liveSum uint64
}

// term checks the postings of an entry.
func (v *verifier) term(c *Cursor, hash uint64) error {
	s := v.s
	count, text := 0, 0
	var reach [len(best)]int
	err := c.each(func(ordinals, values, starts, positions []uint32) error {
		bound := c.Bound(ordinals[0], c.Last()+1)
		for i, o := range ordinals {
			if c.Length(i) != v.lengths.at(o) {
				return damaged("lengths")
			}
			x := impact(values[i]>>1, v.norms.at(v.lengths.at(o)))
			if x > bound || x > c.e.Max {
				return damaged("a bound is too low")
			}
			for i, least := range c.e.Best {
				if x >= least {
					reach[i]++
				}
			}
			value, err := v.value(o, positions[starts[i]:starts[i+1]])
			if err != nil {
				return err
			}
			if value != values[i] {
				return damaged("a weight")
			}
			key := s.Key(o)
			live := v.live != nil && v.live.Has(o)
			for _, p := range positions[starts[i]:starts[i+1]] {
				sum := occurrence(hash, key, p)
				v.sum += sum
				if live {
					v.liveSum += sum
				}
			}
			v.seen[o] += starts[i+1] - starts[i]
			text += int(1 - values[i]&1)
		}
		count += len(ordinals)
		return nil
	})
	if err != nil {
		return err
	}
	for i, least := range c.e.Best {
		if least > 0 && reach[i] < best[i] {
			return damaged("a best impact")
		}
	}
	if count != c.e.Passages || text != c.e.Text {
		return damaged("a count")
	}
	return nil
}

// value works a value out from positions in passage o.
func (v *verifier) value(o uint32, positions []uint32) (uint32, error) {
	ends := [fields]uint32{Body: v.lengths.at(o)}
	start := uint32(0)
	for field := range ends {
		n := ends[Body]
		if field != Body {
			var err error
			if n, err = numberAt(v.marks[o>>unitBits], int(o&(unitSize-1))*(fields-1)+field); err != nil {
				return 0, err
			}
			if n > ends[Body] {
				return 0, damaged("lengths")
			}
			ends[Body] -= n
		}
		ends[field] = start + n
		start += n + 1
	}
	var counts fieldCounts
	field := 0
	for _, p := range positions {
		for field < Body && p > ends[field] {
			field++
		}
		if p >= ends[field] {
			return 0, damaged("positions")
		}
		counts[field]++
	}
	return counts.value(), nil
}

// end checks what all terms add up to.
func (v *verifier) end() error {
	for o, n := range v.seen {
		if n != v.lengths.at(uint32(o)) {
			return damaged("lengths")
		}
	}
	if v.sum != v.s.meta.Sum {
		return damaged("the sum of the occurrences")
	}
	return nil
}
