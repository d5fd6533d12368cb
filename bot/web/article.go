package web

import (
	"html/template"
	"strconv"
	"strings"
	"unicode"

	"briefdesk/briefs"
)

const (
	// maxDepth bounds how deep lists are nested in the page, whatever depth
	// the document gives its items: deeper ones stand at the last level.
	maxDepth = 6
	// maxCells bounds the cells of a row; the last holds the rest.
	maxCells = 64
)

// article is a document as HTML: a heading and a body, all escaped.
type article struct {
	Title  template.HTML // content of the h1; empty for a document without a title
	Body   template.HTML
	Marked bool // the span has an element with id "q"
	Part   part // what Body has of the document
}

// articleOf writes d with span marked, in time that grows with its length.
// The heading is the document's own title where that is a block of it.
func articleOf(d *briefs.Document, span briefs.Span) article {
	blocks := blocksOf(d)
	return articleFrom(d, span, blocks, part{N: 1, Of: 1, last: len(blocks)})
}

// articlePart writes part n of d, and where n is 0 the part that has span: the
// whole of all documents but the longest.
func articlePart(d *briefs.Document, span briefs.Span, n int) article {
	blocks, p := partOf(d.Text, blocksOf(d), span, n)
	return articleFrom(d, span, blocks, p)
}

func articleFrom(d *briefs.Document, span briefs.Span, blocks []briefs.Block, p part) article {
	w := &layout{writer: writer{text: d.Text, span: span}, blocks: blocks, title: titleBlock(d, blocks, span)}
	a := article{Part: p}
	if w.title >= 0 {
		w.content(w.title)
		w.unmark()
	} else {
		w.escape(strings.TrimSpace(d.Title))
	}
	a.Title = template.HTML(w.String())
	w.Reset()
	w.blocks, w.pages = blocks[:p.last], d.Pages
	w.body(p.first)
	a.Body, a.Marked = template.HTML(w.String()), w.begun
	return a
}

// layout writes the blocks of one document, those that belong together as one
// element.
type layout struct {
	writer
	blocks []briefs.Block
	title  int   // the block that stands as the heading of the page; -1 for none
	ranks  []int // of the headings above, outermost first
	lists  []list
	tables int
}

// list is an open list whose last item is open.
type list struct {
	level   int
	ordered bool
}

// body writes the blocks from i on.
func (w *layout) body(i int) {
	for i < len(w.blocks) {
		if i == w.title {
			i++
			continue
		}
		if w.blocks[i].Role != briefs.RoleItem {
			w.closeLists(0)
		}
		switch w.blocks[i].Role {
		case briefs.RoleItem:
			w.item(i)
			i++
		case briefs.RoleTable:
			i = w.table(i)
		case briefs.RoleChrome:
			i = w.chrome(i)
		default:
			w.block(i)
			i++
		}
	}
	w.closeLists(0)
}

// next is where the block after i begins, or the end of the text.
func (w *layout) next(i int) int {
	if i+1 < len(w.blocks) {
		return w.blocks[i+1].Start
	}
	return len(w.text)
}

// content writes block i inside an element: what of the span lies before the
// first block, the marker, the words, and what of the span follows them. The
// style sheet hides a marker without letter or digit, such as "* ", where the
// element shows what it stands for.
func (w *layout) content(i int) {
	b := w.blocks[i]
	if i == 0 {
		w.rest(0, b.Start)
	}
	if b.Body > b.Start {
		w.unmark()
		if w.numbered(b) {
			w.WriteString(`<span class="marker">`)
		} else {
			w.WriteString(`<span class="bullet" aria-hidden="true">`)
		}
		w.pieces(b.Start, b.Body)
		w.end("span")
	}
	w.run(b.Body, b.End)
	w.rest(b.End, w.next(i))
}

// element writes block i as one element.
func (w *layout) element(i int, tag, class string) {
	w.WriteString("<" + tag)
	if class != "" {
		w.WriteString(` class="` + class + `"`)
	}
	w.WriteString(` dir="auto">`)
	w.content(i)
	w.end(tag)
	w.WriteByte('\n')
}

func (w *layout) block(i int) {
	switch b := w.blocks[i]; b.Role {
	case briefs.RoleTitle:
		w.element(i, w.heading(1), "")
	case briefs.RoleHeading:
		w.element(i, w.heading(b.Level), "")
	case briefs.RoleQuotation:
		w.element(i, "blockquote", "")
	case briefs.RoleCaption, briefs.RoleByline, briefs.RoleDateline, briefs.RoleFootnote, briefs.RoleCorrection:
		w.element(i, "p", string(b.Role))
	case briefs.RoleAuthorNote:
		w.element(i, "p", "author-note")
	default:
		w.element(i, "p", "")
	}
}

