package extract

import (
	"strings"

	"briefdesk/briefs"
)

// odtList is a list that is being read.
type odtList struct {
	style string
	force briefs.Role
	depth int   // from 1
	at    []int // the last number on each level
}

func (r *odt) list(x *xmlStream, n node, out sink, l *odtList) {
	if s := n.attr("text:style-name"); s != "" {
		l.style = s
	}
	l.depth++
	defer func() { l.depth-- }()
	start := r.level(l).start
	at := max(start, 1) - 1
	goes := n.attr("text:continue-numbering") == "true" || n.has("continue-list")
	if l.depth == 1 && goes {
		at = r.counts[l.style]
	}
	l.at = append(l.at, at)
	defer func() { l.at = l.at[:len(l.at)-1] }()
	x.children(func(n node) {
		if n.name != "text:list-item" && n.name != "text:list-header" {
			return
		}
		begun := n.name == "text:list-header" // its paragraphs have no number
		if n.has("start-value") {
			l.at[l.depth-1] = n.number("text:start-value", 1, 1<<20) - 1
		}
		x.children(func(n node) {
			if n.name == "text:list" {
				r.list(x, n, out, l)
				return
			}
			r.block(x, n, func(p para) {
				if !begun && strings.TrimSpace(strings.ReplaceAll(p.text, "\x00", "")) != "" {
					begun = true
					if p.role == "" {
						l.at[l.depth-1]++
						if m := r.marker(l); m != "" {
							p.role, p.level, p.marker = briefs.RoleItem, l.depth, m
						}
					}
				}
				out(p)
			}, l.force)
		}, nil)
	}, nil)
	if l.depth == 1 {
		r.counts[l.style] = l.at[0]
	}
}

func (r *odt) level(l *odtList) odtLevel {
	levels := r.lists[l.style]
	if levels == nil || l.depth > maxLevel+1 {
		return odtLevel{bullet: true, start: 1}
	}
	return levels[l.depth]
}

// marker is what the item that has just begun shows.
func (r *odt) marker(l *odtList) string {
	v := r.level(l)
	if v.bullet {
		return bulletMarker
	}
	if v.format == "" {
		return ""
	}
	var numbers []string
	for d := max(l.depth-max(v.shown, 1), 0); d < l.depth; d++ {
		format := r.levelFormat(l, d+1)
		numbers = append(numbers, numeral(format, l.at[d]))
	}
	return oneLine(normalize(v.prefix+strings.Join(numbers, ".")+v.suffix)) + " "
}

func (r *odt) levelFormat(l *odtList, depth int) string {
	levels := r.lists[l.style]
	if levels == nil || depth > maxLevel+1 {
		return "decimal"
	}
	switch levels[depth].format {
	case "a":
		return "lowerLetter"
	case "A":
		return "upperLetter"
	case "i":
		return "lowerRoman"
	case "I":
		return "upperRoman"
	}
	return "decimal"
}

// rows reads the rows of a table; rows and cells that are said to repeat are
// read once.
func (r *odt) rows(x *xmlStream, rows *[][][]para) {
	x.children(func(n node) {
		switch n.name {
		case "table:table-row":
			var row [][]para
			x.children(func(n node) {
				switch n.name {
				case "table:table-cell", "table:covered-table-cell":
					var cell []para
					r.blocks(x, func(p para) { cell = append(cell, p) }, "")
					row = append(row, cell)
				}
			}, nil)
			*rows = append(*rows, row)
		case "table:table-rows", "table:table-header-rows", "table:table-row-group":
			r.rows(x, rows)
		}
	}, nil)
}
