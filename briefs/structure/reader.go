package structure

import (
	"sort"
	"sync"

	"briefdesk/briefs"
)

// unit is one sentence, heading or title of the running text.
type unit struct {
	briefs.Span
	block   int
	first   bool // the first of its block
	heading bool
	para    int // counts paragraphs; a run of list items is one
	section int // counts headings and the turns of speakers
}

// reader reads the running text of one document: its headings and the
// sentences of its paragraphs, quotations and list items, in order. Captions,
// notes, tables and chrome are not part of it.
type reader struct {
	d     *briefs.Document
	units []unit
	start []int  // per block, the index of its first unit, or of the next one
	said  []said // per unit
	words []seenWord
	first []int // per unit, the index of its first word, and behind it the end
}

func newReader(d *briefs.Document) *reader {
	r := readers.Get().(*reader)
	r.d, r.start = d, sized(r.start, len(d.Blocks)+1)
	para, section := 0, 0
	for i, b := range d.Blocks {
		r.start[i] = len(r.units)
		switch b.Role {
		case briefs.RoleTitle, briefs.RoleHeading:
			section++
			u := unit{Span: content(d.Text, b), block: i, first: true, heading: true, para: para, section: section}
			if !u.Empty() {
				r.units = append(r.units, u)
			}
		case briefs.RoleParagraph, briefs.RoleQuotation, briefs.RoleItem:
			if b.Role != briefs.RoleItem || i == 0 || d.Blocks[i-1].Role != briefs.RoleItem {
				para++
			}
			if turn(d.Text, b) {
				section++
			}
			for j, s := range b.Sentences {
				r.units = append(r.units, unit{Span: s, block: i, first: j == 0, para: para, section: section})
			}
		}
	}
	r.start[len(d.Blocks)] = len(r.units)
	r.said, r.first = sized(r.said, len(r.units)), sized(r.first, len(r.units)+1)
	for k := range r.units {
		for w := scan(r.text(k)); w.next(); {
			r.words = append(r.words, seenWord{w.word, int32(w.start), int32(w.end), w.class})
		}
		r.first[k+1] = len(r.words)
	}
	return r
}

// readers are those that are not in use, with the memory of their lists.
var readers = sync.Pool{New: func() any { return &reader{} }}

// release ends the use of r.
func (r *reader) release() {
	clear(r.words) // they are parts of the text
	clear(r.said)
	*r = reader{units: r.units[:0], start: r.start, said: r.said, words: r.words[:0], first: r.first}
	readers.Put(r)
}

// sized returns n zeros, in the memory of list if they fit.
func sized[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	list = list[:n]
	clear(list)
	return list
}

// scan returns a scanner of the text of unit k.
func (r *reader) scan(k int) wordScanner {
	return wordScanner{s: r.text(k), read: r.words[r.first[k]:r.first[k+1]], seen: true}
}

// text returns the text of unit k.
func (r *reader) text(k int) string { return r.d.Text[r.units[k].Start:r.units[k].End] }

// item reports whether unit k is in a list item.
func (r *reader) item(k int) bool { return r.d.Blocks[r.units[k].block].Role == briefs.RoleItem }

// enumerations returns all enumerations of d, in order of their first items.
func enumerations(d *briefs.Document) []briefs.Enumeration {
	r := newReader(d)
	defer r.release()
	all := append(r.lists(), r.prose()...)
	all = append(all, r.labelled(all)...)
	all = append(all, r.announced(all)...)
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i].Items[0], all[j].Items[0]
		if a.Start != b.Start {
			return a.Start < b.Start
		}
		return a.End > b.End
	})
	nest(all)
	var out []briefs.Enumeration
	for _, f := range all {
		out = append(out, f.Enumeration)
	}
	return out
}
