package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
)

// column is one column of a table. Flexible columns share what is left of
// the width.
type column struct {
	title    string
	right    bool // aligned right
	flexible bool // may be cut
}

// leastFlexible is how narrow a flexible column may become, in columns.
const leastFlexible = 12

// table prints rows under a header, aligned, no wider than the view where
// the columns that must not be cut allow.
func (v view) table(w io.Writer, columns []column, rows [][]string) {
	const gap = 2
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = uniseg.StringWidth(c.title)
		for _, row := range rows {
			row[i] = collapse(clean(row[i]))
			widths[i] = max(widths[i], uniseg.StringWidth(row[i]))
		}
	}
	fit(columns, widths, v.width-gap*(len(columns)-1))
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.title
	}
	fmt.Fprintln(w, v.dim(line(columns, widths, header, gap)))
	for _, row := range rows {
		fmt.Fprintln(w, line(columns, widths, row, gap))
	}
}

// fit narrows the widest flexible column, again and again, until all fit.
func fit(columns []column, widths []int, room int) {
	for {
		sum, widest := 0, -1
		for i, c := range columns {
			sum += widths[i]
			if c.flexible && widths[i] > leastFlexible && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if sum <= room || widest < 0 {
			return
		}
		widths[widest]--
	}
}

func line(columns []column, widths []int, row []string, gap int) string {
	var b strings.Builder
	for i, c := range columns {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		s := cell(row[i], widths[i])
		if c.right {
			text := strings.TrimRight(s, " ")
			s = strings.Repeat(" ", len(s)-len(text)) + text
		}
		b.WriteString(s)
	}
	return strings.TrimRight(b.String(), " ")
}
