package packed

// inlineList are the postings of a short list.
type inlineList struct {
	ordinals, values  []uint32
	lengths           []uint32 // of the passages
	starts, positions []uint32
}

// inlineEntry reads an inline payload.
func (s *Segment) inlineEntry(r *reader) (*Entry, error) {
	e := &Entry{inline: &inlineList{}}
	l := e.inline
	if err := l.read(r, s); err != nil {
		return nil, err
	}
	e.Passages = len(l.ordinals)
	for i := range l.ordinals {
		x := impact(l.values[i]>>1, norm(l.lengths[i], s.meta.Average))
		e.Max = max(e.Max, float64(impactUp(x))/impactUnit)
		e.Text += int(1 - l.values[i]&1)
	}
	return e, nil
}

// read reads an inline payload of s.
func (l *inlineList) read(r *reader, s *Segment) error {
	n := len(r.b) / 3 // each posting takes as many bytes or more, and so does a position
	if n > cap(l.ordinals) {
		space := make([]uint32, 4*n+1+len(r.b))
		l.ordinals, l.values, l.lengths, l.starts, l.positions = space[:0:n], space[n:n:2*n], space[2*n:2*n:3*n], space[3*n:3*n:4*n+1], space[4*n+1:4*n+1]
	}
	l.ordinals, l.values, l.lengths, l.starts, l.positions = l.ordinals[:0], l.values[:0], l.lengths[:0], l.starts[:0], l.positions[:0]
	base := uint64(0)
	for len(r.b) > 0 {
		o := base + uint64(r.uint32())
		head := r.limited(1<<33 - 1)
		n := 1
		if head&1 != 0 {
			n = 2 + r.count(len(r.b))
		}
		if r.bad || n > len(r.b) || o >= uint64(s.meta.Passages) {
			return damaged("an entry of the dictionary")
		}
		length := uint32(0)
		if s.meta.Version == 1 {
			length = s.lengths.at(uint32(o))
		} else {
			length = uint32(r.count(maxTokens))
		}
		l.lengths = append(l.lengths, length)
		l.ordinals = append(l.ordinals, uint32(o))
		l.values = append(l.values, uint32(head>>1))
		l.starts = append(l.starts, uint32(len(l.positions)))
		before := uint64(0)
		for range n {
			p := before + uint64(r.uint32())
			if p >= 2*maxTokens {
				return damaged("an entry of the dictionary")
			}
			l.positions = append(l.positions, uint32(p))
			before = p + 1
		}
		base = o + 1
	}
	l.starts = append(l.starts, uint32(len(l.positions)))
	if r.bad || len(l.ordinals) == 0 || len(l.ordinals) > inlinePostings {
		return damaged("an entry of the dictionary")
	}
	return nil
}
