package packed

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
)

// Span is the keys [First,End).
type Span struct{ First, End int64 }

// View is a segment as one question sees it. It never changes and may be used
// by any number of goroutines.
type View struct {
	s     *Segment
	cache *Cache
	owner uint64 // of what is kept of the segment; 0 without a cache

	// What statistics are made of: the passages that were not removed, of the
	// collections of the scope.
	id       uint64 // views with the same id see the same
	seen     *mask  // nil: all
	passages int
	tokens   int64

	allowed *mask // those of seen that may be found; nil: all
}

// View returns the segment without the passages of dead, which are sorted and
// do not overlap, and of other collections. Nil collections are all.
func (s *Segment) View(ctx context.Context, dead []Span, collections []int64) (*View, error) {
	m := s.Meta()
	v := &View{s: s, passages: m.Passages, tokens: m.Tokens}
	v.cache, v.owner = s.cached()
	dead = within(dead, m.First, m.End)
	if len(dead) == 0 && collections == nil {
		v.id = v.owner
		return v, nil
	}
	scope := slices.Sorted(slices.Values(collections))
	text := appendSpans(nil, dead)
	for _, c := range scope {
		text = binary.AppendVarint(text, c)
	}
	if collections == nil {
		text = append(text, "all"...)
	}
	key := cacheKey{owner: v.owner, n: keptView, text: string(text)}
	if kept, ok := v.cache.get(key).(*View); ok {
		return kept, nil
	}
	seen := FullBitmap(uint32(m.Passages))
	if collections != nil {
		err := s.keep(ctx, seen, func(d *Documents, i int) bool {
			_, ok := slices.BinarySearch(scope, d.Collection(i))
			return ok
		})
		if err != nil {
			return nil, err
		}
	}
	for _, d := range dead {
		seen.ClearRange(s.Ordinals(d.First, d.End))
	}
	v.seen = newMask(seen)
	v.allowed, v.passages = v.seen, v.seen.n
	if v.passages < m.Passages {
		v.tokens = 0
		for o, ok := seen.Next(0); ok; o, ok = seen.Next(o + 1) {
			v.tokens += int64(s.Length(o))
		}
	}
	if v.cache != nil {
		v.id = v.cache.ids.Add(1)
		v.cache.put(key, v, v.seen.bytes())
	}
	return v, nil
}

// keep clears the passages of the documents in m that fn does not want.
func (s *Segment) keep(ctx context.Context, m *Bitmap, fn func(d *Documents, i int) bool) error {
	docs, err := s.Documents(ctx)
	if err != nil {
		return err
	}
	for i := range docs.Len() {
		if !fn(docs, i) {
			m.ClearRange(docs.Ordinals(i))
		}
	}
	return nil
}

// within are the spans, sorted and apart, that reach into [first,end), cut to
// it.
func within(spans []Span, first, end int64) []Span {
	i, _ := slices.BinarySearchFunc(spans, first, func(s Span, k int64) int { return cmp.Compare(s.End, k+1) })
	var in []Span
	for _, s := range spans[i:] {
		if s.First >= end {
			break
		}
		if s = (Span{max(s.First, first), min(s.End, end)}); s.First < s.End {
			in = append(in, s)
		}
	}
	return in
}

// appendSpans writes spans so that no other spans look the same.
func appendSpans(b []byte, spans []Span) []byte {
	b = binary.AppendUvarint(b, uint64(len(spans)))
	for _, s := range spans {
		b = binary.AppendVarint(b, s.First)
		b = binary.AppendVarint(b, s.End-s.First)
	}
	return b
}

// Passages is how many passages v sees, found or not.
func (v *View) Passages() int { return v.passages }

// StatsOf are the statistics of what views see. Filters do not change them.
func StatsOf(views []*View) Stats {
	var s Stats
	for _, v := range views {
		s.Passages += v.passages
		s.Tokens += v.tokens
	}
	return s
}
