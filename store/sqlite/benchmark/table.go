package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// names are the engines as tables name them.
var names = map[string]string{
	"briefdesk": "briefdesk", "fts5": "plain FTS5", "bleve": "Bleve, our terms",
	"bleve-en": "Bleve, its English", "xapian": "Xapian",
}

// report prints tables as Markdown.
func report(w io.Writer, s settings, all [][]figures, left []string) error {
	var b strings.Builder
	last := all[len(all)-1]
	compared(&b, last)
	if last[0].Engine == "briefdesk" {
		ours(&b, last[0])
		agreement(&b, last)
	}
	if len(all) > 1 {
		grown(&b, all)
	}
	for _, l := range left {
		fmt.Fprintf(&b, "\n%s.\n", l)
	}
	fmt.Fprintf(&b, "\nLoad of the machine at the end: %s.\n", load())
	_, err := io.WriteString(w, b.String())
	return err
}

// compared prints all engines side by side, with the ratios to the first.
func compared(b *strings.Builder, row []figures) {
	head := func(first string) {
		fmt.Fprintf(b, "| %s |", first)
		for _, f := range row {
			fmt.Fprintf(b, " %s |", names[f.Engine])
		}
		fmt.Fprintf(b, "\n|---|%s\n", strings.Repeat("---|", len(row)))
	}
	line := func(what, unit string, more bool, of func(f figures) float64) {
		fmt.Fprintf(b, "| %s |", what)
		for i, f := range row {
			v := of(f)
			switch ratio := v / of(row[0]); {
			case v == 0:
				b.WriteString(" – |")
				continue
			case i == 0 || of(row[0]) == 0:
				fmt.Fprintf(b, " %s |", short(v, unit))
			case more:
				fmt.Fprintf(b, " %s (%s×) |", short(v, unit), digits(1/ratio))
			default:
				fmt.Fprintf(b, " %s (%s×) |", short(v, unit), digits(ratio))
			}
		}
		b.WriteByte('\n')
	}
	n := float64(row[0].Passages)
	head(fmt.Sprintf("%d passages", row[0].Passages))
	for _, c := range []struct {
		what string
		of   func(f figures) []cost
	}{{"search, warm", func(f figures) []cost { return f.Warm }}, {"search, asked first", func(f figures) []cost { return f.First }}} {
		for _, p := range []int{50, 95, 99} {
			line(fmt.Sprintf("%s, CPU, p%d", c.what, p), "ms", false, func(f figures) float64 { return 1e3 * percentile(c.of(f), p, onCPU) })
		}
		for _, p := range []int{50, 95, 99} {
			line(fmt.Sprintf("%s, wall, p%d", c.what, p), "ms", false, func(f figures) float64 { return 1e3 * percentile(c.of(f), p, onWall) })
		}
	}
	line("search, cold, wall, p50", "ms", false, func(f figures) float64 { return 1e3 * middle(f.Cold) })
	line("read from disk for it", "kB", false, func(f figures) float64 { return float64(f.ColdRead) / 1e3 })
	line("opened and answered, wall", "ms", false, func(f figures) float64 { return 1e3 * f.Open })
	line("adding, passages per CPU second, work in the background included", "", true, func(f figures) float64 { return n / f.Settled.CPU })
	line("adding, passages per second", "", true, func(f figures) float64 { return n / f.Add.Wall })
	line("adding, memory, the peak", "MB", false, func(f figures) float64 { return float64(f.AddPeak) / 1e6 })
	line("serving, memory at rest", "MB", false, func(f figures) float64 { return float64(f.Resident) / 1e6 })
	line("serving, memory, the peak", "MB", false, func(f figures) float64 { return float64(f.Peak) / 1e6 })
	line("disk", "MB", false, func(f figures) float64 { return float64(f.Disk) / 1e6 })
}

