package extract

import (
	"strings"

	"briefdesk/briefs"
)

// docxPara is a paragraph as it is read.
type docxPara struct {
	text    strings.Builder
	style   string
	outline int // rank of a heading from 0; -1 when only the style says
	num     string
	level   int
	numbers bool // num and level are its own
	deleted bool // the end of it: the next goes on with it
	bold    int  // bytes that are
	boxes   []para
}

func (r *docx) paragraph(x *xmlStream, out sink) {
	p := &docxPara{outline: -1}
	r.inline(x, p)
	text := p.text.String()
	if r.carry != "" {
		text, r.carry = r.carry+text, ""
	}
	if p.deleted && !r.inNote {
		r.carry = text
	} else {
		out(r.settle(p, text))
	}
	for _, b := range p.boxes {
		out(b)
	}
}

// settle gives a paragraph its role.
func (r *docx) settle(p *docxPara, text string) para {
	s := r.styles[p.style]
	out := para{text: text, role: s.role, level: s.level}
	if n := len(strings.TrimSpace(text)); n > 0 && (p.bold >= n || s.bold && p.bold >= 0) {
		out.bold = true
	}
	if p.outline >= 0 && out.role == "" {
		if p.outline < 9 {
			out.role, out.level = briefs.RoleHeading, min(p.outline+1, 6)
		}
	}
	num, level := s.num, s.numLevel
	if p.numbers {
		if p.num != "" {
			num = p.num
		}
		level = p.level
	}
	if strings.TrimSpace(text) == "" || num == "" || num == "0" {
		return out
	}
	marker := r.lists.next(num, level)
	switch {
	case marker == "":
	case out.role == briefs.RoleHeading:
		if marker != bulletMarker {
			out.marker = marker
		}
	case out.role == "" || out.role == briefs.RoleItem:
		out.role, out.level, out.marker = briefs.RoleItem, level+1, marker
	}
	return out
}

// inline reads what stands in a paragraph.
func (r *docx) inline(x *xmlStream, p *docxPara) {
	x.children(func(n node) {
		switch n.name {
		case "w:pPr":
			r.paragraphProperties(x, p)
		case "w:r":
			r.run(x, p)
		case "w:hyperlink", "w:smartTag", "w:customXml", "w:ins", "w:moveTo", "w:fldSimple", "w:dir", "w:bdo":
			r.inline(x, p)
		case "w:sdt":
			r.control(x, nil, func(sink) { r.inline(x, p) })
		case "m:oMath", "m:oMathPara":
			r.formula(x, p)
		case "mc:AlternateContent":
			alternate(x, func() { r.inline(x, p) })
		}
	}, nil)
}

func (r *docx) paragraphProperties(x *xmlStream, p *docxPara) {
	x.children(func(n node) {
		switch n.name {
		case "w:pStyle":
			p.style = n.attr("w:val")
		case "w:outlineLvl":
			p.outline = n.number("w:val", -1, 9)
		case "w:numPr":
			p.numbers, p.level = true, r.styles[p.style].numLevel
			x.children(func(n node) {
				switch n.name {
				case "w:ilvl":
					p.level = n.number("w:val", 0, maxLevel)
				case "w:numId":
					p.num = n.attr("w:val")
				}
			}, nil)
		case "w:rPr":
			x.children(func(n node) {
				if n.name == "w:del" || n.name == "w:moveFrom" {
					p.deleted = true
				}
			}, nil)
		}
	}, nil)
}

// run reads a piece of text of one look.
func (r *docx) run(x *xmlStream, p *docxPara) {
	hidden, bold := false, false
	write := func(s string) {
		if hidden || r.inCode() {
			return
		}
		r.grow(x, len(s))
		p.text.WriteString(s)
		if bold || strings.TrimSpace(s) == "" {
			p.bold += len(s)
		}
	}
	x.children(func(n node) {
		switch n.name {
		case "w:rPr":
			x.children(func(n node) {
				switch n.name {
				case "w:vanish", "w:specVanish":
					hidden = on(n)
				case "w:b":
					bold = on(n)
					if !bold {
						p.bold -= maxOfficeText // against a bold style
					}
				}
			}, nil)
		case "w:t":
			x.children(nil, write)
		case "w:tab", "w:ptab":
			write(" ")
		case "w:br", "w:cr":
			if t := n.attr("w:type"); t == "" || t == "textWrapping" {
				write("\x00")
			} else {
				write(" ")
			}
		case "w:noBreakHyphen":
			write("-")
		case "w:fldChar":
			r.field(n.attr("w:fldCharType"))
		case "w:footnoteReference":
			write(r.reference("footnote", n.attr("w:id"), hidden))
		case "w:endnoteReference":
			write(r.reference("endnote", n.attr("w:id"), hidden))
		case "w:ruby":
			x.children(func(n node) {
				if n.name == "w:rubyBase" {
					r.inline(x, p)
				}
			}, nil)
		case "w:drawing", "w:pict", "w:object":
			r.drawing(x, p)
		case "mc:AlternateContent":
			alternate(x, func() { r.drawing(x, p) })
		}
	}, nil)
}

