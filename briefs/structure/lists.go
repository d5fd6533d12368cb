package structure

import (
	"briefdesk/briefs"
)

// Between two items of one list there may be so many paragraphs that belong
// to the upper item: several when the numbers go on, one between bullets.
const (
	gapNumbered = 4
	gapBullets  = 1
)

// found is an enumeration with the places that tell how it nests.
type found struct {
	briefs.Enumeration
	blocks []int // where the items stand
	lead   int   // block of the lead-in; -1 when there is none
	list   bool  // made of list items
}

func (f *found) last() int { return f.blocks[len(f.blocks)-1] }

// level is one open level of a list.
type level struct {
	indent int // Block.Level
	marker marker
	rank   int
}

// list is a list being read.
type list struct {
	items  []briefs.Item
	blocks []int // of items
	stack  []level
	gap    int  // paragraphs since the last item
	colon  bool // a paragraph since the last item announces something
}

// lists finds the enumerations made of item blocks.
func (r *reader) lists() []found {
	var out []found
	var cur *list
	end := func() {
		if cur != nil && len(cur.items) > 1 {
			f := found{blocks: cur.blocks, list: true}
			f.Items = cur.items
			outermost := 0
			for _, item := range cur.items {
				if item.Depth == 0 {
					outermost++
				}
			}
			f.LeadIn, f.lead = r.leadIn(r.start[cur.blocks[0]], cur.blocks[0], outermost, true)
			out = append(out, f)
		}
		cur = nil
	}
	for i, b := range r.d.Blocks {
		switch {
		case b.Role == briefs.RoleItem:
			m := readMarker(r.d.Text[b.Start:b.Body])
			if cur != nil && !cur.takes(b, m) {
				end()
			}
			if cur == nil {
				cur = &list{}
			}
			cur.push(r, i, m)
		case cur == nil:
		case b.Role == briefs.RoleTitle || b.Role == briefs.RoleHeading || b.Role == briefs.RoleTable:
			end()
		case b.Role == briefs.RoleParagraph || b.Role == briefs.RoleQuotation:
			cur.gap++
			if n := len(b.Sentences); n > 0 && r.introduces(b.Sentences[n-1]) {
				cur.colon = true
			}
			if cur.gap > gapNumbered {
				end()
			}
		}
	}
	end()
	return out
}

// takes reports whether an item b with marker m goes on the list.
func (l *list) takes(b briefs.Block, m marker) bool {
	deeper := b.Level > l.stack[len(l.stack)-1].indent
	if l.gap <= gapBullets && deeper {
		return true
	}
	for i := len(l.stack) - 1; i >= 0; i-- {
		open := l.stack[i]
		if open.indent < b.Level {
			break
		}
		if m.follows(open.marker, open.rank) == 0 {
			continue
		}
		return l.gap == 0 || m.rank > 0 || l.gap <= gapBullets && !l.colon
	}
	if l.gap > 0 {
		return false
	}
	// Another kind of marker right below: points under the last point, unless
	// the same kind begins anew.
	for _, open := range l.stack {
		if open.indent == b.Level && open.marker.style == m.style && m.rank <= 1 {
			return false
		}
	}
	return true
}

// push appends block i as the next item.
func (l *list) push(r *reader, i int, m marker) {
	b := r.d.Blocks[i]
	l.gap, l.colon = 0, false
	n := len(l.stack)
	for n > 0 && l.stack[n-1].indent > b.Level {
		n--
	}
	// Back to an open kind of marker, or one level deeper with a new one.
	at := -1
	for k := n - 1; k >= 0 && l.stack[k].indent == b.Level; k-- {
		if l.stack[k].marker.style == m.style {
			at = k
			break
		}
	}
	rank := m.rank
	if at >= 0 {
		if next := m.follows(l.stack[at].marker, l.stack[at].rank); next > 0 {
			rank = next
		}
		l.stack[at].rank, n = rank, at+1
	} else {
		l.stack = append(l.stack[:n], level{indent: b.Level, marker: m, rank: rank})
		n++
	}
	l.stack = l.stack[:n]
	if item, ok := r.blockItem(i, n-1); ok {
		l.items = append(l.items, item)
		l.blocks = append(l.blocks, i)
	}
}

// blockItem makes an item of the content of block i; not ok when it is blank.
func (r *reader) blockItem(i, depth int) (briefs.Item, bool) {
	b := r.d.Blocks[i]
	span := content(r.d.Text, b)
	if span.Empty() {
		return briefs.Item{}, false
	}
	item := briefs.Item{Span: span, Depth: depth, Sentences: append([]briefs.Span(nil), b.Sentences...)}
	if len(item.Sentences) == 0 {
		item.Sentences = []briefs.Span{span}
	}
	return item, true
}
