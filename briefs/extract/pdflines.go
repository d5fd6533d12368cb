package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// segment is what stands on one baseline without a wide gap.
type segment struct {
	runs   []pdfRun
	x0, x1 float64
	y      float64
	size   float64
}

// cell is a segment of a line whose neighbours are wide gaps away.
type cell struct {
	text   string
	x0, x1 float64
}

// pdfLine is one line of a column, in reading order.
type pdfLine struct {
	cells       []cell
	x0, x1, y   float64
	size        float64
	bold, tilt  bool // all of it
	mono        bool
	low, high   float64 // the sizes of its type
	wide        bool    // it has gaps as between the cells of a table
	raised      bool    // begins with a raised number: a footnote
	left, right float64 // the edges of its column
	column      int     // numbers the columns of a page in reading order
	page        int     // from 0
}

// text is the line with a space for each gap.
func (l *pdfLine) text() string {
	if len(l.cells) == 1 {
		return l.cells[0].text
	}
	parts := make([]string, len(l.cells))
	for i, c := range l.cells {
		parts[i] = c.text
	}
	return strings.Join(parts, " ")
}

// segments joins the runs of a page that stand side by side.
func segments(runs []pdfRun) []segment {
	rows := rowsOf(runs, func(r *pdfRun) (float64, float64, float64) { return r.y, r.x0, r.size })
	var out []segment
	for _, row := range rows {
		for _, r := range row {
			if n := len(out) - 1; n >= 0 && out[n].y == row[0].y && r.x0-out[n].x1 < max(r.gap(), out[n].runs[len(out[n].runs)-1].gap()) {
				s := &out[n]
				s.runs = append(s.runs, r)
				s.x1, s.size = max(s.x1, r.x1), max(s.size, r.size)
				continue
			}
			out = append(out, segment{runs: []pdfRun{r}, x0: r.x0, x1: r.x1, y: row[0].y, size: r.size})
		}
	}
	return out
}

// sameRow is how far apart, in em, the baselines of one row may be.
const sameRow = 0.3

// rowsOf groups what shares a baseline, from the top of the page, each row
// from the left.
func rowsOf[T any](items []T, at func(*T) (y, x, size float64)) [][]T {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b T) int {
		ya, _, _ := at(&a)
		yb, _, _ := at(&b)
		return cmp.Compare(yb, ya)
	})
	var rows [][]T
	for i := range sorted {
		y, _, size := at(&sorted[i])
		if n := len(rows) - 1; n >= 0 {
			y0, _, size0 := at(&rows[n][0])
			if y0-y <= sameRow*max(min(size, size0), 1) {
				rows[n] = append(rows[n], sorted[i])
				continue
			}
		}
		rows = append(rows, sorted[i:i+1:i+1])
	}
	for _, row := range rows {
		slices.SortStableFunc(row, func(a, b T) int {
			_, xa, _ := at(&a)
			_, xb, _ := at(&b)
			return cmp.Compare(xa, xb)
		})
	}
	return rows
}

func (s *segment) at() (y, x, size float64) { return s.y, s.x0, s.size }

// Gaps, in em, that part the cells of a row: of any row, and of the row above
// a table.
const (
	cellGap  = 1.5
	tableGap = 0.8
)

// linesFrom makes the lines of one column of its segments.
func linesFrom(segs []segment, column int) []pdfLine {
	if len(segs) == 0 {
		return nil
	}
	var out []pdfLine
	for _, row := range rowsOf(segs, (*segment).at) {
		out = append(out, newLine(row))
	}
	var lefts, rights []float64
	for _, l := range out {
		lefts, rights = append(lefts, l.x0), append(rights, l.x1)
	}
	slices.Sort(lefts)
	slices.Sort(rights)
	left, right := lefts[len(lefts)/20], rights[len(rights)-1-len(rights)/20]
	for i := range out {
		out[i].left, out[i].right, out[i].column = left, right, column
	}
	return out
}

func newLine(row []segment) pdfLine {
	l := pdfLine{x0: row[0].x0, y: row[0].y, bold: true, tilt: true, mono: true, low: farPoint}
	letters, rtl := 0, 0
	weight := map[float64]int{}
	for _, s := range row {
		l.x1 = max(l.x1, s.x1)
		for _, r := range s.runs {
			weight[r.size] += len(r.text)
			if !r.raised {
				l.low, l.high = min(l.low, r.size), max(l.high, r.size)
			}
			l.bold, l.tilt, l.mono = l.bold && (r.bold || r.raised), l.tilt && (r.tilt || r.raised), l.mono && r.mono
			for _, c := range r.text {
				if unicode.IsLetter(c) {
					letters++
					if unicode.In(c, unicode.Arabic, unicode.Hebrew) {
						rtl++
					}
				}
			}
		}
	}
	most := 0
	for size, n := range weight {
		if n > most || n == most && size > l.size {
			most, l.size = n, size
		}
	}
	if rtl*2 > letters {
		slices.Reverse(row)
	}
	first := row[0].runs[0]
	l.raised = first.raised
	for i := range row {
		l.wide = l.wide || i > 0 && row[i].x0-row[i-1].x1 > tableGap*max(l.size, 1)
		if rtl*2 > letters {
			slices.Reverse(row[i].runs)
		}
		text := segmentText(&row[i])
		if n := len(l.cells) - 1; n >= 0 && rtl*2 <= letters && row[i].x0-l.cells[n].x1 < cellGap*max(l.size, 1) {
			l.cells[n].text += " " + text
			l.cells[n].x1 = row[i].x1
			continue
		}
		l.cells = append(l.cells, cell{text, row[i].x0, row[i].x1})
	}
	return l
}

// gapBefore is the gap between run i and what ends before it.
func gapBefore(runs []pdfRun, i int) float64 {
	if runs[i].x0 < runs[i-1].x0 { // right to left
		return runs[i-1].x0 - runs[i].x1
	}
	return runs[i].x0 - runs[i-1].x1
}

// raisedGap is the gap, in em of its own type, at which a space stands before
// a raised number.
const raisedGap = 0.6

// segmentText writes the runs of a segment, the numbers of notes in brackets.
func segmentText(s *segment) string {
	var b strings.Builder
	for i, r := range s.runs {
		if gap := wordGap * max(r.size, 1); i > 0 && (gapBefore(s.runs, i) > gap && !r.raised || gapBefore(s.runs, i) > raisedGap*max(r.size, 1)) {
			b.WriteByte(' ')
		}
		if !r.raised {
			b.WriteString(r.text)
			continue
		}
		number := strings.Trim(r.text, "[](),")
		switch {
		case number == "" || len(number) > 9 || strings.Trim(number, "0123456789, ") != "":
			b.WriteString(r.text)
		case i > 0 && exponentiable(b.String()) && isDigits(number):
			b.WriteString(raised.Replace(number))
		default:
			b.WriteString("[" + number + "]")
			if i == 0 {
				b.WriteByte(' ')
			}
		}
	}
	return lineHyphens(oneLine(b.String()))
}
