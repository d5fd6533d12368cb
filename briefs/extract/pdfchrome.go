package extract

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// marginRows is how many rows at either end of a page may be running heads
// and feet.
const marginRows = 4

// marginRow is a row at the head or foot of a page.
type marginRow struct {
	text   string // in lower case, digits and page numbers folded
	exact  string // as it stands
	size   float64
	number int // that it begins or ends with, -1 for none
	words  int
	y      float64
	segs   []int // indexes into the segments of the page
}

// dropRunning takes running heads, running feet and page numbers out of the
// pages: rows at the ends of pages that repeat, digits apart, or that bear the
// number of their page. pages[i] are the segments of page i.
func dropRunning(pages [][]segment) {
	if len(pages) < 2 {
		return
	}
	// rows[foot][page] lists rows from the edge of the page inwards.
	var rows [2][][]marginRow
	for i := range pages {
		head, foot := edgeRows(pages[i])
		rows[0], rows[1] = append(rows[0], head), append(rows[1], foot)
	}
	drop := make([]map[int]bool, len(pages))
	for i := range drop {
		drop[i] = map[int]bool{}
	}
	filled := 0
	for _, p := range pages {
		if len(p) > 0 {
			filled++
		}
	}
	for _, zone := range rows {
		if len(pages) == 2 && min(len(pages[0]), len(pages[1])) < 3*marginRows {
			break
		}
		running := repeating(zone, filled)
		offset, numbered := numbering(zone, filled)
		headings := numberedHeadings(pages, zone)
		for i, list := range zone {
			for n, r := range list {
				own := numbered && r.number == i+offset && r.words <= maxNumbered
				if !own && (!running.has(r) || headings[r.exact]) {
					if n+1 < len(list) && n < 2 && runs(list[n+1:], running, numbered, i+offset) && len(pages[i]) > 3*marginRows {
						continue // a stamp outside of the running head
					}
					break
				}
				for _, s := range r.segs {
					drop[i][s] = true
				}
			}
		}
	}
	for i := range pages {
		kept := make([]segment, 0, len(pages[i]))
		for s := range pages[i] {
			if !drop[i][s] {
				kept = append(kept, pages[i][s])
			}
		}
		pages[i] = kept
	}
}

// maxNumbered is how many words a row with the number of its page may have.
const maxNumbered = 14

// runs reports whether the first of list is a running head or foot beyond
// doubt: it repeats on most pages, or is nothing but the number of the page.
func runs(list []marginRow, running places, numbered bool, number int) bool {
	r := list[0]
	return running.has(r) && r.words > 1 || numbered && r.number == number && r.words <= 3
}

// edgeHeading is how much larger than the text a row at the edge of a page is
// set, at least, that may be a heading of its own.
const edgeHeading = 1.15

// numberedHeadings are the rows in large type that stand as they are on one
// page only, such as "Recommendation 5": their numbers are those of headings,
// which begin pages by chance, or by design.
func numberedHeadings(pages [][]segment, zone [][]marginRow) map[string]bool {
	var sizes []float64
	for _, p := range pages {
		for i := range p {
			sizes = append(sizes, p[i].size)
		}
	}
	if len(sizes) == 0 {
		return nil
	}
	slices.Sort(sizes)
	large := edgeHeading * sizes[len(sizes)/2]
	on := map[string]int{}
	for _, list := range zone {
		seen := map[string]bool{}
		for _, r := range list {
			if r.size >= large && strings.ContainsFunc(r.text, unicode.IsLetter) && !seen[r.exact] {
				seen[r.exact] = true
				on[r.exact]++
			}
		}
	}
	out := map[string]bool{}
	for text, n := range on {
		if n == 1 {
			out[text] = true
		}
	}
	return out
}

