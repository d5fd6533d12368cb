package extract

import (
	"strings"

	"briefdesk/briefs"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dataTable tells a table of data from one that only lays out a page: no
// table inside, rows of two and more cells, and no long text in them.
func dataTable(n *html.Node) bool {
	rows, wide := 0, 0
	ok := true
	var look func(n *html.Node, depth int)
	look = func(n *html.Node, depth int) {
		if !ok || depth > maxDepth {
			return
		}
		for c := n.FirstChild; c != nil && ok; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Table, atom.H1, atom.H2, atom.Article, atom.Form, atom.Ul, atom.Ol:
				ok = false
			case atom.Tr:
				rows++
				if cells(c) >= 2 {
					wide++
				}
			case atom.Td:
				if len(textOf(c, 1201)) > 1200 {
					ok = false
				}
			}
			look(c, depth+1)
		}
	}
	look(n, 0)
	return ok && rows >= 2 && wide*2 >= rows
}

func cells(tr *html.Node) int {
	n := 0
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			n++
		}
	}
	return n
}

// table writes each row as a block, cells parted by tabs.
func (w *walker) table(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr:
			var row []string
			for d := c.FirstChild; d != nil; d = d.NextSibling {
				if (d.DataAtom == atom.Td || d.DataAtom == atom.Th) && !isHidden(d) {
					row = append(row, strings.ReplaceAll(inline(visible(d)), "\n", " "))
					w.textsOf(d, 0)
				}
			}
			if s := strings.Join(row, "\t"); strings.TrimSpace(s) != "" {
				w.write(briefs.RoleTable, 0, "", s)
			}
		case atom.Thead, atom.Tbody, atom.Tfoot:
			if depth < maxDepth {
				w.table(c, depth+1)
			}
		case atom.Caption:
			w.walk(c, depth+1)
		}
	}
}

func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			if hiddenStyle.MatchString(a.Val) {
				return true
			}
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// textOf returns the text inside n, at most about so many bytes.
func textOf(n *html.Node, most int) string {
	var b strings.Builder
	gather(n, &b, most, 0)
	return b.String()
}

// visible returns the text inside n, words of blocks kept apart.
func visible(n *html.Node) string {
	var b strings.Builder
	gather(n, &b, 1<<20, 0)
	return b.String()
}

func gather(n *html.Node, b *strings.Builder, most, depth int) {
	if depth > maxDepth || b.Len() > most {
		return
	}
	switch n.Type {
	case html.TextNode:
		b.WriteString(strings.ReplaceAll(n.Data, "\x00", ""))
	case html.ElementNode:
		if dropped[n.DataAtom] || isHidden(n) {
			return
		}
		if blockElement[n.DataAtom] || n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		gather(c, b, most, depth+1)
	}
}

// onSite is an address without its site, fragment and closing slash.
func onSite(address string) string {
	address, _, _ = strings.Cut(address, "#")
	if _, rest, ok := strings.Cut(address, "//"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			address = rest[i:]
		} else {
			address = "/"
		}
	}
	return strings.TrimSuffix(address, "/")
}
