package extract

import (
	"fmt"
	"testing"
)

// Headings that differ in their number only, and begin pages, stay; running
// heads and the numbers of pages, as large as headings or not, go.
func TestNumberedHeadingsStay(t *testing.T) {
	row := func(text string, y, size float64) segment {
		return segment{runs: []pdfRun{{text: text}}, x0: 50, x1: 300, y: y, size: size}
	}
	var pages [][]segment
	for i := range 6 {
		page := []segment{row("Lorem Report", 800, 16), row(fmt.Sprintf("Recommendation %d", 2*i+1), 780, 16)}
		for n := range 20 {
			page = append(page, row(fmt.Sprintf("Line %c of page %c", 'a'+n, 'a'+i), float64(760-20*n), 10))
		}
		pages = append(pages, append(page, row(fmt.Sprintf("Lorem foot | %d", i+3), 40, 16)))
	}
	dropRunning(pages)
	for i, p := range pages {
		if len(p) != 21 || segmentText(&p[0]) != fmt.Sprintf("Recommendation %d", 2*i+1) || segmentText(&p[20]) != fmt.Sprintf("Line t of page %c", 'a'+i) {
			t.Errorf("page %d has %d rows, from %q to %q", i, len(p), segmentText(&p[0]), segmentText(&p[len(p)-1]))
		}
	}
}
