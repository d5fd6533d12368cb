package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// Bounds of what is told by its type.
const (
	headingSize  = 1.12 // of the body type, at least
	footnoteSize = 0.93 // of the body type, at most
	maxHeadLines = 4
	maxHeadRunes = 200
)

var (
	captionStart = regexp.MustCompile(`^(?:(?:Figure|Fig\.|FIGURE|Table|TABLE|Chart|CHART|Exhibit|EXHIBIT|Map|MAP|Graph|GRAPH|Photo|Image|Plate|Diagram|Abbildung|Tabelle|Graphique|Tableau)\s+(?:[A-Z]{0,2}[.-]?\d[\d.–-]*[a-z]?|[IVX]{1,5})(?:\s*[:.—–|]|\s+[\p{Lu}“"]|$)|(?:Sources?|Notes?|Photo|Credit|Quelle|Fuente) ?: )`)
	noteStart    = regexp.MustCompile(`^(?:\[\d{1,3}\] |\(?\d{1,3}[.)]? ?[\p{Lu}“"(]|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+ ?\S)`)
)

// classify gives each block its role.
func (d *pdfDoc) classify(blocks []*pdfBlock) {
	d.captions(blocks)
	d.notes(blocks)
	for i, b := range blocks {
		if b.role == "" && d.isHeading(blocks, i) {
			b.role = briefs.RoleHeading
		}
	}
	d.contents(blocks)
	d.levels(blocks)
	var nest nesting
	for _, b := range blocks {
		switch {
		case b.role != "":
			if b.role == briefs.RoleHeading {
				nest.reset()
			}
		case b.marker != "":
			b.role = briefs.RoleItem
			f := b.first()
			b.level = nest.depth(b.style, int((f.x0-f.left)/max(f.size/2, 1)))
		default:
			b.role = briefs.RoleParagraph
			if f := b.first(); len(nest.open) > 0 && (f.x0-f.left)/max(f.size/2, 1) <= float64(nest.open[0].indent) {
				nest.reset()
			}
		}
	}
}

func (d *pdfDoc) captions(blocks []*pdfBlock) {
	for _, b := range blocks {
		if b.role != "" || b.marker != "" {
			continue
		}
		if text, _ := d.text(b); len(b.lines) <= 8 && captionStart.MatchString(text) {
			b.role = briefs.RoleCaption
		}
	}
}

// notes finds the footnotes: the small type at the foot of a column, below
// type of the usual size.
func (d *pdfDoc) notes(blocks []*pdfBlock) {
	for from := 0; from < len(blocks); {
		to := from
		for to < len(blocks) && blocks[to].page == blocks[from].page {
			to++
		}
		d.notesOf(blocks[from:to])
		from = to
	}
}

func (d *pdfDoc) notesOf(page []*pdfBlock) {
	body := false // somewhere on the page
	for _, b := range page {
		body = body || len(b.lines) > 0 && b.first().size > footnoteSize*d.body
	}
	if !body {
		return
	}
	for end := len(page); end > 0; {
		start := end
		column := page[end-1].column
		for start > 0 && page[start-1].column == column {
			start--
		}
		first := end // of the small type that the column ends with
		for first > start && d.isSmall(page[first-1]) {
			first--
		}
		// What goes before the first number belongs to a note of the page before,
		// unless it is a source or some other small text.
		for i := first; i < end; i++ {
			b := page[i]
			if b.role != "" {
				continue
			}
			text, _ := d.text(b)
			low := i > start || len(page) > 1 && column == page[len(page)-1].column
			if b.first().raised || noteStart.MatchString(text) || i > first && page[i-1].role == briefs.RoleFootnote || low && i > start && i == first {
				b.role, b.marker = briefs.RoleFootnote, ""
			}
		}
		end = start
	}
}

func (d *pdfDoc) isSmall(b *pdfBlock) bool {
	if len(b.lines) == 0 || b.role != "" {
		return false
	}
	for i := range b.lines {
		if b.lines[i].size > footnoteSize*d.body {
			return false
		}
	}
	return true
}

