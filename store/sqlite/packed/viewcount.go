package packed

import (
	"context"
	"strings"
)

// source is where the postings of a clause are in a segment: an entry, a list
// of its own, or nowhere.
type source struct {
	e *Entry
	f *flat
}

// find returns the source of a clause.
func (v *View) find(ctx context.Context, c Clause) (src source, err error) {
	switch len(c.Terms) {
	case 0:
	case 1:
		src.e, err = v.entry(ctx, c.Terms[0])
	default:
		src.f, err = v.phrase(ctx, c.Terms)
	}
	return src, err
}

// count is how many passages hold a clause, and how many of them outside of
// the byline.
type count struct{ passages, text int }

func (src source) count() count {
	switch {
	case src.e != nil:
		return count{src.e.Passages, src.e.Text}
	case src.f != nil:
		return count{len(src.f.ordinals), src.f.text}
	}
	return count{}
}

// Count returns how many of the passages that v sees hold a clause, and how
// many of them in title, heading or body. Filters do not change that.
func Count(ctx context.Context, v *View, c Clause) (passages, text int, err error) {
	src, err := v.find(ctx, c)
	if err != nil {
		return 0, 0, err
	}
	n, err := v.count(ctx, c, src)
	return n.passages, n.text, err
}

func (v *View) count(ctx context.Context, c Clause, src source) (count, error) {
	all := src.count()
	if v.seen == nil || all.passages == 0 {
		return all, nil
	}
	key := cacheKey{owner: v.id, n: keptCount, text: strings.Join(c.Terms, " ")}
	if n, ok := v.cache.get(key).(count); ok {
		return n, nil
	}
	var n count
	var err error
	if v.base != nil {
		if all, err = v.base.count(ctx, c, src); err == nil {
			n, err = v.counted(ctx, src, v.gone, false)
		}
		n = all.less(n)
	} else if v.seen.n <= int(v.seen.size)/2 {
		n, err = v.counted(ctx, src, v.seen, false)
	} else {
		n, err = v.counted(ctx, src, v.seen, true)
		n = all.less(n)
	}
	if err == nil {
		v.cache.put(key, n, 0)
	}
	return n, err
}

func (n count) less(m count) count { return count{n.passages - m.passages, n.text - m.text} }

// counted counts the passages of m, or, flipped, the others.
func (v *View) counted(ctx context.Context, src source, m *mask, flipped bool) (n count, err error) {
	if src.f != nil {
		n.add(m, flipped, src.f.ordinals, src.f.values)
		return n, nil
	}
	c, err := v.s.Cursor(ctx, src.e)
	if err != nil {
		return n, err
	}
	next := m.Next
	if flipped {
		next = m.nextClear
	}
	for o, ok := next(0); ok; o, ok = next(c.Last() + 1) {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		if ok, err := c.Seek(o); !ok || err != nil {
			return n, err
		}
		ordinals, values, err := c.Block()
		if err != nil {
			return n, err
		}
		n.add(m, flipped, ordinals, values)
	}
	return n, nil
}

// add counts the postings that are in m, or, flipped, those that are not.
func (n *count) add(m *mask, flipped bool, ordinals, values []uint32) {
	flip := uint64(0)
	if flipped {
		flip = 1
	}
	var passages, byline uint64
	for i, o := range ordinals {
		counts := m.words[o>>6]>>(o&63)&1 ^ flip
		passages += counts
		byline += counts & uint64(values[i])
	}
	n.passages += int(passages)
	n.text += int(passages - byline)
}
