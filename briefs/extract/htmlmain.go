package extract

import (
	"briefdesk/briefs"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// maxNodes is the size of tree up to which the main content is sought by
// readability, whose time grows faster than the page.
const maxNodes = 60_000

// mainContent decides for each unit whether it is part of the main content.
// Readability chooses the article; a unit belongs to it when its text does.
// Then what is not of it is taken out. The tree is of no use afterwards.
func mainContent(root *html.Node, units []unit, origins []origin, texts []textRef) []bool {
	c := &content{units: units, origins: origins, in: make([]bool, len(units))}
	found := false
	if countNodes(root, maxNodes) <= maxNodes {
		if art := readable(root); art != nil {
			found = matchUnits(c.in, units, origins, texts, art)
		}
	}
	if !found {
		for i := range units {
			c.in[i] = !declared(origins[i].frame)
		}
		return c.in
	}
	c.weigh()
	c.unframe()
	// A heading directly above content belongs to it.
	for i := len(units) - 2; i >= 0; i-- {
		if units[i].Role == briefs.RoleHeading && c.in[i+1] && !c.framed(i) {
			c.in[i] = true
		}
	}
	c.prune()
	return c.in
}

// readable returns the main content as readability sees it, nil when it finds
// none. It takes the tree apart.
func readable(root *html.Node) (node *html.Node) {
	// The tree is a stranger's: a fault in the library must not stop the
	// reading of the rest.
	defer func() {
		if recover() != nil {
			node = nil
		}
	}()
	p := readability.NewParser()
	p.DisableJSONLD = true
	art, err := p.ParseAndMutate(root, nil)
	if err != nil {
		return nil
	}
	return art.Node
}

// matchUnits marks the units whose text stands in the article for the greater
// part. It reports false when that is less than a paragraph.
func matchUnits(in []bool, units []unit, origins []origin, texts []textRef, article *html.Node) bool {
	kept := make([]bool, len(texts)+1)
	keep := func(n *html.Node) {
		if n.Type == html.TextNode && n.DataAtom > textMark && int(n.DataAtom-textMark) < len(kept) {
			kept[n.DataAtom-textMark] = true
		}
	}
	keep(article)
	for n := range article.Descendants() {
		keep(n)
	}
	size := 0
	for i := range units {
		all, most := 0, 0
		for _, t := range texts[origins[i].from:origins[i].to] {
			all += t.size
			if kept[t.mark] {
				most += t.size
			}
		}
		if in[i] = most*2 >= all && all > 0; in[i] {
			size += units[i].runes
		}
	}
	return size >= 200
}

func countNodes(n *html.Node, most int) int {
	count := 0
	for range n.Descendants() {
		if count++; count > most {
			break
		}
	}
	return count
}

// declared reports whether f or a frame around it is one by its name.
func declared(f *frame) bool {
	for ; f != nil; f = f.up {
		if !f.article {
			return true
		}
	}
	return false
}
