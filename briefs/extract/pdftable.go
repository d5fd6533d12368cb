package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// table reads the rows of a table that begins with line i, and tells how many
// lines it takes; 0 when there is none. A row of which a cell runs over
// several lines is one row.
func (d *pdfDoc) table(i int) (rows []string, n int) {
	if isArt(&d.lines[i]) {
		for i+n < len(d.lines) && isArt(&d.lines[i+n]) && d.lines[i+n].page == d.lines[i].page {
			rows = append(rows, cellsOf(&d.lines[i+n]))
			n++
		}
		return rows, n
	}
	var members [][]cell
	for j := i; j < len(d.lines); j++ {
		l := &d.lines[j]
		if j > i {
			prev := &d.lines[j-1]
			if l.page != prev.page || l.column != prev.column || prev.y-l.y > 3*max(l.size, prev.size) || leaders.MatchString(l.text()) {
				break
			}
		}
		if len(l.cells) < 2 {
			break
		}
		members = append(members, l.cells)
		n++
		for j+1 < len(d.lines) && d.spills(&d.lines[j], &d.lines[j+1], members[len(members)-1]) {
			j++
			n++
			members[len(members)-1] = spill(members[len(members)-1], d.lines[j].cells)
		}
	}
	if len(members) < 2 {
		return nil, 0
	}
	return layCells(members), n
}

// cellsOf is the line as a row.
func cellsOf(l *pdfLine) string {
	parts := make([]string, len(l.cells))
	for i, c := range l.cells {
		parts[i] = c.text
	}
	return strings.Join(parts, "\t")
}

// spills reports whether l, the line below prev, goes on with cells of row: it
// leaves the first column empty and stands as close as lines of a paragraph.
func (d *pdfDoc) spills(prev, l *pdfLine, row []cell) bool {
	if l.page != prev.page || l.column != prev.column || prev.y-l.y > paragraphGap*d.step(l.size) {
		return false
	}
	return l.x0 > row[0].x1 && l.x0 > row[1].x0-0.8*max(l.size, 1)
}

// spill adds the cells of the next line to those of row that they stand under.
func spill(row, next []cell) []cell {
	out := slices.Clone(row)
	for _, c := range next {
		best := len(out) - 1
		for i, o := range out {
			if c.x0 < o.x1 && c.x1 > o.x0 {
				best = i
				break
			}
		}
		out[best].text += " " + c.text
		out[best].x1 = max(out[best].x1, c.x1)
	}
	return out
}

// layCells writes rows with a tab between columns, also around empty cells
// where the columns can be told.
func layCells(members [][]cell) []string {
	var all []cell
	for _, row := range members {
		all = append(all, row...)
	}
	slices.SortFunc(all, func(a, b cell) int { return cmp.Compare(a.x0, b.x0) })
	var columns []cell
	for _, c := range all {
		if n := len(columns) - 1; n >= 0 && c.x0 < columns[n].x1 {
			columns[n].x1 = max(columns[n].x1, c.x1)
			continue
		}
		columns = append(columns, c)
	}
	rows := make([]string, 0, len(members))
	for _, row := range members {
		var b strings.Builder
		at := 0
		for i, c := range row {
			column := at
			for k := range columns {
				if c.x0 >= columns[k].x0 && c.x0 < columns[k].x1 {
					column = k
				}
			}
			if column < at || column == at && i > 0 { // the columns of rows differ
				column = at + 1
			}
			b.WriteString(strings.Repeat("\t", column-at))
			b.WriteString(c.text)
			at = column
		}
		rows = append(rows, b.String())
	}
	return rows
}

// isArt reports whether a line is drawn with signs: a frame, an arrow.
func isArt(l *pdfLine) bool {
	if !l.mono {
		return false
	}
	letters, signs, drawn := 0, 0, 0
	for _, c := range l.cells {
		for _, r := range c.text {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				letters++
			case strings.ContainsRune("+|-_=/\\<>^", r) || r >= 0x2500 && r < 0x2600:
				signs++
				if r == '|' || r == '\\' || r >= 0x2500 {
					drawn++
				}
			}
		}
		if strings.Contains(c.text, "+-") || strings.Contains(c.text, "-+") {
			drawn++
		}
	}
	return signs >= 2 && drawn >= 1 && signs*3 > letters || signs >= 6 && letters == 0
}
