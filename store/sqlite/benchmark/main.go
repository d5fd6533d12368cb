// Command benchmark measures the library beside plain FTS5, Bleve and, where
// it is installed, Xapian, over the same passages, in the same run on the same
// machine: adding, searching, asking, memory and disk. Each engine runs in
// processes of its own, so that CPU time and memory are the operating system's
// account and nobody else's.
//
//	go run . -passages 10000
//	go run . -growth -keep DIR -plot growth.svg
//
// The passages and the questions are those of the folder that
// BRIEFDESK_SHARED names (default: shared, beside the repository).
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
	"strconv"
	"strings"
	"time"
)

// settings are what a run is told.
type settings struct {
	root                string // folder of the data sets
	passages, questions int
	growth              bool          // also with fewer passages
	exact               int           // questions compared with an exhaustive scorer; 0 is none
	engines             []string      // to be measured, some with a colon and the largest size for them
	keep                string        // folder where all that is made and measured stays; empty keeps nothing
	fill                bool          // make the indexes, measure nothing else
	plot                string        // file for the plot; empty draws none
	budget              time.Duration // for the repetitions of one measurement

	engine, phase string // do this alone, in this process, and print it as JSON
	dir           string // with engine: where the data and the indexes are
	profile       string // with engine: folder for a CPU profile; empty is none
}

// steps are the sizes of a growth curve, half a power of ten apart.
var steps = []int{10_000, 31_000, 100_000, 316_000}

// sizes are the numbers of passages that a run measures.
func (s settings) sizes() (all []int) {
	for _, n := range steps {
		if s.growth && n < s.passages {
			all = append(all, n)
		}
	}
	return append(all, s.passages)
}

func main() {
	s := settings{root: folder()}
	var engines string
	flag.IntVar(&s.passages, "passages", 10_000, "how many passages to add")
	flag.BoolVar(&s.growth, "growth", false, "measure at smaller sizes too; without -passages, up to a million")
	flag.IntVar(&s.questions, "questions", 200, "how many questions to ask")
	flag.IntVar(&s.exact, "exact", 1000, "how many questions to compare with an exhaustive scorer, at the largest size")
	flag.StringVar(&engines, "engines", strings.Join(engineNames, ","), "what to measure; NAME:N measures it with up to N passages only")
	flag.StringVar(&s.keep, "keep", "", "keep data, indexes and figures in this folder, and make or measure nothing that is there")
	flag.BoolVar(&s.fill, "fill", false, "with -keep: make the indexes and end")
	flag.StringVar(&s.plot, "plot", "", "draw how search grows into this file of SVG")
	flag.DurationVar(&s.budget, "budget", time.Minute, "how long one measurement is repeated at most")
	flag.StringVar(&s.engine, "engine", "", "measure one phase of this engine in this process and print it as JSON")
	flag.StringVar(&s.phase, "phase", "", "with -engine: add, serve, cold, start or exact")
	flag.StringVar(&s.dir, "dir", "", "with -engine: the folder of data and indexes")
	flag.StringVar(&s.profile, "profile", "", "with -engine: write a CPU profile to this folder")
	flag.Parse()
	s.engines = strings.Split(engines, ",")
	passages := false
	flag.Visit(func(f *flag.Flag) { passages = passages || f.Name == "passages" })
	if s.growth && !passages {
		s.passages = 1_000_000
	}
	if err := run(context.Background(), s, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings, w io.Writer) error {
	if s.engine != "" {
		return phase(ctx, s, w)
	}
	if s.dir = s.keep; s.dir == "" {
		dir, err := os.MkdirTemp("", "benchmark")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.dir = dir
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if err := prepareData(s.root, s.dir, s.sizes()); err != nil {
		return err
	}
	var left []string // engines that cannot run here, and why
	s.engines = slices.DeleteFunc(slices.Clone(s.engines), func(name string) bool {
		if name, _, _ := strings.Cut(name, ":"); name != "xapian" {
			return false
		}
		err := buildXapian(ctx, s.dir)
		if err != nil {
			left = append(left, fmt.Sprintf("Xapian is left out: %v", err))
		}
		return err != nil
	})
	if s.fill {
		for _, n := range s.sizes() {
			s.passages = n
			if _, err := addAll(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}
	var all [][]figures // by size, then by engine
	for _, n := range s.sizes() {
		row, err := measureAll(ctx, s, n)
		if err != nil {
			return err
		}
		all = append(all, row)
	}
	if s.plot != "" {
		if err := os.WriteFile(s.plot, plot(all), 0o644); err != nil {
			return err
		}
	}
	return report(w, s, all, left)
}

// measureAll measures all engines with n passages. Each phase is done by one
// engine after another, so that what is compared is measured within minutes.
func measureAll(ctx context.Context, s settings, n int) (all []figures, err error) {
	largest := s.passages
	s.passages = n
	if all, err = addAll(ctx, s); err != nil {
		return nil, err
	}
	for _, name := range []string{"serve", "cold"} {
		for i := range all {
			if err := measured(ctx, s, all[i].Engine, name, &all[i]); err != nil {
				return nil, err
			}
		}
	}
	ours := of(all, "briefdesk")
	if ours == nil {
		return all, nil
	}
	if err := measured(ctx, s, ours.Engine, "start", ours); err != nil {
		return nil, err
	}
	if s.exact > 0 && n == largest {
		err = measured(ctx, s, ours.Engine, "exact", ours)
	}
	return all, err
}

// addAll adds to all engines.
func addAll(ctx context.Context, s settings) (all []figures, err error) {
	for _, engine := range s.engines {
		name, most, limited := strings.Cut(engine, ":")
		if n, err := strconv.Atoi(most); limited && err != nil {
			return nil, fmt.Errorf("engine %q: %w", engine, err)
		} else if limited && n < s.passages {
			continue
		}
		f := figures{Engine: name, Passages: s.passages}
		if err := measured(ctx, s, name, "add", &f); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// measured does one phase of an engine, unless what it measured was kept, and
// adds that to f.
func measured(ctx context.Context, s settings, engine, phase string, f *figures) error {
	kept := filepath.Join(s.dir, fmt.Sprintf("%s-%d-%s.json", engine, s.passages, phase))
	if b, err := os.ReadFile(kept); err == nil {
		return json.Unmarshal(b, f)
	}
	if phase == "add" {
		if err := os.RemoveAll(indexDir(s, engine)); err != nil { // of a run that was cut off
			return err
		}
	}
	out, err := spawn(ctx, s, engine, phase)
	if err == nil {
		err = json.Unmarshal(out, f)
	}
	if err != nil {
		return fmt.Errorf("%s, %s: %w", engine, phase, err)
	}
	return os.WriteFile(kept, out, 0o600)
}

func indexDir(s settings, engine string) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s-%d", engine, s.passages))
}

// spawn measures one phase of an engine in a process of its own and returns
// what it prints.
func spawn(ctx context.Context, s settings, engine, phase string) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	cmd := exec.CommandContext(ctx, self, "-engine", engine, "-phase", phase, "-dir", s.dir, "-budget", s.budget.String(), "-profile", s.profile,
		"-passages", fmt.Sprint(s.passages), "-questions", fmt.Sprint(s.questions), "-exact", fmt.Sprint(s.exact))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	fmt.Fprintf(os.Stderr, "%s: %s with %d passages: %.0f s, load %s\n", time.Now().UTC().Format("15:04:05"), engine+" "+phase, s.passages, time.Since(begun).Seconds(), load())
	return out, err
}
