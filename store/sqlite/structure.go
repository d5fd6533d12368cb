package sqlite

import (
	"encoding/binary"
	"errors"

	"briefdesk/briefs"
)

// structureVersion is the first byte of a stored structure. The encoding is
// part of what makes two revisions equal, so a change needs a migration.
const structureVersion = 1

// roles are stored by their place in this list, which only ever grows; other
// roles are stored by name.
var roles = [...]briefs.Role{
	briefs.RoleTitle, briefs.RoleHeading, briefs.RoleParagraph, briefs.RoleItem, briefs.RoleQuotation,
	briefs.RoleTable, briefs.RoleCaption, briefs.RoleByline, briefs.RoleDateline, briefs.RoleAuthorNote,
	briefs.RoleFootnote, briefs.RoleChrome, briefs.RoleCorrection,
}

var errStructure = errors.New("stored structure cannot be read")

// encoder writes numbers as zigzag varints. Offsets are written as the
// distance to the offset before, so that most take one byte.
type encoder struct {
	b    []byte
	last int
}

func (e *encoder) number(n int) { e.b = binary.AppendVarint(e.b, int64(n)) }

func (e *encoder) offset(n int) {
	e.number(n - e.last)
	e.last = n
}

func (e *encoder) span(s briefs.Span) {
	e.offset(s.Start)
	e.offset(s.End)
}

func (e *encoder) spans(spans []briefs.Span) {
	e.number(len(spans))
	for _, s := range spans {
		e.span(s)
	}
}

func (e *encoder) role(r briefs.Role) {
	for i, known := range roles {
		if r == known {
			e.number(i + 1)
			return
		}
	}
	e.number(0)
	e.number(len(r))
	e.b = append(e.b, r...)
}

// encodeStructure writes blocks, enumerations and pages of d. It loses
// nothing, whatever the offsets are. Documents without pages are written as
// before there were pages.
func encodeStructure(doc *briefs.Document) []byte {
	e := &encoder{b: make([]byte, 0, 64+24*len(doc.Blocks)+16*len(doc.Enumerations)+2*len(doc.Pages))}
	e.b = append(e.b, structureVersion)
	e.number(len(doc.Blocks))
	for _, b := range doc.Blocks {
		e.role(b.Role)
		e.number(b.Level)
		e.offset(b.Start)
		e.number(b.Body - b.Start)
		before := e.last
		e.spans(b.Sentences)
		e.last = before
		e.offset(b.End)
	}
	e.last = 0
	e.number(len(doc.Enumerations))
	for _, n := range doc.Enumerations {
		e.span(n.LeadIn)
		e.number(len(n.Items))
		for _, it := range n.Items {
			e.span(it.Span)
			e.number(it.Depth)
			before := e.last
			e.last = it.Start
			e.spans(it.Sentences)
			e.last = before
		}
	}
	if len(doc.Pages) > 0 {
		e.last = 0
		e.number(len(doc.Pages))
		for _, p := range doc.Pages {
			e.offset(p)
		}
	}
	return e.b
}

// decoder reads what encoder wrote. After a fault it yields zeros and keeps
// bad set, so that callers test once at the end.
type decoder struct {
	b    []byte
	last int
	bad  bool
}

func (d *decoder) number() int {
	n, size := binary.Varint(d.b)
	if size <= 0 || int64(int(n)) != n {
		d.fail()
		return 0
	}
	d.b = d.b[size:]
	return int(n)
}

func (d *decoder) fail() { d.b, d.bad = nil, true }

// count reads the length of a list whose members take at least size bytes
// each, so that a bad count cannot ask for much memory.
func (d *decoder) count(size int) int {
	n := d.number()
	if n < 0 || n > len(d.b)/size {
		d.fail()
		return 0
	}
	return n
}

func (d *decoder) offset() int {
	d.last += d.number()
	return d.last
}

func (d *decoder) span() briefs.Span {
	start := d.offset()
	return briefs.Span{Start: start, End: d.offset()}
}

func (d *decoder) spans() []briefs.Span {
	n := d.count(2)
	if n == 0 {
		return nil
	}
	spans := make([]briefs.Span, n)
	for i := range spans {
		spans[i] = d.span()
	}
	return spans
}

func (d *decoder) role() briefs.Role {
	i := d.number()
	if i > 0 && i <= len(roles) {
		return roles[i-1]
	}
	n := d.count(1)
	if i != 0 {
		d.fail()
		return ""
	}
	r := briefs.Role(d.b[:n])
	d.b = d.b[n:]
	return r
}

// end returns errStructure unless everything was read.
func (d *decoder) end() error {
	if d.bad || len(d.b) > 0 {
		return errStructure
	}
	return nil
}

// decodeStructure reads what encodeStructure wrote into doc. With an error doc
// has no structure.
func decodeStructure(b []byte, doc *briefs.Document) error {
	doc.Blocks, doc.Enumerations, doc.Pages = nil, nil, nil
	if len(b) == 0 || b[0] != structureVersion {
		return errStructure
	}
	d := &decoder{b: b[1:]}
	var blocks []briefs.Block
	if n := d.count(6); n > 0 {
		blocks = make([]briefs.Block, n)
	}
	for i := range blocks {
		b := &blocks[i]
		b.Role = d.role()
		b.Level = d.number()
		b.Start = d.offset()
		b.Body = b.Start + d.number()
		before := d.last
		b.Sentences = d.spans()
		d.last = before
		b.End = d.offset()
	}
	d.last = 0
	var enumerations []briefs.Enumeration
	if n := d.count(3); n > 0 {
		enumerations = make([]briefs.Enumeration, n)
	}
	for i := range enumerations {
		n := &enumerations[i]
		n.LeadIn = d.span()
		if k := d.count(4); k > 0 {
			n.Items = make([]briefs.Item, k)
		}
		for j := range n.Items {
			it := &n.Items[j]
			it.Span = d.span()
			it.Depth = d.number()
			before := d.last
			d.last = it.Start
			it.Sentences = d.spans()
			d.last = before
		}
	}
	var pages []int
	if !d.bad && len(d.b) > 0 {
		d.last = 0
		if n := d.count(1); n > 0 {
			pages = make([]int, n)
		} else {
			d.fail()
		}
		for i := range pages {
			pages[i] = d.offset()
		}
	}
	if err := d.end(); err != nil {
		return err
	}
	doc.Blocks, doc.Enumerations, doc.Pages = blocks, enumerations, pages
	return nil
}

// encodeLayout writes where a passage stands: its span, role and sentences.
func encodeLayout(p *briefs.Passage) []byte {
	e := &encoder{b: make([]byte, 0, 12+4*len(p.Sentences))}
	e.role(p.Role)
	e.span(p.Span)
	e.last = p.Start
	e.spans(p.Sentences)
	return e.b
}

// decodeLayout reads what encodeLayout wrote into p.
func decodeLayout(b []byte, p *briefs.Passage) error {
	d := &decoder{b: b}
	p.Role = d.role()
	p.Span = d.span()
	d.last = p.Start
	p.Sentences = d.spans()
	return d.end()
}
