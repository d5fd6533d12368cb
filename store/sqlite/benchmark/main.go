// Command benchmark measures the library beside Bleve over the same passages,
// in the same run on the same machine: adding, asking, memory and disk. Each
// engine runs in a process of its own, so that its CPU time and peak memory
// are the operating system's account and nobody else's.
//
//	go run . -passages 10000
//
// It reads the passages and the questions of the folder that BRIEFDESK_SHARED
// names (default ../shared beside the repository).
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Figures is what one engine's process reports.
type Figures struct {
	Engine    string
	Documents int
	Add       float64   // CPU seconds to add all documents, reading them not included
	AddWall   float64   // wall seconds
	Search    []float64 // milliseconds of each search, top 10
	Ask       []float64 // milliseconds of each whole answer; only ours
	Disk      int64     // bytes
	Peak      int64     // kilobytes, the largest resident set
	Answered  int
}

// engine is one index under test.
type engine interface {
	Add(ctx context.Context, docs []Passage) error
	Search(ctx context.Context, question string) error
	Close() error
}

func main() {
	passages := flag.Int("passages", 10_000, "how many passages to add")
	questions := flag.Int("questions", 200, "how many questions to ask")
	only := flag.String("engine", "", "run this engine only and print its figures as JSON")
	flag.Parse()
	if err := run(context.Background(), *passages, *questions, *only, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, passages, questions int, only string, w io.Writer) error {
	if only != "" {
		f, err := measure(ctx, only, passages, questions)
		if err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(f)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var all []Figures
	for _, name := range []string{"briefdesk", "bleve"} {
		cmd := exec.CommandContext(ctx, self, "-engine", name, "-passages", fmt.Sprint(passages), "-questions", fmt.Sprint(questions))
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		var f Figures
		if err := json.Unmarshal(out, &f); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, f)
	}
	print(w, passages, all)
	return nil
}

// measure runs one engine in this process.
func measure(ctx context.Context, name string, passages, questions int) (Figures, error) {
	f := Figures{Engine: name}
	docs, err := readPassages(passages)
	if err != nil {
		return f, err
	}
	qs, err := readQuestions(questions)
	if err != nil {
		return f, err
	}
	dir, err := os.MkdirTemp("", "benchmark")
	if err != nil {
		return f, err
	}
	defer os.RemoveAll(dir)
	var e engine
	if name == "bleve" {
		e, err = openBleve(filepath.Join(dir, "bleve"))
	} else {
		e, err = openBriefdesk(ctx, filepath.Join(dir, "library.db"))
	}
	if err != nil {
		return f, err
	}
	defer e.Close()

	f.Documents = len(docs)
	cpu, wall := cpuSeconds(), time.Now()
	if err := e.Add(ctx, docs); err != nil {
		return f, err
	}
	f.Add, f.AddWall = cpuSeconds()-cpu, time.Since(wall).Seconds()
	docs = nil
	for round := range 2 { // the first round warms the caches
		for _, q := range qs {
			ms, err := timed(func() error { return e.Search(ctx, q) })
			if err != nil {
				return f, err
			}
			if round == 1 {
				f.Search = append(f.Search, ms)
			}
		}
	}
	if ours, ok := e.(*briefdesk); ok {
		for _, q := range qs {
			ms, err := timed(func() error {
				answered, err := ours.Ask(ctx, q)
				if answered {
					f.Answered++
				}
				return err
			})
			if err != nil {
				return f, err
			}
			f.Ask = append(f.Ask, ms)
		}
	}
	f.Disk = size(dir)
	f.Peak = peak()
	return f, nil
}

func timed(do func() error) (ms float64, err error) {
	start := time.Now()
	err = do()
	return float64(time.Since(start).Microseconds()) / 1000, err
}

// cpuSeconds is the user and system time of this process.
func cpuSeconds() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// peak is the largest resident set of this process, in kilobytes.
func peak() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Maxrss
}

func size(dir string) (n int64) {
	_ = filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			n += info.Size()
		}
		return nil
	})
	return n
}

func percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	return s[min(int(p*float64(len(s))), len(s)-1)]
}

func print(w io.Writer, passages int, all []Figures) {
	ours, peer := all[0], all[1]
	row := func(what, unit string, a, b float64, better float64) {
		fmt.Fprintf(w, "| %s | %.4g %s | %.4g %s | %.2f× |\n", what, a, unit, b, unit, better)
	}
	fmt.Fprintf(w, "| %d passages | briefdesk | Bleve v2.6.1 | briefdesk is better by |\n|---|---|---|---|\n", passages)
	perCPU := func(f Figures) float64 { return float64(f.Documents) / f.Add }
	perWall := func(f Figures) float64 { return float64(f.Documents) / f.AddWall }
	row("adding, documents per CPU second", "", perCPU(ours), perCPU(peer), perCPU(ours)/perCPU(peer))
	row("adding, documents per second", "", perWall(ours), perWall(peer), perWall(ours)/perWall(peer))
	for _, p := range []float64{0.5, 0.95} {
		a, b := percentile(ours.Search, p), percentile(peer.Search, p)
		row(fmt.Sprintf("search, top 10, p%.0f", p*100), "ms", a, b, b/a)
	}
	for _, p := range []float64{0.5, 0.95} {
		fmt.Fprintf(w, "| whole `ask`, p%.0f | %.4g ms | – | – |\n", p*100, percentile(ours.Ask, p))
	}
	row("memory, peak of adding and asking", "MB", float64(ours.Peak)/1024, float64(peer.Peak)/1024, float64(peer.Peak)/float64(ours.Peak))
	row("disk", "MB", float64(ours.Disk)/1e6, float64(peer.Disk)/1e6, float64(peer.Disk)/float64(ours.Disk))
	fmt.Fprintf(w, "\n%d of %d questions were answered from these passages.\n", ours.Answered, len(ours.Ask))
}
