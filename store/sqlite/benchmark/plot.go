package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// The picture, in its own units: as wide as a phone, so that it is read there
// without being enlarged.
const (
	plotWidth, plotHeight    = 400, 460
	plotLeft, plotRight      = 60, 300 // names of lines stand right of it
	plotTop, plotBottom      = 56, 410
	fewest, most             = 1e4, 1e6 // passages
	fastest, slowest         = 1e-2, 1e4
	plotFont                 = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
	labelSize, labelDistance = 13, 16
)

// colours are those of Okabe and Ito, which the colour-blind tell apart.
var colours = map[string]string{
	"briefdesk": "#0072b2", "fts5": "#d55e00", "bleve": "#009e73", "bleve-en": "#8a6d00", "xapian": "#aa4499",
}

// plot draws CPU time of warm searches over the number of passages, both
// logarithmic: medians as lines, the 99th of a hundred as broken ones.
func plot(all [][]figures) []byte {
	x := func(n float64) float64 {
		return plotLeft + (plotRight-plotLeft)*(math.Log10(n)-math.Log10(fewest))/(math.Log10(most)-math.Log10(fewest))
	}
	y := func(ms float64) float64 {
		ms = min(max(ms, fastest), slowest)
		return plotBottom - (plotBottom-plotTop)*(math.Log10(ms)-math.Log10(fastest))/(math.Log10(slowest)-math.Log10(fastest))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="%s" font-size="%d" role="img">`+"\n",
		plotWidth, plotHeight, plotWidth, plotHeight, plotFont, labelSize)
	fmt.Fprintf(&b, `<title>CPU time of a search over the number of passages, both logarithmic</title>`+"\n"+`<rect width="100%%" height="100%%" fill="#fff"/>`+"\n")
	fmt.Fprintf(&b, `<text x="10" y="22" font-size="15" font-weight="600">CPU time of a search, top 10</text>`+"\n")
	fmt.Fprintf(&b, `<text x="10" y="41" fill="#555">line: p50, broken: p99; both scales logarithmic</text>`+"\n")
	for ms := fastest; ms <= slowest*1.01; ms *= 10 {
		label := fmt.Sprintf("%g ms", math.Round(ms*100)/100)
		if ms > 999 {
			label = fmt.Sprintf("%.0f s", ms/1000)
		}
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end" fill="#555">%s</text>`+"\n", plotLeft, y(ms), plotRight, plotLeft-5, y(ms)+4, label)
	}
	for i, row := range all {
		n := float64(row[0].Passages)
		label := fmt.Sprintf("%gk", n/1000)
		if n >= 1e6 {
			label = fmt.Sprintf("%gM", n/1e6)
		}
		if len(all) > 3 && i%2 == 1 { // too close to the next
			label = ""
		}
		fmt.Fprintf(&b, `<path d="M%.1f %dV%d" stroke="#eee"/><text x="%.1f" y="%d" text-anchor="middle" fill="#555">%s</text>`+"\n", x(n), plotTop, plotBottom, x(n), plotBottom+18, label)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#555">passages</text>`+"\n", (plotLeft+plotRight)/2, plotBottom+37)
	var labels []label
	for _, f := range all[len(all)-1] { // one that was measured at fewer passages alone has no place for its name
		colour := colours[f.Engine]
		for _, p := range []int{50, 99} {
			var points []string
			for _, row := range all {
				if g := of(row, f.Engine); g != nil {
					points = append(points, fmt.Sprintf("%.1f,%.1f", x(float64(g.Passages)), y(1e3*percentile(g.Warm, p, onCPU))))
				}
			}
			style := `stroke-width="2.5"`
			if p == 99 {
				style = `stroke-width="1.5" stroke-dasharray="4 4"`
			}
			fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" %s/>`+"\n", strings.Join(points, " "), colour, style)
		}
		labels = append(labels, label{names[f.Engine], colour, y(1e3 * percentile(f.Warm, 50, onCPU))})
	}
	for _, l := range spread(labels) {
		name, rest, _ := strings.Cut(l.text, ", ")
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s" font-weight="600">%s</text>`+"\n", plotRight+6, l.y+4, l.colour, name)
		if rest != "" {
			fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s" font-size="11">%s</text>`+"\n", plotRight+6, l.y+4+labelDistance-3, l.colour, rest)
		}
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// lasts are the engines, each with its figures at the largest size that it was
// measured at.
func lasts(all [][]figures) (found []figures) {
	for _, row := range slices.Backward(all) {
		for _, f := range row {
			if of(found, f.Engine) == nil {
				found = append(found, f)
			}
		}
	}
	return found
}

// of is the engine of that name in row; nil when it is not there.
func of(row []figures, name string) *figures {
	if i := slices.IndexFunc(row, func(f figures) bool { return f.Engine == name }); i >= 0 {
		return &row[i]
	}
	return nil
}

type label struct {
	text, colour string
	y            float64
}

// spread orders labels from above and moves them apart so that none covers
// another.
func spread(labels []label) []label {
	slices.SortFunc(labels, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	height := func(l label) float64 { // of the lines that it takes
		if strings.Contains(l.text, ", ") {
			return 2 * labelDistance
		}
		return labelDistance
	}
	for range 50 {
		for i := 1; i < len(labels); i++ {
			a, b := &labels[i-1], &labels[i]
			if over := a.y + height(*a) - b.y; over > 0 {
				a.y, b.y = a.y-over/2, b.y+over/2
			}
		}
	}
	return labels
}