// ours prints what is measured of briefdesk alone.
func ours(b *strings.Builder, f figures) {
	fmt.Fprintf(b, "\n| briefdesk, %d passages | |\n|---|---|\n", f.Passages)
	row := func(what, format string, args ...any) {
		fmt.Fprintf(b, "| %s | %s |\n", what, fmt.Sprintf(format, args...))
	}
	for _, fl := range f.Filters {
		for _, p := range []int{50, 99} {
			with, without := percentile(fl.With, p, onCPU), percentile(fl.Without, p, onCPU)
			row(fmt.Sprintf("search in the collection %q, CPU, p%d, and in all in turn with it", fl.Collection, p), "%s, %s (%.2f×)", short(1e3*with, "ms"), short(1e3*without, "ms"), with/without)
		}
	}
	if k := len(f.Parallel); k > 0 {
		row("searches a second of two goroutines, in those of one: median, least and most", "%.2f× (%.2f to %.2f, %d times)", f.Parallel[k/2], f.Parallel[0], f.Parallel[k-1], k)
	}
	if k := len(f.Beside); k > 0 {
		row("CPU time of a search beside another, in that of one alone: median", "%.2f×", f.Beside[k/2])
	}
	for _, a := range []struct {
		what  string
		costs []cost
	}{{"whole `ask`, asked first", f.AskFirst}, {"whole `ask`, warm", f.Ask}} {
		row(a.what+", wall, p50 and p99", "%s, %s", short(1e3*percentile(a.costs, 50, onWall), "ms"), short(1e3*percentile(a.costs, 99, onWall), "ms"))
		row(a.what+", CPU, p50 and p99", "%s, %s", short(1e3*percentile(a.costs, 50, onCPU), "ms"), short(1e3*percentile(a.costs, 99, onCPU), "ms"))
	}
	row("questions answered", "%d of %d", f.Answered, len(f.Ask))
	row("`briefdesk serve`: ready, and the first answer given, after its start", "%s, %s", short(1e3*f.Served.Ready, "ms"), short(1e3*f.Served.Answered, "ms"))
	row("`briefdesk serve`: pages with an answer, p50 and p99", "%s, %s", short(1e3*percentile(f.Served.Page, 50, onWall), "ms"), short(1e3*percentile(f.Served.Page, 99, onWall), "ms"))
	row("`briefdesk serve`: memory after the first answer, after all, and the peak", "%s, %s, %s", short(float64(f.Served.Begin)/1e6, "MB"), short(float64(f.Served.Resident)/1e6, "MB"), short(float64(f.Served.Peak)/1e6, "MB"))
	row("packed tables, part of the disk", "%s", short(float64(f.Packed)/1e6, "MB"))
	row("adding, and until all is packed and merged, wall", "%s, %s", short(f.Add.Wall, "s"), short(f.Settled.Wall, "s"))
	row("the longest pause of adding", "%s", short(f.Pause, "s"))
	for _, e := range f.Exact {
		what := fmt.Sprintf("the best %d in the order of the exhaustive scorer", exactBest)
		if e.Collection != "" {
			what += fmt.Sprintf(", in the collection %q", e.Collection)
		}
		row(what, "%d of %d", e.Same, e.Asked)
		if e.Other != "" {
			row("the first that is not", "%s", e.Other)
		}
	}
}

// agreement tells how far the engines find the same.
func agreement(b *strings.Builder, row []figures) {
	for _, f := range row[1:] {
		same, shared, all := 0, 0, 0
		for i, want := range row[0].Best {
			if i >= len(f.Best) {
				break
			}
			if slices.Equal(want, f.Best[i]) {
				same++
			}
			all += len(want)
			for _, id := range want {
				if slices.Contains(f.Best[i], id) {
					shared++
				}
			}
		}
		if f.Engine == "bleve-en" || all == 0 {
			continue // it knows lines, not passages
		}
		fmt.Fprintf(b, "\n%s found the same ten in the same order for %d of %d questions, and %.1f %% of all.", names[f.Engine], same, len(f.Best), 100*float64(shared)/float64(all))
	}
	b.WriteByte('\n')
}

// grown prints how search grows.
func grown(b *strings.Builder, all [][]figures) {
	engines := lasts(all)
	fmt.Fprintf(b, "\n| search, warm, CPU, p50 / p99 in ms |")
	for _, f := range engines {
		fmt.Fprintf(b, " %s |", names[f.Engine])
	}
	fmt.Fprintf(b, " whole `ask`, wall |\n|---|%s---|\n", strings.Repeat("---|", len(engines)))
	pair := func(costs []cost, on func(cost) float64) {
		if len(costs) == 0 {
			b.WriteString(" – |")
			return
		}
		fmt.Fprintf(b, " %s / %s |", digits(1e3*percentile(costs, 50, on)), digits(1e3*percentile(costs, 99, on)))
	}
	for _, row := range all {
		fmt.Fprintf(b, "| %d |", row[0].Passages)
		for _, e := range engines {
			f := of(row, e.Engine)
			if f == nil {
				f = &figures{}
			}
			pair(f.Warm, onCPU)
		}
		if f := of(row, "briefdesk"); f != nil {
			pair(f.Ask, onWall)
		}
		b.WriteByte('\n')
	}
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
	v := make([]float64, len(costs))
	for i, c := range costs {
		v[i] = of(c)
	}
	slices.Sort(v)
	return share(v, p)
}

// middle is the median of v; 0 when there are none.
func middle(v []float64) float64 { return share(slices.Sorted(slices.Values(v)), 50) }

func share(sorted []float64, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}