// heading is the element of a heading of the given rank. The page's own is
// h1, and none below it is passed over, whatever ranks the document skips.
func (w *layout) heading(rank int) string {
	if rank < 1 {
		rank = 2 // a heading of unknown rank stands below the title
	}
	n := len(w.ranks)
	for n > 0 && w.ranks[n-1] >= rank {
		n--
	}
	w.ranks = append(w.ranks[:n], rank)
	return "h" + strconv.Itoa(min(len(w.ranks)+1, 6))
}

// item writes block i as a list item and leaves it open, since deeper items
// go inside.
func (w *layout) item(i int) {
	b := w.blocks[i]
	level := min(max(b.Level, 1), maxDepth)
	ordered := w.numbered(b)
	w.closeLists(level)
	if n := len(w.lists); n > 0 && w.lists[n-1].level == level {
		w.WriteString("</li>\n")
		if w.lists[n-1].ordered != ordered {
			w.WriteString(w.lists[n-1].end())
			w.lists = w.lists[:n-1]
		}
	}
	if n := len(w.lists); n == 0 || w.lists[n-1].level < level {
		l := list{level: level, ordered: ordered}
		w.lists = append(w.lists, l)
		w.WriteString(l.begin())
	}
	w.WriteString(`<li dir="auto">`)
	w.content(i)
	w.unmark()
}

// numbered reports whether b has a marker that says something: "2. ", "(b) ".
func (w *layout) numbered(b briefs.Block) bool {
	return strings.IndexFunc(w.text[b.Start:b.Body], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) >= 0
}

// closeLists closes the lists deeper than level, each with its open item.
func (w *layout) closeLists(level int) {
	for n := len(w.lists); n > 0 && w.lists[n-1].level > level; n-- {
		w.WriteString("</li>\n" + w.lists[n-1].end())
		w.lists = w.lists[:n-1]
	}
}

// begin opens l. Numbered items show their own markers, so the style sheet
// takes those of the list away; the role keeps it a list for screen readers.
func (l list) begin() string {
	if l.ordered {
		return "<ol role=\"list\">\n"
	}
	return "<ul>\n"
}

func (l list) end() string {
	if l.ordered {
		return "</ol>\n"
	}
	return "</ul>\n"
}

// table writes the rows from block i on as one table, and returns the block
// after it. A table too wide for the page scrolls in a region of its own,
// which the keyboard reaches.
func (w *layout) table(i int) int {
	w.tables++
	w.WriteString(`<div class="table" role="region" tabindex="0" aria-label="Table ` + strconv.Itoa(w.tables) + "\"><table><tbody>\n")
	for ; i < len(w.blocks) && w.blocks[i].Role == briefs.RoleTable; i++ {
		b := w.blocks[i]
		w.WriteString(`<tr dir="auto">`)
		for at, cell := b.Start, 1; at <= b.End; cell++ {
			end, after := b.End, w.next(i)
			if tab := strings.IndexByte(w.text[at:b.End], '\t'); tab >= 0 && cell < maxCells {
				end, after = at+tab, at+tab+1
			}
			w.WriteString("<td>")
			if i == 0 && cell == 1 {
				w.rest(0, b.Start)
			}
			w.run(at, end)
			w.rest(end, after) // no text may stand between cells or rows
			w.end("td")
			if end == b.End {
				break
			}
			at = after
		}
		w.WriteString("</tr>\n")
	}
	w.WriteString("</tbody></table></div>\n")
	return i
}

// chrome writes the blocks from i on that surrounded the text, folded unless
// the span is in them, and returns the block after them.
func (w *layout) chrome(i int) int {
	end := i
	for end < len(w.blocks) && w.blocks[end].Role == briefs.RoleChrome {
		end++
	}
	begin := w.blocks[i].Start
	if i == 0 {
		begin = 0
	}
	w.WriteString(`<details class="chrome"`)
	if w.inside(begin, w.next(end-1)) {
		w.WriteString(" open")
	}
	w.WriteString(`><summary lang="en" dir="ltr">Around the text: menus, links and notices</summary>` + "\n")
	for ; i < end; i++ {
		w.element(i, "p", "")
	}
	w.WriteString("</details>\n")
	return end
}
