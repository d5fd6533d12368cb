package chart

import (
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/go-analyze/charts"
)

// Width and Height of a picture in pixels. Chats show it about 360 px wide
// on a phone, so that letters are drawn at more than twice their size there.
const (
	Width  = 960
	Height = 600

	margin = 28
)

// Theme is what ground the picture stands on. The ground is part of the
// picture, so that either theme reads on any page.
type Theme string

// The themes.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// The colours of groups in order, then of others: the palette of Okabe and
// Ito (https://jfly.uni-koeln.de/color/), which people with any colour vision
// tell apart, darkened or lightened until each has a contrast of 3 to its
// ground (WCAG 1.4.11). A test computes it.
var palettes = map[Theme]palette{
	Light: {ground: "#fbfaf7", ink: "#1d1f24", faint: "#d9d6cd", series: []string{"#0067a3", "#b35400", "#00805f", "#a3568a", "#7d6a00", "#6b7078"}},
	Dark:  {ground: "#16181d", ink: "#ece9e2", faint: "#3a3e47", series: []string{"#56b4e9", "#e69f00", "#2fc295", "#dd93bf", "#e4d74c", "#9aa0a9"}},
}

type palette struct {
	ground, ink, faint string
	series             []string
}

// PNG draws t.
func (t *Tally) PNG(theme Theme) ([]byte, error) {
	pal, ok := palettes[theme]
	if !ok {
		return nil, fmt.Errorf("chart: no theme %q", theme)
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: Width, Height: Height, Theme: pal.theme()})
	p.FilledRect(0, 0, Width, Height, charts.ColorFromHex(pal.ground), charts.ColorFromHex(pal.ground), 0)
	p.Text("Documents per week", margin, 52, 0, pal.font(26))
	p.Text(t.span(), margin, 88, 0, pal.font(18))
	bottom := t.drawLegend(p, pal, 100)
	if err := p.Child(charts.PainterPaddingOption(charts.NewBox(margin, bottom, margin, 20))).BarChart(t.option(pal)); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	file, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return reduce(file)
}

// drawLegend draws the names below top and returns where it ends.
func (t *Tally) drawLegend(p *charts.Painter, pal palette, top int) (bottom int) {
	const square, gap, line = 20, 10, 36
	x, y := margin, top
	for i, name := range t.legend() {
		width := square + gap + p.MeasureText(name, 0, pal.font(18)).Width()
		if x > margin && x+width > Width-margin {
			x, y = margin, y+line
		}
		colour := charts.ColorFromHex(pal.series[i])
		p.FilledRect(x, y+8, x+square, y+8+square, colour, colour, 0)
		p.Text(name, x+square+gap, y+27, 0, pal.font(18))
		x += width + 2*gap + 8
	}
	return y + line + 14
}

func (p palette) font(size float64) charts.FontStyle {
	return charts.FontStyle{FontSize: size, FontColor: charts.ColorFromHex(p.ink), Font: charts.GetFont(charts.FontFamilyNotoSans)}
}

func (p palette) theme() charts.ColorPalette {
	ink := charts.ColorFromHex(p.ink)
	var series []charts.Color
	for _, c := range p.series {
		series = append(series, charts.ColorFromHex(c))
	}
	return charts.MakeTheme(charts.ThemeOption{
		BackgroundColor: charts.ColorFromHex(p.ground), TextColor: ink, AxisStrokeColor: ink,
		AxisSplitLineColor: charts.ColorFromHex(p.faint), SeriesColors: series,
	})
}

func (t *Tally) option(pal palette) charts.BarChartOption {
	o := charts.NewBarChartOptionWithData(t.values())
	o.Theme = pal.theme()
	o.StackSeries = charts.Ptr(true)
	o.Padding = charts.BoxZero
	o.Legend = charts.LegendOption{Show: charts.Ptr(false)}
	o.CategoryAxis = charts.CategoryAxisOption{Labels: t.labels(), LabelFontStyle: pal.font(17), LabelCount: len(t.Weeks), BoundaryGap: charts.Ptr(true)}
	top, step := scale(t.highest())
	o.ValueAxis = []charts.ValueAxisOption{{
		Min: charts.Ptr(0.0), Max: charts.Ptr(top), Unit: step, LabelCount: int(top/step) + 1, LabelFontStyle: pal.font(17),
		SplitLineShow:  charts.Ptr(true),
		ValueFormatter: func(v float64) string { return fmt.Sprintf("%.0f", v) },
	}}
	return o
}

// values are the bars, one row a group; one empty row when nothing is there.
func (t *Tally) values() [][]float64 {
	if len(t.Groups) == 0 {
		return [][]float64{make([]float64, len(t.Weeks))}
	}
	rows := make([][]float64, len(t.Groups))
	for i, g := range t.Groups {
		for _, n := range g.Counts {
			rows[i] = append(rows[i], float64(n))
		}
	}
	return rows
}

// mostLabels keeps the dates below the bars apart.
const mostLabels = 6

// labels names every few weeks, ending with the last; the others have none.
func (t *Tally) labels() []string {
	every := (len(t.Weeks) + mostLabels - 1) / mostLabels
	labels := make([]string, len(t.Weeks))
	for i := len(labels) - 1; i >= 0; i -= every {
		labels[i] = t.Weeks[i].Format("2 Jan")
	}
	return labels
}

// longestName keeps five names of a legend on two lines, in runes.
const longestName = 24

// legend is the names of the groups; a name in a script that the font lacks
// is a number, which Alt resolves by the same order.
func (t *Tally) legend() []string {
	font := charts.GetFont(charts.FontFamilyNotoSans)
	names := []string{}
	for i, g := range t.Groups {
		name := t.name(g)
		for _, r := range name {
			if font.Index(r) == 0 {
				name = fmt.Sprintf("no. %d", i+1)
				break
			}
		}
		if utf8.RuneCountInString(name) > longestName {
			name = string([]rune(name)[:longestName-1]) + "…"
		}
		names = append(names, name)
	}
	return names
}

func (t *Tally) highest() int {
	n := 0
	for i := range t.Weeks {
		n = max(n, t.week(i))
	}
	return n
}

// scale is the end of the value axis and the distance of its lines: whole
// numbers of the form 1, 2 or 5 times a power of ten, at most five lines.
func scale(highest int) (top, step float64) {
	step = 1
	for factor := 0; step*5 < float64(highest); factor++ {
		step = []float64{1, 2, 5}[(factor+1)%3] * math.Pow10((factor+1)/3)
	}
	return math.Max(step, math.Ceil(float64(highest)/step)*step), step
}
