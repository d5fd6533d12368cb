package briefs

import (
	"slices"
	"strconv"
	"strings"
)

// Page is the page of d on which offset lies, from 1; 0 when d has no pages.
func (d *Document) Page(offset int) int {
	n, _ := slices.BinarySearch(d.Pages, offset+1)
	return n
}

// Blank lists the pages of d that hold no text, from 1: pictures of pages, or
// nothing.
func (d *Document) Blank() []int {
	var blank []int
	for i, at := range d.Pages {
		end := len(d.Text)
		if i+1 < len(d.Pages) {
			end = d.Pages[i+1]
		}
		if at == end {
			blank = append(blank, i+1)
		}
	}
	return blank
}

// PageAddress is address with the fragment by which viewers of PDFs open a
// page; address as it is for page 0 or without an address.
func PageAddress(address string, page int) string {
	if page <= 0 || address == "" {
		return address
	}
	address, _, _ = strings.Cut(address, "#")
	return address + "#page=" + strconv.Itoa(page)
}

// PageNote names the pages of the original on which the citations of a source
// stand: "p. 4", "pp. 4, 9"; "" when it has none.
func PageNote(all []Citation, source int) string {
	var pages []int
	for _, c := range all {
		if n := c.Quote.Page(); c.Source == source && n > 0 {
			pages = append(pages, n)
		}
	}
	return pageNote(pages)
}

// PageNote names the pages of the original on which the quotes of a source of
// b stand, as the function does.
func (b *Brief) PageNote(source int) string {
	var pages []int
	note := func(all []Citation) {
		for _, c := range all {
			if n := c.Quote.Page(); c.Source == source && n > 0 {
				pages = append(pages, n)
			}
		}
	}
	for _, s := range b.Sections {
		for _, it := range s.Items {
			note(it.Quotes)
		}
	}
	for _, c := range b.Changes {
		note(c.Quotes)
	}
	return pageNote(pages)
}

func pageNote(pages []int) string {
	slices.Sort(pages)
	pages = slices.Compact(pages)
	if len(pages) == 0 {
		return ""
	}
	names := make([]string, len(pages))
	for i, n := range pages {
		names[i] = strconv.Itoa(n)
	}
	if len(names) == 1 {
		return "p. " + names[0]
	}
	return "pp. " + strings.Join(names, ", ")
}
