package packed

import (
	"context"
	"encoding/binary"
	"maps"
	"sync"
)

// Filter is what limits which passages may be found, without changing how they
// score. Its spans are sorted and apart. It must not be changed once it was
// used; to keep one for the next question saves time. It may be used by any
// number of goroutines.
type Filter struct {
	From, To  *int32  // days since 1970-01-01, both included; documents without a date do not pass
	Publisher *string // of the document
	Documents []Span  // passages that may be found; nil: all
	Hidden    []Span  // passages that may not be found

	mu   sync.Mutex
	made map[*Segment]madeMask
}

// madeMask is what a filter lets through of what a view sees.
type madeMask struct {
	seen    *mask
	allowed *mask
}

// Filter returns v with f. A nil filter lets everything through.
func (v *View) Filter(ctx context.Context, f *Filter) (*View, error) {
	if f == nil {
		return v, nil
	}
	f.mu.Lock()
	made, ok := f.made[v.s]
	f.mu.Unlock()
	if !ok || made.seen != v.seen {
		var err error
		if made.allowed, err = v.mask(ctx, f); err != nil {
			return nil, err
		}
		made.seen = v.seen
		f.mu.Lock()
		if f.made == nil {
			f.made = make(map[*Segment]madeMask)
		}
		f.made[v.s] = made
		f.mu.Unlock()
	}
	filtered := *v
	filtered.allowed = made.allowed
	return &filtered, nil
}

// Forget lets go of what was made for segments that used does not have, when
// that is more than half: a filter may be asked longer than they are used.
func (f *Filter) Forget(used map[*Segment]bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.made) > 2*len(used) {
		maps.DeleteFunc(f.made, func(s *Segment, _ madeMask) bool { return !used[s] })
	}
}

// Segments is for how many segments something was made.
func (f *Filter) Segments() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.made)
}

// mask is what f lets through of what v sees.
func (v *View) mask(ctx context.Context, f *Filter) (*mask, error) {
	m := v.s.Meta()
	hidden := within(f.Hidden, m.First, m.End)
	byDocument := f.From != nil || f.To != nil || f.Publisher != nil
	if f.Documents == nil && len(hidden) == 0 && !byDocument {
		return v.seen, nil
	}
	key := cacheKey{owner: v.id, n: keptFilter, text: f.text(hidden, m)}
	if kept, ok := v.cache.get(key).(*mask); ok {
		return kept, nil
	}
	var allowed *Bitmap
	if f.Documents == nil {
		allowed = FullBitmap(uint32(m.Passages))
	} else {
		allowed = NewBitmap(uint32(m.Passages))
		for _, d := range within(f.Documents, m.First, m.End) {
			allowed.SetRange(v.s.Ordinals(d.First, d.End))
		}
	}
	for _, h := range hidden {
		allowed.ClearRange(v.s.Ordinals(h.First, h.End))
	}
	if byDocument {
		if err := v.s.keep(ctx, allowed, f.lets); err != nil {
			return nil, err
		}
	}
	if v.seen != nil {
		allowed.And(v.seen.Bitmap)
	}
	made := newMask(allowed)
	v.cache.put(key, made, made.bytes())
	return made, nil
}

// lets reports whether document i of d passes, but for the spans.
func (f *Filter) lets(d *Documents, i int) bool {
	if f.From != nil || f.To != nil {
		first, last, dated := d.Days(i)
		if !dated || f.From != nil && last < *f.From || f.To != nil && first > *f.To {
			return false
		}
	}
	return f.Publisher == nil || *f.Publisher == d.Publisher(i)
}

// text tells filters of a segment apart; hidden are those of its passages.
func (f *Filter) text(hidden []Span, m Meta) string {
	b := appendSpans(nil, hidden)
	for _, day := range []*int32{f.From, f.To} {
		if day == nil {
			b = append(b, 0)
		} else {
			b = binary.AppendVarint(append(b, 1), int64(*day))
		}
	}
	if f.Documents == nil {
		b = append(b, 0)
	} else {
		b = appendSpans(append(b, 1), within(f.Documents, m.First, m.End))
	}
	if f.Publisher != nil {
		b = append(append(b, 1), *f.Publisher...)
	}
	return text(b)
}
