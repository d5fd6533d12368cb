package extract

import (
	"regexp"
	"strings"

	"briefdesk/briefs"
)

// content is the main content of a page while it is being settled.
type content struct {
	units   []unit
	origins []origin
	in      []bool // of each unit: whether it is part of the content
	size    int    // of the text in the content
	direct  int    // of that outside of articles that hold less than a third of it
}

// weigh measures how much of the content each frame holds.
func (c *content) weigh() {
	for i, in := range c.in {
		if !in {
			continue
		}
		o := &c.origins[i]
		c.size += o.size
		for f := o.frame; f != nil; f = f.up {
			f.size += o.size
		}
	}
	for i, in := range c.in {
		if !in {
			continue
		}
		small := false
		for f := c.origins[i].frame; f != nil; f = f.up {
			small = small || f.article && f.size*3 < c.size
		}
		if !small {
			c.direct += c.origins[i].size
		}
	}
}

// framed reports whether unit i stands in a frame. What holds much of the
// content is none, whatever it is called.
func (c *content) framed(i int) bool {
	for f := c.origins[i].frame; f != nil; f = f.up {
		switch {
		case f.article:
			if f.size*3 < c.size && c.direct*5 >= c.size*3 {
				return true
			}
		case f.size*3 < c.size:
			return true
		}
	}
	return false
}

// unframe takes out what the page itself declares to be of its frame.
func (c *content) unframe() {
	for i := range c.in {
		c.in[i] = c.in[i] && !c.framed(i)
	}
}

// prune takes out of the content what is in its midst but not of it: links to
// other pages set between the paragraphs, boxes of links, and headings of which
// nothing is left.
func (c *content) prune() {
	c.linkLines()
	c.linkLists()
	c.linkHeadings()
	c.orphans()
}

// linkLines takes out paragraphs that are the title of another page, linked.
func (c *content) linkLines() {
	for i, in := range c.in {
		u := &c.units[i]
		if !in || u.Role != briefs.RoleParagraph && u.Role != briefs.RoleQuotation || !c.isLink(i) {
			continue
		}
		if !c.ledIn(i) {
			c.in[i] = false
		}
	}
}

// lead is the label before a link to another page.
var leadLabel = regexp.MustCompile(`^[^.!?:]{2,40}: \S`)

// isLink reports whether unit i is little else than a link and reads like a
// title rather than a sentence.
func (c *content) isLink(i int) bool {
	o, u := &c.origins[i], &c.units[i]
	if o.linked*10 < o.size*8 && (o.linked*2 < o.size || !leadLabel.MatchString(u.content())) {
		return false
	}
	return u.runes <= 250 && len(words(u.content())) >= 2 && !endsSentence(strings.TrimRight(u.text, "?!"))
}

// ledIn reports whether what stands before unit i introduces it as part of
// the text: it ends with a colon and says more than a label.
func (c *content) ledIn(i int) bool {
	for j := i - 1; j >= 0 && j >= i-12; j-- {
		switch {
		case !c.in[j]:
			return false
		case strings.HasSuffix(c.units[j].text, ":"):
			return len(words(c.units[j].text)) >= 4
		case !c.isLink(j):
			return false
		}
	}
	return false
}

// linkLists takes out lists whose items are links to other pages.
func (c *content) linkLists() {
	for i := 0; i < len(c.in); {
		j, links := i, 0
		for j < len(c.in) && c.units[j].Role == briefs.RoleItem && c.in[j] {
			if c.isLink(j) {
				links++
			}
			j++
		}
		if n := j - i; n >= 1 && links*5 >= n*4 && !c.ledIn(i) {
			for k := i; k < j; k++ {
				c.in[k] = false
			}
		}
		i = max(j, i+1)
	}
}

// linkHeadings takes out headings that are links, several in a row: the
// titles of other pages.
func (c *content) linkHeadings() {
	var run []int
	for i := 0; i <= len(c.in); i++ {
		switch {
		case i < len(c.in) && !c.in[i]:
			continue
		case i < len(c.in) && c.units[i].Role == briefs.RoleHeading && c.isLink(i):
			run = append(run, i)
			continue
		case len(run) >= 2:
			for _, k := range run {
				c.in[k] = false
			}
		}
		run = run[:0]
	}
}

// orphans takes out headings and labels at the end of the content, and
// headings of boxes that are gone.
func (c *content) orphans() {
	last := -1
	for i := range c.in {
		if c.in[i] {
			last = i
		}
	}
	for i := last; i >= 0; i-- {
		u := &c.units[i]
		if !c.in[i] {
			continue
		}
		if u.Role != briefs.RoleHeading && !c.label(i) {
			break
		}
		c.in[i] = false
	}
	for i := 0; i+1 < len(c.in); i++ {
		if !c.in[i] || c.in[i+1] || c.units[i].Role != briefs.RoleHeading && !c.label(i) || !c.isLink(i+1) {
			continue
		}
		c.in[i] = false
	}
}

// label reports whether unit i is a short line that names what follows.
func (c *content) label(i int) bool {
	u := &c.units[i]
	return u.Role == briefs.RoleParagraph && u.runes <= 40 && len(words(u.text)) <= 6 && !endsSentence(strings.TrimRight(u.text, ".…"))
}
