package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// table prints ours beside the peer's as Markdown.
func table(w io.Writer, ours, peer figures) error {
	var b strings.Builder
	row := func(what, unit string, ours, peer, better float64) {
		fmt.Fprintf(&b, "| %s | %s | %s | %.2f× |\n", what, short(ours, unit), short(peer, unit), better)
	}
	more := func(what, unit string, ours, peer float64) { row(what, unit, ours, peer, ours/peer) }
	less := func(what, unit string, ours, peer float64) { row(what, unit, ours, peer, peer/ours) }

	fmt.Fprintf(&b, "| %d passages | briefdesk | Bleve | ratio, above 1 is better |\n|---|---|---|---|\n", ours.Passages)
	n := float64(ours.Passages)
	more("adding, passages per CPU second", "", n/ours.Add.CPU, n/peer.Add.CPU)
	more("adding, passages per second", "", n/ours.Add.Wall, n/peer.Add.Wall)
	for _, of := range []struct {
		what       string
		ours, peer []cost
	}{{"search, asked first", ours.First, peer.First}, {"search, asked again", ours.Search, peer.Search}} {
		for _, p := range []int{50, 95} {
			less(fmt.Sprintf("%s, CPU, p%d", of.what, p), "ms", 1e3*percentile(of.ours, p, onCPU), 1e3*percentile(of.peer, p, onCPU))
		}
		less(of.what+", wall, p50", "ms", 1e3*percentile(of.ours, 50, onWall), 1e3*percentile(of.peer, 50, onWall))
	}
	for _, p := range []int{50, 95} {
		fmt.Fprintf(&b, "| whole `ask`, asked first, CPU, p%d | %s | – | – |\n", p, short(1e3*percentile(ours.Ask, p, onCPU), "ms"))
	}
	fmt.Fprintf(&b, "| whole `ask`, asked first, wall, p50 | %s | – | – |\n", short(1e3*percentile(ours.Ask, 50, onWall), "ms"))
	less("memory, the peak", "MB", float64(ours.Peak)/1e6, float64(peer.Peak)/1e6)
	less("disk", "MB", float64(ours.Disk)/1e6, float64(peer.Disk)/1e6)
	fmt.Fprintf(&b, "\nOf %d questions briefdesk found passages for %d and answered %d; Bleve found passages for %d.\n",
		len(ours.Search), ours.Found, ours.Answered, peer.Found)
	_, err := io.WriteString(w, b.String())
	return err
}

// short writes two or three figures of v, without exponents, and its unit.
func short(v float64, unit string) string {
	return strings.TrimSpace(digits(v) + " " + unit)
}

func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 0.1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

func onCPU(c cost) float64  { return c.CPU }
func onWall(c cost) float64 { return c.Wall }

// percentile is the least value that p percent of costs do not exceed; 0 when
// there are none.
func percentile(costs []cost, p int, of func(cost) float64) float64 {
	if len(costs) == 0 {
		return 0
	}
	v := make([]float64, len(costs))
	for i, c := range costs {
		v[i] = of(c)
	}
	slices.Sort(v)
	return v[max(0, (len(v)*p+99)/100-1)]
}
