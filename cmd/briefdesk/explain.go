package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// explanation prints why each sentence was chosen: a row for each feature, a
// column for each quote; and what else was searched.
func (p *printer) explanation(ans *briefs.Answer, citations []briefs.Citation) {
	fmt.Fprintf(p.w, "\n Kind of question: %s", ans.Kind)
	if !ans.Answered() {
		fmt.Fprintf(p.w, "; silent because: %s", ans.Reason)
	}
	fmt.Fprintln(p.w)
	for _, term := range slices.Sorted(maps.Keys(ans.Expanded)) {
		fmt.Fprint(p.w, p.paragraph(" Searched for "+clean(term)+": also ", strings.Join(ans.Expanded[term], ", ")))
	}
	const perTable = 8 // columns of seven fit beside the names in 80
	for part := range slices.Chunk(citations, perTable) {
		p.features(part)
	}
}

func (p *printer) features(citations []briefs.Citation) {
	columns := []column{{title: " feature"}}
	var names []string
	for _, c := range citations {
		columns = append(columns, column{title: strconv.Itoa(c.N), right: true})
		for _, f := range c.Why {
			if !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	var rows [][]string
	for _, name := range names {
		row := []string{name}
		for _, c := range citations {
			value := ""
			for _, f := range c.Why {
				if f.Name == name {
					value = strconv.FormatFloat(f.Value, 'f', 2, 64)
				}
			}
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		fmt.Fprintln(p.w)
		p.table(p.w, columns, rows)
	}
}