// field follows the parts of a field: its code is not text, its result is.
func (r *docx) field(kind string) {
	switch n := len(r.fields); {
	case kind == "begin" && n < maxNesting:
		r.fields = append(r.fields, false)
	case kind == "separate" && n > 0:
		r.fields[n-1] = true
	case kind == "end" && n > 0:
		r.fields = r.fields[:n-1]
	}
}

// inCode reports whether the code of a field is being read.
func (r *docx) inCode() bool {
	for _, result := range r.fields {
		if !result {
			return true
		}
	}
	return false
}

// reference is the sign of a note in the text.
func (r *docx) reference(kind, id string, hidden bool) string {
	if r.inNote || hidden || r.inCode() {
		return ""
	}
	key := kind + id
	if sign := r.seen[key]; sign != "" {
		return sign
	}
	body := r.notes[key]
	if len(body) == 0 {
		return ""
	}
	mark := ""
	if kind == "footnote" {
		r.counts[0]++
		mark = numeral("decimal", r.counts[0])
	} else {
		r.counts[1]++
		mark = numeral("decimal", r.counts[1])
		if r.hasNotes("footnote") {
			mark = numeral("lowerRoman", r.counts[1])
		}
	}
	r.seen[key] = r.note(mark, body)
	return r.seen[key]
}

func (r *docx) hasNotes(kind string) bool {
	for id := range r.notes {
		if strings.HasPrefix(id, kind) {
			return true
		}
	}
	return false
}

// drawing looks for text boxes; their paragraphs come after the one that they
// hang on.
func (r *docx) drawing(x *xmlStream, p *docxPara) {
	x.children(func(n node) {
		switch n.name {
		case "w:txbxContent":
			fields, carry := r.fields, r.carry
			r.fields, r.carry = nil, ""
			r.blocks(x, func(b para) { p.boxes = append(p.boxes, b) })
			r.fields, r.carry = fields, carry
		case "mc:AlternateContent":
			alternate(x, func() { r.drawing(x, p) })
		default:
			r.drawing(x, p)
		}
	}, nil)
}

// formula writes a formula on one line.
func (r *docx) formula(x *xmlStream, p *docxPara) {
	var inside func(node)
	inside = func(n node) {
		if n.name == "m:t" {
			x.children(nil, func(s string) {
				r.grow(x, len(s))
				p.text.WriteString(s)
			})
			return
		}
		x.children(inside, nil)
	}
	x.children(inside, nil)
}

// table reads a table; rows and cells that were deleted are left out.
func (r *docx) table(x *xmlStream, out sink) {
	var rows [][][]para
	r.rows(x, &rows)
	table(rows, out)
}

func (r *docx) rows(x *xmlStream, rows *[][][]para) {
	x.children(func(n node) {
		switch n.name {
		case "w:tr":
			var row [][]para
			if r.cells(x, &row) {
				*rows = append(*rows, row)
			}
		case "w:sdt", "w:sdtContent", "w:customXml", "w:ins":
			r.rows(x, rows)
		}
	}, nil)
}

// cells reads a row; it reports whether the row stays.
func (r *docx) cells(x *xmlStream, row *[][]para) bool {
	stays := true
	x.children(func(n node) {
		switch n.name {
		case "w:trPr":
			x.children(func(n node) {
				if n.name == "w:del" {
					stays = false
				}
			}, nil)
		case "w:tc":
			if cell, ok := r.cell(x); ok {
				*row = append(*row, cell)
			}
		case "w:sdt", "w:sdtContent", "w:customXml":
			stays = r.cells(x, row) && stays
		}
	}, nil)
	return stays
}

func (r *docx) cell(x *xmlStream) (cell []para, stays bool) {
	stays = true
	x.children(func(n node) {
		if n.name == "w:tcPr" {
			x.children(func(n node) {
				if n.name == "w:cellDel" {
					stays = false
				}
			}, nil)
			return
		}
		r.block(x, n, func(p para) { cell = append(cell, p) })
	}, nil)
	return cell, stays
}
