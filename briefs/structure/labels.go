package structure

import (
	"strings"

	"briefdesk/briefs"
)

// mostLabels bounds the number of points that an announcement may promise,
// headingReach the paragraphs between it and the first heading, and
// fewestWords makes it a sentence ("There are three reasons."), not a score
// ("Sample 3 points").
const (
	mostLabels   = 12
	headingReach = 3
	fewestWords  = 4
)

// labelled finds the enumerations whose points are paragraphs or sections
// with labels, as many as a sentence or title before them announces: "There
// are two reasons." above "Cost. …" and "Time. …". An announcement that leads
// in one of taken is done with.
func (r *reader) labelled(taken []found) []found {
	leads := make(map[int]bool) // ends of lead-ins
	for _, f := range taken {
		leads[f.LeadIn.End] = true
	}
	var out []found
	for k, u := range r.units {
		late := k+2 >= len(r.units) || r.units[k+2].block != u.block
		if !late || r.item(k) || leads[u.End] || !r.labelAhead(u.block+1) {
			continue
		}
		a := r.saying(u.Span)
		n := a.count
		if a.strength < 2 || n < 2 || n > mostLabels || !u.heading && wordCount(r.text(k), fewestWords) < fewestWords {
			continue
		}
		var items []briefs.Item
		var blocks []int
		// A label before the announcement itself is a speaker's name.
		if own := r.start[u.block]; u.heading || !prefixed(r.text(own)) {
			items, blocks = r.labelParagraphs(u.block+1, n)
		}
		if items == nil {
			last := k+1 == len(r.units) || r.units[k+1].block != u.block
			title := r.d.Blocks[u.block].Role == briefs.RoleTitle
			items, blocks = r.labelHeadings(u.block+1, n, last, title)
		}
		if items != nil {
			lead := r.widen(k)
			out = append(out, found{Enumeration: briefs.Enumeration{LeadIn: lead, Items: items}, blocks: blocks, lead: u.block})
		}
	}
	return out
}

// labelAhead reports whether a heading or a paragraph with a label comes soon
// enough after block i. It is cheap, and true seldom.
func (r *reader) labelAhead(i int) bool {
	paragraphs := 0
	for ; i < len(r.d.Blocks) && paragraphs <= headingReach; i++ {
		switch b := r.d.Blocks[i]; b.Role {
		case briefs.RoleTitle, briefs.RoleHeading:
			return true
		case briefs.RoleItem, briefs.RoleTable:
			return false
		case briefs.RoleParagraph, briefs.RoleQuotation:
			if paragraphs++; paragraphs == 1 && len(b.Sentences) > 0 {
				first := r.d.Slice(b.Sentences[0])
				if prefixed(first) || wordCount(first, labelWords+1) <= labelWords {
					return true
				}
			}
		}
	}
	return false
}

// labelParagraphs returns the next n paragraphs from block i as items if each
// of them begins with a label.
func (r *reader) labelParagraphs(i, n int) (items []briefs.Item, blocks []int) {
	for ; i < len(r.d.Blocks) && len(items) < n; i++ {
		b := r.d.Blocks[i]
		switch b.Role {
		case briefs.RoleTitle, briefs.RoleHeading, briefs.RoleItem, briefs.RoleTable, briefs.RoleQuotation:
			return nil, nil
		case briefs.RoleParagraph:
			if len(b.Sentences) == 0 {
				return nil, nil
			}
			first := b.Sentences[0]
			item := briefs.Item{Span: first, Sentences: b.Sentences[:1:1]}
			switch text := r.d.Slice(first); {
			case len(b.Sentences) > 1 && wordCount(text, labelWords+1) <= labelWords && !asks(text):
				item.End = b.Sentences[1].End
				item.Sentences = b.Sentences[:2:2]
			case !prefixed(text):
				return nil, nil
			}
			items, blocks = append(items, item), append(blocks, i)
		}
	}
	if len(items) < n {
		return nil, nil
	}
	return items, blocks
}

// prefixed reports whether s begins with a label before a colon or a dash.
func prefixed(s string) bool {
	for _, sign := range []string{":", " –", " —", "—"} {
		if label, rest, ok := strings.Cut(s, sign); ok && wordy(rest) && wordCount(label, labelWords+1) <= labelWords {
			return true
		}
	}
	return false
}

// labelHeadings returns the next n sections from block i as items: each is
// its heading with the first sentence below. The headings must be numbered
// from 1, unless the announcement is a title or stands right above them.
func (r *reader) labelHeadings(i, n int, last, title bool) (items []briefs.Item, blocks []int) {
	paragraphs, level := 0, 0
	for ; i < len(r.d.Blocks) && len(items) < n; i++ {
		b := r.d.Blocks[i]
		switch b.Role {
		case briefs.RoleTitle:
			return nil, nil
		case briefs.RoleParagraph, briefs.RoleItem, briefs.RoleQuotation:
			if paragraphs++; len(items) == 0 && paragraphs > headingReach {
				return nil, nil
			}
		case briefs.RoleHeading:
			if level > 0 && b.Level > level {
				continue
			}
			k := r.start[i]
			if level > 0 && b.Level < level || k+1 >= len(r.units) || r.units[k].block != i || r.units[k+1].heading || r.item(k+1) {
				return nil, nil
			}
			level = b.Level
			span, rank := r.headingPoint(k)
			if rank != len(items)+1 && (rank > 0 || !title && (!last || paragraphs > 0 && len(items) == 0)) {
				return nil, nil
			}
			below := r.units[k+1].Span
			item := briefs.Item{Span: below, Sentences: []briefs.Span{below}}
			if r.units[k+1].block == i+1 {
				item.Start = span.Start
			}
			items, blocks = append(items, item), append(blocks, i+1)
		}
	}
	if len(items) < n {
		return nil, nil
	}
	return items, blocks
}

// headingPoint returns heading k without its number, and the number or 0.
func (r *reader) headingPoint(k int) (briefs.Span, int) {
	span := r.units[k].Span
	sign, rest, ok := strings.Cut(r.text(k), " ")
	if m := readMarker(sign); ok && m.rank > 0 && m.style != "" && !blank(rest) {
		return trim(r.d.Text, briefs.Span{Start: span.Start + len(sign), End: span.End}), m.rank
	}
	return span, 0
}