// isHeading reports whether block i names what follows it, by its type, its
// number and the space around it.
func (d *pdfDoc) isHeading(blocks []*pdfBlock, i int) bool {
	b := blocks[i]
	text, _ := d.text(b)
	if len(b.lines) > maxHeadLines || utf8.RuneCountInString(text) > maxHeadRunes || !hasLetter(text) || strings.HasSuffix(text, ",") || strings.HasSuffix(text, ";") {
		return false
	}
	size := b.first().size
	numbered := sectionNumber.MatchString(text)
	if b.marker != "" && !numbered {
		return false
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < 3 && !numbered {
		return false
	}
	apart := b.gap > 1.15*paragraphGap*d.step(size)
	switch {
	case size >= headingSize*d.body:
		return !endsSentence(text) || strings.HasSuffix(text, "?") || len(strings.Fields(text)) <= 8 || numbered
	case b.bold() && !d.heavy && size >= footnoteSize*d.body:
		return (!strings.HasSuffix(text, ".") || len(strings.Fields(text)) <= 8) && len(b.lines) <= 3
	case len(b.lines) > 2 || endsSentence(text) || strings.HasSuffix(text, ":"):
		return false
	case numbered:
		return apart && !d.listed(blocks, i) && b.first().x0-b.first().left < 3*size
	case text == strings.ToUpper(text) && letters >= 4 && len(b.lines) == 1 && len(b.first().cells) == 1:
		return apart
	case d.outdented(b):
		return apart && i+1 < len(blocks) && len(blocks[i+1].lines) > 0 && blocks[i+1].first().x0 > b.first().x0+0.8*size && startsUpper(text)
	}
	return false
}

// outdented reports whether a line stands alone to the left of what follows.
func (d *pdfDoc) outdented(b *pdfBlock) bool {
	f := b.first()
	return len(b.lines) == 1 && len(f.cells) == 1 && f.x0-f.left < 0.3*f.size && f.x1-f.left < 0.75*(f.right-f.left) && utf8.RuneCountInString(f.text()) <= 72
}

// listed reports whether block i stands in a list: an item is next to it.
func (d *pdfDoc) listed(blocks []*pdfBlock, i int) bool {
	b := blocks[i]
	for _, j := range []int{i - 1, i + 1} {
		if j < 0 || j >= len(blocks) {
			continue
		}
		o := blocks[j]
		if o.marker != "" && o.style == b.style && o.role != briefs.RoleHeading && o.page == b.page {
			return true
		}
	}
	return false
}

// maxContents is how many entries a table of contents may have.
const maxContents = 400

// contentsTitle is what tables of contents are called.
var contentsTitle = regexp.MustCompile(`(?i)^(?:table of contents|contents|in this (?:report|paper|issue)|inhalt(?:sverzeichnis)?|table des matières|sommaire|índice|contenido)$`)

// contents makes chrome of the entries of a table of contents: what stands
// between its heading and the heading that its first entry names.
func (d *pdfDoc) contents(blocks []*pdfBlock) {
	for i, b := range blocks {
		if b.role != briefs.RoleHeading || i+1 >= len(blocks) {
			continue
		}
		if text, _ := d.text(b); !contentsTitle.MatchString(text) {
			continue
		}
		first := d.entry(blocks[i+1])
		for j := i + 2; first != "" && j < len(blocks) && j < i+maxContents; j++ {
			if d.entry(blocks[j]) != first {
				continue
			}
			for _, e := range blocks[i+1 : j] {
				if e.role != briefs.RoleFootnote {
					e.role, e.marker = briefs.RoleChrome, ""
				}
			}
			return
		}
	}
}

// entryEnd is what follows the words of an entry: leaders and a page number.
var entryEnd = regexp.MustCompile(`[ .…\t]*\d{0,4}$`)

// entry is the text of a heading, or of the line that stands for it in the
// table of contents.
func (d *pdfDoc) entry(b *pdfBlock) string {
	text, _ := d.text(b)
	if len(text) > maxHeadRunes {
		return ""
	}
	return strings.ToLower(strings.Join(words(entryEnd.ReplaceAllString(text, "")), " "))
}

// levels ranks the headings: by the depth of their numbers, else by their
// type, the largest first.
func (d *pdfDoc) levels(blocks []*pdfBlock) {
	type kind struct {
		size float64
		bold bool
	}
	look := func(b *pdfBlock) kind { return kind{b.first().size, b.bold()} }
	count := map[kind]int{}
	for _, b := range blocks {
		if b.role == briefs.RoleHeading {
			count[look(b)]++
		}
	}
	var kinds []kind
	for k := range count {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b kind) int {
		if c := cmp.Compare(b.size, a.size); c != 0 {
			return c
		}
		switch {
		case a.bold == b.bold:
			return 0
		case a.bold:
			return -1
		}
		return 1
	})
	for _, b := range blocks {
		if b.role != briefs.RoleHeading {
			continue
		}
		text, _ := d.text(b)
		b.marker = ""
		b.level = min(slices.Index(kinds, look(b))+1, 6)
		if m := sectionNumber.FindStringSubmatch(text); m != nil {
			if number := m[1] + m[2]; number != "" {
				b.level = min(strings.Count(number, ".")+1, 6)
			} else {
				b.level = 1
			}
		}
	}
}
