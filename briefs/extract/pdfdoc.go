package extract

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// pdfBlock is one block of the document while it is put together.
type pdfBlock struct {
	role   briefs.Role // empty while open
	level  int
	marker string    // of an item, with the space behind it
	style  string    // of the marker
	lines  []pdfLine // of running text
	row    string    // of a table, instead of lines
	page   int       // of its first line, from 0
	column int
	gap    float64 // above it, in points; large at the top of a column
}

func (b *pdfBlock) last() *pdfLine  { return &b.lines[len(b.lines)-1] }
func (b *pdfBlock) first() *pdfLine { return &b.lines[0] }

// bold reports whether all of the block is bold.
func (b *pdfBlock) bold() bool {
	for i := range b.lines {
		if !b.lines[i].bold {
			return false
		}
	}
	return len(b.lines) > 0
}

// pdfDoc is a document while its lines become blocks.
type pdfDoc struct {
	lines   []pdfLine
	marks   []marker
	body    float64             // the size of most type
	heavy   bool                // most type is bold
	mono    bool                // most type has one width
	leading map[float64]float64 // size → distance of baselines, in em, of most lines
	words   map[string]int      // in lower case; those that line ends cut are not among them
}

// newPDFDoc measures the lines of all pages.
func newPDFDoc(lines []pdfLine) *pdfDoc {
	d := &pdfDoc{lines: lines, leading: map[float64]float64{}, words: map[string]int{}}
	sizes, bold, mono, all := map[float64]int{}, 0, 0, 0
	steps := map[float64]map[int]int{}
	plain := make([]line, len(lines))
	for i := range lines {
		l := &lines[i]
		d.flatten(i)
		text := l.text()
		n := utf8.RuneCountInString(text)
		plain[i] = line{text: text, runes: n, indent: int((l.x0 - l.left) / max(l.size/2, 1))}
		sizes[l.size] += n
		if all += n; l.bold {
			bold += n
		}
		if l.mono {
			mono += n
		}
		if i == 0 || lines[i-1].column != l.column || lines[i-1].page != l.page || lines[i-1].size != l.size || l.size <= 0 {
			continue
		}
		if step := (lines[i-1].y - l.y) / l.size; step > 0.8 && step < 3 {
			if steps[l.size] == nil {
				steps[l.size] = map[int]int{}
			}
			steps[l.size][int(math.Round(step*20))]++
		}
	}
	d.marks = resolve(plain)
	most := 0
	for size, n := range sizes {
		if n > most || n == most && size > d.body {
			d.body, most = size, n
		}
	}
	d.heavy, d.mono = bold*2 > all, mono*2 > all
	for size, count := range steps {
		best, top := 0, 0
		for step, n := range count {
			if n > top || n == top && step < best {
				best, top = step, n
			}
		}
		d.leading[size] = float64(best) / 20
	}
	for i := range lines {
		d.learn(plain, i)
	}
	return d
}

// step is the distance of baselines, in points, within paragraphs of a size.
func (d *pdfDoc) step(size float64) float64 {
	if em := d.leading[size]; em > 0 {
		return em * size
	}
	return 1.25 * size
}

// label is what stands apart before the text of an item or an entry: its
// number, its bullet.
var cellLabel = regexp.MustCompile(`^(?:[-*+•‣◦▪●○■□·–—∙⁃➢➤✓o]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})(?:\.\d{1,3}){0,4}[.)]?|\[[^\]]{1,14}\]|(?:Section|Chapter|Appendix|Annex) [\dA-Z.]+)$`)

// maxTerm is the longest term, in runes, that a definition stands beside.
const maxTerm = 30

// flatten joins the cells of line i that are no table: a label and its text,
// a term and its definition.
func (d *pdfDoc) flatten(i int) {
	l := &d.lines[i]
	for len(l.cells) >= 2 && cellLabel.MatchString(l.cells[0].text) && (len(l.cells) == 2 || !isNumeric(l.cells[1].text)) {
		l.cells[1].text = l.cells[0].text + " " + l.cells[1].text
		l.cells[1].x0 = l.cells[0].x0
		l.cells = l.cells[1:]
	}
	if len(l.cells) != 2 || i+1 >= len(d.lines) || utf8.RuneCountInString(l.cells[0].text) > maxTerm {
		return
	}
	next := &d.lines[i+1]
	if next.column == l.column && next.page == l.page && len(next.cells) == 1 && math.Abs(next.x0-l.cells[1].x0) < 0.4*l.size && l.y-next.y < 2*l.size {
		l.cells = []cell{{l.text(), l.x0, l.x1}}
	}
}

