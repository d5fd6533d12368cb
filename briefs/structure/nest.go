package structure

import (
	"sort"

	"briefdesk/briefs"
)

// maxNest bounds how many enumerations an inner one is copied into, and
// maxBack how many are tried: one paragraph may hold thousands.
const (
	maxNest = 4
	maxBack = 16
)

// nest copies the items of inner enumerations into those that hold them, one
// level below the point they stand under. all is in order of the first item.
func nest(all []found) {
	own := make([][]briefs.Item, len(all))
	parent := make([]int, len(all))
	shift := make([]int, len(all)) // depth of the outermost items of i in its parent
	var open []int
	for i := range all {
		own[i], parent[i] = all[i].Items, -1
		for len(open) > 0 && all[open[len(open)-1]].last()+1 < all[i].blocks[0] {
			open = open[:len(open)-1]
		}
		for k := len(open) - 1; k >= max(0, len(open)-maxBack) && parent[i] < 0; k-- {
			if at := holds(&all[open[k]], own[open[k]], &all[i]); at >= 0 {
				parent[i], shift[i] = open[k], own[open[k]][at].Depth+1
			}
		}
		open = append(open, i)
	}
	grown := make([]bool, len(all))
	for i := range all {
		deeper := 0
		for n, j := 0, i; n < maxNest && parent[j] >= 0; n, j = n+1, parent[j] {
			deeper += shift[j]
			outer := &all[parent[j]]
			if !grown[parent[j]] {
				outer.Items = append([]briefs.Item(nil), outer.Items...)
				grown[parent[j]] = true
			}
			for _, item := range own[i] {
				item.Depth += deeper
				outer.Items = append(outer.Items, item)
			}
		}
	}
	for i := range all {
		if items := all[i].Items; grown[i] {
			sort.SliceStable(items, func(a, b int) bool { return items[a].Start < items[b].Start })
			all[i].Items = apart(items)
		}
	}
}

// apart returns items without those that overlap the one before: two inner
// enumerations may share a sentence, none shares one with the outer.
func apart(items []briefs.Item) []briefs.Item {
	out, pos := items[:0], 0
	for _, item := range items {
		if item.Start >= pos {
			out, pos = append(out, item), item.End
		}
	}
	return out
}

// holds returns the index of the item of outer that inner stands under: it
// announces inner, or holds it in its own paragraph; -1 when there is none.
func holds(outer *found, items []briefs.Item, inner *found) int {
	first, last := inner.Items[0], inner.Items[len(inner.Items)-1]
	at := sort.Search(len(items), func(i int) bool { return items[i].Start >= first.Start }) - 1
	if at < 0 || items[at].End > first.Start {
		return -1
	}
	if at+1 < len(items) && items[at+1].Start < last.End {
		return -1
	}
	block := outer.blocks[at]
	below := inner.lead < 0 && inner.list && !outer.list && inner.blocks[0] <= block+1
	if inner.lead == block || inner.blocks[0] == block || below {
		return at
	}
	return -1
}