// edgeRows returns the rows at the head and foot of a page, from the edges
// inwards.
func edgeRows(segs []segment) (head, foot []marginRow) {
	type item struct {
		segment
		index int
	}
	items := make([]item, len(segs))
	for i, s := range segs {
		items[i] = item{s, i}
	}
	rows := rowsOf(items, func(i *item) (float64, float64, float64) { return i.y, i.x0, i.size })
	newRow := func(row []item) marginRow {
		var r marginRow
		parts := make([]string, len(row))
		for i, it := range row {
			parts[i] = segmentText(&it.segment)
			r.segs = append(r.segs, it.index)
		}
		text := strings.Join(parts, " ")
		r.text, r.number = foldDigits(text), pageNumber(text)
		r.exact, r.size = text, row[0].size
		r.words, r.y = len(strings.Fields(text)), row[0].y
		return r
	}
	for i := 0; i < len(rows) && i < marginRows; i++ {
		head = append(head, newRow(rows[i]))
		foot = append(foot, newRow(rows[len(rows)-1-i]))
	}
	return head, foot
}

// foldDigits makes rows equal that differ in numbers and case only.
func foldDigits(s string) string {
	var b strings.Builder
	for _, w := range strings.Fields(strings.ToLower(s)) {
		if roman(strings.Trim(w, "-–—|.·")) > 0 {
			w = "#"
		}
		digit := false
		for _, r := range w {
			if unicode.IsDigit(r) {
				if !digit {
					b.WriteByte('#')
				}
				digit = true
				continue
			}
			digit = false
			b.WriteRune(r)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// pageNumber is the number that a row ends or begins with, -1 for none.
func pageNumber(s string) int {
	ws := strings.Fields(s)
	if len(ws) == 0 {
		return -1
	}
	for _, w := range []string{ws[len(ws)-1], ws[0]} {
		if n, err := strconv.Atoi(strings.Trim(w, "-–—|.·[]()•")); err == nil && n >= 0 && n < 100_000 {
			return n
		}
	}
	if len(ws) >= 4 && (ws[len(ws)-2] == "of" || ws[len(ws)-2] == "/") { // Page 3 of 12
		if n, err := strconv.Atoi(ws[len(ws)-3]); err == nil && n >= 0 && n < 100_000 {
			return n
		}
	}
	return -1
}

// places are the rows that repeat: where on the page each of them stands.
type places map[string][]float64

// sameHeight is how far apart, in points, a running head may stand on two
// pages.
const sameHeight = 6

func (p places) has(r marginRow) bool {
	for _, y := range p[r.text] {
		if math.Abs(y-r.y) <= sameHeight {
			return true
		}
	}
	return false
}

// repeating finds the rows that stand at the same height on a fifth of the
// pages, which is how often the head of a long chapter does, on three at
// least, or on both of two.
func repeating(zone [][]marginRow, pages int) places {
	need := max(3, pages/5)
	if pages == 2 {
		need = 2
	}
	type group struct {
		y       float64
		n, last int
	}
	groups := map[string][]*group{}
	for i, list := range zone {
	rows:
		for _, r := range list {
			for _, g := range groups[r.text] {
				if math.Abs(g.y-r.y) <= sameHeight/2 {
					if g.last != i {
						g.n, g.last = g.n+1, i
					}
					continue rows
				}
			}
			if len(groups[r.text]) < 20 {
				groups[r.text] = append(groups[r.text], &group{y: r.y, n: 1, last: i})
			}
		}
	}
	out := places{}
	for text, list := range groups {
		if !strings.ContainsFunc(text, unicode.IsLetter) && strings.Count(text, "#") > 2 {
			continue // a row of a table
		}
		for _, g := range list {
			if g.n >= need {
				out[text] = append(out[text], g.y)
			}
		}
	}
	return out
}

// numbering finds what the numbers on the outer rows differ by from the places
// of their pages, when they do so on half of the pages.
func numbering(zone [][]marginRow, pages int) (offset int, ok bool) {
	count := map[int]int{}
	for i, list := range zone {
		seen := map[int]bool{}
		for n, r := range list {
			if n < 2 && r.number >= 0 && r.words <= maxNumbered && !seen[r.number-i] {
				seen[r.number-i] = true
				count[r.number-i]++
			}
		}
	}
	most := 0
	for o, n := range count {
		if n > most || n == most && o < offset {
			offset, most = o, n
		}
	}
	return offset, most >= max(3, pages/2)
}
