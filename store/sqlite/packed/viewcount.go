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
	n, err := v.counted(ctx, src)
	if err == nil {
		v.cache.put(key, n, 0)
	}
	return n, err
}

// counted counts the smaller part, the passages that v sees or the others.
func (v *View) counted(ctx context.Context, src source) (n count, err error) {
	hidden := v.seen.n > int(v.seen.size)/2
	if src.f != nil {
		n.add(v.seen, hidden, src.f.ordinals, src.f.values)
	} else if n, err = v.countBlocks(ctx, src.e, hidden); err != nil {
		return n, err
	}
	if hidden {
		all := src.count()
		n = count{all.passages - n.passages, all.text - n.text}
	}
	return n, nil
}

// countBlocks decodes the blocks that may hold what is counted.
func (v *View) countBlocks(ctx context.Context, e *Entry, hidden bool) (n count, err error) {
	c, err := v.s.Cursor(ctx, e)
	if err != nil {
		return n, err
	}
	next := v.seen.Next
	if hidden {
		next = v.seen.nextClear
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
		n.add(v.seen, hidden, ordinals, values)
	}
	return n, nil
}

// add counts the postings that are seen, or those that are not.
func (n *count) add(seen *mask, hidden bool, ordinals, values []uint32) {
	flip := uint64(0)
	if hidden {
		flip = 1
	}
	var passages, byline uint64
	for i, o := range ordinals {
		counts := seen.words[o>>6]>>(o&63)&1 ^ flip
		passages += counts
		byline += counts & uint64(values[i])
	}
	n.passages += int(passages)
	n.text += int(passages - byline)
}
