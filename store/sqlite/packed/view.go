package packed

import (
	"cmp"
	"context"
	"crypto/sha256"
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
	id       uint64 // views with the same id see the same; 0 without a cache
	seen     *mask  // nil: all
	passages int
	tokens   int64
	base     *View // with the passages that were removed; nil: none were
	gone     *mask // these, of those that base sees

	allowed *mask // those of seen that may be found; nil: all
}

// View returns the segment without the passages of dead, which are sorted and
// do not overlap, and of other collections. Nil collections are all.
func (s *Segment) View(ctx context.Context, dead []Span, collections []int64) (*View, error) {
	v := &View{s: s, passages: s.meta.Passages, tokens: s.meta.Tokens}
	v.cache, v.owner = s.cached()
	v.id = v.owner
	if collections != nil {
		var err error
		if v, err = v.of(ctx, slices.Sorted(slices.Values(collections))); err != nil {
			return nil, err
		}
	}
	if dead = within(dead, s.meta.First, s.meta.End); len(dead) > 0 {
		return v.without(ctx, dead)
	}
	return v, nil
}

// of returns v, which sees all, without the passages of other collections.
func (v *View) of(ctx context.Context, collections []int64) (*View, error) {
	var b []byte
	for _, c := range collections {
		b = binary.AppendVarint(b, c)
	}
	key := cacheKey{owner: v.id, n: keptScope, text: text(b)}
	if kept, ok := v.cache.get(key).(*View); ok {
		return kept, nil
	}
	seen := FullBitmap(uint32(v.passages))
	err := v.s.keep(ctx, seen, func(d *Documents, i int) bool {
		_, ok := slices.BinarySearch(collections, d.Collection(i))
		return ok
	})
	if err != nil {
		return nil, err
	}
	w := *v
	if n := seen.Count(); n < v.passages {
		w.see(seen)
		if w.tokens, err = v.s.tokens(ctx, seen); err != nil {
			return nil, err
		}
	}
	w.keep(key)
	return &w, nil
}

// without returns v without the passages of dead.
func (v *View) without(ctx context.Context, dead []Span) (*View, error) {
	key := cacheKey{owner: v.id, n: keptView, text: text(appendSpans(nil, dead))}
	if kept, ok := v.cache.get(key).(*View); ok {
		return kept, nil
	}
	gone := NewBitmap(uint32(v.s.meta.Passages))
	for _, d := range dead {
		gone.SetRange(v.s.Ordinals(d.First, d.End))
	}
	seen := FullBitmap(gone.size)
	if v.seen != nil {
		gone.And(v.seen.Bitmap)
		seen.And(v.seen.Bitmap)
	}
	seen.AndNot(gone)
	w := *v
	w.base, w.gone = v, newMask(gone)
	w.see(seen)
	tokens, err := v.s.tokens(ctx, gone)
	if err != nil {
		return nil, err
	}
	w.tokens -= tokens
	w.keep(key)
	return &w, nil
}

// see makes seen what v sees.
func (v *View) see(seen *Bitmap) {
	v.seen = newMask(seen)
	v.allowed, v.passages = v.seen, v.seen.n
}

// keep gives v an id of its own and keeps it in the cache.
func (v *View) keep(key cacheKey) {
	if v.cache == nil {
		return
	}
	v.id = v.cache.ids.Add(1)
	bytes := int64(slotBytes)
	for _, m := range []*mask{v.seen, v.gone} {
		if m != nil {
			bytes += m.bytes()
		}
	}
	v.cache.put(key, v, bytes)
}

// tokens are those of the passages in m.
func (s *Segment) tokens(ctx context.Context, m *Bitmap) (n int64, err error) {
	read := memo{s: s}
	for o, ok := m.Next(0); ok; o, ok = m.Next(o + 1) {
		length, err := s.length(ctx, &read, o)
		if err != nil {
			return 0, err
		}
		n += int64(length)
	}
	return n, nil
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

// text is a key for b.
func text(b []byte) string {
	if len(b) < sha256.Size {
		return string(b)
	}
	sum := sha256.Sum256(b)
	return string(sum[:])
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
