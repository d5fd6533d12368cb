package extract

import (
	"math"
	"slices"
	"strings"
)

// Bounds of what counts as columns of running text.
const (
	gutterStep  = 3.0    // points between the places where a gutter is looked for
	gutterWidth = 0.7    // em, at least
	columnLines = 4      // on either side, at least
	columnWords = 2.5    // a line, on average: cells of tables have fewer
	columnFill  = 0.5    // of the width of the column that its lines fill
	rowsLines   = 8      // like columnLines, where the lines of both columns share baselines
	rowsFill    = 0.7    // like columnFill, there
	columnDepth = 6      // of columns inside columns
	maxSegments = 20_000 // of a page that is searched for columns: no page to read has more
)

// inOrder makes the lines of a page of its segments: columns one after the
// other, and what stands above, between and below them in its place.
func inOrder(segs []segment) []pdfLine {
	var out []pdfLine
	columns := 0
	var walk func(segs []segment, depth int)
	walk = func(segs []segment, depth int) {
		if len(segs) == 0 {
			return
		}
		if depth < columnDepth {
			if g, ok := findGutter(segs); ok {
				for _, part := range [][]segment{g.above, g.left, g.right, g.below} {
					walk(part, depth+1)
				}
				return
			}
		}
		out = append(out, linesFrom(segs, columns)...)
		columns++
	}
	walk(segs, 0)
	return out
}

// gutter parts the segments of a region.
type gutter struct {
	above, left, right, below []segment
}

// findGutter looks for the empty strip between two columns that most lines
// stand on either side of.
func findGutter(segs []segment) (gutter, bool) {
	if len(segs) < 2*columnLines || len(segs) > maxSegments {
		return gutter{}, false
	}
	sorted := slices.Clone(segs)
	slices.SortStableFunc(sorted, func(a, b segment) int {
		switch {
		case a.y > b.y:
			return -1
		case a.y < b.y:
			return 1
		}
		return 0
	})
	lo, hi := sorted[0].x0, sorted[0].x1
	for _, s := range sorted {
		lo, hi = min(lo, s.x0), max(hi, s.x1)
	}
	width := hi - lo
	if width <= 0 || width > 2*farPoint {
		return gutter{}, false
	}
	step := max(gutterStep, width/400)
	var best gutter
	most := 0
	for x := lo + width*0.12; x < hi-width*0.12; x += step {
		from := 0
		for i := 0; i <= len(sorted); i++ {
			if i < len(sorted) && (sorted[i].x0 >= x || sorted[i].x1 <= x) {
				continue
			}
			if i-from > most { // more segments than the best has lines
				if n, g := columnsIn(sorted, from, i, x); n > most {
					most, best = n, g
				}
			}
			from = i + 1
		}
	}
	return best, most > 0
}

// columnsIn tells whether sorted[from:to), none of which crosses x, are two
// columns, and how many lines the shorter of them has; 0 when they are not.
func columnsIn(sorted []segment, from, to int, x float64) (int, gutter) {
	band := sorted[from:to]
	var left, right []segment
	for _, s := range band {
		if s.x1 <= x {
			left = append(left, s)
		} else {
			right = append(right, s)
		}
	}
	n := min(len(left), len(right))
	if n < columnLines {
		return 0, gutter{}
	}
	lines := min(countRows(left), countRows(right))
	if lines < columnLines {
		return 0, gutter{}
	}
	fill := columnFill
	if side := sideBySide(left, right); side*10 >= lines*8 { // a table has its rows so
		fill = rowsFill
		if lines < rowsLines {
			return 0, gutter{}
		}
	}
	if !isColumn(left, fill) || !isColumn(right, fill) {
		return 0, gutter{}
	}
	_, edge := extent(left)
	start, _ := extent(right)
	if start-edge < gutterWidth*band[0].size {
		return 0, gutter{}
	}
	// Side by side, not one below the other.
	top, bottom := min(left[0].y, right[0].y), max(left[len(left)-1].y, right[len(right)-1].y)
	if shared := top - bottom; shared < 2*band[0].size {
		return 0, gutter{}
	}
	g := gutter{above: slices.Clone(sorted[:from]), left: left, right: right, below: sorted[to:]}
	// A line or two at the right, well above the rest: a date, a label.
	for i, s := range right {
		if i > 2 || s.y <= left[0].y {
			break
		}
		if i+1 < len(right) && s.y-right[i+1].y > 2*max(s.size, right[i+1].size) {
			g.above, g.right = append(g.above, right[:i+1]...), right[i+1:]
			break
		}
	}
	return lines, g
}

func extent(segs []segment) (x0, x1 float64) {
	x0, x1 = segs[0].x0, segs[0].x1
	for _, s := range segs {
		x0, x1 = min(x0, s.x0), max(x1, s.x1)
	}
	return x0, x1
}

func countRows(segs []segment) int {
	n, y := 0, 0.0
	for i, s := range segs {
		if i == 0 || y-s.y > sameRow*max(s.size, 1) {
			n, y = n+1, s.y
		}
	}
	return n
}

// sideBySide counts the rows that have segments in both lists, which are
// sorted from the top.
func sideBySide(left, right []segment) int {
	n := 0
	for i, k := 0, 0; i < len(left) && k < len(right); {
		switch d := left[i].y - right[k].y; {
		case math.Abs(d) <= sameRow*max(left[i].size, 1)/2:
			n, i, k = n+1, i+1, k+1
		case d > 0:
			i++
		default:
			k++
		}
	}
	return n
}

// isColumn reports whether segments are lines of running text rather than the
// cells of a table.
func isColumn(segs []segment, fill float64) bool {
	x0, x1 := extent(segs)
	words, filled := 0, 0.0
	for _, s := range segs {
		filled += s.x1 - s.x0
		for _, r := range s.runs {
			words += 1 + strings.Count(r.text, " ")
		}
	}
	rows := float64(countRows(segs))
	return float64(words) >= columnWords*rows && filled >= fill*(x1-x0)*rows
}
