package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// layPDF makes the document of pages as they are drawn. base is the name of
// the file, for a title of last resort.
func layPDF(base string, pages []pdfPage, info pdfInfo) briefs.Document {
	segs := make([][]segment, len(pages))
	for i := range pages {
		segs[i] = segments(pages[i].runs)
	}
	whole := slices.Clone(segs)
	dropRunning(segs)
	if !slices.ContainsFunc(segs, func(s []segment) bool { return len(s) > 0 }) && !mostlyImages(pages) {
		segs = whole // pages of which each says the same
	}
	var lines []pdfLine
	for i := range segs {
		page := inOrder(segs[i])
		for k := range page {
			page[k].page = i
		}
		lines = append(lines, page...)
	}
	lines = slices.DeleteFunc(lines, func(l pdfLine) bool { return l.text() == "" })
	d := newPDFDoc(lines)
	blocks := d.blocks()
	d.classify(blocks)
	meta := d.head(base, blocks, info)
	blocks = d.flow(pageByPage(blocks))
	for i := range pages {
		for _, s := range pages[i].aside {
			blocks = append(blocks, &pdfBlock{role: briefs.RoleChrome, row: s, page: i})
		}
	}
	slices.SortStableFunc(blocks, func(a, b *pdfBlock) int { return a.page - b.page })
	return d.write(blocks, meta, len(pages))
}

// mostlyImages reports whether images stand on most pages, and hardly any
// text.
func mostlyImages(pages []pdfPage) bool {
	n := 0
	for _, p := range pages {
		if p.images > 0 {
			n++
		}
	}
	return n*2 > len(pages)
}

// pageByPage puts the footnotes of each page behind the rest of it.
func pageByPage(blocks []*pdfBlock) []*pdfBlock {
	out := make([]*pdfBlock, 0, len(blocks))
	for from := 0; from < len(blocks); {
		to := from
		for to < len(blocks) && blocks[to].page == blocks[from].page {
			to++
		}
		for _, notes := range []bool{false, true} {
			for _, b := range blocks[from:to] {
				if (b.role == briefs.RoleFootnote) == notes {
					out = append(out, b)
				}
			}
		}
		from = to
	}
	return out
}

// flow joins the paragraphs that the end of a column or a page parts. What
// stands between the halves comes before the whole when it is of the first
// page, and after it when it is of the second.
func (d *pdfDoc) flow(blocks []*pdfBlock) []*pdfBlock {
	out := make([]*pdfBlock, 0, len(blocks))
	open := -1 // index in out of the running text before
	for _, b := range blocks {
		runs := b.role == briefs.RoleParagraph || b.role == briefs.RoleItem
		if open >= 0 && b.role == briefs.RoleParagraph && d.carriesOn(out, open, b) {
			p := out[open]
			p.lines = append(p.lines, b.lines...)
			// Behind what else is of the page on which p begins.
			if b.page != p.page {
				at := open
				for at+1 < len(out) && out[at+1].page == p.page {
					out[at] = out[at+1]
					at++
				}
				out[at], open = p, at
			}
			continue
		}
		out = append(out, b)
		switch {
		case runs:
			open = len(out) - 1
		case b.role == briefs.RoleHeading || b.role == briefs.RoleTitle:
			open = -1
		}
	}
	return out
}

// carriesOn reports whether b goes on with the sentence of out[open], from one
// column or page to the next.
func (d *pdfDoc) carriesOn(out []*pdfBlock, open int, b *pdfBlock) bool {
	p := out[open]
	last, first := p.last(), b.first()
	if last.page == first.page && last.column == first.column || first.page-last.page > 1 || b.marker != "" {
		return false
	}
	if max(last.size, first.size) > 1.06*min(last.size, first.size) || last.bold != first.bold {
		return false
	}
	if p.page != last.page { // already over a page: nothing of that page may stand between
		for _, o := range out[open+1:] {
			if o.page == last.page && first.page != last.page {
				return false
			}
		}
	}
	above, below := last.text(), first.text()
	// The width of the column that comes may be another.
	full := last.x1 > last.right-0.25*(last.right-last.left)
	switch {
	case endsHyphen(above):
		r, _ := utf8.DecodeRuneInString(below)
		return startsLower(below) || r >= '0' && r <= '9' || full
	case startsLower(below):
		return !endsSentence(above) || full
	}
	return !endsSentence(above) && !strings.HasSuffix(above, ":") && full && first.x0-first.left < 0.8*max(first.size, 1)
}

// write makes the document of the blocks.
func (d *pdfDoc) write(blocks []*pdfBlock, meta meta, pages int) briefs.Document {
	var b builder
	starts := make([]int, 0, pages)
	mark := func(page, offset int) {
		for len(starts) <= page {
			starts = append(starts, offset)
		}
	}
	for _, bl := range blocks {
		text, breaks := d.text(bl)
		body := strings.TrimPrefix(text, bl.marker)
		level := bl.level
		if bl.role != briefs.RoleHeading && bl.role != briefs.RoleItem {
			level = 0
		}
		lead := len(text) - len(strings.TrimLeft(text, " \t"))
		if lead > 0 && bl.marker == "" { // an empty first cell
			body = text[lead:]
		}
		n := b.add(bl.role, level, bl.marker, body)
		if n < 0 {
			continue
		}
		start := b.blocks[n].Start
		mark(bl.page, start)
		page := bl.page
		for i := range bl.lines { // the pages that begin inside
			if bl.lines[i].page != page {
				page = bl.lines[i].page
				if len(breaks) == 0 {
					break
				}
				mark(page, min(start+max(breaks[0]-lead, 0), b.blocks[n].End))
				breaks = breaks[1:]
			}
		}
	}
	doc := briefs.Document{
		Title: meta.title, Author: strings.Join(meta.authors, ", "), Publisher: meta.publisher, Published: meta.published,
		Text: b.text.String(), Blocks: b.blocks,
	}
	mark(pages-1, len(doc.Text))
	if len(starts) > 0 {
		starts[0] = 0
	}
	doc.Pages = starts
	return doc
}
