// Command load measures the pages under load: it starts briefdesk serve as a
// process of its own over a library of real texts, asks for pages and then for
// answers at a fixed rate for a while, and prints how long they took, what
// failed, and how much memory the process held.
//
//	go run ./bot/web/load
//
// Requests arrive at random moments, at the given rate on average, whether or
// not earlier ones have been answered, and times count from the moment a
// request was due: a server that falls behind is not spared (open loop). The
// texts and questions are those of the folder that BRIEFDESK_SHARED names
// (default: ../shared), and the sample library.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// settings are what a run is told.
type settings struct {
	program          string // path of briefdesk; empty builds it
	root             string // folder of the data sets; empty takes the sample library alone
	more             string // another source for the library; empty is none
	pages, questions float64
	each             time.Duration
	seed             int64
}

func main() {
	s := settings{root: folder()}
	flag.StringVar(&s.program, "briefdesk", "", "measure this program instead of building one")
	flag.StringVar(&s.more, "add", "", "add this source to the library too")
	flag.Float64Var(&s.pages, "pages", 200, "pages a second")
	flag.Float64Var(&s.questions, "questions", 20, "questions a second")
	flag.DurationVar(&s.each, "for", time.Minute, "how long each kind of load lasts")
	flag.Int64Var(&s.seed, "seed", 1, "seed of what is asked when")
	flag.Parse()
	if err := run(context.Background(), s, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// folder is where the data sets stand.
func folder() string {
	if root := os.Getenv("BRIEFDESK_SHARED"); root != "" {
		return root
	}
	return filepath.Join("..", "shared")
}

func run(ctx context.Context, s settings, w io.Writer) error {
	dir, err := os.MkdirTemp("", "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.program == "" {
		s.program = filepath.Join(dir, "briefdesk")
		build := exec.CommandContext(ctx, "go", "build", "-o", s.program, "briefdesk/cmd/briefdesk")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w: %s", err, out)
		}
	}
	library := filepath.Join(dir, "library.db")
	held, err := fill(ctx, s, library, dir)
	if err != nil {
		return err
	}
	questions, err := readQuestions(s.root)
	if err != nil {
		return err
	}
	server, err := serve(ctx, s.program, library)
	if err != nil {
		return err
	}
	defer server.stop()
	targets, err := server.targets(ctx, held, questions)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d documents, %d passages; resident at the start %s\n\n", len(held.Documents), held.passages(), server.memory())
	fmt.Fprint(w, "| load | requests | failed | p50 | p90 | p99 | slowest | resident |\n|---|---|---|---|---|---|---|---|\n")
	both := append(plan(targets.pages, s.pages, s.each, s.seed+2), plan(targets.answers, s.questions, s.each, s.seed+3)...)
	for _, phase := range []struct {
		name     string
		requests []request
	}{
		{fmt.Sprintf("%g pages/s for %v", s.pages, s.each), plan(targets.pages, s.pages, s.each, s.seed)},
		{fmt.Sprintf("%g questions/s for %v", s.questions, s.each), plan(targets.answers, s.questions, s.each, s.seed+1)},
		{fmt.Sprintf("both for %v", s.each), both},
	} {
		m := server.press(ctx, phase.requests)
		fmt.Fprintf(w, "| %s | %d | %d | %s | %s | %s | %s | %s |\n", phase.name, len(m.took), len(m.failed),
			ms(m.at(0.5)), ms(m.at(0.9)), ms(m.at(0.99)), ms(m.at(1)), server.memory())
		for _, f := range m.failed[:min(len(m.failed), 3)] {
			fmt.Fprintln(w, "  failed:", f)
		}
	}
	fmt.Fprintf(w, "\npeak memory %s\n", server.peak())
	return server.stop()
}

// ms writes a time in milliseconds, with a decimal where there are few.
func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