func isNumeric(s string) bool {
	return hasDigit(s) && !strings.ContainsFunc(s, unicode.IsLetter)
}

// blocks makes blocks of the lines.
func (d *pdfDoc) blocks() []*pdfBlock {
	var out []*pdfBlock
	var open *pdfBlock
	for i := 0; i < len(d.lines); {
		l := &d.lines[i]
		if rows, n := d.table(i); n > 0 {
			for _, row := range rows {
				out = append(out, &pdfBlock{role: briefs.RoleTable, row: row, page: l.page, column: l.column})
			}
			open, i = nil, i+n
			continue
		}
		toc := leaders.MatchString(l.text())
		if open != nil && !toc && open.role == "" && d.continues(open, l, d.marks[i]) {
			open.lines = append(open.lines, *l)
			i++
			continue
		}
		open = &pdfBlock{lines: []pdfLine{*l}, page: l.page, column: l.column, gap: farPoint}
		if i > 0 && d.lines[i-1].page == l.page && d.lines[i-1].column == l.column {
			open.gap = d.lines[i-1].y - l.y
		}
		if m := d.marks[i]; m.size > 0 {
			open.marker, open.style = l.text()[:m.size], m.style
		}
		if toc {
			open.role = briefs.RoleChrome
		}
		out = append(out, open)
		i++
	}
	return out
}

// leaders is an entry of a table of contents.
var leaders = regexp.MustCompile(`(?:(?: ?\.){5,}|(?: ?…){2,}|_{5,}) ?(?:\d{1,4}|[ivxlc]{1,7})?$`)

// paragraphGap is how much wider than within a paragraph the lines before and
// after it stand.
const paragraphGap = 1.3

// continues reports whether line l goes on with block b, which stands right
// above it.
func (d *pdfDoc) continues(b *pdfBlock, l *pdfLine, m marker) bool {
	prev := b.last()
	if prev.column != l.column || prev.page != l.page || m.size > 0 || l.raised {
		return false
	}
	if big, small := max(prev.size, l.size), min(prev.size, l.size); big > 1.08*small && (prev.low > 1.02*l.high || l.low > 1.02*prev.high || big > 1.3*small) {
		return false
	}
	if l.mono != prev.mono && (l.mono || d.mono) {
		return false
	}
	step := prev.y - l.y
	if step > paragraphGap*d.step(l.size) || step <= 0 {
		return false
	}
	text, above := l.text(), prev.text()
	full := isFull(prev, l)
	lower := startsLower(text)
	if prev.bold != l.bold && !(full && lower) {
		return false
	}
	if l.size > 1.12*d.body || l.bold && !d.heavy {
		return !sectionNumber.MatchString(text) && !endsSentence(above)
	}
	if l.mono && !d.mono {
		return true // a listing
	}
	em := max(l.size, 1)
	first := len(b.lines) == 1
	flows := lower && !endsSentence(above) // the middle of a sentence
	switch in := l.x0 - prev.x0; {
	case in > 0.8*em && first:
		return full && (b.marker != "" || !endsSentence(above) || in < 4*em && prev.x0 < prev.left+0.5*em && hangs.MatchString(above))
	case in > 0.8*em:
		return flows && full
	case in < -0.8*em && first && b.marker == "":
		return full || flows
	case in < -0.8*em:
		return flows
	}
	if full || flows {
		return true
	}
	return !endsSentence(above) && prev.x1-prev.left > 0.65*(prev.right-prev.left)
}

// hangs is how an entry of a list of references begins.
var hangs = regexp.MustCompile(`^(?:\[[^\]]{1,20}\]|[\p{Lu}][\pL’'-]+, )`)

// sectionNumber is the number of a section before its heading.
var sectionNumber = regexp.MustCompile(`^(?:(\d{1,2}(?:\.\d{1,3}){0,5})\.?|([A-Z](?:\.\d{1,3}){1,5})\.?|([A-Z])\.|(?:Appendix|Annex|Chapter|Section|Part) (?:[A-Z]|\d{1,2}|[IVX]{1,5})[.:]?)\s+[\p{Lu}\d“"‘(]`)

// isFull reports whether the first word of next would not have fitted on l.
func isFull(l, next *pdfLine) bool {
	text := next.text()
	n := utf8.RuneCountInString(text)
	if n == 0 {
		return false
	}
	letter := (next.x1 - next.x0) / float64(n)
	return l.x1+letter*float64(firstWord(text)+1) > l.right-0.5*l.size
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "“\"‘'("))
	return unicode.IsLower(r)
}
